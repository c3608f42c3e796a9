//! A user as the API shows one to who manages users.

use chrono::{DateTime, Utc};
use data::members::{Member, Status};
use domain::UserId;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(crate) struct View {
    id: UserId,
    email: String,
    full_name: Option<String>,
    role: String,
    /// `invited`, `active` or `disabled`.
    status: &'static str,
    email_verified: bool,
    created_at: DateTime<Utc>,
    joined_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
}

impl From<Member> for View {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            email: member.email,
            full_name: member.full_name,
            role: member.role,
            status: match member.status {
                Status::Invited => "invited",
                Status::Active => "active",
                Status::Disabled => "disabled",
            },
            email_verified: member.email_verified,
            created_at: member.created_at,
            joined_at: member.joined_at,
            disabled_at: member.disabled_at,
        }
    }
}
