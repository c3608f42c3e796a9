//! Checking what somebody gives as second factor.

use chrono::{DateTime, Duration, Utc};
use data::{
    Tenant,
    mfa::{self, Factor},
};
use domain::UserId;
use edge::ApiError;

use super::{Seal, recovery, totp};

/// Wrong codes that cost nothing but the try.
const FREE_FAILURES: i32 = 5;
/// The wait after one more; it doubles with each.
const FIRST_WAIT_S: i64 = 30;
/// Nobody is locked out for longer, however many codes somebody else has tried; recovery codes are taken meanwhile.
const LONGEST_WAIT_S: i64 = 15 * 60;

/// One of the two.
pub(super) enum Proof {
    Code(String),
    RecoveryCode(String),
}

impl Proof {
    /// Of a body's members `code` and `recovery_code`.
    pub(super) fn given(code: Option<String>, recovery_code: Option<String>) -> Result<Self, ApiError> {
        match (code, recovery_code) {
            (Some(code), None) => Ok(Proof::Code(code)),
            (None, Some(code)) => Ok(Proof::RecoveryCode(code)),
            _ => Err(ApiError::field("/code", "required", "Give either code or recovery_code.")),
        }
    }
}

/// What became of a proof.
pub(super) enum Outcome {
    /// The code is used up.
    Right,
    /// Commit: it is counted.
    Wrong,
    /// Not looked at for so many seconds.
    Wait(u64),
}

impl Outcome {
    /// For somebody who is signed in: the code is what is wrong with the body.
    pub(super) fn field(self) -> Result<(), ApiError> {
        self.or_else(|| ApiError::field("/code", "wrong", "This code is not valid, or was used before."))
    }

    /// For somebody who signs in.
    pub(super) fn credential(self) -> Result<(), ApiError> {
        let detail = "This code is not valid, or was used before.";
        self.or_else(|| ApiError::unauthorized("invalid_mfa_code", detail))
    }

    fn or_else(self, wrong: impl FnOnce() -> ApiError) -> Result<(), ApiError> {
        match self {
            Self::Right => Ok(()),
            Self::Wrong => Err(wrong()),
            Self::Wait(seconds) => Err(ApiError::too_many_requests(seconds)),
        }
    }
}

/// Whether it proves the second factor of a user, whose `factor` is locked.
pub(super) async fn check(
    tenant: &mut Tenant,
    seal: &Seal,
    user: UserId,
    factor: &Factor,
    proof: &Proof,
) -> Result<Outcome, ApiError> {
    match proof {
        Proof::Code(code) => {
            let now = Utc::now();
            if let Some(seconds) = wait(factor, now) {
                return Ok(Outcome::Wait(seconds));
            }
            let secret = seal.open(user, &factor.sealed_secret)?;
            if let Some(step) = totp::find_step(&secret, code, totp::step_at(now), factor.last_step) {
                mfa::use_step(tenant, user, step).await?;
                return Ok(Outcome::Right);
            }
        }
        Proof::RecoveryCode(code) => {
            if mfa::take_recovery_code(tenant, user, &recovery::hash(code)).await? {
                mfa::use_step(tenant, user, factor.last_step).await?;
                return Ok(Outcome::Right);
            }
        }
    }
    mfa::count_failure(tenant, user).await?;
    Ok(Outcome::Wrong)
}

/// Seconds until the next code is looked at.
fn wait(factor: &Factor, now: DateTime<Utc>) -> Option<u64> {
    let beyond = factor.failures.checked_sub(FREE_FAILURES).filter(|beyond| *beyond >= 0)?;
    let doubled = FIRST_WAIT_S << beyond.min(10);
    let until = factor.failed_at? + Duration::seconds(doubled.min(LONGEST_WAIT_S));
    u64::try_from((until - now).num_seconds()).ok().filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_slow_down_and_never_stop() {
        let now = Utc::now();
        let after = |failures| {
            let factor = Factor {
                sealed_secret: Vec::new(),
                confirmed_at: Some(now),
                last_step: 0,
                failures,
                failed_at: Some(now),
            };
            wait(&factor, now)
        };
        let waits: Vec<_> = [0, 4, 5, 6, 7, 9, 10, 50, i32::MAX].into_iter().map(after).collect();
        let (none, longest) = (None, Some(900));
        assert_eq!(waits, [none, none, Some(30), Some(60), Some(120), Some(480), longest, longest, longest]);
    }
}
