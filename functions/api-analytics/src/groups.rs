//! Groups of a breakdown as the API shows them.

use std::collections::BTreeMap;

use data::{
    Tenant,
    analytics::{self, Beside, Group, Names},
};
use domain::metrics::{Analysis, Dimension, Metric, Sums, percent};
use edge::ApiError;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    asked::refused,
    figures::{Changes, Figures},
};

/// Most groups that one answer compares: more are no comparison that somebody reads.
const GROUPS_MAX: u32 = 50_000;

/// The values of a group: a field a dimension, `null` where rows do not say, and what people call vendors and products.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Key(BTreeMap<&'static str, Option<String>>);

impl Key {
    pub(crate) fn new(by: &[Dimension], values: &[Option<String>], names: &Names) -> Self {
        let mut fields = BTreeMap::new();
        for (dimension, value) in by.iter().zip(values) {
            fields.insert(dimension.as_str(), value.clone());
            let said = names.beside(*dimension, value.as_deref()).map(|name| name.map(str::to_owned));
            fields.extend(Names::fields(*dimension).iter().copied().zip(said));
        }
        Self(fields)
    }
}

/// A group in two spans.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Compared {
    #[serde(flatten)]
    key: Key,
    now: Figures,
    before: Figures,
    change: Changes,
    /// The step of the first metric in percent of its total before: these add up to the growth of the whole. `null` for
    /// metrics that have no parts.
    contribution: Option<Decimal>,
    #[serde(skip)]
    pub(crate) step: Decimal,
}

/// All groups of two spans side by side, biggest step of the first metric first, whichever its direction.
pub(crate) async fn compared(
    tenant: &mut Tenant,
    (now, before): (&Analysis, &Analysis),
) -> Result<Vec<Compared>, ApiError> {
    let rows = analytics::side_by_side(tenant, [now, before], GROUPS_MAX).await?.ok_or_else(too_many)?;
    let names = analytics::names(tenant, &now.by, rows.iter().map(|row| &row.key)).await?;
    let first = now.metrics.first().copied().unwrap_or(Metric::RevenueEur);
    let known = |sums: &Sums| first.value(sums).known().unwrap_or_default();
    let is_additive = first.definition().additive;
    let whole: Option<Decimal> = is_additive.then(|| rows.iter().map(|row| known(&row.sums[1])).sum());
    let compare = |Beside { key, sums: [now_sums, before_sums] }: Beside<2>| {
        let step = known(&now_sums) - known(&before_sums);
        let now_figures = Figures::of(&now.metrics, &now_sums);
        let before_figures = Figures::of(&now.metrics, &before_sums);
        Compared {
            key: Key::new(&now.by, &key, &names),
            change: now_figures.since(&before_figures),
            now: now_figures,
            before: before_figures,
            contribution: whole.and_then(|whole| percent(step, whole.abs())),
            step,
        }
    };
    let mut groups: Vec<Compared> = rows.into_iter().map(compare).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.step.abs()));
    Ok(groups)
}

/// All groups, or a refusal: a cut list would compare wrongly.
pub(crate) async fn all(tenant: &mut Tenant, asked: &Analysis) -> Result<Vec<Group>, ApiError> {
    analytics::all(tenant, asked, GROUPS_MAX).await?.ok_or_else(too_many)
}

fn too_many() -> ApiError {
    refused("by", format!("This gives more than {GROUPS_MAX} groups: filter, or break it down by less."))
}
