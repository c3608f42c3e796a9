use chrono::{DateTime, Utc};
use domain::UploadId;
use uuid::Uuid;

use super::*;
use crate::{
    coverage::{Books, Reported, Said},
    known_gaps::KnownGap,
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stated(first: NaiveDate, last: NaiveDate, arrived: NaiveDate) -> Reported {
    Reported {
        period: days::span(first, last).unwrap(),
        increment: false,
        upload: UploadId(Uuid::nil()),
        file_name: "report.xlsx".to_owned(),
        stated_at: DateTime::<Utc>::UNIX_EPOCH,
        first_stated_on: arrived,
        statements: 1,
    }
}

/// A month that came five days after its end.
fn month(text: &str) -> Reported {
    let first = date(&format!("{text}-01"));
    let last = Rhythm::Monthly.step_end(first);
    stated(first, last, days::later(last, 5))
}

fn gap(first: &str, last: Option<&str>) -> KnownGap {
    KnownGap {
        id: Uuid::nil(),
        vendor: "galilu".to_owned(),
        first_day: date(first),
        last_day: last.map(date),
        reason: "they moved".to_owned(),
        created_by: Uuid::nil(),
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        version: 1,
    }
}

fn coverage(periods: Vec<Reported>, gaps: Vec<KnownGap>, today: &str) -> VendorCoverage {
    let mut books = Books::default();
    books.vendors.insert("galilu".to_owned(), Said { periods, exports: Vec::new(), gaps });
    books.coverage(None, None, date(today)).remove(0)
}

/// Late files in words.
fn words(periods: &[Reported], gaps: &[KnownGap], today: &str) -> Vec<String> {
    let found = late(&coverage(periods.to_vec(), gaps.to_vec(), today), date(today));
    found
        .iter()
        .map(|late| format!("{}..{} due {}", late.days.start(), late.days.end(), late.due_on))
        .collect()
}

fn months(texts: &[&str]) -> Vec<Reported> {
    texts.iter().map(|text| month(text)).collect()
}

#[test]
fn a_month_is_late_the_day_after_its_usual_day_and_the_grace_of_its_rhythm() {
    let said = months(&["2025-09", "2025-10", "2025-11", "2025-12"]);
    // Five days as usual, and seven of grace.
    assert_eq!(words(&said, &[], "2026-02-12"), [""; 0]);
    assert_eq!(words(&said, &[], "2026-02-13"), ["2026-01-01..2026-01-31 due 2026-02-12"]);
    let both = ["2026-01-01..2026-01-31 due 2026-02-12", "2026-02-01..2026-02-28 due 2026-03-12"];
    assert_eq!(words(&said, &[], "2026-03-13"), both);
}

#[test]
fn nothing_is_late_of_a_vendor_about_whom_nobody_can_say_when_it_is_due() {
    let mut said = months(&["2025-09", "2025-10", "2025-11", "2025-12"]);
    for reported in &mut said {
        reported.first_stated_on = date("2026-01-05");
    }
    assert_eq!(words(&said, &[], "2026-03-13"), [""; 0], "a backlog says nothing about when files come");
    assert_eq!(words(&months(&["2025-12"]), &[], "2026-03-13"), [""; 0], "one file has no rhythm");
}

#[test]
fn a_known_gap_is_not_late_and_what_surrounds_it_is() {
    let said = months(&["2025-09", "2025-10", "2025-11", "2025-12"]);
    assert_eq!(words(&said, &[gap("2026-01-01", Some("2026-01-31"))], "2026-02-20"), [""; 0]);
    assert_eq!(words(&said, &[gap("2026-01-01", None)], "2026-03-20"), [""; 0]);
    let half = [gap("2026-01-10", Some("2026-01-20"))];
    let around = ["2026-01-01..2026-01-09 due 2026-02-12", "2026-01-21..2026-01-31 due 2026-02-12"];
    assert_eq!(words(&said, &half, "2026-02-20"), around);
}

#[test]
fn who_has_stopped_long_ago_is_not_late_any_more() {
    let said = months(&["2025-09", "2025-10", "2025-11", "2025-12"]);
    let last = "2026-06-16"; // 124 days after the first one was due.
    assert_eq!(words(&said, &[], last).len(), 5);
    assert_eq!(words(&said, &[], "2026-06-17"), [""; 0]);
    // But a vendor who goes on, and left a month out, is asked for it as long.
    let mut again = said;
    again.push(month("2026-02"));
    assert_eq!(words(&again, &[], "2026-03-10"), ["2026-01-01..2026-01-31 due 2026-02-12"]);
    assert!(!words(&again, &[], "2026-07-20").contains(&"2026-01-01..2026-01-31 due 2026-02-12".to_owned()));
}

#[test]
fn weeks_that_come_together_are_late_together() {
    // Four weeks a time, two days after the last of them.
    let said: Vec<Reported> = (0..16_u64)
        .map(|week| {
            let first = days::later(date("2026-01-05"), week * 7);
            let delivery_end = days::later(date("2026-01-05"), (week / 4) * 28 + 27);
            stated(first, days::later(first, 6), days::later(delivery_end, 2))
        })
        .collect();
    // The next four end on May 24th.
    assert_eq!(words(&said, &[], "2026-05-29"), [""; 0]);
    assert_eq!(words(&said, &[], "2026-05-30"), ["2026-04-27..2026-05-24 due 2026-05-29"]);
}

#[test]
fn days_of_one_silence_are_one_file_however_long_it_lasts() {
    let said: Vec<Reported> = (1..=20)
        .map(|day| {
            let day = date(&format!("2026-03-{day:02}"));
            stated(day, day, days::next(day))
        })
        .collect();
    assert_eq!(words(&said, &[], "2026-03-24"), [""; 0]);
    assert_eq!(words(&said, &[], "2026-03-25"), ["2026-03-21..2026-03-21 due 2026-03-24"]);
    assert_eq!(words(&said, &[], "2026-03-27"), ["2026-03-21..2026-03-23 due 2026-03-24"]);
    assert_eq!(words(&said, &[], "2026-05-23").len(), 1);
    assert_eq!(words(&said, &[], "2026-05-24"), [""; 0], "after two months it has stopped");
}

#[test]
fn it_ends_when_the_days_came_or_are_known_not_to_come() {
    let (said, today) = (months(&["2025-09", "2025-10", "2025-11", "2025-12"]), "2026-02-20");
    let january = days::span(date("2026-01-01"), date("2026-01-31")).unwrap();
    assert_eq!(ending(Some(&coverage(said.clone(), Vec::new(), today)), january), None);
    let known = coverage(said.clone(), vec![gap("2026-01-01", None)], today);
    assert_eq!(ending(Some(&known), january), Some(LateFileEnd::NotExpected));
    let half = coverage(said.clone(), vec![gap("2026-01-01", Some("2026-01-20"))], today);
    assert_eq!(ending(Some(&half), january), None, "the rest of it is still missing");
    let mut came = said;
    came.push(month("2026-01"));
    let came = coverage(came, Vec::new(), today);
    assert_eq!(ending(Some(&came), january), Some(LateFileEnd::Arrived));
    assert_eq!(ending(None, january), Some(LateFileEnd::NotExpected), "everything of it was undone");
}

#[test]
fn a_period_is_open_until_what_counts_in_it_was_reported() {
    let open = |vendor: &VendorCoverage, start: &str, end: &str| is_open(vendor, date(start), date(end));
    let reported = coverage(months(&["2025-11", "2025-12"]), Vec::new(), "2026-02-20");
    assert!(!open(&reported, "2025-12-01", "2025-12-31") && open(&reported, "2026-01-01", "2026-01-31"));
    // A month counts on its last day: a week within it lacks nothing.
    assert!(!open(&reported, "2026-01-05", "2026-01-11"));
    let known = [gap("2026-01-01", Some("2026-01-31"))];
    assert!(!open(
        &coverage(months(&["2025-11", "2025-12"]), known.to_vec(), "2026-02-20"),
        "2026-01-01",
        "2026-01-31"
    ));
    // Days are cut into runs that end later than any one of them.
    let days: Vec<Reported> = (1..=9)
        .map(|day| {
            let day = date(&format!("2026-03-{day:02}"));
            stated(day, day, date("2026-03-10"))
        })
        .collect();
    let days = coverage(days, Vec::new(), "2026-03-20");
    assert!(!open(&days, "2026-03-09", "2026-03-09") && open(&days, "2026-03-12", "2026-03-12"));
}

#[test]
fn who_has_been_silent_for_long_has_stopped() {
    let said = || months(&["2025-11", "2025-12"]);
    let stopped = |today: &str| has_stopped(&coverage(said(), Vec::new(), today), date(today));
    // 124 days and the month that had to come first.
    assert!(!stopped("2026-06-04") && stopped("2026-06-05"));
}
