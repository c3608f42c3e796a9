//! From a rendered mail to the bytes that are sent.

use chrono::{DateTime, Utc};
use domain::EmailId;
use mail_builder::MessageBuilder;

use crate::{Address, Error, Mailbox, Rendered};

/// The MIME message: text and HTML, encoded headers, a Message-ID that depends on the mail's id alone.
///
/// # Errors
/// When the message cannot be written.
pub fn compose(
    id: EmailId,
    made_at: DateTime<Utc>,
    request_id: Option<&str>,
    from: &Mailbox,
    to: &Address,
    rendered: &Rendered,
) -> Result<Vec<u8>, Error> {
    let message = MessageBuilder::new()
        .message_id(format!("{id}@{}", from.address.domain()))
        .date(made_at.timestamp())
        .to(to.as_str())
        .subject(rendered.subject.as_str())
        // Asks mail robots not to answer.
        .header("Auto-Submitted", mail_builder::headers::raw::Raw::new("auto-generated"))
        .text_body(rendered.text.as_str())
        .html_body(rendered.html.as_str());
    let message = match request_id {
        Some(id) => message.header("X-Request-Id", mail_builder::headers::raw::Raw::new(id)),
        None => message,
    };
    let message = match &from.name {
        Some(name) => message.from((name.as_str(), from.address.as_str())),
        None => message.from(from.address.as_str()),
    };
    message.write_to_vec().map_err(|source| Error::Compose { source })
}
