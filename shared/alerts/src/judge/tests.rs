use domain::metrics::Dimension;
use proptest::prelude::*;

use super::*;

fn rule(condition: AlertCondition) -> AlertRule {
    AlertRule {
        metric: Metric::RevenueEur,
        filters: Vec::new(),
        by: Some(Dimension::Vendor),
        every: AlertPeriod::Month,
        condition,
    }
}

/// Months of these revenues; the last one is January 2026. `None`: nothing was sold.
fn months(revenues: &[Option<i64>]) -> Vec<(NaiveDate, Sums)> {
    let last: NaiveDate = "2026-01-01".parse().unwrap();
    let count = u32::try_from(revenues.len()).unwrap();
    revenues
        .iter()
        .zip(0..)
        .map(|(revenue, at)| {
            let start = last.checked_sub_months(Months::new(count - 1 - at)).unwrap();
            let sold = i64::from(revenue.is_some());
            let euro = revenue.unwrap_or(0).into();
            (start, Sums { records: sold, with_euro: sold, euro, ..Sums::default() })
        })
        .collect()
}

fn judged(condition: AlertCondition, revenues: &[Option<i64>], missing: &[&str]) -> Option<Judgement> {
    let months = months(revenues);
    let points: Vec<(NaiveDate, &Sums)> = months.iter().map(|(start, sums)| (*start, sums)).collect();
    let lacking = |start: NaiveDate| {
        let is_missing = missing.contains(&start.to_string().as_str());
        if is_missing { vec!["Galilu".to_owned()] } else { Vec::new() }
    };
    judge(&rule(condition), &points, lacking)
}

fn some(revenues: &[i64]) -> Vec<Option<i64>> {
    revenues.iter().copied().map(Some).collect()
}

fn average(percent: i64, periods: u32) -> AlertCondition {
    AlertCondition::Average { is: AlertSide::Below, percent: percent.into(), periods }
}

#[test]
fn a_figure_below_a_part_of_its_average_is_out_of_bounds_and_one_on_it_is_not() {
    let judged = |last| judged(average(75, 4), &some(&[80, 120, 100, 100, last]), &[]).unwrap();
    let low = judged(74);
    assert_eq!(low.verdict, AlertVerdict::Breached);
    assert_eq!((low.expected, low.low, low.high), (Some(100.into()), Some(75.into()), None));
    assert_eq!(low.why, "held against 75 % of the average of the 4 months before");
    assert_eq!(judged(75).verdict, AlertVerdict::Fine);
    assert_eq!(judged(76).verdict, AlertVerdict::Fine);
}

#[test]
fn an_average_leaves_out_what_is_not_known_and_says_so_until_too_little_is_left() {
    let revenues = some(&[100, 100, 1, 100, 60]);
    let known = judged(average(75, 4), &revenues, &["2025-11-01"]).unwrap();
    assert_eq!(known.verdict, AlertVerdict::Breached);
    assert_eq!(
        known.why,
        "held against 75 % of the average of those 3 of the 4 months before that are known whole"
    );
    let few = judged(average(75, 4), &revenues, &["2025-09-01", "2025-10-01", "2025-11-01"]).unwrap();
    assert_eq!((few.verdict, few.value), (AlertVerdict::NoFigure, Some(60.into())));
    assert_eq!(few.why, "Only 1 of the 4 months before are known whole.");
    let short = judged(average(75, 12), &some(&[100, 100, 10]), &[]).unwrap();
    assert_eq!(short.verdict, AlertVerdict::NoFigure);
    let none = judged(average(75, 2), &[Some(1), None, None, None], &[]).unwrap();
    assert_eq!(none.verdict, AlertVerdict::NoFigure, "nothing is below a part of nothing: {}", none.why);
}

#[test]
fn what_is_not_there_yet_is_waited_for_and_what_never_was_says_nothing() {
    let waits = judged(average(75, 2), &some(&[100, 100, 10]), &["2026-01-01"]).unwrap();
    assert_eq!((waits.verdict, waits.value), (AlertVerdict::Waiting, None));
    assert_eq!(waits.why, "Galilu has not reported all of it yet.");
    assert_eq!(judged(average(75, 2), &[None, None, None], &[]), None);
    // But who has sold before and sells nothing now is out of bounds.
    let silent = judged(average(75, 2), &[Some(100), Some(100), None], &[]).unwrap();
    assert_eq!((silent.verdict, silent.value), (AlertVerdict::Breached, Some(0.into())));
}

#[test]
fn a_number_is_a_bound_on_either_side() {
    let number = |is| AlertCondition::Number { is, value: 50.into() };
    for (is, last, verdict) in [
        (AlertSide::Below, 49, AlertVerdict::Breached),
        (AlertSide::Below, 50, AlertVerdict::Fine),
        (AlertSide::Above, 51, AlertVerdict::Breached),
        (AlertSide::Above, 50, AlertVerdict::Fine),
    ] {
        assert_eq!(judged(number(is), &some(&[last]), &[]).unwrap().verdict, verdict, "{is:?} {last}");
    }
}

#[test]
fn last_year_is_the_same_month_or_nothing() {
    let condition = AlertCondition::LastYear { is: AlertSide::Below, percent: 90.into() };
    let mut revenues = some(&[100; 13]);
    revenues[12] = Some(89);
    let found = judged(condition, &revenues, &[]).unwrap();
    assert_eq!((found.verdict, found.expected), (AlertVerdict::Breached, Some(100.into())));
    assert_eq!(found.why, "held against 90 % of the same month a year before");
    assert_eq!(judged(condition, &revenues[1..], &[]).unwrap().verdict, AlertVerdict::NoFigure);
    assert_eq!(judged(condition, &revenues, &["2025-01-01"]).unwrap().verdict, AlertVerdict::NoFigure);
    let week: NaiveDate = "2026-01-05".parse().unwrap();
    assert_eq!(year_before(AlertPeriod::Week, week), "2025-01-06".parse().ok());
}

#[test]
fn an_anomaly_is_what_the_statistics_call_one() {
    let condition = |is| AlertCondition::Anomaly { is };
    let mut revenues = some(&[100, 103, 99, 101, 100, 102, 98, 100, 101, 160]);
    let spike = judged(condition(None), &revenues, &[]).unwrap();
    assert_eq!(spike.verdict, AlertVerdict::Breached);
    assert!(spike.high.unwrap() < 160.into() && spike.low.unwrap() < spike.expected.unwrap());
    assert_eq!(
        judged(condition(Some(AlertSide::Above)), &revenues, &[]).unwrap().verdict,
        AlertVerdict::Breached
    );
    assert_eq!(
        judged(condition(Some(AlertSide::Below)), &revenues, &[]).unwrap().verdict,
        AlertVerdict::Fine
    );
    revenues[9] = Some(101);
    assert_eq!(judged(condition(None), &revenues, &[]).unwrap().verdict, AlertVerdict::Fine);
    assert_eq!(judged(condition(None), &revenues[6..], &[]).unwrap().verdict, AlertVerdict::NoFigure);
}

#[test]
fn a_figure_that_nobody_reports_is_none() {
    let rule = AlertRule {
        metric: Metric::Orders,
        ..rule(AlertCondition::Number { is: AlertSide::Below, value: 5.into() })
    };
    let months = months(&[Some(10)]);
    let points: Vec<(NaiveDate, &Sums)> = months.iter().map(|(start, sums)| (*start, sums)).collect();
    let found = judge(&rule, &points, |_| Vec::new()).unwrap();
    assert_eq!((found.verdict, found.value), (AlertVerdict::NoFigure, None));
}

proptest! {
    #[test]
    fn whatever_is_judged_holds_to_its_own_bounds(
        revenues in prop::collection::vec(prop::option::of(0..1_000_i64), 1..40),
        percent in 1..200_i64, periods in 2..14_u32, above: bool, kind in 0..4,
    ) {
        let is = if above { AlertSide::Above } else { AlertSide::Below };
        let condition = match kind {
            0 => AlertCondition::Number { is, value: percent.into() },
            1 => AlertCondition::Average { is, percent: percent.into(), periods },
            2 => AlertCondition::LastYear { is, percent: percent.into() },
            _ => AlertCondition::Anomaly { is: None },
        };
        if let Some(found) = judged(condition, &revenues, &[]) {
            let value = found.value.unwrap_or_default();
            let is_out = found.low.is_some_and(|low| value < low) || found.high.is_some_and(|high| value > high);
            prop_assert_eq!(found.verdict == AlertVerdict::Breached, is_out);
            prop_assert!(!found.why.is_empty());
        } else {
            prop_assert!(revenues.iter().all(Option::is_none));
        }
    }
}
