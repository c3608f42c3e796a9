//! `PUT /v1/retention-rules/{kind}`

use data::{
    audit::{Event, Subject},
    retention,
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    days: i32,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "retention-rules-update",
        "PUT /v1/retention-rules/{kind}",
        "Changes how long a kind of things is kept",
    )
    .needs(&[Permission::RolesManage])
    .path_text("kind", "emails", "A kind of things, as the list names it.")
    .body::<Body>()
    .ok::<View>()
}

/// Keeps a kind of things for so many days from the next run of the job on.
///
/// # Errors
/// 404 for a kind that there is not, 422 beyond its bounds.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let kind: String = request.path("kind")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut rules = retention::list(&mut tenant).await?;
        let at = rules.iter().position(|rule| rule.kind == kind).ok_or_else(ApiError::not_found)?;
        let mut rule = rules.swap_remove(at);
        if !retention::set(&mut tenant, &rule.kind, body.days).await? {
            let detail = format!("This is kept for {} to {} days.", rule.least_days, rule.most_days);
            return Err(ApiError::field("/days", "out_of_bounds", detail));
        }
        let event =
            Event::new(Action::RetentionRuleUpdated).about(Subject::new("retention_rule", &rule.kind));
        request.record(&mut tenant, event.with("days", body.days));
        tenant.commit().await?;
        tracing::info!(retention.kind = rule.kind, retention.days = body.days, "retention rule changed");
        rule.days = body.days;
        Reply::ok(&View::from(rule))
    })
}
