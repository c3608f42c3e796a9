//! What every request passes before its route sees it: whether it may come in at all.

use sha2::{Digest as _, Sha256};

use super::{Request, cookies};
use crate::{ApiError, Error, config::Config};

/// Whether a route answers callers whom nobody vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The authorizer must have said who calls.
    Callers,
    /// A sign-in, a token of a mail, a health check: it has no caller yet, or asks for none.
    Anybody,
}

/// Exact origins of the pages that may call with cookies.
#[derive(Debug)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    /// `WEB_ORIGINS`, separated by blanks.
    ///
    /// # Errors
    /// When it is missing.
    pub(super) fn from_env() -> Result<Self, Error> {
        let mut config = Config::from_env();
        let origins = config.required("WEB_ORIGINS");
        config.finish()?;
        Ok(Self::new(&origins))
    }

    pub(super) fn new(origins: &str) -> Self {
        Self(origins.split_ascii_whitespace().map(str::to_owned).collect())
    }

    fn allow(&self, request: &Request) -> bool {
        request.header("origin").is_some_and(|origin| self.0.iter().any(|allowed| allowed == origin))
    }
}

/// Refuses who has no business here.
///
/// A browser sends cookies whoever made it call. So a request that changes something and lives on a cookie must come from a
/// page of ours; and when the cookie says who calls, the page must also repeat the token that was given to that session,
/// which no other page can read. A caller with `Authorization` needs neither: no foreign page can make a browser send that,
/// and the authorizer looks at no cookies beside it.
pub(super) fn check(access: Access, origins: &Origins, request: &Request) -> Result<(), ApiError> {
    request.check_size()?;
    if access == Access::Callers {
        request.principal()?;
    }
    if request.is_safe() {
        return Ok(());
    }
    let bound = request.csrf_hash();
    let lives_on_cookies = match access {
        Access::Callers => bound.is_some(),
        Access::Anybody => request.cookies().any(&cookies::OURS),
    };
    if lives_on_cookies && !origins.allow(request) {
        return Err(ApiError::cross_site(
            "A request with cookies must come from a page of this installation.",
        ));
    }
    let repeated = request.header("x-csrf-token").map(csrf_hash);
    if bound.is_some() && bound != repeated.as_deref() {
        return Err(ApiError::cross_site("Repeat the token of your session in X-CSRF-Token."));
    }
    Ok(())
}

/// What the access token of a browser says about the token against forgery. No secret: it only recognises the other one.
#[must_use]
pub fn csrf_hash(token: &str) -> String {
    domain::to_hex(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests;
