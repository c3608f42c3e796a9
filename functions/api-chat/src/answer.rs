//! From a plan to what is computed.

use assistant::{Knowledge, Plan, PriceSpread, Series, Shape, Table};
use chrono::NaiveDate;
use data::{
    Tenant,
    analytics::{self, history},
    coverage,
};
use domain::metrics::Analysis;
use edge::ApiError;

/// What a plan came to.
pub(crate) struct Answer {
    pub(crate) table: Table,
    /// The statements that were run.
    pub(crate) sql: String,
}

/// Asks the books what a plan needs, and makes its rows.
///
/// # Errors
/// When the database fails.
pub(crate) async fn compute(
    tenant: &mut Tenant,
    plan: &Plan,
    knowledge: &Knowledge,
    today: NaiveDate,
) -> Result<Answer, ApiError> {
    match plan.shape {
        Shape::Forecast | Shape::Anomalies => estimate(tenant, plan, knowledge, today).await,
        Shape::Volatility => prices(tenant, plan, knowledge).await,
        _ => sums(tenant, plan, knowledge).await,
    }
}

async fn sums(tenant: &mut Tenant, plan: &Plan, knowledge: &Knowledge) -> Result<Answer, ApiError> {
    let mut computed = Vec::new();
    let mut sql = Vec::new();
    let dated = matches!(plan.shape, Shape::NotSold | Shape::FirstSale | Shape::LastSale);
    for analysis in plan.analyses() {
        sql.push(analytics::sql(tenant.org(), &analysis, dated));
        computed.push(match dated {
            true => analytics::dated_groups(tenant, &analysis).await?,
            false => analytics::groups(tenant, &analysis).await?,
        });
    }
    Ok(Answer { table: assistant::tabulate(plan, &computed, knowledge), sql: sql.join(";\n\n") })
}

/// Statistics of the whole history, as the analytics routes make them.
async fn estimate(
    tenant: &mut Tenant,
    plan: &Plan,
    knowledge: &Knowledge,
    today: NaiveDate,
) -> Result<Answer, ApiError> {
    let interval = plan.interval();
    let analysis = Analysis { limit: None, from: None, to: None, ..plan.analysis.clone() };
    let sql = analytics::sql(tenant.org(), &analysis, false);
    let groups = analytics::groups(tenant, &analysis).await?;
    let books = coverage::load(tenant, None).await?;
    let known = history::of(&books, &analysis, (plan.metric(), interval), groups, today);
    let lines = known.map(|history| history.lines).unwrap_or_default();
    let series: Vec<Series> = lines
        .iter()
        .map(|line| Series { key: line.key.clone(), starts: line.starts.clone(), values: line.floats() })
        .collect();
    let season = history::season(interval).unwrap_or_default();
    Ok(Answer { table: assistant::estimate(plan, &series, season, knowledge), sql })
}

async fn prices(tenant: &mut Tenant, plan: &Plan, knowledge: &Knowledge) -> Result<Answer, ApiError> {
    let spreads: Vec<PriceSpread> = analytics::prices(tenant, &plan.analysis)
        .await?
        .into_iter()
        .map(|prices| PriceSpread {
            key: prices.key,
            mean: prices.mean,
            deviation: prices.deviation,
            lowest: prices.lowest,
            highest: prices.highest,
        })
        .collect();
    let sql = analytics::prices_sql(tenant.org(), &plan.analysis);
    Ok(Answer { table: assistant::tabulate_prices(plan, &spreads, knowledge), sql })
}
