//! `POST /v1/unsubscribe/{token}`

use data::{
    MailLink,
    audit::{Event, Subject},
    emails, mail_choices,
};
use domain::{Action, MailChoice};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};

use super::page;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("unsubscribe-confirm", "POST /v1/unsubscribe/{token}", "Ends mails of a kind for a reader")
        .details("One click of a mail program (RFC 8058) or the button of the page. The body does not matter; doing it again changes nothing.")
        .path_text("token", "AZlNLgAA", "As it stands in the mail.")
        .for_anybody()
        .download("text/html")
}

/// Turns mails of this kind off for the reader of this one. The answer is the same whether or not there still is one.
///
/// # Errors
/// 404 for a link that we did not write.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let token: String = request.path("token")?;
        let (org, id) =
            ctx.database.read_mail_token(MailLink::Unsubscribe, &token).ok_or_else(ApiError::not_found)?;
        let mut tenant = ctx.database.system(org).await?;
        if let Some(found) = emails::find(&mut tenant, id).await?
            && found.log.kind.is_optional()
        {
            let off = MailChoice::Off;
            mail_choices::set(&mut tenant, &found.log.recipient, found.log.kind, off).await?;
            let event = Event::new(Action::NotificationsUpdated).about(Subject::new("email", id));
            request.record(&mut tenant, event.with("type", found.log.kind.as_str()));
            tenant.commit().await?;
        }
        Ok(page(
            "<h1>Done.</h1><p>No more mails of this kind come to you. Mails about your account still do.</p>",
        ))
    })
}
