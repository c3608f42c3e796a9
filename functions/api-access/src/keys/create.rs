//! `POST /v1/api-keys`

use chrono::{Duration, Utc};
use data::{
    api_keys::{self, KeyText, NewApiKey},
    audit::Event,
};
use domain::{Action, ApiKeyId};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{DAYS_DEFAULT, DAYS_MAX, Made, View};
use crate::{Context, permissions};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    scopes: Vec<String>,
    expires_in_days: Option<i64>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "api-keys-create",
        "POST /v1/api-keys",
        "Makes a key of permissions that the caller has, and shows it once",
    )
    .needs(&[Permission::KeysManage])
    .body::<Body>()
    .once()
    .refuses(409, "key_shown_already", "This key was made and shown before: rotate it if it is lost.")
    .created::<Made>()
}

/// Makes a key of permissions that the caller has, and shows it once.
///
/// What is kept of it is a hash. That is why a twin under the same `Idempotency-Key` is refused here instead of being told
/// the key again.
///
/// # Errors
/// 422 with every field at fault; 409 for a twin.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::KeysManage)?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        let name = body.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            fields.push(FieldError::new("/name", "invalid", "A name has 1 to 100 printable characters."));
        }
        let scopes = permissions::checked(&body.scopes, &principal, "/scopes", &mut fields);
        if scopes.is_empty() {
            fields.push(FieldError::new("/scopes", "required", "A key without scopes may nothing."));
        }
        let days = body.expires_in_days.unwrap_or(DAYS_DEFAULT);
        if !(1..=DAYS_MAX).contains(&days) {
            let message = format!("A key lives for 1 to {DAYS_MAX} days.");
            fields.push(FieldError::new("/expires_in_days", "invalid", message));
        }
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let text = KeyText::new();
        let new = NewApiKey {
            id: ApiKeyId::new(),
            name,
            text: &text,
            scopes: &scopes,
            created_by: principal.user_id,
            expires_at: Utc::now() + Duration::days(days),
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut made = None;
        request
            .once(&mut tenant, async |tenant| {
                made = Some(View::from(api_keys::insert(tenant, &new).await?));
                request.record(
                    tenant,
                    Event::new(Action::ApiKeyCreated)
                        .about(new.id)
                        .with("scopes", scopes.clone())
                        .with("prefix", text.prefix()),
                );
                // Never the key.
                Ok(serde_json::json!({ "id": new.id }))
            })
            .await?;
        let Some(view) = made else {
            return Err(ApiError::conflict(
                "key_shown_already",
                "This key was made and shown before: rotate it if it is lost.",
            ));
        };
        tenant.commit().await?;
        tracing::info!(key.prefix = view.prefix, "API key made");
        Reply::created(&Made { view, key: text.into_text() })
    })
}
