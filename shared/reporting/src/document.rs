//! A report as data: what it says, and nothing about how it looks in one format or the other.

mod chart;
mod head;
mod locale;
mod table;

use rust_decimal::Decimal;

pub use self::{
    chart::{Chart, ChartKind, Series},
    head::{Branding, Colour, Head, InvalidColour},
    locale::{InvalidLocale, Locale},
    table::{Column, Table, TableHead, Total, Values},
};

/// A report that fits into memory; a [`crate::ReportWriter`] takes the same piece by piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub head: Head,
    pub sections: Vec<(Section, Vec<Block>)>,
}

/// A chapter: a bookmark of the PDF, a sheet of the workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    /// A sentence or two on what is shown.
    pub intro: Option<String>,
}

/// What a section consists of.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Key figures side by side.
    Cards(Vec<Card>),
    Chart(Chart),
    /// A short table. Long ones are pushed: [`crate::ReportWriter::begin_table`].
    Table(Table),
    Paragraph(String),
    Notes(Vec<Note>),
}

/// A key figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub title: String,
    pub value: Figure,
    pub unit: Unit,
    pub changes: Vec<Change>,
    /// The figure over time, drawn small without any axis; may be empty.
    pub trend: Vec<Option<Decimal>>,
}

/// How a figure differs from an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// For example `vs previous period` or `vs last year`.
    pub against: String,
    /// In percent: `-12.5` is 12.5 % less. Of a figure that is a percentage itself: in percentage points.
    pub percent: Figure,
    /// The figure that it is compared with.
    pub base: Option<Decimal>,
    pub rising: Rising,
}

/// What it means when a figure grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rising {
    #[default]
    Good,
    Bad,
    Neutral,
}

/// A figure, or in plain words why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    Known(Decimal),
    Missing(String),
}

impl Figure {
    #[must_use]
    pub fn known(&self) -> Option<Decimal> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Missing(_) => None,
        }
    }
}

/// What figures of cards and charts are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Money(domain::Currency),
    Integer,
    /// With so many decimals.
    Decimal(u32),
    /// `12.5` is 12.5 %.
    Percent,
}

/// What a reader must know: the currency and its rates, whether VAT is included, what is covered and what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A word or two: `Currency`, `VAT`, `Coverage`.
    pub about: String,
    pub text: String,
}

impl Section {
    #[must_use]
    pub fn new(title: impl Into<String>, intro: Option<&str>) -> Self {
        Self { title: title.into(), intro: intro.map(str::to_owned) }
    }
}

impl Note {
    #[must_use]
    pub fn new(about: impl Into<String>, text: impl Into<String>) -> Self {
        Self { about: about.into(), text: text.into() }
    }
}
