//! Sums of items by label and store, against the totals that a report and its sibling sheets print.

use std::ops::ControlFlow;

use rust_decimal::Decimal;

use crate::{
    Refusal,
    accept::{Acceptor, Fault},
    cell::{Cell, Row},
    document::Document,
    figures,
    header::{Found, Group},
    survey::Reading,
    text,
};

/// Labels are kept with every item.
const LABEL_CHARS: usize = 100;

/// Quantity and amount of one group; `None` where the cell is blank.
pub(super) type Pair = [Option<Decimal>; 2];

/// An item with its labels and figures, kept for the totals.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) labels: Vec<Option<String>>,
    /// In the order of the groups.
    pub(super) figures: Vec<Pair>,
}

/// What the main table sums up to.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub(super) label_names: Vec<String>,
    pub(super) stores: Vec<Option<String>>,
    pub(super) all: Vec<Item>,
    /// Whether a total of everything was printed.
    pub(crate) has_grand_total: bool,
}

impl Items {
    /// Items that carry this label in any column; all of them for the empty label of a grand total.
    pub(super) fn labelled(&self, of: &str) -> Vec<&Item> {
        let carries =
            |item: &&Item| of.is_empty() || item.labels.iter().flatten().any(|label| text::fold(label) == of);
        self.all.iter().filter(carries).collect()
    }

    /// Items whose labels are these wherever both tables have a label column of the same name.
    fn matching(&self, labels: &[(String, Option<String>)]) -> Vec<&Item> {
        let agrees = |item: &&Item| {
            self.label_names.iter().zip(&item.labels).all(|(name, label)| {
                let other =
                    labels.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.as_deref());
                other.is_none_or(|other| label.as_deref().map(text::fold) == Some(text::fold(other)))
            })
        };
        self.all.iter().filter(agrees).collect()
    }
}

/// Compares a sheet that prints the sums of the main table by its labels.
pub(crate) fn check_sibling(
    document: &mut Document,
    found: &Found,
    reading: &Reading,
    items: &Items,
    acceptor: &mut Acceptor<'_>,
) -> Result<(), Refusal> {
    let mut labels = vec![None; found.labels.len()];
    document.rows(found.sheet, &mut |row| {
        if row.number <= found.header_row {
            return ControlFlow::Continue(());
        }
        let total = label(found, row);
        if total.is_none() {
            update_labels(found, row, &mut labels);
        }
        if has_figures(found, row)
            && let Ok(pairs) = read_pairs(found, reading, row)
        {
            let scope = match &total {
                Some(total) => items.labelled(&figures::total_of(total).unwrap_or_default()),
                None => {
                    let names = found.labels.iter().map(|(name, _)| name.clone());
                    items.matching(&names.zip(labels.iter().cloned()).collect::<Vec<_>>())
                }
            };
            let title = total.unwrap_or_else(|| labels.iter().flatten().last().cloned().unwrap_or_default());
            let actual = in_order_of(&found.groups, items, &scope);
            push_controls(acceptor, found, row.number, &title, &pairs, &actual);
        }
        ControlFlow::Continue(())
    })
}

/// Sums of the main table's groups for the groups of another table, matched by store.
fn in_order_of(groups: &[Group], items: &Items, scope: &[&Item]) -> Vec<Pair> {
    let index_of = |group: &Group| {
        items
            .stores
            .iter()
            .position(|store| store.as_deref().map(text::fold) == group.store.as_deref().map(text::fold))
    };
    let figures =
        |index: usize| scope.iter().filter_map(|item| item.figures.get(index)).copied().collect::<Vec<_>>();
    let mut sums: Vec<Pair> = groups
        .iter()
        .map(|group| index_of(group).map_or([None, None], |index| add(&figures(index))))
        .collect();
    let stores = sum_stores(groups, &sums);
    for (group, sum) in groups.iter().zip(&mut sums) {
        if group.all_stores {
            *sum = stores;
        }
    }
    sums
}

/// Sums of items in the order of the groups; the group of all stores is the sum of the stores.
pub(super) fn sum_items(items: &[&Item], groups: &[Group]) -> Vec<Pair> {
    let rows: Vec<Vec<Pair>> = items.iter().map(|item| item.figures.clone()).collect();
    let mut sums = sum(&rows, groups.len());
    let stores = sum_stores(groups, &sums);
    for (group, sum) in groups.iter().zip(&mut sums) {
        if group.all_stores {
            *sum = stores;
        }
    }
    sums
}

pub(super) fn sum(rows: &[Vec<Pair>], groups: usize) -> Vec<Pair> {
    let of_group = |index: usize| rows.iter().filter_map(|row| row.get(index)).copied().collect::<Vec<_>>();
    (0..groups).map(|index| add(&of_group(index))).collect()
}

pub(super) fn sum_stores(groups: &[Group], pairs: &[Pair]) -> Pair {
    let stores = groups.iter().zip(pairs).filter(|(group, _)| !group.all_stores).map(|(_, pair)| *pair);
    add(&stores.collect::<Vec<_>>())
}

/// Blank cells count nothing; only blanks give a blank.
fn add(pairs: &[Pair]) -> Pair {
    let column =
        |pick: fn(&Pair) -> Option<Decimal>| pairs.iter().filter_map(pick).reduce(|sum, value| sum + value);
    [column(|[quantity, _]| *quantity), column(|[_, amount]| *amount)]
}

/// Measure, column, expected and actual figure of a group, where it has such a column and the total is printed or
/// something was summed up.
pub(super) fn measures<'g>(
    group: &'g Group,
    expected: &'g Pair,
    actual: &'g Pair,
) -> impl Iterator<Item = (&'static str, u32, Decimal, Decimal)> + 'g {
    let columns = [("quantity", group.quantity), ("amount", group.amount)];
    columns.into_iter().zip(expected.iter().zip(actual)).filter_map(
        |((measure, column), (expected, actual))| {
            if expected.is_none() && actual.is_none() {
                return None;
            }
            Some((measure, column?, expected.unwrap_or_default(), actual.unwrap_or_default()))
        },
    )
}

pub(super) fn push_controls(
    acceptor: &mut Acceptor<'_>,
    found: &Found,
    row: u32,
    label: &str,
    expected: &[Pair],
    actual: &[Pair],
) {
    for (group, (expected, actual)) in found.groups.iter().zip(expected.iter().zip(actual)) {
        for (measure, column, expected, actual) in measures(group, expected, actual) {
            let name = format!("{label} / {} / {measure}", group.title);
            let control =
                figures::control(name, found.sheet_name.as_deref(), Some((column, row)), expected, actual);
            acceptor.control(control);
        }
    }
}

/// Reads the figures of a row, or the column of the first that cannot be read.
pub(super) fn read_pairs(found: &Found, reading: &Reading, row: &Row) -> Result<Vec<Pair>, (u32, Fault)> {
    let figure = |column: Option<u32>| match column {
        Some(column) => {
            figures::read(row, column, reading.dialect(found.sheet, column)).map_err(|fault| (column, fault))
        }
        None => Ok(None),
    };
    found.groups.iter().map(|group| Ok([figure(group.quantity)?, figure(group.amount)?])).collect()
}

pub(super) fn has_figures(found: &Found, row: &Row) -> bool {
    let columns = found.groups.iter().flat_map(|group| group.quantity.into_iter().chain(group.amount));
    columns.into_iter().any(|column| row.get(column).is_some())
}

/// The words of a total, which stand in any column left of the figures.
pub(super) fn label(found: &Found, row: &Row) -> Option<String> {
    let first_figure =
        found.groups.iter().flat_map(|group| group.quantity.into_iter().chain(group.amount)).min()?;
    row.cells.iter().take_while(|(column, _)| *column < first_figure).find_map(|(_, cell)| match cell {
        Cell::Text(text) => figures::total_of(text).map(|_| text.trim().to_owned()),
        _ => None,
    })
}

/// A label holds until the next one in its column.
pub(super) fn update_labels(found: &Found, row: &Row, labels: &mut [Option<String>]) {
    for ((_, column), label) in found.labels.iter().zip(labels) {
        if let Some(text) = row.text(*column) {
            *label = Some(text::shorten(&text, LABEL_CHARS));
        }
    }
}
