//! Two spans of days against each other: raw, and like for like.

use std::collections::BTreeSet;

use data::{
    Tenant, analytics,
    coverage::{Books, Coverage, silent_vendors},
};
use domain::metrics::{Analysis, Dimension, Order, Span, Sums};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::figures::{Changes, Figures};

/// What is compared with.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Before {
    #[serde(flatten)]
    pub(crate) span: Span,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    pub(crate) coverage: Coverage,
    /// What the figures were made of.
    #[serde(skip)]
    pub(crate) sums: Sums,
}

/// Over the stores that sold in both spans, of vendors that reported all of both.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LikeForLike {
    now: Figures,
    before: Figures,
    change: Changes,
    stores: usize,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
struct LeftOut {
    vendor: String,
    /// `null`: all of the vendor's, or what it reports without a store.
    store: Option<String>,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    /// A period of the vendor is missing in one of the spans.
    NotReported,
    OnlyNow,
    OnlyBefore,
}

type Seller = (String, Option<String>);

/// The figures of another span.
pub(crate) async fn before(
    tenant: &mut Tenant,
    books: &Books,
    asked: &Analysis,
    span: Span,
) -> Result<Before, ApiError> {
    let asked = asked.clone().within(span.from, span.to);
    let sums = analytics::total(tenant, &asked).await?;
    let figures = Figures::of(&asked.metrics, &sums);
    Ok(Before { span, figures, coverage: Coverage::of(tenant, books, &asked).await?, sums })
}

/// Compares what can be compared.
pub(crate) async fn like_for_like(
    tenant: &mut Tenant,
    books: &Books,
    asked: &Analysis,
    (now, before): (Span, Span),
) -> Result<LikeForLike, ApiError> {
    let (sold_now, silent_now) = sellers(tenant, books, asked, now).await?;
    let (sold_before, silent_before) = sellers(tenant, books, asked, before).await?;
    let silent = &silent_now | &silent_before;
    let speaks = |seller: &&Seller| !silent.contains(&seller.0);
    let both: Vec<Seller> = sold_now.intersection(&sold_before).filter(speaks).cloned().collect();

    let unheard = silent
        .iter()
        .filter(|vendor| sold_now.union(&sold_before).any(|seller| seller.0 == **vendor))
        .map(|vendor| LeftOut { vendor: vendor.clone(), store: None, reason: Reason::NotReported });
    let alone = |reason| {
        move |(vendor, store): &Seller| LeftOut { vendor: vendor.clone(), store: store.clone(), reason }
    };
    let only_now = sold_now.difference(&sold_before).filter(speaks).map(alone(Reason::OnlyNow));
    let only_before = sold_before.difference(&sold_now).filter(speaks).map(alone(Reason::OnlyBefore));
    let mut left_out: Vec<LeftOut> = unheard.chain(only_now).chain(only_before).collect();
    left_out.sort();

    let stores = both.len();
    let alike = Analysis { sellers: Some(both), ..asked.clone() };
    let now = figures(tenant, &alike, now).await?;
    let before = figures(tenant, &alike, before).await?;
    Ok(LikeForLike { change: now.since(&before), now, before, stores, left_out })
}

async fn figures(tenant: &mut Tenant, asked: &Analysis, span: Span) -> Result<Figures, ApiError> {
    let sums = analytics::total(tenant, &asked.clone().within(span.from, span.to)).await?;
    Ok(Figures::of(&asked.metrics, &sums))
}

/// The stores with sales in a span, and the vendors that have not reported all of it.
async fn sellers(
    tenant: &mut Tenant,
    books: &Books,
    asked: &Analysis,
    span: Span,
) -> Result<(BTreeSet<Seller>, BTreeSet<String>), ApiError> {
    let asked = Analysis {
        metrics: Vec::new(),
        by: vec![Dimension::Vendor, Dimension::Store],
        order: Order::Group,
        limit: None,
        ..asked.clone().within(span.from, span.to)
    };
    let silent = silent_vendors(books, &asked);
    let groups = analytics::groups(tenant, &asked).await?.into_iter();
    let seller = |key: Vec<Option<String>>| {
        let mut key = key.into_iter();
        Some((key.next().flatten()?, key.next().flatten()))
    };
    Ok((groups.filter_map(|group| seller(group.key)).collect(), silent))
}
