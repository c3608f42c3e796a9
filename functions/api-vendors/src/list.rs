//! GET /v1/vendor-profiles

use data::vendor_profiles::{self, Filter};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, views::SummaryView};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    active: Option<bool>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "vendor-profiles-list",
        "GET /v1/vendor-profiles",
        "Lists the organisation's profiles and the shipped ones, by vendor",
    )
    .needs(&[Permission::VendorsRead])
    .query::<Query>()
    .ok::<Page<SummaryView>>()
}

/// Lists the organisation's profiles and the shipped ones, by vendor.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::VendorsRead)?;
        let Query { vendor, active, limit, cursor } = request.query()?;
        let after: Option<(String, String)> = page::decode(cursor.as_deref())?;
        let shipped = ctx.shipped.iter().filter(|profile| {
            active != Some(false) && vendor.as_deref().is_none_or(|vendor| vendor == profile.vendor())
        });
        let mut views: Vec<SummaryView> = shipped.map(SummaryView::shipped).collect();
        views.retain(|view| {
            after.as_ref().is_none_or(|after| place(view) > (after.0.as_str(), after.1.as_str()))
        });

        let filter = Filter { vendor, active };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let own = vendor_profiles::list(&mut tenant, &filter, limit.probe(), after.as_ref()).await?;
        views.extend(own.iter().map(SummaryView::from));
        views.sort_by(|a, b| place(a).cmp(&place(b)));
        Reply::ok(&Page::new(views, limit, |view| (view.head.vendor.clone(), view.head.id.clone())))
    })
}

/// Where a profile stands in the list.
fn place(view: &SummaryView) -> (&str, &str) {
    (&view.head.vendor, &view.head.id)
}
