//! Finding a table in a sheet by its header words, wherever they stand.

use std::collections::BTreeMap;

use crate::{
    cell::{Cell, Row, column_letters},
    date::{self, Order},
    number::{self, Dialect},
    profile::{Pivot, Role, Table},
    text,
};

/// A table found in a sheet.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) sheet: usize,
    pub(crate) sheet_name: Option<String>,
    /// Number of the row with the column headers; data begins below.
    pub(crate) header_row: u32,
    pub(crate) columns: BTreeMap<Role, Column>,
    /// Columns of labels that are filled only where they change: folded header and column.
    pub(crate) labels: Vec<(String, u32)>,
    /// Groups of figures side by side; empty for a flat table.
    pub(crate) groups: Vec<Group>,
    /// Roles whose header stands above two columns.
    pub(crate) doubled: Vec<Role>,
    /// The sheet has the name that the profile expects.
    pub(crate) named: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) index: u32,
    /// The header as printed.
    pub(crate) header: String,
}

/// The figures of one store.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// `None` where the header names no store.
    pub(crate) store: Option<String>,
    /// The words above the figures, as printed: `Flagship Actual`.
    pub(crate) title: String,
    /// Sums up the other groups.
    pub(crate) all_stores: bool,
    pub(crate) quantity: Option<u32>,
    pub(crate) amount: Option<u32>,
}

impl Found {
    pub(crate) fn column(&self, role: Role) -> Option<u32> {
        self.columns.get(&role).map(|column| column.index)
    }
}

/// Looks for the header row of a table among the first rows of a sheet.
pub(crate) fn locate(table: &Table, sheet: usize, sheet_name: Option<&str>, rows: &[Row]) -> Option<Found> {
    let named = sheet_name.is_some_and(|name| {
        table.sheets.iter().any(|expected| text::compact(expected) == text::compact(name))
    });
    if !table.positions.is_empty() {
        return headerless(table, rows).map(|found| Found {
            sheet,
            sheet_name: sheet_name.map(str::to_owned),
            named,
            ..found
        });
    }
    let mut best: Option<Found> = None;
    for (index, row) in rows.iter().enumerate() {
        let Some(mut found) = match_row(table, row) else { continue };
        if let Some(pivot) = &table.pivot {
            found.labels = label_columns(pivot, row);
            found.groups = groups(table, pivot, rows.get(..index).unwrap_or_default(), row);
            if !found.groups.iter().any(|group| !group.all_stores) {
                continue;
            }
        }
        if best.as_ref().is_none_or(|best| found.columns.len() > best.columns.len()) {
            (found.sheet, found.sheet_name, found.named) = (sheet, sheet_name.map(str::to_owned), named);
            best = Some(found);
        }
    }
    best
}

/// A table without headers is told by its columns alone: figures and dates must stand where they are expected.
fn headerless(table: &Table, rows: &[Row]) -> Option<Found> {
    let fits = |row: &&Row| {
        table.required.iter().all(|role| {
            let cell = table.positions.get(role).and_then(|column| row.get(*column));
            cell.is_some_and(|cell| match role {
                role if role.is_figure() => is_number(cell),
                Role::Date => is_date(cell),
                Role::Ean => domain::normalise_ean(&cell.text()).is_some(),
                _ => true,
            })
        })
    };
    let fitting = rows.iter().filter(fits).count();
    let first = rows.iter().find(|row| fits(row))?;
    // A total and some notes may stand among the rows.
    if fitting * 10 < rows.len() * 8 {
        return None;
    }
    let column = |(role, index): (&Role, &u32)| {
        (*role, Column { index: *index, header: format!("column {}", column_letters(*index)) })
    };
    Some(Found {
        sheet: 0,
        sheet_name: None,
        header_row: first.number.saturating_sub(1),
        columns: table.positions.iter().map(column).collect(),
        labels: Vec::new(),
        groups: Vec::new(),
        doubled: Vec::new(),
        named: false,
    })
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => {
            [Dialect::Point, Dialect::Comma].iter().any(|d| matches!(number::parse(text, *d), Ok(Some(_))))
        }
        Cell::Date(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

fn is_date(cell: &Cell) -> bool {
    match cell {
        Cell::Date(_) => true,
        Cell::Text(text) => {
            [Order::DayFirst, Order::MonthFirst].iter().any(|order| date::parse(text, *order).is_some())
        }
        Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

fn match_row(table: &Table, row: &Row) -> Option<Found> {
    let mut by_word: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (column, cell) in &row.cells {
        if let Cell::Text(header) = cell {
            by_word.entry(text::compact(header)).or_default().push(*column);
        }
    }
    let mut columns = BTreeMap::new();
    let mut doubled = Vec::new();
    for (role, words) in &table.columns {
        let hit = words.iter().find_map(|word| by_word.get(&text::compact(word)));
        let Some(&index) = hit.and_then(|hit| hit.first()) else { continue };
        if hit.is_some_and(|hit| hit.len() > 1) {
            doubled.push(*role);
        }
        let header = row.text(index).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        columns.insert(*role, Column { index, header });
    }
    let complete = table.required.iter().all(|role| columns.contains_key(role));
    complete.then(|| Found {
        sheet: 0,
        sheet_name: None,
        header_row: row.number,
        columns,
        labels: Vec::new(),
        groups: Vec::new(),
        doubled,
        named: false,
    })
}

fn label_columns(pivot: &Pivot, header: &Row) -> Vec<(String, u32)> {
    let is_label = |word: &str| pivot.labels.iter().any(|label| text::compact(label) == word);
    let texts = header.cells.iter().filter_map(|(column, cell)| match cell {
        Cell::Text(header) => Some((text::compact(header), *column)),
        _ => None,
    });
    texts.filter(|(word, _)| is_label(word)).collect()
}

/// Columns with figures, grouped by the words above them. A word holds until the next one in its row; a new word
/// in the row above ends it too.
fn groups(table: &Table, pivot: &Pivot, above: &[Row], header: &Row) -> Vec<Group> {
    let role_of = |cell: &Cell| {
        let word = text::compact(&cell.text());
        [Role::Quantity, Role::Amount].into_iter().find(|role| {
            table.columns.get(role).is_some_and(|words| words.iter().any(|w| text::compact(w) == word))
        })
    };
    let figures: Vec<(u32, Role)> =
        header.cells.iter().filter_map(|(column, cell)| Some((*column, role_of(cell)?))).collect();
    let Some(first) = figures.first().map(|(column, _)| *column) else { return Vec::new() };
    let last = figures.last().map_or(first, |(column, _)| *column);
    let paths = paths(above, first, last);
    let is = |words: &[String], word: &str| words.iter().any(|w| text::fold(w) == text::fold(word));

    let mut groups: Vec<Group> = Vec::new();
    for (column, role) in figures {
        let path = paths.get((column - first) as usize).cloned().unwrap_or_default();
        if !path.iter().any(|word| is(&pivot.views, word)) {
            continue;
        }
        let title = path.join(" ");
        let mut stores = path.into_iter().filter(|word| !is(&pivot.views, word));
        let (store, another) = (stores.next(), stores.next());
        if another.is_some() {
            continue;
        }
        let slot = |group: &Group| if role == Role::Quantity { group.quantity } else { group.amount };
        let group = match groups.iter_mut().find(|g| g.title == title && slot(g).is_none()) {
            Some(group) => group,
            None => {
                let all_stores = store.as_deref().is_some_and(|store| is(&pivot.all_stores, store));
                groups.push(Group { store, title, all_stores, quantity: None, amount: None });
                let Some(group) = groups.last_mut() else { continue };
                group
            }
        };
        match role {
            Role::Quantity => group.quantity = Some(column),
            _ => group.amount = Some(column),
        }
    }
    groups
}

/// The words above each column from `first` to `last`, out of the two nearest rows that have words there.
fn paths(above: &[Row], first: u32, last: u32) -> Vec<Vec<String>> {
    let in_span = |column: u32| (first..=last).contains(&column);
    let has_words = |row: &&Row| row.cells.iter().any(|(column, _)| in_span(*column));
    let mut band: Vec<&Row> = above.iter().rev().filter(has_words).take(2).collect();
    band.reverse();
    let mut current: Vec<Option<String>> = vec![None; band.len()];
    let mut paths = Vec::new();
    for column in first..=last {
        let mut ended = false;
        for (level, row) in band.iter().enumerate() {
            let Some(held) = current.get_mut(level) else { continue };
            let word = row.text(column).map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "));
            match word {
                Some(word) => {
                    *held = Some(word);
                    ended = true;
                }
                None if ended => *held = None,
                None => {}
            }
        }
        paths.push(current.iter().flatten().cloned().collect());
    }
    paths
}
