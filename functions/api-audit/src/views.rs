//! An event as the API shows it.

use chrono::{DateTime, Utc};
use data::audit::AuditEvent;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EventView {
    pub(crate) seq: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) action: String,
    pub(crate) outcome: String,
    pub(crate) actor: ActorView,
    pub(crate) subject: Option<SubjectView>,
    pub(crate) ip: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) details: Value,
    pub(crate) hash: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ActorView {
    pub(crate) kind: String,
    pub(crate) id: Option<Uuid>,
    /// For readers who may see users or keys.
    pub(crate) name: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SubjectView {
    pub(crate) kind: String,
    pub(crate) id: String,
}

impl From<AuditEvent> for EventView {
    fn from(event: AuditEvent) -> Self {
        let subject = event.subject_kind.zip(event.subject_id);
        Self {
            seq: event.seq,
            at: event.at,
            action: event.action,
            outcome: event.outcome,
            actor: ActorView { kind: event.actor_kind, id: event.actor_id, name: event.actor_name },
            subject: subject.map(|(kind, id)| SubjectView { kind, id }),
            ip: event.ip,
            request_id: event.request_id,
            details: event.details,
            hash: event.hash,
        }
    }
}
