//! Tables as data.

use domain::{
    Currency,
    table::{Block as Rows, Kind},
};
use rust_decimal::Decimal;

/// Everything of a table that is known before its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableHead {
    pub title: Option<String>,
    pub columns: Vec<Column>,
    /// Sentences below it.
    pub notes: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    pub values: Values,
    pub total: Total,
}

/// What the cells of a column are. All of them travel as texts, decimals with a point and dates as `YYYY-MM-DD`.
///
/// A cell without a value (`None`) is one about which nothing is known. In a column of figures or dates, a text that is none says
/// why there is no value, in words for people: `not reported`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Text,
    Integer,
    /// With so many decimals.
    Decimal(u32),
    /// With two decimals, all of one currency; the currency is shown in the head of the column.
    Money(Currency),
    /// `12.5` is 12.5 %; shown with one decimal.
    Percent,
    Date,
}

/// What stands below a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Total {
    #[default]
    None,
    /// The sum of its cells; a formula in a workbook.
    Sum,
    /// A figure that is no sum: a share, an average, a rate.
    Given(Decimal),
    /// Words, such as `Total` below the first column.
    Words(String),
}

/// A table whose rows fit into memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub head: TableHead,
    pub rows: Rows,
}

impl Column {
    #[must_use]
    pub fn new(title: impl Into<String>, values: Values) -> Self {
        Self { title: title.into(), values, total: Total::None }
    }

    #[must_use]
    pub fn with_total(self, total: Total) -> Self {
        Self { total, ..self }
    }

    /// With the currency of its amounts, as their cells have none.
    #[must_use]
    pub(crate) fn full_title(&self) -> String {
        match self.values {
            Values::Money(currency) if !self.title.contains(currency.as_str()) => {
                format!("{} ({currency})", self.title)
            }
            _ => self.title.clone(),
        }
    }
}

impl Values {
    /// How such values are pushed to a [`domain::table::Block`].
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Integer => Kind::Integer,
            Self::Money(_) => Kind::Money,
            Self::Decimal(_) | Self::Percent => Kind::Number,
            Self::Date => Kind::Date,
        }
    }

    /// Decimals that are shown; `None` for what is no figure.
    #[must_use]
    pub fn scale(self) -> Option<u32> {
        match self {
            Self::Text | Self::Date => None,
            Self::Integer => Some(0),
            Self::Decimal(scale) => Some(scale),
            Self::Money(_) => Some(2),
            Self::Percent => Some(1),
        }
    }
}

impl Table {
    #[must_use]
    pub fn new(head: TableHead) -> Self {
        let rows = Rows::new(head.columns.len());
        Self { head, rows }
    }

    /// Adds a row; what is missing at its end has no value, and what is too much has no place.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = Option<&'a str>>) {
        let mut cells = cells.into_iter();
        for column in &self.head.columns {
            let cell = cells.next().flatten();
            // Reasons are no decimals: they stay as they are.
            let kind = match cell {
                Some(text) if column.values.scale().is_some() && !is_decimal(text) => Kind::Text,
                _ => column.values.kind(),
            };
            self.rows.push(kind, cell);
        }
    }
}

/// Whether a text is a decimal as the database writes it.
pub(crate) fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
