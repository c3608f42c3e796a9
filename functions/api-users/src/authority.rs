//! Who may do what to whom. Asked with the organisation's members locked, so that the answer stays true until the commit.

use data::{
    Tenant,
    members::{self, Member, Status},
    roles::{self, OWNER},
    users,
};
use domain::UserId;
use edge::{ApiError, Permission, Principal};

/// The caller as of now, who may manage users now: what the request says may be minutes old.
pub(crate) async fn of_caller(tenant: &mut Tenant, principal: &Principal) -> Result<Member, ApiError> {
    let caller = members::find(tenant, principal.user_id).await?;
    let may = users::rights(tenant).await?.iter().any(|right| right == Permission::UsersManage.as_str());
    caller
        .filter(|caller| may && caller.status == Status::Active)
        .ok_or_else(|| ApiError::forbidden("You may not do this."))
}

/// Whether the caller may give this role, or change somebody who has it.
pub(crate) async fn reaches(tenant: &mut Tenant, caller: &Member, role: &str) -> Result<(), ApiError> {
    let Some(needed) = roles::permissions(tenant, role).await? else {
        return Err(ApiError::field("/role", "unknown", "There is no such role."));
    };
    let own = users::rights(tenant).await?;
    let owners_matter = role == OWNER && caller.role != OWNER;
    if owners_matter || !needed.iter().all(|permission| own.contains(permission)) {
        let detail = format!("The role {} may not give or change the role {role}.", caller.role);
        return Err(ApiError::forbidden(detail));
    }
    Ok(())
}

/// Somebody whom the caller may change.
pub(crate) async fn over(tenant: &mut Tenant, caller: &Member, user: UserId) -> Result<Member, ApiError> {
    let member = members::find(tenant, user).await?.ok_or_else(ApiError::not_found)?;
    reaches(tenant, caller, &member.role).await?;
    Ok(member)
}

/// Somebody whom the caller may take out of the organisation.
pub(crate) async fn removable(tenant: &mut Tenant, caller: &Member, user: UserId) -> Result<(), ApiError> {
    let member = over(tenant, caller, user).await?;
    keep_an_owner(tenant, &member).await?;
    not_self(caller, user)
}

/// Refuses what would leave the organisation without an active owner.
pub(crate) async fn keep_an_owner(tenant: &mut Tenant, without: &Member) -> Result<(), ApiError> {
    if without.role == OWNER && members::is_last_owner(tenant, without.id).await? {
        let detail = "An organisation has at least one active owner: make somebody else one first.";
        return Err(ApiError::conflict("last_owner", detail));
    }
    Ok(())
}

/// Refuses what nobody does to the own account.
pub(crate) fn not_self(caller: &Member, user: UserId) -> Result<(), ApiError> {
    if caller.id == user {
        let detail = "Nobody disables or removes the own account: ask another owner or admin.";
        return Err(ApiError::conflict("own_account", detail));
    }
    Ok(())
}
