//! What people of the organisation and its retailers are told about a late file.

use chrono::NaiveDate;
use data::{coverage::Late, organizations::Settings, vendors::Vendor};
use domain::{LateFileId, NoticeMail, Period, ReportLocale};
use mail::reminder::{Draft, Reminder};

/// What a reminder says of a late file whose vendor this is.
pub(crate) fn draft(organization: &Settings, vendor: &Vendor, late: &Late) -> Draft {
    let language = vendor.contact_language.as_deref().and_then(|word| word.parse().ok());
    let reminder = Reminder {
        language: language.unwrap_or(ReportLocale::English),
        organization: organization.brand_name.as_deref().unwrap_or(&organization.name),
        contact: vendor.contact_name.as_deref(),
        vendor: &vendor.name,
        days: late.days,
        due_on: late.due_on,
    };
    reminder.draft()
}

/// What members are told.
pub(crate) fn notice(
    organization: &Settings,
    vendor: &Vendor,
    id: LateFileId,
    late: &Late,
    today: NaiveDate,
) -> NoticeMail {
    let count = (today - late.due_on).num_days();
    let unit = if count == 1 { "day" } else { "days" };
    let next = match &vendor.contact_email {
        Some(address) => format!("A reminder to {address} is drafted; it is sent when you approve it."),
        None => {
            "A reminder is drafted, but there is no address to send it to: give the vendor one.".to_owned()
        }
    };
    NoticeMail {
        organization: organization.name.clone(),
        headline: format!("{}: {} is {count} {unit} late", vendor.name, in_words(late.days)),
        lines: vec![
            format!(
                "It usually comes by {}, some days of grace included; nothing has come yet.",
                late.due_on
            ),
            next,
            "If these days will not come, state a known gap: then nobody waits for them any more.".to_owned(),
        ],
        page: format!("late-files/{id}"),
    }
}

fn in_words(days: Period) -> String {
    let (start, end) = (days.start(), days.end());
    if start == end { start.to_string() } else { format!("{start} to {end}") }
}
