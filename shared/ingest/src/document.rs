//! A file as sheets of rows, whatever its container. Nothing a file claims about itself is believed: every size
//! is counted while reading and capped.

mod decoded;
mod delimited;
mod records;
mod sniff;
mod workbook;

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use delimited::Delimited;
use workbook::Workbook;

use crate::{
    Refusal,
    cell::{Cell, Row},
};

/// Receives one row after the other; `Break` ends the reading.
pub(crate) type Visitor<'a> = dyn FnMut(&Row) -> ControlFlow<()> + 'a;

/// The currencies in which the columns of a sheet show their numbers, with the first and the last row of each.
pub(crate) type Marks = BTreeMap<(u32, &'static str), (u32, u32)>;

/// An opened file. Rows are streamed; reading a sheet twice reads the file twice.
pub(crate) enum Document {
    Workbook(Workbook),
    Delimited(Delimited),
}

/// How much of a sheet is looked at before anything of it is read.
pub(crate) struct Bounds {
    pub(crate) rows: usize,
    /// Columns from the left.
    pub(crate) columns: u32,
    /// What is kept of a text.
    pub(crate) text: fn(&str) -> String,
}

impl Document {
    pub(crate) fn open(path: &Path) -> Result<Self, Refusal> {
        match sniff::sniff(path)? {
            sniff::Kind::Workbook => Workbook::open(path).map(Self::Workbook),
            sniff::Kind::Text(encoding) => Delimited::open(path, encoding).map(Self::Delimited),
        }
    }

    /// Names of the sheets, hidden ones included; a text file is one sheet without a name.
    pub(crate) fn sheets(&self) -> Vec<Option<&str>> {
        match self {
            Self::Workbook(workbook) => workbook.sheet_names().map(Some).collect(),
            Self::Delimited(_) => vec![None],
        }
    }

    /// Whether nobody sees the sheet in a spreadsheet program.
    pub(crate) fn is_hidden(&self, sheet: usize) -> bool {
        match self {
            Self::Workbook(workbook) => workbook.is_hidden(sheet),
            Self::Delimited(_) => false,
        }
    }

    /// The first rows of a sheet, with as much of them as the bounds allow; `cells_left` goes down by what was taken.
    pub(crate) fn beginning(
        &mut self,
        sheet: usize,
        bounds: &Bounds,
        cells_left: &mut usize,
    ) -> Result<Vec<Row>, Refusal> {
        let mut rows = Vec::new();
        self.rows(sheet, &mut |row| {
            if rows.len() == bounds.rows || *cells_left == 0 {
                return ControlFlow::Break(());
            }
            let near = row.cells.iter().filter(|(column, _)| *column < bounds.columns).take(*cells_left);
            let kept = near.map(|(column, cell)| match cell {
                Cell::Text(text) => (*column, Cell::Text((bounds.text)(text))),
                other => (*column, other.clone()),
            });
            let cells: Vec<(u32, Cell)> = kept.collect();
            *cells_left -= cells.len();
            rows.push(Row { number: row.number, cells });
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    /// In which currencies the sheet that was read last shows its numbers: by the formats of its cells.
    pub(crate) fn marks(&self) -> Marks {
        match self {
            Self::Workbook(workbook) => workbook.marks().clone(),
            Self::Delimited(_) => Marks::new(),
        }
    }

    /// Streams the rows of a sheet that have a cell.
    pub(crate) fn rows(&mut self, sheet: usize, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        match self {
            Self::Workbook(workbook) => workbook.rows(sheet, visit),
            Self::Delimited(table) => table.rows(visit),
        }
    }
}
