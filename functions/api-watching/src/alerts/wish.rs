//! Alerts as people write them.

use chrono::NaiveDate;
use data::{
    Caller, Tenant,
    alerts::{self, Alert, Wish},
    reports,
};
use domain::{
    AlertCondition, AlertPeriod, AlertRepeat, AlertRule, is_email, is_name,
    metrics::{Dimension, Filter, Filters, Metric},
    schedule::{Quiet, QuietHours},
};
use edge::{
    ApiError, FieldError, Permission, Principal,
    http::{pairs_of, said},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

const NAME_CHARS_MAX: usize = 100;
const RECIPIENTS_MAX: usize = 100;
/// An average of fewer periods is none, of more it is about times that nobody remembers.
const PERIODS: std::ops::RangeInclusive<u32> = 2..=60;
/// Ten thousand percent.
const PERCENT_MAX: i64 = 10_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewAlert")]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    name: String,
    metric: Metric,
    /// As in the queries of analytics routes: `{"vendor": ["galilu"]}`.
    #[serde(default)]
    filters: Map<String, Value>,
    /// Each value of it is watched by itself, for instance each vendor.
    by: Option<Dimension>,
    every: AlertPeriod,
    condition: AlertCondition,
    quiet_hours: Option<QuietHours>,
    /// `once` without it.
    repeat: Option<AlertRepeat>,
    /// Addresses of people who sign in here; the caller alone without it. For others the caller needs `reports:write`.
    recipients: Option<Vec<String>>,
    /// `true` without it.
    active: Option<bool>,
}

/// What is to be different; what is not named stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "AlertChange")]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    name: Option<String>,
    metric: Option<Metric>,
    filters: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "said")]
    by: Option<Option<Dimension>>,
    every: Option<AlertPeriod>,
    condition: Option<AlertCondition>,
    #[serde(default, deserialize_with = "said")]
    quiet_hours: Option<Option<QuietHours>>,
    repeat: Option<AlertRepeat>,
    recipients: Option<Vec<String>>,
    active: Option<bool>,
}

impl Body {
    /// # Errors
    /// 422 naming every field at fault; 403 for what the caller may not see or do.
    pub(super) async fn read(
        self,
        tenant: &mut Tenant,
        principal: &Principal,
        today: NaiveDate,
    ) -> Result<Wish, ApiError> {
        let rule = AlertRule {
            metric: self.metric,
            filters: filters(&self.filters)?,
            by: self.by,
            every: self.every,
            condition: self.condition,
        };
        let owner = Caller::from(principal).subject;
        let recipients = match &self.recipients {
            Some(given) => recipients(tenant, principal, given).await?,
            // A key has no mailbox.
            None if principal.key_id.is_some() => Vec::new(),
            None => vec![owner],
        };
        let wish = Wish {
            owner,
            name: self.name.trim().to_owned(),
            quiet: self.quiet_hours,
            repeat: self.repeat.unwrap_or(AlertRepeat::Once),
            recipients,
            active: self.active.unwrap_or(true),
            since: ::alerts::last_period(rule.every, today).unwrap_or(today),
            rule,
        };
        checked(wish, principal)
    }
}

impl Change {
    /// The alert as it is to be. It is its changer's from now on.
    ///
    /// # Errors
    /// 422 naming every field at fault; 403 for what the caller may not see or do.
    pub(super) async fn read(
        self,
        tenant: &mut Tenant,
        principal: &Principal,
        former: Alert,
        today: NaiveDate,
    ) -> Result<Wish, ApiError> {
        let rule = AlertRule {
            metric: self.metric.unwrap_or(former.rule.metric),
            filters: self.filters.as_ref().map(filters).transpose()?.unwrap_or(former.rule.filters),
            by: self.by.unwrap_or(former.rule.by),
            every: self.every.unwrap_or(former.rule.every),
            condition: self.condition.unwrap_or(former.rule.condition),
        };
        let since = if rule.every == former.rule.every {
            former.since
        } else {
            ::alerts::last_period(rule.every, today).unwrap_or(today)
        };
        let recipients = match &self.recipients {
            Some(given) => recipients(tenant, principal, given).await?,
            None => former.recipients,
        };
        let wish = Wish {
            owner: Caller::from(principal).subject,
            name: self.name.map_or(former.name, |name| name.trim().to_owned()),
            quiet: self.quiet_hours.unwrap_or(former.quiet),
            repeat: self.repeat.unwrap_or(former.repeat.0),
            recipients,
            active: self.active.unwrap_or(former.active),
            since,
            rule,
        };
        checked(wish, principal)
    }
}

/// The alert as it is, watching again for the caller, from the last period that is over.
///
/// # Errors
/// 403 for what the caller may not see or do.
pub(super) fn resumed(principal: &Principal, former: Alert, today: NaiveDate) -> Result<Wish, ApiError> {
    let wish = Wish {
        owner: Caller::from(principal).subject,
        name: former.name,
        since: ::alerts::last_period(former.rule.every, today).unwrap_or(today).max(former.since),
        rule: former.rule,
        quiet: former.quiet,
        repeat: former.repeat.0,
        recipients: former.recipients,
        active: true,
    };
    checked(wish, principal)
}

fn checked(wish: Wish, principal: &Principal) -> Result<Wish, ApiError> {
    let mut wrong = Vec::new();
    if !is_name(&wish.name) || wish.name.chars().count() > NAME_CHARS_MAX {
        let message = format!("A name has 1 to {NAME_CHARS_MAX} printable characters.");
        wrong.push(FieldError::new("/name", "invalid", message));
    }
    if wish.rule.by.is_some_and(Dimension::is_time) {
        wrong.push(FieldError::new("/by", "invalid", "Time is every: name what is watched one by one."));
    }
    let percent = |percent: Decimal| percent <= Decimal::ZERO || percent > PERCENT_MAX.into();
    match wish.rule.condition {
        AlertCondition::Average { periods, .. } if !PERIODS.contains(&periods) => {
            let message = format!("An average is of {} to {} periods.", PERIODS.start(), PERIODS.end());
            wrong.push(FieldError::new("/condition/periods", "out_of_range", message));
        }
        AlertCondition::Average { percent: given, .. } | AlertCondition::LastYear { percent: given, .. }
            if percent(given) =>
        {
            let message = format!("A percentage lies above 0 and up to {PERCENT_MAX}.");
            wrong.push(FieldError::new("/condition/percent", "out_of_range", message));
        }
        _ => {}
    }
    if let Some(Err(error)) = wish.quiet.as_ref().map(Quiet::try_from) {
        wrong.push(FieldError::new(format!("/quiet_hours/{}", error.field), "invalid", error.message));
    }
    if !wrong.is_empty() {
        return Err(ApiError::validation(wrong));
    }
    for needed in alerts::needs(&wish.rule, wish.owner, &wish.recipients) {
        if !needed.parse().is_ok_and(|permission: Permission| principal.may(permission)) {
            return Err(ApiError::forbidden(format!("This needs the permission {needed}.")));
        }
    }
    Ok(wish)
}

fn filters(given: &Map<String, Value>) -> Result<Vec<Filter>, ApiError> {
    let mut filters = Filters::default();
    for (name, value) in pairs_of(given, "/filters")? {
        filters.add(&name, value).map_err(|_| {
            ApiError::field(format!("/filters/{name}"), "unknown", format!("{name} is not known here."))
        })?;
    }
    filters.read().map_err(|(dimension, error)| {
        ApiError::field(format!("/filters/{}", dimension.as_str()), "invalid", error.to_string())
    })
}

/// Users by their addresses; oneself always.
async fn recipients(
    tenant: &mut Tenant,
    principal: &Principal,
    given: &[String],
) -> Result<Vec<Uuid>, ApiError> {
    if given.len() > RECIPIENTS_MAX {
        let message = format!("There are at most {RECIPIENTS_MAX} recipients.");
        return Err(ApiError::field("/recipients", "too_many", message));
    }
    let addresses: Vec<String> = given.iter().map(|address| address.trim().to_ascii_lowercase()).collect();
    let own = principal.email.to_ascii_lowercase();
    let others: Vec<String> = addresses.iter().filter(|address| **address != own).cloned().collect();
    let logins = if others.is_empty() {
        Vec::new()
    } else if principal.may(Permission::ReportsWrite) {
        reports::find_recipients(tenant, &others).await?
    } else {
        let needed = Permission::ReportsWrite.as_str();
        return Err(ApiError::forbidden(format!("To have others told needs the permission {needed}.")));
    };
    let (mut users, mut wrong) = (Vec::new(), Vec::new());
    for (place, address) in addresses.iter().enumerate() {
        let user = if *address == own {
            Some(principal.user_id.0)
        } else {
            logins.iter().find(|login| login.address == *address).map(|login| login.user_id)
        };
        match user {
            Some(user) if !users.contains(&user) => users.push(user),
            Some(_) => {}
            None => {
                let message = if is_email(address) {
                    "Nobody signs in here with this address: alerts tell people what they may see themselves."
                } else {
                    "This is no address that mail can be sent to."
                };
                wrong.push(FieldError::new(format!("/recipients/{place}"), "unknown_user", message));
            }
        }
    }
    if wrong.is_empty() { Ok(users) } else { Err(ApiError::validation(wrong)) }
}
