//! Templates of mails, embedded and checked when they are loaded.

use chrono::{DateTime, Utc};
use domain::EmailType;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde_json::Value;

use crate::{Error, Words, view, wording};

/// A mail ready to be composed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What only the sender of a mail knows.
#[derive(Debug, Clone, Default)]
pub struct Additions<'a> {
    /// Makes the link of a mail about an account work.
    pub token: &'a str,
    /// Where the file of a mail is downloaded; `None`: it is attached.
    pub download: Option<Download>,
    /// Where mails of this kind are turned off; `None`: nowhere.
    pub unsubscribe: Option<&'a str>,
    /// The organisation's own words.
    pub words: Words<'a>,
}

/// A link that expires.
#[derive(Debug, Clone)]
pub struct Download {
    pub url: String,
    pub until: DateTime<Utc>,
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

const SOURCES: [(&str, &str); 50] = sources![
    "layout.txt",
    "layout.html",
    "figures.html",
    "account.html",
    "notice.html",
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
    "report_ready/subject.txt",
    "report_ready/body.txt",
    "report_ready/body.html",
    "report_failed/subject.txt",
    "report_failed/body.txt",
    "report_failed/body.html",
    "schedule_stopped/subject.txt",
    "schedule_stopped/body.txt",
    "schedule_stopped/body.html",
    "file_missing/subject.txt",
    "file_missing/body.txt",
    "file_missing/body.html",
    "file_reminder/subject.txt",
    "file_reminder/body.txt",
    "file_reminder/body.html",
    "anomaly/subject.txt",
    "anomaly/body.txt",
    "anomaly/body.html",
    "digest/subject.txt",
    "digest/body.txt",
    "digest/body.html",
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

    /// Renders the mail of this type from its stored payload and from what only its sender knows.
    ///
    /// # Errors
    /// When the payload is not what the type needs.
    pub fn render(
        &self,
        kind: EmailType,
        payload: &Value,
        additions: &Additions<'_>,
    ) -> Result<Rendered, Error> {
        let mut view = view::of(kind, payload, &self.public_url, additions)
            .map_err(|source| Error::Payload { source })?;
        let intro = additions.words.intro.map(|text| wording::intro(text, kind, &view));
        view["intro"] = intro.into();
        let subject = match additions.words.subject {
            Some(text) => wording::subject(text, kind, &view),
            None => self.part(kind, "subject.txt", &view)?.trim().to_owned(),
        };
        let text = self.part(kind, "body.txt", &view)?;
        Ok(Rendered { subject, text, html: self.part(kind, "body.html", &view)? })
    }

    fn part(&self, kind: EmailType, file: &str, view: &Value) -> Result<String, Error> {
        let name = format!("{}/{file}", kind.as_str());
        let rendered = self.environment.get_template(&name).and_then(|template| template.render(Serde(view)));
        rendered.map_err(|source| Error::Template { name, source })
    }
}

#[cfg(test)]
mod tests;
