//! `POST /v1/me/identities`: where to send the browser of somebody who wants to sign in at a provider from now on.

use data::{sign_in_attempts::Linking, users};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{ProviderContext, oidc, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    provider: String,
    /// Of whoever has one: a stolen access token opens no lasting way in.
    password: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "identities-link",
        "POST /v1/me/identities",
        "Says where to send a browser to link an identity to the caller",
    )
    .for_people()
    .body::<Body>()
    .header(&session::HEADER)
    .ok::<crate::oidc::View>()
    .refuses(404, "not_found", "The caller has no session.")
    .refuses(503, "provider_unavailable", "The provider does not answer as it should.")
}

pub fn handle(ctx: &ProviderContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let session = request.session_id().ok_or_else(ApiError::not_found)?;
        let body: Body = request.json()?;
        let unknown =
            || ApiError::field("/provider", "unknown", "This installation has no such identity provider.");
        let provider = ctx.providers.find(&body.provider).ok_or_else(unknown)?;
        let present = {
            let mut tenant = ctx.database.system(principal.org_id).await?;
            users::find_password(&mut tenant, principal.user_id).await?
        };
        if let Some(present) = present {
            let given = body
                .password
                .ok_or_else(|| ApiError::field("/password", "required", "password is required."))?;
            if !ctx.passwords.verify(&given, Some(&present)).await? {
                return Err(ApiError::field("/password", "wrong", "This is not the password."));
            }
        }
        let linking = Linking { org: principal.org_id, user: principal.user_id, session };
        oidc::begin(&ctx.database, provider, Some(linking), &request).await
    })
}
