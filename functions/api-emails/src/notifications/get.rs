//! `GET /v1/me/notifications`

use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{Listed, address, listed};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("notifications-get", "GET /v1/me/notifications", "Shows which mails the caller wants")
        .details("Mails about the account itself cannot be turned off and are not listed.")
        .for_people()
        .ok::<Listed>()
}

/// Shows the caller's choices.
///
/// # Errors
/// 403 for an API key, which reads no mails.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let address = address(&mut tenant, principal.user_id).await?;
        Reply::ok(&listed(&mut tenant, &address).await?)
    })
}
