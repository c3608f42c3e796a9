//! Tables that only print sums of others: every figure becomes a control.

use std::ops::ControlFlow;

use domain::{Cut, Period};
use rust_decimal::Decimal;

use super::Figures;
use crate::{
    Refusal,
    accept::Acceptor,
    calendar::Time,
    cell::{Cell, Row},
    document::Document,
    figures, file_name,
    header::{Found, Group},
    month,
    profile::{self, Role},
    survey::Reading,
};

/// Compares the figures of a table with the sums of the rows taken so far.
pub(crate) fn check_sums(
    document: &mut Document,
    layout: &profile::Table,
    found: &Found,
    reading: &Reading,
    acceptor: &mut Acceptor<'_>,
) -> Result<(), Refusal> {
    let cut = layout.sums_of.clone().unwrap_or_else(Cut::main);
    found.rows(document, &mut |row| {
        if found.covers(row.number) {
            check_row(row, &cut, found, reading, acceptor);
        }
        ControlFlow::Continue(())
    })
}

fn check_row(row: &Row, cut: &Cut, found: &Found, reading: &Reading, acceptor: &mut Acceptor<'_>) {
    let label = row.cells.iter().find_map(|(_, cell)| match cell {
        Cell::Text(label) => Some(label.trim().to_owned()),
        _ => None,
    });
    let is_total = label.as_deref().is_some_and(|label| figures::total_of(label).is_some());
    for group in found.groups.iter().filter(|group| group.sums.is_none()) {
        let span = match period_of(row, found, group, is_total) {
            Some(span) => Some(span),
            None if is_total && group.time.is_none() => None,
            None => continue,
        };
        let year = span.and_then(|span| Time::Span(span).year()).and_then(|year| Period::months(year, 1, 12));
        // Years that the rows do not reach back to prove nothing.
        if year.is_some() && acceptor.sums_within(cut, year).is_none() {
            continue;
        }
        let actual = acceptor.sums_within(cut, span).unwrap_or_default();
        let printed: Figures = [group.quantity, group.amount].map(|column| {
            let column = column?;
            figures::printed(row, column, reading.dialect(found.sheet, column))
        });
        let has_amounts = acceptor.has_amounts(cut);
        push(row, found, group, label.as_deref(), (printed, actual), has_amounts, acceptor);
    }
}

fn push(
    row: &Row,
    found: &Found,
    group: &Group,
    label: Option<&str>,
    (printed, actual): (Figures, [Decimal; 2]),
    has_amounts: bool,
    acceptor: &mut Acceptor<'_>,
) {
    let columns = [(group.quantity, "quantity", true), (group.amount, "amount", has_amounts)];
    for (((column, measure, comparable), printed), actual) in columns.into_iter().zip(printed).zip(actual) {
        let (Some(column), Some(printed)) = (column.filter(|_| comparable), printed) else { continue };
        let parts: Vec<&str> = [label.unwrap_or_default(), &group.title, measure]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let sheet = found.sheet_name.as_deref();
        let control = figures::control(parts.join(" / "), sheet, Some((column, row.number)), printed, actual);
        acceptor.control(control);
    }
}

/// The span that a figure sums up: by its column, its row, or both.
fn period_of(row: &Row, found: &Found, group: &Group, is_total: bool) -> Option<Period> {
    let text = |role| row.text(found.column(role)?);
    let month = text(Role::Month).and_then(|text| month::by_name(&text).or_else(|| text.parse().ok()));
    match group.time {
        Some(Time::Year(year)) if !is_total => Period::month(year, month?),
        Some(time) => time.with_year(None),
        None if is_total => None,
        None => {
            let year = text(Role::Year).and_then(|text| text.parse().ok());
            let stated = text(Role::Period).and_then(|text| file_name::period_in_text(&text));
            stated.or_else(|| Period::month(year?, month?))
        }
    }
}
