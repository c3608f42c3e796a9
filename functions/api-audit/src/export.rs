//! `GET /v1/audit/export`

use chrono::{NaiveDate, SecondsFormat};
use data::{
    Tenant,
    audit::{self, Event, Filter},
};
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use reporting::CsvTable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Context, views::EventView};

/// Stays below the 6 MB that Lambda can answer, base64 included.
const BYTES_MAX: usize = 4_000_000;

/// Events fetched at once.
const PAGE: u32 = 2_000;

const HEADER: [&str; 13] = [
    "seq",
    "at",
    "action",
    "outcome",
    "actor_kind",
    "actor_id",
    "actor_name",
    "subject_kind",
    "subject_id",
    "ip",
    "request_id",
    "details",
    "hash",
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    format: Format,
    action: Option<Action>,
    outcome: Option<AuditOutcome>,
    actor: Option<Uuid>,
    subject: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Csv,
    Jsonl,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "audit-export",
        "GET /v1/audit/export",
        "Downloads all events that the filter matches, newest first",
    )
    .details("Never a part of them: what does not fit is refused.")
    .needs(&[Permission::AuditRead])
    .query::<Query>()
    .refuses(
        422,
        "export_too_large",
        "More than one download holds: narrow the days, or page through GET /v1/audit.",
    )
    .download("text/csv; charset=utf-8")
    .download("application/x-ndjson")
}

/// Downloads all events that the filter matches, newest first. Never a part of them: what does not fit is refused.
///
/// # Errors
/// 400 for an unknown parameter, word or date; 422 `export_too_large`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AuditRead)?;
        let Query { format, action, outcome, actor, subject, from, to } = request.query()?;
        let filter = Filter { action, outcome, actor, subject, from, to };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut file = match format {
            Format::Csv => File::Csv(Box::new(CsvTable::new(&HEADER)?)),
            Format::Jsonl => File::Jsonl(Vec::new()),
        };
        let events = write(&mut tenant, &filter, &mut file).await?;
        let event = Event::new(Action::AuditExported).with("events", events);
        request.record(&mut tenant, event.with("format", serde_json::to_value(format)?));
        tenant.commit().await?;
        match file {
            File::Csv(table) => Ok(Reply::file("text/csv; charset=utf-8", "audit.csv", table.finish()?)),
            File::Jsonl(lines) => Ok(Reply::file("application/x-ndjson", "audit.jsonl", lines)),
        }
    })
}

enum File {
    Csv(Box<CsvTable>),
    Jsonl(Vec<u8>),
}

impl File {
    fn push(&mut self, event: &EventView) -> Result<(), ApiError> {
        match self {
            Self::Csv(table) => table.push(&cells(event))?,
            Self::Jsonl(lines) => {
                serde_json::to_writer(&mut *lines, event)?;
                lines.push(b'\n');
            }
        }
        Ok(())
    }

    fn size_bytes(&self) -> usize {
        match self {
            Self::Csv(table) => table.size_bytes(),
            Self::Jsonl(lines) => lines.len(),
        }
    }
}

async fn write(tenant: &mut Tenant, filter: &Filter, file: &mut File) -> Result<usize, ApiError> {
    let (mut events, mut after) = (0, None);
    loop {
        let page = audit::list(tenant, filter, PAGE, after).await?;
        let is_last = page.len() < PAGE as usize;
        after = page.last().map(|event| event.seq);
        for event in page {
            file.push(&EventView::from(event))?;
            events += 1;
        }
        if file.size_bytes() > BYTES_MAX {
            let detail = "These are more events than one file can hold: narrow from and to, and export them in pieces.";
            return Err(ApiError::unprocessable("export_too_large", detail));
        }
        if is_last {
            return Ok(events);
        }
    }
}

fn cells(event: &EventView) -> [String; 13] {
    let (subject_kind, subject_id) =
        event.subject.as_ref().map(|subject| (subject.kind.clone(), subject.id.clone())).unwrap_or_default();
    [
        event.seq.to_string(),
        event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        event.action.clone(),
        event.outcome.clone(),
        event.actor.kind.clone(),
        event.actor.id.map(|id| id.to_string()).unwrap_or_default(),
        event.actor.name.clone().unwrap_or_default(),
        subject_kind,
        subject_id,
        event.ip.clone().unwrap_or_default(),
        event.request_id.clone().unwrap_or_default(),
        event.details.to_string(),
        event.hash.clone(),
    ]
}
