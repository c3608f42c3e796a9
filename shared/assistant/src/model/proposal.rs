//! What a model proposes.

use domain::metrics::{Dimension, Filter, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::{Knowledge, Plan, ROWS_MAX, Shape};

/// A reading of a question by a model.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proposal {
    /// What the metric layer computes.
    Plan { plan: Box<Plan> },
    /// Only for what no plan can say: one SELECT over the views, and what it computes in a sentence without figures.
    Sql { sql: String, meaning: String },
    /// The question is about something else, or cannot be told.
    Nothing,
}

impl Proposal {
    /// The shape that models are asked for.
    #[must_use]
    pub fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Reads an answer. A plan names only what there is, and its words are ours.
    ///
    /// # Errors
    /// A stable code when it is no proposal, or one of something that there is not.
    pub fn read(text: &str, knowledge: &Knowledge) -> Result<Self, &'static str> {
        let text = text.trim().trim_start_matches("```json").trim_matches('`').trim();
        let proposal: Self = serde_json::from_str(text).map_err(|_| "invalid")?;
        match proposal {
            Self::Plan { plan } => Ok(Self::Plan { plan: Box::new(sound(*plan, knowledge)?) }),
            Self::Sql { sql, .. } if sql.trim().is_empty() => Err("invalid"),
            other => Ok(other),
        }
    }
}

fn sound(mut plan: Plan, knowledge: &Knowledge) -> Result<Plan, &'static str> {
    const INVALID: &str = "invalid_plan";
    const METRICS_MAX: usize = 6;
    const BY_MAX: usize = 3;
    const KEEP_MAX: u32 = 100;
    let asked = &mut plan.analysis;
    let is_sized = (1..=METRICS_MAX).contains(&asked.metrics.len()) && asked.by.len() <= BY_MAX;
    let is_in_order = asked.from.zip(asked.to).is_none_or(|(from, to)| from <= to);
    if !is_sized || !is_in_order || asked.sellers.is_some() || has_twice(&asked.by) {
        return Err(INVALID);
    }
    for filter in &asked.filters {
        known(filter, knowledge)?;
    }
    asked.limit = asked.limit.map(|limit| limit.clamp(1, ROWS_MAX));
    asked.offset = 0;
    let first_is_time = asked.by.first().is_some_and(|by| by.is_time());
    let last_is_time = asked.by.last().is_some_and(|by| by.is_time());
    let fits = match &mut plan.shape {
        Shape::Figures | Shape::Volatility => true,
        Shape::PartOf { of } => {
            for filter in of.iter() {
                known(filter, knowledge)?;
            }
            !of.is_empty()
        }
        Shape::Compare { with, named } => {
            *named = said(*with);
            with.from <= with.to
        }
        Shape::Movers { with, named, .. } => {
            *named = said(*with);
            with.from <= with.to && !asked.by.is_empty()
        }
        Shape::Growth | Shape::Seasonality | Shape::Forecast | Shape::Anomalies => first_is_time,
        Shape::Average => last_is_time,
        Shape::BestPer { keep } => {
            *keep = (*keep).clamp(1, KEEP_MAX);
            asked.by.len() > 1
        }
        Shape::Share
        | Shape::Pareto
        | Shape::Count
        | Shape::List
        | Shape::FirstSale
        | Shape::LastSale
        | Shape::NotSold => !asked.by.is_empty(),
    };
    if !fits {
        return Err(INVALID);
    }
    // Texts of a model are not shown; the days are said as they are.
    plan.days = None;
    plan.notes = Vec::new();
    Ok(plan)
}

fn said(Span { from, to }: Span) -> String {
    format!("{from} to {to}")
}

fn has_twice(by: &[Dimension]) -> bool {
    by.iter().enumerate().any(|(at, dimension)| by[..at].contains(dimension))
}

/// A name that is not in the books would give an answer of nothing, and that would look like one.
fn known(filter: &Filter, knowledge: &Knowledge) -> Result<(), &'static str> {
    const UNKNOWN: &str = "unknown_name";
    let Filter { dimension, values, excluded } = filter;
    Filter::new(*dimension, values.clone(), *excluded).map_err(|_| "invalid_plan")?;
    if values.is_empty() {
        return Err("invalid_plan");
    }
    let is_known = |value: &String| match dimension {
        Dimension::Vendor => knowledge.vendors.contains_key(value),
        Dimension::Product => knowledge.products.contains_key(value),
        other => knowledge.values.get(other).is_none_or(|values| values.contains(value)),
    };
    if values.iter().flatten().all(is_known) { Ok(()) } else { Err(UNKNOWN) }
}
