//! The token between the two halves of a login: it says that the password was right, and is good for nothing else.

use chrono::Utc;
use data::Database;
use domain::{OrgId, UserId};
use edge::{
    ApiError,
    tokens::{self, Kind},
};
use serde::{Deserialize, Serialize};

use crate::tokens::Signer;

/// Time to find the phone.
const LIFETIME_S: i64 = 300;

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Challenge {
    iss: String,
    aud: String,
    pub(crate) sub: UserId,
    pub(crate) org: OrgId,
    /// Ends with the user's access tokens.
    pub(crate) ver: i32,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The answer to a right first factor of a user with a second one.
pub(crate) fn required(signer: &Signer, org: OrgId, sub: UserId, ver: i32) -> Result<ApiError, ApiError> {
    let now = Utc::now().timestamp();
    let (iss, aud) = (tokens::ISSUER.to_owned(), Kind::Challenge.audience().to_owned());
    let challenge = Challenge { iss, aud, sub, org, ver, iat: now, nbf: now, exp: now + LIFETIME_S };
    let token = signer.sign(Kind::Challenge, &challenge)?;
    let detail = "The first factor is right; send the mfa_token with a code to /v1/auth/login/mfa.";
    Ok(ApiError::unauthorized("mfa_required", detail).with_member("mfa_token", token))
}

/// The challenge, if it is one of ours and still holds.
pub(crate) async fn read(database: &Database, token: &str) -> Result<Challenge, ApiError> {
    let mut service = database.service().await?;
    tokens::read(&mut service, Kind::Challenge, token).await?.ok_or_else(invalid)
}

pub(crate) fn invalid() -> ApiError {
    ApiError::unauthorized("invalid_mfa_token", "This mfa_token is not valid any more; log in again.")
}
