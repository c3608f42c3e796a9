//! Tables whose figures stand side by side: under months, stores or measures, in one header row or several.

mod read;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use read::{Alike, Shape};
use words::{Said, Spoken};

use super::{
    meaning::{self, Meaning},
    sample::{Facts, Sample},
};
use crate::{
    calendar,
    cell::{Cell, Row},
    figures,
    profile::Measure,
};

/// Headers stand near the top.
const MAX_HEADER_ROW: usize = 30;
/// Rows that tell whether a column holds figures.
const ROWS_BELOW: usize = 60;
/// Header rows above the lowest one.
const MAX_ROWS_ABOVE: usize = 4;

/// A header row under trial: its cells over columns with figures, and the rows above.
struct Trial<'s> {
    at: usize,
    /// Columns with figures and what their header cell says.
    leaf: BTreeMap<u32, Said>,
    /// The rows above, the nearest first.
    above: Vec<BTreeMap<u32, Said>>,
    below: &'s [Row],
    /// Its weeks are a letter and a number.
    weeks: bool,
}

/// What tells the columns apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    /// Names over figures of which no word says what they measure.
    Names,
    Times,
    /// `Qty London`
    SplitWords,
    /// `Qty`, `Sum`, `Qty`, `Sum`
    Measures,
}

/// Finds figures side by side; `None` for a flat table. Where a column says what the figures of its row are, names
/// above several columns need no further proof.
pub(super) fn find(sample: &Sample, measured: bool) -> Option<Shape> {
    let mut best: Option<(Pattern, usize, Trial<'_>)> = None;
    for at in 0..sample.rows.len().min(MAX_HEADER_ROW) {
        let Some(trial) = Trial::at(&sample.rows, at) else { continue };
        let Some(pattern) = trial.pattern(measured) else { continue };
        if pattern <= Pattern::Times && trial.stands_above_headers() {
            continue;
        }
        let width = trial.leaf.len();
        if best.as_ref().is_none_or(|(other, columns, _)| (pattern, width) > (*other, *columns)) {
            best = Some((pattern, width, trial));
        }
    }
    let (pattern, _, trial) = best?;
    read::shape(pattern, &trial, sample)
}

impl<'s> Trial<'s> {
    fn at(rows: &'s [Row], at: usize) -> Option<Self> {
        let row = rows.get(at).filter(|row| row.cells.len() >= 2 && !has_figures(row))?;
        let below = rows.get(at + 1..)?;
        let near: Vec<&Row> = below.iter().take(ROWS_BELOW).collect();
        let mut leaf: BTreeMap<u32, Said> = row
            .cells
            .iter()
            .filter(|(column, _)| holds_figures(*column, &near))
            .map(|(column, cell)| (*column, words::said(cell)))
            // Codes are digits, too.
            .filter(|(_, said)| !matches!(said.spoken, Spoken::Label(_)))
            .collect();
        // What comes again and again over figures is a measure, even where only a part of it is known.
        let all: Vec<String> = leaf.values().map(|said| said.folded.clone()).collect();
        for said in leaf.values_mut() {
            let repeated = all.iter().filter(|other| **other == said.folded).count() >= 2;
            if repeated && said.spoken == Spoken::Name && !said.total {
                said.spoken = words::measure_in(&said.text).map_or(Spoken::Name, Spoken::Measure);
            }
        }
        let above = rows.get(..at)?.iter().rev().take(MAX_ROWS_ABOVE).take_while(|row| !has_figures(row));
        let words = |row: &Row| -> BTreeMap<u32, Said> {
            row.cells.iter().map(|(column, cell)| (*column, words::said(cell))).collect()
        };
        let mut trial = Self { at, leaf, above: above.map(words).collect(), below, weeks: false };
        trial.find_weeks();
        Some(trial)
    }

    /// Letters with numbers one behind the other are weeks where nothing else says when: `S10`, `S11`, `S12`.
    fn find_weeks(&mut self) {
        let rows = || std::iter::once(&self.leaf).chain(&self.above);
        if rows()
            .flat_map(BTreeMap::values)
            .any(|said| !matches!(said.time, None | Some(calendar::Time::Year(_))))
        {
            return;
        }
        let weeks_of = |row: &BTreeMap<u32, Said>| -> Vec<u32> {
            let weeks = row.values().filter_map(|said| match calendar::short_week(&said.text) {
                Some(calendar::Time::Week(week)) => Some(week),
                _ => None,
            });
            weeks.collect()
        };
        let follow = |weeks: &Vec<u32>| {
            weeks.len() >= 2 && weeks.windows(2).all(|pair| matches!(pair, [one, next] if *next == one + 1))
        };
        self.weeks = rows().any(|row| follow(&weeks_of(row)));
        if self.weeks {
            let all = self.leaf.values_mut().chain(self.above.iter_mut().flat_map(BTreeMap::values_mut));
            for said in all {
                if let Some(week) = calendar::short_week(&said.text) {
                    (said.time, said.spoken, said.split) = (Some(week), Spoken::Time, None);
                }
            }
        }
    }

    fn pattern(&self, in_rows: bool) -> Option<Pattern> {
        let said = |kind: fn(&Said) -> bool| self.leaf.values().filter(|said| kind(said)).count();
        let repeated = |measure: Measure| {
            let mut words: Vec<&str> = self
                .leaf
                .values()
                .filter(|said| said.spoken == Spoken::Measure(measure) && !said.total)
                .map(|said| said.folded.as_str())
                .collect();
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            all > words.len() && self.words_above()
        };
        let measured = said(|said| matches!(said.spoken, Spoken::Measure(_)) && !said.total);
        match () {
            () if repeated(Measure::Quantity) || repeated(Measure::Amount) => Some(Pattern::Measures),
            () if self.split_words() => Some(Pattern::SplitWords),
            () if said(|said| said.time.is_some()) >= 2 => Some(Pattern::Times),
            () if measured == 0
                && said(|said| said.spoken == Spoken::Name && !said.total) >= 2
                && (in_rows || self.sums_up() || self.under_measures()) =>
            {
                Some(Pattern::Names)
            }
            () => None,
        }
    }

    /// `From | 01.03. | To | 31.03.`: the headers are still to come.
    fn stands_above_headers(&self) -> bool {
        let next = self.below.iter().find(|row| row.cells.len() >= 2).filter(|row| !has_figures(row));
        let known = next.into_iter().flat_map(|row| &row.cells).filter(|(_, cell)| {
            matches!(cell, Cell::Text(text) if meaning::of_header(text).meaning != Meaning::Unknown)
        });
        known.count() >= 2
    }

    /// Something stands over the figures that can tell them apart.
    fn words_above(&self) -> bool {
        let first = self.leaf.keys().next().copied().unwrap_or_default();
        self.above.iter().any(|row| row.keys().filter(|column| **column >= first).count() >= 1)
    }

    /// `Qty London`, `Sales London`, `Qty Paris`, `Sales Paris`: every measure beside the same names, or beside times.
    fn split_words(&self) -> bool {
        let rests = |measure: Measure| -> BTreeSet<&str> {
            let split = self.leaf.values().filter(|said| !matches!(said.spoken, Spoken::Measure(_)));
            let split = split.filter_map(|said| said.split.as_ref());
            split.filter(|split| split.measure == measure).map(|split| split.rest.as_str()).collect()
        };
        let (pieces, money) = (rests(Measure::Quantity), rests(Measure::Amount));
        let all: BTreeSet<&str> = pieces.union(&money).copied().collect();
        let times = all.iter().filter(|rest| calendar::of_text(rest).is_some()).count();
        let names = all.iter().filter(|rest| words::is_name(rest)).count();
        let parallel = pieces == money;
        all.len() >= 2 && (times == all.len() || (parallel && names == all.len()))
    }

    /// The same names come again under the words of pieces and under those of money.
    fn under_measures(&self) -> bool {
        let names = || self.leaf.values().filter(|said| said.spoken == Spoken::Name && !said.total);
        let again = |name: &Said| names().filter(|other| other.folded == name.folded).count() == 2;
        let says = |measure: Measure| {
            let said = |said: &&Said| said.spoken == Spoken::Measure(measure) && !said.total;
            self.above.iter().flat_map(BTreeMap::values).filter(said).count() == 1
        };
        names().all(again) && says(Measure::Quantity) && says(Measure::Amount)
    }

    /// Names alone are only believed where a total column proves that they belong together.
    fn sums_up(&self) -> bool {
        let total = self.leaf.iter().find(|(_, said)| said.total).map(|(column, _)| *column);
        let Some(total) = total else { return false };
        let names: Vec<u32> = self
            .leaf
            .iter()
            .filter(|(column, said)| **column < total && said.spoken == Spoken::Name && !said.total)
            .map(|(column, _)| *column)
            .collect();
        let rows = self.below.iter().take(ROWS_BELOW).filter_map(|row| {
            let value =
                |column: u32| row.get(column).and_then(words::figure).filter(|n| figures::is_sane(*n));
            let sum = names.iter().filter_map(|column| value(*column)).sum();
            Some(figures::ties(value(total)?, sum))
        });
        let ties: Vec<bool> = rows.collect();
        ties.len() >= 2 && ties.iter().filter(|ties| **ties).count() * 10 >= ties.len() * 9
    }
}

/// Rows with figures are data: years and dates may stand in headers.
fn has_figures(row: &Row) -> bool {
    row.cells.iter().any(|(_, cell)| {
        matches!(cell, Cell::Number(_)) && calendar::of_cell(cell).is_none()
            || matches!(cell, Cell::Text(text) if text.contains(|c: char| c.is_ascii_digit()))
                && words::figure(cell).is_some()
                && calendar::of_cell(cell).is_none()
    })
}

fn holds_figures(column: u32, rows: &[&Row]) -> bool {
    let cells: Vec<&Cell> = rows.iter().filter_map(|row| row.get(column)).collect();
    let facts = Facts::of(cells.iter().copied());
    let figures = cells.iter().filter(|cell| words::figure(cell).is_some()).count();
    let other = cells.iter().filter(|cell| matches!(cell, Cell::Text(_)) && words::figure(cell).is_none());
    figures > 0 && figures * 10 >= other.count() * 9 && !facts.mostly(facts.eans, 80)
}
