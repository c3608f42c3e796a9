//! POST /v1/known-gaps

use chrono::NaiveDate;
use data::{
    audit::{Event, Subject},
    known_gaps::{self, NewKnownGap},
};
use domain::Action;
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

const VENDOR_CHARS_MAX: usize = 64;
const REASON_CHARS_MAX: usize = 1_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    vendor: String,
    start: NaiveDate,
    /// Inclusive; without it the gap lasts until further notice.
    end: Option<NaiveDate>,
    reason: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "known-gaps-create",
        "POST /v1/known-gaps",
        "States that a vendor will not report some days",
    )
    .needs(&[Permission::UploadsWrite])
    .body::<Body>()
    .once()
    .refuses(409, "known_gap_exists", "These days of this vendor are a known gap already.")
    .created::<View>()
}

/// States that a vendor will not report some days: they are shown as known and raise no alarm.
///
/// # Errors
/// 422 with every field at fault; 409 when these days are known already.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let body: Body = request.json()?;
        check(&body)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let new = NewKnownGap {
            vendor: body.vendor.trim(),
            first_day: body.start,
            last_day: body.end,
            reason: body.reason.trim(),
            created_by: principal.user_id,
        };
        let reply = request
            .once(&mut tenant, async |tenant| {
                let taken = || {
                    ApiError::conflict(
                        "known_gap_exists",
                        "These days of this vendor are a known gap already.",
                    )
                };
                let gap = known_gaps::insert(tenant, &new).await?.ok_or_else(taken)?;
                request.record(
                    tenant,
                    Event::new(Action::KnownGapCreated)
                        .about(Subject::new("known_gap", gap.id))
                        .with("vendor", gap.vendor.as_str()),
                );
                tracing::info!(known_gap.id = %gap.id, vendor = gap.vendor, "known gap stated");
                Ok(View::from(gap))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}

fn check(body: &Body) -> Result<(), ApiError> {
    let mut fields = Vec::new();
    for (pointer, text, most) in
        [("/vendor", &body.vendor, VENDOR_CHARS_MAX), ("/reason", &body.reason, REASON_CHARS_MAX)]
    {
        if text.trim().is_empty() {
            fields.push(FieldError::new(pointer, "required", "This must not be empty."));
        } else if text.chars().count() > most {
            fields.push(FieldError::new(pointer, "too_long", format!("This has at most {most} characters.")));
        } else if text.contains('\0') {
            fields.push(FieldError::new(pointer, "invalid", "This holds a NUL character."));
        }
    }
    if body.end.is_some_and(|end| end < body.start) {
        fields.push(FieldError::new("/end", "invalid", "end lies before start."));
    }
    if fields.is_empty() { Ok(()) } else { Err(ApiError::validation(fields)) }
}
