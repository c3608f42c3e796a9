//! Days on which something is due.

use chrono::{Datelike as _, NaiveDate, Weekday};

/// Which days of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDays {
    Daily,
    /// Monday to Friday.
    Workdays,
    Weekly(Weekday),
    /// A number that a month does not have is its last day.
    Monthly(Nth),
    /// `None`: of Monday to Friday together.
    MonthlyWeekday(Option<Weekday>, Nth),
}

/// Which one of those that a month has, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nth {
    Number(u32),
    Last,
}

impl OnDays {
    pub(super) fn is_on(self, day: NaiveDate) -> bool {
        match self {
            Self::Daily => true,
            Self::Workdays => is_workday(day),
            Self::Weekly(weekday) => day.weekday() == weekday,
            Self::Monthly(Nth::Number(number)) => day.day() == number.min(days_of_month(day)),
            Self::Monthly(Nth::Last) => day.day() == days_of_month(day),
            Self::MonthlyWeekday(Some(weekday), nth) => {
                day.weekday() == weekday && is_nth(day, nth, |other| other.weekday() == weekday)
            }
            Self::MonthlyWeekday(None, nth) => is_workday(day) && is_nth(day, nth, is_workday),
        }
    }
}

/// Whether a day is the nth of those of its month that are like it.
fn is_nth(day: NaiveDate, nth: Nth, is_like: impl Fn(NaiveDate) -> bool) -> bool {
    let alike = |numbers: std::ops::RangeInclusive<u32>| {
        numbers.filter_map(|number| day.with_day(number)).filter(|other| is_like(*other)).count()
    };
    match nth {
        Nth::Number(number) => u32::try_from(alike(1..=day.day())) == Ok(number),
        Nth::Last => alike(day.day() + 1..=days_of_month(day)) == 0,
    }
}

fn is_workday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn days_of_month(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}
