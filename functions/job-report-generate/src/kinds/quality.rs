//! The data-quality report: what came in, what was said again, what is open.

use std::collections::BTreeMap;

use data::{
    Tenant,
    coverage::{self, Coverage, Missing},
    uploads::{self, Upload},
};
use domain::{Reject, UploadId, UploadStatus};
use reporting::document::{Block, Card, Column, Figure, Section, Table, TableHead, Total, Unit, Values};
use rust_decimal::Decimal;

use super::{
    Content, Scope,
    gaps::{self, table},
};
use crate::make::Fault;

/// Uploads and rejects are read in portions.
const PORTION: u32 = 500;
/// Controls that do not tie and are named, of each upload.
const CONTROLS_NAMED: u32 = 20;

pub(super) async fn content(tenant: &mut Tenant, scope: &Scope) -> Result<Content, Fault> {
    let analysis = scope.analysis(&[]);
    let books = coverage::load(tenant, None).await?;
    let received = received(tenant, scope).await?;
    let held = held(tenant, scope).await?;
    let rejects = rejects(tenant, &received).await?;
    let coverage = Coverage::of(tenant, &books, &analysis).await?;
    let late = coverage.missing.iter().filter(|missing| matches!(missing, Missing::NotReported(_))).count();

    let completed = received.iter().filter(|upload| upload.status == UploadStatus::Completed).count();
    let overview = vec![
        Block::Cards(vec![
            card("Files received", received.len()),
            card("Booked", completed),
            card("Waiting for an answer now", held.len()),
            card("Rows not taken", rejects.len()),
            card("Periods missing", late),
        ]),
        Block::Table(files(scope, &received)),
    ];
    let sections = vec![
        (Section::new("Files", Some("Files by the day on which they came in (UTC).")), overview),
        (Section::new("Totals", None), totals(tenant, &received).await?),
        (Section::new("Stated again", None), restatements(scope, &received)),
        (Section::new("Open questions", None), questions(scope, &held)),
        (Section::new("Rows not taken", None), rejected(&rejects)),
        gaps::section(scope, &coverage),
    ];
    let empty = (received.is_empty() && held.is_empty())
        .then(|| format!("No file came in from {}, and none waits for an answer.", scope.dates(scope.span)));
    Ok(Content { empty, sections, ..Content::default() })
}

/// How many there are of something.
pub(super) fn card(title: &str, count: impl Into<Decimal>) -> Card {
    Card {
        title: title.to_owned(),
        value: Figure::Known(count.into()),
        unit: Unit::Integer,
        changes: Vec::new(),
        trend: Vec::new(),
    }
}

/// The uploads of these days, oldest first.
async fn received(tenant: &mut Tenant, scope: &Scope) -> Result<Vec<Upload>, Fault> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let portion = uploads::list(tenant, &uploads::Filter::default(), PORTION, after).await?;
        let Some(last) = portion.last() else { break };
        after = Some(last.id);
        let is_done = last.created_at.date_naive() < scope.span.from;
        found.extend(portion.into_iter().filter(|upload| {
            let day = upload.created_at.date_naive();
            scope.span.from <= day && day <= scope.span.to && is_meant(scope, upload)
        }));
        if is_done {
            break;
        }
    }
    found.reverse();
    Ok(found)
}

/// The uploads that wait for a person, whenever they came.
async fn held(tenant: &mut Tenant, scope: &Scope) -> Result<Vec<Upload>, Fault> {
    let filter = uploads::Filter { status: Some(UploadStatus::NeedsReview), vendor: None };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let portion = uploads::list(tenant, &filter, PORTION, after).await?;
        let Some(last) = portion.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(portion.into_iter().filter(|upload| is_meant(scope, upload)));
    }
}

fn is_meant(scope: &Scope, upload: &Upload) -> bool {
    let vendor = upload.vendor.as_deref().or(upload.vendor_hint.as_deref()).unwrap_or_default();
    coverage::is_meant(&scope.analysis(&[]), vendor)
}

fn files(scope: &Scope, received: &[Upload]) -> Table {
    let counted = |title: &str| Column::new(title, Values::Integer).with_total(Total::Sum);
    let columns = vec![
        Column::new("Received", Values::Date),
        Column::new("File", Values::Text).with_total(Total::Words("Total".to_owned())),
        Column::new("Vendor", Values::Text),
        Column::new("State", Values::Text),
        counted("Lines"),
        counted("Booked"),
        counted("Not taken"),
        counted("Ignored"),
    ];
    let mut table = Table::new(TableHead { title: None, columns, notes: Vec::new() });
    for upload in received {
        let rows = upload.rows();
        let cells = [
            upload.created_at.date_naive().to_string(),
            upload.file_name.clone(),
            vendor(scope, upload),
            state(upload),
            rows.read.to_string(),
            rows.accepted.to_string(),
            rows.rejected.to_string(),
            rows.ignored.to_string(),
        ];
        table.push(cells.iter().map(|cell| Some(cell.as_str())));
    }
    table.head.notes.push("Ignored: totals, blank lines, notes and lines that are no products.".to_owned());
    table
}

pub(super) fn vendor(scope: &Scope, upload: &Upload) -> String {
    upload.vendor.as_deref().map_or("not known", |key| scope.vendor(key)).to_owned()
}

/// Its state in words, with the reason where it ended badly.
pub(super) fn state(upload: &Upload) -> String {
    let state = upload.status.as_str().replace('_', " ");
    match &upload.error {
        Some(error) => format!("{state}: {}", error.message),
        None => state,
    }
}

/// Which totals printed in the files are not the sum of their rows.
async fn totals(tenant: &mut Tenant, received: &[Upload]) -> Result<Vec<Block>, Fault> {
    let ids: Vec<UploadId> = received.iter().map(|upload| upload.id).collect();
    let controls = uploads::first_controls(tenant, &ids, CONTROLS_NAMED).await?;
    let mut open = table(
        "Totals that do not tie",
        &[
            ("File", Values::Text),
            ("Total", Values::Text),
            ("Cell", Values::Text),
            ("Printed", Values::Decimal(2)),
            ("Sum of rows", Values::Decimal(2)),
            ("Difference", Values::Decimal(2)),
        ],
    );
    let mut without = Vec::new();
    for upload in received {
        let of_file = controls.get(&upload.id).map(Vec::as_slice).unwrap_or_default();
        if of_file.is_empty() && upload.status == UploadStatus::Completed {
            without.push(upload.file_name.as_str());
        }
        for control in of_file.iter().filter(|control| !control.ok) {
            let cells = [
                Some(upload.file_name.clone()),
                Some(control.name.clone()),
                control.cell.clone(),
                Some(control.expected.to_string()),
                Some(control.actual.to_string()),
                Some((control.actual - control.expected).to_string()),
            ];
            open.push(cells.iter().map(Option::as_deref));
        }
    }
    let proven = controls.values().filter(|controls| controls.iter().all(|control| control.ok)).count();
    let mut words =
        format!("The printed totals of {proven} of {} files are the sums of their rows.", received.len());
    if !without.is_empty() {
        words
            .push_str(&format!(" These files print no total to prove them against: {}.", without.join(", ")));
    }
    let mut blocks = vec![Block::Paragraph(words)];
    if !open.rows.is_empty() {
        blocks.push(Block::Table(open));
    }
    Ok(blocks)
}

/// Periods about which a file said something that an earlier one had said, too.
fn restatements(scope: &Scope, received: &[Upload]) -> Vec<Block> {
    let mut table = table(
        "Periods stated again",
        &[
            ("Received", Values::Date),
            ("File", Values::Text),
            ("Vendor", Values::Text),
            ("From", Values::Date),
            ("To", Values::Date),
            ("What", Values::Text),
            ("Lines added", Values::Integer),
            ("changed", Values::Integer),
            ("removed", Values::Integer),
        ],
    );
    for upload in received {
        for stated in upload.periods.iter().filter(|stated| stated.change != domain::PeriodChange::New) {
            let cells = [
                upload.created_at.date_naive().to_string(),
                upload.file_name.clone(),
                vendor(scope, upload),
                stated.period.start().to_string(),
                stated.period.end().to_string(),
                stated.change.as_str().replace('_', " "),
                upload.changes.added.to_string(),
                upload.changes.changed.to_string(),
                upload.changes.removed.to_string(),
            ];
            table.push(cells.iter().map(|cell| Some(cell.as_str())));
        }
    }
    if table.rows.is_empty() {
        return vec![Block::Paragraph(
            "No file said anything anew about a period that was known.".to_owned(),
        )];
    }
    table.head.notes.push("Lines are those of the whole file.".to_owned());
    vec![Block::Table(table)]
}

fn questions(scope: &Scope, held: &[Upload]) -> Vec<Block> {
    let mut table = table(
        "Files that wait for an answer",
        &[
            ("Received", Values::Date),
            ("File", Values::Text),
            ("Vendor", Values::Text),
            ("Cell", Values::Text),
            ("Question", Values::Text),
        ],
    );
    for upload in held {
        let day = upload.created_at.date_naive().to_string();
        let mut push = |cell: Option<&str>, question: &str| {
            table.push([
                Some(day.as_str()),
                Some(&upload.file_name),
                Some(&vendor(scope, upload)),
                cell,
                Some(question),
            ]);
        };
        if upload.questions.is_empty() {
            push(None, "A total does not tie: approve the file with a reason, or send it again.");
        }
        for question in &upload.questions {
            push(question.cell.as_deref(), &question.message);
        }
    }
    match table.rows.is_empty() {
        true => vec![Block::Paragraph("Nothing waits for an answer.".to_owned())],
        false => vec![Block::Table(table)],
    }
}

/// Every row of the files that was not taken.
async fn rejects(tenant: &mut Tenant, received: &[Upload]) -> Result<Vec<(String, Reject)>, Fault> {
    let mut all = Vec::new();
    for upload in received.iter().filter(|upload| upload.rows().rejected > 0) {
        all.extend(
            of_upload(tenant, upload).await?.into_iter().map(|reject| (upload.file_name.clone(), reject)),
        );
    }
    Ok(all)
}

pub(super) async fn of_upload(tenant: &mut Tenant, upload: &Upload) -> Result<Vec<Reject>, Fault> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let portion = uploads::rejects(tenant, upload.id, PORTION, after).await?;
        let Some((position, _)) = portion.last() else { return Ok(all) };
        after = Some(*position);
        all.extend(portion.into_iter().map(|(_, reject)| reject));
    }
}

pub(super) fn rejected(rejects: &[(String, Reject)]) -> Vec<Block> {
    if rejects.is_empty() {
        return vec![Block::Paragraph("Every row was taken.".to_owned())];
    }
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, reject) in rejects {
        *by_code.entry(&reject.code).or_default() += 1;
    }
    let mut reasons = table("By reason", &[("Reason", Values::Text), ("Rows", Values::Integer)]);
    for (code, rows) in by_code {
        reasons.push([Some(code.replace('_', " ").as_str()), Some(&rows.to_string())]);
    }
    let mut rows = table(
        "Row by row",
        &[
            ("File", Values::Text),
            ("Sheet", Values::Text),
            ("Row", Values::Integer),
            ("Column", Values::Text),
            ("Value", Values::Text),
            ("Why", Values::Text),
            ("What to do", Values::Text),
        ],
    );
    for (file, reject) in rejects {
        let row = reject.row.to_string();
        rows.push([
            Some(file.as_str()),
            reject.sheet.as_deref(),
            Some(&row),
            reject.column.as_deref(),
            reject.value.as_deref(),
            Some(&reject.message),
            reject.suggestion.as_deref(),
        ]);
    }
    vec![Block::Table(reasons), Block::Table(rows)]
}
