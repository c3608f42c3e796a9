//! EventBridge schedule: removes what is kept longer than the rules say.

use std::collections::BTreeMap;

use data::{audit::Event, retention};
use domain::{Action, OrgId};
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::{Context, originals};

/// Removed in one transaction: short enough that nobody waits for its locks.
const BATCH: i64 = 1_000;
/// Of one kind and organisation in a run; the next run goes on.
const BATCHES: u32 = 20;
const ORGANIZATIONS_A_PAGE: i32 = 100;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Schedule {}

/// What a run did.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    pub organizations: u32,
    /// How many of each kind; kinds of which there were none are left out.
    pub removed: BTreeMap<String, u64>,
}

/// Goes once through all organisations.
///
/// # Errors
/// When the organisations cannot be listed, or one of them could not be cleaned; the others were.
pub fn apply(ctx: &'static Context, _: Schedule) -> Boxed<'static, anyhow::Result<Removed>> {
    Box::pin(run(ctx))
}

async fn run(ctx: &Context) -> anyhow::Result<Removed> {
    let (mut all, mut failed, mut after) = (Removed::default(), 0_u32, None);
    loop {
        let page = {
            let mut service = ctx.database.service().await?;
            retention::organizations(&mut service, after, ORGANIZATIONS_A_PAGE).await?
        };
        let Some(last) = page.last() else { break };
        after = Some(*last);
        for org in page {
            all.organizations += 1;
            if let Err(error) = clean(ctx, org, &mut all.removed).await {
                failed += 1;
                tracing::error!(org.id = %org, error = format!("{error:#}"), "rules not applied");
            }
        }
    }
    tracing::info!(organizations = all.organizations, removed = ?all.removed, "rules applied");
    anyhow::ensure!(failed == 0, "the rules of {failed} organisations were not applied");
    Ok(all)
}

async fn clean(ctx: &Context, org: OrgId, removed: &mut BTreeMap<String, u64>) -> anyhow::Result<()> {
    let rules = retention::list(&mut ctx.database.system(org).await?).await?;
    for rule in rules {
        if rule.kind == retention::ORIGINALS {
            let count = originals::remove(ctx, org, rule.days, BATCHES).await?;
            if count > 0 {
                *removed.entry(rule.kind).or_default() += count;
            }
            continue;
        }
        for _ in 0..BATCHES {
            let mut tenant = ctx.database.system(org).await?;
            let count = retention::remove(&mut tenant, &rule.kind, rule.days, BATCH).await?;
            if count > 0 {
                let event = Event::new(Action::RecordsRemoved).with("kind", rule.kind.as_str());
                tenant.record(event.with("rows", count));
                *removed.entry(rule.kind.clone()).or_default() += count;
            }
            tenant.commit().await?;
            if count < BATCH.unsigned_abs() {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
