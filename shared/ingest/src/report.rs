//! What goes into [`parse`](crate::parse), and why it may refuse.

use std::path::Path;

/// A file to read, with what people have said about it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Where the bytes are.
    pub path: &'a Path,
    /// The sender's name for the file: only text, never a path.
    pub file_name: &'a str,
    /// Vendor key chosen by a person, for example `liberty`.
    pub vendor_hint: Option<&'a str>,
    /// Answers to questions of an earlier reading: question id and chosen value.
    pub answers: &'a [(String, String)],
}

impl Input<'_> {
    /// The answer a person gave to a question.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&str> {
        self.answers.iter().rev().find(|(id, _)| id == question).map(|(_, value)| value.as_str())
    }
}

/// The file cannot be used at all. The message is a sentence for a sales person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable, for example `workbook_encrypted`.
    pub code: &'static str,
    pub message: String,
    /// The vendor, where it was recognised before reading stopped.
    pub vendor: Option<String>,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), vendor: None }
    }

    pub(crate) fn of_vendor(mut self, vendor: &str) -> Self {
        self.vendor = Some(vendor.to_owned());
        self
    }
}
