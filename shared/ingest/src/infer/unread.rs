//! Sheets beside the one that is read: another view of the same sales, or sales that would be lost.

use rust_decimal::Decimal;

use super::{
    Sheet,
    findings::{Choice, Findings},
    meaning::Meaning,
    sample::figure,
    sections::Rows,
};
use crate::{figures, number::Dialect, text};

/// Id of the question.
pub(super) const OTHERS: &str = "others";

/// Asks where another sheet holds figures of sales that do not come to those that are read.
pub(super) fn ask(main: &Sheet, others: &[&Sheet], rows: &Rows<'_>, findings: &mut Findings<'_>) {
    // Of a part of the rows nothing can be said.
    if rows.cut_off || findings.answer(OTHERS).is_some() {
        return;
    }
    let read: Vec<Decimal> =
        rows.figures.iter().map(|(column, dialect)| sum(rows, *column, *dialect)).collect();
    let lost = others.iter().find(|other| {
        let sums = sums(other);
        holds_sales(other) && !sums.is_empty() && !sums.iter().any(|sum| is_among(&read, *sum))
    });
    if let Some(lost) = lost {
        ask_about(lost, main.sample.name.as_deref(), findings);
    }
}

/// Asks whether a sheet is no part of the report.
pub(super) fn ask_about(sheet: &Sheet, main: Option<&str>, findings: &mut Findings<'_>) {
    let name = sheet.sample.name.as_deref().unwrap_or_default();
    let than = main.map(|main| format!(" than the sheet {main}")).unwrap_or_default();
    let message = format!(
        "The sheet {name} has figures of sales, too, with other columns or other sums{than}, and is not read. Is the rest \
         alone the report?"
    );
    let only = Choice::new("main", "The other sheets alone count", format!("{name} is not read"));
    findings.ask(OTHERS, "sheet_ambiguous", &message, None, vec![only]);
}

/// What tells a sheet from others: its headers.
pub(super) fn signature(sheet: &Sheet) -> String {
    let titles = sheet.band.columns.iter().map(|column| text::compact(&column.title));
    titles.collect::<Vec<_>>().join("|")
}

fn sum(rows: &Rows<'_>, column: u32, dialect: Dialect) -> Decimal {
    rows.data
        .iter()
        .filter_map(|row| figure(row.get(column)?, dialect))
        .filter(|f| figures::is_sane(*f))
        .sum()
}

fn is_among(read: &[Decimal], sum: Decimal) -> bool {
    let all: Decimal = read.iter().sum();
    read.iter().chain([&all]).any(|own| figures::ties(*own, sum))
}

/// Whether a sheet has sold pieces or money for products or stores.
pub(super) fn holds_sales(sheet: &Sheet) -> bool {
    let says = |meanings: &[Meaning]| {
        sheet.band.columns.iter().any(|column| {
            meanings.contains(&column.header.meaning) && column.header.exact && column.facts.filled > 1
        })
    };
    let figures =
        [Meaning::Quantity, Meaning::Amount, Meaning::AmountIncl, Meaning::AmountExcl, Meaning::GrossSales];
    let others = [Meaning::Stock, Meaning::Target, Meaning::SellIn, Meaning::Purchase, Meaning::Comparison];
    let names = [Meaning::Ean, Meaning::Sku, Meaning::Code, Meaning::Store];
    sheet.shape.is_none() && says(&figures) && says(&names) && !says(&others)
}

/// What the columns of figures come to.
fn sums(sheet: &Sheet) -> Vec<Decimal> {
    let data = sheet.band.data(&sheet.sample);
    let columns = sheet.band.columns.iter().filter(|column| {
        matches!(
            column.header.meaning,
            Meaning::Quantity
                | Meaning::Amount
                | Meaning::AmountIncl
                | Meaning::AmountExcl
                | Meaning::GrossSales
        )
    });
    let sums = columns.map(|column| {
        let dialect = column.facts.dialect.unwrap_or(Dialect::Point);
        let cells = data.iter().filter_map(|row| figure(row.get(column.index)?, dialect));
        cells.filter(|figure| figures::is_sane(*figure)).sum::<Decimal>()
    });
    sums.filter(|sum| !sum.is_zero()).collect()
}
