//! Columns without header words: what stands in them tells which is which.

use crate::{
    cell::{Cell, Row},
    figures,
    profile::Role,
};

/// Finds a column for every role, among the columns given. Codes are told by their shape, names by their letters.
pub(super) fn assign(roles: &[Role], columns: &[u32], rows: &[Row]) -> Vec<(Role, u32)> {
    let mut left: Vec<u32> = columns.to_vec();
    let mut assigned = Vec::new();
    let mut ordered: Vec<Role> = roles.to_vec();
    // The most distinct shape first.
    ordered.sort_by_key(|role| match role {
        Role::Ean => 0,
        Role::Code | Role::Sku | Role::Reference => 1,
        _ => 2,
    });
    for role in ordered {
        let scored = left.iter().map(|column| (score(role, *column, rows), *column));
        let best = scored
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, column)| (*score, std::cmp::Reverse(*column)));
        if let Some((_, column)) = best {
            left.retain(|other| *other != column);
            assigned.push((role, column));
        }
    }
    assigned
}

/// 0 where most cells have another shape.
fn score(role: Role, column: u32, rows: &[Row]) -> usize {
    let is_total = |cell: &&Cell| figures::total_of(&cell.text()).is_some();
    let cells: Vec<&Cell> =
        rows.iter().filter_map(|row| row.get(column)).filter(|cell| !is_total(cell)).collect();
    let fitting = cells.iter().filter(|cell| fits(role, cell)).count();
    if fitting * 2 <= cells.len() {
        return 0;
    }
    match role {
        Role::Ean | Role::Code | Role::Sku | Role::Reference => fitting,
        _ => cells.iter().map(|cell| letters(&cell.text())).sum(),
    }
}

fn fits(role: Role, cell: &Cell) -> bool {
    let text = cell.text();
    let text = text.trim();
    match role {
        Role::Ean => text.len() >= 12 && domain::normalise_ean(text).is_some(),
        Role::Code | Role::Sku | Role::Reference => {
            !text.contains(' ') && text.contains(|c: char| c.is_ascii_digit())
        }
        _ => matches!(cell, Cell::Text(_)) && letters(text) > 1,
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}
