#![doc = include_str!("../README.md")]

pub mod document;
mod pdf;
pub mod rejects;
mod report;
mod table;
mod tables;
mod text;
mod theme;

pub use pdf::PdfReport;
pub use report::{Finished, ReportWriter, Warning};
pub use table::CsvTable;
pub use tables::{Rest, TableWriter};

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the workbook cannot be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("a file cannot be kept on the disk")]
    Disk(#[source] std::io::Error),
    #[error("the font {0} cannot be used")]
    Font(&'static str),
    #[error("a PDF holds no more than four gigabytes")]
    TooLarge,
    #[error("rows belong to a table that has begun")]
    NoTable,
    #[error("the CSV cannot be written")]
    Csv(#[source] Box<dyn std::error::Error + Send + Sync>),
}
