//! `DELETE /v1/me/identities/{id}`: the caller signs in there no more.

use data::{
    audit::{Event, Subject},
    identities::{self, Unlinked},
};
use domain::{Action, IdentityId};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "identities-unlink",
        "DELETE /v1/me/identities/{id}",
        "Unlinks an identity from the caller",
    )
    .for_people()
    .refuses(409, "last_way_in", "Without it nobody could sign in to this account: set a password first.")
    .no_content()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let id: IdentityId = request.path("id")?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        match identities::unlink(&mut tenant, principal.user_id, id).await? {
            Unlinked::Done => {
                let event = Event::new(Action::IdentityUnlinked).about(Subject::new("identity", id));
                request.record(&mut tenant, event);
                tenant.commit().await?;
                Ok(Reply::no_content())
            }
            Unlinked::LastWayIn => {
                let detail =
                    "You could not sign in any more: set a password first, or link another identity.";
                Err(ApiError::conflict("last_way_in", detail))
            }
            Unlinked::Unknown => Err(ApiError::not_found()),
        }
    })
}
