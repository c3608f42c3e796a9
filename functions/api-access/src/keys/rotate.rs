//! `POST /v1/api-keys/{id}/rotate`

use chrono::{Duration, Utc};
use data::{
    api_keys::{self, KeyText, NewApiKey},
    audit::Event,
};
use domain::{Action, ApiKeyId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Made, OVERLAP_HOURS_MAX, View};
use crate::Context;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// How long the former key still works: 24 without a wish.
    overlap_hours: Option<i64>,
}

const OVERLAP_HOURS: i64 = 24;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "api-keys-rotate",
        "POST /v1/api-keys/{id}/rotate",
        "Makes the successor of a key, which works beside it for a while",
    )
    .needs(&[Permission::KeysManage])
    .optional_body::<Body>()
    .refuses(409, "key_ended", "This key was revoked, replaced or has expired: make a new one.")
    .created::<Made>()
}

/// Makes a key of the same name, scopes, rules and length of life; the former one works beside it for a while.
///
/// # Errors
/// 404; 409 for a key that was revoked, replaced or has expired; 422 for an overlap of more than a week.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::KeysManage)?;
        let id: ApiKeyId = request.path("id")?;
        let body: Body = if request.body().is_empty() { Body::default() } else { request.json()? };
        let overlap = body.overlap_hours.unwrap_or(OVERLAP_HOURS);
        if !(0..=OVERLAP_HOURS_MAX).contains(&overlap) {
            let message = format!("Two keys work side by side for at most {OVERLAP_HOURS_MAX} hours.");
            return Err(ApiError::field("/overlap_hours", "invalid", message));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = api_keys::lock(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let now = Utc::now();
        if former.revoked_at.is_some() || former.replaced_by.is_some() || former.expires_at <= now {
            return Err(ApiError::conflict(
                "key_ended",
                "This key was revoked, replaced or has expired: make a new one.",
            ));
        }
        let text = KeyText::new();
        let new = NewApiKey {
            id: ApiKeyId::new(),
            name: &former.name,
            text: &text,
            scopes: &former.scopes,
            created_by: principal.user_id,
            expires_at: now + (former.expires_at - former.created_at),
        };
        let made = api_keys::insert(&mut tenant, &new).await?;
        api_keys::replace(&mut tenant, id, new.id, now + Duration::hours(overlap)).await?;
        request.record(
            &mut tenant,
            Event::new(Action::ApiKeyRotated).about(id).with("new_key", new.id.to_string()),
        );
        tenant.commit().await?;
        tracing::info!(key.prefix = made.prefix, former = former.prefix, "API key rotated");
        Reply::created(&Made { view: View::from(made), key: text.into_text() })
    })
}
