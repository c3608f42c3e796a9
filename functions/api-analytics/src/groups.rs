//! Groups of a breakdown as the API shows them.

use std::collections::BTreeMap;

use data::{
    Tenant,
    analytics::{self, Group, Names},
};
use domain::metrics::{Analysis, Dimension, Metric, Sums};
use edge::ApiError;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    asked::refused,
    figures::{Changes, Figures, percent},
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
            let known = value.as_deref().unwrap_or_default();
            match dimension {
                Dimension::Vendor => {
                    fields.insert("vendor_name", names.vendors.get(known).cloned());
                }
                Dimension::Product => {
                    let (sku, name) = names.products.get(known).cloned().unwrap_or_default();
                    fields.insert("product_sku", sku);
                    fields.insert("product_name", name);
                }
                _ => {}
            }
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

/// A group that is in one of two spans or in both.
type Pairs = BTreeMap<Vec<Option<String>>, (Sums, Sums)>;

/// All groups of two spans side by side, biggest step of the first metric first, whichever its direction.
pub(crate) async fn compared(
    tenant: &mut Tenant,
    (now, before): (&Analysis, &Analysis),
) -> Result<Vec<Compared>, ApiError> {
    let mut pairs = Pairs::new();
    for group in all(tenant, now).await? {
        pairs.entry(group.key).or_default().0 = group.sums;
    }
    for group in all(tenant, before).await? {
        pairs.entry(group.key).or_default().1 = group.sums;
    }
    let keys: Vec<Group> =
        pairs.keys().map(|key| Group { key: key.clone(), sums: Sums::default() }).collect();
    let names = analytics::names(tenant, &now.by, &keys).await?;
    let first = now.metrics.first().copied().unwrap_or(Metric::RevenueEur);
    let whole = first
        .definition()
        .additive
        .then(|| pairs.values().filter_map(|(_, before)| first.value(before).known()).sum());
    let mut groups: Vec<Compared> = pairs
        .into_iter()
        .map(|(key, sums)| compare(Key::new(&now.by, &key, &names), &now.metrics, first, whole, &sums))
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.step.abs()));
    Ok(groups)
}

fn compare(
    key: Key,
    metrics: &[Metric],
    first: Metric,
    whole: Option<Decimal>,
    (now, before): &(Sums, Sums),
) -> Compared {
    let known = |sums: &Sums| first.value(sums).known().unwrap_or_default();
    let step = known(now) - known(before);
    let (now, before) = (Figures::of(metrics, now), Figures::of(metrics, before));
    let contribution = whole.and_then(|whole| percent(step, whole.abs()));
    Compared { key, change: now.since(&before), now, before, contribution, step }
}

/// All groups, or a refusal: a cut list would compare wrongly.
pub(crate) async fn all(tenant: &mut Tenant, asked: &Analysis) -> Result<Vec<Group>, ApiError> {
    let groups =
        analytics::groups(tenant, &Analysis { limit: Some(GROUPS_MAX + 1), offset: 0, ..asked.clone() })
            .await?;
    if groups.len() > GROUPS_MAX as usize {
        return Err(refused(
            "by",
            format!("This gives more than {GROUPS_MAX} groups: filter, or break it down by less."),
        ));
    }
    Ok(groups)
}
