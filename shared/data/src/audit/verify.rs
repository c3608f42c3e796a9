//! Walks a whole trail.

use sqlx::{FromRow, types::Uuid};

use super::{
    Head,
    chain::{Anchor, Fault, FaultKind, Hash, Link, Walk},
};
use crate::{Error, Result, Tenant};

/// Events fetched at once: a few megabytes.
const PAGE: i64 = 5_000;

/// What a walk along a trail found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Events that are what was written, from the first on.
    pub events: i64,
    /// Hash of the last of them. Whoever notes it finds later that nothing before it was written anew.
    pub hash: [u8; 32],
    /// The first that is not.
    pub fault: Option<Fault>,
}

/// The fields in the order of their hash, as texts.
#[derive(FromRow)]
struct Row {
    seq: i64,
    org_id: String,
    seq_text: String,
    at: String,
    action: String,
    outcome: String,
    actor_kind: String,
    actor_id: Option<String>,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    ip: Option<String>,
    request_id: Option<String>,
    details: String,
    hash: Vec<u8>,
}

impl Row {
    fn link(&self) -> Link<'_> {
        let fields = [
            Some(self.org_id.as_str()),
            Some(&self.seq_text),
            Some(&self.at),
            Some(&self.action),
            Some(&self.outcome),
            Some(&self.actor_kind),
            self.actor_id.as_deref(),
            self.subject_kind.as_deref(),
            self.subject_id.as_deref(),
            self.ip.as_deref(),
            self.request_id.as_deref(),
            Some(&self.details),
        ];
        Link { seq: self.seq, fields, hash: &self.hash }
    }
}

/// Whether every event is what was written, none is missing and none was added. It must also pass the event that the caller
/// has noted earlier.
///
/// # Errors
/// When the database fails.
pub async fn verify(tenant: &mut Tenant, noted: Option<Anchor>) -> Result<Verified> {
    let Some(before) = head(tenant).await? else {
        let fault = Some(Fault { seq: 0, kind: FaultKind::Missing });
        return Ok(Verified { events: 0, hash: Hash::default(), fault });
    };
    let mut walk = Walk::past(noted.into_iter().chain([before]).collect());
    let mut fault = pages(tenant, &mut walk).await?.or(walk.end().err());
    if fault.is_none() {
        // What was appended meanwhile is no fault; what lies beyond the end is.
        let after = head(tenant).await?.map_or(0, |head| head.seq);
        let last = walk.last().seq;
        fault = (last > after).then_some(Fault { seq: after + 1, kind: FaultKind::Added });
    }
    let last = walk.last();
    Ok(Verified { events: last.seq, hash: last.hash, fault })
}

async fn head(tenant: &mut Tenant) -> Result<Option<Anchor>> {
    let head: Option<Head> = sqlx::query_as("SELECT seq, hash FROM audit_heads WHERE org_id = $1")
        .bind(tenant.org().0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("audit.head"))?;
    // A table constraint keeps the length.
    Ok(head.map(|head| Anchor { seq: head.seq, hash: head.hash.try_into().unwrap_or_default() }))
}

async fn pages(tenant: &mut Tenant, walk: &mut Walk) -> Result<Option<Fault>> {
    // By number and time, so that none of two events of one number is overlooked.
    let mut after = (0, "0".to_owned());
    loop {
        let rows = page(tenant, &after).await?;
        for row in &rows {
            if let Err(fault) = walk.step(&row.link()) {
                return Ok(Some(fault));
            }
        }
        match rows.last() {
            Some(last) if rows.len() == usize::try_from(PAGE).unwrap_or_default() => {
                after = (last.seq, last.at.clone());
            }
            _ => return Ok(None),
        }
    }
}

async fn page(tenant: &mut Tenant, after: &(i64, String)) -> Result<Vec<Row>> {
    let org: Uuid = tenant.org().0;
    sqlx::query_as(
        "SELECT seq, org_id::text, seq::text AS seq_text, (extract(epoch FROM at) * 1000000)::bigint::text AS at, action,
             outcome, actor_kind, actor_id::text, subject_kind, subject_id, ip, request_id, details::text, hash
         FROM audit_events e
         WHERE org_id = $1 AND seq >= $2 AND (seq > $2 OR (extract(epoch FROM e.at) * 1000000)::bigint > $3::text::bigint)
         ORDER BY seq, e.at
         LIMIT $4",
    )
    .bind(org)
    .bind(after.0)
    .bind(&after.1)
    .bind(PAGE)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("audit.page"))
}
