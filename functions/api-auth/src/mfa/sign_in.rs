//! `POST /v1/auth/login/mfa`: the second half of a login.

use data::mfa;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    challenge,
    proof::{self, Proof},
};
use crate::{SessionContext, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    mfa_token: String,
    code: Option<String>,
    recovery_code: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("auth-login-mfa", "POST /v1/auth/login/mfa", "Goes on with a sign-in by the second factor")
        .for_anybody()
        .body::<Body>()
        .header(&session::HEADER)
        .ok::<session::SessionView>()
        .refuses(401, "invalid_mfa_token", "The token of the first half is too old; log in again.")
        .refuses(401, "invalid_mfa_code", "The code is not valid, or was used before.")
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = request.json()?;
        let proof = Proof::given(body.code, body.recovery_code)?;
        let challenge = challenge::read(&ctx.database, &body.mfa_token).await?;
        let user = challenge.sub;
        let mut tenant = ctx.database.system(challenge.org).await?;
        let factor = mfa::lock(&mut tenant, user, Some(challenge.ver)).await?;
        let factor = factor.filter(|factor| factor.confirmed_at.is_some()).ok_or_else(challenge::invalid)?;
        if let Err(refusal) = proof::check(&mut tenant, &ctx.seal, user, &factor, &proof).await?.credential()
        {
            request.record(&mut tenant, session::refused(Some(user), refusal.code()));
            tenant.commit().await?;
            return Err(refusal);
        }
        let opened = session::open(&mut tenant, &ctx.signer, user, &request).await?;
        let opened = opened.ok_or_else(challenge::invalid)?;
        tenant.commit().await?;
        opened.ok()
    })
}
