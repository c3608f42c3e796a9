use chrono::{DateTime, Days, Utc};
use domain::UploadId;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::coverage::days::{later, span};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(start: &str, end: &str) -> Period {
    span(date(start), date(end)).unwrap()
}

/// A statement that came in on a day.
fn stated(period: Period, arrived: NaiveDate) -> Reported {
    Reported {
        period,
        increment: false,
        upload: UploadId(Uuid::nil()),
        file_name: "report.xlsx".to_owned(),
        stated_at: DateTime::<Utc>::UNIX_EPOCH,
        first_stated_on: arrived,
        statements: 1,
    }
}

fn week(first: &str, arrived: &str) -> Reported {
    let first = date(first);
    stated(span(first, later(first, 6)).unwrap(), date(arrived))
}

fn gap(first: &str, last: Option<&str>) -> KnownGap {
    KnownGap {
        id: Uuid::nil(),
        vendor: "liberty".to_owned(),
        first_day: date(first),
        last_day: last.map(date),
        reason: "their system failed".to_owned(),
        created_by: Uuid::nil(),
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        version: 1,
    }
}

fn cells(said: &Said, today: &str) -> Vec<Cell> {
    let rhythm = Rhythm::learn(&said.periods);
    of(said, rhythm, &Arrivals::learn(&said.periods, rhythm), date(today))
}

/// The cells that were not reported, in words.
fn open(said: &Said, today: &str) -> Vec<String> {
    let open = cells(said, today).into_iter().filter(|cell| cell.reported.is_none());
    open.map(|cell| {
        let due = cell.due_on.map_or(String::new(), |due| format!(" due {due}"));
        let since = cell.overdue_since.map_or(String::new(), |since| format!(" since {since}"));
        format!("{}..{} {:?}{due}{since}", cell.period.start(), cell.period.end(), cell.state)
    })
    .collect()
}

fn said(periods: Vec<Reported>) -> Said {
    Said { periods, ..Said::default() }
}

#[test]
fn weeks_that_were_skipped_are_missing_and_known_once_somebody_says_so() {
    let backlog = ["2026-02-08", "2026-02-15", "2026-03-08", "2026-03-15"];
    let mut said = said(backlog.map(|first| week(first, "2026-03-20")).to_vec());
    let missing = ["2026-02-22..2026-02-28", "2026-03-01..2026-03-07"];
    let expected = missing.map(|week| format!("{week} Missing since 2026-03-20"));
    assert_eq!(open(&said, "2026-03-21"), expected);

    said.gaps = vec![gap("2026-02-22", Some("2026-03-07"))];
    assert_eq!(open(&said, "2026-03-21"), missing.map(|week| format!("{week} KnownGap")));
    said.gaps = vec![gap("2026-02-26", Some("2026-03-03"))];
    assert_eq!(open(&said, "2026-03-21").len(), 4, "a gap that does not begin with a week cuts it");
}

#[test]
fn a_backlog_of_one_day_does_not_say_when_files_usually_come() {
    let said =
        said(["2026-02-08", "2026-02-15", "2026-02-22"].map(|first| week(first, "2026-11-20")).to_vec());
    let open = open(&said, "2026-03-18");
    assert_eq!(
        open,
        ["2026-03-01..2026-03-07 Unknown", "2026-03-08..2026-03-14 Unknown", "2026-03-15..2026-03-21 NotDue"]
    );
}

#[test]
fn a_week_is_overdue_when_it_is_later_than_the_vendor_usually_is() {
    let on_sundays =
        [("2026-01-04", "2026-01-12"), ("2026-01-11", "2026-01-19"), ("2026-01-18", "2026-01-26")];
    let said = said(on_sundays.map(|(first, arrived)| week(first, arrived)).to_vec());
    let next = "2026-01-25..2026-01-31";
    // Usually two days after the end, and three days of patience.
    assert_eq!(open(&said, "2026-01-28"), [format!("{next} NotDue due 2026-02-05")]);
    assert_eq!(open(&said, "2026-02-05")[0], format!("{next} NotDue due 2026-02-05"));
    assert_eq!(open(&said, "2026-02-06")[0], format!("{next} Missing due 2026-02-05 since 2026-02-06"));
}

#[test]
fn weeks_that_are_sent_once_a_month_are_due_with_the_month() {
    let deliveries =
        [("2026-01-04", 4, "2026-02-03"), ("2026-02-01", 4, "2026-03-03"), ("2026-03-01", 4, "2026-03-31")];
    let weeks = deliveries.iter().flat_map(|(first, count, arrived)| {
        (0..*count).map(move |n| {
            let first = later(date(first), 7 * n);
            stated(span(first, later(first, 6)).unwrap(), date(arrived))
        })
    });
    let said = said(weeks.collect());
    let open = open(&said, "2026-04-15");
    assert_eq!(open[0], "2026-03-29..2026-04-04 NotDue due 2026-05-01");
    assert_eq!(open.len(), 3);
    assert!(open.iter().all(|cell| cell.ends_with("due 2026-05-01")), "{open:?}");
}

#[test]
fn one_period_alone_has_no_rhythm() {
    let said = said(vec![week("2026-01-04", "2026-01-12")]);
    assert_eq!(Rhythm::learn(&said.periods), None);
    assert_eq!(open(&said, "2026-03-01"), ["2026-01-11..2026-03-01 Unknown"]);
    assert_eq!(open(&said, "2026-01-10"), [""; 0]);
}

#[test]
fn months_and_quarters_are_told_apart_and_a_changed_rhythm_is_followed() {
    let months =
        |range: std::ops::RangeInclusive<u32>| range.map(|month| Period::month(2026, month).unwrap());
    let on = date("2026-12-01");
    let monthly: Vec<Reported> = months(1..=4).map(|period| stated(period, on)).collect();
    assert_eq!(Rhythm::learn(&monthly), Some(Rhythm::Monthly));
    let quarters = [1, 4, 7].map(|month| stated(Period::months(2026, month, 3).unwrap(), on));
    assert_eq!(Rhythm::learn(&quarters), Some(Rhythm::Quarterly));
    let mut changed = monthly;
    changed.extend((0..12).map(|n| {
        let first = later(date("2026-05-03"), 7 * n);
        stated(span(first, later(first, 6)).unwrap(), on)
    }));
    assert_eq!(Rhythm::learn(&changed), Some(Rhythm::Weekly(chrono::Weekday::Sun)));
}

#[test]
fn a_gap_until_further_notice_silences_what_follows() {
    let months = [1, 2, 3].map(|month| stated(Period::month(2026, month).unwrap(), date("2026-04-05")));
    let said = Said { gaps: vec![gap("2026-04-01", None)], ..said(months.to_vec()) };
    let open = open(&said, "2026-07-10");
    assert_eq!(open.len(), 4);
    assert!(open.iter().all(|cell| cell.ends_with("KnownGap")), "{open:?}");
}

/// Days of orders in an export.
fn export(upload: u128, days: &[&str]) -> (Vec<Reported>, Period) {
    let day = |text: &&str| Reported {
        increment: true,
        upload: UploadId(Uuid::from_u128(upload)),
        ..stated(Period::day(date(text)), date("2026-03-01"))
    };
    (days.iter().map(day).collect(), period(days[0], days[days.len() - 1]))
}

#[test]
fn a_day_without_orders_within_an_export_is_reported_and_between_exports_it_is_missing() {
    let (january, first) = export(1, &["2026-01-01", "2026-01-02", "2026-01-05", "2026-01-31"]);
    let (march, second) = export(2, &["2026-02-03", "2026-02-04"]);
    let said = Said { periods: [january, march].concat(), exports: vec![first, second], gaps: Vec::new() };
    let cells = cells(&said, "2026-02-04");
    let words: Vec<String> = cells
        .iter()
        .map(|cell| format!("{}..{} {:?}", cell.period.start(), cell.period.end(), cell.state))
        .collect();
    assert_eq!(
        words,
        [
            "2026-01-01..2026-01-31 Reported",
            "2026-02-01..2026-02-02 Missing",
            "2026-02-03..2026-02-04 Reported"
        ]
    );
}

#[test]
fn a_shop_that_is_often_silent_for_two_days_is_not_missing_when_it_is_so_between_exports() {
    let (first, one) = export(1, &["2026-01-01", "2026-01-04", "2026-01-07", "2026-01-10", "2026-01-13"]);
    let (second, two) = export(2, &["2026-01-16", "2026-01-19"]);
    let said = Said { periods: [first, second].concat(), exports: vec![one, two], gaps: Vec::new() };
    assert_eq!(open(&said, "2026-01-19"), [""; 0]);
}

/// A vendor with some weeks of a year, stated on some days, and some known gaps.
fn any_said() -> impl Strategy<Value = Said> {
    let weeks = prop::collection::btree_map(0u64..30, 0u64..60, 1..25);
    let gaps = prop::collection::vec((0u64..220, 0u64..20), 0..4);
    (weeks, gaps).prop_map(|(weeks, gaps)| {
        let day = |n: u64| date("2026-01-04").checked_add_days(Days::new(n)).unwrap();
        let periods = weeks
            .into_iter()
            .map(|(n, delay)| stated(span(day(7 * n), day(7 * n + 6)).unwrap(), day(7 * n + 6 + delay)));
        let gaps = gaps.into_iter().map(|(first, length)| KnownGap {
            first_day: day(first),
            last_day: Some(day(first + length)),
            ..gap("2026-01-01", None)
        });
        Said { periods: periods.collect(), exports: Vec::new(), gaps: gaps.collect() }
    })
}

proptest! {
    #[test]
    fn every_day_from_the_first_report_to_today_is_in_exactly_one_cell(said in any_said(), ahead in 0u64..260) {
        let first = said.periods[0].period.start();
        let today = date("2026-01-10").checked_add_days(Days::new(ahead)).unwrap();
        let cells = cells(&said, &today.to_string());
        for day in first.iter_days().take_while(|day| *day <= today) {
            let here: Vec<&Cell> =
                cells.iter().filter(|cell| cell.period.start() <= day && cell.period.end() >= day).collect();
            prop_assert_eq!(here.len(), 1, "{} {:?}", day, here);
            let stated = said.periods.iter().any(|r| r.period.start() <= day && r.period.end() >= day);
            prop_assert_eq!(here[0].state == State::Reported, stated);
            let known = said.gaps.iter().any(|gap| gap.first_day <= day && gap.last_day.unwrap() >= day);
            prop_assert_eq!(here[0].state == State::KnownGap, known && !stated);
            prop_assert_eq!(here[0].overdue_since.is_some(), here[0].state == State::Missing);
        }
    }
}
