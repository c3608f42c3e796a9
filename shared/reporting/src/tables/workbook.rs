//! A table as a workbook.

use std::{fs::File, io::Seek as _};

use domain::table::{Block, Column, Kind};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Xlsx, Worksheet};

use crate::{Error, text::cell_text};

/// Rows of a sheet, its header among them.
pub(crate) const SHEET_ROWS: u32 = 1_048_576;

/// Typed cells on one sheet after the other; each row leaves memory when the next one begins.
pub struct Workbook {
    xlsx: Xlsx,
    columns: Vec<(Column, Format)>,
    sheets: usize,
    /// Of the sheet that is being written.
    next_row: u32,
    sheet_rows: u32,
}

impl Workbook {
    pub(super) fn new(columns: &[Column]) -> Result<Self, Error> {
        Self::with_sheets_of(SHEET_ROWS, columns)
    }

    pub(super) fn with_sheets_of(sheet_rows: u32, columns: &[Column]) -> Result<Self, Error> {
        let columns = columns.iter().map(|column| (column.clone(), format_of(column.kind))).collect();
        let mut table = Self { xlsx: Xlsx::new(), columns, sheets: 0, next_row: 0, sheet_rows };
        table.begin_sheet()?;
        Ok(table)
    }

    fn begin_sheet(&mut self) -> Result<(), Error> {
        self.sheets += 1;
        let sheet = self.xlsx.add_worksheet_with_constant_memory()?;
        sheet.set_name(format!("Data {}", self.sheets))?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (place, (column, _)) in (0..).zip(&self.columns) {
            sheet.set_column_width(place, width_of(column.kind))?;
            sheet.write_string_with_format(0, place, &*column.name, &bold)?;
        }
        self.next_row = 1;
        Ok(())
    }

    pub(super) fn write(&mut self, block: &Block) -> Result<(), Error> {
        for row in block.iter() {
            if self.next_row == self.sheet_rows {
                self.begin_sheet()?;
            }
            let sheet = self.xlsx.worksheet_from_index(self.sheets - 1)?;
            for (place, (cell, (column, format))) in (0..).zip(row.zip(&self.columns)) {
                if let Some(value) = cell {
                    write_cell(sheet, (self.next_row, place), column.kind, format, value)?;
                }
            }
            self.next_row += 1;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<File, Error> {
        let mut file = tempfile::tempfile().map_err(Error::Disk)?;
        self.xlsx.save_to_writer(&mut file)?;
        file.rewind().map_err(Error::Disk)?;
        Ok(file)
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    kind: Kind,
    format: &Format,
    value: &str,
) -> Result<(), Error> {
    match kind {
        // To the fifteen digits that Excel keeps: a text would be left out of its sums.
        Kind::Money | Kind::Number | Kind::Integer => {
            if let Ok(number) = value.parse::<f64>() {
                sheet.write_number_with_format(row, column, number, format)?;
                return Ok(());
            }
        }
        Kind::Date | Kind::Time => {
            if let Ok(date) = ExcelDateTime::parse_from_str(value.trim_end_matches('Z')) {
                sheet.write_datetime_with_format(row, column, &date, format)?;
                return Ok(());
            }
        }
        Kind::Flag => {
            sheet.write_boolean(row, column, value == "true")?;
            return Ok(());
        }
        Kind::Text => {}
    }
    sheet.write_string(row, column, cell_text(value))?;
    Ok(())
}

fn format_of(kind: Kind) -> Format {
    match kind {
        Kind::Money => Format::new().set_num_format("#,##0.00######"),
        Kind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        Kind::Time => Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        Kind::Text | Kind::Number | Kind::Integer | Kind::Flag => Format::new(),
    }
}

/// In characters.
fn width_of(kind: Kind) -> f64 {
    match kind {
        Kind::Text => 22.0,
        Kind::Money | Kind::Number | Kind::Date => 12.0,
        Kind::Time => 19.0,
        Kind::Integer | Kind::Flag => 9.0,
    }
}
