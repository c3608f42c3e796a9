//! `GET /v1/audit/verify`

use data::audit::{self, Anchor, Fault, FaultKind};
use domain::{from_hex, to_hex};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;

/// The `events` and `hash` of an earlier answer, if the caller has noted one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    events: Option<i64>,
    hash: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    status: &'static str,
    /// Events from the first on that are what was written.
    events: i64,
    /// Of the last of them: note both, and ask with them next time.
    hash: String,
    fault: Option<FaultView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FaultView {
    seq: i64,
    code: &'static str,
    message: &'static str,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "audit-verify",
        "GET /v1/audit/verify",
        "Walks the whole trail and says whether it is what was written, or where it is not",
    )
    .needs(&[Permission::AuditRead])
    .query::<Query>()
    .ok::<View>()
}

/// Walks the whole trail and says whether it is what was written, or where it is not.
///
/// # Errors
/// 400 for one of `events` and `hash` without the other, or a hash that is none.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AuditRead)?;
        let Query { events, hash } = request.query()?;
        let noted = match (events, hash.as_deref()) {
            (None, None) => None,
            (Some(seq), Some(hash)) => Some(Anchor { seq, hash: from_hex(hash).ok_or_else(no_hash)? }),
            _ => return Err(no_hash()),
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let verified = audit::verify(&mut tenant, noted).await?;
        if let Some(fault) = &verified.fault {
            tracing::error!(audit.seq = fault.seq, fault = ?fault.kind, "the audit trail is not what was written");
        }
        Reply::ok(&View {
            status: if verified.fault.is_none() { "ok" } else { "broken" },
            events: verified.events,
            hash: to_hex(&verified.hash),
            fault: verified.fault.map(FaultView::from),
        })
    })
}

impl From<Fault> for FaultView {
    fn from(Fault { seq, kind }: Fault) -> Self {
        let (code, message) = match kind {
            FaultKind::Missing => ("missing", "The event of this number is not there."),
            FaultKind::Added => {
                ("added", "There is an event of this number that nobody's transaction has written.")
            }
            FaultKind::Changed => ("changed", "The event of this number is not the one that was written."),
            FaultKind::Rewritten => {
                ("rewritten", "The trail up to this number was written anew since you noted its hash.")
            }
        };
        Self { seq, code, message }
    }
}

fn no_hash() -> ApiError {
    let message = "Give events and hash together, as an earlier answer gave them.";
    ApiError::invalid_query(FieldError::new("hash", "invalid", message))
}
