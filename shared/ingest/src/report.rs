//! What goes into [`parse`](crate::parse) and what comes out besides the rows.

use std::path::Path;

use domain::{Control, DocumentKind, Finding, Question, Reject, RowCounts, StatedPeriod};
use serde::Serialize;

use crate::Profile;

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

/// Everything a file says besides its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Vendor key; `None` while a question asks for it.
    pub vendor: Option<String>,
    /// From 0 to 1: how much of what is expected of this vendor's files was found.
    pub vendor_confidence: f64,
    /// Profile and version, for example `liberty@1`; `None` while the vendor is unknown.
    pub layout: Option<String>,
    pub kind: DocumentKind,
    pub rows: RowCounts,
    /// Every cut, per currency, in order of time.
    pub periods: Vec<StatedPeriod>,
    pub controls: Vec<Control>,
    /// At most [`MAX_REJECTS_KEPT`](crate::MAX_REJECTS_KEPT); `rows.rejected` counts all.
    pub rejects: Vec<Reject>,
    pub warnings: Vec<Finding>,
    pub questions: Vec<Question>,
    /// How a file was understood that no profile knows, with the answers given so far; what a person confirms and
    /// what is remembered.
    pub proposal: Option<Proposal>,
}

/// A layout found by looking at the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// In the form of the shipped profiles.
    pub profile: Profile,
    pub findings: Vec<Clue>,
}

/// One thing that was found out, for example which column holds the amount.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clue {
    /// What was asked of the file, for example `amount` or `period`.
    pub what: String,
    pub value: String,
    /// From 0 to 1.
    pub confidence: f64,
    pub evidence: String,
}

impl Report {
    /// Whether nothing may count before a person has decided: a question is open or a control does not tie.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.questions.is_empty() || self.controls.iter().any(|control| !control.ok)
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
