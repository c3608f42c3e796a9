//! What can be allowed, and who calls. Which role, key or policy allows it is decided by the database
//! (`service.rights`); the edge only asks.

use std::{borrow::Cow, str::FromStr};

use data::Caller;
use domain::{ApiKeyId, OrgId, UserId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// Something a route can ask for: the rows of `wall.permissions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    UploadsRead,
    /// Announce, answer, retry, replay and undo uploads; state known gaps.
    UploadsWrite,
    /// Take an upload although a control does not tie.
    UploadsApprove,
    /// Download files as they came, with the personal data and the costs in them.
    OriginalsRead,
    SalesRead,
    AnalyticsRead,
    CostsRead,
    CatalogueWrite,
    VendorsRead,
    /// Keep, change and switch vendor profiles; each is tested on booked files before it is used.
    VendorsWrite,
    EmailsRead,
    /// Invite, change, disable and remove users.
    UsersManage,
    /// Change roles and policies.
    RolesManage,
    /// Make, rotate and revoke API keys.
    KeysManage,
    AuditRead,
    /// Have reports made of what one may see.
    ReportsRead,
    /// Send reports to others, and have them made again and again.
    ReportsWrite,
}

impl Permission {
    pub const ALL: [Self; 17] = [
        Self::UploadsRead,
        Self::UploadsWrite,
        Self::UploadsApprove,
        Self::OriginalsRead,
        Self::SalesRead,
        Self::AnalyticsRead,
        Self::CostsRead,
        Self::CatalogueWrite,
        Self::VendorsRead,
        Self::VendorsWrite,
        Self::EmailsRead,
        Self::UsersManage,
        Self::RolesManage,
        Self::KeysManage,
        Self::AuditRead,
        Self::ReportsRead,
        Self::ReportsWrite,
    ];

    /// The word used in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UploadsRead => "uploads:read",
            Self::UploadsWrite => "uploads:write",
            Self::UploadsApprove => "uploads:approve",
            Self::OriginalsRead => "originals:read",
            Self::SalesRead => "sales:read",
            Self::AnalyticsRead => "analytics:read",
            Self::CostsRead => "costs:read",
            Self::CatalogueWrite => "catalogue:write",
            Self::VendorsRead => "vendors:read",
            Self::VendorsWrite => "vendors:write",
            Self::EmailsRead => "emails:read",
            Self::UsersManage => "users:manage",
            Self::RolesManage => "roles:manage",
            Self::KeysManage => "keys:manage",
            Self::AuditRead => "audit:read",
            Self::ReportsRead => "reports:read",
            Self::ReportsWrite => "reports:write",
        }
    }
}

/// The text names no permission.
#[derive(Debug, thiserror::Error)]
#[error("unknown permission")]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text).ok_or(UnknownPermission)
    }
}

impl JsonSchema for Permission {
    fn schema_name() -> Cow<'static, str> {
        "Permission".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": Self::ALL.map(Self::as_str)})
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Who calls, as the authorizer established it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub org_id: OrgId,
    /// The caller; of an API key, whoever made it and answers for it.
    pub user_id: UserId,
    /// The key that calls instead of its maker.
    pub key_id: Option<ApiKeyId>,
    /// Names a row of `roles`; of an API key `api_key`.
    pub role: String,
    pub email: String,
    pub permissions: Vec<Permission>,
}

impl Principal {
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

impl From<&Principal> for Caller {
    fn from(principal: &Principal) -> Self {
        let subject = principal.key_id.map_or(principal.user_id.0, |key| key.0);
        Self { org: principal.org_id, subject }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_others_are_refused() {
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse::<Permission>().unwrap(), permission);
        }
        assert!("UPLOADS:READ".parse::<Permission>().is_err());
        assert!("".parse::<Permission>().is_err());
    }
}
