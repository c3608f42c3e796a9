//! `GET /v1/unsubscribe/{token}`

use data::MailLink;
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
    Operation::new(
        "unsubscribe-show",
        "GET /v1/unsubscribe/{token}",
        "Asks whether mails of a kind shall end",
    )
    .details("Changes nothing: programs that look at every link of a mail must not end it.")
    .path_text("token", "AZlNLgAA", "As it stands in the mail.")
    .for_anybody()
    .download("text/html")
}

/// Asks on a page with one button.
///
/// # Errors
/// 404 for a link that we did not write.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let token: String = request.path("token")?;
        ctx.database.read_mail_token(MailLink::Unsubscribe, &token).ok_or_else(ApiError::not_found)?;
        Ok(page(
            "<h1>No more mails of this kind?</h1><form method=\"post\"><button style=\"font-size:1.1em;padding:.6em 1.2em\">\
         Stop them</button></form><p>Mails about your account still come.</p>",
        ))
    })
}
