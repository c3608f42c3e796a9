//! Schedules as people write them.

use chrono::{DateTime, Utc};
use data::{
    Caller, Tenant,
    report_schedules::{Schedule, Wish},
};
use domain::{
    ReportFormat, ReportKind, ReportLocale, UploadId, is_name,
    schedule::{Cadence, CadenceSpec, CatchUp, RelativePeriod},
};
use edge::{ApiError, Principal};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    recipients::{self, Recipient},
    scope::{Asked, CustomAnalysis},
};

const NAME_CHARS_MAX: usize = 100;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewReportSchedule")]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    /// That of its kind without one.
    name: Option<String>,
    kind: ReportKind,
    format: ReportFormat,
    /// How numbers and days are written; `en` without it.
    locale: Option<ReportLocale>,
    cadence: CadenceSpec,
    /// What each report is about, in relation to the day it is due on.
    period: RelativePeriod,
    /// As in the queries of analytics routes. Where they are stated, `{}` included, people without a login get what they leave.
    filters: Option<Map<String, Value>>,
    /// Of a custom report; revenue and units by vendor without it.
    analysis: Option<CustomAnalysis>,
    /// Of a cleaning report about one file.
    upload_id: Option<UploadId>,
    /// Without any, the owner gets a report to fetch.
    #[serde(default)]
    recipients: Vec<Recipient>,
    /// What becomes of due times that an outage made miss; `run_once` without it.
    catch_up: Option<CatchUp>,
    /// `true` without it.
    active: Option<bool>,
}

/// What is to be different; what is not named stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "ReportScheduleChange")]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    name: Option<String>,
    kind: Option<ReportKind>,
    format: Option<ReportFormat>,
    locale: Option<ReportLocale>,
    cadence: Option<CadenceSpec>,
    period: Option<RelativePeriod>,
    filters: Option<Map<String, Value>>,
    analysis: Option<CustomAnalysis>,
    upload_id: Option<UploadId>,
    recipients: Option<Vec<Recipient>>,
    catch_up: Option<CatchUp>,
    active: Option<bool>,
}

impl Body {
    /// # Errors
    /// 422 naming the field; 403 for what the caller may not see.
    pub(super) async fn read(
        self,
        tenant: &mut Tenant,
        principal: &Principal,
        now: DateTime<Utc>,
    ) -> Result<Wish, ApiError> {
        let filters = self.filters.as_ref();
        let asked =
            Asked { kind: self.kind, filters, analysis: self.analysis.as_ref(), upload_id: self.upload_id };
        let wish = Wish {
            owner: Caller::from(principal).subject,
            name: named(self.name.as_deref().unwrap_or(self.kind.title()))?,
            kind: self.kind,
            format: self.format,
            locale: self.locale.unwrap_or(ReportLocale::English),
            scope: asked.read(principal)?,
            next_run_at: Some(next(&self.cadence, now)?),
            cadence: self.cadence,
            period: self.period,
            recipients: recipients::chosen(tenant, &self.recipients, filters.is_some()).await?,
            catch_up: self.catch_up.unwrap_or(CatchUp::RunOnce),
            active: self.active.unwrap_or(true),
        };
        Ok(wish)
    }
}

impl Change {
    /// The schedule as it is to be. It is its changer's from now on: nobody has something run under the rights of somebody else.
    ///
    /// # Errors
    /// 422 naming the field; 403 for what the caller may not see.
    pub(super) async fn read(
        self,
        tenant: &mut Tenant,
        principal: &Principal,
        former: Schedule,
        now: DateTime<Utc>,
    ) -> Result<Wish, ApiError> {
        let kind = self.kind.unwrap_or(former.kind.0);
        let kept = crate::scope::custom(&former.scope).filter(|_| kind == ReportKind::Custom);
        let kept_filters = crate::scope::written(&former.scope.filters);
        let asked = Asked {
            kind,
            filters: Some(self.filters.as_ref().unwrap_or(&kept_filters)),
            analysis: self.analysis.as_ref().or(kept.as_ref()),
            upload_id: self
                .upload_id
                .or(former.scope.upload_id)
                .filter(|_| kind == ReportKind::UploadCleaning),
        };
        let scope = asked.read(principal)?;
        let recipients = match &self.recipients {
            Some(given) => recipients::chosen(tenant, given, self.filters.is_some()).await?,
            None => former.recipients,
        };
        let cadence = self.cadence.unwrap_or(former.cadence);
        Ok(Wish {
            owner: Caller::from(principal).subject,
            name: named(self.name.as_deref().unwrap_or(&former.name))?,
            kind,
            format: self.format.unwrap_or(former.format.0),
            locale: self.locale.unwrap_or(former.locale.0),
            scope,
            next_run_at: Some(next(&cadence, now)?),
            cadence,
            period: self.period.unwrap_or(former.period.0),
            recipients,
            catch_up: self.catch_up.unwrap_or(former.catch_up.0),
            active: self.active.unwrap_or(former.active),
        })
    }
}

/// The schedule as it is, running again, for the caller.
///
/// # Errors
/// 403 for what the caller may not see; 422 for a cadence that never comes again.
pub(super) fn resumed(principal: &Principal, former: Schedule, now: DateTime<Utc>) -> Result<Wish, ApiError> {
    let written = crate::scope::written(&former.scope.filters);
    let custom = crate::scope::custom(&former.scope);
    let asked = Asked {
        kind: former.kind.0,
        filters: Some(&written),
        analysis: custom.as_ref(),
        upload_id: former.scope.upload_id,
    };
    Ok(Wish {
        owner: Caller::from(principal).subject,
        scope: asked.read(principal)?,
        next_run_at: Some(next(&former.cadence, now)?),
        name: former.name,
        kind: former.kind.0,
        format: former.format.0,
        locale: former.locale.0,
        cadence: former.cadence,
        period: former.period.0,
        recipients: former.recipients,
        catch_up: former.catch_up.0,
        active: true,
    })
}

fn next(cadence: &CadenceSpec, now: DateTime<Utc>) -> Result<DateTime<Utc>, ApiError> {
    let read = Cadence::try_from(cadence)
        .map_err(|error| ApiError::field(format!("/cadence/{}", error.field), error.code, error.message))?;
    read.next_after(now)
        .ok_or_else(|| ApiError::field("/cadence", "never_due", "This never comes: no day fits."))
}

fn named(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    if !is_name(name) || name.chars().count() > NAME_CHARS_MAX {
        let message = format!("A name has 1 to {NAME_CHARS_MAX} printable characters.");
        return Err(ApiError::field("/name", "invalid", message));
    }
    Ok(name.to_owned())
}
