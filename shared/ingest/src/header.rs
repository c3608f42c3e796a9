//! Finding a table in a sheet by its header words, wherever they stand.

mod grid;
mod headerless;
mod pivot;
mod unnamed;
mod words;
mod years;

use std::collections::BTreeMap;

use domain::Currency;
pub(crate) use grid::has_figures;
pub(crate) use words::measure_words;
pub(crate) use years::OpenYears;

use crate::{
    calendar::Time,
    cell::{Row, SHEET_COLUMNS},
    detect::Peek,
    measured,
    profile::{Role, Table},
    text,
};

/// A table found in a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) sheet: usize,
    pub(crate) sheet_name: Option<String>,
    /// Number of the row with the column headers; data begins below.
    pub(crate) header_row: u32,
    /// Number of the last row before the next table of the sheet.
    pub(crate) last_row: Option<u32>,
    pub(crate) columns: BTreeMap<Role, Column>,
    /// Columns of labels that are filled only where they change: folded header and column.
    pub(crate) labels: Vec<(String, u32)>,
    /// Groups of figures side by side; a flat table has one.
    pub(crate) groups: Vec<Group>,
    /// Columns further right that repeat one left of them, row by row.
    pub(crate) twins: Vec<(u32, u32)>,
    /// Roles whose header stands above several columns, and above how many.
    pub(crate) doubled: Vec<(Role, usize)>,
    /// Of a grid: columns under the same words, the first one and one that repeats it.
    pub(crate) copies: Vec<(u32, u32)>,
    /// Of several sheets that state different currencies: that of this one.
    pub(crate) currency: Option<Currency>,
    pub(crate) years: OpenYears,
    /// How rows of an item with one measure each are put together.
    pub(crate) measured: Option<measured::Rule>,
    /// The sheet has the name that the profile expects.
    pub(crate) named: bool,
    /// Every required column has the vendor's own word, not just one that means the same.
    pub(crate) own_words: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) index: u32,
    /// The header as printed.
    pub(crate) header: String,
}

/// The figures of one store, one period, or of the whole row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// `None` where the header names no store.
    pub(crate) store: Option<String>,
    /// The word over the store.
    pub(crate) above: Option<String>,
    /// When, where the header says it.
    pub(crate) time: Option<Time>,
    /// The words above the figures, as printed: `Flagship Actual`.
    pub(crate) title: String,
    /// Of a pivot: sums up the other groups.
    pub(crate) all_stores: bool,
    /// Of a grid: the groups that this one sums up.
    pub(crate) sums: Option<Sums>,
    pub(crate) quantity: Option<u32>,
    pub(crate) amount: Option<u32>,
}

/// Which groups a total column sums up: all of its kind, or those since the total before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub(crate) all: Vec<usize>,
    pub(crate) near: Vec<usize>,
}

/// Where a header stands, for what it leaves out itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) sheet_name: Option<&'a str>,
    pub(crate) file_name: &'a str,
    /// The year that a person stated.
    pub(crate) year: Option<i32>,
    /// Which of the columns with the same header a person said to count, the first being 1.
    pub(crate) nth: Option<usize>,
    /// All of them count.
    pub(crate) every: bool,
}

/// `total #2`: the second column with this header.
pub(crate) fn ordinal(word: &str) -> (&str, Option<usize>) {
    let numbered = word.rsplit_once(" #").and_then(|(word, nth)| Some((word, nth.parse().ok()?)));
    match numbered {
        Some((word, nth)) if (1..100).contains(&nth) => (word, Some(nth)),
        _ => (word, None),
    }
}

impl Group {
    /// The only group of a table whose rows have one quantity and one amount.
    fn flat(columns: &BTreeMap<Role, Column>) -> Vec<Self> {
        let column = |role| columns.get(&role).map(|column| column.index);
        vec![Self { quantity: column(Role::Quantity), amount: column(Role::Amount), ..Self::default() }]
    }
}

impl Found {
    pub(crate) fn column(&self, role: Role) -> Option<u32> {
        self.columns.get(&role).map(|column| column.index)
    }

    /// Whether a row belongs to the table.
    pub(crate) fn covers(&self, row: u32) -> bool {
        row > self.header_row && self.last_row.is_none_or(|last| row <= last)
    }

    /// The newest year that its header states.
    pub(crate) fn last_year(&self) -> Option<i32> {
        self.groups.iter().filter_map(|group| group.time?.year()).max()
    }

    /// Columns with figures of the groups.
    pub(crate) fn figure_columns(&self) -> impl Iterator<Item = u32> {
        self.groups.iter().flat_map(|group| group.quantity.into_iter().chain(group.amount))
    }
}

/// Looks for a table among the first rows of a sheet. Only a table whose header comes again is found more than once.
pub(crate) fn locate(table: &Table, sheet: usize, place: &Place<'_>, peek: &Peek) -> Vec<Found> {
    let rows = &peek.rows;
    let named =
        place.sheet_name.is_some_and(|name| table.sheets.iter().any(|pattern| is_named(pattern, name)));
    let mut found = match &table.grid {
        Some(grid) => grid::locate(table, grid, peek, place),
        None if !table.positions.is_empty() => headerless::locate(table, rows).into_iter().collect(),
        None => {
            let known = folded(table);
            best((0..rows.len()).filter_map(|index| by_words(table, &known, peek, index, place.nth)))
        }
    };
    found.retain_mut(|found| put_together(table, found, rows));
    for found in &mut found {
        (found.sheet, found.sheet_name, found.named) = (sheet, place.sheet_name.map(str::to_owned), named);
    }
    found
}

/// Finds out how the rows of items are put together, where each has one measure only; `false` when they are not there.
fn put_together(table: &Table, found: &mut Found, rows: &[Row]) -> bool {
    let stacked = table.grid.as_ref().is_some_and(|grid| grid.stacked);
    let at = rows.partition_point(|row| row.number < found.header_row);
    let figures = found.figure_columns().collect();
    let rule = match &table.measured {
        Some(measured) => {
            measured::Rule::of_column(measured, rows.get(at + 1..).unwrap_or_default(), &figures)
        }
        None if stacked => rows.get(at).and_then(|header| measured::Rule::of_blocks(table, found, header)),
        None => return true,
    };
    for group in &mut found.groups {
        group.quantity = group.quantity.or(group.amount);
        group.amount = group.quantity.map(|column| column + SHEET_COLUMNS);
    }
    if let Some(index) = rule.as_ref().and_then(measured::Rule::column) {
        found.columns.insert(Role::Measure, Column { index, header: String::new() });
    }
    found.measured = rule;
    found.measured.is_some()
}

/// The header that explains most columns, of equal ones the first.
fn best(all: impl Iterator<Item = Found>) -> Vec<Found> {
    let size = |found: &Found| found.columns.len() + found.groups.len();
    let best = all.reduce(|best, found| if size(&found) > size(&best) { found } else { best });
    best.into_iter().collect()
}

fn by_words(table: &Table, known: &Folded, peek: &Peek, index: usize, nth: Option<usize>) -> Option<Found> {
    let row = peek.rows.get(index)?;
    let mut found = match_row(table, known, row, peek.words.get(index)?, nth)?;
    if let Some(pivot) = &table.pivot {
        found.labels = pivot::label_columns(pivot, row);
        found.groups = pivot::groups(table, pivot, peek.rows.get(..index).unwrap_or_default(), row);
        found.doubled.clear();
        return Some(found).filter(|found| found.groups.iter().any(|group| !group.all_stores));
    }
    Some(found)
}

fn has_own_word(table: &Table, role: Role, columns: &BTreeMap<Role, Column>) -> bool {
    let own = table.columns.get(&role).and_then(|words| words.first());
    let printed = columns.get(&role).map(|column| text::compact(&column.header));
    own.is_some_and(|own| Some(text::compact(own)) == printed)
}

/// Whether a sheet has a name of the pattern: `*` stands for any characters, `#` for a digit. Case, blanks and
/// punctuation do not matter.
fn is_named(pattern: &str, name: &str) -> bool {
    let signs = |c: &char| c.is_alphanumeric() || matches!(c, '*' | '#');
    let pattern: Vec<char> = pattern.chars().filter(signs).flat_map(char::to_lowercase).collect();
    let name: Vec<char> = text::compact(name).chars().collect();
    matches(&pattern, &name)
}

fn matches(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), None) => matches(rest, name),
        (Some(('*', rest)), Some((_, shorter))) => matches(rest, name) || matches(pattern, shorter),
        (Some(('#', rest)), Some((digit, shorter))) => digit.is_ascii_digit() && matches(rest, shorter),
        (Some((sign, rest)), Some((letter, shorter))) => sign == letter && matches(rest, shorter),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Header words of a profile, folded once for all comparing, with the number of the column where several have them.
type Folded = Vec<(Role, Vec<(String, Option<usize>)>)>;

fn folded(table: &Table) -> Folded {
    let one = |word: &String| {
        let (word, nth) = ordinal(word);
        (text::compact(word), nth)
    };
    let fold = |words: &Vec<String>| words.iter().map(one).collect();
    table.columns.iter().map(|(role, words)| (*role, fold(words))).collect()
}

fn match_row(
    table: &Table,
    known: &Folded,
    row: &Row,
    printed: &[(u32, String)],
    told: Option<usize>,
) -> Option<Found> {
    if printed.len() < table.required.len() {
        return None;
    }
    let mut columns = BTreeMap::new();
    let mut doubled = Vec::new();
    for (role, words) in known {
        let places = words.iter().find_map(|(word, nth)| {
            let at: Vec<u32> =
                printed.iter().filter(|(_, other)| other == word).map(|(column, _)| *column).collect();
            (!at.is_empty()).then_some((at, *nth))
        });
        let Some((places, nth)) = places else { continue };
        let told = told.filter(|nth| *nth <= places.len());
        let Some(&index) = places.get(nth.or(told).unwrap_or(1).saturating_sub(1)) else { continue };
        if places.len() > 1 && nth.is_none() {
            doubled.push((*role, places.len()));
        }
        let header = text::squeezed(row.text(index).unwrap_or_default()).into_owned();
        columns.insert(*role, Column { index, header });
    }
    let complete = table.required.iter().all(|role| columns.contains_key(role));
    let own_words = table.required.iter().all(|role| has_own_word(table, *role, &columns));
    let groups = Group::flat(&columns);
    complete.then(|| Found {
        header_row: row.number,
        columns,
        groups,
        doubled,
        own_words,
        ..Found::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_may_have_changing_parts() {
        for (pattern, name, fits) in [
            ("Sales By Size", "sales by  SIZE", true),
            ("*ranking####", "product ranking_2026", true),
            ("*ranking####", "product ranking_2024-25", false),
            ("*ranking######", "product ranking_2024-25", true),
            ("#### ##", "2026 04", true),
            ("#### ##", "Sheet1", false),
            ("*", "", true),
        ] {
            assert_eq!(is_named(pattern, name), fits, "{pattern} {name}");
        }
    }
}
