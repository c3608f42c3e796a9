//! `POST /v1/auth/register`: a new organisation and its owner.

use data::{
    Tenant,
    audit::{Event, Subject},
    organizations, roles,
    users::{self, NewUser},
};
use domain::{Action, EmailType, OrgId, UserId, is_email, is_name};
use edge::{
    ApiError, Boxed, FieldError,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{RegisterContext, SessionContext, mail, passwords, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    organization: String,
    email: String,
    password: String,
    full_name: Option<String>,
}

const NAME_RULE: &str = "A name has 1 to 200 printable characters.";
/// Longest slug made from a name; a suffix may follow.
const SLUG_LEN_MAX: usize = 40;
/// Slugs tried before giving up; from the second on they end in random digits.
const SLUG_ATTEMPTS: usize = 8;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("auth-register", "POST /v1/auth/register", "Registers a new organisation and its owner")
        .for_anybody()
        .body::<Body>()
        .refuses(409, "email_taken", "Somebody with this address is registered already.")
        .header(&session::HEADER)
        .refuses(400, "invalid_session", "X-Session is cookie or body.")
        .created::<session::SessionView>()
}

pub fn handle(ctx: &RegisterContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let new = validate(request.json()?)?;
        let RegisterContext { sessions: SessionContext { database, signer, passwords, .. }, emails } = ctx;
        let password_hash = passwords.hash(&new.password).await?;

        let mut tenant = database.system(OrgId::new()).await?;
        insert_organization(&mut tenant, &new.organization).await?;
        let user = UserId::new();
        let row = NewUser {
            id: user,
            email: &new.email,
            password_hash: Some(&password_hash),
            full_name: new.full_name.as_deref(),
            role: roles::OWNER,
        };
        users::insert(&mut tenant, &row).await.map_err(|error| match error.constraint() {
            Some(users::EMAIL_UNIQUE) => {
                ApiError::conflict("email_taken", "Somebody with this address is registered already.")
            }
            _ => error.into(),
        })?;
        let opened = session::open(&mut tenant, signer, user, &request).await?;
        let opened = opened.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a new owner is gone")))?;
        let queued =
            mail::queue(&mut tenant, EmailType::EmailVerification, user, &new.email, request.id()).await?;
        let organization = Subject::new("organization", tenant.org());
        request.record(
            &mut tenant,
            Event::new(Action::OrganizationRegistered).by_user(user).about(organization),
        );
        tenant.commit().await?;
        emails.wake(&queued).await;
        opened.created()
    })
}

/// The name of an organisation to be.
pub(crate) fn organization(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    if is_name(name) {
        Ok(name.to_owned())
    } else {
        Err(ApiError::field("/organization", "invalid", NAME_RULE))
    }
}

fn validate(body: Body) -> Result<Body, ApiError> {
    let mut fields = Vec::new();
    let organization = body.organization.trim().to_owned();
    if !is_name(&organization) {
        fields.push(FieldError::new("/organization", "invalid", NAME_RULE));
    }
    let email = body.email.trim().to_ascii_lowercase();
    if !is_email(&email) {
        fields.push(FieldError::new("/email", "invalid", "This is not an e-mail address."));
    }
    let full_name = body.full_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if full_name.as_deref().is_some_and(|name| !is_name(name)) {
        fields.push(FieldError::new("/full_name", "invalid", NAME_RULE));
    }
    if let Err(weakness) = passwords::check(&body.password, &email) {
        fields.push(FieldError::new("/password", weakness.code(), weakness.message()));
    }
    if fields.is_empty() {
        Ok(Body { organization, email, password: body.password, full_name })
    } else {
        Err(ApiError::validation(fields))
    }
}

/// Inserts the organisation of this transaction under a slug made from its name.
pub(crate) async fn insert_organization(tenant: &mut Tenant, name: &str) -> Result<(), ApiError> {
    let base = slug(name);
    for attempt in 0..SLUG_ATTEMPTS {
        let slug = if attempt == 0 { base.clone() } else { format!("{base}-{:04x}", rand::random::<u16>()) };
        if organizations::insert(tenant, &slug, name).await? {
            return Ok(());
        }
    }
    Err(ApiError::internal(anyhow::anyhow!("no free slug after {SLUG_ATTEMPTS} attempts")))
}

/// Lower-case letters, digits and single hyphens: part of the keys of dropped files.
fn slug(name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(SLUG_LEN_MAX);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "organization".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests;
