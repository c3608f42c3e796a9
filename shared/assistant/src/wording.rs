//! Answers in words: what was computed, and its first figures. A number in a sentence is a number of the result.

use domain::metrics::{Filter, Order};
use rust_decimal::Decimal;

use crate::{
    Knowledge, Plan, Shape,
    plan::{Bound, Direction},
    reading::noun,
    table::{Cell, Kind, Table},
};

/// Values of a filter that are named; of more only their number is.
const NAMED_MAX: usize = 6;
/// Rows that a sentence tells of.
const TOLD_MAX: usize = 3;

/// What is computed, in words.
#[must_use]
pub fn describe(plan: &Plan, knowledge: &Knowledge) -> String {
    let mut text = subject(plan, knowledge);
    for filter in &plan.analysis.filters {
        let values = values(filter, knowledge);
        let only = if filter.excluded { "without" } else { "for" };
        text.push_str(&format!(", {only} {} {values}", noun(filter.dimension)));
    }
    for having in &plan.having {
        let bound = match having.bound {
            Bound::Above => "above",
            Bound::AtLeast => "of at least",
            Bound::Below => "below",
            Bound::AtMost => "of at most",
        };
        let title = having.metric.definition().title.to_lowercase();
        text.push_str(&format!(", where {title} is {bound} {}", having.value.normalize()));
    }
    text.push_str(&days(plan));
    text
}

fn subject(plan: &Plan, knowledge: &Knowledge) -> String {
    let by: Vec<&str> = plan.analysis.by.iter().map(|dimension| noun(*dimension)).collect();
    let titles: Vec<&str> = plan.analysis.metrics.iter().map(|metric| metric.definition().title).collect();
    let figures = titles.join(" and ");
    let groups = if by.is_empty() { String::new() } else { format!(" by {}", by.join(" and ")) };
    let first = by.first().copied().unwrap_or("month");
    let last = by.last().copied().unwrap_or("group");
    match &plan.shape {
        Shape::Figures => format!("{figures}{groups}{}", ranking(plan)),
        Shape::Share => format!("{figures}{groups} and its share of the whole{}", ranking(plan)),
        Shape::PartOf { of } => {
            let parts: Vec<String> = of
                .iter()
                .map(|filter| format!("{} {}", noun(filter.dimension), values(filter, knowledge)))
                .collect();
            format!("The share of {} in {figures}{groups}", parts.join(" and "))
        }
        Shape::Compare { named, .. } => format!("{figures}{groups}, compared with {named}"),
        Shape::Movers { named, direction, .. } => {
            let went = match direction {
                Direction::Up => "rose",
                Direction::Down => "fell",
                Direction::Either => "changed",
            };
            format!("{figures}{groups} where it {went} against {named}, biggest step first")
        }
        Shape::Growth => format!("{figures}{groups} and its change from {first} to {first}"),
        Shape::Average => {
            let outer = &by[..by.len().saturating_sub(1)];
            let groups =
                if outer.is_empty() { String::new() } else { format!(" for each {}", outer.join(" and ")) };
            format!(
                "The average of {} per {last} with sales{groups}",
                titles.first().copied().unwrap_or_default()
            )
        }
        Shape::BestPer { keep } => {
            let outer = by[..by.len().saturating_sub(1)].join(" and ");
            let end = if matches!(plan.analysis.order, Order::Lowest(_)) { "lowest" } else { "highest" };
            format!("The {keep} {last} with the {end} {figures} for each {outer}")
        }
        Shape::Count => {
            let outer = by[..by.len().saturating_sub(1)].join(" and ");
            let each = if outer.is_empty() { outer } else { format!(" for each {outer}") };
            format!("The number of different {last} values with sales{each}")
        }
        Shape::List => format!("Every {last} with sales"),
        Shape::FirstSale if by.is_empty() => "The first sale".to_owned(),
        Shape::FirstSale if plan.days.is_some() => {
            format!("Every {last} that sold for the first time in the days named")
        }
        Shape::FirstSale => format!("The first sale of each {last}"),
        Shape::LastSale if by.is_empty() => "The last sale".to_owned(),
        Shape::LastSale => format!("The last sale of each {last}"),
        Shape::NotSold => format!("Every {last} that sold before but not in the days named"),
        Shape::Volatility => format!("How the price of a piece varies, by {last}"),
        Shape::Pareto => format!("{figures}{groups}, highest first, with the running share of the whole"),
        Shape::Seasonality => format!("The mean {figures} of each month of the year"),
        Shape::Forecast => format!("A forecast of {figures}{groups}"),
        Shape::Anomalies => format!("Unusual {figures}{groups}"),
    }
}

fn ranking(plan: &Plan) -> String {
    let (end, metric) = match plan.analysis.order {
        Order::Highest(metric) => ("highest", metric),
        Order::Lowest(metric) => ("lowest", metric),
        Order::Group => return String::new(),
    };
    let title = metric.definition().title.to_lowercase();
    match plan.analysis.limit {
        Some(limit) => format!(", the {limit} {end} by {title}"),
        None => format!(", {end} first"),
    }
}

fn values(filter: &Filter, knowledge: &Knowledge) -> String {
    let named: Vec<String> = filter
        .values
        .iter()
        .map(|value| {
            value.as_deref().map_or("unknown".to_owned(), |value| knowledge.label(filter.dimension, value))
        })
        .collect();
    let mut distinct = named.clone();
    distinct.dedup();
    if distinct.len() > NAMED_MAX { format!("({} values)", distinct.len()) } else { distinct.join(", ") }
}

fn days(plan: &Plan) -> String {
    let asked = &plan.analysis;
    let label = plan.days.as_deref().unwrap_or_default();
    let dates = match (asked.from, asked.to) {
        (None, None) => return ", of everything that is booked".to_owned(),
        (Some(from), Some(to)) if from == to => from.to_string(),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
    };
    if label.is_empty() || label == dates { format!(", {dates}") } else { format!(", {label} ({dates})") }
}

/// The answer: what was computed, then what came out.
#[must_use]
pub fn sentence(plan: &Plan, table: &Table, knowledge: &Knowledge) -> String {
    let mut text = describe(plan, knowledge);
    match &table.rows[..] {
        [] => text.push_str(": nothing is booked that fits."),
        [row]
            if plan.analysis.by.is_empty()
                || matches!(plan.shape, Shape::Count) && plan.analysis.by.len() < 2 =>
        {
            text.push_str(&format!(": {}.", figures(table, row)));
        }
        rows if matches!(plan.shape, Shape::List) => {
            let names: Vec<String> = rows.iter().map(|row| name(table, row)).collect();
            text.push_str(&format!(": {}.", names.join(", ")));
        }
        rows => {
            let told: Vec<String> = rows
                .iter()
                .take(TOLD_MAX)
                .map(|row| format!("{}: {}", name(table, row), figures(table, row)))
                .collect();
            let more = if rows.len() > TOLD_MAX { " …" } else { "" };
            text.push_str(&format!(". {}.{more}", told.join("; ")));
        }
    }
    if table.rows.iter().take(TOLD_MAX).any(|row| table.lacks(row)) {
        for why in &table.reasons {
            text.push(' ');
            text.push_str(why.message());
        }
    }
    for note in &plan.notes {
        text.push(' ');
        text.push_str(note);
    }
    text
}

/// What a row is about: of several names of one thing the one that people use.
fn name(table: &Table, row: &[Cell]) -> String {
    let mut names: Vec<(&str, String)> = Vec::new();
    for (column, cell) in table.columns.iter().zip(row) {
        let text = match cell {
            Cell::Text(text) if column.kind != Kind::Decimal && !column.name.ends_with("_sale") => {
                text.clone()
            }
            Cell::Nothing if column.kind != Kind::Decimal && !column.name.contains('_') => {
                "unknown".to_owned()
            }
            _ => continue,
        };
        let thing = column.name.split('_').next().unwrap_or_default();
        match names.last_mut() {
            Some((known, name)) if *known == thing && column.name.ends_with("_name") => *name = text,
            Some((known, name)) if *known == thing && column.name.ends_with("_sku") => *name = text,
            _ => names.push((thing, text)),
        }
    }
    names.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ")
}

fn figures(table: &Table, row: &[Cell]) -> String {
    let told = table.columns.iter().zip(row).filter_map(|(column, cell)| {
        let value = match cell {
            Cell::Number(number) => plain(*number, column.unit),
            Cell::Nothing if column.kind == Kind::Decimal => "not known".to_owned(),
            Cell::Text(text) if column.name.ends_with("_sale") => text.clone(),
            _ => return None,
        };
        Some((column.name.as_str(), value))
    });
    let told: Vec<(&str, String)> = told.collect();
    match &told[..] {
        [(_, value)] => value.clone(),
        several => {
            let said = |(name, value): &(&str, String)| {
                format!("{} {value}", name.trim_end_matches("_eur").replace('_', " "))
            };
            several.iter().map(said).collect::<Vec<_>>().join(", ")
        }
    }
}

fn plain(number: Decimal, unit: Option<&str>) -> String {
    match unit {
        Some("EUR") => format!("EUR {number}"),
        Some("percent") => format!("{number} %"),
        Some("pieces") => format!("{number} pieces"),
        Some("orders") => format!("{number} orders"),
        _ => number.to_string(),
    }
}
