//! Roles, and what each may do. This is the only place that says so.

use std::{fmt, str::FromStr};

use domain::{OrgId, UserId};
use serde::{Deserialize, Serialize};

/// A person's role in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Analyst,
    Viewer,
}

/// Something a route can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Permission {
    #[serde(rename = "uploads:read")]
    UploadsRead,
    /// Announce, retry and undo uploads.
    #[serde(rename = "uploads:write")]
    UploadsWrite,
    /// Take an upload although a control does not tie.
    #[serde(rename = "uploads:approve")]
    UploadsApprove,
    #[serde(rename = "sales:read")]
    SalesRead,
    #[serde(rename = "analytics:read")]
    AnalyticsRead,
    #[serde(rename = "catalogue:write")]
    CatalogueWrite,
    #[serde(rename = "vendors:read")]
    VendorsRead,
    /// Keep, change and switch vendor profiles; each is tested on booked files before it is used.
    #[serde(rename = "vendors:write")]
    VendorsWrite,
    #[serde(rename = "emails:read")]
    EmailsRead,
    /// Invite, change, disable and remove users.
    #[serde(rename = "users:manage")]
    UsersManage,
}

const VIEWER: &[Permission] =
    &[Permission::UploadsRead, Permission::SalesRead, Permission::AnalyticsRead, Permission::VendorsRead];
const ANALYST: &[Permission] = &[
    Permission::UploadsRead,
    Permission::UploadsWrite,
    Permission::SalesRead,
    Permission::AnalyticsRead,
    Permission::CatalogueWrite,
    Permission::VendorsRead,
    Permission::VendorsWrite,
    Permission::EmailsRead,
];
const ADMIN: &[Permission] = &[
    Permission::UploadsRead,
    Permission::UploadsWrite,
    Permission::UploadsApprove,
    Permission::SalesRead,
    Permission::AnalyticsRead,
    Permission::CatalogueWrite,
    Permission::VendorsRead,
    Permission::VendorsWrite,
    Permission::EmailsRead,
    Permission::UsersManage,
];

impl Role {
    /// The word used in the database, tokens and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Analyst => "analyst",
            Self::Viewer => "viewer",
        }
    }

    /// Everything the role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Owner | Self::Admin => ADMIN,
            Self::Analyst => ANALYST,
            Self::Viewer => VIEWER,
        }
    }

    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

/// The text names no role.
#[derive(Debug, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Owner, Self::Admin, Self::Analyst, Self::Viewer]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who calls, as the authorizer established it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub role: Role,
    pub email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_at_least_what_the_lesser_one_may() {
        let ladder = [Role::Viewer, Role::Analyst, Role::Admin, Role::Owner];
        for pair in ladder.windows(2) {
            assert!(pair[0].permissions().iter().all(|permission| pair[1].may(*permission)), "{pair:?}");
        }
    }

    #[test]
    fn a_viewer_changes_nothing() {
        let words = serde_json::to_string(Role::Viewer.permissions()).unwrap();
        assert!(!words.contains("write") && !words.contains("approve"), "{words}");
    }

    #[test]
    fn role_words_read_back_and_others_are_refused() {
        for role in [Role::Owner, Role::Admin, Role::Analyst, Role::Viewer] {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
        }
        assert!("OWNER".parse::<Role>().is_err());
        assert!("".parse::<Role>().is_err());
    }
}
