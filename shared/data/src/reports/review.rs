//! Whether what reports showed is still what the books say.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    OrgId, ReportId, ReportRunId,
    metrics::{Analysis, Dimension, Filter, Metric, Span},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{COLUMNS, Report};
use crate::{Error, Result, Tenant, analytics};

/// What a report showed of one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shown {
    pub records: i64,
    /// `null`: the vendor does not report it.
    pub revenue_eur: Option<Decimal>,
    pub units: Option<Decimal>,
}

/// What reports rest on, by the key of the vendor.
pub type Figures = BTreeMap<String, Shown>;

/// A vendor of whom a report showed something else than the books say now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub vendor: String,
    /// `null`: the report showed nothing of it.
    pub shown: Option<Shown>,
    /// `null`: nothing counts any more.
    pub now: Option<Shown>,
}

/// The figures of these days, as the subject of the transaction may see them.
///
/// # Errors
/// When the database fails.
pub async fn figures(tenant: &mut Tenant, days: Span, filters: &[Filter]) -> Result<Figures> {
    let analysis = Analysis {
        filters: filters.to_vec(),
        by: vec![Dimension::Vendor],
        ..Analysis::of(&[Metric::RevenueEur, Metric::Units]).within(days.from, days.to)
    };
    let groups = analytics::groups(tenant, &analysis).await?;
    let shown = |group: analytics::Group| {
        let figure = |metric: Metric| metric.value(&group.sums).known().map(|figure| figure.normalize());
        let shown = Shown {
            records: group.sums.records,
            revenue_eur: figure(Metric::RevenueEur),
            units: figure(Metric::Units),
        };
        (group.key.into_iter().next().flatten().unwrap_or_default(), shown)
    };
    Ok(groups.into_iter().map(shown).collect())
}

/// What is not the same in both.
#[must_use]
pub fn differences(shown: &Figures, now: &Figures) -> Vec<Difference> {
    let vendors: BTreeSet<&String> = shown.keys().chain(now.keys()).collect();
    vendors
        .into_iter()
        .filter(|vendor| shown.get(*vendor) != now.get(*vendor))
        .map(|vendor| Difference {
            vendor: vendor.clone(),
            shown: shown.get(vendor).cloned(),
            now: now.get(vendor).cloned(),
        })
        .collect()
}

/// Writes down that a report was held against the books when they had had so many changes, and what differed.
///
/// # Errors
/// When the database fails.
pub async fn mark_reviewed(
    tenant: &mut Tenant,
    id: ReportId,
    version: i64,
    differences: &[Difference],
) -> Result<()> {
    sqlx::query("UPDATE reports SET reviewed_version = $2, differences = $3 WHERE id = $1")
        .bind(id.0)
        .bind(version)
        .bind((!differences.is_empty()).then_some(Json(differences)))
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("reports.mark_reviewed"))?;
    Ok(())
}

/// How many reports of each of these runs showed something else than the books say now, and have not been made again; a run of which none
/// did is left out. Nothing for who may not send reports.
///
/// # Errors
/// When the database fails.
pub async fn count_outdated(tenant: &mut Tenant, runs: &[ReportRunId]) -> Result<BTreeMap<ReportRunId, i64>> {
    let counted: Vec<(Uuid, i64)> =
        sqlx::query_as("SELECT run_id, count(*) FROM service.list_outdated_reports($1) GROUP BY run_id")
            .bind(runs.iter().map(|run| run.0).collect::<Vec<_>>())
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("reports.count_outdated"))?;
    Ok(counted.into_iter().map(|(run, reports)| (ReportRunId(run), reports)).collect())
}

/// Those reports of a run, for a job.
pub(crate) async fn list_outdated_of_run(tenant: &mut Tenant, run: ReportRunId) -> Result<Vec<Report>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM reports WHERE id IN (SELECT o.id FROM service.list_outdated_reports(ARRAY[$1]) AS o) ORDER BY id"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(run.0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("reports.list_outdated_of_run"))
}

/// Reports of all tenants that rest on books which have changed since they were made or looked at.
///
/// # Errors
/// When the database fails.
pub async fn list_to_review(service: &mut PgConnection, limit: i32) -> Result<Vec<(OrgId, ReportId)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT org_id, id FROM service.list_reports_to_review($1)")
        .bind(limit)
        .fetch_all(service)
        .await
        .map_err(Error::query("reports.list_to_review"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), ReportId(id))).collect())
}
