//! Reports in one format or the other, pushed piece by piece.

use std::fs::File;

use domain::table::Block as Rows;

use crate::{
    Error,
    document::{Block, Document, Head, Section, TableHead},
    pdf::PdfReport,
};

/// A report in the making. It holds the page, the rows or the lines at hand; the rest lies on the disk.
pub enum ReportWriter {
    Pdf(Box<PdfReport>),
}

/// A report that is whole.
#[derive(Debug)]
pub struct Finished {
    /// From its beginning.
    pub file: File,
    pub size_bytes: u64,
    /// Of a PDF.
    pub pages: Option<u32>,
    /// What could not be done as it was asked for; the report is good without.
    pub warnings: Vec<Warning>,
}

/// Something that people should know of a report that was made all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub code: &'static str,
    pub message: String,
}

impl ReportWriter {
    /// # Errors
    /// When the disk fails.
    pub fn pdf(head: Head) -> Result<Self, Error> {
        Ok(Self::Pdf(Box::new(PdfReport::new(head)?)))
    }

    /// Begins a section; ends the one before, and its table.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn section(&mut self, section: &Section) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.section(section),
        }
    }

    /// # Errors
    /// When the disk fails.
    pub fn block(&mut self, block: &Block) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.block(block),
        }
    }

    /// Begins a table of any length.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin_table(&mut self, head: TableHead) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.begin_table(head),
        }
    }

    /// Rows of the table that has begun.
    ///
    /// # Errors
    /// When the disk fails, or without a table.
    pub fn rows(&mut self, rows: &Rows) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.rows(rows),
        }
    }

    /// # Errors
    /// When the disk fails.
    pub fn end_table(&mut self) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.end_table(),
        }
    }

    /// A report that fits into memory, at once.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sections(&mut self, document: &Document) -> Result<(), Error> {
        for (section, blocks) in &document.sections {
            self.section(section)?;
            for block in blocks {
                self.block(block)?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<Finished, Error> {
        match self {
            Self::Pdf(report) => report.finish(),
        }
    }
}
