#![doc = include_str!("../README.md")]

mod alerts;
mod amount;
mod audit;
mod buyer;
mod catalogue;
mod classify;
mod currency;
mod ean;
mod email;
mod export;
mod file_name;
mod hex;
mod ids;
mod late_file;
mod likeness;
mod messages;
pub mod metrics;
mod period;
mod person;
mod reference;
mod report;
mod report_mail;
mod reports;
mod sale;
pub mod schedule;
pub mod table;
mod text;
mod upload;
mod vendor_profile;
mod words;

pub use alerts::{AlertCondition, AlertPeriod, AlertRepeat, AlertRule, AlertSide, AlertVerdict};
pub use amount::with_cents;
pub use audit::{Action, ActorKind, AuditOutcome};
pub use buyer::{Buyer, BuyerKey};
pub use catalogue::{Matched, PrintedProduct, ProductMatch, Reference, alias_key};
pub use classify::{Consequence, Line};
pub use currency::{Currency, InvalidCurrency};
pub use ean::{has_check_digit, normalise_ean};
pub use email::{
    AccountMail, DigestItem, DigestMail, EmailEvent, EmailStatus, EmailType, FirstUpload, MailChanges,
    MailChoice, MailPeriod, MailTotal, NoticeMail, SuppressionReason, UploadMail,
};
pub use export::{ExportFormat, ExportStatus, NumberStyle};
pub use file_name::{FileName, InvalidFileName};
pub use hex::{from_hex, to_hex};
pub use ids::{
    AlertId, ApiKeyId, ConversationId, DocumentId, EmailId, ExportId, IdentityId, InvalidRequestId,
    KnownGapId, LateFileId, MessageId, OrgId, PolicyId, ReportId, ReportRunId, ReportScheduleId, RequestId,
    SessionId, SuppressionId, UploadId, UserId, VendorProfileId,
};
pub use late_file::{LateFileEnd, ReminderMail, ReminderStatus};
pub use likeness::spelling;
pub use likeness::{Likenesses, StoreLikeness, Suggestion, Unmatched, like_stores};
pub use messages::{EmailRequested, ExportRequested, IngestRequested, ProfileTestRequested, ReportRequested};
pub use period::{InvalidPeriod, Period};
pub use person::{is_email, is_name};
pub use reference::{ListPrice, Product, ProductAlias, ProductKind, Rate, ReferenceData};
pub use report::{Clue, Proposal, Report, ReportTotal};
pub use report_mail::{DOWNLOAD_TIME, MailFile, ReportMail, ScheduleMail};
pub use reports::{ReportFormat, ReportKind, ReportLocale, ReportRecipient, ReportScope, ReportStatus};
pub use sale::{Channel, Cut, Derived, DocumentKind, LineClass, OrderLine, SaleRow, SourceCell, StoreKind};
pub use text::{compact, fold, visible_line};
pub use upload::{
    Control, Finding, PeriodChange, Question, QuestionOption, Reject, RowCounts, StatedPeriod,
    SuggestedAnswer, UploadMode, UploadSource, UploadStatus,
};
pub use vendor_profile::{BackTest, PeriodDifference, PeriodFigures, ProfileOrigin, TestOutcome, TestedFile};

/// Largest file Shelfline takes, in bytes; a million rows take about 150 MB.
///
/// The one place this limit is stated: the upload route announces it, the presigned PUT carries the exact size, and
/// file-ingest refuses larger objects.
pub const MAX_FILE_BYTES: u64 = 500 * 1024 * 1024;
