//! POST /v1/known-gaps

use chrono::NaiveDate;
use data::{
    audit::{Event, Subject},
    known_gaps::{self, NewKnownGap},
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
use crate::{Context, words};

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
        let Body { vendor, start, end, reason } = request.json()?;
        let mut fields = Vec::new();
        let vendor = words::check("/vendor", &vendor, words::VENDOR_CHARS_MAX, &mut fields);
        let reason = words::check("/reason", &reason, super::REASON_CHARS_MAX, &mut fields);
        super::check_days(start, end, &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let new =
            NewKnownGap { vendor, first_day: start, last_day: end, reason, created_by: principal.user_id };
        let reply = request
            .once(&mut tenant, async |tenant| {
                let gap = known_gaps::insert(tenant, &new).await?.ok_or_else(super::exists)?;
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
