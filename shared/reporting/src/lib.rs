#![doc = include_str!("../README.md")]

pub mod document;
pub mod rejects;
mod table;
mod tables;
mod text;

pub use table::CsvTable;
pub use tables::{Rest, TableWriter};

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the workbook cannot be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("a file cannot be kept on the disk")]
    Disk(#[source] std::io::Error),
    #[error("the CSV cannot be written")]
    Csv(#[source] Box<dyn std::error::Error + Send + Sync>),
}
