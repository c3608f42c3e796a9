//! What mails about reports tell.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Finding, ReportFormat, ReportId, ReportScheduleId};

/// How long the link works, from the making of its mail on, to a file that is too large for a mail.
pub const DOWNLOAD_TIME: TimeDelta = TimeDelta::days(7);

/// The payload of `report_ready` and `report_failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportMail {
    pub report_id: ReportId,
    /// As on the cover.
    pub title: String,
    /// In words, for example `January 2026`.
    pub period: String,
    pub organization: String,
    /// Name of the schedule that it was made for; `None` when a person asked for it.
    pub schedule: Option<String>,
    /// What `report_ready` carries; such a mail without a file is a failed mail.
    pub file: Option<MailFile>,
    /// Replaces one that was sent before and whose figures have changed since.
    pub corrected: bool,
    /// A sentence for the reader, for example that the period has no data, or what was corrected.
    pub note: Option<String>,
    /// Why there is no report.
    pub error: Option<Finding>,
}

/// A file that a mail carries or leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailFile {
    /// Where it lies in the bucket for reports.
    pub object_key: String,
    /// What the reader's mail program saves it as.
    pub name: String,
    pub format: ReportFormat,
    pub size_bytes: u64,
}

/// The payload of `schedule_stopped`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleMail {
    pub schedule_id: ReportScheduleId,
    /// Its name.
    pub schedule: String,
    pub organization: String,
    /// Why, in one sentence: it failed five times in a row, or its owner lost a right.
    pub reason: String,
}
