//! The first rows of a sheet: enough to see what its columns hold, and bounded whatever the file is.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    Refusal,
    cell::{Cell, Row, address},
    date::{self, Order},
    document::{Bounds, Document, Marks},
    number::{self, Dialect},
    text,
};

/// Rows looked at. What only comes later is caught while reading: every value is checked again there. Texts are compared
/// by their beginnings.
const SAMPLE: Bounds = Bounds { rows: 1_500, columns: 400, text: |text| text::shorten(text.trim(), 120) };
const MAX_CELLS: usize = 120_000;
/// Distinct values counted; more are many.
const MAX_DISTINCT: usize = 200;

/// The first rows of one sheet.
pub(super) struct Sample {
    pub(super) name: Option<String>,
    pub(super) rows: Vec<Row>,
    /// In which currencies its columns show their numbers.
    pub(super) marks: Marks,
}

impl Sample {
    pub(super) fn read(document: &mut Document, sheet: usize, name: Option<String>) -> Result<Self, Refusal> {
        let rows = document.beginning(sheet, &SAMPLE, &mut { MAX_CELLS })?;
        Ok(Self { name, rows, marks: document.marks() })
    }

    /// In which currencies some columns show their numbers, each with its first cell.
    pub(super) fn shown(&self, columns: &[u32]) -> Vec<(&'static str, String)> {
        let mut shown: Vec<(&'static str, String)> = Vec::new();
        for ((column, currency), (first, _)) in &self.marks {
            if columns.contains(column) && !shown.iter().any(|(other, _)| other == currency) {
                shown.push((currency, address(*column, *first)));
            }
        }
        shown
    }

    /// Whether the sheet may go on behind the sample.
    pub(super) fn is_cut_off(&self) -> bool {
        self.rows.len() >= SAMPLE.rows
            || self.rows.iter().map(|row| row.cells.len()).sum::<usize>() >= MAX_CELLS
    }
}

/// What the cells of one column are, counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) filled: usize,
    pub(super) numbers: usize,
    /// Short texts with digits, numbers or not: an unknown sign may stand beside them.
    pub(super) digits: usize,
    pub(super) integers: usize,
    pub(super) negatives: usize,
    pub(super) dates: usize,
    pub(super) eans: usize,
    pub(super) currency_codes: usize,
    pub(super) emails: usize,
    /// Numbers that may be years, or months.
    pub(super) years: usize,
    pub(super) months: usize,
    /// Distinct values, folded; complete below the limit.
    pub(super) distinct: HashSet<String>,
    pub(super) largest: Decimal,
    pub(super) dialect: Option<Dialect>,
    /// Currency that a sign in the cells names, and how many different ones do.
    pub(super) marked: Option<&'static str>,
    pub(super) marks: BTreeSet<&'static str>,
    pub(super) marked_cells: usize,
    /// The currency that stands in a cell of its own, right below the header.
    pub(super) unit: Option<&'static str>,
    /// Whether day or month comes first, where the cells tell.
    pub(super) order: Option<Order>,
}

impl Facts {
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a Cell> + Clone) -> Self {
        let mut evidence = number::Evidence::default();
        let mut dates = date::Evidence::default();
        for cell in cells.clone() {
            if let Cell::Text(text) = cell {
                evidence.observe(0, text);
                dates.observe(0, text, None);
            }
        }
        let dialect = match evidence.verdict() {
            number::Verdict::Decided(dialect) => Some(dialect),
            _ => None,
        };
        let order = match dates.verdict() {
            date::Verdict::Decided(order) => Some(order),
            _ => None,
        };
        let mut facts = Self { dialect, order, ..Self::default() };
        for cell in cells {
            facts.count(cell);
        }
        facts
    }

    fn count(&mut self, cell: &Cell) {
        self.filled += 1;
        if self.distinct.len() < MAX_DISTINCT {
            self.distinct.insert(text::fold(&cell.text()));
        }
        if day(cell, self.order.unwrap_or(Order::DayFirst)).is_some() {
            self.dates += 1;
        }
        if let Cell::Text(text) = cell {
            self.currency_codes += usize::from(is_currency(text));
            if self.filled == 1 && !text.contains(|c: char| c.is_ascii_digit()) && text.trim().len() <= 4 {
                self.unit = number::currency_of(text.trim());
            }
            self.emails += usize::from(text.contains('@'));
            if text.chars().any(|c| c.is_ascii_digit())
                && let Some(currency) = number::currency_of(text)
            {
                self.marked.get_or_insert(currency);
                self.marks.insert(currency);
                self.marked_cells += 1;
            }
        }
        let digits = cell.text();
        self.digits += usize::from(digits.len() < 24 && digits.contains(char::is_numeric));
        if domain::normalise_ean(&digits).is_some_and(|ean| domain::has_check_digit(&ean))
            && digits.trim().len() >= 8
        {
            self.eans += 1;
        }
        let Some(value) = figure(cell, self.dialect.unwrap_or(Dialect::Point)) else { return };
        self.numbers += 1;
        self.integers += usize::from(value.is_integer());
        self.negatives += usize::from(value.is_sign_negative() && !value.is_zero());
        self.largest = self.largest.max(value.abs());
        let is_between = |low: i64, high: i64| {
            value.is_integer() && value >= Decimal::from(low) && value <= Decimal::from(high)
        };
        self.years += usize::from(is_between(1990, 2099));
        self.months += usize::from(is_between(1, 12));
    }

    /// Whether at least so many of a hundred filled cells are of a kind.
    pub(super) fn mostly(&self, count: usize, percent: usize) -> bool {
        self.filled > 0 && count * 100 >= self.filled * percent
    }

    /// Figures, or texts that are headed and written like some.
    pub(super) fn is_figures(&self) -> bool {
        self.is_numeric() || (self.mostly(self.digits, 90) && !self.mostly(self.dates, 50))
    }

    pub(super) fn is_numeric(&self) -> bool {
        self.mostly(self.numbers, 90)
    }
}

/// The number in a cell.
pub(super) fn figure(cell: &Cell, dialect: Dialect) -> Option<Decimal> {
    match cell {
        Cell::Number(number) => Some(*number),
        Cell::Text(text) => number::parse(text, dialect).ok().flatten(),
        Cell::Date(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// The day in a cell.
pub(super) fn day(cell: &Cell, order: Order) -> Option<NaiveDate> {
    match cell {
        Cell::Date(day) => Some(*day),
        Cell::Text(text) => date::parse(text, order).or_else(|| date::parse(text, other(order))),
        Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

fn other(order: Order) -> Order {
    match order {
        Order::DayFirst => Order::MonthFirst,
        Order::MonthFirst => Order::DayFirst,
    }
}

fn is_currency(text: &str) -> bool {
    number::is_currency_code(&text.trim().to_uppercase())
}
