//! `DELETE /v1/auth/mfa`: switches the second factor off, for who has both factors.

use data::{audit::Event, mfa, users};
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::proof::{self, Proof};
use crate::SessionContext;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    password: String,
    code: Option<String>,
    recovery_code: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("mfa-remove", "DELETE /v1/auth/mfa", "Switches the second factor off")
        .for_people()
        .body::<Body>()
        .refuses(409, "mfa_not_enabled", "There is no second factor.")
        .no_content()
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let body: Body = request.json()?;
        let proof = Proof::given(body.code, body.recovery_code)?;
        let user = principal.user_id;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let hash = users::find_password(&mut tenant, user).await?;
        if !ctx.passwords.verify(&body.password, hash.as_deref()).await? {
            return Err(ApiError::field("/password", "wrong", "This is not the password."));
        }
        let Some(factor) = mfa::lock(&mut tenant, user, None).await? else {
            return Err(ApiError::conflict("mfa_not_enabled", "There is no second factor."));
        };
        if factor.confirmed_at.is_some()
            && let Err(refusal) = proof::check(&mut tenant, &ctx.seal, user, &factor, &proof).await?.field()
        {
            request.record(
                &mut tenant,
                Event::new(Action::MfaDisabled).outcome(AuditOutcome::Failed).about(user),
            );
            tenant.commit().await?;
            return Err(refusal);
        }
        mfa::remove(&mut tenant, user).await?;
        request.record(&mut tenant, Event::new(Action::MfaDisabled).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "second factor switched off");
        Ok(Reply::no_content())
    })
}
