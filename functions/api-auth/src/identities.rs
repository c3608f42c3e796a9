//! The identities that somebody signs in with.

pub mod link;
pub mod list;
pub mod unlink;

use chrono::{DateTime, Utc};
use data::identities::Identity;
use domain::IdentityId;
use schemars::JsonSchema;
use serde::Serialize;

/// An identity as its owner sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Identity")]
pub(crate) struct View {
    id: IdentityId,
    provider: String,
    issuer: String,
    email: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Identity> for View {
    fn from(identity: Identity) -> Self {
        let Identity { id, provider, issuer, email, created_at, last_used_at } = identity;
        Self { id, provider, issuer, email, created_at, last_used_at }
    }
}
