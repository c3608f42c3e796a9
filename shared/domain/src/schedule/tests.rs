mod properties;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::*;

pub(super) fn cadence(spec: Value) -> Cadence {
    let spec: CadenceSpec = serde_json::from_value(spec).unwrap();
    Cadence::try_from(&spec).unwrap()
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The first due times after an instant, on local clocks.
fn next(spec: Value, after: &str, times: usize) -> Vec<String> {
    let cadence = cadence(spec);
    let due = std::iter::successors(cadence.next_after(at(after)), |last| cadence.next_after(*last));
    due.take(times).map(|time| time.with_timezone(&cadence.zone()).format("%F %R %z").to_string()).collect()
}

#[test]
fn a_time_that_clocks_skip_is_due_when_they_go_on() {
    let daily = json!({"every": "day", "time": "02:30", "time_zone": "Europe/Berlin"});
    assert_eq!(
        next(daily.clone(), "2026-03-28T00:00:00Z", 3),
        ["2026-03-28 02:30 +0100", "2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"]
    );
    let cron = json!({"cron": "30 2 * * *", "time_zone": "Europe/Berlin"});
    assert_eq!(next(cron, "2026-03-28T00:00:00Z", 3), next(daily, "2026-03-28T00:00:00Z", 3));
    let midnight = json!({"every": "day", "time": "00:00", "time_zone": "Africa/Cairo"});
    assert_eq!(next(midnight, "2026-04-23T12:00:00Z", 1), ["2026-04-24 01:00 +0300"]);
}

#[test]
fn a_time_that_clocks_show_twice_is_due_the_first_time() {
    let daily = json!({"every": "day", "time": "02:30", "time_zone": "Europe/Berlin"});
    assert_eq!(next(daily, "2026-10-24T12:00:00Z", 2), ["2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"]);
    let half_an_hour = json!({"every": "day", "time": "01:45", "time_zone": "Australia/Lord_Howe"});
    assert_eq!(
        next(half_an_hour, "2026-04-04T00:00:00Z", 2),
        ["2026-04-05 01:45 +1100", "2026-04-06 01:45 +1030"]
    );
}

#[test]
fn a_day_that_a_country_skipped_is_due_when_the_next_one_begins() {
    let daily = json!({"every": "day", "time": "07:00", "time_zone": "Pacific/Apia"});
    assert_eq!(
        next(daily, "2011-12-29T12:00:00Z", 4),
        [
            "2011-12-29 07:00 -1000",
            "2011-12-31 00:00 +1400",
            "2011-12-31 07:00 +1400",
            "2012-01-01 07:00 +1400"
        ]
    );
}

#[test]
fn a_day_that_a_month_does_not_have_is_its_last() {
    let monthly = |day: Value| json!({"every": "month", "day": day, "time": "06:00", "time_zone": "UTC"});
    let days = |day: Value, after: &str| {
        next(monthly(day), after, 4).into_iter().map(|text| text[..10].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        days(json!(31), "2028-01-31T07:00:00Z"),
        ["2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]
    );
    assert_eq!(
        days(json!(30), "2027-01-30T07:00:00Z"),
        ["2027-02-28", "2027-03-30", "2027-04-30", "2027-05-30"]
    );
    assert_eq!(
        days(json!("last"), "2027-01-31T05:00:00Z"),
        ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    );
    assert_eq!(days(json!("first"), "2027-01-01T06:00:00Z")[0], "2027-02-01");
}

#[test]
fn weekdays_of_a_month_are_counted() {
    let nth = |weekday: &str, nth: Value| {
        let spec =
            json!({"every": "month", "weekday": weekday, "nth": nth, "time": "06:00", "time_zone": "UTC"});
        next(spec, "2026-10-31T23:00:00Z", 3)
            .into_iter()
            .map(|text| text[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(nth("monday", json!(1)), ["2026-11-02", "2026-12-07", "2027-01-04"]);
    assert_eq!(nth("monday", json!("first")), nth("monday", json!(1)));
    assert_eq!(nth("friday", json!("last")), ["2026-11-27", "2026-12-25", "2027-01-29"]);
    assert_eq!(nth("workday", json!("first")), ["2026-11-02", "2026-12-01", "2027-01-01"]);
    assert_eq!(nth("workday", json!("last")), ["2026-11-30", "2026-12-31", "2027-01-29"]);
    let week = json!({"every": "week", "weekday": "monday", "time": "07:00", "time_zone": "Europe/London"});
    assert_eq!(next(week, "2026-10-19T06:00:00Z", 2), ["2026-10-26 07:00 +0000", "2026-11-02 07:00 +0000"]);
}

#[test]
fn what_is_no_cadence_is_refused_with_its_field() {
    for (spec, field, code) in [
        (json!({"every": "day", "time": "07:00", "time_zone": "Berlin"}), "time_zone", "unknown_time_zone"),
        (json!({"every": "day", "time": "24:00", "time_zone": "UTC"}), "time", "invalid_time"),
        (json!({"every": "day", "time_zone": "UTC"}), "time", "missing"),
        (json!({"every": "week", "time": "07:00", "time_zone": "UTC"}), "weekday", "missing"),
        (
            json!({"every": "week", "weekday": "workday", "time": "07:00", "time_zone": "UTC"}),
            "weekday",
            "invalid",
        ),
        (json!({"every": "month", "time": "07:00", "time_zone": "UTC"}), "day", "missing"),
        (json!({"every": "month", "day": 32, "time": "07:00", "time_zone": "UTC"}), "day", "out_of_range"),
        (
            json!({"every": "month", "weekday": "monday", "nth": 5, "time": "07:00", "time_zone": "UTC"}),
            "nth",
            "out_of_range",
        ),
        (
            json!({"every": "month", "weekday": "monday", "time": "07:00", "time_zone": "UTC"}),
            "nth",
            "missing",
        ),
        (
            json!({"every": "month", "weekday": "monday", "day": 3, "time": "07:00", "time_zone": "UTC"}),
            "day",
            "ambiguous",
        ),
        (json!({"every": "day", "day": 3, "time": "07:00", "time_zone": "UTC"}), "day", "not_for_cadence"),
        (
            json!({"every": "day", "weekday": "monday", "time": "07:00", "time_zone": "UTC"}),
            "weekday",
            "not_for_cadence",
        ),
        (json!({"every": "day", "cron": "0 7 * * *", "time_zone": "UTC"}), "every", "ambiguous"),
        (json!({"cron": "0 7 * * *", "time": "07:00", "time_zone": "UTC"}), "time", "ambiguous"),
        (json!({"cron": "0 7 * *", "time_zone": "UTC"}), "cron", "invalid_cron"),
        (json!({"cron": "0 0 7 * * *", "time_zone": "UTC"}), "cron", "invalid_cron"),
        (json!({"cron": "61 7 * * *", "time_zone": "UTC"}), "cron", "invalid_cron"),
        (json!({"time_zone": "UTC"}), "every", "missing"),
    ] {
        let spec_read: CadenceSpec = serde_json::from_value(spec.clone()).unwrap();
        let error = Cadence::try_from(&spec_read).unwrap_err();
        assert_eq!((error.field, error.code), (field, code), "{spec}");
    }
    let never = cadence(json!({"cron": "0 0 30 2 *", "time_zone": "UTC"}));
    assert_eq!(never.next_after(at("2026-01-01T00:00:00Z")), None);
}

#[test]
fn an_outage_is_caught_up_as_the_policy_says() {
    let daily = cadence(json!({"every": "day", "time": "07:00", "time_zone": "UTC"}));
    let (since, now) = (at("2026-11-01T07:00:00Z"), at("2026-11-05T07:30:00Z"));
    let days = |due: &Due| due.runs.iter().map(|(time, _)| time.format("%d").to_string()).collect::<Vec<_>>();
    let once = due(&daily, CatchUp::RunOnce, since, now);
    assert_eq!((days(&once), once.next), (vec!["05".to_owned()], Some(at("2026-11-06T07:00:00Z"))));
    assert_eq!(once.missed, Some(Missed { first: since, last: at("2026-11-04T07:00:00Z"), times: 4 }));
    assert_eq!(once.runs[0].1, Trigger::Due);
    let all = due(&daily, CatchUp::RunAll, since, now);
    assert_eq!((days(&all).len(), all.missed), (5, None));
    assert_eq!((all.runs[0], all.runs[4].1), ((since, Trigger::CatchUp), Trigger::Due));
    let late = due(&daily, CatchUp::Skip, since, now + TimeDelta::hours(2));
    assert_eq!((days(&late).len(), late.missed.unwrap().times), (0, 5));
    assert_eq!(days(&due(&daily, CatchUp::Skip, since, now)), ["05"], "half an hour late is no outage");
    let early = due(&daily, CatchUp::RunAll, since, since - TimeDelta::seconds(1));
    assert_eq!((early.runs.len(), early.missed, early.next), (0, None, Some(since)));
}

#[test]
fn a_long_outage_does_not_bring_a_flood() {
    let minutely = cadence(json!({"cron": "* * * * *", "time_zone": "Europe/Berlin"}));
    let (since, now) = (at("2025-01-01T00:00:00Z"), at("2026-01-01T00:00:30Z"));
    let all = due(&minutely, CatchUp::RunAll, since, now);
    assert_eq!(all.runs.len(), RUN_ALL_MAX);
    assert_eq!(all.runs[RUN_ALL_MAX - 1].0, at("2026-01-01T00:00:00Z"));
    let missed = all.missed.unwrap();
    assert_eq!((missed.first, missed.times), (since, MISSED_COUNTED_MAX + 1 - RUN_ALL_MAX));
    assert_eq!(all.next, Some(at("2026-01-01T00:01:00Z")));
}

#[test]
fn periods_are_days_in_relation_to_the_due_day() {
    let span = |word: &str, day: &str| {
        let span = word.parse::<RelativePeriod>().unwrap().on(day.parse::<NaiveDate>().unwrap(), 4);
        format!("{} {}", span.from, span.to)
    };
    for (word, day, expected) in [
        ("previous_day", "2028-03-01", "2028-02-29 2028-02-29"),
        ("last_30_days", "2026-03-31", "2026-03-01 2026-03-30"),
        ("last_full_week", "2026-11-23", "2026-11-16 2026-11-22"),
        ("last_full_week", "2026-11-22", "2026-11-09 2026-11-15"),
        ("last_full_month", "2028-03-31", "2028-02-01 2028-02-29"),
        ("last_full_month", "2026-01-01", "2025-12-01 2025-12-31"),
        ("last_full_quarter", "2026-01-15", "2025-10-01 2025-12-31"),
        ("last_full_year", "2026-12-31", "2025-01-01 2025-12-31"),
        ("last_full_fiscal_quarter", "2026-01-15", "2025-10-01 2025-12-31"),
        ("last_full_fiscal_year", "2026-03-31", "2024-04-01 2025-03-31"),
        ("last_full_fiscal_year", "2026-04-01", "2025-04-01 2026-03-31"),
        ("fiscal_year_to_date", "2026-03-31", "2025-04-01 2026-03-31"),
        ("fiscal_quarter_to_date", "2026-05-02", "2026-04-01 2026-05-02"),
        ("week_to_date", "2026-11-22", "2026-11-16 2026-11-22"),
        ("month_to_date", "2026-11-01", "2026-11-01 2026-11-01"),
        ("quarter_to_date", "2026-11-22", "2026-10-01 2026-11-22"),
        ("year_to_date", "2026-11-22", "2026-01-01 2026-11-22"),
    ] {
        assert_eq!(span(word, day), expected, "{word} on {day}");
        assert_eq!(word.parse::<RelativePeriod>().unwrap().to_string(), word);
    }
    for word in ["last_month", "last_0_days", "last_367_days", "last_-1_days", ""] {
        assert!(word.parse::<RelativePeriod>().is_err(), "{word}");
    }
}
