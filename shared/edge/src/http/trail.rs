//! The audit trail as the edge writes it: routes record what they did, refusals are recorded here, once for all routes.

use data::{Caller, Database, Tenant, audit::Event, users};
use domain::{Action, ActorKind, AuditOutcome};
use lambda_http::http::StatusCode;

use super::{Request, limits::account};
use crate::{ApiError, Principal};

impl Request {
    /// Has the commit of `tenant` write this into the audit trail, with who asked, from where and under which request id.
    pub fn record(&self, tenant: &mut Tenant, event: Event) {
        tenant.record(self.attributed(event));
    }

    fn attributed(&self, event: Event) -> Event {
        let event = event.of_request(Some(self.id().to_string()), self.source_ip().map(str::to_owned));
        match self.principal() {
            Ok(principal) if event.is_unattributed() => by(event, &principal),
            _ => event,
        }
    }
}

fn by(event: Event, principal: &Principal) -> Event {
    match principal.key_id {
        Some(key) => event.by(ActorKind::ApiKey, Some(key.0)),
        None => event.by_user(principal.user_id),
    }
}

/// What is known of a request when its answer turns out to be a refusal; the route has it by then.
pub(super) struct Witness {
    caller: Caller,
    event: Event,
}

impl Witness {
    /// `None` for a request that nobody vouched for: it is refused in the logs alone.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let principal = request.principal().ok()?;
        let event = Event::new(Action::AccessDenied).outcome(AuditOutcome::Denied);
        let event = request.attributed(event.with("route", request.route()));
        Some(Self { caller: Caller::from(&principal), event })
    }

    /// Records a refusal for want of a right; other answers are none. The answer stays what it is when this fails.
    pub(super) async fn see(self, database: &Database, error: &ApiError) {
        if error.status() != StatusCode::FORBIDDEN {
            return;
        }
        let refused_by = if error.cause().is_some() { "database" } else { "edge" };
        let event = self.event.with("code", error.code()).with("reason", error.detail());
        let event = event.with("refused_by", refused_by);
        report(write(database.tenant(self.caller).await, event).await);
    }
}

/// Records that a limit begins to refuse: the first refusal of a window, so that a flood of calls is no flood of events.
pub(super) async fn limit_reached(database: &Database, request: &Request, limit: &str) {
    let event = Event::new(Action::LimitReached).outcome(AuditOutcome::Denied);
    let event = event.with("limit", limit).with("route", request.route());
    report(match request.principal() {
        Ok(principal) => write(database.tenant(&principal).await, request.attributed(event)).await,
        Err(_) => {
            let event = request.attributed(event.by(ActorKind::Anonymous, None));
            write(of_account(database, &account(request)).await, event).await
        }
    });
}

/// The trail that a sign-in with this address belongs to: of an unknown address that of the installation.
async fn of_account(database: &Database, address: &str) -> data::Result<Tenant> {
    let known = users::find_login(&mut *database.service().await?, &address.replace('\0', "")).await?;
    match known {
        Some(login) => database.system(login.org_id).await,
        None => database.installation().await,
    }
}

async fn write(tenant: data::Result<Tenant>, event: Event) -> data::Result<()> {
    let mut tenant = tenant?;
    tenant.record(event);
    tenant.commit().await
}

fn report(outcome: data::Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(
            error = format!("{:#}", anyhow::Error::new(error)),
            "a refusal is not in the audit trail"
        );
    }
}

#[cfg(test)]
mod tests;
