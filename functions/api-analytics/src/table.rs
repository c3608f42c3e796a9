//! Answers of analyses as tables of files: a row for each of their rows, a column for each of its members.

mod ordered;

use std::borrow::Cow;

use domain::{
    metrics::{Metric, Unit},
    table::{Block, Column, Kind},
};
use ordered::Ordered;
use serde_json::Value;

/// Rows of an answer, each with its members in order.
type Rows = Vec<Vec<(String, Value)>>;

/// Members that are no columns.
const ASIDE: [&str; 4] = ["coverage", "history", "reasons", "rhythm"];

/// Where the rows of an answer stand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// The answer is one row.
    Whole,
    /// In a list of this name.
    List(&'static str),
    /// In several lists; the first column says which.
    Lists { named: &'static str, lists: &'static [&'static str] },
    /// In a list that each item of another one holds; what else the item says stands before its rows.
    Nested { outer: &'static str, inner: &'static str },
}

/// The table of an answer: all columns that any of its rows has, in the order of the first one that has them.
///
/// # Errors
/// When the text is no JSON.
pub(crate) fn of(answer: &str, shape: Shape) -> serde_json::Result<(Vec<Column>, Block)> {
    let rows = rows(&serde_json::from_str(answer)?, shape);
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let columns: Vec<Column> = names
        .iter()
        .map(|name| Column { name: Cow::Owned((*name).to_owned()), kind: kind(name, &rows) })
        .collect();
    let mut block = Block::new(columns.len());
    for row in &rows {
        for column in &columns {
            let value = row.iter().find(|(name, _)| *name == column.name).map(|(_, value)| value);
            let text = match value {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(Cow::Borrowed(text.as_str())),
                Some(other) => Some(Cow::Owned(other.to_string())),
            };
            block.push(column.kind, text.as_deref());
        }
    }
    Ok((columns, block))
}

fn rows(answer: &Ordered, shape: Shape) -> Rows {
    match shape {
        Shape::Whole => vec![members(answer)],
        Shape::List(name) => answer.list(name).iter().map(members).collect(),
        Shape::Lists { named, lists } => lists
            .iter()
            .flat_map(|name| answer.list(name).iter().map(move |row| (*name, row)))
            .map(|(name, row)| [vec![(named.to_owned(), name.into())], members(row)].concat())
            .collect(),
        Shape::Nested { outer, inner } => answer
            .list(outer)
            .iter()
            .flat_map(|item| item.list(inner).iter().map(move |row| (item, row)))
            .map(|(item, row)| [members(item), members(row)].concat())
            .collect(),
    }
}

/// The values of a row; those of a member stand under both names. What explains figures is for readers of the answer, and so
/// are lists.
fn members(row: &Ordered) -> Vec<(String, Value)> {
    fn add(found: &mut Vec<(String, Value)>, prefix: &str, row: &Ordered) {
        let Ordered::Object(members) = row else { return };
        for (name, member) in members.iter().filter(|(name, _)| !ASIDE.contains(&name.as_str())) {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}_{name}") };
            match member {
                Ordered::Object(_) => add(found, &path, member),
                Ordered::List(_) => {}
                // A step that is not known has the columns of one that is: columns do not depend on figures.
                Ordered::Value(Value::Null) if prefix == "change" || prefix == "change_to_last_year" => {
                    found.extend(["absolute", "percent"].map(|part| (format!("{path}_{part}"), Value::Null)));
                }
                Ordered::Value(value) => found.push((path, value.clone())),
            }
        }
    }
    let mut found = Vec::new();
    add(&mut found, "", row);
    found
}

/// What a column holds. Decimals travel as texts, and so do codes, which are none: the name decides.
fn kind(name: &str, rows: &Rows) -> Kind {
    const FIGURES: [&str; 16] = [
        "absolute",
        "percent",
        "share",
        "contribution",
        "value",
        "expected",
        "low",
        "high",
        "score",
        "low_80",
        "high_80",
        "low_95",
        "high_95",
        "volume_eur",
        "price_and_mix_eur",
        "mean_absolute_error",
    ];
    const DAYS: [&str; 12] = [
        "from",
        "to",
        "start",
        "end",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "due_on",
        "overdue_since",
        "last_reported",
    ];
    let is = |word: &str| name == word || name.ends_with(&format!("_{word}"));
    let metric = Metric::ALL.into_iter().find(|metric| is(metric.as_str()));
    let values = || rows.iter().flatten().filter(|(known, _)| known == name).map(|(_, value)| value);
    let all = |fits: fn(&Value) -> bool| values().all(|value| value.is_null() || fits(value));
    match metric.map(|metric| metric.definition().unit) {
        Some(Unit::Orders | Unit::Buyers) => Kind::Integer,
        Some(Unit::Pieces) => Kind::Number,
        Some(Unit::Euro | Unit::LocalCurrency | Unit::Percent) => Kind::Money,
        None if FIGURES.iter().any(|word| is(word)) => Kind::Number,
        None if DAYS.iter().any(|word| is(word)) && all(is_day) => Kind::Date,
        None if all(Value::is_boolean) => Kind::Flag,
        None if all(Value::is_i64) => Kind::Integer,
        None => Kind::Text,
    }
}

fn is_day(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok())
}

#[cfg(test)]
mod tests;
