//! Which columns say what was sold, where, when and in which order.

use std::collections::{BTreeMap, HashMap};

use domain::Period;

use super::{
    band::{Band, Column},
    findings::{Choice, Findings},
    meaning::Meaning,
    sample::{Sample, day},
};
use crate::{
    cell::Row,
    date::Order,
    profile::{PeriodSource, Role},
    span, text,
};

/// Columns by role.
pub(super) type Columns<'b> = BTreeMap<Role, &'b Column>;

/// Assigns the columns that name things; figures come later.
pub(super) fn assign<'b>(band: &'b Band, sample: &Sample, findings: &mut Findings<'_>) -> Columns<'b> {
    let mut columns = Columns::new();
    let data = band.data(sample);
    if let Some(ean) = ean(band) {
        let confidence = if ean.facts.mostly(ean.facts.eans, 95) { 1.0 } else { 0.8 };
        let evidence = format!("{} of {} cells have a valid check digit", ean.facts.eans, ean.facts.filled);
        findings.found("ean", &ean.title, confidence, evidence);
        columns.insert(Role::Ean, ean);
    }
    let taken =
        |columns: &Columns<'_>, column: &Column| columns.values().any(|other| other.index == column.index);
    for (role, meaning) in [
        (Role::Sku, Meaning::Sku),
        (Role::Code, Meaning::Code),
        (Role::OrderId, Meaning::OrderId),
        (Role::Country, Meaning::Country),
        (Role::City, Meaning::City),
    ] {
        let found = best(band, meaning, |column| column.facts.filled > 0 && !taken(&columns, column));
        if let Some(column) = found {
            header_clue(findings, name_of(role), column);
            columns.insert(role, column);
        }
    }
    if let Some(column) = name(band, &columns, &data) {
        header_clue(findings, "name", column);
        columns.insert(Role::Name, column);
    }
    if !columns.contains_key(&Role::OrderId)
        && let Some(column) = band.having(Meaning::Name).find(|column| is_order_number(column))
    {
        columns.insert(Role::OrderId, column);
    }
    if columns.contains_key(&Role::OrderId)
        && let Some(column) = buyer(band).filter(|column| !taken(&columns, column))
    {
        columns.insert(Role::Buyer, column);
    }
    let has_texts = |column: &Column| column.facts.filled > 0;
    let store = best(band, Meaning::Store, has_texts)
        .or_else(|| best(band, Meaning::StoreCode, has_texts))
        .or_else(|| best(band, Meaning::Channel, has_texts));
    if let Some(column) = store {
        header_clue(findings, "store", column);
        columns.insert(Role::Store, column);
    } else if let Some(column) = repeating(band, &columns) {
        findings.found("store", &column.title, 0.7, "names that repeat, left of the product");
        columns.insert(Role::Store, column);
    }
    columns
}

/// What tells buyers apart: their addresses, else their numbers in the shop.
fn buyer(band: &Band) -> Option<&Column> {
    const NUMBERS: [&str; 9] = [
        "customer id",
        "customer number",
        "customer no",
        "buyer id",
        "buyer user id",
        "user id",
        "member id",
        "kundennummer",
        "kunden id",
    ];
    let persons = || band.having(Meaning::Person);
    let addresses =
        persons().find(|column| column.facts.emails > 0 && column.facts.emails * 2 > column.facts.filled);
    addresses.or_else(|| {
        persons()
            .find(|column| column.facts.filled > 0 && NUMBERS.contains(&text::fold(&column.title).as_str()))
    })
}

/// The only column of names that repeat from row to row, left of the product codes of a sell-out report: its stores.
fn repeating<'b>(band: &'b Band, columns: &Columns<'_>) -> Option<&'b Column> {
    let product = columns.get(&Role::Ean)?;
    let mut candidates = band.columns.iter().filter(|column| {
        let facts = &column.facts;
        column.index < product.index
            && column.is(Meaning::Unknown)
            && facts.numbers == 0
            && facts.dates == 0
            && facts.filled >= product.facts.filled
            && facts.distinct.len() * 2 <= facts.filled
    });
    let only = candidates.next()?;
    if columns.contains_key(&Role::OrderId) || candidates.next().is_some() { None } else { Some(only) }
}

/// Headers of the columns that have no role; those of a grid change from file to file.
pub(super) fn others(is_grid: bool, band: &Band, columns: &Columns<'_>) -> Option<Vec<String>> {
    let used = |column: &&Column| columns.values().any(|other| other.index == column.index);
    // What was all zero says nothing yet: once it has figures, it may change what the rows mean.
    let is_idle = |column: &&Column| {
        let facts = &column.facts;
        facts.numbers == facts.filled && facts.largest.is_zero() && super::changes_rows(&column.title)
    };
    let free =
        band.columns.iter().filter(|column| !used(column) && !column.title.is_empty() && !is_idle(column));
    let titles = free.map(|column| text::fold(&column.title)).collect();
    Some(titles).filter(|_| !is_grid && band.header.is_some())
}

fn header_clue(findings: &mut Findings<'_>, what: &str, column: &Column) {
    let confidence = if column.header.exact { 0.95 } else { 0.75 };
    findings.found(what, &column.title, confidence, "by its header");
}

fn name_of(role: Role) -> &'static str {
    match role {
        Role::Sku => "sku",
        Role::Code => "code",
        Role::OrderId => "order_id",
        Role::Country => "country",
        Role::WeekEnding => "week_ending",
        Role::WeekStarting => "week_starting",
        _ => "city",
    }
}

/// The column whose header says it in full before one that only mentions it, then the fuller one, then the first.
pub(super) fn best(band: &Band, meaning: Meaning, accept: impl Fn(&Column) -> bool) -> Option<&Column> {
    let mut found: Option<&Column> = None;
    for column in band.having(meaning).filter(|column| accept(column)) {
        let rank = |column: &Column| (column.header.exact, column.facts.filled);
        if found.is_none_or(|other| rank(column) > rank(other)) {
            found = Some(column);
        }
    }
    found
}

fn ean(band: &Band) -> Option<&Column> {
    let by_content = |column: &&Column| {
        column.facts.mostly(column.facts.eans, 80)
            && (column.facts.distinct.len() > 1 || column.is(Meaning::Ean))
    };
    let named = || band.having(Meaning::Ean).filter(|column| column.facts.filled > 0);
    named().find(by_content).or_else(|| band.columns.iter().find(by_content)).or_else(|| named().next())
}

/// The product's name: a header that speaks of products, or one whose texts belong to the product codes.
fn name<'b>(band: &'b Band, columns: &Columns<'_>, data: &[&Row]) -> Option<&'b Column> {
    const PERSONS_TOO: [&str; 5] = ["name", "nom", "nombre", "nome", "navn"];
    let code = [Role::Ean, Role::Sku, Role::Code].iter().find_map(|role| columns.get(role));
    let fits = |column: &Column| {
        let doubtful = PERSONS_TOO.contains(&text::compact(&column.title).as_str());
        let is_text = !column.facts.is_numeric() && !is_order_number(column);
        let taken = columns.values().any(|other| other.index == column.index);
        let of_code = code.is_none_or(|code| belongs_to(data, code.index, column.index));
        column.facts.filled > 0 && is_text && !taken && column.facts.emails == 0 && (!doubtful || of_code)
    };
    best(band, Meaning::Name, fits)
        .or_else(|| best(band, Meaning::Category, |column| code.is_none() && fits(column)))
}

fn is_order_number(column: &Column) -> bool {
    let numbered = |value: &String| {
        value.strip_prefix('#').is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()))
    };
    !column.facts.distinct.is_empty() && column.facts.distinct.iter().all(numbered)
}

/// Whether every value of one column comes with one value of the other.
fn belongs_to(data: &[&Row], code: u32, name: u32) -> bool {
    let mut names: HashMap<String, String> = HashMap::new();
    let (mut same, mut other) = (0usize, 0usize);
    for row in data {
        let (Some(code), Some(name)) = (row.text(code), row.text(name)) else { continue };
        let name = text::fold(&name);
        match names.get(code.as_ref()) {
            Some(known) if *known == name => same += 1,
            Some(_) => other += 1,
            None => {
                names.insert(code.into_owned(), name);
            }
        }
    }
    other * 10 <= same
}

/// Where the periods of rows come from; `None` when no column says them.
pub(super) fn period<'b>(
    band: &'b Band,
    data: &[&Row],
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
) -> Option<PeriodSource> {
    for (meaning, role, source) in [
        (Meaning::WeekEnding, Role::WeekEnding, PeriodSource::WeekEnding),
        (Meaning::WeekStarting, Role::WeekStarting, PeriodSource::WeekStarting),
    ] {
        if let Some(column) = best(band, meaning, |column| column.facts.mostly(column.facts.dates, 80)) {
            header_clue(findings, name_of(role), column);
            columns.insert(role, column);
            return Some(source);
        }
    }
    if let Some(column) = date(band, data, findings) {
        columns.insert(Role::Date, column);
        beside_date(band, columns);
        return Some(PeriodSource::Date);
    }
    let year = best(band, Meaning::Year, |column| column.facts.mostly(column.facts.years, 95));
    let month = best(band, Meaning::Month, |column| column.facts.filled > 0);
    if let (Some(year), Some(month)) = (year, month) {
        header_clue(findings, "year", year);
        header_clue(findings, "month", month);
        columns.insert(Role::Year, year);
        columns.insert(Role::Month, month);
        return Some(PeriodSource::YearAndMonth);
    }
    let says = |column: &Column, reads: fn(&str) -> Option<Period>| {
        let periods = column.facts.distinct.iter().filter(|value| reads(value).is_some());
        column.facts.filled > 0 && periods.count() * 10 >= column.facts.distinct.len() * 9
    };
    if let Some(column) = best(band, Meaning::Week, |column| says(column, span::week_of_number)) {
        header_clue(findings, "period", column);
        columns.insert(Role::Period, column);
        return Some(PeriodSource::WeekNumber);
    }
    let stated = |column: &Column| says(column, crate::file_name::period_in_text);
    let text =
        [Meaning::Period, Meaning::Month, Meaning::Week].into_iter().find_map(|m| best(band, m, stated));
    let column = text?;
    header_clue(findings, "period", column);
    columns.insert(Role::Period, column);
    Some(PeriodSource::Text)
}

/// Columns that repeat month, year or week of the date: while reading they are compared with it.
fn beside_date<'b>(band: &'b Band, columns: &mut Columns<'b>) {
    let is_month = |value: &String| {
        value.parse().is_ok_and(|month: u32| (1..=12).contains(&month))
            || crate::month::by_name(value).is_some()
    };
    let is_week = |value: &String| {
        value.parse().is_ok_and(|week: u32| (1..=53).contains(&week)) || span::week_number(value).is_some()
    };
    let all = |column: &Column, fits: &dyn Fn(&String) -> bool| {
        column.header.exact && column.facts.filled > 0 && column.facts.distinct.iter().all(fits)
    };
    let year = best(band, Meaning::Year, |column| column.facts.mostly(column.facts.years, 100));
    let month = best(band, Meaning::Month, |column| all(column, &is_month));
    let week = best(band, Meaning::Week, |column| all(column, &is_week));
    for (role, column) in [(Role::Year, year), (Role::Month, month), (Role::Week, week)] {
        if let Some(column) = column.filter(|column| column.header.exact) {
            columns.insert(role, column);
        }
    }
}

/// The day of the sale. Two columns of days that differ are a question, unless a header says it better.
fn date<'b>(band: &'b Band, data: &[&Row], findings: &mut Findings<'_>) -> Option<&'b Column> {
    let is_date = |column: &&Column| column.facts.mostly(column.facts.dates, 80);
    let named: Vec<&Column> = band.having(Meaning::Date).filter(is_date).collect();
    let exact: Vec<&Column> = named.iter().copied().filter(|column| column.header.exact).collect();
    let named = if exact.is_empty() { named } else { exact };
    let any: Vec<&Column> = if named.is_empty() {
        band.columns
            .iter()
            .filter(|column| column.is(Meaning::Unknown) || column.is(Meaning::Period))
            .filter(is_date)
            .collect()
    } else {
        named
    };
    let first = *any.first()?;
    if let Some(answer) = findings.answer("date")
        && let Some(column) = any.iter().find(|column| text::compact(&column.title) == text::compact(answer))
    {
        findings.told("date", &column.title);
        return Some(column);
    }
    let order = first.facts.order.unwrap_or(Order::DayFirst);
    let same = |other: &Column| {
        data.iter().all(|row| match (row.get(first.index), row.get(other.index)) {
            (Some(a), Some(b)) => day(a, order) == day(b, order),
            _ => true,
        })
    };
    if any.iter().any(|other| !same(other)) {
        let choices = any
            .iter()
            .map(|column| {
                let example = data.iter().find_map(|row| row.text(column.index)).unwrap_or_default();
                Choice::new(
                    &column.title,
                    format!("\"{}\" is the day of the sale", column.title),
                    format!("for example {example}"),
                )
            })
            .collect();
        findings.ask(
            "date",
            "column_ambiguous",
            "Several columns hold dates. Which is the day of the sale?",
            None,
            choices,
        );
    }
    header_clue(findings, "date", first);
    Some(first)
}
