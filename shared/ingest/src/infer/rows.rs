//! What a grid measures, and what its rows are.

use std::borrow::Cow;

use super::{
    band::{Band, Column},
    figures::Figures,
    findings::{Choice, Findings},
    grid::{Alike, Shape},
    identity::Columns,
    layout::GridPart,
    meaning::{self, Header, Meaning},
    measures::InRows,
    sample::{Facts, Sample},
    sections,
};
use crate::{
    cell::{Row, SHEET_COLUMNS, column_letters},
    number::{self, Dialect},
    profile::{Above, Days, Grid, Measure, Role},
};

/// The figures of all groups together, as one column for each measure.
pub(super) struct Sums {
    quantity: Option<Column>,
    amount: Option<Column>,
    /// What the figures are where no header word tells.
    measure: Option<Measure>,
    asked: bool,
}

/// What the figures measure: by the words over them, by the titles, or by asking.
pub(super) fn sums(
    shape: &Shape,
    in_rows: Option<&InRows>,
    sample: &Sample,
    titles: &[String],
    findings: &mut Findings<'_>,
) -> Sums {
    let below = sample.rows.get(shape.header + 1..).unwrap_or_default();
    let facts =
        || Facts::of(below.iter().flat_map(|row| shape.figures.iter().filter_map(|column| row.get(*column))));
    let column = |title: &str| Column {
        index: shape.figures.first().copied().unwrap_or_default(),
        title: title.to_owned(),
        header: header_of(title),
        facts: facts(),
    };
    if let Some(InRows { measured, .. }) = in_rows {
        let first = |words: &[String]| words.first().map(|word| column(word));
        let (quantity, amount) = (first(&measured.quantity), first(&measured.amount));
        return Sums { quantity, amount, measure: Some(Measure::Amount), asked: false };
    }
    let mut sums = Sums {
        quantity: shape.quantity.first().map(|word| column(word)),
        amount: shape.amount.first().map(|word| column(word)),
        measure: None,
        asked: false,
    };
    if sums.quantity.is_some() || sums.amount.is_some() {
        return sums;
    }
    let told = match findings.answer("measure") {
        Some("quantity") => Some((Measure::Quantity, String::new(), "said by a person".to_owned())),
        Some("amount") => Some((Measure::Amount, String::new(), "said by a person".to_owned())),
        _ => measure_in(titles).or_else(|| {
            let facts = facts();
            let cents = facts.integers < facts.numbers;
            cents.then(|| (Measure::Amount, String::new(), "pieces have no decimals".to_owned()))
        }),
    };
    let (measure, title) = match told {
        Some((measure, title, evidence)) => {
            let value = if measure == Measure::Quantity { "quantity" } else { "amount" };
            findings.found("measure", value, 0.9, evidence);
            (measure, title)
        }
        None => {
            sums.asked = true;
            let message = "No word says what the figures are. Are they pieces or money?";
            let choices = vec![
                Choice::new("quantity", "Pieces", "valued by list price"),
                Choice::new("amount", "Money", "amounts of sales"),
            ];
            findings.ask("measure", "measure_ambiguous", message, None, choices);
            (Measure::Quantity, String::new())
        }
    };
    sums.measure = Some(measure);
    match measure {
        Measure::Quantity => sums.quantity = Some(column(&title)),
        Measure::Amount => sums.amount = Some(column(&title)),
    }
    sums
}

/// Words of measures are kept in lower case; codes of currencies are upper case, and some signs begin with it.
fn header_of(title: &str) -> Header {
    let header = meaning::of_header(title);
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let capitals = title.split(' ').filter_map(capital).collect::<Vec<_>>().join(" ");
    let currency = header
        .currency
        .or_else(|| number::currency_of(&title.to_uppercase()))
        .or_else(|| number::currency_of(&capitals));
    Header { currency, ..header }
}

/// What titles say about the figures; the last words first, which stand nearest to them.
fn measure_in(titles: &[String]) -> Option<(Measure, String, String)> {
    let said = |title: &String| {
        let pieces = meaning::mentions(title, Meaning::Quantity);
        let money = [Meaning::Amount, Meaning::AmountIncl, Meaning::AmountExcl];
        let money = money.into_iter().any(|meaning| meaning::mentions_figure(title, meaning));
        let evidence = format!("\"{title}\"");
        match (pieces, money) {
            (true, false) => Some((Measure::Quantity, title.clone(), evidence)),
            (false, true) => Some((Measure::Amount, title.clone(), evidence)),
            _ => None,
        }
    };
    titles.iter().skip(1).rev().chain(titles.first()).find_map(said)
}

/// Names of rows without a header: products where codes stand beside them, else a question.
pub(super) fn name_labels<'b>(
    band: &'b Band,
    shape: &Shape,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
) {
    let taken =
        |columns: &Columns<'_>, column: &Column| columns.values().any(|other| other.index == column.index);
    let named = [Role::Name, Role::Store, Role::Ean, Role::Sku, Role::Code];
    let text = band.columns.iter().find(|column| {
        column.facts.filled > 0
            && !column.facts.is_figures()
            && column.is(Meaning::Unknown)
            && !taken(columns, column)
    });
    let Some(column) = text else { return };
    if columns.contains_key(&Role::Name) || (columns.contains_key(&Role::Store) && shape.stores) {
        return;
    }
    let coded = [Role::Ean, Role::Sku, Role::Code].iter().any(|role| columns.contains_key(role));
    let role = match findings.answer("rows") {
        Some("store") => Role::Store,
        Some(_) => Role::Name,
        None if coded || shape.stores => Role::Name,
        None if named.iter().any(|role| columns.contains_key(role)) => return,
        None => {
            let message = format!("What do the rows name in column {}?", column_letters(column.index));
            let example: Vec<&str> = column.facts.distinct.iter().take(3).map(String::as_str).collect();
            let choices = vec![
                Choice::new("product", "Products", format!("for example {}", example.join(", "))),
                Choice::new("store", "Stores", format!("for example {}", example.join(", "))),
            ];
            findings.ask("rows", "rows_ambiguous", &message, None, choices);
            Role::Name
        }
    };
    columns.insert(role, column);
}

/// Puts the figures among the columns, so that currency and VAT are found as in any table.
pub(super) fn assign<'b>(sums: &'b Sums, columns: &mut Columns<'b>) -> Figures {
    let mut figures = Figures { asked: sums.asked, ..Figures::default() };
    if let Some(quantity) = &sums.quantity {
        columns.insert(Role::Quantity, quantity);
    }
    if let Some(amount) = &sums.amount {
        figures.vat = amount.header.vat.or(match amount.header.meaning {
            Meaning::AmountIncl => Some(true),
            Meaning::AmountExcl => Some(false),
            _ => None,
        });
        columns.insert(Role::Amount, amount);
    }
    figures
}

/// The rows with the columns of their figures; totals are not among them. Items whose pieces and money stand in rows of
/// their own are one row.
pub(super) fn of<'r>(
    (shape, in_rows): (Option<&Shape>, Option<&InRows>),
    columns: &Columns<'_>,
    sample: &Sample,
    data: &[&'r Row],
) -> sections::Rows<'r> {
    let flat = || [Role::Quantity, Role::Amount].iter().filter_map(|role| columns.get(role)).map(|c| c.index);
    let mut figures: Vec<u32> = shape.map_or_else(|| flat().collect(), |shape| shape.figures.clone());
    let data: Vec<Cow<'r, Row>> = match in_rows {
        Some(in_rows) => {
            let rows: Vec<Row> = data.iter().map(|row| (*row).clone()).collect();
            let joined = in_rows.joined(&rows, &figures);
            figures.extend(figures.clone().iter().map(|column| column + SHEET_COLUMNS));
            joined.into_iter().map(Cow::Owned).collect()
        }
        None => data.iter().map(|row| Cow::Borrowed(*row)).collect(),
    };
    let dialect = |column: u32| {
        let facts = Facts::of(data.iter().filter_map(|row| row.get(column)));
        (column, facts.dialect.unwrap_or(Dialect::Point))
    };
    let figures = figures.into_iter().map(dialect).collect();
    sections::Rows { figures, cut_off: sample.is_cut_off(), data }
}

/// The only column of figures, where another column says what they are.
pub(super) fn value_column(band: &Band, columns: &Columns<'_>, in_rows: &InRows) -> Option<Column> {
    let taken = |column: &Column| columns.values().any(|other| other.index == column.index);
    let mut values = band.columns.iter().filter(|column| column.facts.is_figures() && !taken(column));
    let value = values.next().filter(|column| !column.title.is_empty() && !in_rows.is_ambiguous())?;
    let header = header_of(in_rows.measured.amount.first()?);
    values.next().is_none().then(|| Column { header, ..value.clone() })
}

/// The part of the layout that describes the header.
pub(super) fn grid(shape: &Shape, sums: &Sums, findings: &mut Findings<'_>) -> GridPart {
    if !shape.unknown.is_empty() {
        let message = format!("What do the columns headed {} hold?", shape.unknown.join(", "));
        findings.ask("layout", "layout_unknown", &message, None, Vec::new());
    }
    let days = match findings.answer("days") {
        Some("week_ending") => Some(Days::WeekEnding),
        Some("week_starting") => Some(Days::WeekStarting),
        Some("day") => Some(Days::Day),
        _ => shape.days,
    };
    if shape.days_in_doubt && days.is_none() {
        let message = "Dates a week apart head the columns. Do they end or begin their weeks?";
        let choices = vec![
            Choice::new("week_ending", "They end their weeks", "the last of seven days"),
            Choice::new("week_starting", "They begin their weeks", "the first of seven days"),
        ];
        findings.ask("days", "week_ambiguous", message, None, choices);
    }
    GridPart {
        quantity: shape.quantity.clone(),
        amount: shape.amount.clone(),
        grid: Grid {
            measure: sums.measure,
            periods: shape.periods,
            weeks: shape.weeks,
            stores: shape.stores,
            above: shape.above.then_some(Above::Country),
            days,
            totals: Vec::new(),
            ignore: shape.ignore.clone(),
            views: shape.views.clone(),
            blocks: shape.blocks,
            stacked: shape.alike == Alike::Measures,
            history: None,
            list_prices: false,
            total_row: false,
        },
    }
}
