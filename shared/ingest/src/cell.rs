//! Cells and rows as they stand in a file, before anybody knows what they mean.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A text longer than this is prose, not data; the rest of it is left out. It bounds what a row can hold.
const MAX_TEXT_CHARS: usize = 2_000;

/// Columns of a sheet. Behind them stand figures that were taken from another row.
pub(crate) const SHEET_COLUMNS: u32 = 1 << 14;

/// A cell that is not blank.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// A number stored as such, to the 15 digits that spreadsheets keep.
    Number(Decimal),
    /// A number that its format shows as a date.
    Date(NaiveDate),
    Bool(bool),
    /// A formula that failed, for example `#REF!`.
    Error(String),
}

/// Texts of cells that nobody needs any more: millions of cells fill a handful of them.
#[derive(Default)]
pub(crate) struct Spare(Vec<String>);

impl Spare {
    /// Empties a row.
    pub(crate) fn clear(&mut self, row: &mut Row) {
        self.0.extend(row.cells.drain(..).filter_map(|(_, cell)| match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }));
    }

    /// A cell with a text, unless it is blank.
    pub(crate) fn cell(&mut self, text: &str) -> Option<Cell> {
        if text.chars().all(char::is_whitespace) {
            return None;
        }
        if text.len() > MAX_TEXT_CHARS {
            return Some(Cell::Text(crate::text::shorten(text, MAX_TEXT_CHARS)));
        }
        let mut filled = self.0.pop().unwrap_or_default();
        text.clone_into(&mut filled);
        Some(Cell::Text(filled))
    }
}

impl Cell {
    /// The cell as a person reads it.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.normalize().to_string()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }
}

/// One line of a table. Blank cells are absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// 1-based, as a spreadsheet shows it.
    pub number: u32,
    /// 0-based column and cell, in order of columns.
    pub cells: Vec<(u32, Cell)>,
}

impl Row {
    pub(crate) fn get(&self, column: u32) -> Option<&Cell> {
        let index = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(index).map(|(_, cell)| cell)
    }

    /// The text of a cell without blanks around it; `None` when there is nothing.
    pub(crate) fn text(&self, column: u32) -> Option<Cow<'_, str>> {
        let text = self.get(column)?.text();
        match text {
            Cow::Borrowed(text) => Some(Cow::Borrowed(text.trim())),
            Cow::Owned(text) => Some(Cow::Owned(text)),
        }
        .filter(|text| !text.is_empty())
    }
}

/// Column letters of a 0-based column: 0 is `A`, 26 is `AA`.
pub(crate) fn column_letters(column: u32) -> String {
    let letter = |digit: u32| char::from(b'A' + u8::try_from(digit % 26).unwrap_or(0));
    let mut letters = String::new();
    let mut rest = Some(column % SHEET_COLUMNS);
    while let Some(digit) = rest {
        letters.insert(0, letter(digit));
        rest = (digit / 26).checked_sub(1);
    }
    letters
}

/// A cell's address, for example `N95`.
pub(crate) fn address(column: u32, row: u32) -> String {
    format!("{}{row}", column_letters(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_like_in_a_spreadsheet() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }
}
