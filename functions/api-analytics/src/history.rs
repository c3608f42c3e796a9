//! The whole history of what is asked about: what statistics are made from.

use chrono::Utc;
use data::{
    Tenant,
    analytics::history::{self, History, POINTS_MAX},
    coverage::Books,
};
use domain::metrics::{Analysis, Dimension, Metric};
use edge::ApiError;

use crate::{
    asked::{Asked, refused},
    groups,
};

/// The one metric that is asked about.
///
/// # Errors
/// 400 when there are several.
pub(crate) fn one_metric(asked: &Asked) -> Result<Metric, ApiError> {
    match asked.analysis.metrics[..] {
        [metric] => Ok(metric),
        _ => Err(refused("metric", "One metric is looked at at a time.")),
    }
}

/// The interval that is asked for: a month without a word.
///
/// # Errors
/// 400 for anything that has no season.
pub(crate) fn interval(asked: &Asked) -> Result<Dimension, ApiError> {
    let Some(word) = asked.own("interval")? else { return Ok(Dimension::Month) };
    let known = word.parse().ok().filter(|interval| history::season(*interval).is_some());
    known.ok_or_else(|| refused("interval", "interval is day, week, month, quarter or year."))
}

/// Loads the lines of an analysis from the beginning of the books.
///
/// # Errors
/// When there are too many, or the database fails.
pub(crate) async fn load(
    tenant: &mut Tenant,
    books: &Books,
    asked: &Analysis,
    (metric, interval): (Metric, Dimension),
) -> Result<History, ApiError> {
    let by = [vec![interval], asked.by.clone()].concat();
    let asked = Analysis { by, from: None, ..asked.clone() };
    let groups = groups::all(tenant, &asked).await?;
    let history = history::of(books, &asked, (metric, interval), groups, Utc::now().date_naive());
    history.ok_or_else(too_many_points)
}

/// 400 for a series that nobody could look at.
pub(crate) fn too_many_points() -> ApiError {
    refused("interval", format!("This gives more than {POINTS_MAX} points: ask for longer intervals."))
}
