//! `GET /v1/analytics/summary`: key figures, the span of equal length before, and what is missing.

mod view;

use chrono::{NaiveDate, Utc};
use data::{
    Tenant, analytics,
    coverage::{self, Books},
};
use domain::Channel;
use edge::{
    ApiError, Permission,
    http::{Reply, Request},
};
use serde::Deserialize;

use self::view::{Coverage, View};
use crate::{Context, span::Span};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    channel: Option<Channel>,
    vendor: Option<String>,
}

impl Query {
    fn filter(&self) -> analytics::Filter {
        analytics::Filter { from: self.from, to: self.to, vendor: self.vendor.clone(), channel: self.channel }
    }
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let query: Query = request.query()?;
    let span = Span::of(query.from, query.to)?;
    let filter = query.filter();

    let mut tenant = ctx.database.tenant(&principal).await?;
    let books = coverage::load(&mut tenant, query.vendor.as_deref()).await?;
    let now = analytics::key_figures(&mut tenant, &filter).await?;
    let view = View::new(now, coverage(&mut tenant, &books, &filter).await?);
    let Some(span) = span.and_then(Span::before) else { return Reply::ok(&view) };
    let filter = analytics::Filter { from: Some(span.from), to: Some(span.to), ..filter };
    let previous = analytics::key_figures(&mut tenant, &filter).await?;
    Reply::ok(&view.against(span, previous, coverage(&mut tenant, &books, &filter).await?))
}

async fn coverage(
    tenant: &mut Tenant,
    books: &Books,
    filter: &analytics::Filter,
) -> Result<Coverage, ApiError> {
    let vendors = books.coverage(filter.from, filter.to, Utc::now().date_naive());
    let unconverted = analytics::unconverted(tenant, filter).await?;
    Ok(Coverage::new(&vendors, unconverted))
}

#[cfg(test)]
mod tests;
