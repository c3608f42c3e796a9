//! The header of a grid: one or several rows of words above the figures, a word holding until the next one.

mod groups;
mod identities;

use groups::grouped;
use identities::{all_text, identities, is_figure, numeric};
use std::collections::BTreeMap;

use super::{
    Column, Found, Group, Place,
    words::{Vocabulary, Word},
    years::{self, Years},
};
use crate::{
    calendar::{self, Time},
    cell::{Cell, Row},
    detect::Peek,
    profile::{Days, Grid, Measure, Role, Table},
    text,
};

/// Header rows above the lowest one.
const MAX_ROWS_ABOVE: usize = 4;
/// Blank rows may stand among them.
const MAX_LINES_ABOVE: u32 = 6;

/// A figure column on its way into a group.
struct Figure {
    column: u32,
    measure: Measure,
    time: Option<Time>,
    store: Option<String>,
    above: Option<String>,
    total: bool,
    title: String,
}

/// The header cells of a grid, from the top row to the lowest.
struct Band {
    levels: Vec<Words>,
    leaf: Words,
}

/// The words of a row by column.
type Words = BTreeMap<u32, Word>;

/// Looks for the header in every row; of a table with blocks all of them are returned.
pub(super) fn locate(table: &Table, grid: &Grid, peek: &Peek, place: &Place<'_>) -> Vec<Found> {
    let rows = &peek.rows;
    let vocabulary = Vocabulary::new(table, grid);
    let words = |row: &Row| -> Words {
        row.cells.iter().map(|(column, cell)| (*column, vocabulary.read(cell))).collect()
    };
    let headers: Vec<Option<Words>> =
        rows.iter().zip(&peek.has_figures).map(|(row, figures)| (!figures).then(|| words(row))).collect();
    let mut blocks: Vec<Found> = Vec::new();
    for index in 0..rows.len() {
        let before = blocks.last().filter(|_| grid.blocks);
        blocks.extend(at_row((table, grid), (rows.as_slice(), &headers), index, place, before));
    }
    if grid.blocks { blocks } else { super::best(blocks.into_iter()) }
}

/// Takes `rows[index]` for the lowest header row. `before` is the block above it, whose measures hold on.
fn at_row(
    (table, grid): (&Table, &Grid),
    (rows, headers): (&[Row], &[Option<Words>]),
    index: usize,
    place: &Place<'_>,
    before: Option<&Found>,
) -> Option<Found> {
    let row = rows.get(index)?;
    let band = Band::read(rows, headers, index)?;
    let below = rows.get(index + 1..)?;
    let first = band.first_figure(grid, below)?;
    let label_years = band.label_years();
    let figures = figures(grid, &band, first, below, before);
    let mut years = Years::of(
        &band.leaf,
        &band.levels,
        &figures_columns(&figures),
        years::of_titles(rows.get(..index).unwrap_or_default()),
        place,
    );
    let resolved: Vec<Figure> = figures
        .into_iter()
        .map(|figure| Figure { time: complete(figure.time, grid, figure.column, &mut years), ..figure })
        .collect();
    let wider: Vec<bool> = resolved.iter().map(|figure| holds_others(figure, &resolved)).collect();
    let resolved: Vec<Figure> = resolved
        .into_iter()
        .zip(wider)
        .map(|(figure, wider)| Figure { total: figure.total || wider, ..figure })
        .collect();
    if resolved.iter().any(|figure| grid.periods && !figure.total && figure.time.is_none()) {
        return None;
    }
    let (groups, copies) = grouped(table, &resolved, place);
    let (columns, twins) = identities(table, &band, first, &label_years, &groups, below);
    let has = |role: &Role| match role {
        // Of blocks below each other each has its own measure.
        Role::Quantity | Role::Amount if grid.stacked => !groups.is_empty(),
        Role::Quantity => groups.iter().any(|group| group.quantity.is_some()),
        Role::Amount => groups.iter().any(|group| group.amount.is_some()),
        role => columns.contains_key(role),
    };
    let complete = table.required.iter().all(has) && groups.iter().any(|group| group.sums.is_none());
    let own_words = has_own_words(table, &band, &columns);
    complete.then(|| Found {
        own_words,
        header_row: row.number,
        columns,
        groups,
        copies,
        twins,
        years: years.finish(),
        ..Found::default()
    })
}

/// Whether the vendor's own words stand over the figures and the columns that the table requires.
fn has_own_words(table: &Table, band: &Band, columns: &BTreeMap<Role, Column>) -> bool {
    let printed = |own: &str| {
        let words = band.levels.iter().chain([&band.leaf]).flat_map(BTreeMap::values);
        words.into_iter().any(|word| text::compact(&word.text).contains(&text::compact(own)))
    };
    table.required.iter().all(|role| match table.columns.get(role).and_then(|words| words.first()) {
        Some(own) if !table.unnamed.contains(role) => printed(own),
        // Without words it is told by what stands in it.
        _ => columns.get(role).is_none_or(|column| column.header.is_empty()) || table.unnamed.contains(role),
    })
}

/// Rows with figures are data, whatever words stand beside them. Years and months are none.
pub(crate) fn has_figures(row: &Row) -> bool {
    let is_number = |cell: &Cell| match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.starts_with(|c: char| c.is_ascii_digit()) && is_figure(cell),
        _ => false,
    };
    row.cells.iter().any(|(_, cell)| is_number(cell) && calendar::of_cell(cell).is_none())
}

impl Band {
    /// `None` where the row is none of a header.
    fn read(rows: &[Row], headers: &[Option<Words>], index: usize) -> Option<Self> {
        let leaf = headers.get(index)?.as_ref().filter(|leaf| leaf.len() > 1)?.clone();
        let number = rows.get(index)?.number;
        let above = rows.iter().zip(headers).take(index).rev().take(MAX_ROWS_ABOVE);
        let mut levels: Vec<Words> = above
            .take_while(|(row, _)| number - row.number <= MAX_LINES_ABOVE)
            .map_while(|(_, words)| words.clone())
            .collect();
        levels.reverse();
        Some(Self { levels, leaf })
    }

    /// A year beside months names its row, not a figure.
    fn label_years(&self) -> Vec<(u32, i32)> {
        let times = || self.leaf.values().filter(|word| word.time.is_some());
        if times().all(Word::is_year) {
            return Vec::new();
        }
        let years = self.leaf.iter().filter_map(|(column, word)| match word.time {
            Some(Time::Year(year)) if !word.total => Some((*column, year)),
            _ => None,
        });
        years.collect()
    }

    fn first_figure(&self, grid: &Grid, below: &[Row]) -> Option<u32> {
        let label_years = self.label_years();
        let is_label = |column: &u32| label_years.iter().any(|(label, _)| label == column);
        let said = |(column, word): &(&u32, &Word)| {
            !is_label(column) && (word.measure.is_some() || word.time.is_some() || word.total)
        };
        let by_word = self.leaf.iter().find(|entry| said(entry) && !entry.1.total);
        // Only names stand in the lowest row: stores, as far as figures stand below them.
        let by_name = || {
            let names = self.leaf.iter().filter(|(_, word)| word.name.is_some());
            let above = || self.levels.iter().flat_map(BTreeMap::values).any(|word| word.measure.is_some());
            let measured = grid.stores && (grid.measure.is_some() || above());
            names.into_iter().filter(|_| measured).find(|(column, _)| numeric(**column, below))
        };
        by_word.or_else(by_name).map(|(column, _)| *column)
    }

    /// The words over a column, from the top, each with the column it stands in. Titles of blocks side by side begin over the
    /// names at the left of each.
    fn path(&self, fills: &[BTreeMap<u32, (u32, Word)>], column: u32, first: u32) -> Vec<(u32, Word)> {
        let above = self.levels.iter().zip(fills).filter_map(|(level, fill)| {
            let (origin, word) = fill.get(&column)?.clone();
            let is_title = origin < first && self.is_titled(level, origin);
            Some((if is_title { first } else { origin }, word))
        });
        above.chain(self.leaf.get(&column).map(|word| (column, word.clone()))).collect()
    }

    /// Whether a level has a word over a column of names and over the one that repeats it further right.
    fn is_titled(&self, level: &Words, column: u32) -> bool {
        let role = self.leaf.get(&column).and_then(|word| word.role);
        role.is_some()
            && self
                .leaf
                .iter()
                .any(|(other, word)| *other > column && word.role == role && level.contains_key(other))
    }

    /// Every level with its words held on until the next one. A new word in a row above ends those below it, and
    /// behind a total nothing holds on.
    fn fills(&self) -> Vec<BTreeMap<u32, (u32, Word)>> {
        let all = self.levels.iter().chain([&self.leaf]).flat_map(BTreeMap::keys);
        let Some(last) = all.max().copied() else { return Vec::new() };
        let mut held: Vec<Option<(u32, Word)>> = vec![None; self.levels.len()];
        let mut fills = vec![BTreeMap::new(); self.levels.len()];
        for column in 0..=last {
            let mut ended = false;
            for (level, held) in self.levels.iter().zip(&mut held) {
                match level.get(&column) {
                    Some(word) => {
                        *held = Some((column, word.clone()));
                        ended = true;
                    }
                    None if ended => *held = None,
                    None => {}
                }
            }
            for (fill, held) in fills.iter_mut().zip(&held) {
                fill.extend(held.clone().map(|held| (column, held)));
            }
            if self.leaf.get(&column).is_some_and(|word| word.total) {
                held.fill(None);
            }
        }
        fills
    }
}

fn figures(grid: &Grid, band: &Band, first: u32, below: &[Row], before: Option<&Found>) -> Vec<Figure> {
    let label_years = band.label_years();
    let fills = band.fills();
    let last = band.leaf.keys().last().copied().unwrap_or(first);
    let mut figures = Vec::new();
    for column in first..=last {
        let Some(leaf) = band.leaf.get(&column) else { continue };
        let is_label = label_years.iter().any(|(label, _)| *label == column);
        let path = band.path(&fills, column, first);
        if is_label
            || leaf.role.is_some()
            || path.iter().any(|(origin, word)| *origin >= first && word.ignored)
        {
            continue;
        }
        figures.extend(figure(grid, column, first, &path, before).filter(|_| !all_text(column, below)));
    }
    figures
}

fn figure(
    grid: &Grid,
    column: u32,
    first: u32,
    path: &[(u32, Word)],
    before: Option<&Found>,
) -> Option<Figure> {
    let lowest = |pick: fn(&Word) -> Option<Measure>| path.iter().rev().find_map(|(_, word)| pick(word));
    let inherited = || before.and_then(|before| measure_of(before, column));
    let measure = lowest(|word| word.measure).or_else(inherited).or(grid.measure)?;
    let total = path.iter().any(|(origin, word)| *origin >= first && word.total);
    let mut names = path
        .iter()
        .filter(|(origin, _)| *origin >= first && grid.stores)
        .filter_map(|(_, word)| word.name.clone())
        .rev();
    let (store, above) = (names.next().filter(|_| !total || is_store_total(path, first)), names.next());
    let time = most_precise(path.iter().filter_map(|(_, word)| word.time));
    let in_view = grid.views.is_empty() || path.iter().any(|(_, word)| word.view);
    let placed = (store.is_some() || !grid.stores || total) && (time.is_some() || !grid.periods || total);
    // Without anything that tells columns apart every unknown word would be a figure.
    let leaf_counts = path.last().is_some_and(|(_, leaf)| {
        leaf.measure.is_some() || leaf.time.is_some() || leaf.total || leaf.view || grid.stores
    });
    let words: Vec<&str> =
        path.iter().filter(|(origin, _)| *origin >= first).map(|(_, word)| word.text.as_str()).collect();
    (placed && in_view && leaf_counts).then(|| Figure {
        column,
        measure,
        time,
        store,
        above,
        total,
        title: words.join(" "),
    })
}

/// A total below the name of a store sums up the store; a name that only holds on from its left does not count.
fn is_store_total(path: &[(u32, Word)], first: u32) -> bool {
    let total = path.iter().rev().find(|(_, word)| word.total).map(|(column, _)| *column);
    let name = path.iter().rev().find(|(column, word)| *column >= first && word.name.is_some());
    name.is_some_and(|(column, _)| total.is_some_and(|total| *column >= total))
}

/// What a column held in the block above.
fn measure_of(before: &Found, column: u32) -> Option<Measure> {
    let holds =
        |pick: fn(&Group) -> Option<u32>| before.groups.iter().any(|group| pick(group) == Some(column));
    match () {
        () if holds(|group| group.quantity) => Some(Measure::Quantity),
        () if holds(|group| group.amount) => Some(Measure::Amount),
        () => None,
    }
}

/// A month beside its year, a day rather than its month.
fn most_precise(times: impl Iterator<Item = Time>) -> Option<Time> {
    let times: Vec<Time> = times.collect();
    let year = times.iter().find_map(|time| match time {
        Time::Year(year) => Some(*year),
        _ => None,
    });
    let rank = |time: &Time| match time {
        Time::Day(_) => 4,
        Time::Span(_) => 3,
        Time::Month(_) => 2,
        Time::Week(_) => 3,
        Time::Quarter(_) => 1,
        Time::Year(_) => 0,
    };
    let time = times.iter().copied().max_by_key(rank)?;
    match time {
        Time::Month(_) | Time::Quarter(_) | Time::Week(_) => {
            Some(time.with_year(year).map_or(time, Time::Span))
        }
        _ => Some(time),
    }
}

/// A time with its year, and a day as the span it stands for. A year alone waits for the month of a row.
fn complete(time: Option<Time>, grid: &Grid, column: u32, years: &mut Years) -> Option<Time> {
    match time? {
        time @ (Time::Month(_) | Time::Quarter(_) | Time::Week(_)) => {
            Some(time.with_year(years.of_column(column)).map_or(time, Time::Span))
        }
        Time::Day(day) => years::span_of_day(day, grid.days.unwrap_or(Days::Month)).map(Time::Span),
        time => Some(time),
    }
}

/// A quarter beside its months is their sum.
fn holds_others(figure: &Figure, all: &[Figure]) -> bool {
    let within = |other: &Figure| {
        (other.measure, &other.store, &other.above) == (figure.measure, &figure.store, &figure.above)
            && !other.total
            && other.time != figure.time
            && figure.time.is_some_and(|time| time.contains(other.time))
    };
    !figure.total && figure.time.is_some_and(|time| !matches!(time, Time::Year(_))) && all.iter().any(within)
}

fn figures_columns(figures: &[Figure]) -> Vec<(u32, bool)> {
    figures.iter().map(|figure| (figure.column, figure.total)).collect()
}
