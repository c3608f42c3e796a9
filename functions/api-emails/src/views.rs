//! What the API says about mails.

use chrono::{DateTime, Utc};
use data::emails::EmailLog;
use domain::{EmailId, EmailStatus, EmailType, UploadId};
use schemars::JsonSchema;
use serde::Serialize;

/// One line of the mail log.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EmailView {
    id: EmailId,
    r#type: EmailType,
    recipient: String,
    subject: Option<String>,
    status: EmailStatus,
    attempts: u32,
    size_bytes: Option<u64>,
    error: Option<String>,
    upload_id: Option<UploadId>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl From<EmailLog> for EmailView {
    fn from(log: EmailLog) -> Self {
        Self {
            id: log.id,
            r#type: log.kind,
            recipient: log.recipient,
            subject: log.subject,
            status: log.status,
            attempts: log.attempts,
            size_bytes: log.size_bytes,
            error: log.error,
            upload_id: log.upload_id,
            created_at: log.created_at,
            sent_at: log.sent_at,
        }
    }
}
