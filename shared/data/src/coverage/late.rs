//! Files that should have come by now and have not.

use chrono::{Days, NaiveDate};
use domain::{LateFileEnd, Period};

use super::{Cell, Rhythm, State, VendorCoverage, days};

/// What is later than this, and later than so many steps of its rhythm, does not come late: its vendor has stopped.
const SILENT_DAYS: u64 = 60;
const SILENT_STEPS: u64 = 4;

/// Days that a file should have brought by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub days: Period,
    /// The last day on which it would have been in time.
    pub due_on: NaiveDate,
}

/// The late files of a vendor: periods that should have come together are one, and so are days of one silence of a vendor who
/// reports days.
///
/// A hole between two reports is late when it has been due, not at once: in a backlog that is still being brought in everything
/// has holes. Of a vendor about whom nobody can say when it is due, nothing is late, and of one who has stopped long ago neither.
#[must_use]
pub fn late(vendor: &VendorCoverage, today: NaiveDate) -> Vec<Late> {
    let Some(rhythm) = vendor.rhythm else { return Vec::new() };
    let Some(since) = today.checked_sub_days(Days::new(patience(rhythm))) else { return Vec::new() };
    let mut late: Vec<Late> = Vec::new();
    for cell in vendor.cells.iter().filter(|cell| cell.state == State::Missing) {
        let Some(due_on) = cell.due_on.filter(|due_on| *due_on < today) else { continue };
        match late.last_mut() {
            Some(last) if belongs(rhythm, last, cell) => {
                last.days = days::span(last.days.start(), cell.period.end()).unwrap_or(last.days);
            }
            _ => late.push(Late { days: cell.period, due_on }),
        }
    }
    let has_stopped = late.iter().any(|late| late.days.start() > vendor.last_reported && late.due_on < since);
    late.retain(|late| late.due_on >= since && !(has_stopped && late.days.start() > vendor.last_reported));
    late
}

/// Why days that were late are late no more; `None` while they are. Days of a vendor of whom nothing is booked any more are not expected.
#[must_use]
pub fn ending(vendor: Option<&VendorCoverage>, late: Period) -> Option<LateFileEnd> {
    let cells = vendor.into_iter().flat_map(|vendor| &vendor.cells);
    let within = |cell: &&Cell| cell.period.start() <= late.end() && cell.period.end() >= late.start();
    let states: Vec<State> = cells.filter(within).map(|cell| cell.state).collect();
    if states.contains(&State::Missing) {
        None
    } else if states.contains(&State::Reported) {
        Some(LateFileEnd::Arrived)
    } else {
        // What is merely not due any more, because habits have changed, is still waited for.
        states.iter().all(|state| *state == State::KnownGap).then_some(LateFileEnd::NotExpected)
    }
}

/// Whether it has been silent for so long that nobody expects anything of it.
#[must_use]
pub fn has_stopped(vendor: &VendorCoverage, today: NaiveDate) -> bool {
    let rhythm = vendor.rhythm.unwrap_or(Rhythm::Monthly);
    days::later(vendor.last_reported, patience(rhythm) + step(rhythm)) < today
}

/// Whether it has still to report something that counts in these days: a period counts where its last day lies.
#[must_use]
pub fn is_open(vendor: &VendorCoverage, start: NaiveDate, end: NaiveDate) -> bool {
    // Days are shown as runs, which may end later than what is asked for.
    let by_days = matches!(vendor.rhythm, None | Some(Rhythm::Daily));
    vendor.cells.iter().any(|cell| {
        let is_open = matches!(cell.state, State::Missing | State::NotDue | State::Unknown);
        let counts = if by_days { cell.period.start() <= end } else { cell.period.end() <= end };
        is_open && counts && cell.period.end() >= start
    })
}

/// Whether a cell is more of the same late file.
fn belongs(rhythm: Rhythm, late: &Late, cell: &Cell) -> bool {
    let follows = days::next(late.days.end()) == cell.period.start();
    follows && (rhythm == Rhythm::Daily || cell.due_on == Some(late.due_on))
}

fn patience(rhythm: Rhythm) -> u64 {
    (SILENT_STEPS * step(rhythm)).max(SILENT_DAYS)
}

fn step(rhythm: Rhythm) -> u64 {
    match rhythm {
        Rhythm::Daily => 1,
        Rhythm::Weekly(_) => 7,
        Rhythm::Monthly => 31,
        Rhythm::Quarterly => 92,
    }
}

#[cfg(test)]
mod tests;
