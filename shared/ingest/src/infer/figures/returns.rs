//! Columns of what was taken back beside those of what was sold.

use rust_decimal::Decimal;

use super::{Figures, Table};
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

/// Id of the question whether figures are before or after what was taken back.
pub(in crate::infer) const RETURNS: &str = "returns";

/// Returned pieces and refunds that are not taken off the chosen figures: returns of their own, or already taken off.
pub(super) fn returns<'b>(
    table: &Table<'_, 'b>,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
    figures: &mut Figures,
) {
    let (sold, money) = (columns.get(&Role::Quantity).copied(), columns.get(&Role::Amount).copied());
    let open = |meaning: Meaning, chosen: Option<&Column>| {
        let column = table.of(meaning).into_iter().find(|column| !column.facts.largest.is_zero())?;
        (!is_net(table, chosen, meaning)).then_some(column)
    };
    let pieces = open(Meaning::ReturnedQuantity, sold);
    let refunds = open(Meaning::Refund, money);
    let all = [
        (Role::ReturnedQuantity, pieces, "returns_left_out", "returned pieces"),
        (Role::ReturnedAmount, refunds, "refunds_left_out", "refunds"),
    ];
    // What became of an order later is no sale of its period.
    if columns.contains_key(&Role::OrderId) || table.product.is_none() || money.is_none() && sold.is_none() {
        for (_, column, code, what) in all {
            let Some(column) = column else { continue };
            let message = format!(
                "The column \"{}\" lists {what} beside the sales; it was not subtracted.",
                column.title
            );
            figures.warnings.push((code, message));
        }
        return;
    }
    let of_gross = money.is_some_and(|money| money.is(Meaning::GrossSales));
    let before = match findings.answer(RETURNS) {
        _ if pieces.is_none() && refunds.is_none() => return,
        // Which figures are the sales is asked first.
        _ if findings.questions.iter().any(|open| matches!(open.id.as_str(), "quantity" | "amount")) => {
            return;
        }
        Some(answer) => {
            findings.told(RETURNS, answer);
            answer == "before"
        }
        None if of_gross && pieces.is_some() && refunds.is_some() => {
            findings.found(RETURNS, "before", 0.9, "refunds stand beside gross sales");
            true
        }
        None => {
            ask(table, &[pieces, refunds], findings);
            figures.asked = true;
            return;
        }
    };
    if before {
        columns.extend(all.into_iter().filter_map(|(role, column, ..)| Some((role, column?))));
    }
}

/// Whether returns are taken off a figure: by its header, or by what stands beside it in every row.
fn is_net(table: &Table<'_, '_>, chosen: Option<&Column>, meaning: Meaning) -> bool {
    let Some(chosen) = chosen else { return false };
    let taken = if meaning == Meaning::Refund {
        table.of_any(&[Meaning::Discount, Meaning::Refund])
    } else {
        table.of(meaning)
    };
    let refunds = table.of(meaning);
    let left_by = |whole: &Column| {
        table.rows.leaves(whole, &taken, chosen) || table.rows.leaves(whole, &refunds, chosen)
    };
    text::words(&chosen.title).iter().any(|word| word == "net")
        || table.columns.iter().any(|whole| left_by(whole))
}

fn ask(table: &Table<'_, '_>, taken: &[Option<&Column>], findings: &mut Findings<'_>) {
    let sum = |column: &Column| -> Decimal {
        table.rows.data.iter().filter_map(|row| table.rows.value(row, column)).map(|off| off.abs()).sum()
    };
    let listed: Vec<String> = taken
        .iter()
        .flatten()
        .map(|column| format!("\"{}\" comes to {}", column.title, sum(column)))
        .collect();
    let titles: Vec<String> = taken.iter().flatten().map(|column| format!("\"{}\"", column.title)).collect();
    let message = format!(
        "{} stands beside the sales. Are the figures of the sales before or after what was taken back?",
        titles.join(" and ")
    );
    let evidence = listed.join(", ");
    ask_returns(&message, &evidence, true, findings);
}

/// Asks; a layout that cannot take returns off offers only that they are.
pub(in crate::infer) fn ask_returns(message: &str, evidence: &str, both: bool, findings: &mut Findings<'_>) {
    let before = Choice::new("before", "Before: it is still to be subtracted", evidence);
    let after = Choice::new("after", "After: it is already subtracted", evidence);
    let choices = if both { vec![before, after] } else { vec![after] };
    findings.ask(RETURNS, "returns_ambiguous", message, None, choices);
}
