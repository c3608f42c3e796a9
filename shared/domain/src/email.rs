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
        /// A vendor's file is late.
        FileMissing = "file_missing",
        /// Asks a retailer for a late file, in words that somebody has approved.
        FileReminder = "file_reminder",
        /// A figure left its bounds, or is unlike what it was before.
        Anomaly = "anomaly",
        /// What a reader wants to hear of once a day.
        Digest = "digest",
    }
);

impl EmailType {
    /// All kinds, in the order in which people are asked about them.
    pub const ALL: [Self; 15] = [
        Self::UploadCompleted,
        Self::UploadNeedsReview,
        Self::UploadRejected,
        Self::UploadDuplicate,
        Self::UploadFailed,
        Self::ReportReady,
        Self::ReportFailed,
        Self::ScheduleStopped,
        Self::FileMissing,
        Self::FileReminder,
        Self::Anomaly,
        Self::Digest,
        Self::EmailVerification,
        Self::PasswordReset,
        Self::Invitation,
    ];

    /// Whether it is about the reader's own account. Nobody can do without these, so they are neither turned off nor held.
    #[must_use]
    pub fn is_about_account(self) -> bool {
        matches!(self, Self::EmailVerification | Self::PasswordReset | Self::Invitation)
    }

    /// Whether it goes to a retailer instead of somebody of the organisation.
    #[must_use]
    pub fn is_to_vendor(self) -> bool {
        self == Self::FileReminder
    }

    /// Whether a reader may turn it off.
    #[must_use]
    pub fn is_optional(self) -> bool {
        !self.is_about_account() && self != Self::Digest
    }

    /// Whether a line in tomorrow's digest can stand for it; a report is its file, and a retailer has no digest.
    #[must_use]
    pub fn can_wait(self) -> bool {
        self.is_optional() && self != Self::ReportReady && !self.is_to_vendor()
    }

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
        /// A try was begun; what became of it is not known yet.
        Sending = "sending",
        /// The mail service took it.
        Sent = "sent",
        /// The reader's mail server took it.
        Delivered = "delivered",
        /// The reader's mail server gave it back.
        Bounced = "bounced",
        /// The reader called it spam.
        Complained = "complained",
        /// Given up; the error says why.
        Failed = "failed",
        /// Not sent: an earlier mail to this address bounced or was called spam.
        Suppressed = "suppressed",
        /// Not sent: the reader does not want mails of this kind.
        Muted = "muted",
        /// Waits for the reader's next digest.
        Held = "held",
        /// The reader's digest told of it.
        Digested = "digested",
    }
);

words!(
    /// What happened to a mail.
    EmailEvent {
        /// A try was begun.
        Tried = "tried",
        /// The mail service took it.
        Accepted = "accepted",
        /// The mail service did not take it, or could not be asked.
        NotAccepted = "not_accepted",
        /// The connection broke before the mail service had answered.
        Unanswered = "unanswered",
        Delivered = "delivered",
        /// The reader's mail server lets it wait.
        Delayed = "delayed",
        Bounced = "bounced",
        Complained = "complained",
        /// The mail service took it back, for example because of a virus.
        Rejected = "rejected",
    }
);

words!(
    /// How a reader wants mails of one kind.
    MailChoice {
        On = "on",
        Off = "off",
        /// As a line in one mail a day.
        Digest = "digest",
    }
);

words!(
    /// Why no mail goes to an address any more.
    SuppressionReason {
        /// A mail server said that there is no such reader.
        Bounce = "bounce",
        /// The reader called a mail spam.
        Complaint = "complaint",
    }
);

/// What a mail of the kinds `file_missing` and `anomaly` tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeMail {
    pub organization: String,
    /// In one line, for example `Galilu is 12 days late`.
    pub headline: String,
    /// Sentences, each a paragraph.
    pub lines: Vec<String>,
    /// Where more is, below the address of the application: `coverage?vendor=galilu`.
    pub page: String,
}

/// The payload of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DigestMail {
    pub organization: String,
    /// Oldest first.
    pub items: Vec<DigestItem>,
}

/// A mail that a digest stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DigestItem {
    pub r#type: EmailType,
    /// What its subject would have been.
    pub subject: String,
    pub at: DateTime<Utc>,
}

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
