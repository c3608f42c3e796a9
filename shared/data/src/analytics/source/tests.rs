use domain::metrics::{Filter, Metric};

use super::*;

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn asked(by: &[Dimension], from: &str, to: &str) -> Analysis {
    let analysis = Analysis::of(&[Metric::RevenueEur]);
    Analysis { by: by.to_vec(), from: from.parse().ok(), to: to.parse().ok(), ..analysis }
}

fn parts(source: &Source) -> Vec<(Option<Level>, Option<bool>)> {
    match source {
        Source::Table(_) => Vec::new(),
        Source::Parts(parts) => parts.iter().map(|part| (part.level, part.sees_all)).collect(),
    }
}

#[test]
fn days_are_cut_into_whole_months_and_a_rest_that_together_are_all_of_them() {
    let begin = day("2025-11-01").unwrap();
    for first in 0..100 {
        for length in 0..100 {
            let from = begin.checked_add_days(Days::new(first)).unwrap();
            let to = from.checked_add_days(Days::new(length)).unwrap();
            let (months, rest) = whole_months((Some(from), Some(to)));
            let mut days: Vec<NaiveDate> = Vec::new();
            for (from, to) in months.iter().chain(&rest) {
                days.extend(from.unwrap().iter_days().take_while(|day| *day <= to.unwrap()));
            }
            days.sort_unstable();
            assert_eq!(days, from.iter_days().take_while(|day| *day <= to).collect::<Vec<_>>());
            if let Some((first, last)) = months {
                assert!(first.unwrap().day() == 1 && last.unwrap().succ_opt().unwrap().day() == 1);
            }
        }
    }
}

#[test]
fn open_ends_belong_to_the_months() {
    assert_eq!(whole_months((None, None)), (Some((None, None)), vec![]));
    assert_eq!(
        whole_months((day("2026-01-15"), None)),
        (Some((day("2026-02-01"), None)), vec![(day("2026-01-15"), day("2026-01-31"))])
    );
    assert_eq!(
        whole_months((None, day("2026-02-15"))),
        (Some((None, day("2026-01-31"))), vec![(day("2026-02-01"), day("2026-02-15"))])
    );
    assert_eq!(whole_months((None, day("2026-02-28"))), (Some((None, day("2026-02-28"))), vec![]));
    let end = NaiveDate::MAX.pred_opt();
    assert_eq!(whole_months((end, None)), (None, vec![(end, None)]));
}

#[test]
fn a_span_that_ends_before_it_begins_stays_empty() {
    let (from, to) = (day("2026-03-31"), day("2026-02-01"));
    assert_eq!(whole_months((from, to)), (None, vec![(from, to)]));
}

#[test]
fn the_smallest_sums_are_read_that_know_what_is_asked() {
    use Level::{Day, Month, ProductMonth, StoreDay, StoreMonth};
    let of = |by: &[Dimension], from, to| parts(&Source::of(&asked(by, from, to), false));
    let seen = |level| (Some(level), Some(true));
    let limited = |level| (Some(level), Some(false));
    assert_eq!(of(&[Dimension::Vendor], "2026-01-01", "2026-03-31"), [seen(Month), limited(StoreMonth)]);
    assert_eq!(
        of(&[], "2026-01-02", "2026-03-31"),
        [seen(Month), seen(Day), limited(StoreMonth), limited(StoreDay)]
    );
    assert_eq!(of(&[], "2026-01-02", "2026-01-31"), [seen(Day), limited(StoreDay)]);
    assert_eq!(of(&[Dimension::Week], "2026-01-01", "2026-03-31"), [seen(Day), limited(StoreDay)]);
    assert_eq!(of(&[Dimension::Store], "", ""), [(Some(StoreMonth), None)]);
    assert_eq!(
        of(&[Dimension::Category], "2026-01-02", "2026-02-28"),
        [seen(ProductMonth), (None, Some(true)), (None, Some(false))]
    );
    for by in [
        [Dimension::Product, Dimension::Store],
        [Dimension::Product, Dimension::Day],
        [Dimension::Size, Dimension::Week],
    ] {
        assert_eq!(Source::of(&asked(&by, "2026-01-01", "2026-03-31"), false), Source::Table("sales_rollup"));
    }
    let dated = Source::of(&asked(&[Dimension::Vendor], "2026-01-01", "2026-03-31"), true);
    assert_eq!(parts(&dated), [seen(Day), limited(StoreDay)]);
}

#[test]
fn a_filter_needs_its_dimension_as_well() {
    let mut analysis = asked(&[], "2026-01-01", "2026-01-31");
    analysis.filters = vec![Filter::new(Dimension::Store, vec![Some("London".to_owned())], false).unwrap()];
    assert_eq!(parts(&Source::of(&analysis, false)), [(Some(Level::StoreMonth), None)]);
    analysis.filters.push(Filter::new(Dimension::Category, vec![None], true).unwrap());
    assert_eq!(Source::of(&analysis, false), Source::Table("sales_rollup"));
    analysis.filters = Vec::new();
    analysis.sellers = Some(Vec::new());
    assert_eq!(parts(&Source::of(&analysis, false)), [(Some(Level::StoreMonth), None)]);
}
