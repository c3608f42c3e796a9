//! Files that are late, and the reminders that retailers get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ReportLocale, words::words};

words!(
    /// What became of the reminder that was drafted for a late file.
    ReminderStatus {
        /// For somebody to approve it.
        Waiting = "waiting",
        /// It was sent; the mail log says what became of it.
        Approved = "approved",
        Dismissed = "dismissed",
        /// The file came before anybody had approved it, or is not expected any more.
        Withdrawn = "withdrawn",
    }
);

words!(
    /// Why a file is late no more.
    LateFileEnd {
        Arrived = "arrived",
        /// It is a known gap, or nobody waits for its vendor.
        NotExpected = "not_expected",
    }
);

/// The payload of a reminder: words that somebody has approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReminderMail {
    /// In whose name it is sent.
    pub organization: String,
    pub language: ReportLocale,
    pub subject: String,
    /// Plain text; a blank line begins a paragraph.
    pub body: String,
    /// Where answers go: whoever approved it.
    pub reply_to: Option<String>,
}
