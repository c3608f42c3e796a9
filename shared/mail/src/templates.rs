//! Templates of mails, embedded and checked when they are loaded.

use domain::{AccountMail, EmailType, UploadMail};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Deserialize as _;
use serde_json::Value;

use crate::{Error, view};

/// A mail ready to be composed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// All templates, and where links lead.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    public_url: String,
}

/// Subjects stay readable in a list of mails.
const MOST_SUBJECT_NAME_CHARS: usize = 60;

macro_rules! sources {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("../templates/", $name)))),+] };
}

const SOURCES: [(&str, &str); 28] = sources![
    "layout.txt",
    "layout.html",
    "figures.html",
    "account.html",
    "upload_completed/subject.txt",
    "upload_completed/body.txt",
    "upload_completed/body.html",
    "upload_needs_review/subject.txt",
    "upload_needs_review/body.txt",
    "upload_needs_review/body.html",
    "upload_rejected/subject.txt",
    "upload_rejected/body.txt",
    "upload_rejected/body.html",
    "upload_duplicate/subject.txt",
    "upload_duplicate/body.txt",
    "upload_duplicate/body.html",
    "upload_failed/subject.txt",
    "upload_failed/body.txt",
    "upload_failed/body.html",
    "email_verification/subject.txt",
    "email_verification/body.txt",
    "email_verification/body.html",
    "password_reset/subject.txt",
    "password_reset/body.txt",
    "password_reset/body.html",
    "invitation/subject.txt",
    "invitation/body.txt",
    "invitation/body.html",
];

impl Templates {
    /// Loads every template. Links begin with `public_url`.
    ///
    /// # Errors
    /// When a template does not parse.
    pub fn new(public_url: impl Into<String>) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // A line that holds nothing but a block leaves nothing behind.
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|source| Error::Template { name: "syntax".to_owned(), source })?;
        environment.set_syntax(syntax);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        });
        environment.add_filter("short", |text: &str| view::shorten(text, MOST_SUBJECT_NAME_CHARS));
        for (name, source) in SOURCES {
            environment
                .add_template(name, source)
                .map_err(|source| Error::Template { name: name.to_owned(), source })?;
        }
        Ok(Self { environment, public_url: public_url.into() })
    }

    /// Renders the mail of this type about an account. The token is what makes its link work.
    ///
    /// # Errors
    /// When the payload is not what the type needs.
    pub fn render_account(&self, kind: EmailType, payload: &Value, token: &str) -> Result<Rendered, Error> {
        let mail = AccountMail::deserialize(payload).map_err(|source| Error::Payload { source })?;
        let view = view::of_account(kind, &mail, &self.public_url, token)
            .map_err(|source| Error::Payload { source })?;
        self.parts(kind, &view)
    }

    /// Renders the mail of this type about an upload from its stored payload.
    ///
    /// # Errors
    /// When the payload is not what the type needs.
    pub fn render(&self, kind: EmailType, payload: &Value) -> Result<Rendered, Error> {
        let mail = UploadMail::deserialize(payload).map_err(|source| Error::Payload { source })?;
        let view = view::of_upload(&mail, &self.public_url).map_err(|source| Error::Payload { source })?;
        self.parts(kind, &view)
    }

    fn parts(&self, kind: EmailType, view: &Value) -> Result<Rendered, Error> {
        Ok(Rendered {
            subject: self.part(kind, "subject.txt", view)?.trim().to_owned(),
            text: self.part(kind, "body.txt", view)?,
            html: self.part(kind, "body.html", view)?,
        })
    }

    fn part(&self, kind: EmailType, file: &str, view: &Value) -> Result<String, Error> {
        let name = format!("{}/{file}", kind.as_str());
        let rendered = self.environment.get_template(&name).and_then(|template| template.render(Serde(view)));
        rendered.map_err(|source| Error::Template { name, source })
    }
}

#[cfg(test)]
mod tests;
