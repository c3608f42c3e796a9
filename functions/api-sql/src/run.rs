//! `POST /v1/sql`

use std::time::Instant;

use data::{
    audit::Event,
    reader::{Cell, Checked, Column, Failure, Table},
};
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Boxed, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};
use gate::{Asker, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;

/// Most rows of an answer; whoever wants more exports a list.
const MAX_ROWS: u32 = 10_000;
const DEFAULT_ROWS: u32 = 1_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// One SELECT over the views of schema `reporting`.
    sql: String,
    /// 1 to 10,000; 1,000 when it is not given.
    #[schemars(range(min = 1, max = 10_000))]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// There are more rows than these.
    truncated: bool,
    took_ms: u64,
    /// What was run: printed from the checked statement.
    sql: String,
}

/// Why there is no answer.
enum Refused {
    Statement(Refusal),
    Running(Failure),
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    let operation = Operation::new("sql-run", "POST /v1/sql", "Answers one SELECT over the reporting views")
        .details(
            "The views are sales, sellout_entries, ecommerce_orders, products, resellers, stores and calendar. Columns with costs need \
             `costs:read`. What cannot be run is refused with a code that begins with `sql_`.",
        )
        .needs(&[Permission::SalesRead])
        .body::<Body>()
        .ok::<View>();
    let refused = gate::Refusal::CODES.into_iter().chain([
        ("sql_too_costly", "The statement would read too much: narrow it down."),
        ("sql_took_too_long", "The statement did not end within three seconds."),
        ("sql_answer_too_large", "The answer is too large."),
        ("sql_value", "A value does not fit what is done with it."),
        ("sql_does_not_fit", "The parts of the statement do not fit each other."),
    ]);
    refused.fold(operation, |operation, (code, meaning)| operation.refuses(422, code, meaning))
}

/// Checks a statement, runs it as the caller, and writes down what was asked.
///
/// # Errors
/// 422 for a statement that may not be run or did not end well.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Body { sql, limit } = request.json()?;
        let rows = limit.unwrap_or(DEFAULT_ROWS);
        if !(1..=MAX_ROWS).contains(&rows) {
            return Err(ApiError::field("/limit", "out_of_range", "limit is a number from 1 to 10,000."));
        }
        let started = Instant::now();
        let answer = answer(ctx, &principal, &sql, rows).await;
        let verdict = answer.as_ref().map_or_else(Refused::code, |_| "answered");
        let outcome = if answer.is_ok() { AuditOutcome::Allowed } else { AuditOutcome::Failed };
        let event =
            Event::new(Action::SqlRun).outcome(outcome).with("sql", sql.as_str()).with("verdict", verdict);
        let mut tenant = ctx.database.tenant(&principal).await?;
        request.record(&mut tenant, event);
        tenant.commit().await?;
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(sql.verdict = verdict, took_ms, "statement answered");
        let (sql, Table { columns, rows, truncated }) = answer?;
        Reply::ok(&View { columns, rows, truncated, took_ms, sql })
    })
}

async fn answer(
    ctx: &Context,
    principal: &Principal,
    sql: &str,
    rows: u32,
) -> Result<(String, Table), Refused> {
    let asker = Asker { org: principal.org_id, costs: principal.may(Permission::CostsRead), rows };
    let checked = gate::check(sql, &asker).map_err(Refused::Statement)?;
    let limits = checked.limits();
    let runnable = Checked { sql: checked.sql(), rows: limits.rows, planned_rows: limits.planned_rows };
    let table = ctx.reader.run(principal, runnable).await.map_err(Refused::Running)?;
    Ok((checked.sql().to_owned(), table))
}

impl Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::Statement(refusal) => refusal.code(),
            Self::Running(failure) => failure.code(),
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        let code = refused.code();
        match refused {
            Refused::Statement(refusal) => Self::unprocessable(code, refusal.to_string()),
            Refused::Running(Failure::Unavailable(error)) => error.into(),
            Refused::Running(failure) => Self::unprocessable(code, failure.to_string()),
        }
    }
}
