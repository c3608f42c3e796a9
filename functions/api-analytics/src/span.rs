//! The days a question is about.

use chrono::NaiveDate;
use domain::metrics::Span;
use edge::ApiError;

use crate::asked::refused;

/// Longest span of days that can be asked for: about twenty years.
const DAYS_MAX: i64 = 7_320;

/// `None` unless both ends are given.
///
/// # Errors
/// 400 when they are out of order or too far apart.
pub(crate) fn between(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Option<Span>, ApiError> {
    let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
    let days = (to - from).num_days() + 1;
    if days < 1 {
        return Err(refused("to", "to lies before from."));
    }
    if days > DAYS_MAX {
        return Err(refused("to", "The span from `from` to `to` is longer than twenty years."));
    }
    Ok(Some(Span { from, to }))
}
