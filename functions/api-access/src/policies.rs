//! Rules about what one role, user or key may beside or against its role, or which rows it may see.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;

use chrono::{DateTime, Utc};
use data::policies::Policy;
use edge::{ApiError, FieldError, Principal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::permissions;

const NAME_CHARS_MAX: usize = 100;
/// Vendors, stores or countries in one rule.
const LIST_MAX: usize = 500;

/// A policy as somebody writes it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    subject: Subject,
    #[serde(default)]
    effect: Option<Effect>,
    #[serde(default)]
    permission: Option<String>,
    #[serde(default)]
    rows: Option<Rows>,
}

/// Whom it is about.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Subject {
    Role(String),
    UserId(Uuid),
    ApiKeyId(Uuid),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Effect {
    Allow,
    Deny,
}

/// Rows that may be seen: they match every list that is given.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rows {
    #[serde(default)]
    vendors: Option<Vec<String>>,
    #[serde(default)]
    stores: Option<Vec<String>>,
    #[serde(default)]
    countries: Option<Vec<String>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Policy")]
struct View {
    id: Uuid,
    name: String,
    subject: Option<Subject>,
    /// With `permission`: `allow` or `deny`.
    effect: Option<String>,
    permission: Option<String>,
    rows: Option<Rows>,
    version: i32,
    created_at: DateTime<Utc>,
}

impl From<Policy> for View {
    fn from(policy: Policy) -> Self {
        let subject = policy.role.map(Subject::Role);
        let subject =
            subject.or(policy.user_id.map(Subject::UserId)).or(policy.api_key_id.map(Subject::ApiKeyId));
        let rows = Rows { vendors: policy.vendors, stores: policy.stores, countries: policy.countries };
        Self {
            id: policy.id,
            name: policy.name,
            subject,
            rows: policy.permission.is_none().then_some(rows),
            effect: policy.effect,
            permission: policy.permission,
            version: policy.version,
            created_at: policy.created_at,
        }
    }
}

impl Body {
    /// The policy it makes under this id and version.
    ///
    /// # Errors
    /// 422 with every field at fault.
    fn checked(
        self,
        caller: &Principal,
        id: Uuid,
        version: i32,
        created_at: DateTime<Utc>,
    ) -> Result<Policy, ApiError> {
        let mut fields = Vec::new();
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            fields.push(FieldError::new("/name", "invalid", "A name has 1 to 100 printable characters."));
        }
        if matches!(&self.subject, Subject::Role(role) if role == data::roles::OWNER) {
            fields.push(FieldError::new(
                "/subject/role",
                "owner",
                "Nothing can be given to or taken from owners.",
            ));
        }
        match (&self.permission, self.effect, &self.rows) {
            (Some(word), Some(effect), None) => check_permission(word, effect, caller, &mut fields),
            (None, None, Some(rows)) => check_rows(rows, &mut fields),
            _ => {
                let message = "A policy has either permission with effect, or rows.";
                fields.push(FieldError::new("/permission", "either_or", message));
            }
        }
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let (role, user_id, api_key_id) = match self.subject {
            Subject::Role(role) => (Some(role), None, None),
            Subject::UserId(user) => (None, Some(user), None),
            Subject::ApiKeyId(key) => (None, None, Some(key)),
        };
        let effect =
            self.effect.map(|effect| if effect == Effect::Allow { "allow" } else { "deny" }.to_owned());
        let Rows { vendors, stores, countries } = self.rows.unwrap_or_default();
        let permission = self.permission;
        Ok(Policy {
            id,
            name,
            role,
            user_id,
            api_key_id,
            effect,
            permission,
            vendors,
            stores,
            countries,
            version,
            created_at,
        })
    }
}

/// What the audit trail keeps of a policy: all of it but its name, which somebody has typed.
fn summary(policy: &Policy) -> Value {
    json!({
        "role": policy.role, "user_id": policy.user_id, "api_key_id": policy.api_key_id,
        "effect": policy.effect, "permission": policy.permission,
        "vendors": policy.vendors, "stores": policy.stores, "countries": policy.countries,
    })
}

fn check_permission(word: &str, effect: Effect, caller: &Principal, fields: &mut Vec<FieldError>) {
    let mut found = Vec::new();
    permissions::checked(&[word.to_owned()], caller, "", &mut found);
    // Whoever manages policies takes away what they do not have themselves.
    found.retain(|field| effect == Effect::Allow || field.code == "unknown");
    fields.extend(found.into_iter().map(|field| FieldError { pointer: "/permission".to_owned(), ..field }));
}

fn check_rows(rows: &Rows, fields: &mut Vec<FieldError>) {
    let lists = [("vendors", &rows.vendors), ("stores", &rows.stores), ("countries", &rows.countries)];
    if lists.iter().all(|(_, list)| list.is_none()) {
        fields.push(FieldError::new("/rows", "required", "Name vendors, stores or countries."));
    }
    for (name, list) in lists {
        let Some(list) = list else { continue };
        if list.is_empty() || list.len() > LIST_MAX {
            let message = format!("A list has 1 to {LIST_MAX} entries.");
            fields.push(FieldError::new(format!("/rows/{name}"), "invalid", message));
        }
        if list.iter().any(|entry| entry.is_empty() || entry.chars().count() > 300 || entry.contains('\0')) {
            fields.push(FieldError::new(
                format!("/rows/{name}"),
                "invalid",
                "An entry has 1 to 300 characters.",
            ));
        }
    }
}

/// The role, user or key may not exist here.
fn refused(error: data::Error) -> ApiError {
    match error.constraint() {
        Some(constraint) if constraint.ends_with("_fkey") => {
            ApiError::field("/subject", "unknown", "There is no such role, user or key.")
        }
        _ => error.into(),
    }
}
