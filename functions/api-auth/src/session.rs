//! A session: one access token, one refresh token, and what the client is told with them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use data::{Tenant, organizations, refresh_tokens::TokenHash, users};
use domain::{OrgId, UserId};
use edge::{ApiError, Role};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::tokens::{Claims, LIFETIME_S, Signer};

/// How long a session lives without being used.
const REFRESH_DAYS: i64 = 30;

/// The body of register, login and refresh.
#[derive(Debug, Serialize)]
pub(crate) struct SessionView {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    refresh_token: String,
    user: UserView,
    organization: OrganizationView,
}

#[derive(Debug, Serialize)]
struct UserView {
    id: UserId,
    email: String,
    role: Role,
}

#[derive(Debug, Serialize)]
pub(crate) struct OrganizationView {
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) name: String,
}

/// A refresh token: the organisation, so that it is looked up behind the wall, and 32 random bytes.
pub(crate) struct RefreshToken {
    pub(crate) org: OrgId,
    text: String,
}

const ORG_BYTES: usize = 16;
const RANDOM_BYTES: usize = 32;

impl RefreshToken {
    pub(crate) fn new(org: OrgId) -> Self {
        let random: [u8; RANDOM_BYTES] = rand::random();
        Self { org, text: URL_SAFE_NO_PAD.encode([&org.0.as_bytes()[..], &random].concat()) }
    }

    /// `None` for a text that no token of ours looks like.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes =
            URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == ORG_BYTES + RANDOM_BYTES)?;
        let org = OrgId(uuid::Uuid::from_slice(bytes.get(..ORG_BYTES)?).ok()?);
        Some(Self { org, text: text.to_owned() })
    }

    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.text.as_bytes()).into()
    }
}

pub(crate) fn refresh_expiry() -> DateTime<Utc> {
    Utc::now() + Duration::days(REFRESH_DAYS)
}

/// What an active user is given, with a refresh token that is stored already. `None` when the user is gone.
pub(crate) async fn view(
    tenant: &mut Tenant,
    signer: &Signer,
    user: UserId,
    refresh: RefreshToken,
) -> Result<Option<SessionView>, ApiError> {
    let Some(row) = users::find(tenant, user).await? else { return Ok(None) };
    let Some(organization) = organizations::find(tenant).await? else { return Ok(None) };
    let role: Role = row.role.parse()?;
    let claims = Claims::new(tenant.org(), user, role, row.token_version, Utc::now());
    Ok(Some(SessionView {
        access_token: signer.sign(&claims)?,
        token_type: "Bearer",
        expires_in: LIFETIME_S,
        refresh_token: refresh.text,
        user: UserView { id: user, email: row.email, role },
        organization: OrganizationView { id: tenant.org(), slug: organization.slug, name: organization.name },
    }))
}
