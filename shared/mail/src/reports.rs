//! What SES reports about mails, as SNS brings it. Whoever can write to the queue could say anything here: nothing of it is
//! followed, opened or believed beyond what the sender of the mail knows itself.

use chrono::{DateTime, Utc};
use domain::{EmailEvent, EmailId, OrgId, SuppressionReason, visible_line};
use serde::Deserialize;

use crate::view::shorten;

/// Longest text of another mail server that is kept.
const MOST_DETAIL_CHARS: usize = 500;

/// What happened to one mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub org: OrgId,
    pub email: EmailId,
    pub event: EmailEvent,
    pub at: DateTime<Utc>,
    pub detail: Option<String>,
    /// Given by SES.
    pub message_id: String,
    /// Whom it is about; empty: every reader of the mail.
    pub recipients: Vec<String>,
    /// Why nothing more may be sent to them.
    pub suppress: Option<SuppressionReason>,
}

/// Why a message says nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Ignored {
    #[error("it is no notification, or comes from another topic")]
    Stranger,
    #[error("it is no report that can be read")]
    Unreadable,
    #[error("the mail is not one of ours")]
    Untagged,
    #[error("nothing follows from it")]
    Uninteresting,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    r#type: String,
    topic_arn: String,
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery: Option<Delivery>,
    reject: Option<Reject>,
    delivery_delay: Option<Delay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    timestamp: DateTime<Utc>,
    message_id: String,
    #[serde(default)]
    tags: Tags,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tags {
    org: Vec<String>,
    email: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
    timestamp: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    complained_recipients: Vec<Recipient>,
    complaint_feedback_type: Option<String>,
    timestamp: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
    diagnostic_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    timestamp: DateTime<Utc>,
    smtp_response: Option<String>,
}

#[derive(Deserialize)]
struct Reject {
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delay {
    timestamp: DateTime<Utc>,
    delay_type: Option<String>,
}

/// Reads a message that came by the topic `topic`.
///
/// # Errors
/// When nothing is to be done about it, now or ever.
pub fn read(body: &str, topic: &str) -> Result<Notice, Ignored> {
    let envelope: Envelope = serde_json::from_str(body).map_err(|_| Ignored::Stranger)?;
    // A request to confirm a subscription has an address in it that we shall open: we do not.
    if envelope.r#type != "Notification" || envelope.topic_arn != topic {
        return Err(Ignored::Stranger);
    }
    let report: Report = serde_json::from_str(&envelope.message).map_err(|_| Ignored::Unreadable)?;
    let tag = |values: &[String]| match values {
        [value] => Ok(value.clone()),
        _ => Err(Ignored::Untagged),
    };
    let org = tag(&report.mail.tags.org)?.parse().map_err(|_| Ignored::Untagged)?;
    let email = tag(&report.mail.tags.email)?.parse().map_err(|_| Ignored::Untagged)?;
    let message_id = one_line(&report.mail.message_id);
    let found = what(report)?;
    let detail = found.detail.map(|text| one_line(&text));
    let Found { event, at, recipients, suppress, .. } = found;
    Ok(Notice { org, email, event, at, detail, message_id, recipients, suppress })
}

/// Words of another server as they are kept: visible, on one line and not endless.
pub(crate) fn one_line(said: &str) -> String {
    shorten(&visible_line(said), MOST_DETAIL_CHARS)
}

struct Found {
    event: EmailEvent,
    at: DateTime<Utc>,
    detail: Option<String>,
    recipients: Vec<String>,
    suppress: Option<SuppressionReason>,
}

impl Found {
    fn new(event: EmailEvent, at: DateTime<Utc>, detail: Option<String>) -> Self {
        Self { event, at, detail, recipients: Vec::new(), suppress: None }
    }
}

fn what(mut report: Report) -> Result<Found, Ignored> {
    let event_type = std::mem::take(&mut report.event_type);
    let addresses = |recipients: &[Recipient]| {
        recipients.iter().map(|recipient| recipient.email_address.clone()).collect::<Vec<_>>()
    };
    Ok(match (event_type.as_str(), report) {
        ("Send", report) => Found::new(EmailEvent::Accepted, report.mail.timestamp, None),
        ("Delivery", Report { delivery: Some(delivery), .. }) => {
            Found::new(EmailEvent::Delivered, delivery.timestamp, delivery.smtp_response)
        }
        ("DeliveryDelay", Report { delivery_delay: Some(delay), .. }) => {
            Found::new(EmailEvent::Delayed, delay.timestamp, delay.delay_type)
        }
        ("Reject", report) => Found::new(
            EmailEvent::Rejected,
            report.mail.timestamp,
            report.reject.and_then(|reject| reject.reason),
        ),
        ("Bounce", Report { bounce: Some(bounce), .. }) => {
            let detail =
                bounce.bounced_recipients.iter().find_map(|recipient| recipient.diagnostic_code.clone());
            // A full mailbox is full for a while; only who is not there at all stays away.
            let suppress = (bounce.bounce_type == "Permanent").then_some(SuppressionReason::Bounce);
            let recipients = addresses(&bounce.bounced_recipients);
            Found { recipients, suppress, ..Found::new(EmailEvent::Bounced, bounce.timestamp, detail) }
        }
        ("Complaint", Report { complaint: Some(complaint), .. }) => {
            let recipients = addresses(&complaint.complained_recipients);
            let detail = complaint.complaint_feedback_type;
            let found = Found::new(EmailEvent::Complained, complaint.timestamp, detail);
            Found { recipients, suppress: Some(SuppressionReason::Complaint), ..found }
        }
        _ => return Err(Ignored::Uninteresting),
    })
}

#[cfg(test)]
mod tests;
