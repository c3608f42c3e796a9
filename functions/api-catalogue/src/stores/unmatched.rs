//! GET /v1/catalogue/stores/unmatched

use chrono::NaiveDate;
use data::stores::{self, Unassigned};
use domain::{StoreLikeness, like_stores};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Context, query::VendorQuery};

/// A printed spelling that belongs to no store, and what else may mean the same.
#[derive(Debug, Serialize, JsonSchema)]
struct View {
    vendor: String,
    store: String,
    kind: Option<String>,
    rows: i64,
    from: NaiveDate,
    to: NaiveDate,
    /// For a person to confirm; spellings are never put together by likeness.
    suggestions: Vec<Like>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Like {
    /// A printed spelling, or the name of a store.
    store: String,
    #[serde(flatten)]
    likeness: StoreLikeness,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "stores-unmatched",
        "GET /v1/catalogue/stores/unmatched",
        "Lists spellings that belong to no store, with those that look alike",
    )
    .needs(&[Permission::SalesRead])
    .query::<VendorQuery>()
    .ok::<Page<View>>()
}

/// Lists the spellings that files print and that belong to no store, by vendor, with those that look alike.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let VendorQuery { vendor, limit, cursor } = request.query()?;
        let after: Option<(String, String)> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let printed = stores::unassigned(&mut tenant, vendor.as_deref()).await?;
        let mut others: Vec<(String, String)> = stores::names(&mut tenant, vendor.as_deref()).await?;
        others.extend(printed.iter().map(|spelling| (spelling.vendor.clone(), spelling.spelling.clone())));
        let place = |spelling: &Unassigned| (spelling.vendor.clone(), spelling.spelling.clone());
        let rest: Vec<Unassigned> = printed
            .into_iter()
            .filter(|spelling| after.as_ref().is_none_or(|after| place(spelling) > *after))
            .take(limit.get() + 1)
            .collect();
        Reply::ok(&Page::new(rest, limit, place).map(|spelling| view(spelling, &others)))
    })
}

fn view(spelling: Unassigned, others: &[(String, String)]) -> View {
    let same_vendor = others.iter().filter(|(vendor, _)| *vendor == spelling.vendor);
    let mut suggestions: Vec<Like> = same_vendor
        .filter(|(_, store)| *store != spelling.spelling)
        .filter_map(|(_, store)| {
            Some(Like { likeness: like_stores(&spelling.spelling, store)?, store: store.clone() })
        })
        .collect();
    suggestions
        .sort_by(|a, b| b.likeness.score.total_cmp(&a.likeness.score).then_with(|| a.store.cmp(&b.store)));
    View {
        vendor: spelling.vendor,
        store: spelling.spelling,
        kind: spelling.kind,
        rows: spelling.rows,
        from: spelling.first_day,
        to: spelling.last_day,
        suggestions,
    }
}
