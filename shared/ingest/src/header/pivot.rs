//! The header of a pivot: stores over views over measures.

use super::Group;
use crate::{
    cell::{Cell, Row},
    profile::{Pivot, Role, Table},
    text,
};

pub(super) fn label_columns(pivot: &Pivot, header: &Row) -> Vec<(String, u32)> {
    let is_label = |word: &str| pivot.labels.iter().any(|label| text::compact(label) == word);
    let texts = header.cells.iter().filter_map(|(column, cell)| match cell {
        Cell::Text(header) => Some((text::compact(header), *column)),
        _ => None,
    });
    texts.filter(|(word, _)| is_label(word)).collect()
}

/// Columns with figures, grouped by the words above them. A word holds until the next one in its row; a new word
/// in the row above ends it too.
pub(super) fn groups(table: &Table, pivot: &Pivot, above: &[Row], header: &Row) -> Vec<Group> {
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
                groups.push(Group { store, title, all_stores, ..Group::default() });
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
            let word = row.text(column).map(|word| text::squeezed(word).into_owned());
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
