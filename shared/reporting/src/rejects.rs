//! Rows that could not be taken, as files to work with.

mod list;
mod sheet;
mod workbook;

pub use self::{
    list::csv,
    sheet::{SheetWriter, Value},
    workbook::RejectWorkbook,
};

#[cfg(test)]
mod tests;
