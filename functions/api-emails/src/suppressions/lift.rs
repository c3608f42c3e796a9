//! `DELETE /v1/email-suppressions/{id}`

use data::{
    audit::{Event, Subject},
    suppressions,
};
use domain::{Action, SuppressionId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "suppressions-lift",
        "DELETE /v1/email-suppressions/{id}",
        "Lets mails go to an address again",
    )
    .needs(&[Permission::UsersManage])
    .no_content()
}

/// Lets mails go to an address again. Those that were not sent meanwhile stay so.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let id: SuppressionId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !suppressions::lift(&mut tenant, id).await? {
            return Err(ApiError::not_found());
        }
        request.record(
            &mut tenant,
            Event::new(Action::SuppressionLifted).about(Subject::new("email_suppression", id)),
        );
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
