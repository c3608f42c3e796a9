//! `POST /v1/auth/login`: a session for address and password, or the first half of one.

use data::{
    Database,
    audit::Event,
    mfa,
    users::{self, Login},
};
use domain::Action;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{SessionContext, mfa::challenge, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    email: String,
    password: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("auth-login", "POST /v1/auth/login", "Signs in with address and password")
        .for_anybody()
        .body::<Body>()
        .refuses(401, "invalid_credentials", "Address or password is wrong.")
        .header(&session::HEADER)
        .refuses(400, "invalid_session", "X-Session is cookie or body.")
        .ok::<session::SessionView>()
        .refuses(401, "mfa_required", "The password is right; go on with mfa_token and a code.")
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = request.json()?;
        let email = body.email.trim().to_ascii_lowercase();
        // No address has a NUL, and Postgres fails on one.
        let login = if email.contains('\0') {
            None
        } else {
            users::find_login(&mut *ctx.database.service().await?, &email).await?
        };
        let hash = login.as_ref().map(|login| login.password_hash.as_str());
        // Unknown address and wrong password take the same time and read the same.
        let right = ctx.passwords.verify(&body.password, hash).await?;
        let Some(login) = login.as_ref().filter(|_| right) else {
            return refuse(&ctx.database, &request, login.as_ref()).await;
        };

        let better = ctx.passwords.rehash(&body.password, &login.password_hash).await?;
        let mut tenant = ctx.database.system(login.org_id).await?;
        // The password may have been changed, or the user disabled, while it was checked.
        if !users::lock_login(&mut tenant, login.user_id, &login.password_hash).await? {
            return Err(invalid_credentials());
        }
        if let Some(better) = better {
            users::set_password(&mut tenant, login.user_id, &better).await?;
        }
        if mfa::is_on(&mut tenant, login.user_id).await? {
            let user = users::find(&mut tenant, login.user_id).await?.ok_or_else(invalid_credentials)?;
            let event = Event::new(Action::SecondFactorAsked).by_user(login.user_id).about(login.user_id);
            request.record(&mut tenant, event);
            tenant.commit().await?;
            let required = challenge::required(&ctx.signer, login.org_id, login.user_id, user.token_version)?;
            return Err(required);
        }
        let opened = session::open(&mut tenant, &ctx.signer, login.user_id, &request).await?;
        let opened = opened.ok_or_else(invalid_credentials)?;
        tenant.commit().await?;
        opened.ok()
    })
}

/// Refuses, and records it: of an address that is nobody's in the trail of the installation, which takes the same time.
async fn refuse(database: &Database, request: &Request, login: Option<&Login>) -> Result<Reply, ApiError> {
    let mut tenant = match login {
        Some(login) => database.system(login.org_id).await?,
        None => database.installation().await?,
    };
    let reason = if login.is_some() { "wrong_password" } else { "unknown_address" };
    request.record(&mut tenant, session::refused(login.map(|login| login.user_id), reason));
    tenant.commit().await?;
    Err(invalid_credentials())
}

fn invalid_credentials() -> ApiError {
    ApiError::unauthorized("invalid_credentials", "Address or password is wrong.")
}

#[cfg(test)]
mod tests;
