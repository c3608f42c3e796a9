//! What mails say, and an organisation's own words in them.

pub mod list;
pub mod preview;
pub mod update;

use data::mail_wordings::Wording;
use domain::EmailType;
use edge::{ApiError, FieldError, http::Request};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words of an organisation for one kind of mail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EmailTemplate")]
struct View {
    r#type: EmailType,
    /// What can stand between double braces in the texts.
    variables: &'static [&'static str],
    /// The organisation's own; `null`: ours.
    subject: Option<String>,
    /// A paragraph before everything else; `null`: none.
    intro: Option<String>,
}

impl View {
    fn new(kind: EmailType, wording: Wording) -> Self {
        Self {
            r#type: kind,
            variables: mail::wording::variables(kind),
            subject: wording.subject,
            intro: wording.intro,
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    #[schemars(length(min = 1, max = 200))]
    subject: Option<String>,
    #[schemars(length(min = 1, max = 1000))]
    intro: Option<String>,
}

impl Body {
    fn check(self, kind: EmailType) -> Result<Wording, ApiError> {
        let mut wrong = Vec::new();
        for (pointer, text, most) in [("/subject", &self.subject, 200), ("/intro", &self.intro, 1000)] {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.chars().count() > most || text.contains('\0') {
                wrong.push(FieldError::new(pointer, "length", format!("It has 1 to {most} characters.")));
            } else if let Err(unknown) = mail::wording::check(kind, text) {
                let known = mail::wording::variables(kind).join(", ");
                let message = format!("There is no variable \"{}\" in these mails, only {known}.", unknown.0);
                wrong.push(FieldError::new(pointer, "unknown_variable", message));
            }
        }
        if wrong.is_empty() {
            Ok(Wording { subject: self.subject, intro: self.intro })
        } else {
            Err(ApiError::validation(wrong))
        }
    }
}

/// The kind of mails that a route names. What goes to retailers has words of its own each time.
fn kind(request: &Request) -> Result<EmailType, ApiError> {
    let kind: EmailType = request.path("type")?;
    if kind.is_to_vendor() { Err(ApiError::not_found()) } else { Ok(kind) }
}

#[cfg(test)]
mod tests;
