//! One import: a transaction of its own, and one effect however often it is sent.

use data::{
    Tenant,
    audit::Event,
    catalogue::{self, ImportCounts},
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

/// Takes what a file says, and answers with what came of it. No other import of the organisation runs beside it.
///
/// # Errors
/// Those of `take`; 400 `invalid_idempotency_key`; 422 `idempotency_key_reused` for a key seen with another body.
pub(crate) async fn import(
    ctx: &Context,
    principal: &Principal,
    request: &Request,
    take: impl AsyncFnOnce(&mut Tenant) -> Result<(ImportCounts, Vec<Reject>), ApiError>,
) -> Result<Reply, ApiError> {
    let mut tenant = ctx.database.tenant(principal).await?;
    catalogue::lock(&mut tenant).await?;
    let reply = request
        .once_ok(&mut tenant, async |tenant| {
            let (counts, rejects) = take(tenant).await?;
            let outcome = Outcome::new(counts, rejects);
            let event = Event::new(Action::CatalogueImported).with("route", request.route());
            let event = event.with("created", outcome.created).with("updated", outcome.updated);
            request.record(tenant, event.with("rejected", outcome.rejected_total));
            outcome.log();
            Ok(outcome)
        })
        .await?;
    tenant.commit().await?;
    Ok(reply)
}
