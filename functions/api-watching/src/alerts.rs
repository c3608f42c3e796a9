//! Alerts: figures that somebody has watched.

pub mod checks;
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod pause;
pub mod resume;
pub mod test;
pub mod update;
mod wish;

use chrono::{DateTime, NaiveDate, Utc};
use data::{
    Tenant,
    alerts::{self, Alert},
    audit::{Event, Subject},
};
use domain::{
    Action, AlertCondition, AlertId, AlertPeriod, AlertRepeat, Finding,
    metrics::{Dimension, Filter, Metric, NOT},
    schedule::QuietHours,
};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Alert")]
struct View {
    id: AlertId,
    /// Whoever made or changed it last.
    owner: Uuid,
    name: String,
    metric: Metric,
    filters: Map<String, Value>,
    /// Each value of it is watched by itself.
    by: Option<Dimension>,
    every: AlertPeriod,
    condition: AlertCondition,
    quiet_hours: Option<QuietHours>,
    repeat: AlertRepeat,
    /// Those whom it tells what they may see themselves. `address` is `null` for whom the caller need not know.
    recipients: Vec<RecipientView>,
    active: bool,
    /// Why it watches no more, where nobody has paused it.
    stopped: Option<Finding>,
    /// First day of the first period that it looks at.
    since: NaiveDate,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AlertRecipient")]
struct RecipientView {
    user_id: Uuid,
    address: Option<String>,
}

/// Alerts as they are shown, in the same order.
async fn views(tenant: &mut Tenant, alerts: Vec<Alert>) -> Result<Vec<View>, ApiError> {
    let users: Vec<Uuid> = alerts.iter().flat_map(|alert| alert.recipients.iter().copied()).collect();
    let known = if users.is_empty() { Vec::new() } else { alerts::addresses(tenant, &users).await? };
    let recipient = |user_id: &Uuid| RecipientView {
        user_id: *user_id,
        address: known.iter().find(|(id, _)| id == user_id).map(|(_, address)| address.clone()),
    };
    let view = |alert: Alert| View {
        id: AlertId(alert.id),
        owner: alert.owner,
        name: alert.name,
        metric: alert.rule.metric,
        filters: written(&alert.rule.filters),
        by: alert.rule.by,
        every: alert.rule.every,
        condition: alert.rule.condition,
        quiet_hours: alert.quiet,
        repeat: alert.repeat.0,
        recipients: alert.recipients.iter().map(recipient).collect(),
        active: alert.active,
        stopped: alert.stopped,
        since: alert.since,
        version: alert.version,
        created_at: alert.created_at,
        updated_at: alert.updated_at,
    };
    Ok(alerts.into_iter().map(view).collect())
}

async fn view(tenant: &mut Tenant, alert: Alert) -> Result<View, ApiError> {
    views(tenant, vec![alert]).await?.pop().ok_or_else(ApiError::not_found)
}

/// Filters as they are written in a query.
fn written(filters: &[Filter]) -> Map<String, Value> {
    let mut written = Map::new();
    for filter in filters {
        let not = if filter.excluded { NOT } else { "" };
        let name = format!("{not}{}", filter.dimension.as_str());
        let values = filter.values.iter().map(|value| value.as_deref().map_or(Value::Null, Value::from));
        if let Value::Array(all) = written.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            all.extend(values);
        }
    }
    written
}

fn event(action: Action, alert: &Alert) -> Event {
    Event::new(action)
        .about(Subject::new("alert", alert.id))
        .with("name", alert.name.as_str())
        .with("metric", alert.rule.metric.as_str())
}

/// Who is told of an alert sees it; who neither owns it nor may send things to others leaves it as it is.
fn not_yours() -> ApiError {
    ApiError::forbidden("An alert is changed by its owner, or by who has the permission reports:write.")
}

#[cfg(test)]
mod tests;
