//! Rows of an item with one measure each: a column says which are pieces and which are money.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    meaning::{self, Meaning},
    sample::figure,
};
use crate::{
    cell::{Cell, Row, SHEET_COLUMNS},
    header::{Found, Group},
    measured::{self, Rule},
    number::Dialect,
    profile::Measured,
    text,
};

/// Such a column has one word for each measure.
const MOST_WORDS: usize = 6;

/// The column and its words.
pub(super) struct InRows {
    pub(super) column: u32,
    pub(super) measured: Measured,
}

/// Finds the column that says row by row what its figures are.
pub(super) fn find(rows: &[Row]) -> Option<InRows> {
    let is_figure =
        |cell: &Cell| [Dialect::Point, Dialect::Comma].iter().any(|dialect| figure(cell, *dialect).is_some());
    let data = rows.iter().filter(|row| row.cells.iter().any(|(_, cell)| is_figure(cell)));
    let mut words: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for (column, cell) in data.flat_map(|row| &row.cells) {
        if let Cell::Text(text) = cell
            && words.get(column).is_none_or(|words| words.len() <= MOST_WORDS)
        {
            words.entry(*column).or_default().insert(text::squeezed(text).into_owned());
        }
    }
    let few = words.into_iter().filter(|(_, words)| words.len() <= MOST_WORDS);
    few.filter_map(|(column, words)| Some(InRows { column, measured: measured(&words)? })).next()
}

/// Whether figures under such a word are neither the pieces nor the money of the sales.
pub(super) fn is_other_figure(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Target
            | Meaning::Comparison
            | Meaning::Ratio
            | Meaning::Stock
            | Meaning::Cost
            | Meaning::Margin
            | Meaning::Discount
            | Meaning::Tax
            | Meaning::UnitPrice
            | Meaning::Price
            | Meaning::ListPrice
            | Meaning::ReturnedQuantity
            | Meaning::Refund
    )
}

fn measured(words: &BTreeSet<String>) -> Option<Measured> {
    let mut measured = Measured::default();
    let mut gross = Vec::new();
    for word in words {
        let header = meaning::of_header(word);
        let known = header.exact || header.currency.is_some();
        let word = text::fold(word);
        match header.meaning {
            Meaning::Quantity if known => measured.quantity.push(word),
            Meaning::AmountIncl if known => gross.push(word),
            Meaning::Amount if known && header.vat == Some(true) => gross.push(word),
            Meaning::Amount | Meaning::AmountExcl if known => measured.amount.push(word),
            other if is_other_figure(other) => measured.ignored.push(word),
            // What else stands there is asked about while reading.
            _ => {}
        }
    }
    // Of net and gross beside each other the gross one counts.
    if !gross.is_empty() {
        measured.ignored.append(&mut measured.amount);
        measured.amount = gross;
    }
    (!measured.quantity.is_empty() && !measured.amount.is_empty()).then_some(measured)
}

impl InRows {
    /// Two words for the same measure: nothing says which one counts.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.measured.quantity.len() > 1 || self.measured.amount.len() > 1
    }

    /// The word of rows with figures of what was taken back.
    pub(super) fn returns(&self, rows: &[Row]) -> Option<String> {
        let has_figure = |row: &Row| {
            let others = row.cells.iter().filter(|(column, _)| *column > self.column);
            others
                .filter_map(|(_, cell)| figure(cell, Dialect::Point).or_else(|| figure(cell, Dialect::Comma)))
                .any(|figure| !figure.is_zero())
        };
        let ignored = |word: &str| self.measured.ignored.iter().any(|other| *other == text::fold(word));
        rows.iter().filter(|row| has_figure(row)).find_map(|row| {
            let word = row.text(self.column)?;
            (ignored(&word) && meaning::is_of_returns(&word)).then(|| word.into_owned())
        })
    }

    /// Rows with the pieces and the money of an item.
    pub(super) fn joined(&self, rows: &[Row], figures: &[u32]) -> Vec<Row> {
        let group = |column: &u32| Group {
            quantity: Some(*column),
            amount: Some(column + SHEET_COLUMNS),
            ..Group::default()
        };
        let columns = figures.iter().copied().collect();
        let found = Found {
            measured: Rule::of_column(&self.measured, rows, &columns),
            groups: figures.iter().map(group).collect(),
            ..Found::default()
        };
        measured::joined(&found, rows)
    }
}
