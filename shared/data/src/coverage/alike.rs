//! Two spans like for like: over the stores that sold in both, of vendors that reported all of both.

use std::collections::BTreeSet;

use domain::metrics::{Analysis, Dimension, Order, Span, Sums};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Books, silent_vendors};
use crate::{Result, Tenant, analytics};

/// The sums of what can be compared, and what cannot.
#[derive(Debug, Clone)]
pub struct LikeForLike {
    pub now: Sums,
    pub before: Sums,
    /// How many stores are in both sums.
    pub stores: usize,
    pub left_out: Vec<LeftOut>,
}

/// What is in neither sum.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
pub struct LeftOut {
    pub vendor: String,
    /// `null`: all of the vendor's, or what it reports without a store.
    pub store: Option<String>,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A period of the vendor is missing in one of the spans.
    NotReported,
    OnlyNow,
    OnlyBefore,
}

type Seller = (String, Option<String>);

/// Compares what can be compared.
///
/// # Errors
/// When the database fails.
pub async fn like_for_like(
    tenant: &mut Tenant,
    books: &Books,
    analysis: &Analysis,
    (now, before): (Span, Span),
) -> Result<LikeForLike> {
    let (sold_now, silent_now) = sellers(tenant, books, analysis, now).await?;
    let (sold_before, silent_before) = sellers(tenant, books, analysis, before).await?;
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
    let alike = Analysis { sellers: Some(both), ..analysis.clone() };
    let now = analytics::total(tenant, &alike.clone().within(now.from, now.to)).await?;
    let before = analytics::total(tenant, &alike.within(before.from, before.to)).await?;
    Ok(LikeForLike { now, before, stores, left_out })
}

/// The stores with sales in a span, and the vendors that have not reported all of it.
async fn sellers(
    tenant: &mut Tenant,
    books: &Books,
    analysis: &Analysis,
    span: Span,
) -> Result<(BTreeSet<Seller>, BTreeSet<String>)> {
    let analysis = Analysis {
        metrics: Vec::new(),
        by: vec![Dimension::Vendor, Dimension::Store],
        order: Order::Group,
        limit: None,
        ..analysis.clone().within(span.from, span.to)
    };
    let silent = silent_vendors(books, &analysis);
    let groups = analytics::groups(tenant, &analysis).await?.into_iter();
    let seller = |key: Vec<Option<String>>| {
        let mut key = key.into_iter();
        Some((key.next().flatten()?, key.next().flatten()))
    };
    Ok((groups.filter_map(|group| seller(group.key)).collect(), silent))
}
