//! What is to be run now, however long nothing ran.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Cadence;
use crate::words::words;

words!(
    /// What becomes of due times that passed while nothing ran.
    CatchUp {
        /// They are gone; what is late by less than an hour still runs.
        Skip = "skip",
        /// The latest of them runs.
        RunOnce = "run_once",
        /// All of them run, the latest 24 at most.
        RunAll = "run_all",
    }
);

words!(
    /// Why something runs.
    Trigger {
        Due = "due",
        /// It was due more than an hour ago.
        CatchUp = "catch_up",
        /// Somebody had it run.
        RunNow = "run_now",
        /// A former run showed what the books say otherwise now.
        Correction = "correction",
    }
);

/// What is later than this was missed.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// Due times that an outage may bring at once.
pub const RUN_ALL_MAX: usize = 24;

/// Missed due times are counted up to here.
pub const MISSED_COUNTED_MAX: usize = 1_000;

/// What is to be done about a schedule now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// To be run, the earliest first.
    pub runs: Vec<(DateTime<Utc>, Trigger)>,
    pub missed: Option<Missed>,
    /// When it is due again; `None`: never.
    pub next: Option<DateTime<Utc>>,
}

/// Due times that are not run any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// At most [`MISSED_COUNTED_MAX`].
    pub times: usize,
}

/// What has been due from `since`, the due time that was expected next, until now.
#[must_use]
pub fn due(cadence: &Cadence, catch_up: CatchUp, since: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    let next = cadence.next_after(now.max(since));
    if since > now {
        return Due { runs: Vec::new(), missed: None, next: Some(since) };
    }
    let mut times: Vec<_> =
        cadence.back_from(now).take_while(|time| *time > since).take(MISSED_COUNTED_MAX).collect();
    // It was expected then, whatever the rules of its time zone say today.
    times.push(since);
    times.reverse();
    let kept = match catch_up {
        CatchUp::Skip => usize::from(times.last().is_some_and(|latest| now - latest <= GRACE)),
        CatchUp::RunOnce => 1,
        CatchUp::RunAll => RUN_ALL_MAX.min(times.len()),
    };
    let runs = times.split_off(times.len() - kept);
    let trigger = |time| if now - time > GRACE { Trigger::CatchUp } else { Trigger::Due };
    let missed = match (times.first(), times.last()) {
        (Some(first), Some(last)) => Some(Missed { first: *first, last: *last, times: times.len() }),
        _ => None,
    };
    Due { runs: runs.into_iter().map(|time| (time, trigger(time))).collect(), missed, next }
}
