//! From a header row under trial to the words that a layout needs.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    Pattern, Trial, has_figures,
    words::{Said, Spoken},
};
use crate::{
    calendar::Time,
    cell::{Cell, Row},
    infer::{
        meaning::{self, Meaning},
        sample::{Facts, Sample},
    },
    profile::{Days, Measure},
    text,
};

/// Figures side by side, as the words above them tell them apart.
#[derive(Debug, Clone)]
pub(in crate::infer) struct Shape {
    /// Index of the lowest header row among the rows of the sample.
    pub(in crate::infer) header: usize,
    /// Columns left of the figures: place and header, which may be blank.
    pub(in crate::infer) labels: Vec<(u32, String)>,
    /// Words over pieces and over money.
    pub(in crate::infer) quantity: Vec<String>,
    pub(in crate::infer) amount: Vec<String>,
    pub(in crate::infer) periods: bool,
    pub(in crate::infer) weeks: bool,
    pub(in crate::infer) stores: bool,
    pub(in crate::infer) above: bool,
    pub(in crate::infer) views: Vec<String>,
    pub(in crate::infer) ignore: Vec<String>,
    pub(in crate::infer) days: Option<Days>,
    /// Days that may begin or end their weeks.
    pub(in crate::infer) days_in_doubt: bool,
    pub(in crate::infer) blocks: bool,
    /// Rows whose first cells are left out because they repeat those above.
    pub(in crate::infer) fill_down: Vec<u32>,
    /// Columns with figures, without totals.
    pub(in crate::infer) figures: Vec<u32>,
    /// What tells blocks of the same header apart.
    pub(in crate::infer) alike: Alike,
    /// Words over several figure columns that nobody knows.
    pub(in crate::infer) unknown: Vec<String>,
    /// Words over figures of what was taken back.
    pub(in crate::infer) returns: Vec<String>,
}

pub(super) fn shape(pattern: Pattern, trial: &Trial<'_>, sample: &Sample) -> Option<Shape> {
    let first = *trial.leaf.keys().next()?;
    // A measure may stand over the names of the rows and hold on over the figures.
    let over = |row: &std::collections::BTreeMap<u32, Said>| -> Vec<Said> {
        let holds = |said: &Said| matches!(said.spoken, Spoken::Measure(_)) && !said.total;
        let titled = |column: u32| is_titled(trial, row, column, sample);
        row.iter()
            .filter(|(column, said)| **column >= first || holds(said) || titled(**column))
            .map(|(_, said)| said.clone())
            .collect()
    };
    let above: Vec<Vec<Said>> = trial.above.iter().map(over).filter(|row| !row.is_empty()).collect();
    let leaf: Vec<Said> = trial.leaf.values().cloned().collect();
    let mut shape = Shape {
        header: trial.at,
        labels: labels(trial, first),
        quantity: Vec::new(),
        amount: Vec::new(),
        periods: false,
        weeks: trial.weeks,
        stores: false,
        above: false,
        views: Vec::new(),
        ignore: Vec::new(),
        days: None,
        days_in_doubt: false,
        blocks: false,
        fill_down: Vec::new(),
        figures: Vec::new(),
        alike: Alike::No,
        unknown: Vec::new(),
        returns: returns(trial),
    };
    let all: Vec<&Said> = above.iter().flatten().chain(&leaf).collect();
    words(&mut shape, pattern, &all);
    shape.periods = all.iter().any(|said| said.time.is_some());
    let leaf_names = matches!(pattern, Pattern::Names) || leaf_rests(pattern, &leaf);
    let named = |row: &Vec<Said>| row.iter().any(|said| said.spoken == Spoken::Name && !said.total);
    let levels = above.iter().filter(|row| named(row)).count();
    let leaf_over_times =
        pattern == Pattern::Times && leaf.iter().any(|said| said.spoken == Spoken::Name && !said.total);
    shape.stores = leaf_names || levels > 0;
    shape.above = levels + usize::from(leaf_names) >= 2;
    if leaf_over_times && levels == 0 {
        // Names beside the months are figures of something else.
        shape.stores = false;
        shape
            .ignore
            .extend(leaf.iter().filter(|s| s.spoken == Spoken::Name && !s.total).map(|s| s.text.clone()));
    }
    if !shape.periods && !shape.stores {
        return None;
    }
    if pattern == Pattern::Measures {
        shape.unknown = unknown(&leaf);
    }
    days(&mut shape, &all);
    shape.figures = figures(trial);
    shape.blocks = repeats(trial);
    if shape.blocks {
        blocks(&mut shape, trial, sample);
    }
    let data: Vec<&Row> = sample.rows.iter().skip(shape.header + 1).collect();
    shape.fill_down = filled_down(&shape.labels, &data);
    Some(shape)
}

/// Whether a row has a title over a column of names and over the one that repeats it further right.
fn is_titled(
    trial: &Trial<'_>,
    row: &std::collections::BTreeMap<u32, Said>,
    column: u32,
    sample: &Sample,
) -> bool {
    let Some(header) = sample.rows.get(trial.at) else { return false };
    let word = header.text(column).map(|word| text::fold(&word));
    word.is_some()
        && header.cells.iter().any(|(other, cell)| {
            *other > column
                && !trial.leaf.contains_key(other)
                && row.contains_key(other)
                && Some(text::fold(&cell.text())) == word
        })
}

/// Columns left of the figures with the word that heads them, wherever in the band it stands.
fn labels(trial: &Trial<'_>, first: u32) -> Vec<(u32, String)> {
    let below: BTreeSet<u32> = trial
        .below
        .iter()
        .take(super::ROWS_BELOW)
        .flat_map(|row| row.cells.iter().map(|(column, _)| *column))
        .filter(|column| *column < first)
        .collect();
    below.into_iter().map(|column| (column, String::new())).collect()
}

/// Names in the lowest row, beside or instead of measures.
fn leaf_rests(pattern: Pattern, leaf: &[Said]) -> bool {
    let rests = leaf.iter().filter_map(|said| said.split.as_ref());
    let named = |rest: &str| {
        let cell = Cell::Text(rest.to_owned());
        let said = super::words::said(&cell);
        said.spoken == Spoken::Name && !said.total
    };
    pattern == Pattern::SplitWords && rests.into_iter().any(|split| named(&split.rest))
}

/// Words of measures, of views and of what is left out.
fn words(shape: &mut Shape, pattern: Pattern, all: &[&Said]) {
    let push = |list: &mut Vec<String>, word: &str| {
        let word = text::fold(word);
        if !list.contains(&word) {
            list.push(word);
        }
    };
    let counted = |said: &&&Said| matches!(said.spoken, Spoken::Measure(Measure::Amount)) && !said.total;
    let has_incl = all.iter().filter(counted).any(|said| is_incl(&said.text));
    for said in all {
        match (said.spoken, &said.split) {
            _ if said.total => {}
            // Of net and gross beside each other the gross one counts.
            (Spoken::Measure(Measure::Amount), _) if has_incl && !is_incl(&said.text) => {
                push(&mut shape.ignore, &said.text);
            }
            (Spoken::Measure(Measure::Amount), _) => push(&mut shape.amount, &said.text),
            (Spoken::Measure(Measure::Quantity), _) => push(&mut shape.quantity, &said.text),
            (Spoken::View, _) => push(&mut shape.views, &said.text),
            (Spoken::Other, _) => push(&mut shape.ignore, &said.text),
            (_, Some(split)) if pattern == Pattern::SplitWords => match split.measure {
                Measure::Quantity => push(&mut shape.quantity, &split.word),
                Measure::Amount => push(&mut shape.amount, &split.word),
            },
            _ => {}
        }
    }
}

fn is_incl(header: &str) -> bool {
    let header = meaning::of_header(header);
    header.vat == Some(true) || header.meaning == Meaning::AmountIncl
}

/// Words of what was taken back that stand over figures, in the lowest row or over several columns.
fn returns(trial: &Trial<'_>) -> Vec<String> {
    let mut words = Vec::new();
    for level in trial.above.iter().chain([&trial.leaf]) {
        let ends = level.keys().skip(1).copied().chain([u32::MAX]);
        for ((from, said), to) in level.iter().zip(ends) {
            let to = if std::ptr::eq(level, &trial.leaf) { from + 1 } else { to };
            let sold = |row: &Row| {
                let figures = row.cells.iter().filter(|(column, _)| (*from..to).contains(column));
                figures.into_iter().any(|(_, cell)| super::words::figure(cell).is_some_and(|f| !f.is_zero()))
            };
            if meaning::is_of_returns(&said.text)
                && trial.below.iter().any(sold)
                && !words.contains(&said.text)
            {
                words.push(said.text.clone());
            }
        }
    }
    words
}

/// Columns with figures of their own.
fn figures(trial: &Trial<'_>) -> Vec<u32> {
    let own = trial.leaf.iter().filter(|(_, said)| !said.total && said.spoken != Spoken::Other);
    own.map(|(column, _)| *column).collect()
}

/// Words that come again over figures and are none of the known measures.
fn unknown(leaf: &[Said]) -> Vec<String> {
    let repeated = |said: &&Said| {
        let same = leaf.iter().filter(|other| other.folded == said.folded).count();
        said.spoken == Spoken::Name && !said.total && same >= 2
    };
    let words: BTreeSet<String> = leaf.iter().filter(repeated).map(|said| said.text.clone()).collect();
    words.into_iter().collect()
}

/// What days in the header stand for: first days of months, weeks, or themselves.
fn days(shape: &mut Shape, all: &[&Said]) {
    let days: Vec<NaiveDate> = all
        .iter()
        .filter_map(|said| match said.time {
            Some(Time::Day(day)) => Some(day),
            _ => None,
        })
        .collect();
    if days.is_empty() || days.iter().all(|day| day.day() == 1) {
        return;
    }
    let weekly = days.windows(2).all(|pair| match pair {
        [first, next] => *first == *next || (*next - *first).num_days() == 7,
        _ => true,
    });
    if !weekly {
        shape.days = Some(Days::Day);
        return;
    }
    match days.first().map(Datelike::weekday) {
        Some(Weekday::Mon) => shape.days = Some(Days::WeekStarting),
        _ => shape.days_in_doubt = true,
    }
}

/// The header comes again further down, for another block.
fn repeats(trial: &Trial<'_>) -> bool {
    let words =
        |row: &Row| -> Vec<String> { row.cells.iter().map(|(_, cell)| text::fold(&cell.text())).collect() };
    let own: BTreeSet<String> = trial.leaf.values().map(|said| said.folded.clone()).collect();
    trial.below.iter().any(|row| {
        !has_figures(row) && words(row).iter().filter(|word| own.contains(*word)).count() * 2 > own.len()
    })
}

/// Blocks with the same header one below the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::infer) enum Alike {
    No,
    /// The title of each says what it measures.
    Measures,
    /// They list the same names again, and nothing that is known says why.
    Unexplained,
}

/// What the titles of blocks say about blocks that have the same header.
fn blocks(shape: &mut Shape, trial: &Trial<'_>, sample: &Sample) {
    let Some(header) = sample.rows.get(trial.at) else { return };
    let words = |row: &Row| row.cells.iter().map(|(_, cell)| text::fold(&cell.text())).collect::<Vec<_>>();
    let title_of = |rows: &[Row]| match rows.last().map(|row| &row.cells[..]) {
        Some([(_, Cell::Text(title))]) => Some(title.clone()),
        _ => None,
    };
    let label =
        |row: &Row| shape.labels.iter().find_map(|(column, _)| row.text(*column)).map(|t| t.into_owned());
    let same: Vec<usize> = (0..sample.rows.len())
        .filter(|at| sample.rows.get(*at).is_some_and(|row| words(row) == words(header)))
        .collect();
    let ends = same.iter().skip(1).copied().chain([sample.rows.len()]);
    let blocks = same.iter().zip(ends).map(|(from, to)| {
        let title = title_of(sample.rows.get(..*from).unwrap_or_default());
        let rows = sample.rows.get(from + 1..to).unwrap_or_default();
        (title, rows.iter().filter(|row| row.cells.len() > 1).filter_map(label).collect::<BTreeSet<String>>())
    });
    let blocks: Vec<(Option<String>, BTreeSet<String>)> = blocks.collect();
    let [(first, names), rest @ ..] = &blocks[..] else { return };
    let again =
        |(_, other): &(Option<String>, BTreeSet<String>)| names.intersection(other).count() * 2 > names.len();
    if !rest.iter().any(again) {
        return;
    }
    let measure = |title: &Option<String>| title.as_deref().and_then(super::words::measure_in);
    let mut measures = vec![(measure(first), first.clone())];
    measures.extend(rest.iter().map(|(title, _)| (measure(title), title.clone())));
    let has = |wanted: Measure| measures.iter().filter(|(measure, _)| *measure == Some(wanted)).count() == 1;
    if measures.first().is_some_and(|(measure, _)| measure.is_some())
        && has(Measure::Quantity)
        && has(Measure::Amount)
    {
        (shape.alike, shape.blocks) = (Alike::Measures, false);
        let titled = |wanted: Measure| -> Vec<String> {
            let own = measures.iter().filter(|(measure, _)| *measure == Some(wanted));
            own.filter_map(|(_, title)| title.as_deref().map(text::fold)).collect()
        };
        (shape.quantity, shape.amount) = (titled(Measure::Quantity), titled(Measure::Amount));
    } else if !of_years(&blocks) {
        shape.alike = Alike::Unexplained;
    }
}

/// Whether the titles of blocks say that each is of a year of its own.
fn of_years(blocks: &[(Option<String>, BTreeSet<String>)]) -> bool {
    let years =
        blocks.iter().map(|(title, _)| title.as_deref().map(crate::calendar::years_in).unwrap_or_default());
    let years: Vec<Vec<i32>> = years.collect();
    let distinct: BTreeSet<&Vec<i32>> = years.iter().collect();
    distinct.len() == years.len() && years.iter().all(|years| !years.is_empty())
}

/// Columns whose cells stand only where they change, left of columns that are always filled.
fn filled_down(labels: &[(u32, String)], data: &[&Row]) -> Vec<u32> {
    let rows: Vec<&&Row> =
        data.iter().filter(|row| row.cells.len() >= 3 && !super::super::band::is_total(row)).collect();
    let facts = |column: u32| Facts::of(rows.iter().filter_map(move |row| row.get(column)));
    let Some((last, _)) = labels.last() else { return Vec::new() };
    let full = facts(*last).filled;
    let sparse = labels.iter().filter(|(column, _)| column != last).filter(|(column, _)| {
        let facts = facts(*column);
        facts.filled > 0
            && facts.filled * 2 <= full
            && facts.distinct.len() == facts.filled
            && rows.first().is_some_and(|row| row.get(*column).is_some())
    });
    sparse.map(|(column, _)| *column).collect()
}
