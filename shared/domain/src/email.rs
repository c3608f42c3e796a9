//! Mails: their kinds, their life, and what a mail about an upload tells.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Control, Currency, Finding, Period, PeriodChange, Question, RowCounts, UploadId, UploadStatus, UserId,
    words::words,
};

words!(
    /// What a mail is about; also the name of its template.
    EmailType {
        UploadCompleted = "upload_completed",
        UploadNeedsReview = "upload_needs_review",
        UploadRejected = "upload_rejected",
        UploadDuplicate = "upload_duplicate",
        UploadFailed = "upload_failed",
        EmailVerification = "email_verification",
        PasswordReset = "password_reset",
        Invitation = "invitation",
        /// Carries the file, or a link where it is too large for a mail.
        ReportReady = "report_ready",
        ReportFailed = "report_failed",
        /// To the owner of a schedule that makes no reports any more.
        ScheduleStopped = "schedule_stopped",
    }
);

impl EmailType {
    /// The mail that announces an upload's new state; `None` for states that nobody waits for.
    #[must_use]
    pub fn of_upload(status: UploadStatus) -> Option<Self> {
        match status {
            UploadStatus::Completed => Some(Self::UploadCompleted),
            UploadStatus::NeedsReview => Some(Self::UploadNeedsReview),
            UploadStatus::Rejected => Some(Self::UploadRejected),
            UploadStatus::Duplicate => Some(Self::UploadDuplicate),
            UploadStatus::Failed => Some(Self::UploadFailed),
            UploadStatus::Pending
            | UploadStatus::Processing
            | UploadStatus::Undone
            | UploadStatus::Expired => None,
        }
    }
}

words!(
    /// Where a mail stands.
    EmailStatus {
        /// Waits for its first or next try.
        Queued = "queued",
        /// The mail service took it.
        Sent = "sent",
        /// Given up; the error says why.
        Failed = "failed",
    }
);

/// What a mail about somebody's account tells: the payload of `email_verification`, `password_reset` and `invitation`.
///
/// The token that such a mail carries is made when it is sent and stands in no payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountMail {
    pub user_id: UserId,
    pub organization: String,
    /// Who invited, where that is what the mail is about.
    pub invited_by: Option<String>,
}

/// What a mail about an upload tells: the payload stored with every `upload_…` mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UploadMail {
    pub upload_id: UploadId,
    pub file_name: String,
    pub vendor: Option<String>,
    pub periods: Vec<MailPeriod>,
    pub rows: RowCounts,
    pub totals: Vec<MailTotal>,
    pub controls: Vec<Control>,
    pub changes: MailChanges,
    pub warnings: Vec<Finding>,
    pub questions: Vec<Question>,
    /// Why it was rejected or failed.
    pub error: Option<Finding>,
    /// The upload that brought the same bytes first.
    pub duplicate_of: Option<FirstUpload>,
}

/// A period that the file states, per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailPeriod {
    #[serde(flatten)]
    pub period: Period,
    pub currency: Currency,
    pub records: u64,
    pub quantity: Decimal,
    pub amount_local: Option<Decimal>,
    pub change: PeriodChange,
}

/// The sum of the booked rows of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailTotal {
    pub currency: Currency,
    pub quantity: Decimal,
    pub amount_local: Option<Decimal>,
    /// `None` while a rate is missing.
    pub amount_eur: Option<Decimal>,
}

/// Rows against what the books said before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailChanges {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    pub unchanged: u64,
}

/// An earlier upload of the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstUpload {
    pub upload_id: UploadId,
    pub file_name: String,
    pub created_at: DateTime<Utc>,
}
