//! Rows that name what the rows below them belong to: a store, a brand, a group; mostly with the sum of those rows.

mod bare;
mod times;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use bare::bare;
use chrono::Datelike;
use rust_decimal::Decimal;
use times::{OF_TIME, bare_times, has_time, is_time, with_years};

use super::{
    band::{Band, Column},
    findings::{Choice, Findings},
    identity::Columns,
    sample::{Sample, figure},
};
use crate::{
    cell::{Cell, Row},
    figures,
    number::Dialect,
    profile::{Role, Sections},
    text,
};

const MOST_LEVELS: usize = 3;
/// Rows that name sections for each row that they hold: groups within stores may have one row each.
const MOST_HEADS: usize = 2;
/// One sum may come out by chance.
const MIN_SUMS: usize = 2;

/// The rows of a table and its columns of figures.
pub(super) struct Rows<'r> {
    pub(super) data: Vec<Cow<'r, Row>>,
    pub(super) figures: Vec<(u32, Dialect)>,
    /// The sample is a part of the table only.
    pub(super) cut_off: bool,
}

/// A row on trial.
struct Line {
    /// Its name, if it may head a section.
    label: Option<String>,
    product: String,
    figures: Vec<Option<Decimal>>,
}

/// What became of the rows when they were read with so many levels.
#[derive(Default)]
struct Trial {
    tied: usize,
    untied: usize,
    /// Most rows that one section holds.
    longest: usize,
    /// By level: the sections in which each product stands, and how they are called.
    places: Vec<BTreeMap<String, BTreeSet<String>>>,
    names: Vec<BTreeSet<String>>,
}

struct Open {
    name: String,
    printed: Vec<Option<Decimal>>,
    sums: Vec<Decimal>,
    rows: usize,
}

impl Open {
    fn new(line: &Line, name: &str) -> Self {
        let sums = vec![Decimal::ZERO; line.figures.len()];
        Self { name: name.to_owned(), printed: line.figures.clone(), sums, rows: 0 }
    }

    fn is_complete(&self) -> bool {
        let mut pairs = self.printed.iter().zip(&self.sums);
        pairs.all(|(printed, sum)| figures::ties(printed.unwrap_or_default(), *sum))
    }
}

/// Finds the rule by which rows are sections; asks what they name where the rows do not tell.
pub(super) fn find(
    band: &Band,
    sample: &Sample,
    rows: &Rows<'_>,
    columns: &Columns<'_>,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    const PRODUCTS: [Role; 4] = [Role::Ean, Role::Sku, Role::Code, Role::Name];
    if rows.figures.is_empty() || columns.contains_key(&Role::OrderId) {
        return None;
    }
    for role in &PRODUCTS {
        let Some(column) = columns.get(role) else { continue };
        let lines = lines(rows, Some(column));
        if let Some(rule) = bare_times(&lines, *role, band, sample, columns, findings) {
            return Some(rule);
        }
        if let Some(rule) = headed(&lines, *role, rows, columns, findings) {
            return Some(rule);
        }
        if !columns.contains_key(&Role::Store)
            && let Some(rule) = bare(&lines, *role, band, sample, findings)
        {
            findings.found(
                "sections",
                "store",
                0.9,
                "names of their own above rows whose products come again",
            );
            return Some(rule);
        }
    }
    let [codes @ .., name] = &PRODUCTS;
    if codes.iter().any(|role| columns.contains_key(role)) || !columns.contains_key(name) {
        return None;
    }
    compact(&lines(rows, None), columns, findings)
}

/// Every row, with its name where it leaves the column of products blank.
fn lines(rows: &Rows<'_>, product: Option<&&Column>) -> Vec<Line> {
    let is_figure = |column: u32| rows.figures.iter().any(|(figure, _)| *figure == column);
    let line = |row: &Cow<'_, Row>| {
        let label = row.cells.iter().find_map(|(column, cell)| match cell {
            Cell::Text(text) if !is_figure(*column) => Some(text::fold(text)),
            // A cell that shows a month holds its first day.
            Cell::Date(day) if !is_figure(*column) && day.day() == 1 => Some(day.to_string()),
            _ => None,
        });
        let product = product.map(|column| row.text(column.index).unwrap_or_default().into_owned());
        let figures = rows.figures.iter().map(|(column, dialect)| figure(row.get(*column)?, *dialect));
        Line {
            label: label.filter(|_| product.as_ref().is_none_or(String::is_empty)),
            product: product.unwrap_or_default(),
            figures: figures.collect(),
        }
    };
    rows.data.iter().map(line).collect()
}

/// Rows without a product that come to the sum of the rows below or above them.
fn headed(
    lines: &[Line],
    blank: Role,
    rows: &Rows<'_>,
    columns: &Columns<'_>,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    let heads = lines.iter().filter(|line| line.is_head()).count();
    if heads == 0 || heads > MOST_HEADS * (lines.len() - heads) {
        return None;
    }
    if lines.first().is_some_and(Line::is_head) {
        let trials = (1..=MOST_LEVELS).map(|levels| (levels, trial(lines, levels, rows.cut_off)));
        let trials: Vec<(usize, Trial)> = trials.collect();
        let whole = trials.iter().find(|(_, trial)| trial.untied == 0 && trial.tied > 0);
        let partly = || trials.first().filter(|(_, trial)| trial.tied >= MIN_SUMS);
        let (levels, trial) = whole.or_else(partly)?;
        let rule = Sections { blank: vec![blank], levels: *levels, ..Sections::default() };
        let products = lines.iter().zip(&rows.data).filter(|(line, _)| !line.product.is_empty());
        let name_stores = |store: &&Column| products.clone().all(|(_, row)| row.get(store.index).is_some());
        if trial.untied == 0 && trial.time().is_none() && columns.get(&Role::Store).is_some_and(name_stores) {
            let evidence =
                format!("{} rows without a product are the sums of the rows below them", trial.tied);
            findings.found("sections", "group", 0.9, evidence);
            return Some(rule);
        }
        let heads = lines.iter().filter(|line| line.is_head()).filter_map(|line| line.label.clone());
        return named(rule, trial, &heads.collect::<Vec<_>>(), columns, findings);
    }
    let ties = sums_below(lines)?;
    let evidence = format!("{ties} rows without a product are the sums of the rows above them");
    findings.found("sections", "sums", 0.9, evidence);
    Some(Sections { blank: vec![blank], levels: 1, below: true, ..Sections::default() })
}

impl Line {
    fn is_head(&self) -> bool {
        self.label.is_some() && self.figures.iter().any(Option::is_some)
    }
}

/// Reads the lines as the engine will.
fn trial(lines: &[Line], levels: usize, cut_off: bool) -> Trial {
    let (places, names) = (vec![BTreeMap::new(); levels], vec![BTreeSet::new(); levels]);
    let mut trial = Trial { places, names, ..Trial::default() };
    let mut open: Vec<Open> = Vec::new();
    for line in lines {
        match &line.label {
            Some(name) if line.is_head() => {
                while open.last().is_some_and(Open::is_complete) || open.len() >= levels {
                    trial.close(open.pop());
                }
                if let Some(names) = trial.names.get_mut(open.len()) {
                    names.insert(name.clone());
                }
                open.push(Open::new(line, name));
            }
            _ => {
                for (level, section) in open.iter_mut().enumerate() {
                    section.rows += 1;
                    for (sum, value) in section.sums.iter_mut().zip(&line.figures) {
                        *sum += value.unwrap_or_default();
                    }
                    if let Some(places) = trial.places.get_mut(level).filter(|_| !line.product.is_empty()) {
                        places.entry(line.product.clone()).or_default().insert(section.name.clone());
                    }
                }
            }
        }
    }
    while let Some(last) = open.pop() {
        if !cut_off {
            trial.close(Some(last));
        }
    }
    trial
}

impl Trial {
    fn close(&mut self, section: Option<Open>) {
        let Some(section) = section else { return };
        self.longest = self.longest.max(section.rows);
        if section.is_complete() && section.rows > 0 { self.tied += 1 } else { self.untied += 1 }
    }

    /// The innermost level whose sections share products: stores do, brands and groups do not.
    fn store(&self) -> Option<usize> {
        let shared = |(level, products): (usize, &BTreeMap<String, BTreeSet<String>>)| {
            self.time() != Some(level) && products.values().any(|places| places.len() > 1)
        };
        self.places.iter().enumerate().rev().find(|entry| shared(*entry)).map(|(level, _)| level)
    }

    /// The level whose sections are all named after months, quarters or weeks.
    fn time(&self) -> Option<usize> {
        self.names.iter().position(|names| !names.is_empty() && names.iter().all(|name| is_time(name)))
    }
}

/// How many rows are the sum of those since the one before; `None` when one of them is not.
fn sums_below(lines: &[Line]) -> Option<usize> {
    let mut since = vec![Decimal::ZERO; lines.first()?.figures.len()];
    let (mut tied, mut rows) = (0, 0);
    for line in lines {
        if line.is_head() {
            let mut pairs = line.figures.iter().zip(&since);
            if rows == 0 || !pairs.all(|(printed, sum)| figures::ties(printed.unwrap_or_default(), *sum)) {
                return None;
            }
            tied += 1;
            rows = 0;
            since.fill(Decimal::ZERO);
        } else {
            rows += 1;
            for (sum, value) in since.iter_mut().zip(&line.figures) {
                *sum += value.unwrap_or_default();
            }
        }
    }
    (tied >= MIN_SUMS).then_some(tied)
}

/// What sections name: by the products that they share, by the header above them, or by asking.
fn named(
    rule: Sections,
    trial: &Trial,
    heads: &[String],
    columns: &Columns<'_>,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    let time = trial.time().filter(|_| !has_time(columns));
    let names = trial.names.iter().enumerate().filter(|(level, _)| Some(*level) != trial.time());
    let mixed = names.flat_map(|(_, names)| names).any(|name| is_time(name));
    let evidence = format!("{} rows without a product are the sums of the rows below them", trial.tied);
    if mixed {
        findings.ask("layout", "layout_unknown", OF_TIME, None, Vec::new());
        return Some(rule);
    }
    let rule = Sections { time, ..rule };
    let store = |level: usize| Some(Sections { store: Some(level), ..rule.clone() });
    if trial.time().is_some() && rule.levels == 1 {
        return with_years(rule, heads, evidence, findings);
    }
    match (findings.answer("sections"), trial.store()) {
        (Some("rows"), _) => {
            findings.told("sections", "rows");
            None
        }
        (Some(answer), level) => {
            findings.told("sections", answer);
            if answer == "store" { store(level.unwrap_or_default()) } else { Some(rule) }
        }
        (None, Some(level)) if trial.untied == 0 => {
            findings.found("sections", "store", 0.95, format!("{evidence}, and they share products"));
            store(level)
        }
        (None, None) if trial.untied == 0 && columns.contains_key(&Role::Store) => {
            // The column of stores is filled in these rows alone.
            let is_head = |word: &String| heads.contains(word);
            let of_stores =
                columns.get(&Role::Store).is_some_and(|column| column.facts.distinct.iter().all(is_head));
            findings.found("sections", if of_stores { "store" } else { "group" }, 0.9, evidence);
            if of_stores { store(0) } else { Some(rule) }
        }
        (None, _) => {
            ask(heads.get(..heads.len().min(3)).unwrap_or_default(), &evidence, findings);
            Some(rule)
        }
    }
}

fn ask(examples: &[String], evidence: &str, findings: &mut Findings<'_>) {
    let message = format!("What are the rows that name no product, for example {}?", examples.join(", "));
    let choices = vec![
        Choice::new("store", "Stores, with the sum of the rows below them", evidence),
        Choice::new("group", "Brands or groups, with the sum of the rows below them", evidence),
        Choice::new("rows", "Sales like the other rows", "they are added"),
    ];
    findings.ask("sections", "rows_ambiguous", &message, None, choices);
}

/// One column names stores and products: a row is a store where the sum before it is complete.
fn compact(lines: &[Line], columns: &Columns<'_>, findings: &mut Findings<'_>) -> Option<Sections> {
    let mut trial = Trial { places: vec![BTreeMap::new()], ..Trial::default() };
    let (mut open, mut heads): (Option<Open>, Vec<String>) = (None, Vec::new());
    for line in lines {
        let name = line.label.as_ref()?;
        match &mut open {
            Some(section) if !section.is_complete() => {
                section.rows += 1;
                for (sum, value) in section.sums.iter_mut().zip(&line.figures) {
                    *sum += value.unwrap_or_default();
                }
                if let Some(places) = trial.places.first_mut() {
                    places.entry(name.clone()).or_default().insert(section.name.clone());
                }
            }
            _ => {
                trial.close(open.take());
                open = Some(Open::new(line, name));
                heads.push(name.clone());
            }
        }
    }
    trial.close(open);
    let measures = lines.first()?.figures.len();
    let proven = trial.untied == 0
        && trial.tied >= MIN_SUMS
        && trial.longest >= 2
        && (measures > 1 || trial.store().is_some());
    let rule = Sections { levels: 1, ..Sections::default() };
    if proven { named(rule, &trial, &heads, columns, findings) } else { None }
}
