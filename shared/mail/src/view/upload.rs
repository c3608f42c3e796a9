//! What templates see of an upload.

use domain::{Control, FirstUpload, MailChanges, Question, RowCounts, UploadMail};
use serde::Serialize;
use serde_json::Value;

use super::make_visible;

/// A mail is read on a phone: whoever wants more than this many of a kind opens the upload.
const MOST_OF_A_KIND: usize = 10;

/// The first few of a list and how many follow.
#[derive(Serialize)]
struct Listed<T> {
    shown: Vec<T>,
    more: usize,
}

#[derive(Serialize)]
struct PeriodView {
    span: String,
    records: u64,
    quantity: String,
    amount: Option<String>,
    change: &'static str,
}

#[derive(Serialize)]
struct TotalView {
    currency: String,
    quantity: String,
    amount_local: Option<String>,
    amount_eur: Option<String>,
}

#[derive(Serialize)]
struct ControlView {
    name: String,
    place: Option<String>,
    expected: String,
    actual: String,
    difference: String,
}

#[derive(Serialize)]
struct Controls {
    checked: usize,
    tied: usize,
    failed: Listed<ControlView>,
}

#[derive(Serialize)]
struct View<'a> {
    link: String,
    file_name: &'a str,
    vendor: Option<&'a str>,
    periods: Listed<PeriodView>,
    rows: RowCounts,
    totals: Vec<TotalView>,
    controls: Controls,
    changes: MailChanges,
    warnings: Listed<&'a str>,
    questions: Listed<&'a Question>,
    error: Option<&'a str>,
    duplicate_of: Option<&'a FirstUpload>,
}

pub(super) fn of(mail: &UploadMail, home: &str) -> Result<Value, serde_json::Error> {
    let failed = mail.controls.iter().filter(|control| !control.ok);
    let tied = mail.controls.iter().filter(|control| control.ok).count();
    let view = View {
        link: format!("{home}/uploads/{}", mail.upload_id),
        file_name: &mail.file_name,
        vendor: mail.vendor.as_deref(),
        periods: first(mail.periods.iter().map(|stated| PeriodView {
            span: format!("{} to {}", stated.period.start(), stated.period.end()),
            records: stated.records,
            quantity: stated.quantity.to_string(),
            amount: stated.amount_local.map(|amount| format!("{amount} {}", stated.currency)),
            change: stated.change.as_str(),
        })),
        rows: mail.rows,
        totals: mail
            .totals
            .iter()
            .map(|total| TotalView {
                currency: total.currency.to_string(),
                quantity: total.quantity.to_string(),
                amount_local: total.amount_local.map(|amount| amount.to_string()),
                amount_eur: total.amount_eur.map(|amount| amount.to_string()),
            })
            .collect(),
        controls: Controls { checked: mail.controls.len(), tied, failed: first(failed.map(control_view)) },
        changes: mail.changes,
        warnings: first(mail.warnings.iter().map(|warning| warning.message.as_str())),
        questions: first(mail.questions.iter()),
        error: mail.error.as_ref().map(|error| error.message.as_str()),
        duplicate_of: mail.duplicate_of.as_ref(),
    };
    let mut value = serde_json::to_value(view)?;
    make_visible(&mut value);
    Ok(value)
}

fn first<T>(mut items: impl Iterator<Item = T>) -> Listed<T> {
    Listed { shown: items.by_ref().take(MOST_OF_A_KIND).collect(), more: items.count() }
}

fn control_view(control: &Control) -> ControlView {
    let place: Vec<&str> =
        [control.sheet.as_deref(), control.cell.as_deref()].into_iter().flatten().collect();
    ControlView {
        name: control.name.clone(),
        place: Some(place.join(" ")).filter(|place| !place.is_empty()),
        expected: control.expected.to_string(),
        actual: control.actual.to_string(),
        difference: (control.actual - control.expected).to_string(),
    }
}
