//! `POST /v1/auth/mfa`: a secret for an authenticator app. It guards nothing until a code of it was given.

use data::{mfa, users};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::totp;
use crate::SessionContext;

#[derive(Serialize, JsonSchema)]
struct View {
    /// For typing.
    secret: String,
    /// For a QR code.
    otpauth_uri: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("mfa-begin", "POST /v1/auth/mfa", "Makes a secret for an authenticator app")
        .details("It guards nothing until a code of it was given.")
        .for_people()
        .refuses(409, "mfa_enabled", "There is a second factor; remove it first.")
        .created::<View>()
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let secret: [u8; totp::SECRET_BYTES] = rand::random();
        let sealed = ctx.seal.seal(principal.user_id, &secret)?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let user = users::find(&mut tenant, principal.user_id).await?.ok_or_else(ApiError::not_found)?;
        if !mfa::begin(&mut tenant, principal.user_id, &sealed).await? {
            return Err(ApiError::conflict("mfa_enabled", "There is a second factor; remove it first."));
        }
        tenant.commit().await?;
        Reply::created(&View {
            secret: totp::base32(&secret),
            otpauth_uri: totp::otpauth_uri(&secret, &user.email),
        })
    })
}
