//! Which columns hold pieces and money, proven by arithmetic where it can be.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{
    band::{Band, Column},
    findings::{Choice, Findings},
    identity::Columns,
    meaning::Meaning,
    sample::figure,
};
use crate::{cell::Row, number::Dialect, profile::Role, text};

/// What was found out about the figures.
pub(super) struct Figures {
    /// Whether amounts include VAT, as far as the file says.
    pub(super) vat: Option<bool>,
    pub(super) warnings: Vec<(&'static str, String)>,
}

/// Looks at the rows of a table with the dialect of each column.
pub(super) struct Rows<'s> {
    data: &'s [&'s Row],
    /// Decimal separator of the file, for columns that do not tell.
    fallback: Dialect,
}

impl<'s> Rows<'s> {
    pub(super) fn new(band: &Band, data: &'s [&'s Row]) -> Self {
        let commas =
            band.columns.iter().filter(|column| column.facts.dialect == Some(Dialect::Comma)).count();
        let points =
            band.columns.iter().filter(|column| column.facts.dialect == Some(Dialect::Point)).count();
        Self { data, fallback: if commas > points { Dialect::Comma } else { Dialect::Point } }
    }

    fn value(&self, row: &Row, column: &Column) -> Option<Decimal> {
        figure(row.get(column.index)?, column.facts.dialect.unwrap_or(self.fallback))
    }

    /// Share of the rows, in percent, in which the last column is what the first ones make it; `None` when too few
    /// rows say anything.
    fn share<const N: usize>(
        &self,
        columns: [&Column; N],
        holds: impl Fn([Decimal; N]) -> bool,
    ) -> Option<usize> {
        let (mut all, mut held) = (0usize, 0usize);
        for row in self.data {
            let mut values = [Decimal::ZERO; N];
            let complete = columns
                .iter()
                .zip(&mut values)
                .all(|(column, slot)| self.value(row, column).map(|value| *slot = value).is_some());
            if complete && values.iter().any(|value| !value.is_zero()) {
                all += 1;
                held += usize::from(holds(values));
            }
        }
        (all >= 3).then(|| held * 100 / all)
    }

    fn is_product(&self, quantity: &Column, price: &Column, amount: &Column) -> bool {
        let share = self.share([quantity, price, amount], |[q, p, a]| near(q * p, a, q));
        // Pieces of one prove nothing: price and amount are then the same.
        let varied = self.data.iter().any(|row| self.value(row, quantity).is_some_and(|q| q > Decimal::ONE));
        varied && share.is_some_and(|share| share >= 95)
    }

    fn is_sum(&self, net: &Column, tax: &Column, gross: &Column) -> bool {
        let taxed = self.data.iter().any(|row| self.value(row, tax).is_some_and(|tax| !tax.is_zero()));
        taxed
            && self
                .share([net, tax, gross], |[n, t, g]| near(n + t, g, Decimal::ONE))
                .is_some_and(|s| s >= 95)
    }

    fn same(&self, one: &Column, other: &Column) -> bool {
        self.share([one, other], |[a, b]| a == b) == Some(100)
    }
}

/// Equal but for rounding a price to cents.
fn near(expected: Decimal, printed: Decimal, pieces: Decimal) -> bool {
    let cent = Decimal::new(11, 3);
    (expected - printed).abs() <= cent * pieces.abs().max(Decimal::ONE)
}

/// Assigns quantity and amount.
pub(super) fn assign<'b>(
    band: &'b Band,
    data: &[&Row],
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
) -> Figures {
    let rows = Rows::new(band, data);
    let free = |column: &&Column| !columns.values().any(|other| other.index == column.index);
    let numeric: Vec<&Column> =
        band.columns.iter().filter(free).filter(|column| column.facts.is_numeric()).collect();
    let of = |meaning: Meaning| {
        numeric.iter().copied().filter(move |column| column.is(meaning)).collect::<Vec<_>>()
    };
    let quantities = of(Meaning::Quantity);
    let quantity = choose("quantity", &rows, &exact_first(&quantities), findings);
    let mut prices = of(Meaning::UnitPrice);
    prices.extend(of(Meaning::Price));
    let mut figures = Figures { vat: None, warnings: Vec::new() };

    let amount = amount(&rows, &of, quantity, &prices, columns, findings);
    if let Some(quantity) = quantity {
        columns.insert(Role::Quantity, quantity);
    }
    match amount {
        Some(amount) => {
            figures.vat = vat_of(&rows, amount, &of, findings);
            columns.insert(Role::Amount, amount);
        }
        None => price_times_quantity(&rows, quantity, &prices, &of, columns, findings, &mut figures),
    }
    for (meaning, code, what) in [
        (Meaning::Refund, "refunds_left_out", "refunds"),
        (Meaning::ReturnedQuantity, "returns_left_out", "returned pieces"),
    ] {
        let filled = of(meaning).into_iter().find(|column| !column.facts.largest.is_zero());
        if let Some(column) = filled {
            figures.warnings.push((
                code,
                format!(
                    "The column \"{}\" lists {what} beside the sales; it was not subtracted.",
                    column.title
                ),
            ));
        }
    }
    figures
}

/// Headers that are known in full count more than such that only mention a word.
fn exact_first<'b>(columns: &[&'b Column]) -> Vec<&'b Column> {
    let exact: Vec<&Column> = columns.iter().copied().filter(|column| column.header.exact).collect();
    if exact.is_empty() { columns.to_vec() } else { exact }
}

/// One of several columns for the same figure: equal ones are one, others a question.
fn choose<'b>(
    what: &str,
    rows: &Rows<'_>,
    candidates: &[&'b Column],
    findings: &mut Findings<'_>,
) -> Option<&'b Column> {
    let first = *candidates.first()?;
    if let Some(answer) = findings.answer(what)
        && let Some(column) =
            candidates.iter().find(|column| text::compact(&column.title) == text::compact(answer))
    {
        findings.told(what, &column.title);
        return Some(column);
    }
    if candidates.iter().any(|other| !rows.same(first, other) && other.index != first.index) {
        ask_column(what, candidates, rows, findings);
    } else {
        let confidence = if first.header.exact { 0.95 } else { 0.75 };
        findings.found(what, &first.title, confidence, "by its header");
    }
    Some(first)
}

fn ask_column(what: &str, candidates: &[&Column], rows: &Rows<'_>, findings: &mut Findings<'_>) {
    let choices = candidates
        .iter()
        .map(|column| {
            let sum: Decimal = rows.data.iter().filter_map(|row| rows.value(row, column)).sum();
            Choice::new(
                &column.title,
                format!("\"{}\"", column.title),
                format!("its first {} rows come to {sum}", rows.data.len()),
            )
        })
        .collect();
    let message = format!("Several columns may hold the {what} of the sales. Which one counts?");
    findings.ask(what, "column_ambiguous", &message, None, choices);
}

/// The column of the line's amount, if the file has one.
fn amount<'b>(
    rows: &Rows<'_>,
    of: &impl Fn(Meaning) -> Vec<&'b Column>,
    quantity: Option<&'b Column>,
    prices: &[&'b Column],
    columns: &Columns<'b>,
    findings: &mut Findings<'_>,
) -> Option<&'b Column> {
    let incl = of(Meaning::AmountIncl);
    let excl = of(Meaning::AmountExcl);
    let mut plain = of(Meaning::Amount);
    plain.retain(|column| !is_of_order(rows, column, columns));
    let all: Vec<&Column> =
        incl.iter().chain(&excl).chain(&plain).copied().chain(of(Meaning::GrossSales)).collect();
    if all.is_empty() {
        return None;
    }
    if let Some(answer) = findings.answer("amount") {
        let told = all.iter().find(|column| text::compact(&column.title) == text::compact(answer));
        if let Some(column) = told {
            findings.told("amount", &column.title);
            return Some(column);
        }
    }
    let taxes = of(Meaning::Tax);
    // Net and gross beside each other with the tax between them: the gross one counts, and it is proven what it is.
    for tax in &taxes {
        for gross in &all {
            if all.iter().any(|net| rows.is_sum(net, tax, gross)) {
                let evidence = format!("it is the net amount plus \"{}\" in every row", tax.title);
                findings.found("amount", &gross.title, 1.0, evidence);
                return Some(gross);
            }
        }
    }
    let proven = quantity.and_then(|quantity| {
        let product = |amount: &&&Column| prices.iter().any(|price| rows.is_product(quantity, price, amount));
        exact_first(&all).iter().find(product).copied().or_else(|| all.iter().find(product).copied())
    });
    if let Some(column) = proven {
        findings.found("amount", &column.title, 1.0, "it is quantity times unit price in every row");
        return Some(column);
    }
    let candidates = match (&incl[..], &excl[..], &plain[..]) {
        ([one], _, _) => vec![*one],
        (_, [one], []) => vec![*one],
        (_, [net], others) => {
            // Net sales beside a total: after discounts, before tax and shipping.
            let all: Vec<&Column> = std::iter::once(*net).chain(exact_first(others)).collect();
            return choose("amount", rows, &all, findings);
        }
        (_, _, []) => all,
        (_, _, others) => exact_first(others),
    };
    choose("amount", rows, &candidates, findings)
}

/// A figure of the whole order that is repeated on, or only stands on one of, its lines.
fn is_of_order(rows: &Rows<'_>, column: &Column, columns: &Columns<'_>) -> bool {
    let Some(order) = columns.get(&Role::OrderId) else { return false };
    let mut orders: HashMap<String, Vec<Option<Decimal>>> = HashMap::new();
    for row in rows.data {
        let Some(id) = row.text(order.index) else { continue };
        orders.entry(id.into_owned()).or_default().push(rows.value(row, column));
    }
    let several: Vec<&Vec<Option<Decimal>>> = orders.values().filter(|lines| lines.len() > 1).collect();
    let once = |lines: &&&Vec<Option<Decimal>>| {
        let first = lines.first().copied().flatten();
        first.is_some() && lines.iter().skip(1).all(|value| value.is_none() || *value == first)
    };
    // Two lines of one price look like a total that is repeated: most orders must do so.
    several.len() >= 2 && several.iter().filter(once).count() * 10 >= several.len() * 9
}

/// Whether VAT is in the amount: by its header, or by the tax that stands beside it.
fn vat_of<'b>(
    rows: &Rows<'_>,
    amount: &Column,
    of: &impl Fn(Meaning) -> Vec<&'b Column>,
    findings: &mut Findings<'_>,
) -> Option<bool> {
    let by_header = amount.header.vat.or(match amount.header.meaning {
        Meaning::AmountIncl => Some(true),
        Meaning::AmountExcl => Some(false),
        _ => None,
    });
    let others: Vec<&Column> =
        [Meaning::Amount, Meaning::AmountIncl, Meaning::AmountExcl, Meaning::Cost, Meaning::Settled]
            .into_iter()
            .flat_map(of)
            .filter(|column| column.index != amount.index)
            .collect();
    for tax in of(Meaning::Tax) {
        if others.iter().any(|net| rows.is_sum(net, tax, amount)) {
            findings.found(
                "vat_included",
                "true",
                1.0,
                format!("it contains \"{}\" in every row", tax.title),
            );
            return Some(true);
        }
        if others.iter().any(|gross| rows.is_sum(amount, tax, gross)) {
            findings.found(
                "vat_included",
                "false",
                1.0,
                format!("\"{}\" comes on top of it in every row", tax.title),
            );
            return Some(false);
        }
    }
    let vat = by_header?;
    findings.found("vat_included", vat.to_string(), 0.9, format!("header \"{}\"", amount.title));
    Some(vat)
}

/// No column of amounts: what a piece costs times the pieces, where it is sure that the price is of one piece.
fn price_times_quantity<'b>(
    rows: &Rows<'_>,
    quantity: Option<&'b Column>,
    prices: &[&'b Column],
    of: &impl Fn(Meaning) -> Vec<&'b Column>,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
    figures: &mut Figures,
) {
    let Some(price) = exact_first(prices).first().copied() else { return };
    let Some(quantity) = quantity else {
        // Every row is one sale: its price is its amount.
        match findings.answer("price") {
            Some("line") => {
                columns.insert(Role::Amount, price);
            }
            _ => ask_price(price, findings),
        }
        return;
    };
    let ones = rows.share([quantity], |[q]| q.abs() == Decimal::ONE) == Some(100);
    let is_line = match findings.answer("price") {
        Some(answer) => answer == "line",
        None if price.is(Meaning::UnitPrice) || ones => false,
        None => match price_scales(rows, quantity, price, columns) {
            Some(scales) => scales,
            None => {
                ask_price(price, findings);
                false
            }
        },
    };
    if is_line {
        findings.found("amount", &price.title, 0.9, "it grows with the quantity");
        columns.insert(Role::Amount, price);
        return;
    }
    findings.found(
        "amount",
        format!("{} x {}", quantity.title, price.title),
        0.9,
        "the file has prices and no amounts",
    );
    columns.insert(Role::UnitPrice, price);
    figures.vat = price.header.vat;
    let of_line = |column: &&Column| {
        let words = text::words(&column.title);
        words.iter().any(|word| matches!(word.as_str(), "lineitem" | "line" | "item"))
            && !column.facts.largest.is_zero()
    };
    if let Some(discount) = of(Meaning::Discount).into_iter().find(|column| of_line(column)) {
        columns.insert(Role::Discount, discount);
    }
}

fn ask_price(price: &Column, findings: &mut Findings<'_>) {
    let message = format!("Is \"{}\" the price of one piece or of the whole line?", price.title);
    let choices = vec![
        Choice::new("piece", "Of one piece", "the amount is quantity times price"),
        Choice::new("line", "Of the whole line", "the amount is the price"),
    ];
    findings.ask("price", "price_ambiguous", &message, None, choices);
}

/// Whether a price grows with the quantity of a product; `None` when the rows do not tell.
fn price_scales(rows: &Rows<'_>, quantity: &Column, price: &Column, columns: &Columns<'_>) -> Option<bool> {
    let product = [Role::Ean, Role::Sku, Role::Code, Role::Name].iter().find_map(|role| columns.get(role))?;
    let mut of_one: HashMap<String, Decimal> = HashMap::new();
    let values = |row: &Row| {
        Some((row.text(product.index)?.into_owned(), rows.value(row, quantity)?, rows.value(row, price)?))
    };
    for (product, quantity, price) in rows.data.iter().filter_map(|row| values(row)) {
        if quantity == Decimal::ONE {
            of_one.entry(product).or_insert(price);
        }
    }
    let (mut constant, mut grows) = (0usize, 0usize);
    for (product, quantity, price) in rows.data.iter().filter_map(|row| values(row)) {
        let Some(one) = of_one.get(&product).filter(|_| quantity > Decimal::ONE) else { continue };
        constant += usize::from(price == *one);
        grows += usize::from(near(*one * quantity, price, quantity));
    }
    match (constant, grows) {
        (3.., _) if constant > grows * 9 => Some(false),
        (_, 3..) if grows > constant * 9 => Some(true),
        _ => None,
    }
}
