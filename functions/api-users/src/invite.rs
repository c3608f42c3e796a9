//! `POST /v1/users`: invites somebody by mail.

use data::{
    audit::Event,
    members::{self, Invited},
    users::EMAIL_UNIQUE,
};
use domain::{Action, UserId, is_email, is_name};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{MailContext, authority, invitation, view::View};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    email: String,
    role: String,
    full_name: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("users-invite", "POST /v1/users", "Invites somebody by mail")
        .needs(&[Permission::UsersManage])
        .body::<Body>()
        .once()
        .refuses(409, "email_taken", "Somebody with this address is known already.")
        .created::<View>()
}

/// # Errors
/// 422 with every field at fault, 403 for a role that may do more than the caller's, 409 for a known address.
pub fn handle(ctx: &MailContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let new = validate(request.json()?)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut invited = None;
        let reply = request
            .once(&mut tenant, async |tenant| {
                members::lock(tenant).await?;
                let caller = authority::of_caller(tenant, &principal).await?;
                authority::reaches(tenant, &caller, &new.role).await?;
                let id = UserId::new();
                let full_name = new.full_name.as_deref();
                let row = Invited { id, email: &new.email, full_name, role: &new.role };
                members::invite(tenant, &row).await.map_err(|error| match error.constraint() {
                    Some(EMAIL_UNIQUE) => {
                        ApiError::conflict("email_taken", "Somebody with this address is known already.")
                    }
                    _ => error.into(),
                })?;
                let member = members::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
                let queued = invitation::queue(tenant, &member, &caller, request.id()).await?;
                request.record(
                    tenant,
                    Event::new(Action::UserInvited).about(id).with("role", new.role.as_str()),
                );
                invited = Some((id, member.version, queued));
                Ok(View::from(member))
            })
            .await?;
        let Some((id, version, queued)) = invited else { return Ok(reply) };
        tenant.commit().await?;
        ctx.emails.wake(&queued).await;
        tracing::info!(user.id = %id, user.role = new.role, "user invited");
        Ok(reply.with_version(version))
    })
}

fn validate(body: Body) -> Result<Body, ApiError> {
    let mut fields = Vec::new();
    let email = body.email.trim().to_ascii_lowercase();
    if !is_email(&email) {
        fields.push(FieldError::new("/email", "invalid", "This is not an e-mail address."));
    }
    let full_name = body.full_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if full_name.as_deref().is_some_and(|name| !is_name(name)) {
        fields.push(FieldError::new("/full_name", "invalid", "A name has 1 to 200 printable characters."));
    }
    if fields.is_empty() {
        Ok(Body { email, role: body.role, full_name })
    } else {
        Err(ApiError::validation(fields))
    }
}
