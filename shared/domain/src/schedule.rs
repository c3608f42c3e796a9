//! Schedules: when they are due, what is to be run after an outage, and which days a due time is about. No clock is read here.

mod cadence;
mod days;
mod due;
mod period;
mod quiet;

pub use cadence::{Cadence, CadenceSpec, DaySpec, Every, InvalidCadence, NthSpec, WeekdayWord};
pub use due::{CatchUp, Due, MISSED_COUNTED_MAX, Missed, RUN_ALL_MAX, Trigger, due};
pub use period::RelativePeriod;
pub use quiet::{InvalidQuietHours, Quiet, QuietHours};

#[cfg(test)]
mod tests;
