//! Hours in which nobody wants to be written to.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cadence, CadenceSpec, Every, InvalidCadence};

/// From one time to another on the clocks of a time zone, over midnight where the second is the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// For example `22:00`.
    pub from: String,
    /// For example `07:00`; from then on mails are sent.
    pub to: String,
    /// IANA, for example `Europe/Berlin`.
    pub time_zone: String,
}

/// Quiet hours that are none: which field says so, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidQuietHours {
    pub field: &'static str,
    pub message: String,
}

/// Quiet hours, read.
#[derive(Clone)]
pub struct Quiet {
    from: Cadence,
    to: Cadence,
}

impl fmt::Debug for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quiet").finish_non_exhaustive()
    }
}

impl TryFrom<&QuietHours> for Quiet {
    type Error = InvalidQuietHours;

    fn try_from(hours: &QuietHours) -> Result<Self, InvalidQuietHours> {
        let daily = |time: &String, field: &'static str| {
            let spec = CadenceSpec {
                every: Some(Every::Day),
                weekday: None,
                nth: None,
                day: None,
                time: Some(time.clone()),
                cron: None,
                time_zone: hours.time_zone.clone(),
            };
            Cadence::try_from(&spec).map_err(|error: InvalidCadence| InvalidQuietHours {
                field: if error.field == "time_zone" { "time_zone" } else { field },
                message: error.message,
            })
        };
        if hours.from == hours.to {
            let message = "They begin and end at the same time: name another one.".to_owned();
            return Err(InvalidQuietHours { field: "to", message });
        }
        Ok(Self { from: daily(&hours.from, "from")?, to: daily(&hours.to, "to")? })
    }
}

impl Quiet {
    /// When these hours end, if they are running at this moment. They run from the moment at which clocks show the first time until
    /// they show the second one, whatever clocks do in between (decision 27).
    #[must_use]
    pub fn end_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let begun = self.from.back_from(now).next()?;
        // Both may fall into hours that a change of clocks leaves out: then they have no length.
        let end = self.to.next_after(begun - TimeDelta::seconds(1))?;
        (now < end).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveTime, Timelike as _};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    fn quiet(from: &str, to: &str, zone: &str) -> Quiet {
        let hours = QuietHours { from: from.to_owned(), to: to.to_owned(), time_zone: zone.to_owned() };
        Quiet::try_from(&hours).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn nights_last_until_clocks_show_their_end_whatever_clocks_do() {
        let night = quiet("22:00", "07:00", "Europe/Berlin");
        for (now, end) in [
            ("2026-01-14T20:59:59Z", None),
            ("2026-01-14T21:00:00Z", Some("2026-01-15T06:00:00Z")),
            ("2026-01-15T05:59:59Z", Some("2026-01-15T06:00:00Z")),
            ("2026-01-15T06:00:00Z", None),
            // The night clocks go forward is an hour shorter, the one they go back an hour longer.
            ("2026-03-28T21:00:00Z", Some("2026-03-29T05:00:00Z")),
            ("2026-10-24T20:00:00Z", Some("2026-10-25T06:00:00Z")),
        ] {
            assert_eq!(night.end_at(at(now)), end.map(at), "{now}");
        }
        // Over when clocks show it first: a second 02:15 is not quiet again.
        let short = quiet("22:00", "02:30", "Europe/Berlin");
        assert_eq!(short.end_at(at("2026-10-25T00:15:00Z")), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(short.end_at(at("2026-10-25T01:15:00Z")), None);
        // Both times are left out on this night: nobody is kept waiting for a day.
        let skipped = quiet("02:00", "02:30", "Europe/Berlin");
        assert_eq!(skipped.end_at(at("2026-03-29T01:00:00Z")), None);
        assert_eq!(skipped.end_at(at("2026-03-29T12:00:00Z")), None);
    }

    #[test]
    fn hours_that_are_none_are_refused() {
        for (from, to, zone, field) in [
            ("25:00", "07:00", "UTC", "from"),
            ("22:00", "7 am", "UTC", "to"),
            ("22:00", "07:00", "Mars/Olympus", "time_zone"),
            ("22:00", "22:00", "UTC", "to"),
        ] {
            let hours = QuietHours { from: from.to_owned(), to: to.to_owned(), time_zone: zone.to_owned() };
            assert_eq!(Quiet::try_from(&hours).unwrap_err().field, field);
        }
    }

    proptest! {
        #[test]
        fn what_is_held_leaves_when_clocks_show_the_end_and_not_much_later(
            zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            from in 0..1440_u32, length in 1..1440_u32,
            seconds in 1_700_000_000_i64..1_900_000_000,
        ) {
            let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
            let (from, to) = (clock(from), clock(from + length));
            let quiet = quiet(&from, &to, zone.name());
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let shown = |moment: DateTime<Utc>| moment.with_timezone::<Tz>(&zone).time();
            match quiet.end_at(now) {
                Some(end) => {
                    prop_assert!(end > now, "it lies ahead");
                    prop_assert_eq!(quiet.end_at(end), None, "what waits for it is let go then");
                    // No clock has been put by more than a day, and those are days that a country skipped.
                    prop_assert!(end - now <= TimeDelta::minutes(i64::from(length)) + TimeDelta::hours(25));
                    // All the time until then is quiet, with the same end.
                    let middle = now + (end - now) / 2;
                    prop_assert_eq!(quiet.end_at(middle), Some(end));
                }
                None => {
                    let (first, last): (NaiveTime, NaiveTime) =
                        (format!("{from}:00").parse().unwrap(), format!("{to}:00").parse().unwrap());
                    let time = shown(now).with_nanosecond(0).unwrap();
                    let within = if first < last { first <= time && time < last } else { first <= time || time < last };
                    // Clocks show a quiet time while nothing is quiet only when they have been changed within the day before.
                    let offset = |moment: DateTime<Utc>| {
                        use chrono::Offset as _;
                        moment.with_timezone::<Tz>(&zone).offset().fix()
                    };
                    let is_changed = (0..=26).any(|hours| offset(now - TimeDelta::hours(hours)) != offset(now));
                    prop_assert!(!within || is_changed, "{time} in {zone}");
                }
            }
        }
    }
}
