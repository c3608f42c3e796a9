//! What does not fit its table, and what is asked about it.

use chrono::NaiveDate;
use domain::Question;

use crate::parse::question;

/// A line, a column or a sheet that does not fit its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Header words that are not those of the table.
    OtherHeader { row: u32, alike: bool },
    /// A title that announces something else than sales, with rows below it.
    Section { row: u32, title: String },
    /// A line with more cells than the header.
    Longer { cell: String },
    /// A tax, a cost or a part of a sum among the products.
    SideLine { row: u32, name: String },
    /// Two sheets with nearly the same rows.
    Copies { first: String, second: String },
    /// A sheet that comes to all others together.
    SumSheet { name: String },
    /// Rows without a code, the first of which this is, are sums of those around them.
    Groups { row: u32 },
    /// Rows from this one on repeat all rows above.
    Twice { row: u32 },
    /// Rows from this one on stand below the total of everything.
    BelowTotal { row: u32 },
    /// A total over amounts in several currencies.
    MixedSum { cell: String },
    /// A row that names no store although others do.
    NoStore { cell: String },
    /// Rows whose month or week is not that of the date beside it.
    OtherTime { cell: String, header: String, rows: u32, of: u32, day: NaiveDate },
}

impl Doubt {
    /// Ids of the questions.
    pub(crate) const TABLES: &str = "tables";
    pub(crate) const SECTION: &str = "section";
    pub(crate) const CELLS: &str = "cells";
    pub(crate) const LINES: &str = "lines";
    pub(crate) const COPIES: &str = "copies";
    pub(crate) const CURRENCIES: &str = "currencies";
    pub(crate) const GROUPS: &str = "groups";
    pub(crate) const TWICE: &str = "twice";
    pub(crate) const BELOW_TOTAL: &str = "below_total";
    pub(crate) const SUM_SHEET: &str = "sum_sheet";
    pub(crate) const BLANK_STORES: &str = "blank_stores";
    pub(crate) const MONTHS: &str = "months";
    /// The answer that no sheet sums up others.
    pub(crate) const NO_SUM: &str = "*";

    /// What a person is asked.
    pub(crate) fn question(&self) -> Question {
        match self {
            Self::OtherHeader { row, alike } => other_header(*row, *alike),
            Self::Section { row, title } => section(*row, title),
            Self::Longer { cell } => longer(cell),
            Self::SideLine { row, name } => side_line(*row, name),
            Self::Copies { first, second } => copies(first, second),
            Self::Groups { row } => groups(*row),
            Self::Twice { row } => twice(*row),
            Self::BelowTotal { row } => below_total(*row),
            Self::SumSheet { name } => sum_sheet(name),
            Self::MixedSum { cell } => mixed_sum(cell),
            Self::NoStore { cell } => no_store(cell),
            Self::OtherTime { cell, header, rows, of, day } => {
                let message = format!(
                    "In {rows} of {of} rows the column \"{header}\" names another time than the date of the sale: {cell} \
                     stands beside {day}. Which one counts?"
                );
                other_time(cell, &message)
            }
        }
    }
}

fn other_header(row: u32, alike: bool) -> Question {
    let mut options = vec![
        ("above", "Only the rows above it are sales", "rows below it are left out"),
        ("all", "Its columns are the same", "all rows count"),
    ];
    // Pieces below money, or money below pieces, would be added up.
    options.truncate(if alike { 2 } else { 1 });
    question(
        Doubt::TABLES,
        "table_ambiguous",
        &format!("Row {row} is the header of another table. Do its rows belong to the sales above it?"),
        options,
    )
}

fn section(row: u32, title: &str) -> Question {
    question(
        Doubt::SECTION,
        "section_ambiguous",
        &format!("\"{title}\" stands over the rows below row {row}. Are they sales?"),
        vec![
            ("sale", "They are sales", "their figures are added"),
            ("return", "They are returns", "their figures are subtracted"),
            ("ignore", "They are no sales", "they are left out"),
        ],
    )
}

fn longer(cell: &str) -> Question {
    let message = format!(
        "{cell} stands to the right of the last header: a separator within a value may have moved the figures of its \
         row into other columns."
    );
    let accept = ("accept", "The figures stand in their columns", "confirmed by a person");
    Question { cell: Some(cell.to_owned()), ..question(Doubt::CELLS, "row_too_long", &message, vec![accept]) }
}

fn side_line(row: u32, name: &str) -> Question {
    question(
        Doubt::LINES,
        "line_ambiguous",
        &format!("\"{name}\" in row {row} seems to be no product. Do such lines count as sales?"),
        vec![
            ("ignore", "They are no sales", "they are left out"),
            ("sale", "They are sales", "their figures are added"),
        ],
    )
}

fn copies(first: &str, second: &str) -> Question {
    question(
        Doubt::COPIES,
        "sheet_ambiguous",
        &format!("The sheets {first} and {second} have nearly the same rows. Are both parts of the report?"),
        vec![
            ("first", "The first of the sheets counts", "the others repeat it"),
            ("all", "All sheets count", "they report different sales"),
        ],
    )
}

fn groups(row: u32) -> Question {
    question(
        Doubt::GROUPS,
        "rows_ambiguous",
        &format!("Rows without a code, first row {row}, come to the rows around them. Do they sum them up?"),
        vec![
            ("sums", "They are sums", "they are left out"),
            ("sale", "They are sales", "their figures are added"),
        ],
    )
}

fn twice(row: u32) -> Question {
    let message = format!("The rows from row {row} on repeat all rows above it. Do they count again?");
    until(Doubt::TWICE, row, &message, "They count, too", "the same was sold again")
}

fn below_total(row: u32) -> Question {
    let message = format!("Row {row} and others stand below the total of all rows. Are they sales, too?");
    until(Doubt::BELOW_TOTAL, row, &message, "They are sales, too", "their figures are added")
}

/// Asks whether a table ends before a row.
fn until(id: &str, row: u32, message: &str, label: &str, evidence: &str) -> Question {
    let (value, above) = (row.to_string(), format!("Only the rows above row {row} count"));
    let options = vec![(value.as_str(), above.as_str(), "the others are left out"), ("all", label, evidence)];
    question(id, "table_ambiguous", message, options)
}

fn sum_sheet(name: &str) -> Question {
    question(
        Doubt::SUM_SHEET,
        "sheet_ambiguous",
        &format!("The sheet {name} comes to the same as all others together. Does it sum them up?"),
        vec![
            (name, "It sums up the others", "it is left out"),
            (Doubt::NO_SUM, "All sheets count", "they report different sales"),
        ],
    )
}

fn mixed_sum(cell: &str) -> Question {
    let message = "A total adds up amounts in several currencies. Are the currencies of the rows right?";
    let accept =
        ("accept", "The currencies are right; the total is no sum of money", "confirmed by a person");
    Question {
        cell: Some(cell.to_owned()),
        ..question(Doubt::CURRENCIES, "currency_mixed", message, vec![accept])
    }
}

fn no_store(cell: &str) -> Question {
    let options = vec![
        ("above", "They belong to the store above them", "its name holds on until the next one"),
        ("none", "They are sales without a store", "their store stays unknown"),
        ("sums", "They are sums of the rows with a store", "they are left out"),
    ];
    let message = format!("Rows name no store although others do, first in {cell}. Whose sales are they?");
    Question {
        cell: Some(cell.to_owned()),
        ..question(Doubt::BLANK_STORES, "store_missing", &message, options)
    }
}

fn other_time(cell: &str, message: &str) -> Question {
    let options = vec![
        ("date", "The date counts", "the sales are of its day"),
        (
            "column",
            "The month or week beside it counts",
            "the sales are of the month or week that stands there",
        ),
    ];
    Question { cell: Some(cell.to_owned()), ..question(Doubt::MONTHS, "period_conflict", message, options) }
}
