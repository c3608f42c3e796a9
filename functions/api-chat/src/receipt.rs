//! Where an answer comes from.

use assistant::{Knowledge, Plan};
use domain::metrics::{Metric, Unit};
use schemars::JsonSchema;
use serde::Serialize;

/// The plan in words, and what its words mean.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Receipt {
    in_words: String,
    metrics: Vec<Definition>,
    currency: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Definition {
    key: &'static str,
    title: &'static str,
    meaning: &'static str,
    unit: Unit,
    line_classes: &'static str,
}

impl Receipt {
    pub(crate) fn of(plan: &Plan, knowledge: &Knowledge) -> Self {
        let definition = |metric: &Metric| {
            let known = metric.definition();
            Definition {
                key: known.key,
                title: known.title,
                meaning: known.meaning,
                unit: known.unit,
                line_classes: known.line_classes,
            }
        };
        Self {
            in_words: assistant::describe(plan, knowledge),
            metrics: plan.analysis.metrics.iter().map(definition).collect(),
            currency: "EUR",
        }
    }
}
