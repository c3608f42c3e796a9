//! The days a question is about.

use chrono::{Days, NaiveDate};
use edge::{ApiError, FieldError};
use serde::Serialize;

/// Longest span of days that can be asked for: about twenty years.
const DAYS_MAX: i64 = 7_320;

/// Days, both inclusive.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Span {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Span {
    /// `None` unless both ends are given.
    ///
    /// # Errors
    /// 400 when they are out of order or too far apart.
    pub(crate) fn of(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Option<Self>, ApiError> {
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(refused("to lies before from."));
        }
        if days > DAYS_MAX {
            return Err(refused("The span from `from` to `to` is longer than twenty years."));
        }
        Ok(Some(Self { from, to }))
    }

    /// The span of equal length that ends the day before.
    pub(crate) fn before(self) -> Option<Self> {
        let to = self.from.pred_opt()?;
        let days = u64::try_from((self.to - self.from).num_days()).ok()?;
        Some(Self { from: to.checked_sub_days(Days::new(days))?, to })
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::bad_request("invalid_query", message)
        .with_fields(vec![FieldError::new("to", "invalid", message)])
}
