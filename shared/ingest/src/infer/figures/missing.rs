//! Tables without a column of amounts: what may be one, or what they come to.

use rust_decimal::Decimal;

use super::{Figures, Table, ask_column, exact_first, named};
use crate::{
    infer::{
        band::Column,
        findings::{Choice, Findings},
        identity::Columns,
        meaning::Meaning,
    },
    profile::Role,
    text,
};

/// No header says amount or price, but something looks like money: units alone would be half the truth.
pub(super) fn leftover<'b>(
    table: &Table<'_, 'b>,
    quantity: Option<&'b Column>,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
    figures: &mut Figures,
) {
    let per_piece = [Meaning::Cost, Meaning::ListPrice];
    let perhaps =
        [Meaning::Unknown, Meaning::Settled, Meaning::Name, Meaning::Balance, per_piece[0], per_piece[1]];
    let most = quantity.map_or(Decimal::ZERO, |quantity| quantity.facts.largest);
    let is_money = |column: &&Column| {
        let facts = &column.facts;
        let large = column.is(Meaning::Unknown) && facts.largest > most && facts.largest >= Decimal::TEN;
        facts.marked.is_some()
            || column.header.currency.is_some()
            || facts.integers * 10 < facts.numbers * 9
            || large && facts.distinct.len() > 2 && facts.largest < Decimal::from(1_000_000)
    };
    let money: Vec<&Column> = table.of_any(&perhaps).into_iter().filter(is_money).collect();
    match findings.answer("amount") {
        Some("none") => return findings.told("amount", "none"),
        Some(answer) => {
            if let Some(column) = named(&money, answer) {
                findings.told("amount", &column.title);
                // Prices of a piece are no amounts, whatever they were chosen for.
                let role = if per_piece.contains(&column.header.meaning) && quantity.is_some() {
                    Role::UnitPrice
                } else {
                    Role::Amount
                };
                columns.insert(role, column);
                return;
            }
        }
        None => {}
    }
    if !money.is_empty() {
        figures.asked = true;
        let none = Choice::new("none", "None: the file has pieces only", "amounts are valued by list price");
        let message = "No header says which column holds the amounts. Which one is it?";
        ask_column("amount", message, &money, table.rows, vec![none], findings);
    }
}

/// No column of amounts: what a piece costs times the pieces, where it is sure that the price is of one piece.
pub(super) fn prices_only<'b>(
    table: &Table<'_, 'b>,
    quantity: Option<&'b Column>,
    prices: &[&'b Column],
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
    figures: &mut Figures,
) {
    let exact = exact_first(prices);
    let incl = exact.iter().find(|column| column.header.vat == Some(true));
    let Some(price) = incl.or(exact.first()).copied() else { return };
    figures.vat = price.header.vat;
    let grows =
        quantity.zip(table.product).and_then(|(pieces, product)| table.rows.grows(product, pieces, price));
    let ones =
        quantity.is_some_and(|pieces| table.rows.share([pieces], |[q]| q.abs() == Decimal::ONE) == Some(100));
    let is_line = match (findings.answer("price"), quantity) {
        (Some(answer), _) => answer == "line",
        (None, Some(_)) if ones => false,
        (None, Some(_)) if grows.is_some() => grows == Some(true),
        (None, Some(_)) if price.is(Meaning::UnitPrice) => false,
        (None, Some(_)) if table.of_amazon => true,
        _ => {
            figures.asked = true;
            ask_price(price, findings);
            quantity.is_none()
        }
    };
    if is_line {
        findings.found("amount", &price.title, 0.9, "it is the price of the whole line");
        columns.insert(Role::Amount, price);
        return;
    }
    let Some(quantity) = quantity else { return };
    let formula = format!("{} x {}", quantity.title, price.title);
    findings.found("amount", formula, 0.9, "the file has prices and no amounts");
    columns.insert(Role::UnitPrice, price);
    discount(table, price, columns, findings, figures);
}

/// What is taken off a line whose amount is calculated.
fn discount<'b>(
    table: &Table<'_, 'b>,
    price: &Column,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
    figures: &mut Figures,
) {
    let used = table.of(Meaning::Discount).into_iter().filter(|column| !column.facts.largest.is_zero());
    for column in used {
        let words = text::words(&column.title);
        let of_line = words.iter().any(|word| matches!(word.as_str(), "lineitem" | "line" | "item"));
        let is_share = column.facts.largest < Decimal::ONE && price.facts.largest > Decimal::ONE;
        let of_order = table.order.is_some_and(|order| table.rows.is_of_order(order, column, &[price]));
        if is_share && column.facts.integers < column.facts.numbers {
            findings.found("discount", &column.title, 0.9, "a share of the price");
            columns.insert(Role::DiscountRate, column);
        } else if of_line && !of_order {
            findings.found("discount", &column.title, 0.8, "taken off each line");
            columns.insert(Role::Discount, column);
        } else {
            let message = format!(
                "The discounts in \"{}\" belong to whole orders; they were not taken off.",
                column.title
            );
            figures.warnings.push(("discounts_left_out", message));
        }
    }
}

pub(super) fn ask_price(price: &Column, findings: &mut Findings<'_>) {
    let message = format!("Is \"{}\" the price of one piece or of the whole line?", price.title);
    let choices = vec![
        Choice::new("piece", "Of one piece", "the amount is quantity times price"),
        Choice::new("line", "Of the whole line", "the amount is the price"),
    ];
    findings.ask("price", "price_ambiguous", &message, None, choices);
}
