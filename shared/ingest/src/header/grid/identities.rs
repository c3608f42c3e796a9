//! Columns of a grid that say what a row is about, and columns with figures.

use std::collections::BTreeMap;

use super::{
    super::{Column, unnamed},
    Band,
};
use crate::{
    cell::{Cell, Row},
    header::Group,
    number,
    profile::{Role, Table},
};

pub(super) type Identities = (BTreeMap<Role, Column>, Vec<(u32, u32)>);

/// Columns that say what a row is about: by their words, else by what stands in them. A block further right may
/// repeat them.
pub(super) fn identities(
    table: &Table,
    band: &Band,
    first: u32,
    label_years: &[(u32, i32)],
    groups: &[Group],
    below: &[Row],
) -> Identities {
    let mut columns: BTreeMap<Role, Column> = BTreeMap::new();
    let mut twins = Vec::new();
    for level in band.levels.iter().chain([&band.leaf]) {
        for (index, word) in level {
            let Some(role) = word.role else { continue };
            match columns.get(&role) {
                Some(column) if column.index != *index => twins.push((column.index, *index)),
                Some(_) => {}
                None => {
                    columns.insert(role, Column { index: *index, header: word.text.clone() });
                }
            }
        }
    }
    let taken: Vec<u32> = columns.values().map(|column| column.index).collect();
    let missing: Vec<Role> =
        table.unnamed.iter().filter(|role| !columns.contains_key(role)).copied().collect();
    let is_label = |column: &u32| label_years.iter().any(|(label, _)| label == column);
    let nameless =
        |column: &u32| !taken.contains(column) && (!band.leaf.contains_key(column) || is_label(column));
    let free: Vec<u32> = (0..first).filter(nameless).collect();
    let others: Vec<u32> =
        (0..first).filter(|column| !taken.contains(column) && !free.contains(column)).collect();
    let mut assigned = unnamed::assign(&missing, &free, below);
    let still: Vec<Role> =
        missing.iter().filter(|role| !assigned.iter().any(|(other, _)| other == *role)).copied().collect();
    assigned.extend(unnamed::assign(&still, &others, below));
    let figures = || groups.iter().flat_map(|group| group.quantity.into_iter().chain(group.amount));
    for (role, index) in assigned {
        let repeated = label_years
            .iter()
            .filter(|(column, _)| *column > index && figures().any(|figure| figure > *column));
        if is_label(&index) {
            twins.extend(repeated.map(|(column, _)| (index, *column)));
        }
        columns.insert(role, Column { index, header: String::new() });
    }
    (columns, twins)
}

/// Whether figures stand in a column.
pub(super) fn numeric(column: u32, rows: &[Row]) -> bool {
    rows.iter().filter_map(|row| row.get(column)).any(is_figure)
}

/// Words stand in the column and no figure: it is not one of figures.
pub(super) fn all_text(column: u32, rows: &[Row]) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.get(column)).peekable();
    cells.peek().is_some() && !cells.any(is_figure)
}

pub(super) fn is_figure(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => number::is_nothing(text) || number::is_number(text),
        Cell::Error(_) => true,
        Cell::Date(_) | Cell::Bool(_) => false,
    }
}
