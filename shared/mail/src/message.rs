//! From a rendered mail to the bytes that are sent.

use chrono::{DateTime, Utc};
use domain::{EmailId, visible_line};
use mail_builder::{
    MessageBuilder,
    headers::{content_type::ContentType, raw::Raw},
    mime::{BodyPart, MimePart},
};

use crate::{Address, Error, Mailbox, Rendered};

/// What stands around the words of a mail.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    pub id: EmailId,
    pub made_at: DateTime<Utc>,
    /// The request that it comes from.
    pub request_id: Option<&'a str>,
    pub from: &'a Mailbox,
    pub to: &'a Address,
    /// Where answers go instead of to the sender.
    pub reply_to: Option<&'a Address>,
    /// Where a POST ends mails of this kind (RFC 8058); `None`: the reader cannot do without them.
    pub unsubscribe: Option<&'a str>,
}

/// A file that goes with a mail.
#[derive(Debug, Clone)]
pub struct Attachment<'a> {
    pub name: &'a str,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// The MIME message: text and HTML, encoded headers, a Message-ID that depends on the mail's id alone.
///
/// # Errors
/// When the message cannot be written.
pub fn compose(
    envelope: &Envelope<'_>,
    rendered: &Rendered,
    attachment: Option<Attachment<'_>>,
) -> Result<Vec<u8>, Error> {
    let Envelope { id, made_at, request_id, from, to, reply_to, unsubscribe } = *envelope;
    let mut message = MessageBuilder::new()
        .message_id(format!("{id}@{}", from.address.domain()))
        .date(made_at.timestamp())
        .to(to.as_str())
        .subject(rendered.subject.as_str())
        // Asks mail robots not to answer.
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .text_body(rendered.text.as_str())
        .html_body(rendered.html.as_str());
    if let Some(id) = request_id {
        message = message.header("X-Request-Id", Raw::new(id));
    }
    if let Some(address) = reply_to {
        message = message.reply_to(address.as_str());
    }
    if let Some(url) = unsubscribe {
        message = message
            .header("List-Unsubscribe", Raw::new(format!("<{url}>")))
            .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
    }
    message = match &from.name {
        Some(name) => message.from((name.as_str(), from.address.as_str())),
        None => message.from(from.address.as_str()),
    };
    if let Some(Attachment { name, media_type, bytes }) = attachment {
        let name = plain_name(name);
        // Older programs look for the name in the type; both are encoded after RFC 2231 where they have to be.
        let mut kind = ContentType::new(media_type).attribute("name", name.clone());
        if kind.is_text() {
            kind = kind.attribute("charset", "utf-8");
        }
        let part = MimePart::new(kind, BodyPart::Binary(bytes.into())).attachment(name);
        message.attachments.get_or_insert_default().push(part);
    }
    message.write_to_vec().map_err(|source| Error::Compose { source })
}

/// A name without a path: mail programs offer it for saving.
fn plain_name(name: &str) -> String {
    let name = visible_line(name).replace(['/', '\\', ':', '"'], "_");
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "report".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests;
