//! Cadences: as people write them, and as clocks read them.

use std::str::FromStr;

use chrono::{
    DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::days::{Nth, OnDays};
use crate::words::words;

words!(
    /// What comes again.
    Every {
        Day = "day",
        Week = "week",
        Month = "month",
    }
);

words!(
    /// A day of the week.
    WeekdayWord {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
        /// Any of Monday to Friday, counted within a month by `nth`.
        Workday = "workday",
    }
);

/// A cadence as people write it: `{every, time, time_zone}` with `weekday` for a week, with `day` or `weekday` and `nth` for a
/// month; or `{cron, time_zone}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Cadence")]
#[serde(deny_unknown_fields)]
pub struct CadenceSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<WeekdayWord>,
    /// Which of these weekdays of a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<NthSpec>,
    /// Of a month; 29 to 31 are the last day of months that are shorter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DaySpec>,
    /// On the clocks of the time zone, for example `07:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Five fields: minute, hour, day of month, month, day of week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// IANA, for example `Europe/Berlin`.
    pub time_zone: String,
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DaySpec {
    Number(#[schemars(range(min = 1, max = 31))] u32),
    Word(End),
}

/// Which one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NthSpec {
    Number(#[schemars(range(min = 1, max = 4))] u32),
    Word(End),
}

words!(
    /// The first or the last of several.
    End {
        First = "first",
        Last = "last",
    }
);

/// Why a cadence is none, and which of its fields says so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct InvalidCadence {
    pub field: &'static str,
    pub code: &'static str,
    pub message: String,
}

/// When something is due: at moments of local clocks.
#[derive(Debug, Clone)]
pub struct Cadence {
    rhythm: Rhythm,
    zone: Tz,
}

#[derive(Debug, Clone)]
enum Rhythm {
    Days(OnDays, NaiveTime),
    Cron(Box<Cron>),
}

/// Longer than any month: a day that comes again does so within it.
const LONGEST_WAIT_DAYS: usize = 63;

/// No clock has ever been put back further.
const LARGEST_STEP_BACK: TimeDelta = TimeDelta::hours(25);

impl TryFrom<&CadenceSpec> for Cadence {
    type Error = InvalidCadence;

    fn try_from(spec: &CadenceSpec) -> Result<Self, InvalidCadence> {
        let zone = Tz::from_str(&spec.time_zone).map_err(|_| {
            let message = "A time zone has a name such as Europe/Berlin or UTC.";
            invalid("time_zone", "unknown_time_zone", message)
        })?;
        let rhythm = match (&spec.cron, spec.every) {
            (Some(_), Some(_)) => return Err(invalid("every", "ambiguous", "Give every or cron, not both.")),
            (Some(pattern), None) => cron(spec, pattern)?,
            (None, Some(every)) => Rhythm::Days(days(spec, every)?, time(spec)?),
            (None, None) => return Err(invalid("every", "missing", "Give every, or cron.")),
        };
        Ok(Self { rhythm, zone })
    }
}

impl Cadence {
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The first due time after an instant; `None` when there is none any more.
    #[must_use]
    pub fn next_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut local = instant.with_timezone(&self.zone).naive_local();
        loop {
            local = self.local_after(local)?;
            // What a clock shows a second time has been due the first time.
            let due = self.instant(local)?;
            if due > instant {
                return Some(due);
            }
        }
    }

    /// Due times from an instant backwards, itself included.
    pub fn back_from(&self, instant: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        // The clock may have shown later times before it was put back.
        let mut local = instant.with_timezone(&self.zone).naive_local().checked_add_signed(LARGEST_STEP_BACK);
        let mut before: Option<DateTime<Utc>> = None;
        std::iter::from_fn(move || {
            loop {
                local = self.local_before(local?);
                let due = self.instant(local?)?;
                // Several times that do not exist are due at the same moment, once.
                if due <= instant && before != Some(due) {
                    before = Some(due);
                    return before;
                }
            }
        })
    }

    /// The first moment at which clocks show this time or a later one. So a time that occurs twice is its first occurrence, and
    /// one that is skipped is the moment after the gap.
    fn instant(&self, mut local: NaiveDateTime) -> Option<DateTime<Utc>> {
        loop {
            match self.zone.from_local_datetime(&local) {
                MappedLocalTime::Single(time) => return Some(time.to_utc()),
                MappedLocalTime::Ambiguous(one, other) => return Some(one.min(other).to_utc()),
                // Gaps end on whole minutes.
                MappedLocalTime::None => local = local.checked_add_signed(TimeDelta::minutes(1))?,
            }
        }
    }

    fn local_after(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        match &self.rhythm {
            Rhythm::Days(on, time) => {
                let passed = u64::from(*time <= local.time());
                let first = local.date().checked_add_days(Days::new(passed))?;
                let day = first.iter_days().take(LONGEST_WAIT_DAYS).find(|day| on.is_on(*day))?;
                Some(day.and_time(*time))
            }
            Rhythm::Cron(cron) => cron.find_next_occurrence(&local, false).ok(),
        }
    }

    fn local_before(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        match &self.rhythm {
            Rhythm::Days(on, time) => {
                let to_come = u64::from(*time >= local.time());
                let last = local.date().checked_sub_days(Days::new(to_come))?;
                let mut days = std::iter::successors(Some(last), NaiveDate::pred_opt).take(LONGEST_WAIT_DAYS);
                let day = days.find(|day| on.is_on(*day))?;
                Some(day.and_time(*time))
            }
            Rhythm::Cron(cron) => cron.find_previous_occurrence(&local, false).ok(),
        }
    }
}

fn cron(spec: &CadenceSpec, pattern: &str) -> Result<Rhythm, InvalidCadence> {
    let besides = [
        ("weekday", spec.weekday.is_some()),
        ("nth", spec.nth.is_some()),
        ("day", spec.day.is_some()),
        ("time", spec.time.is_some()),
    ];
    if let Some((field, _)) = besides.iter().find(|(_, given)| *given) {
        return Err(invalid(field, "ambiguous", "A cron pattern says everything itself."));
    }
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let cron = parser.parse(pattern).map_err(|error| invalid("cron", "invalid_cron", format!("{error}.")))?;
    Ok(Rhythm::Cron(Box::new(cron)))
}

fn time(spec: &CadenceSpec) -> Result<NaiveTime, InvalidCadence> {
    let Some(text) = &spec.time else {
        return Err(invalid("time", "missing", "Give a time of day, for example 07:00."));
    };
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| invalid("time", "invalid_time", "A time of day is 00:00 to 23:59."))
}

fn days(spec: &CadenceSpec, every: Every) -> Result<OnDays, InvalidCadence> {
    match (every, spec.weekday, spec.nth, spec.day) {
        (Every::Day, None, None, None) => Ok(OnDays::Daily),
        (Every::Day, Some(WeekdayWord::Workday), None, None) => Ok(OnDays::Workdays),
        (Every::Week, Some(word), None, None) => match word.weekday() {
            Some(day) => Ok(OnDays::Weekly(day)),
            None => Err(invalid("weekday", "invalid", "A week has one such day: name it.")),
        },
        (Every::Week, None, None, None) => Err(invalid("weekday", "missing", "Which day of the week?")),
        (Every::Month, None, None, Some(day)) => Ok(OnDays::Monthly(day_of_month(day)?)),
        (Every::Month, Some(word), nth, None) => {
            let nth =
                nth.ok_or_else(|| invalid("nth", "missing", "Which of them: 1 to 4, first or last?"))?;
            Ok(OnDays::MonthlyWeekday(word.weekday(), which(nth)?))
        }
        (Every::Month, None, None, None) => {
            Err(invalid("day", "missing", "Which day of the month: 1 to 31, first or last?"))
        }
        (_, _, Some(_), _) => Err(invalid("nth", "not_for_cadence", "nth counts weekdays of a month.")),
        (Every::Day | Every::Week, _, _, Some(_)) => {
            Err(invalid("day", "not_for_cadence", "day is of a month."))
        }
        (Every::Month, Some(_), None, Some(_)) => {
            Err(invalid("day", "ambiguous", "Give day, or weekday and nth, not both."))
        }
        (Every::Day, Some(_), None, None) => {
            Err(invalid("weekday", "not_for_cadence", "weekday is of a week or of a month."))
        }
    }
}

fn day_of_month(spec: DaySpec) -> Result<Nth, InvalidCadence> {
    match spec {
        DaySpec::Number(day @ 1..=31) => Ok(Nth::Number(day)),
        DaySpec::Number(_) => Err(invalid("day", "out_of_range", "A month has days 1 to 31.")),
        DaySpec::Word(End::First) => Ok(Nth::Number(1)),
        DaySpec::Word(End::Last) => Ok(Nth::Last),
    }
}

fn which(spec: NthSpec) -> Result<Nth, InvalidCadence> {
    match spec {
        NthSpec::Number(nth @ 1..=4) => Ok(Nth::Number(nth)),
        NthSpec::Number(_) => {
            Err(invalid("nth", "out_of_range", "Every month has four of them, and a last one."))
        }
        NthSpec::Word(End::First) => Ok(Nth::Number(1)),
        NthSpec::Word(End::Last) => Ok(Nth::Last),
    }
}

impl WeekdayWord {
    fn weekday(self) -> Option<chrono::Weekday> {
        use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        match self {
            Self::Monday => Some(Mon),
            Self::Tuesday => Some(Tue),
            Self::Wednesday => Some(Wed),
            Self::Thursday => Some(Thu),
            Self::Friday => Some(Fri),
            Self::Saturday => Some(Sat),
            Self::Sunday => Some(Sun),
            Self::Workday => None,
        }
    }
}

fn invalid(field: &'static str, code: &'static str, message: impl Into<String>) -> InvalidCadence {
    InvalidCadence { field, code, message: message.into() }
}
