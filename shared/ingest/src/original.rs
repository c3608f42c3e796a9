//! A file's own cells, for showing its sender what is wrong in them.

use std::{ops::ControlFlow, path::Path};

use crate::{Refusal, cell::Row, document::Document};

/// A file as its sender wrote it: sheets of rows, nothing understood yet.
pub struct Original(Document);

impl Original {
    /// # Errors
    /// When it is no table that can be read.
    pub fn open(path: &Path) -> Result<Self, Refusal> {
        Document::open(path).map(Self)
    }

    /// Names of the sheets; a text file is one sheet without a name.
    #[must_use]
    pub fn sheets(&self) -> Vec<Option<String>> {
        self.0.sheets().into_iter().map(|name| name.map(str::to_owned)).collect()
    }

    /// Streams the rows of a sheet that have a cell; `Break` ends it.
    ///
    /// # Errors
    /// When the file turns out to be damaged; the rows before were handed out.
    pub fn rows(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Refusal> {
        self.0.rows(sheet, visit)
    }
}
