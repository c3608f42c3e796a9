//! Which mails somebody wants.

pub mod get;
pub mod update;

use data::{Tenant, mail_choices};
use domain::{EmailType, MailChoice, UserId};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;

/// How the caller wants mails of one kind.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Notification")]
struct View {
    r#type: EmailType,
    choice: MailChoice,
    /// What can be chosen.
    choices: &'static [MailChoice],
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Notifications")]
struct Listed {
    data: Vec<View>,
}

fn choices(kind: EmailType) -> &'static [MailChoice] {
    if kind.is_to_vendor() {
        &[]
    } else if kind.can_wait() {
        &[MailChoice::On, MailChoice::Off, MailChoice::Digest]
    } else if kind.is_optional() {
        &[MailChoice::On, MailChoice::Off]
    } else {
        &[MailChoice::On]
    }
}

async fn address(tenant: &mut Tenant, user: UserId) -> Result<String, ApiError> {
    mail_choices::own_address(tenant, user).await?.ok_or_else(ApiError::not_found)
}

async fn listed(tenant: &mut Tenant, address: &str) -> Result<Listed, ApiError> {
    let chosen = mail_choices::list(tenant, address).await?;
    let choice = |kind: EmailType| {
        chosen.iter().find(|(of, _)| *of == kind).map_or(MailChoice::On, |(_, choice)| *choice)
    };
    let optional = EmailType::ALL.into_iter().filter(|kind| kind.is_optional() && !kind.is_to_vendor());
    let data =
        optional.map(|kind| View { r#type: kind, choice: choice(kind), choices: choices(kind) }).collect();
    Ok(Listed { data })
}

#[cfg(test)]
mod tests;
