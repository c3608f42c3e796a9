//! Roles and what they may.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;

use data::roles::{OWNER, Role};
use edge::{ApiError, FieldError};
use schemars::JsonSchema;
use serde::Serialize;

const DESCRIPTION_CHARS_MAX: usize = 300;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Role")]
struct View {
    name: String,
    description: String,
    permissions: Vec<String>,
    built_in: bool,
    /// Users who have it.
    users: i64,
    version: i32,
}

impl From<Role> for View {
    fn from(role: Role) -> Self {
        Self {
            name: role.name,
            description: role.description,
            permissions: role.permissions,
            built_in: role.built_in,
            users: role.users,
            version: role.version,
        }
    }
}

fn description(text: &str, fields: &mut Vec<FieldError>) -> String {
    if text.chars().count() > DESCRIPTION_CHARS_MAX || text.chars().any(char::is_control) {
        let message = format!("A description has at most {DESCRIPTION_CHARS_MAX} printable characters.");
        fields.push(FieldError::new("/description", "invalid", message));
    }
    text.trim().to_owned()
}

fn owner_is_fixed() -> ApiError {
    ApiError::conflict("owner_role_fixed", format!("The role {OWNER} may do everything, always."))
}
