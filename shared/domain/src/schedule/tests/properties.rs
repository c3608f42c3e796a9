//! Against an oracle that walks through time a minute at a time and remembers the latest that clocks have shown.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A cadence as it is written, and when clocks show it, said in another way.
#[derive(Debug, Clone)]
enum Case {
    Daily { hour: u32, minute: u32 },
    Weekly { weekday: usize, hour: u32, minute: u32 },
    Monthly { day: u32, hour: u32, minute: u32 },
    Nth { weekday: usize, nth: Option<u32>, hour: u32, minute: u32 },
    Cron { minutes: Vec<u32>, hours: Vec<u32>, weekdays: Vec<u32> },
}

impl Case {
    fn spec(&self, zone: &str) -> Value {
        let time = |hour: &u32, minute: &u32| format!("{hour:02}:{minute:02}");
        let list = |numbers: &[u32]| {
            let words: Vec<_> = numbers.iter().map(u32::to_string).collect();
            if words.is_empty() { "*".to_owned() } else { words.join(",") }
        };
        match self {
            Self::Daily { hour, minute } => {
                json!({"every": "day", "time": time(hour, minute), "time_zone": zone})
            }
            Self::Weekly { weekday, hour, minute } => {
                json!({"every": "week", "weekday": WEEKDAYS[*weekday], "time": time(hour, minute), "time_zone": zone})
            }
            Self::Monthly { day, hour, minute } => {
                json!({"every": "month", "day": day, "time": time(hour, minute), "time_zone": zone})
            }
            Self::Nth { weekday, nth, hour, minute } => {
                let nth = nth.map_or(json!("last"), |nth| json!(nth));
                json!({"every": "month", "weekday": WEEKDAYS[*weekday], "nth": nth, "time": time(hour, minute), "time_zone": zone})
            }
            Self::Cron { minutes, hours, weekdays } => {
                json!({"cron": format!("{} {} * * {}", list(minutes), list(hours), list(weekdays)), "time_zone": zone})
            }
        }
    }

    fn shows(&self, local: NaiveDateTime) -> bool {
        let is_time = |hour: &u32, minute: &u32| (local.hour(), local.minute()) == (*hour, *minute);
        let weekday = |day: NaiveDate| day.weekday().num_days_from_monday() as usize;
        let day = local.date();
        let last = || (28..=31).rev().find_map(|number| day.with_day(number)).unwrap().day();
        let any = |numbers: &[u32], number: u32| numbers.is_empty() || numbers.contains(&number);
        match self {
            Self::Daily { hour, minute } => is_time(hour, minute),
            Self::Weekly { weekday: wanted, hour, minute } => {
                is_time(hour, minute) && weekday(day) == *wanted
            }
            Self::Monthly { day: wanted, hour, minute } => {
                is_time(hour, minute) && (day.day() == *wanted || *wanted > last() && day.day() == last())
            }
            Self::Nth { weekday: wanted, nth, hour, minute } => {
                let fits = match nth {
                    Some(nth) => day.day().div_ceil(7) == *nth,
                    None => day.checked_add_days(Days::new(7)).unwrap().month() != day.month(),
                };
                is_time(hour, minute) && weekday(day) == *wanted && fits
            }
            Self::Cron { minutes, hours, weekdays } => {
                any(minutes, local.minute())
                    && any(hours, local.hour())
                    && any(weekdays, day.weekday().num_days_from_sunday())
            }
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let time = || (0..5u32, 0..60u32);
    prop_oneof![
        time().prop_map(|(hour, minute)| Case::Daily { hour, minute }),
        (0..7usize, time()).prop_map(|(weekday, (hour, minute))| Case::Weekly { weekday, hour, minute }),
        (1..32u32, time()).prop_map(|(day, (hour, minute))| Case::Monthly { day, hour, minute }),
        (0..7usize, proptest::option::of(1..5u32), time())
            .prop_map(|(weekday, nth, (hour, minute))| Case::Nth { weekday, nth, hour, minute }),
        (
            proptest::collection::vec(0..60u32, 0..3),
            proptest::collection::vec(0..4u32, 1..3),
            proptest::collection::vec(0..7u32, 0..2)
        )
            .prop_map(|(minutes, hours, weekdays)| Case::Cron { minutes, hours, weekdays }),
    ]
}

const DAYS: [&str; 8] = [
    "2011-12-20",
    "2024-02-20",
    "2026-02-20",
    "2026-03-25",
    "2026-04-20",
    "2026-10-20",
    "2027-09-20",
    "2028-02-25",
];

/// Days around which clocks are put forward or back, months end, or a leap day lies.
fn beginning() -> impl Strategy<Value = chrono::DateTime<Utc>> {
    (proptest::sample::select(&DAYS), 0..2_000i64)
        .prop_map(|(day, minutes)| at(&format!("{day}T00:00:00Z")) + TimeDelta::minutes(minutes))
}

/// What is due in (`from`, `to`]: the moments at which clocks first show a time of the case, or skip it.
fn walked(
    case: &Case,
    zone: Tz,
    from: chrono::DateTime<Utc>,
    to: chrono::DateTime<Utc>,
) -> Vec<chrono::DateTime<Utc>> {
    let minute = TimeDelta::minutes(1);
    // Clocks may just have been put back.
    let mut now = from - TimeDelta::days(2);
    let mut shown = now.with_timezone(&zone).naive_local();
    let mut due = Vec::new();
    while now < to {
        now += minute;
        let clock = now.with_timezone(&zone).naive_local();
        let mut is_due = false;
        while shown < clock {
            shown += minute;
            is_due |= case.shows(shown);
        }
        if is_due && now > from {
            due.push(now);
        }
    }
    due
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_due_is_what_somebody_sees_who_watches_the_clock(case in case(), zone in proptest::sample::select(&ZONES), from in beginning()) {
        let to = from + TimeDelta::days(40);
        let cadence = cadence(case.spec(zone));
        let expected = walked(&case, cadence.zone(), from, to);
        let ahead: Vec<_> = std::iter::successors(cadence.next_after(from), |last| cadence.next_after(*last))
            .take_while(|time| *time <= to)
            .collect();
        prop_assert_eq!(&ahead, &expected);
        let mut back: Vec<_> = cadence.back_from(to).take_while(|time| *time > from).collect();
        back.reverse();
        prop_assert_eq!(&back, &expected);
    }

    #[test]
    fn however_often_somebody_looks_every_due_time_runs_once(case in case(), zone in proptest::sample::select(&ZONES), from in beginning(), looks in proptest::collection::vec(1..3_000i64, 1..30)) {
        let cadence = cadence(case.spec(zone));
        let (mut now, mut next, mut ran) = (from, cadence.next_after(from), Vec::new());
        for minutes in looks {
            now += TimeDelta::minutes(minutes);
            let Some(since) = next else { break };
            // More often than an outage could bring.
            let looked = due(&cadence, CatchUp::RunOnce, since, now);
            ran.extend(looked.missed.iter().flat_map(|missed| {
                cadence.back_from(missed.last).take_while(|time| *time >= missed.first).collect::<Vec<_>>().into_iter().rev()
            }));
            ran.extend(looked.runs.iter().map(|(time, _)| *time));
            next = looked.next;
        }
        prop_assert_eq!(ran, walked(&case, cadence.zone(), from, now));
    }

    #[test]
    fn full_periods_end_before_the_due_day_and_follow_each_other(day in 0..20_000u64, begins in 1..13u32, word in 0..6usize) {
        let words = ["last_full_week", "last_full_month", "last_full_quarter", "last_full_year", "last_full_fiscal_quarter", "last_full_fiscal_year"];
        let period: RelativePeriod = words[word].parse().unwrap();
        let day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(day);
        let span = period.on(day, begins);
        prop_assert!(span.from <= span.to && span.to < day);
        let current = period.on(period.on(day, begins).to + Days::new(400), begins);
        prop_assert!(current.from > span.to);
        // On its own first day, and on the day after it, the one before and it itself have ended.
        prop_assert_eq!(period.on(span.to + Days::new(1), begins), span);
        prop_assert_eq!(period.on(span.from, begins).to + Days::new(1), span.from);
    }
}
