//! Files that have not come in time, and the reminders that retailers get.

pub mod approve;
pub mod dismiss;
pub mod get;
pub mod list;
pub mod update;

use chrono::{DateTime, NaiveDate, Utc};
use data::{
    audit::{Event, Subject},
    late_files::LateFile,
};
use domain::{Action, EmailId, LateFileId, ReminderStatus, ReportLocale};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LateFile")]
struct View {
    id: LateFileId,
    /// The vendor's key.
    vendor: String,
    /// What people call it.
    vendor_name: String,
    /// The days that nobody has reported, both inclusive.
    from: NaiveDate,
    to: NaiveDate,
    /// The last day on which it would have been in time: what is usual for this vendor, and some days of grace.
    due_on: NaiveDate,
    noticed_at: DateTime<Utc>,
    /// When nothing of it was missing any more; `null`: it is still late.
    settled_at: Option<DateTime<Utc>>,
    /// `arrived`, or `not_expected`: a known gap, or a vendor that nobody waits for.
    settled_as: Option<String>,
    reminder: ReminderView,
    version: i32,
}

/// What its retailer is asked, or would be.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FileReminder")]
struct ReminderView {
    status: ReminderStatus,
    /// `null`: the vendor has no address, and the reminder cannot be approved.
    to: Option<String>,
    contact_name: Option<String>,
    language: ReportLocale,
    subject: String,
    /// Plain text; a blank line begins a paragraph.
    body: String,
    /// Whether somebody has put own words in place of the drafted ones.
    edited: bool,
    /// The mail that it became: `GET /v1/emails/{id}` says what became of that.
    email_id: Option<EmailId>,
    /// Who approved or dismissed it.
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
}

impl From<LateFile> for View {
    fn from(late: LateFile) -> Self {
        Self {
            id: LateFileId(late.id),
            vendor: late.vendor,
            vendor_name: late.vendor_name,
            from: late.first_day,
            to: late.last_day,
            due_on: late.due_on,
            noticed_at: late.noticed_at,
            settled_at: late.settled_at,
            settled_as: late.settled_as,
            reminder: ReminderView {
                status: late.reminder.0,
                to: late.contact_email,
                contact_name: late.contact_name,
                language: late.contact_language.0,
                subject: late.subject,
                body: late.body,
                edited: late.edited,
                email_id: late.email_id.map(EmailId),
                decided_by: late.decided_by,
                decided_at: late.decided_at,
            },
            version: late.version,
        }
    }
}

fn event(action: Action, late: &LateFile) -> Event {
    Event::new(action)
        .about(Subject::new("late_file", late.id))
        .with("vendor", late.vendor.as_str())
        .with("first_day", late.first_day.to_string())
}

/// Only a reminder that waits can be changed, approved or dismissed.
fn waiting(late: &LateFile) -> Result<(), ApiError> {
    if late.waits() {
        return Ok(());
    }
    Err(ApiError::conflict("reminder_decided", "This reminder does not wait any more: look at it again."))
}

#[cfg(test)]
mod tests;
