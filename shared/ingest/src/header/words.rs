//! What the words above a figure say: what is measured, when, where, or that it is a sum.

use crate::{
    calendar::{self, Time},
    cell::Cell,
    figures,
    profile::{Days, Grid, Measure, Role, Table},
    text,
};

/// One header cell, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// As printed.
    pub(super) text: String,
    pub(super) role: Option<Role>,
    pub(super) measure: Option<Measure>,
    pub(super) time: Option<Time>,
    pub(super) total: bool,
    pub(super) view: bool,
    pub(super) ignored: bool,
    /// A word that is nothing else: perhaps a store.
    pub(super) name: Option<String>,
}

impl Word {
    pub(super) fn is_year(&self) -> bool {
        matches!(self.time, Some(Time::Year(_)))
    }
}

/// Words of both measures, folded.
pub(crate) fn measure_words(table: &Table) -> Vec<(String, Measure)> {
    let of = |measure: Measure| {
        let words = table.columns.get(&measure.role()).into_iter().flatten();
        words.map(move |word| (text::compact(word), measure))
    };
    of(Measure::Quantity).chain(of(Measure::Amount)).collect()
}

/// The words that a table's profile knows.
pub(super) struct Vocabulary<'t> {
    grid: &'t Grid,
    roles: Vec<(String, Role)>,
    measures: Vec<(String, Measure)>,
    totals: Vec<String>,
    ignored: Vec<String>,
    views: Vec<String>,
}

impl<'t> Vocabulary<'t> {
    pub(super) fn new(table: &Table, grid: &'t Grid) -> Self {
        let words_of = |role: Role| table.columns.get(&role).into_iter().flatten();
        let identities = table.columns.iter().filter(|(role, _)| !is_measured(**role));
        let compact = |words: &[String]| words.iter().map(|word| text::compact(word)).collect();
        Self {
            grid,
            roles: identities
                .flat_map(|(role, words)| words.iter().map(|word| (text::compact(word), *role)))
                .collect(),
            measures: [(Role::Quantity, Measure::Quantity), (Role::Amount, Measure::Amount)]
                .into_iter()
                .flat_map(|(role, measure)| words_of(role).map(move |word| (plain(word), measure)))
                .collect(),
            totals: compact(&grid.totals),
            ignored: compact(&grid.ignore),
            views: compact(&grid.views),
        }
    }

    pub(super) fn read(&self, cell: &Cell) -> Word {
        let Cell::Text(printed) = cell else {
            let time = calendar::of_cell(cell).filter(|_| self.grid.periods);
            return Word { text: cell.text().into_owned(), time, ..Word::default() };
        };
        let printed = text::squeezed(printed).into_owned();
        if let Some(word) = self.whole(&printed) {
            return word;
        }
        if let Some((measure, rest)) = self.split_measure(&printed) {
            let rest = self.whole(&rest).unwrap_or_else(|| Word { name: Some(rest), ..Word::default() });
            return Word { text: printed, measure: Some(measure), ..rest };
        }
        Word { name: Some(printed.clone()), text: printed, ..Word::default() }
    }

    /// A cell that is one known word and nothing besides.
    fn whole(&self, printed: &str) -> Option<Word> {
        let compact = text::compact(printed);
        let is_in = |words: &[String]| words.contains(&compact);
        let word = Word { text: printed.to_owned(), ..Word::default() };
        if let Some((_, role)) = self.roles.iter().find(|(known, _)| *known == compact) {
            return Some(Word { role: Some(*role), ..word });
        }
        if compact.is_empty() || is_in(&self.ignored) {
            return Some(Word { ignored: true, ..word });
        }
        let plain_text = plain(printed);
        let measure =
            self.measures.iter().find(|(known, _)| *known == plain_text).map(|(_, measure)| *measure);
        let total = is_in(&self.totals) || figures::total_of(printed).is_some_and(|of| of.is_empty());
        let dated_total = total_of_time(printed);
        let months = matches!(self.grid.days, None | Some(Days::Month));
        let first = || calendar::first_of_month(printed).filter(|_| months);
        let week = || calendar::short_week(printed).filter(|_| self.grid.weeks);
        let time = || calendar::of_text(printed).or_else(week).or(dated_total).or_else(first);
        let time = self.grid.periods.then(time).flatten();
        let view = is_in(&self.views);
        let known = measure.is_some() || total || dated_total.is_some() || time.is_some() || view;
        known.then(|| Word { measure, total: total || dated_total.is_some(), time, view, ..word })
    }

    /// `London Qty`, `Sales £ Jan 2026`: the measure stands before or behind something else.
    fn split_measure(&self, printed: &str) -> Option<(Measure, String)> {
        let words: Vec<&str> = printed.split(' ').collect();
        let found = self.measures.iter().find_map(|(known, measure)| {
            (1..words.len()).find_map(|at| {
                let (front, back) = words.split_at_checked(at)?;
                let rest = match () {
                    () if plain(&back.join(" ")) == *known => front,
                    () if plain(&front.join(" ")) == *known => back,
                    () => return None,
                };
                Some((*measure, rest.join(" ")))
            })
        });
        found
            .map(|(measure, rest)| {
                (measure, rest.trim_matches([' ', '-', '–', '|', '/', ':', ',']).to_owned())
            })
            .filter(|(_, rest)| !rest.is_empty())
    }
}

pub(super) fn is_measured(role: Role) -> bool {
    matches!(role, Role::Quantity | Role::Amount)
}

/// `TOTAL 2024`: a sum, and of which time.
fn total_of_time(printed: &str) -> Option<Time> {
    let (first, rest) = printed.split_once(' ')?;
    figures::total_of(first).filter(|of| of.is_empty())?;
    calendar::of_text(rest)
}

/// Letters, digits and currency signs, in lower case.
fn plain(text: &str) -> String {
    let counts = |c: &char| c.is_alphanumeric() || matches!(c, '£' | '€' | '$');
    text.chars().filter(counts).flat_map(char::to_lowercase).collect()
}
