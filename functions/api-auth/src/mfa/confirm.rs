//! `POST /v1/auth/mfa/confirm`: the first code switches the second factor on; recovery codes are shown this once.

use data::{audit::Event, mfa};
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    proof::{self, Proof},
    recovery,
};
use crate::SessionContext;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    code: String,
}

#[derive(Serialize, JsonSchema)]
struct View {
    /// Each works once, in place of a code.
    recovery_codes: Vec<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "mfa-confirm",
        "POST /v1/auth/mfa/confirm",
        "Switches the second factor on with its first code",
    )
    .for_people()
    .body::<Body>()
    .refuses(409, "mfa_not_begun", "There is no second factor that waits for its first code.")
    .ok::<View>()
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let body: Body = request.json()?;
        let user = principal.user_id;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let factor = mfa::lock(&mut tenant, user, None).await?.filter(|factor| factor.confirmed_at.is_none());
        let Some(factor) = factor else {
            return Err(ApiError::conflict(
                "mfa_not_begun",
                "There is no second factor that waits for its first code.",
            ));
        };
        let outcome = proof::check(&mut tenant, &ctx.seal, user, &factor, &Proof::Code(body.code)).await?;
        if let Err(refusal) = outcome.field() {
            request.record(
                &mut tenant,
                Event::new(Action::MfaEnabled).outcome(AuditOutcome::Failed).about(user),
            );
            tenant.commit().await?;
            return Err(refusal);
        }
        let codes = recovery::make();
        let hashes: Vec<_> = codes.iter().map(|code| recovery::hash(code)).collect();
        mfa::confirm(&mut tenant, user, &hashes).await?;
        request.record(&mut tenant, Event::new(Action::MfaEnabled).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "second factor switched on");
        Reply::ok(&View { recovery_codes: codes })
    })
}
