//! Rows of the database as files that people and programs open.

pub(crate) mod delimited;
mod lines;
pub(crate) mod workbook;

use std::{
    fs::File,
    io::{Cursor, Read},
};

use domain::{
    NumberStyle,
    table::{Block, Column},
};

use self::{delimited::Delimited, workbook::Workbook};
use crate::Error;

/// A table in the making. It holds what is ready and nothing else; a workbook lies on the disk until it is whole.
pub enum TableWriter {
    Csv(Delimited),
    Jsonl(lines::Lines),
    Xlsx(Box<Workbook>),
}

impl TableWriter {
    /// CSV: UTF-8 with a byte order mark. No text in it is one that a spreadsheet program would run; numbers stay numbers.
    #[must_use]
    pub fn csv(columns: &[Column], style: NumberStyle) -> Self {
        Self::Csv(Delimited::new(columns, style))
    }

    /// A JSON object a row. Decimals are texts, as everywhere in the API.
    #[must_use]
    pub fn jsonl(columns: &[Column]) -> Self {
        Self::Jsonl(lines::Lines::new(columns))
    }

    /// A workbook with typed cells: as many sheets as its rows need.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn xlsx(columns: &[Column]) -> Result<Self, Error> {
        Ok(Self::Xlsx(Box::new(Workbook::new(columns)?)))
    }

    /// # Errors
    /// When the disk fails.
    pub fn write(&mut self, block: &Block) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.write(block),
            Self::Jsonl(table) => table.write(block),
            Self::Xlsx(table) => table.write(block)?,
        }
        Ok(())
    }

    /// Bytes that are ready to leave.
    #[must_use]
    pub fn ready(&mut self) -> Option<&mut Vec<u8>> {
        match self {
            Self::Csv(table) => Some(&mut table.bytes),
            Self::Jsonl(table) => Some(&mut table.bytes),
            Self::Xlsx(_) => None,
        }
    }

    /// What follows the bytes that have been taken.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<Rest, Error> {
        Ok(match self {
            Self::Csv(table) => Rest::Memory(Cursor::new(table.bytes)),
            Self::Jsonl(table) => Rest::Memory(Cursor::new(table.bytes)),
            Self::Xlsx(table) => Rest::Disk(table.finish()?),
        })
    }
}

/// The end of a file.
#[derive(Debug)]
pub enum Rest {
    Memory(Cursor<Vec<u8>>),
    Disk(File),
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::Disk(file) => file.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests;
