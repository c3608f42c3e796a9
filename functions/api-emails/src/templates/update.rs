//! `PUT /v1/email-templates/{type}`

use data::{
    audit::{Event, Subject},
    mail_wordings,
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{Body, View, kind};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "email-templates-update",
        "PUT /v1/email-templates/{type}",
        "Changes subject and first paragraph of a kind of mails",
    )
    .details("Plain text with `{{ variable }}` in it. A text that is `null` or missing is ours again.")
    .needs(&[Permission::RolesManage])
    .path_text("type", "report_ready", "A kind of mails, as the list names it.")
    .body::<Body>()
    .ok::<View>()
}

/// Keeps an organisation's own words for one kind of mails.
///
/// # Errors
/// 404 for a kind that there is not, 422 for a variable that such mails do not have.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let kind = kind(&request)?;
        let wording = request.json::<Body>()?.check(kind)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        mail_wordings::set(&mut tenant, kind, &wording).await?;
        let event =
            Event::new(Action::EmailTemplateUpdated).about(Subject::new("email_template", kind.as_str()));
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Reply::ok(&View::new(kind, wording))
    })
}
