//! `GET /v1/email-templates`

use data::mail_wordings;
use domain::EmailType;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::View;
use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
struct Listed {
    data: Vec<View>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "email-templates-list",
        "GET /v1/email-templates",
        "Lists kinds of mails and their own words",
    )
    .needs(&[Permission::EmailsRead])
    .ok::<Listed>()
}

/// Lists the kinds of mails with the organisation's own words.
///
/// # Errors
/// When the database fails.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::EmailsRead)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut data = Vec::with_capacity(EmailType::ALL.len());
        for kind in EmailType::ALL.into_iter().filter(|kind| !kind.is_to_vendor()) {
            data.push(View::new(kind, mail_wordings::of(&mut tenant, kind).await?));
        }
        Reply::ok(&Listed { data })
    })
}
