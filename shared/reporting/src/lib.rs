#![doc = include_str!("../README.md")]

pub mod rejects;
mod table;
mod text;

pub use table::CsvTable;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the workbook cannot be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the CSV cannot be written")]
    Csv(#[source] Box<dyn std::error::Error + Send + Sync>),
}
