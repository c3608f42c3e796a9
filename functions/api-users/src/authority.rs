//! Who may do what to whom. Asked with the organisation's members locked, so that the answer stays true until the commit.

use data::{
    Tenant,
    members::{self, Member, Status},
};
use domain::UserId;
use edge::{ApiError, Principal, Role};

/// The caller as of now: the request's role may be minutes old.
pub(crate) async fn of_caller(tenant: &mut Tenant, principal: &Principal) -> Result<Member, ApiError> {
    let caller = members::find(tenant, principal.user_id).await?;
    caller
        .filter(|caller| caller.status == Status::Active)
        .ok_or_else(|| ApiError::forbidden("You may not do this."))
}

/// Whether the caller may give this role, or change somebody who has it.
pub(crate) fn reaches(caller: &Member, role: &str) -> Result<(), ApiError> {
    let (own, other): (Role, Role) = (caller.role.parse()?, role.parse()?);
    let owners_matter = other == Role::Owner && own != Role::Owner;
    if owners_matter || !other.permissions().iter().all(|permission| own.may(*permission)) {
        return Err(ApiError::forbidden(format!("The role {own} may not give or change the role {other}.")));
    }
    Ok(())
}

/// Somebody whom the caller may change.
pub(crate) async fn over(tenant: &mut Tenant, caller: &Member, user: UserId) -> Result<Member, ApiError> {
    let member = members::find(tenant, user).await?.ok_or_else(ApiError::not_found)?;
    reaches(caller, &member.role)?;
    Ok(member)
}

/// Refuses what would leave the organisation without an active owner.
pub(crate) async fn keep_an_owner(tenant: &mut Tenant, without: &Member) -> Result<(), ApiError> {
    if without.role == Role::Owner.as_str() && members::is_last_owner(tenant, without.id).await? {
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
