//! `PATCH /v1/users/{id}`: another role or name, disabled or enabled.

use data::{
    audit::Event,
    members::{self, Change, Member},
};
use domain::{Action, UserId, is_name};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::{Context, authority, view::View};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    role: Option<String>,
    /// `null` takes the name away.
    #[serde(default, deserialize_with = "said")]
    full_name: Option<Option<String>>,
    disabled: Option<bool>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "users-update",
        "PATCH /v1/users/{id}",
        "Changes the role or name of a user, or disables or enables one",
    )
    .needs(&[Permission::UsersManage])
    .body::<Body>()
    .if_match()
    .ok::<View>()
}

/// # Errors
/// 404, 428 without `If-Match`, 412 when it is stale, 403 beyond the caller's own role, 409 for the last owner and for
/// disabling oneself.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let user: UserId = request.path("id")?;
        let body: Body = request.json()?;
        let full_name = body.full_name.map(|name| name.map(|name| name.trim().to_owned()));
        if full_name.as_ref().and_then(Option::as_deref).is_some_and(|name| !is_name(name)) {
            return Err(ApiError::field(
                "/full_name",
                "invalid",
                "A name has 1 to 200 printable characters.",
            ));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        members::lock(&mut tenant).await?;
        let caller = authority::of_caller(&mut tenant, &principal).await?;
        let member = authority::over(&mut tenant, &caller, user).await?;
        request.if_match(member.version)?;
        let change = Change {
            role: body.role.as_deref().filter(|role| *role != member.role),
            full_name: full_name.as_ref().map(Option::as_deref),
            disabled: body.disabled.filter(|disabled| *disabled != member.disabled_at.is_some()),
        };
        if let Some(role) = change.role {
            authority::reaches(&mut tenant, &caller, role).await?;
        }
        if change.disabled == Some(true) {
            authority::not_self(&caller, user)?;
        }
        if change.role.is_some() || change.disabled == Some(true) {
            authority::keep_an_owner(&mut tenant, &member).await?;
        }
        members::update(&mut tenant, user, &change).await?;
        let Member { version, .. } = &member;
        tracing::info!(user.id = %user, from_version = version, "user changed");
        let member = members::find(&mut tenant, user).await?.ok_or_else(ApiError::not_found)?;
        // Which name somebody has is none of the trail's business.
        let event = Event::new(Action::UserUpdated).about(user).with("role", change.role);
        let event = event.with("disabled", change.disabled).with("name_changed", change.full_name.is_some());
        request.record(&mut tenant, event);
        tenant.commit().await?;
        let version = member.version;
        Ok(Reply::ok(&View::from(member))?.with_version(version))
    })
}

/// A member that is there, `null` included.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}
