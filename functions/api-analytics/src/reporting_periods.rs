//! `GET /v1/reporting-periods`: every statement about a period, those that count and their history.

use chrono::{DateTime, NaiveDate, Utc};
use data::reporting_periods::{self, Filter, Key, Statement};
use domain::{UploadId, with_cents};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Context, span};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    upload_id: Option<UploadId>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// `true`: only statements that count, `false`: only history.
    active: Option<bool>,
    cut: Option<String>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    vendor: String,
    /// `main` counts in sums; other cuts are other views of the same sales.
    cut: String,
    start: NaiveDate,
    end: NaiveDate,
    currency: String,
    upload_id: Uuid,
    file_name: String,
    /// When the sender said it.
    stated_at: DateTime<Utc>,
    kind: String,
    /// What it did to the books when it came.
    change: String,
    /// Whether it counts now.
    active: bool,
    records: i64,
    quantity: Decimal,
    amount_local: Option<Decimal>,
    amount_eur: Option<Decimal>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "reporting-periods-list",
        "GET /v1/reporting-periods",
        "Lists statements, latest period first",
    )
    .needs(&[Permission::AnalyticsRead])
    .query::<Query>()
    .ok::<Page<View>>()
}

/// Lists statements, latest period first.
///
/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let query: Query = request.query()?;
        span::between(query.from, query.to)?;
        let after: Option<Key> = page::decode(query.cursor.as_deref())?;
        let filter = Filter {
            vendor: query.vendor,
            upload: query.upload_id,
            from: query.from,
            to: query.to,
            active: query.active,
            cut: query.cut,
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = reporting_periods::list(&mut tenant, &filter, query.limit.probe(), after.as_ref()).await?;
        Reply::ok(&Page::new(rows, query.limit, Statement::key).map(View::from))
    })
}

impl From<Statement> for View {
    fn from(said: Statement) -> Self {
        Self {
            vendor: said.vendor,
            cut: said.cut,
            start: said.period_start,
            end: said.period_end,
            currency: said.currency,
            upload_id: said.upload_id,
            file_name: said.file_name,
            stated_at: said.stated_at,
            kind: said.document_kind,
            change: said.change,
            active: said.active,
            records: said.records,
            quantity: said.quantity.normalize(),
            amount_local: said.amount_local.map(with_cents),
            amount_eur: said.amount_eur.map(with_cents),
        }
    }
}
