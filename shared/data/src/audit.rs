//! The audit trail: who did what. Events are written by the commit of the transaction they tell of, and chained by hashes.

mod chain;
mod verify;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Action, ActorKind, ApiKeyId, AuditOutcome, PolicyId, UploadId, UserId, VendorProfileId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{FromRow, PgConnection, types::Uuid};

pub use self::{
    chain::{Anchor, Fault, FaultKind},
    verify::{Verified, verify},
};
use crate::{Error, Result, Tenant, json::without_nul};

/// Longest text of a detail, in characters: a reason, a statement of SQL.
const DETAIL_CHARS_MAX: usize = 4_000;

/// What happened, to be written with [`Tenant::record`]. Holds no personal data and no secret beyond who acts from where.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Event {
    action: Action,
    outcome: AuditOutcome,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    subject_kind: Option<&'static str>,
    subject_id: Option<String>,
    ip: Option<String>,
    request_id: Option<String>,
    details: Map<String, Value>,
}

/// What an event is about.
#[derive(Debug, Clone)]
pub struct Subject {
    kind: &'static str,
    id: String,
}

impl Subject {
    /// For things whose ids have no type of their own.
    pub fn new(kind: &'static str, id: impl ToString) -> Self {
        Self { kind, id: id.to_string() }
    }
}

macro_rules! subjects {
    ($($id:ident = $kind:literal),+ $(,)?) => {
        $(impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self::new($kind, id)
            }
        })+
    };
}

subjects!(
    UserId = "user",
    ApiKeyId = "api_key",
    PolicyId = "policy",
    UploadId = "upload",
    VendorProfileId = "vendor_profile",
);

impl Event {
    /// Something that was allowed and done, by nobody in particular.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            action,
            outcome: AuditOutcome::Allowed,
            actor_kind: ActorKind::System,
            actor_id: None,
            subject_kind: None,
            subject_id: None,
            ip: None,
            request_id: None,
            details: Map::new(),
        }
    }

    #[must_use]
    pub fn outcome(self, outcome: AuditOutcome) -> Self {
        Self { outcome, ..self }
    }

    /// Who did it. A transaction that is signed for somebody tells so itself, whatever is said here.
    #[must_use]
    pub fn by(self, kind: ActorKind, id: Option<Uuid>) -> Self {
        Self { actor_kind: kind, actor_id: id, ..self }
    }

    /// The same by a user.
    #[must_use]
    pub fn by_user(self, user: UserId) -> Self {
        self.by(ActorKind::User, Some(user.0))
    }

    #[must_use]
    pub fn about(self, subject: impl Into<Subject>) -> Self {
        let Subject { kind, id } = subject.into();
        Self { subject_kind: Some(kind), subject_id: Some(id), ..self }
    }

    /// From where it was asked.
    #[must_use]
    pub fn of_request(self, id: Option<String>, ip: Option<String>) -> Self {
        Self { request_id: id, ip, ..self }
    }

    /// A detail more. A text that is longer than any reason or statement is cut.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = match value.into() {
            Value::String(text) => Value::String(text.chars().take(DETAIL_CHARS_MAX).collect()),
            other => other,
        };
        self.details.insert(name.to_owned(), value);
        self
    }

    /// Whether nobody has been named yet.
    #[must_use]
    pub fn is_unattributed(&self) -> bool {
        self.actor_kind == ActorKind::System
    }
}

/// Where a chain ends after events were appended.
#[derive(Debug, FromRow)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
}

/// Appends to the trail of the open transaction's organisation. From here to the commit no other transaction of it appends.
pub(crate) async fn append(connection: &mut PgConnection, events: &[Event]) -> Result<Head> {
    sqlx::query_as("SELECT seq, hash FROM service.record_audit($1::text::json)")
        .bind(without_nul(events)?)
        .fetch_one(connection)
        .await
        .map_err(Error::query("audit.append"))
}

/// Makes the partitions of the coming months; the number that were missing.
///
/// # Errors
/// When the database fails.
pub async fn extend(connection: &mut PgConnection) -> Result<i32> {
    sqlx::query_scalar("SELECT service.extend_audit_trail()")
        .fetch_one(connection)
        .await
        .map_err(Error::query("audit.extend"))
}

/// A row of `audit_events`.
#[derive(Debug, Clone, FromRow)]
pub struct AuditEvent {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub action: String,
    pub outcome: String,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    /// The address of a user or the prefix of a key, for readers who may see these. Not a part of the trail: people leave, and
    /// their addresses are forgotten.
    pub actor_name: Option<String>,
    pub subject_kind: Option<String>,
    pub subject_id: Option<String>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    /// Lower-case hex.
    pub hash: String,
    pub details: Value,
}

/// Which events to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub action: Option<Action>,
    pub outcome: Option<AuditOutcome>,
    /// A user or an API key.
    pub actor: Option<Uuid>,
    pub subject: Option<String>,
    /// Days in UTC, both inclusive.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// At most `limit` events, newest first, beginning after the event `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<i64>,
) -> Result<Vec<AuditEvent>> {
    sqlx::query_as(
        "SELECT e.seq, e.at, e.action, e.outcome, e.actor_kind, e.actor_id, coalesce(u.email, k.prefix) AS actor_name,
             e.subject_kind, e.subject_id, e.ip, e.request_id, encode(e.hash, 'hex') AS hash, e.details
         FROM audit_events e
         LEFT JOIN users u ON u.org_id = e.org_id AND u.id = e.actor_id
         LEFT JOIN api_keys k ON k.org_id = e.org_id AND k.id = e.actor_id
         WHERE e.org_id = $1
             AND ($2::text IS NULL OR e.action = $2)
             AND ($3::text IS NULL OR e.outcome = $3)
             AND ($4::uuid IS NULL OR e.actor_id = $4)
             AND ($5::text IS NULL OR e.subject_id = $5)
             AND ($6::date IS NULL OR e.at >= $6::timestamp AT TIME ZONE 'UTC')
             AND ($7::date IS NULL OR e.at < ($7::date + 1)::timestamp AT TIME ZONE 'UTC')
             AND ($8::bigint IS NULL OR e.seq < $8)
         ORDER BY e.seq DESC
         LIMIT $9",
    )
    .bind(tenant.org().0)
    .bind(filter.action.map(Action::as_str))
    .bind(filter.outcome.map(AuditOutcome::as_str))
    .bind(filter.actor)
    .bind(&filter.subject)
    .bind(filter.from)
    .bind(filter.to)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("audit.list"))
}
