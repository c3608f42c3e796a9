//! Rows of all stores together, and rows that name no store beside others that do.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use rust_decimal::Decimal;

use super::{
    band::Column,
    filled_down,
    findings::{Choice, Findings},
    identity::Columns,
    sample::figure,
    sections::Rows,
};
use crate::{
    cell::{Row, address},
    doubt::Doubt,
    figures,
    number::Dialect,
    profile::{Role, Sections},
    text,
};

const PRODUCTS: [Role; 4] = [Role::Ean, Role::Sku, Role::Code, Role::Name];
/// What rows of a store may be sorted by before.
const OUTER: [Role; 9] = [
    Role::Date,
    Role::Year,
    Role::Month,
    Role::Period,
    Role::WeekEnding,
    Role::WeekStarting,
    Role::Country,
    Role::City,
    Role::Name,
];

/// What was found out about the stores of the rows.
pub(super) struct Stores {
    /// Words of all of them together; a blank one where rows without a store are sums.
    pub(super) all: Vec<String>,
    /// Rows may name none.
    pub(super) may_lack: bool,
}

pub(super) fn find(
    rows: &Rows<'_>,
    columns: &Columns<'_>,
    sections: Option<&Sections>,
    fill_down: &mut Vec<u32>,
    findings: &mut Findings<'_>,
) -> Stores {
    let mut all = all_stores(rows, columns, findings);
    let blanks = blanks(rows, columns, (sections, fill_down), findings);
    match blanks {
        Blanks::HoldOn(store) => fill_down.push(store),
        Blanks::Sums => all.push(String::new()),
        Blanks::No | Blanks::Unknown => {}
    }
    Stores { all, may_lack: blanks == Blanks::Unknown }
}

/// Names of all stores together beside those of single ones. Their rows are sums where they come to the others; else a
/// person says what they are.
fn all_stores(rows: &Rows<'_>, columns: &Columns<'_>, findings: &mut Findings<'_>) -> Vec<String> {
    let Some(store) = columns.get(&Role::Store) else { return Vec::new() };
    let all: Vec<String> =
        store.facts.distinct.iter().filter(|name| figures::is_of_all(name)).cloned().collect();
    let (Some(name), true) = (all.first(), all.len() < store.facts.distinct.len()) else { return Vec::new() };
    match findings.answer("stores") {
        Some("sums") => {
            findings.told("stores", "sums");
            all
        }
        Some(_) => Vec::new(),
        None if come_to_the_others(rows, store, &all) => {
            findings.found("stores", "sums", 0.95, format!("rows of \"{name}\" come to all others"));
            all
        }
        None => {
            let message = format!("Are rows of \"{name}\" the sums of the rows of the other stores?");
            let choices = vec![
                Choice::new("sums", "They are sums", "they are left out"),
                Choice::new("store", "They are sales of their own", "they are added"),
            ];
            findings.ask("stores", "rows_ambiguous", &message, None, choices);
            Vec::new()
        }
    }
}

/// Whether every column of figures says that some rows are the sum of all others.
fn come_to_the_others(rows: &Rows<'_>, store: &Column, all: &[String]) -> bool {
    let sum = |of_all: bool, (column, dialect): (u32, Dialect)| -> Decimal {
        let is_of_all = |row: &&Cow<'_, Row>| {
            row.text(store.index).is_some_and(|name| all.contains(&text::fold(&name))) == of_all
        };
        rows.data.iter().filter(is_of_all).filter_map(|row| figure(row.get(column)?, dialect)).sum()
    };
    let ties = |column: &(u32, Dialect)| figures::ties(sum(true, *column), sum(false, *column));
    !rows.cut_off && rows.figures.len() >= 2 && rows.figures.iter().all(ties)
}

/// What rows without a store are, where others name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// There are none, or something else says their store.
    No,
    /// Of the store above.
    HoldOn(u32),
    /// Sums of the rows that name a store.
    Sums,
    /// Sales of which nobody knows the store.
    Unknown,
}

/// A row with figures and a product.
struct Line<'r> {
    row: &'r Row,
    store: Option<String>,
}

/// Finds out what rows without a store are; asks where the rows do not prove it.
fn blanks(
    rows: &Rows<'_>,
    columns: &Columns<'_>,
    (sections, fill_down): (Option<&Sections>, &[u32]),
    findings: &mut Findings<'_>,
) -> Blanks {
    let Some(store) = columns.get(&Role::Store).filter(|store| !fill_down.contains(&store.index)) else {
        return Blanks::No;
    };
    if columns.contains_key(&Role::OrderId) || sections.is_some_and(|rule| rule.store.is_some()) {
        return Blanks::No;
    }
    let names = |row: &Row| {
        let says = |role: &Role| columns.get(role).is_some_and(|column| row.get(column.index).is_some());
        PRODUCTS.iter().any(says)
    };
    let data = filled_down::data(rows, columns, sections);
    let lines: Vec<Line<'_>> = data
        .into_iter()
        .filter(|row| names(row))
        .map(|row| Line { row, store: row.text(store.index).map(|store| text::fold(&store)) })
        .collect();
    let blank = lines.iter().filter(|line| line.store.is_none());
    let (Some(first), blank) = (blank.clone().next(), blank.count()) else { return Blanks::No };
    let evidence = format!("{blank} of {} rows", lines.len());
    match findings.answer(Doubt::BLANK_STORES) {
        Some(answer) => {
            findings.told(Doubt::BLANK_STORES, answer);
            match answer {
                "above" => Blanks::HoldOn(store.index),
                "sums" => Blanks::Sums,
                _ => Blanks::Unknown,
            }
        }
        None if !rows.cut_off && are_sums(&lines, rows, columns) => {
            let evidence = format!("{evidence} have no store and come to the others of their product");
            findings.found("stores", "sums", 0.95, evidence);
            Blanks::Sums
        }
        None if holds_on(&lines, columns, fill_down) => {
            let evidence = format!("{evidence} have none, and each store stands above its rows");
            findings.found("stores", &store.title, 0.9, evidence);
            Blanks::HoldOn(store.index)
        }
        None => {
            let doubt = Doubt::NoStore { cell: address(store.index, first.row.number) };
            findings.questions.push(doubt.question());
            Blanks::Unknown
        }
    }
}

/// Whether the rows without a store are, product by product, the sums of the rows that name one.
fn are_sums(lines: &[Line<'_>], rows: &Rows<'_>, columns: &Columns<'_>) -> bool {
    let Some(product) = PRODUCTS.iter().find_map(|role| columns.get(role)) else { return false };
    let mut sums: BTreeMap<String, ([Vec<Decimal>; 2], usize)> = BTreeMap::new();
    for line in lines {
        let name = line.row.text(product.index).unwrap_or_default().into_owned();
        let (pair, named) = sums.entry(name).or_default();
        let side = usize::from(line.store.is_none());
        *named += 1 - side;
        let Some(sums) = pair.get_mut(side) else { continue };
        sums.resize(rows.figures.len(), Decimal::ZERO);
        for (sum, (column, dialect)) in sums.iter_mut().zip(&rows.figures) {
            *sum += line.row.get(*column).and_then(|cell| figure(cell, *dialect)).unwrap_or_default();
        }
    }
    let ties = |([named, blank], _): &([Vec<Decimal>; 2], usize)| {
        named.len() == blank.len() && named.iter().zip(blank).all(|(one, other)| figures::ties(*one, *other))
    };
    // Two rows may be equal by chance.
    rows.figures.len() >= 2 && sums.values().any(|(_, named)| *named > 1) && sums.values().all(ties)
}

/// Whether the order of the rows proves that a store holds on until the next one: every store stands in one run, at the top
/// of it, within what the rows are sorted by before.
fn holds_on(lines: &[Line<'_>], columns: &Columns<'_>, fill_down: &[u32]) -> bool {
    let sparse = columns.values().map(|column| column.index).filter(|column| fill_down.contains(column));
    let times = OUTER.iter().filter_map(|role| columns.get(role)).map(|column| column.index);
    let outer: [Vec<u32>; 3] = [Vec::new(), sparse.collect(), times.collect()];
    outer.iter().any(|outer| in_runs(lines, columns, outer))
}

fn in_runs(lines: &[Line<'_>], columns: &Columns<'_>, outer: &[u32]) -> bool {
    let mut held: BTreeMap<u32, String> = BTreeMap::new();
    let (mut group, mut seen): (Option<Vec<String>>, BTreeSet<&str>) = (None, BTreeSet::new());
    let mut store = "";
    let mut known: BTreeSet<Vec<String>> = BTreeSet::new();
    // Runs, those with blanks, and whether a store was printed again within its run.
    let (mut runs, mut open, mut blank_runs, mut again) = (0usize, 0usize, 0usize, false);
    let mut behind_a_run = false;
    for line in lines {
        for column in outer {
            if let Some(text) = line.row.text(*column) {
                held.insert(*column, text.into_owned());
            }
        }
        let own: Vec<String> = outer.iter().map(|c| held.get(c).cloned().unwrap_or_default()).collect();
        let new_group = group.as_ref() != Some(&own);
        match &line.store {
            None if new_group => return false,
            None => open += 1,
            Some(name) if new_group || name != store => {
                if new_group {
                    seen.clear();
                }
                if !seen.insert(name) {
                    return false;
                }
                (behind_a_run, blank_runs) = (behind_a_run || open > 0, blank_runs + usize::from(open > 0));
                (runs, open, store) = (runs + 1, 0, name);
            }
            Some(_) => (again, open) = (true, 0),
        }
        group = Some(own);
        let named = columns.iter().filter(|(role, _)| !role.is_figure() && **role != Role::Store);
        let mut key: Vec<String> =
            named.map(|(_, column)| line.row.text(column.index).unwrap_or_default().into_owned()).collect();
        key.push(store.to_owned());
        key.extend(group.iter().flatten().cloned());
        // The same product twice in a store: the second one is rather another store's.
        if !known.insert(key) && line.store.is_none() {
            return false;
        }
    }
    (behind_a_run, blank_runs) = (behind_a_run || open > 0, blank_runs + usize::from(open > 0));
    // A blank before another row of the same store is of that store; one behind the last only where stores are never repeated.
    !behind_a_run || (!again && blank_runs * 2 > runs)
}
