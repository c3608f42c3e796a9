//! `POST /v1/auth/mfa`: a secret for an authenticator app. It guards nothing until a code of it was given.

use data::{mfa, users};
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Serialize;

use super::totp;
use crate::SessionContext;

#[derive(Serialize)]
struct View {
    /// For typing.
    secret: String,
    /// For a QR code.
    otpauth_uri: String,
}

pub async fn handle(ctx: &SessionContext, request: Request) -> Result<Reply, ApiError> {
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
}
