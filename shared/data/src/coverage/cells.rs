//! The cells of one vendor: what was reported, and what lies between and after it.

use chrono::{Datelike, NaiveDate};
use domain::Period;

use super::{
    Arrivals, Reported, Rhythm, Said,
    days::{self, later},
};
use crate::known_gaps::KnownGap;

/// A silence as long as this many others is how the vendor sells, not something it forgot.
const SILENCES_ALIKE: usize = 3;

/// What is known about the days of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Reported,
    /// Something later was reported, or it is overdue.
    Missing,
    /// Somebody knows that it will not come.
    KnownGap,
    /// It may still come in time.
    NotDue,
    /// Nobody can say whether it is late: too few deliveries were seen.
    Unknown,
}

/// Days of one vendor in one state: a period or, of a vendor who reports days, a run of them within a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub period: Period,
    pub state: State,
    /// What was said about it; `Some` exactly when it is reported.
    pub reported: Option<Reported>,
    /// Why it will not come; `Some` exactly when it is a known gap.
    pub known_gap: Option<KnownGap>,
    /// The last day on which it is in time, where that can be said.
    pub due_on: Option<NaiveDate>,
    /// `Some` exactly when it is missing.
    pub overdue_since: Option<NaiveDate>,
}

impl Cell {
    fn open(period: Period, state: State) -> Self {
        Self { period, state, reported: None, known_gap: None, due_on: None, overdue_since: None }
    }

    /// Whether the next cell is more of the same.
    fn goes_on_in(&self, next: &Self) -> bool {
        self.reported.is_none()
            && next.reported.is_none()
            && days::next(self.period.end()) == next.period.start()
            && same_month(self.period.start(), next.period.start())
            && (self.state, &self.known_gap) == (next.state, &next.known_gap)
            && (self.due_on, self.overdue_since) == (next.due_on, next.overdue_since)
    }
}

/// All cells from the first reported day to `today`, in order of time.
pub(super) fn of(said: &Said, rhythm: Option<Rhythm>, arrivals: &Arrivals, today: NaiveDate) -> Vec<Cell> {
    let covered = covered(said, rhythm);
    let mut open = between(said, rhythm, arrivals, &covered);
    if let Some(last) = covered.last() {
        open.extend(after(last.end(), rhythm, arrivals, today));
    }
    let mut cells: Vec<Cell> = open.iter().flat_map(|cell| without_gaps(cell, &said.gaps)).collect();
    cells.extend(reported(said, rhythm, &covered));
    cells.sort_by_key(|cell| cell.period);
    if rhythm == Some(Rhythm::Daily) { runs(cells) } else { cells }
}

/// The days about which something is known: stated, within an export, or as silent as the vendor often is.
fn covered(said: &Said, rhythm: Option<Rhythm>) -> Vec<Period> {
    let stated: Vec<Period> = said.periods.iter().map(|reported| reported.period).collect();
    let known = days::union(stated.iter().chain(&said.exports).copied().collect());
    if rhythm != Some(Rhythm::Daily) {
        return known;
    }
    let silences: Vec<i64> = days::between(&days::union(stated)).into_iter().map(days::length).collect();
    let usual = |run: &Period| {
        // The run itself is one of them.
        silences.iter().filter(|length| **length >= days::length(*run)).count() > SILENCES_ALIKE
    };
    let quiet: Vec<Period> = days::between(&known).into_iter().filter(usual).collect();
    days::union(known.into_iter().chain(quiet).collect())
}

/// What is missing between reported days. That is a fact: something later has come.
fn between(said: &Said, rhythm: Option<Rhythm>, arrivals: &Arrivals, covered: &[Period]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for run in days::between(covered) {
        let later_came = said
            .periods
            .iter()
            .filter(|reported| reported.period.start() > run.end())
            .map(|reported| reported.first_stated_on)
            .min();
        for step in rhythm.map_or_else(|| vec![run], |rhythm| rhythm.steps(run)) {
            let due_on = rhythm.and_then(|rhythm| arrivals.due_on(rhythm, step.end()));
            let overdue = due_on.map(days::next);
            cells.push(Cell {
                due_on,
                overdue_since: later_came.into_iter().chain(overdue).min(),
                ..Cell::open(step, State::Missing)
            });
        }
    }
    cells
}

/// What follows the last reported day, up to the step that is running.
fn after(last: NaiveDate, rhythm: Option<Rhythm>, arrivals: &Arrivals, today: NaiveDate) -> Vec<Cell> {
    let Some(open) = days::span(days::next(last), today).filter(|_| last < today) else { return Vec::new() };
    let Some(rhythm) = rhythm else { return vec![Cell::open(open, State::Unknown)] };
    let mut cells = Vec::new();
    for (steps, delivery_end) in arrivals.deliveries(rhythm, open) {
        let due_on = arrivals.due_on(rhythm, delivery_end);
        for step in steps {
            let end = rhythm.step_end(step.start());
            let state = match due_on {
                _ if end >= today => State::NotDue,
                None => State::Unknown,
                Some(due_on) if today > due_on => State::Missing,
                Some(_) => State::NotDue,
            };
            let whole = days::span(step.start(), end).unwrap_or(step);
            let overdue_since = due_on.filter(|_| state == State::Missing).map(days::next);
            cells.push(Cell { due_on, overdue_since, ..Cell::open(whole, state) });
        }
    }
    cells
}

/// The cell in pieces: those within a known gap, and the others.
fn without_gaps(cell: &Cell, gaps: &[KnownGap]) -> Vec<Cell> {
    let mut pieces = Vec::new();
    let mut start = cell.period.start();
    let last = cell.period.end();
    while start <= last {
        let covers = |gap: &&KnownGap| gap.first_day <= start && gap.last_day.is_none_or(|end| end >= start);
        let known = gaps.iter().find(covers);
        let end = match known {
            Some(gap) => gap.last_day.unwrap_or(last),
            None => {
                let coming = gaps.iter().map(|gap| gap.first_day).filter(|first| *first > start).min();
                coming.and_then(|first| first.pred_opt()).unwrap_or(last)
            }
        };
        let Some(period) = days::span(start, end.min(last)) else { break };
        pieces.push(match known {
            Some(gap) => Cell { known_gap: Some(gap.clone()), ..Cell::open(period, State::KnownGap) },
            None => Cell { period, ..cell.clone() },
        });
        if period.end() == NaiveDate::MAX {
            break;
        }
        start = later(period.end(), 1);
    }
    pieces
}

/// The reported periods; days of one upload within a month as runs.
fn reported(said: &Said, rhythm: Option<Rhythm>, covered: &[Period]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(said.periods.len());
    for statement in &said.periods {
        let before = cells.last_mut().filter(|_| rhythm == Some(Rhythm::Daily));
        if let Some(cell) = before
            && let Some(run) = &mut cell.reported
            && run.upload == statement.upload
            && same_month(cell.period.start(), statement.period.end())
            && within_one(covered, cell.period.start(), statement.period.end())
            && let Some(longer) = days::span(cell.period.start(), statement.period.end())
        {
            cell.period = longer;
            run.period = longer;
            run.statements = run.statements.max(statement.statements);
            run.first_stated_on = run.first_stated_on.min(statement.first_stated_on);
        } else {
            cells.push(Cell {
                reported: Some(statement.clone()),
                ..Cell::open(statement.period, State::Reported)
            });
        }
    }
    cells
}

/// Neighbouring open days in the same state as one cell.
fn runs(cells: Vec<Cell>) -> Vec<Cell> {
    let mut runs: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        match runs.last_mut() {
            Some(run) if run.goes_on_in(&cell) => {
                run.period = days::span(run.period.start(), cell.period.end()).unwrap_or(run.period);
            }
            _ => runs.push(cell),
        }
    }
    runs
}

fn within_one(spans: &[Period], first: NaiveDate, last: NaiveDate) -> bool {
    let index = spans.partition_point(|span| span.end() < first);
    spans.get(index).is_some_and(|span| span.start() <= first && span.end() >= last)
}

fn same_month(one: NaiveDate, other: NaiveDate) -> bool {
    (one.year(), one.month()) == (other.year(), other.month())
}

#[cfg(test)]
mod tests;
