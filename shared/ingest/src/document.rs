//! A file as sheets of rows, whatever its container. Nothing a file claims about itself is believed: every size
//! is counted while reading and capped.

mod delimited;
mod metered;
mod records;
mod sniff;
mod workbook;

use std::{ops::ControlFlow, path::Path};

use delimited::Delimited;
use workbook::Workbook;

use crate::{Refusal, cell::Row};

/// Receives one row after the other; `Break` ends the reading.
pub(crate) type Visitor<'a> = dyn FnMut(&Row) -> ControlFlow<()> + 'a;

/// An opened file. Rows are streamed; reading a sheet twice reads the file twice.
pub(crate) enum Document {
    Workbook(Workbook),
    Delimited(Delimited),
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

    /// Streams the rows of a sheet that have a cell.
    pub(crate) fn rows(&mut self, sheet: usize, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        match self {
            Self::Workbook(workbook) => workbook.rows(sheet, visit),
            Self::Delimited(table) => table.rows(visit),
        }
    }
}
