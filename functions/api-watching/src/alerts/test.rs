//! `POST /v1/alerts/{id}/test`

use ::alerts::{Expected, Fault, Found, last_period, look, query};
use chrono::{NaiveDate, Utc};
use data::{alerts, coverage, organizations, vendors};
use domain::{AlertId, AlertVerdict};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AlertTest")]
struct View {
    /// The last period that is over.
    from: NaiveDate,
    to: NaiveDate,
    data: Vec<FoundView>,
    /// What is not in these figures, though nobody waits for it.
    lacks: Vec<String>,
    /// The call below `/v1/` that gives these figures.
    query: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AlertTestFigure")]
struct FoundView {
    /// The value of the dimension; empty where all is one.
    line: String,
    line_name: String,
    verdict: AlertVerdict,
    value: Option<Decimal>,
    /// What it is held against: the average, the figure of last year, the expectation.
    expected: Option<Decimal>,
    /// Between these nothing would be out of bounds.
    low: Option<Decimal>,
    high: Option<Decimal>,
    /// How it was computed, or why there is nothing to say.
    why: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "alerts-test",
        "POST /v1/alerts/{id}/test",
        "Looks at a watched figure now, and tells nobody",
    )
    .details("As the caller may see it. Nothing is kept, and no mail is sent.")
    .needs(&[Permission::AnalyticsRead])
    .ok::<View>()
    .refuses(
        422,
        "too_many_figures",
        "There are more figures than can be looked at: use longer periods or filters.",
    )
}

/// # Errors
/// 404 for an id that does not exist here; 403 for figures that the caller may not see; 422 `too_many_figures`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        for needed in alert.rule.needs() {
            if !needed.parse().is_ok_and(|permission: Permission| principal.may(permission)) {
                return Err(ApiError::forbidden(format!("This needs the permission {needed}.")));
            }
        }
        let today = organizations::day_at(&mut tenant, Utc::now()).await?;
        let expected = {
            // Whether a file has come does not depend on who asks.
            let mut system = ctx.database.system(principal.org_id).await?;
            let archived = vendors::archived(&mut system).await?;
            Expected::new(&coverage::load(&mut system, None).await?, &archived, today)
        };
        let start = last_period(alert.rule.every, today).unwrap_or(today);
        let look = look(&mut tenant, &expected, &alert.rule, start).await.map_err(|fault| match fault {
            Fault::Data(error) => ApiError::from(error),
            Fault::TooMany => {
                ApiError::unprocessable("too_many_figures", "There are too many figures to look at.")
            }
        })?;
        Reply::ok(&View {
            from: look.period.from,
            to: look.period.to,
            query: query(&alert.rule, &look),
            data: look.found.into_iter().map(FoundView::from).collect(),
            lacks: look.lacks,
        })
    })
}

impl From<Found> for FoundView {
    fn from(found: Found) -> Self {
        let judged = found.judgement;
        Self {
            line: found.line,
            line_name: found.name,
            verdict: judged.verdict,
            value: judged.value,
            expected: judged.expected,
            low: judged.low,
            high: judged.high,
            why: judged.why,
        }
    }
}
