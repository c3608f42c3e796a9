//! `POST /v1/auth/oidc/{provider}/callback`: somebody has come back from a provider and is signed in, or an identity linked.

use data::{
    audit::{Event, Subject},
    identities::{self, NewIdentity},
    members, mfa, roles, sessions,
    sign_in_attempts::{self, Linking},
    user_tokens::Purpose,
    users::{self, NewUser},
};
use domain::{Action, OrgId, UserId, is_email, is_name};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request, SetCookie, cookies},
    openapi::Operation,
};
use oidc::{Attempt, Identity, Provider};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{hash, refusal, refused};
use crate::{CallbackContext, identities::View, mail, mfa::challenge, register, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    code: String,
    state: String,
    /// What stood beside the code, if anything (RFC 9207).
    iss: Option<String>,
    /// What `start` gave, unless it is in the cookie.
    binding: Option<String>,
    /// The token of a mail, for who was invited and has not come.
    invitation: Option<String>,
    /// The name of a new organisation, for who founds one.
    organization: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "oidc-finish",
        "POST /v1/auth/oidc/{provider}/callback",
        "Finishes a sign-in at an identity provider",
    )
    .path_text("provider", "google", "As the list names it.")
    .for_anybody()
    .body::<Body>()
    .refuses(401, "sign_in_refused", "The sign-in is not valid, or not any more; begin again.")
    .refuses(401, "invalid_token", "The invitation is used up or too old.")
    .refuses(401, "address_not_allowed", "The provider is not for addresses of this domain.")
    .refuses(401, "address_not_verified", "The provider has not verified the address.")
    .refuses(401, "identity_unknown", "Nobody signs in with this identity yet.")
    .refuses(409, "identity_taken", "Somebody signs in with this identity already.")
    .refuses(
        409,
        "identity_not_linked",
        "An account has this address: sign in to it and link the identity there.",
    )
    .header(&session::HEADER)
    .ok::<session::SessionView>()
    .created::<View>()
    .refuses(503, "provider_unavailable", "The provider does not answer as it should.")
}

pub fn handle(ctx: &CallbackContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let provider = ctx.providers.of(&request)?;
        let body: Body = request.json()?;
        let way = Way::asked(&body)?;
        let binding =
            body.binding.as_deref().or(request.cookies().one(cookies::SIGN_IN)).ok_or_else(refused)?;
        let attempt = {
            let mut service = ctx.sessions.database.service().await?;
            let id = &provider.settings().id;
            sign_in_attempts::take(&mut service, &hash(&body.state), &hash(binding), id).await?
        };
        let attempt = attempt.ok_or_else(refused)?;
        let linking = attempt.linking;
        let attempt = Attempt { state: body.state, nonce: attempt.nonce, verifier: attempt.verifier };
        let redeemed = provider.redeem(&body.code, body.iss.as_deref(), &attempt).await;
        let identity = redeemed.map_err(|error| refusal(provider, error))?;
        admit(provider, &identity)?;
        let arrival = Arrival { ctx, provider, identity: &identity, request: &request };
        // Boxed: with the runtime's layers around them, futures nested so deeply would pass the compiler's limit.
        let reply = match linking {
            Some(linking) => Box::pin(arrival.link(linking)).await?,
            None => Box::pin(arrival.sign_in(way)).await?,
        };
        Ok(reply.with_cookie(&SetCookie::forget(cookies::SIGN_IN)))
    })
}

/// What somebody without an account wants.
enum Way {
    SignIn,
    Join(String),
    Found(String),
}

impl Way {
    fn asked(body: &Body) -> Result<Self, ApiError> {
        match (&body.invitation, &body.organization) {
            (None, None) => Ok(Self::SignIn),
            (Some(token), None) => Ok(Self::Join(token.clone())),
            (None, Some(name)) => Ok(Self::Found(register::organization(name)?)),
            (Some(_), Some(_)) => {
                Err(ApiError::field("/organization", "invalid", "Give either invitation or organization."))
            }
        }
    }
}

/// Whether people of this address may come at all.
fn admit(provider: &Provider, identity: &Identity) -> Result<(), ApiError> {
    let domains = &provider.settings().email_domains;
    let domain = identity.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
    let is_one =
        domain.is_some_and(|domain| domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain)));
    if domains.is_empty() || (is_one && identity.email_is_verified) {
        return Ok(());
    }
    let detail = "Only verified addresses of certain domains may sign in at this provider.";
    Err(ApiError::unauthorized("address_not_allowed", detail))
}

/// Somebody for whom a provider vouches.
struct Arrival<'a> {
    ctx: &'a CallbackContext,
    provider: &'a Provider,
    identity: &'a Identity,
    request: &'a Request,
}

impl Arrival<'_> {
    fn of(&self, user: UserId) -> NewIdentity<'_> {
        NewIdentity {
            user,
            provider: &self.provider.settings().id,
            issuer: &self.identity.issuer,
            subject: &self.identity.subject,
            email: self.identity.email.as_deref(),
        }
    }

    async fn sign_in(&self, way: Way) -> Result<Reply, ApiError> {
        let known = {
            let mut service = self.ctx.sessions.database.service().await?;
            identities::find(&mut service, &self.identity.issuer, &self.identity.subject).await?
        };
        match (known, way) {
            (Some((org, user)), Way::SignIn) => self.enter(org, user).await,
            (Some(_), _) => Err(taken()),
            (None, Way::Join(token)) => self.join(&token).await,
            (None, Way::Found(name)) => self.found(&name).await,
            (None, Way::SignIn) => Err(self.unknown().await?),
        }
    }

    async fn enter(&self, org: OrgId, user: UserId) -> Result<Reply, ApiError> {
        let sessions = &self.ctx.sessions;
        let mut tenant = sessions.database.system(org).await?;
        if !identities::sign_in(&mut tenant, &self.of(user)).await? {
            self.request.record(&mut tenant, session::refused(Some(user), "disabled"));
            tenant.commit().await?;
            return Err(refused());
        }
        if mfa::is_on(&mut tenant, user).await? {
            let row = users::find(&mut tenant, user).await?.ok_or_else(refused)?;
            self.request.record(&mut tenant, Event::new(Action::SecondFactorAsked).by_user(user).about(user));
            tenant.commit().await?;
            return Err(challenge::required(&sessions.signer, org, user, row.token_version)?);
        }
        let opened = session::open(&mut tenant, &sessions.signer, user, self.request).await?;
        let opened = opened.ok_or_else(refused)?;
        tenant.commit().await?;
        opened.ok()
    }

    /// Whoever has the token of an invitation is the one who was invited, whatever address the provider knows.
    async fn join(&self, token: &str) -> Result<Reply, ApiError> {
        let sessions = &self.ctx.sessions;
        let (mut tenant, user) = mail::take(&sessions.database, token, Purpose::Invitation).await?;
        if !members::join(&mut tenant, user, None, self.identity.name.as_deref()).await? {
            return Err(session::invalid_token());
        }
        identities::link(&mut tenant, &self.of(user)).await.map_err(linked_elsewhere)?;
        let opened = session::open(&mut tenant, &sessions.signer, user, self.request).await?;
        let opened = opened.ok_or_else(session::invalid_token)?;
        tenant.commit().await?;
        tracing::info!(user.id = %user, "invitation accepted with an identity");
        opened.ok()
    }

    async fn found(&self, name: &str) -> Result<Reply, ApiError> {
        let email = self.identity.email.as_deref().filter(|email| is_email(email));
        // Otherwise somebody could wait in an account for the address's owner to come and use it.
        let Some(email) = email.filter(|_| self.identity.email_is_verified) else {
            let detail = "The provider does not vouch for your address; register with a password.";
            return Err(ApiError::unauthorized("address_not_verified", detail));
        };
        let sessions = &self.ctx.sessions;
        let mut tenant = sessions.database.system(OrgId::new()).await?;
        register::insert_organization(&mut tenant, name).await?;
        let user = UserId::new();
        let full_name = self.identity.name.as_deref().filter(|name| is_name(name));
        let row = NewUser { id: user, email, password_hash: None, full_name, role: roles::OWNER };
        users::insert(&mut tenant, &row).await.map_err(|error| match error.constraint() {
            Some(users::EMAIL_UNIQUE) => not_linked(),
            _ => error.into(),
        })?;
        users::mark_email_verified(&mut tenant, user).await?;
        identities::link(&mut tenant, &self.of(user)).await.map_err(linked_elsewhere)?;
        let opened = session::open(&mut tenant, &sessions.signer, user, self.request).await?;
        let opened = opened.ok_or_else(refused)?;
        let organization = Subject::new("organization", tenant.org());
        let event = Event::new(Action::OrganizationRegistered).by_user(user).about(organization);
        self.request.record(&mut tenant, event);
        tenant.commit().await?;
        opened.created()
    }

    /// Who is told that an address is in use has shown that it is the own one.
    async fn unknown(&self) -> Result<ApiError, ApiError> {
        if let Some(email) = self.identity.email.as_deref().filter(|_| self.identity.email_is_verified) {
            let mut service = self.ctx.sessions.database.service().await?;
            if users::find_account(&mut service, email).await?.is_some() {
                return Ok(not_linked());
            }
        }
        let detail = "Nobody signs in with this identity; come with an invitation or found an organization.";
        Ok(ApiError::unauthorized("identity_unknown", detail))
    }

    /// For somebody who was signed in when it began and still is.
    async fn link(&self, linking: Linking) -> Result<Reply, ApiError> {
        let mut tenant = self.ctx.sessions.database.system(linking.org).await?;
        let living = sessions::find_user(&mut tenant, linking.session).await? == Some(linking.user);
        if !living || users::find(&mut tenant, linking.user).await?.is_none() {
            return Err(refused());
        }
        let id = identities::link(&mut tenant, &self.of(linking.user)).await.map_err(linked_elsewhere)?;
        let all = identities::list(&mut tenant, linking.user).await?;
        let linked = all.into_iter().find(|identity| identity.id == id).ok_or_else(refused)?;
        let event = Event::new(Action::IdentityLinked).by_user(linking.user);
        let event =
            event.about(Subject::new("identity", id)).with("provider", self.provider.settings().id.as_str());
        self.request.record(&mut tenant, event);
        tenant.commit().await?;
        tracing::info!(user.id = %linking.user, provider.id = self.provider.settings().id, "identity linked");
        Reply::created(&View::from(linked))
    }
}

fn linked_elsewhere(error: data::Error) -> ApiError {
    if error.constraint() == Some(identities::ONE_USER) { taken() } else { error.into() }
}

fn taken() -> ApiError {
    ApiError::conflict("identity_taken", "Somebody signs in with this identity already.")
}

fn not_linked() -> ApiError {
    let detail =
        "There is an account with your address. Sign in to it as before and link this identity there.";
    ApiError::conflict("identity_not_linked", detail)
}
