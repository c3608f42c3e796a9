//! Reports in one format or the other, pushed piece by piece.

mod csv;
mod plain;
mod workbook;

use std::fs::File;

use domain::table::Block as Rows;

use self::{csv::CsvReport, workbook::WorkbookReport};
use crate::{
    Error,
    document::{Block, Document, Head, Section, TableHead},
    pdf::PdfReport,
};

/// A report in the making. It holds the page, the rows or the lines at hand; the rest lies on the disk.
pub enum ReportWriter {
    Pdf(Box<PdfReport>),
    Xlsx(Box<WorkbookReport>),
    Csv(Box<CsvReport>),
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

    /// # Errors
    /// When the disk fails.
    pub fn xlsx(head: Head) -> Result<Self, Error> {
        Ok(Self::Xlsx(Box::new(WorkbookReport::new(head)?)))
    }

    /// # Errors
    /// When the disk fails.
    pub fn csv(head: Head) -> Result<Self, Error> {
        Ok(Self::Csv(Box::new(CsvReport::new(&head)?)))
    }

    /// Begins a section; ends the one before, and its table.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn section(&mut self, section: &Section) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.section(section),
            Self::Xlsx(report) => report.section(section),
            Self::Csv(report) => report.section(section),
        }
    }

    /// # Errors
    /// When the disk fails.
    pub fn block(&mut self, block: &Block) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.block(block),
            Self::Xlsx(report) => report.block(block),
            Self::Csv(report) => report.block(block),
        }
    }

    /// Begins a table of any length.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin_table(&mut self, head: TableHead) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.begin_table(head),
            Self::Xlsx(report) => report.begin_table(&head),
            Self::Csv(report) => report.begin_table(&head),
        }
    }

    /// Rows of the table that has begun.
    ///
    /// # Errors
    /// When the disk fails, or without a table.
    pub fn rows(&mut self, rows: &Rows) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.rows(rows),
            Self::Xlsx(report) => report.rows(rows),
            Self::Csv(report) => report.rows(rows),
        }
    }

    /// # Errors
    /// When the disk fails.
    pub fn end_table(&mut self) -> Result<(), Error> {
        match self {
            Self::Pdf(report) => report.end_table(),
            Self::Xlsx(report) => report.end_table(),
            Self::Csv(report) => report.end_table(),
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
            Self::Xlsx(report) => report.finish(),
            Self::Csv(report) => report.finish(),
        }
    }
}
