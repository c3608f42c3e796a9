//! How long things are kept that are no books.

pub mod list;
pub mod update;

use data::retention::Rule;
use schemars::JsonSchema;
use serde::Serialize;

/// A rule as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetentionRule")]
struct View {
    kind: String,
    meaning: String,
    days: i32,
    default_days: i32,
    least_days: i32,
    most_days: i32,
}

impl From<Rule> for View {
    fn from(rule: Rule) -> Self {
        let Rule { kind, meaning, days, default_days, least_days, most_days } = rule;
        Self { kind, meaning, days, default_days, least_days, most_days }
    }
}
