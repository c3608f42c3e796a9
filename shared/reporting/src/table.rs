//! Rows of texts as CSV.

use crate::{Error, text::inert};

/// Tells Excel that the text is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Comma-separated, UTF-8 with a byte order mark; no text is one that a spreadsheet program would run.
pub struct CsvTable {
    writer: csv::Writer<Vec<u8>>,
}

impl CsvTable {
    /// # Errors
    /// Never for texts; the type of the writer has them.
    pub fn new(header: &[&str]) -> Result<Self, Error> {
        let mut table = Self { writer: csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec()) };
        table.push(header)?;
        Ok(table)
    }

    /// # Errors
    /// When a row has more or fewer cells than the header.
    pub fn push(&mut self, cells: &[impl AsRef<str>]) -> Result<(), Error> {
        self.writer
            .write_record(cells.iter().map(|cell| inert(cell.as_ref()).into_owned()))
            .map_err(|error| Error::Csv(error.into()))
    }

    /// How large it is by now; a few kilobytes may still be on their way.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// # Errors
    /// Never for texts; the type of the writer has them.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        self.writer.into_inner().map_err(|error| Error::Csv(error.to_string().into()))
    }
}
