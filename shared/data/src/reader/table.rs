//! What a statement answered.

use schemars::JsonSchema;
use serde::Serialize;
use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _, postgres::PgRow};

use super::Failure;

/// Rows of a statement, and whether there are more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub truncated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Integer,
    /// In a text, so that no digit is lost.
    Decimal,
    Boolean,
    Date,
    Timestamp,
    /// Intervals, lists and whatever else, as PostgreSQL writes them.
    Text,
}

/// A value; `null` where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    None,
    Boolean(bool),
    Integer(i64),
    Text(String),
}

impl Column {
    pub(super) fn new(name: &str, type_name: &str) -> Self {
        let kind = match type_name {
            "INT2" | "INT4" | "INT8" => Kind::Integer,
            "NUMERIC" | "FLOAT4" | "FLOAT8" => Kind::Decimal,
            "BOOL" => Kind::Boolean,
            "DATE" => Kind::Date,
            "TIMESTAMP" | "TIMESTAMPTZ" => Kind::Timestamp,
            _ => Kind::Text,
        };
        Self { name: name.to_owned(), kind }
    }
}

impl Cell {
    fn read(text: &str, kind: Kind) -> Self {
        match kind {
            Kind::Integer => text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Integer),
            Kind::Boolean => Self::Boolean(text == "t"),
            Kind::Timestamp => Self::Text(rfc3339(text)),
            Kind::Decimal | Kind::Date | Kind::Text => Self::Text(text.to_owned()),
        }
    }
}

/// `2025-01-31 10:00:00+00` as everywhere else in the API; times without a zone have none then either.
fn rfc3339(text: &str) -> String {
    let text = text.replacen(' ', "T", 1);
    text.strip_suffix("+00").map_or_else(|| text.clone(), |time| format!("{time}Z"))
}

/// The cells of a row, and how many bytes they are.
pub(super) fn cells(row: &PgRow, columns: &[Column]) -> Result<(Vec<Cell>, usize), Failure> {
    let mut bytes = 0;
    let mut cells = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let value = row.try_get_raw(at).map_err(Failure::unavailable)?;
        if value.is_null() {
            cells.push(Cell::None);
            continue;
        }
        let text = value.as_str().map_err(|_| Failure::Statement)?;
        bytes += text.len();
        cells.push(Cell::read(text, column.kind));
    }
    Ok((cells, bytes))
}

pub(super) fn columns_of(columns: &[sqlx::postgres::PgColumn]) -> Vec<Column> {
    columns.iter().map(|column| Column::new(column.name(), column.type_info().name())).collect()
}
