//! `GET /v1/alerts/{id}/checks`

use chrono::{DateTime, NaiveDate, Utc};
use data::alerts::{self, Check};
use domain::{AlertId, AlertVerdict, EmailId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AlertCheck")]
struct View {
    period_start: NaiveDate,
    /// The value of the dimension; empty where all is one.
    line: String,
    line_name: String,
    verdict: AlertVerdict,
    value: Option<Decimal>,
    /// What it was held against: the average, the figure of last year, the expectation.
    expected: Option<Decimal>,
    /// Between these nothing would have been out of bounds.
    low: Option<Decimal>,
    high: Option<Decimal>,
    /// How it was computed, or why there is nothing to say.
    why: String,
    /// The mail that told of it; `null`: none did, for instance because the figure had been out of bounds before.
    email_id: Option<EmailId>,
    checked_at: DateTime<Utc>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "alert-checks-list",
        "GET /v1/alerts/{id}/checks",
        "Lists what looks at a figure found, the latest periods first",
    )
    .details("As the caller might see the figures then: what others were told is theirs.")
    .needs(&[Permission::AnalyticsRead])
    .query::<Paging>()
    .ok::<Page<View>>()
}

/// # Errors
/// 404 for an id that does not exist here; 400 for a cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let rows = alerts::list_checks(&mut tenant, id, limit.probe(), after).await?;
        let place = |check: &Check| (check.period_start, check.line.clone(), check.subject);
        Reply::ok(&Page::new(rows, limit, place).map(View::from))
    })
}

impl From<Check> for View {
    fn from(check: Check) -> Self {
        Self {
            period_start: check.period_start,
            line: check.line,
            line_name: check.line_name,
            verdict: check.verdict.0,
            value: check.value,
            expected: check.expected,
            low: check.low,
            high: check.high,
            why: check.why,
            email_id: check.email_id.map(EmailId),
            checked_at: check.checked_at,
        }
    }
}
