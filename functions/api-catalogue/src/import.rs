//! One import: a transaction of its own, and one effect however often it is sent.

use data::{
    Tenant,
    audit::Event,
    catalogue::{self, ImportCounts},
    idempotency_keys::{self, Begin, Keyed},
};
use domain::Action;
use edge::{
    ApiError, Principal,
    http::{Reply, Request},
};

use crate::{
    Context,
    outcome::{Outcome, Reject},
};

/// An open import. No other one of the organisation runs beside it.
pub(crate) struct Import<'a> {
    pub(crate) tenant: Tenant,
    keyed: Option<Keyed<'a>>,
    request: &'a Request,
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
        let keyed = request.idempotency_key()?;
        let mut tenant = ctx.database.tenant(principal).await?;
        catalogue::lock(&mut tenant).await?;
        if let Some(keyed) = &keyed {
            match idempotency_keys::begin(&mut tenant, keyed).await? {
                Begin::Fresh => {}
                Begin::Replay { response, .. } => return Ok(Begun::Answered(Reply::ok(&response)?)),
                Begin::Mismatch => return Err(ApiError::idempotency_key_reused()),
            }
        }
        Ok(Begun::Fresh(Self { tenant, keyed, request }))
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
        let event = Event::new(Action::CatalogueImported).with("route", self.request.route());
        let event = event.with("created", outcome.created).with("updated", outcome.updated);
        self.request.record(&mut self.tenant, event.with("rejected", outcome.rejected_total));
        self.tenant.commit().await?;
        outcome.log();
        Reply::ok(&outcome)
    }
}
