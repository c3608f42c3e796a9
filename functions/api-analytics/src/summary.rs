//! `GET /v1/analytics/summary`: key figures, the span of equal length before, and what is missing.

mod view;

use chrono::{Days, NaiveDate};
use data::{Tenant, analytics};
use edge::{
    ApiError, FieldError, Permission,
    http::{Reply, Request},
};
use serde::Deserialize;

use self::view::{Coverage, Span, View};
use crate::{Context, channel::Channel};

/// Longest span of days that can be asked for: about twenty years.
const SPAN_DAYS_MAX: i64 = 7_320;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    channel: Option<Channel>,
    vendor: Option<String>,
}

impl Query {
    /// Both ends, where both are given and in order.
    fn span(&self) -> Result<Option<Span>, ApiError> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return Ok(None) };
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(refused("to lies before from."));
        }
        if days > SPAN_DAYS_MAX {
            return Err(refused("The span from `from` to `to` is longer than twenty years."));
        }
        Ok(Some(Span { from, to }))
    }

    fn filter(&self) -> analytics::Filter {
        analytics::Filter {
            from: self.from,
            to: self.to,
            vendor: self.vendor.clone(),
            store_kind: self.channel.map(Into::into),
        }
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::bad_request("invalid_query", message)
        .with_fields(vec![FieldError::new("to", "invalid", message)])
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::AnalyticsRead)?;
    let query: Query = request.query()?;
    let span = query.span()?;
    let filter = query.filter();

    let mut tenant = ctx.database.tenant(principal.org_id).await?;
    let now = analytics::key_figures(&mut tenant, &filter).await?;
    let coverage = coverage(&mut tenant, &filter).await?;
    let view = match span.and_then(before) {
        None => View::new(now, coverage),
        Some(span) => {
            let filter = analytics::Filter { from: Some(span.from), to: Some(span.to), ..filter };
            let previous = analytics::key_figures(&mut tenant, &filter).await?;
            View::new(now, coverage).against(span, previous, self::coverage(&mut tenant, &filter).await?)
        }
    };
    Reply::ok(&view)
}

/// The span of equal length that ends the day before.
fn before(span: Span) -> Option<Span> {
    let to = span.from.pred_opt()?;
    let days = u64::try_from((span.to - span.from).num_days()).ok()?;
    Some(Span { from: to.checked_sub_days(Days::new(days))?, to })
}

async fn coverage(tenant: &mut Tenant, filter: &analytics::Filter) -> Result<Coverage, ApiError> {
    let unreported = analytics::unreported(tenant, filter).await?;
    let unconverted = analytics::unconverted(tenant, filter).await?;
    Ok(Coverage::new(unreported, unconverted))
}

#[cfg(test)]
mod tests;
