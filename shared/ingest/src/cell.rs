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

impl Cell {
    /// A text, unless it is blank.
    pub(crate) fn from_text(text: String) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        let fits = text.len() <= MAX_TEXT_CHARS;
        Some(Self::Text(if fits { text } else { crate::text::shorten(&text, MAX_TEXT_CHARS) }))
    }

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
    let mut letters = Vec::new();
    let mut rest = column % SHEET_COLUMNS + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
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
