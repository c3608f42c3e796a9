//! Two spans of days against each other: raw, and like for like.

use data::{
    Tenant, analytics,
    coverage::{self, Books, Coverage, LeftOut},
};
use domain::metrics::{Analysis, Span, Sums};
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
    spans: (Span, Span),
) -> Result<LikeForLike, ApiError> {
    let alike = coverage::like_for_like(tenant, books, asked, spans).await?;
    let now = Figures::of(&asked.metrics, &alike.now);
    let before = Figures::of(&asked.metrics, &alike.before);
    Ok(LikeForLike {
        change: now.since(&before),
        now,
        before,
        stores: alike.stores,
        left_out: alike.left_out,
    })
}
