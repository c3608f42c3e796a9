//! An organisation's own words in a mail: plain text with `{{ variable }}` in it, and nothing that runs.

use domain::{EmailType, visible_line};
use serde_json::Value;

use crate::view::shorten;

/// Longest subject after its variables were filled in; more is cut in every list of mails.
const MOST_SUBJECT_CHARS: usize = 200;

/// Longest first paragraph.
const MOST_INTRO_CHARS: usize = 2_000;

/// Words in place of ours.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words<'a> {
    pub subject: Option<&'a str>,
    /// A paragraph before everything else.
    pub intro: Option<&'a str>,
}

/// A name between braces that mails of this kind do not have.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no variable {0}")]
pub struct UnknownVariable(pub String);

/// What can stand between braces in mails of this kind.
#[must_use]
pub fn variables(kind: EmailType) -> &'static [&'static str] {
    match kind {
        EmailType::UploadCompleted
        | EmailType::UploadNeedsReview
        | EmailType::UploadRejected
        | EmailType::UploadDuplicate
        | EmailType::UploadFailed => &["file_name", "vendor"],
        EmailType::EmailVerification | EmailType::PasswordReset => &["organization"],
        EmailType::Invitation => &["organization", "invited_by"],
        EmailType::ReportReady | EmailType::ReportFailed => {
            &["organization", "title", "period", "schedule", "note"]
        }
        EmailType::ScheduleStopped => &["organization", "schedule", "reason"],
        EmailType::FileMissing | EmailType::Anomaly => &["organization", "headline"],
        // What somebody has approved is sent as it is.
        EmailType::FileReminder => &[],
        EmailType::Digest => &["organization", "count"],
    }
}

/// # Errors
/// When the text names a variable that mails of this kind do not have.
pub fn check(kind: EmailType, text: &str) -> Result<(), UnknownVariable> {
    let known = variables(kind);
    for (_, name) in pieces(text) {
        if let Some(name) = name.filter(|name| !known.contains(name)) {
            return Err(UnknownVariable(shorten(&visible_line(name), 60)));
        }
    }
    Ok(())
}

/// One line: whatever a variable holds, it starts no other header.
pub(crate) fn subject(text: &str, kind: EmailType, view: &Value) -> String {
    shorten(&filled(text, kind, view), MOST_SUBJECT_CHARS)
}

/// One paragraph; the template escapes it.
pub(crate) fn intro(text: &str, kind: EmailType, view: &Value) -> String {
    shorten(&filled(text, kind, view), MOST_INTRO_CHARS)
}

fn filled(text: &str, kind: EmailType, view: &Value) -> String {
    let known = variables(kind);
    let mut filled = String::with_capacity(text.len());
    for (before, name) in pieces(text) {
        filled.push_str(before);
        match name.filter(|name| known.contains(name)).map(|name| &view[name]) {
            Some(Value::String(value)) => filled.push_str(value),
            Some(Value::Number(value)) => filled.push_str(&value.to_string()),
            _ => {}
        }
    }
    // A line break is a blank, not nothing: words must not grow together.
    visible_line(&filled.replace(['\r', '\n', '\t'], " ")).trim().to_owned()
}

/// Texts, each with the name between the braces behind it. Braces that do not close are text.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some((before, behind)) = current.split_once("{{") else {
            rest = None;
            return Some((current, None));
        };
        let Some((name, behind)) = behind.split_once("}}") else {
            rest = None;
            return Some((current, None));
        };
        rest = Some(behind);
        Some((before, Some(name.trim())))
    })
}
