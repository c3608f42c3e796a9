//! One import: a transaction of its own, and one effect however often it is sent.

use data::{
    Tenant,
    catalogue::{self, ImportCounts},
    idempotency_keys::{self, Begin, Keyed},
};
use edge::{
    ApiError, Principal,
    http::{Reply, Request},
};
use sha2::{Digest as _, Sha256};

use crate::{
    Context,
    outcome::{Outcome, Reject},
};

const KEY_CHARS_MAX: usize = 255;

/// An open import. No other one of the organisation runs beside it.
pub(crate) struct Import<'a> {
    pub(crate) tenant: Tenant,
    keyed: Option<Keyed<'a>>,
}

/// How a request goes on.
pub(crate) enum Begun<'a> {
    Fresh(Import<'a>),
    /// Its `Idempotency-Key` was answered before.
    Answered(Reply),
}

impl<'a> Import<'a> {
    /// # Errors
    /// 400 `invalid_idempotency_key`; 422 `idempotency_key_reused` for a key seen with another body.
    pub(crate) async fn begin(
        ctx: &Context,
        principal: &Principal,
        request: &'a Request,
    ) -> Result<Begun<'a>, ApiError> {
        let keyed = keyed(request)?;
        let mut tenant = ctx.database.tenant(principal.org_id).await?;
        catalogue::lock(&mut tenant).await?;
        if let Some(keyed) = &keyed {
            match idempotency_keys::begin(&mut tenant, keyed).await? {
                Begin::Fresh => {}
                Begin::Replay { response, .. } => return Ok(Begun::Answered(Reply::ok(&response)?)),
                Begin::Mismatch => {
                    let detail = "This Idempotency-Key was used with another body.";
                    return Err(ApiError::unprocessable("idempotency_key_reused", detail));
                }
            }
        }
        Ok(Begun::Fresh(Self { tenant, keyed }))
    }

    /// Commits and answers.
    pub(crate) async fn finish(
        mut self,
        counts: ImportCounts,
        rejects: Vec<Reject>,
    ) -> Result<Reply, ApiError> {
        let outcome = Outcome::new(counts, rejects);
        if let Some(keyed) = &self.keyed {
            let response = serde_json::to_value(&outcome)?;
            idempotency_keys::finish(&mut self.tenant, keyed, 200, &response).await?;
        }
        self.tenant.commit().await?;
        outcome.log();
        Reply::ok(&outcome)
    }
}

/// The caller's `Idempotency-Key`, if there is one.
fn keyed(request: &Request) -> Result<Option<Keyed<'_>>, ApiError> {
    let Some(key) = request.header("idempotency-key") else { return Ok(None) };
    if key.is_empty() || key.len() > KEY_CHARS_MAX {
        let message = format!("An Idempotency-Key has 1 to {KEY_CHARS_MAX} characters.");
        return Err(ApiError::bad_request("invalid_idempotency_key", message));
    }
    let body_hash = Sha256::digest(request.body()).into();
    Ok(Some(Keyed { route: request.route(), key, body_hash }))
}
