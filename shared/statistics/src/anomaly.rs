//! Values that lie far from what was to be expected.

use crate::{
    forecast::{Range, choose},
    method::Method,
};

/// A value out of its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomaly {
    /// Place in the series.
    pub at: usize,
    pub value: f64,
    pub expected: f64,
    /// What would not have been remarkable.
    pub range: Range,
    /// Deviation in units of the usual one; beyond 3.5 either way.
    pub score: f64,
}

/// Iglewicz and Hoaglin (1993): a modified z-score beyond this is an outlier.
const SCORE_MIN: f64 = 3.5;
/// Median absolute deviation of a normal distribution, in standard deviations.
const MEDIAN_DEVIATION: f64 = 0.6745;
/// Deviations below this share of the usual value are never remarkable, however regular a series is.
const SHARE_MIN: f64 = 0.05;

/// Values that the method which fits the series best did not expect; `None` with fewer than six values.
#[must_use]
pub fn anomalies(values: &[f64], season: usize) -> Option<(Method, Vec<Anomaly>)> {
    let (method, _) = choose(values, season)?;
    let expectations: Vec<(usize, f64)> = (method.memory()..values.len())
        .filter_map(|at| Some((at, method.ahead(&values[..at], 1).pop()?)))
        .collect();
    let deviations: Vec<f64> = expectations.iter().map(|(at, expected)| values[*at] - expected).collect();
    let center = median(&deviations);
    let usual = median(&deviations.iter().map(|deviation| (deviation - center).abs()).collect::<Vec<_>>());
    let floor =
        SHARE_MIN * median(&values.iter().map(|value| value.abs()).collect::<Vec<_>>()) * MEDIAN_DEVIATION
            / SCORE_MIN;
    let unit = usual.max(floor);
    if unit <= 0.0 {
        return Some((method, Vec::new()));
    }
    let reach = SCORE_MIN * unit / MEDIAN_DEVIATION;
    let found = expectations.iter().zip(&deviations).filter_map(|((at, expected), deviation)| {
        let score = MEDIAN_DEVIATION * (deviation - center) / unit;
        let expected = expected + center;
        let range = Range { low: expected - reach, high: expected + reach };
        (score.abs() > SCORE_MIN).then_some(Anomaly { at: *at, value: values[*at], expected, range, score })
    });
    Some((method, found.collect()))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_found_and_small_steps_are_not() {
        let mut values: Vec<f64> = (0..24).map(|step| 100.0 + f64::from(step % 4)).collect();
        values[17] = 180.0;
        let (_, found) = anomalies(&values, 0).unwrap();
        assert!(
            found.iter().any(|anomaly| anomaly.at == 17 && anomaly.score > 3.5 && anomaly.range.high < 180.0),
            "{found:?}"
        );
        values[17] = 101.0;
        assert_eq!(anomalies(&values, 0).unwrap().1, []);
    }

    #[test]
    fn a_december_like_the_one_before_is_no_anomaly_and_one_that_fails_is() {
        let mut values: Vec<f64> = (0..36)
            .map(|month| if month % 12 == 11 { 300.0 } else { 100.0 + f64::from(month % 5) })
            .collect();
        let december =
            |values: &[f64]| anomalies(values, 12).unwrap().1.into_iter().find(|anomaly| anomaly.at == 35);
        assert_eq!(december(&values), None);
        values[35] = 110.0;
        assert!(december(&values).is_some_and(|anomaly| anomaly.score < -3.5));
    }

    #[test]
    fn what_never_changes_has_no_anomalies_until_it_does() {
        assert_eq!(anomalies(&[7.0; 12], 0).unwrap().1, []);
        assert_eq!(anomalies(&[0.0; 12], 0).unwrap().1, []);
        let mut values = [7.0; 12];
        values[11] = 9.0;
        assert_eq!(anomalies(&values, 0).unwrap().1.len(), 1);
        assert_eq!(anomalies(&[1.0; 5], 0), None);
    }
}
