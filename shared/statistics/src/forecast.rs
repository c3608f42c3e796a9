//! What comes next, with how wrong the same method was before.

use crate::{
    VALUES_MIN,
    method::{Method, mean},
};

/// Expectations with ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    pub method: Method,
    /// One for each step ahead.
    pub points: Vec<Point>,
    pub backtest: Backtest,
    /// Of the naive method on the same values; where there are seasons, of the seasonal naive one.
    pub naive: Backtest,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub expected: f64,
    /// In four of five cases.
    pub likely: Range,
    /// In nineteen of twenty.
    pub wide: Range,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
}

/// Errors of expectations one step ahead, each made from the values before it alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backtest {
    pub steps: usize,
    pub mean_absolute_error: f64,
    /// All errors by all values, in percent; `None` when the values are zero.
    pub percent: Option<f64>,
}

/// Standard deviations that four of five, and nineteen of twenty, values of a normal distribution keep to.
const LIKELY: f64 = 1.282;
const WIDE: f64 = 1.96;

/// Fewest errors of a horizon from which its own spread is taken.
const ERRORS_MIN: usize = 5;

/// What the next `steps` values are expected to be; `None` with fewer than six values.
#[must_use]
pub fn forecast(values: &[f64], season: usize, steps: usize) -> Option<Forecast> {
    let (method, from) = choose(values, season)?;
    let one_step = spread(&errors(method, values, from, 1));
    let points = method.ahead(values, steps).into_iter().enumerate().map(|(step, expected)| {
        let own = errors(method, values, from, step + 1);
        #[expect(clippy::cast_precision_loss, reason = "a handful of steps")]
        let grown = one_step * ((step + 1) as f64).sqrt();
        // What lies further ahead is never surer.
        let spread = if own.len() >= ERRORS_MIN { spread(&own).max(one_step) } else { grown };
        let range = |deviations: f64| Range {
            low: expected - deviations * spread,
            high: expected + deviations * spread,
        };
        Point { expected, likely: range(LIKELY), wide: range(WIDE) }
    });
    let naive = match season {
        season if season > 1 && values.len() >= 2 * season => Method::SeasonalNaive { season },
        _ => Method::Naive,
    };
    Some(Forecast {
        method,
        points: points.collect(),
        backtest: Backtest::of(method, values, from),
        naive: Backtest::of(naive, values, from),
    })
}

/// The method with the smallest error, and the first value it was tried on: every candidate is tried on the same ones.
pub(crate) fn choose(values: &[f64], season: usize) -> Option<(Method, usize)> {
    if values.len() < VALUES_MIN {
        return None;
    }
    let candidates = Method::candidates(values.len(), season);
    let memory = candidates.iter().map(|method| method.memory()).max().unwrap_or(1);
    let from = memory.max(values.len() / 3);
    let error = |method: &Method| {
        mean(&errors(*method, values, from, 1).iter().map(|error| error.abs()).collect::<Vec<_>>())
    };
    // `min_by` keeps the first of equals: the plainest.
    let best = candidates.into_iter().min_by(|one, other| error(one).total_cmp(&error(other)))?;
    Some((best, from))
}

/// Value less expectation, `horizon` steps ahead, for every value from `from` on that can be expected.
pub(crate) fn errors(method: Method, values: &[f64], from: usize, horizon: usize) -> Vec<f64> {
    let origins = from..=values.len().saturating_sub(horizon);
    origins
        .filter_map(|origin| {
            let expected = method.ahead(values.get(..origin)?, horizon).pop()?;
            Some(values.get(origin + horizon - 1)? - expected)
        })
        .collect()
}

/// Root of the mean square.
fn spread(errors: &[f64]) -> f64 {
    mean(&errors.iter().map(|error| error * error).collect::<Vec<_>>()).sqrt()
}

impl Backtest {
    fn of(method: Method, values: &[f64], from: usize) -> Self {
        let errors: Vec<f64> = errors(method, values, from, 1).iter().map(|error| error.abs()).collect();
        let whole: f64 = values.iter().skip(from).map(|value| value.abs()).sum();
        Self {
            steps: errors.len(),
            mean_absolute_error: mean(&errors),
            percent: (whole > 0.0).then(|| errors.iter().sum::<f64>() * 100.0 / whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::MethodKind;

    /// Three years of months with a high December.
    fn seasonal() -> Vec<f64> {
        (0..36).map(|month| if month % 12 == 11 { 300.0 } else { 100.0 + f64::from(month % 3) }).collect()
    }

    #[test]
    fn a_constant_series_goes_on_without_a_range() {
        let forecast = forecast(&[5.0; 8], 12, 3).unwrap();
        assert_eq!(forecast.method, Method::Naive);
        let certain = Range { low: 5.0, high: 5.0 };
        assert_eq!(forecast.points, [Point { expected: 5.0, likely: certain, wide: certain }; 3]);
        assert_eq!(forecast.backtest.percent, Some(0.0));
    }

    #[test]
    fn a_season_that_was_seen_twice_is_expected_again() {
        let forecast = forecast(&seasonal(), 12, 12).unwrap();
        assert!(matches!(
            forecast.method.kind(),
            MethodKind::SeasonalNaive | MethodKind::SeasonalExponentialSmoothing
        ));
        assert!((forecast.points[11].expected - 300.0).abs() < 1.0, "{:?}", forecast.points[11]);
        assert!((forecast.points[0].expected - 100.0).abs() < 1.0);
    }

    #[test]
    fn a_season_seen_once_is_not_believed() {
        let year = &seasonal()[..14];
        assert!(matches!(
            forecast(year, 12, 1).unwrap().method.kind(),
            MethodKind::Naive | MethodKind::ExponentialSmoothing
        ));
    }

    #[test]
    fn too_few_values_say_nothing() {
        assert_eq!(forecast(&[1.0; 5], 12, 3), None);
        assert_eq!(forecast(&[], 0, 3), None);
    }

    #[test]
    fn smoothing_by_hand() {
        // 10, then 10 + 0.5 x (20 - 10) = 15, then 15 + 0.5 x (10 - 15) = 12.5.
        assert_eq!(Method::Smoothing { alpha: 0.5 }.ahead(&[10.0, 20.0, 10.0], 2), [12.5, 12.5]);
        assert_eq!(Method::SeasonalNaive { season: 2 }.ahead(&[1.0, 2.0, 3.0, 4.0], 3), [3.0, 4.0, 3.0]);
        // Level 15, parts -5 and 5; 12 moves the level by 0.5 x (12 + 5 - 15) = 1 and the part by 0.5 x (12 - 16 + 5) = 0.5.
        let holt_winters = Method::SeasonalSmoothing { season: 2, alpha: 0.5, gamma: 0.5 };
        assert_eq!(holt_winters.ahead(&[10.0, 20.0, 12.0], 2), [21.0, 11.5]);
    }

    proptest! {
        #[test]
        fn any_series_gives_finite_ranges_around_the_expectation_that_grow(
            values in proptest::collection::vec(-1e6_f64..1e6, 0..60), season in 0_usize..13, steps in 0_usize..8,
        ) {
            let Some(forecast) = forecast(&values, season, steps) else { prop_assert!(values.len() < VALUES_MIN); return Ok(()) };
            prop_assert_eq!(forecast.points.len(), steps);
            for point in &forecast.points {
                prop_assert!(point.expected.is_finite() && point.wide.low <= point.likely.low && point.likely.low <= point.expected);
                prop_assert!(point.expected <= point.likely.high && point.likely.high <= point.wide.high);
            }
            prop_assert!(forecast.backtest.mean_absolute_error <= forecast.naive.mean_absolute_error + 1e-9);
        }
    }
}
