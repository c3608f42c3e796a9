//! PATCH /v1/known-gaps/{id}

use chrono::NaiveDate;
use data::{
    audit::{Event, Subject},
    known_gaps::{self, Changed},
};
use domain::{Action, KnownGapId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request, said},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{Context, words};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    start: Option<NaiveDate>,
    /// Inclusive; `null`: until further notice.
    #[serde(default, deserialize_with = "said")]
    end: Option<Option<NaiveDate>>,
    reason: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "known-gaps-update",
        "PATCH /v1/known-gaps/{id}",
        "Changes the days of a gap, or its reason",
    )
    .needs(&[Permission::UploadsWrite])
    .body::<Body>()
    .if_match()
    .refuses(409, "known_gap_exists", "These days of this vendor are a known gap already.")
    .ok::<View>()
}

/// Changes the days of a gap, or its reason.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when these days are known already, 422 with every field at fault, 428 and 412 by
/// `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: KnownGapId = request.path("id")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut gap = known_gaps::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(gap.version)?;
        let mut fields = Vec::new();
        if let Some(reason) = &body.reason {
            words::check("/reason", reason, super::REASON_CHARS_MAX, &mut fields).clone_into(&mut gap.reason);
        }
        gap.first_day = body.start.unwrap_or(gap.first_day);
        gap.last_day = body.end.unwrap_or(gap.last_day);
        super::check_days(gap.first_day, gap.last_day, &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        match known_gaps::update(&mut tenant, &gap).await? {
            Changed::Exists => return Err(super::exists()),
            Changed::Stale => return Err(ApiError::precondition_failed()),
            Changed::Done => {}
        }
        let gap = known_gaps::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let event = Event::new(Action::KnownGapUpdated).about(Subject::new("known_gap", id));
        request.record(&mut tenant, event.with("vendor", gap.vendor.as_str()));
        tenant.commit().await?;
        let version = gap.version;
        Ok(Reply::ok(&View::from(gap))?.with_version(version))
    })
}
