//! How often somebody may call. The only place that says so; the counts lie in the database, shared by all instances.

use data::{
    Database,
    rate_windows::{self, Bucket, Counted},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    Reply, Request, Response, answer,
    trail::{self, Witness},
};
use crate::{ApiError, Error, config::Config};

const MINUTE: u32 = 60;
const HOUR: u32 = 3600;

/// One address may try so many times as many sign-ins as one address may for one account: an office has many people.
const SIGN_INS_OF_AN_IP: u32 = 10;

/// Routes that are counted apart, besides being counted with all others.
const APART: &[(&str, Kind)] = &[
    ("POST /v1/auth/login", Kind::SignIn),
    ("POST /v1/auth/login/mfa", Kind::SignIn),
    ("POST /v1/auth/register", Kind::SignIn),
    ("POST /v1/auth/password", Kind::SignIn),
    ("POST /v1/auth/password/forgot", Kind::SignIn),
    ("DELETE /v1/auth/mfa", Kind::SignIn),
    ("POST /v1/me/identities", Kind::SignIn),
    ("POST /v1/auth/oidc/{provider}/start", Kind::AtProvider),
    ("POST /v1/auth/oidc/{provider}/callback", Kind::AtProvider),
    ("POST /v1/uploads", Kind::Upload),
    ("POST /v1/chat", Kind::Chat),
    ("POST /v1/chat/stream", Kind::Chat),
    ("POST /v1/sql", Kind::Chat),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    SignIn,
    /// Sign-ins at an identity provider: whose they are is not known before.
    AtProvider,
    Upload,
    Chat,
}

/// The limits of this installation: parameters of `template.yaml`.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of one account from one address, a minute. Somebody else's tries elsewhere never count against it: nobody can lock
    /// somebody out.
    pub sign_ins: u32,
    /// An hour.
    pub uploads: u32,
    /// A minute.
    pub chats: u32,
    /// Of everything, a minute.
    pub requests: u32,
}

/// One thing that is counted.
#[derive(Debug)]
struct Policy {
    name: &'static str,
    quota: u32,
    window_s: u32,
    bucket: Bucket,
}

impl Limits {
    /// # Errors
    /// Names a variable that is missing or no number.
    pub fn from_env() -> Result<Self, Error> {
        let mut config = Config::from_env();
        let mut number = |name: &str| config.required(name).parse().unwrap_or_default();
        let limits = Self {
            sign_ins: number("LIMIT_SIGN_INS_PER_MINUTE"),
            uploads: number("LIMIT_UPLOADS_PER_HOUR"),
            chats: number("LIMIT_CHATS_PER_MINUTE"),
            requests: number("LIMIT_REQUESTS_PER_MINUTE"),
        };
        config.finish()?;
        Ok(limits)
    }

    /// What a request is counted as: by its address, by who calls (person or key), and by the organisation.
    fn policies(&self, request: &Request) -> Vec<Policy> {
        let kind = APART.iter().find(|(route, _)| *route == request.route()).map(|(_, kind)| *kind);
        let ip = request.source_ip().unwrap_or_default();
        let principal = request.principal().ok();
        let caller = principal
            .as_ref()
            .map(|principal| principal.key_id.map_or(principal.user_id.0, |key| key.0).to_string());
        let org = principal.as_ref().map(|principal| principal.org_id.to_string());
        let whom = [("ip", Some(ip.to_owned())), ("caller", caller.clone()), ("org", org)];
        let each = |name, quota, window_s| {
            whom.iter()
                .filter_map(move |(of, who)| Some(policy(name, quota, window_s, &[of, who.as_deref()?])))
        };
        let mut policies: Vec<Policy> = each("requests", self.requests, MINUTE).collect();
        let of_ip = self.sign_ins.saturating_mul(SIGN_INS_OF_AN_IP);
        let of_address = policy("sign-ins-of-address", of_ip, MINUTE, &[ip]);
        match kind {
            Some(Kind::AtProvider) => policies.push(of_address),
            Some(Kind::SignIn) => {
                let account = caller.unwrap_or_else(|| account(request));
                policies.push(of_address);
                policies.push(policy("sign-ins", self.sign_ins, MINUTE, &[ip, &account]));
            }
            Some(Kind::Upload) => policies.extend(each("uploads", self.uploads, HOUR)),
            Some(Kind::Chat) => policies.extend(each("chats", self.chats, MINUTE)),
            None => {}
        }
        policies
    }
}

/// The names of what a call of this route is counted as, as they stand in `RateLimit-Policy`.
pub(crate) fn limit_names(route: &str) -> Vec<&'static str> {
    let kind = APART.iter().find(|(known, _)| *known == route).map(|(_, kind)| *kind);
    let apart: &[&str] = match kind {
        Some(Kind::SignIn) => &["sign-ins", "sign-ins-of-address"],
        Some(Kind::AtProvider) => &["sign-ins-of-address"],
        Some(Kind::Upload) => &["uploads"],
        Some(Kind::Chat) => &["chats"],
        None => &[],
    };
    ["requests"].iter().chain(apart).copied().collect()
}

/// How a request stands with the limits: what its answer tells of the tightest one.
#[derive(Debug, Default)]
pub(super) struct Standing {
    headers: Vec<(&'static str, String)>,
    refused: Option<ApiError>,
}

impl Standing {
    /// Counts a request, whether it is admitted or not. Where counting fails nobody is refused for it.
    pub(super) async fn of(limits: &Limits, database: &Database, request: &mut Request) -> Self {
        let policies = limits.policies(request);
        let counted = match count(database, request, &policies).await {
            Ok(counted) => counted,
            Err(error) => {
                // The route will say so itself if it needs the database; health does not.
                tracing::error!(
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "limits cannot be checked"
                );
                return Self::default();
            }
        };
        let all = policies.iter().zip(&counted);
        let tightest = all.min_by_key(|(policy, counted)| {
            let left = policy.quota.saturating_sub(counted.used);
            // Of those that are used up the one that lasts longest.
            (left, u32::from(counted.used <= policy.quota), u32::MAX - counted.resets_in_s)
        });
        let Some((Policy { name, quota, window_s, .. }, counted)) = tightest else { return Self::default() };
        if counted.used == quota.saturating_add(1) {
            trail::limit_reached(database, request, name).await;
        }
        let left = quota.saturating_sub(counted.used);
        Self {
            headers: vec![
                ("ratelimit-policy", format!("\"{name}\";q={quota};w={window_s}")),
                ("ratelimit", format!("\"{name}\";r={left};t={}", counted.resets_in_s)),
            ],
            refused: (counted.used > *quota)
                .then(|| ApiError::too_many_requests(u64::from(counted.resets_in_s))),
        }
    }

    /// Whether the request may come in, when nothing else keeps it out.
    pub(super) fn admit(&mut self, admitted: Result<(), ApiError>) -> Result<(), ApiError> {
        self.refused.take().map_or(admitted, Err)
    }

    pub(super) fn told(&self, response: Response) -> Response {
        self.headers.iter().fold(response, |response, (name, value)| response.with_header(name, value))
    }
}

/// Answers a request that is admitted if its limits allow it, and says how much of the tightest one is left. One that is not
/// admitted counts as well.
pub(super) async fn answer_within<'a, C, H, F>(
    limits: &Limits,
    ctx: &'a C,
    admitted: Result<(), ApiError>,
    handle: H,
    mut request: Request,
) -> Response
where
    C: AsRef<Database>,
    H: FnOnce(&'a C, Request) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    let mut standing = Standing::of(limits, ctx.as_ref(), &mut request).await;
    let admitted = standing.admit(admitted);
    standing.told(answer_admitted(ctx, admitted, handle, request).await)
}

/// Answers, and sees to it that a refusal for want of a right is in the audit trail.
pub(super) async fn answer_admitted<'a, C, H, F>(
    ctx: &'a C,
    admitted: Result<(), ApiError>,
    handle: H,
    request: Request,
) -> Response
where
    C: AsRef<Database>,
    H: FnOnce(&'a C, Request) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    let handle = |ctx: &'a C, request| async move {
        let witness = Witness::of(&request);
        let result = match admitted {
            Ok(()) => handle(ctx, request).await,
            Err(refusal) => Err(refusal),
        };
        if let (Err(error), Some(witness)) = (&result, witness) {
            witness.see(ctx.as_ref(), error).await;
        }
        result
    };
    answer(ctx, handle, request).await
}

/// Counts a request; one whose caller is known learns how far the books are by the way.
async fn count(
    database: &Database,
    request: &mut Request,
    policies: &[Policy],
) -> Result<Vec<Counted>, data::Error> {
    let buckets: Vec<(Bucket, u32)> =
        policies.iter().map(|policy| (policy.bucket, policy.window_s)).collect();
    let mut service = database.service().await?;
    let Ok(principal) = request.principal() else {
        return rate_windows::count(&mut service, &buckets).await;
    };
    let (counted, version) = rate_windows::admit(&mut service, principal.org_id, &buckets).await?;
    request.set_data_version(version);
    Ok(counted)
}

fn policy(name: &'static str, quota: u32, window_s: u32, of: &[&str]) -> Policy {
    let mut hash = Sha256::new();
    for part in [name].iter().chain(of) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    Policy { name, quota, window_s, bucket: hash.finalize().into() }
}

/// The account that somebody signs in to: the address in the body, as sign-in itself reads it.
pub(super) fn account(request: &Request) -> String {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    body["email"].as_str().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
