//! Which columns hold pieces and money, proven by arithmetic where it can be.

mod missing;
pub(super) mod returns;

use missing::{ask_price, leftover, prices_only};
use rust_decimal::Decimal;

use super::{
    arithmetic::Rows,
    band::{Band, Column},
    findings::{Choice, Findings},
    identity::Columns,
    meaning::Meaning,
};
use crate::{cell::Row, profile::Role, text};

/// What was found out about the figures.
#[derive(Default)]
pub(super) struct Figures {
    /// Whether amounts include VAT, as far as the file says.
    pub(super) vat: Option<bool>,
    /// A person is asked which column holds them.
    pub(super) asked: bool,
    pub(super) warnings: Vec<(&'static str, String)>,
}

/// The numeric columns of a table that name nothing.
struct Table<'t, 'b> {
    rows: &'t Rows<'t>,
    columns: Vec<&'b Column>,
    product: Option<&'b Column>,
    order: Option<&'b Column>,
    /// Amazon's order reports print the price of the line under `item-price`.
    of_amazon: bool,
}

impl<'b> Table<'_, 'b> {
    fn of(&self, meaning: Meaning) -> Vec<&'b Column> {
        self.columns.iter().copied().filter(|column| column.is(meaning)).collect()
    }

    fn of_any(&self, meanings: &[Meaning]) -> Vec<&'b Column> {
        meanings.iter().flat_map(|meaning| self.of(*meaning)).collect()
    }
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
    let product = [Role::Ean, Role::Sku, Role::Code, Role::Name].iter().find_map(|role| columns.get(role));
    let table = Table {
        rows: &rows,
        columns: band.columns.iter().filter(free).filter(|column| may_be_figures(column)).collect(),
        product: product.copied(),
        order: columns.get(&Role::OrderId).copied(),
        of_amazon: band.columns.iter().any(|column| text::compact(&column.title) == "amazonorderid"),
    };
    let mut figures = Figures::default();
    let quantity = quantity(&table, findings);
    let prices = table.of_any(&[Meaning::UnitPrice, Meaning::Price]);
    let amount = amount(&table, quantity, &prices, findings);
    if let Some(quantity) = quantity {
        columns.insert(Role::Quantity, quantity);
    }
    match amount {
        Some(amount) if per_piece(&table, quantity, amount, findings) => {
            figures.vat = amount.header.vat;
            columns.insert(Role::UnitPrice, amount);
        }
        Some(amount) => {
            figures.vat = vat_of(&table, amount, findings);
            columns.insert(Role::Amount, amount);
        }
        None if prices.is_empty() => leftover(&table, quantity, columns, findings, &mut figures),
        None => prices_only(&table, quantity, &prices, columns, findings, &mut figures),
    }
    unnamed_quantity(&table, columns, findings);
    swapped(&table, columns, findings, &mut figures);
    returns::returns(&table, columns, findings, &mut figures);
    figures
}

/// Figures by their cells, or by a header that leaves no doubt: cells that are no numbers are then said so.
fn may_be_figures(column: &Column) -> bool {
    const MONEY: [Meaning; 5] =
        [Meaning::Amount, Meaning::AmountIncl, Meaning::AmountExcl, Meaning::GrossSales, Meaning::Quantity];
    let by_header = column.header.exact && MONEY.contains(&column.header.meaning);
    column.facts.is_figures()
        || by_header && column.facts.filled > 0 && !column.facts.mostly(column.facts.dates, 50)
}

/// No header says pieces, but whole numbers stand beside the amounts.
fn unnamed_quantity<'b>(table: &Table<'_, 'b>, columns: &mut Columns<'b>, findings: &mut Findings<'_>) {
    let Some(amount) = columns.get(&Role::Amount).copied() else { return };
    if columns.contains_key(&Role::Quantity) || columns.contains_key(&Role::OrderId) {
        return;
    }
    let near: Vec<&Column> = table
        .of_any(&[Meaning::Unknown, Meaning::Amount])
        .into_iter()
        .filter(|column| {
            let facts = &column.facts;
            (column.index.abs_diff(amount.index) == 1 || column.is(Meaning::Amount))
                && facts.integers == facts.numbers
                && facts.numbers > 0
                && facts.distinct.len() > 2
                && facts.largest < amount.facts.largest
        })
        .collect();
    if near.is_empty() {
        return;
    }
    match findings.answer("quantity") {
        Some("none") => findings.told("quantity", "none"),
        Some(answer) => {
            if let Some(column) = named(&near, answer) {
                findings.told("quantity", &column.title);
                columns.insert(Role::Quantity, column);
            }
        }
        None => {
            let message = "No header says which column holds the pieces. Which one is it?";
            let none = Choice::new("none", "None: the file has amounts only", "pieces stay unknown");
            ask_column("quantity", message, &near, table.rows, vec![none], findings);
        }
    }
}

/// Pieces with cents beside whole amounts that are smaller: the headers stand over each other's columns.
fn swapped(table: &Table<'_, '_>, columns: &Columns<'_>, findings: &mut Findings<'_>, figures: &mut Figures) {
    let (Some(quantity), Some(amount)) = (columns.get(&Role::Quantity), columns.get(&Role::Amount)) else {
        return;
    };
    let (pieces, money) = (&quantity.facts, &amount.facts);
    let whole = money.integers == money.numbers;
    let large = pieces.largest > money.largest
        && pieces.largest > Decimal::TEN
        && money.largest <= Decimal::ONE_HUNDRED;
    let cents = pieces.integers * 2 < pieces.numbers;
    if whole
        && large
        && (cents || pieces.numbers > 3 && sum(table, quantity) > sum(table, amount) * Decimal::TEN)
        && findings.answer("swapped").is_none()
    {
        figures.asked = true;
        let message = format!(
            "\"{}\" looks like money and \"{}\" like pieces. Are the two headers swapped?",
            quantity.title, amount.title
        );
        findings.ask(
            "swapped",
            "columns_swapped",
            &message,
            None,
            vec![Choice::new("no", "No, the headers are right", "taken as they stand")],
        );
    }
}

fn sum(table: &Table<'_, '_>, column: &Column) -> Decimal {
    table.rows.data.iter().filter_map(|row| table.rows.value(row, column)).sum()
}

/// Sold pieces; of sold and net ones those from which the returned ones are taken off.
fn quantity<'b>(table: &Table<'_, 'b>, findings: &mut Findings<'_>) -> Option<&'b Column> {
    let all = table.of(Meaning::Quantity);
    let returned = table.of(Meaning::ReturnedQuantity);
    let net = all.iter().find(|net| all.iter().any(|sold| table.rows.is_rest(sold, &returned, net)));
    if let Some(net) = net.filter(|_| !returned.is_empty()) {
        findings.found("quantity", &net.title, 1.0, "sold less returned pieces in every row");
        return Some(net);
    }
    choose("quantity", table.rows, &exact_first(&all), findings)
}

/// Headers that are known in full count more than such that only mention a word.
fn exact_first<'b>(columns: &[&'b Column]) -> Vec<&'b Column> {
    let exact: Vec<&Column> = columns.iter().copied().filter(|column| column.header.exact).collect();
    if exact.is_empty() { columns.to_vec() } else { exact }
}

fn named<'b>(columns: &[&'b Column], title: &str) -> Option<&'b Column> {
    columns.iter().copied().find(|column| text::compact(&column.title) == text::compact(title))
}

/// One of several columns for the same figure: equal ones are one, others a question.
fn choose<'b>(
    what: &str,
    rows: &Rows<'_>,
    candidates: &[&'b Column],
    findings: &mut Findings<'_>,
) -> Option<&'b Column> {
    let first = *candidates.first()?;
    if let Some(column) = findings.answer(what).and_then(|answer| named(candidates, answer)) {
        findings.told(what, &column.title);
        return Some(column);
    }
    if candidates.iter().any(|other| !rows.same(first, other) && other.index != first.index) {
        let message = format!("Several columns may hold the {what} of the sales. Which one counts?");
        ask_column(what, &message, candidates, rows, Vec::new(), findings);
    } else {
        let confidence = if first.header.exact { 0.95 } else { 0.75 };
        findings.found(what, &first.title, confidence, "by its header");
    }
    Some(first)
}

fn ask_column(
    what: &str,
    message: &str,
    candidates: &[&Column],
    rows: &Rows<'_>,
    more: Vec<Choice>,
    findings: &mut Findings<'_>,
) {
    let choices = candidates.iter().map(|column| {
        let sum: Decimal = rows.data.iter().filter_map(|row| rows.value(row, column)).sum();
        let evidence = format!("its first {} rows come to {sum}", rows.data.len());
        Choice::new(&column.title, format!("\"{}\"", column.title), evidence)
    });
    findings.ask(what, "column_ambiguous", message, None, choices.chain(more).collect());
}

/// The column of the line's amount, if the file has one.
fn amount<'b>(
    table: &Table<'_, 'b>,
    quantity: Option<&'b Column>,
    prices: &[&'b Column],
    findings: &mut Findings<'_>,
) -> Option<&'b Column> {
    let rows = table.rows;
    let of_lines = |columns: Vec<&'b Column>| -> Vec<&'b Column> {
        let own: Vec<&Column> = columns.iter().copied().chain(prices.iter().copied()).collect();
        let of_order =
            |column: &&Column| table.order.is_some_and(|order| rows.is_of_order(order, column, &own));
        columns.into_iter().filter(|column| !of_order(column)).collect()
    };
    let kinds = [Meaning::AmountIncl, Meaning::AmountExcl, Meaning::Amount, Meaning::GrossSales];
    let all = of_lines(table.of_any(&kinds));
    if all.is_empty() {
        return None;
    }
    if let Some(column) = findings.answer("amount").and_then(|answer| named(&all, answer)) {
        findings.told("amount", &column.title);
        return Some(column);
    }
    // Net and gross beside each other with the tax between them: the gross one counts, and it is proven what it is.
    for tax in table.of(Meaning::Tax) {
        let gross = all.iter().find(|gross| all.iter().any(|net| rows.is_sum(net, tax, gross)));
        if let Some(gross) = gross {
            let evidence = format!("it is the net amount plus \"{}\" in every row", tax.title);
            findings.found("amount", &gross.title, 1.0, evidence);
            return Some(gross);
        }
    }
    // The goods and what was paid for them with their shipping: the goods count.
    for shipping in table.of(Meaning::Shipping) {
        let goods = all.iter().find(|goods| all.iter().any(|paid| rows.is_sum(goods, shipping, paid)));
        if let Some(goods) = goods {
            let evidence = format!("with \"{}\" it comes to the other amount in every row", shipping.title);
            findings.found("amount", &goods.title, 1.0, evidence);
            return Some(goods);
        }
    }
    let taken = table.of_any(&[Meaning::Discount, Meaning::Refund]);
    let rest = all.iter().find(|net| all.iter().any(|gross| rows.is_rest(gross, &taken, net)));
    if let Some(net) = rest.filter(|_| !taken.is_empty()) {
        findings.found(
            "amount",
            &net.title,
            1.0,
            "it is another amount less discounts and returns in every row",
        );
        return Some(net);
    }
    // Tills print sales before discounts, after them, and what was collected with tax and tips.
    let net = all.iter().find(|column| column.header.exact && text::fold(&column.title) == "net sales");
    if let Some(net) = net.filter(|_| all.iter().any(|column| column.is(Meaning::GrossSales))) {
        findings.found("amount", &net.title, 0.9, "net sales stand beside gross sales");
        return Some(net);
    }
    let proven = quantity.and_then(|quantity| {
        let product = |amount: &&&Column| prices.iter().any(|price| rows.is_product(quantity, price, amount));
        exact_first(&all).iter().find(product).copied().or_else(|| all.iter().find(product).copied())
    });
    if let Some(column) = proven {
        findings.found("amount", &column.title, 1.0, "it is quantity times unit price in every row");
        return Some(column);
    }
    let with = |meaning: Meaning| all.iter().copied().filter(|column| column.is(meaning)).collect::<Vec<_>>();
    let (incl, excl, plain) = (with(Meaning::AmountIncl), with(Meaning::AmountExcl), with(Meaning::Amount));
    let candidates = match (&incl[..], &excl[..], &plain[..]) {
        ([one], _, _) => vec![*one],
        (_, [one], []) => vec![*one],
        (_, [net], others) => std::iter::once(*net).chain(exact_first(others)).collect(),
        (_, _, []) => all,
        (_, _, others) => exact_first(others),
    };
    choose("amount", rows, &candidates, findings)
}

/// Whether what is headed like an amount is the price of one piece: it stays the same when a product's quantity grows.
fn per_piece(
    table: &Table<'_, '_>,
    quantity: Option<&Column>,
    amount: &Column,
    findings: &mut Findings<'_>,
) -> bool {
    let (Some(quantity), Some(product)) = (quantity, table.product) else { return false };
    if table.rows.grows(product, quantity, amount) != Some(false) {
        return false;
    }
    match findings.answer("price") {
        Some(answer) => answer == "piece",
        None => {
            ask_price(amount, findings);
            false
        }
    }
}

/// Whether VAT is in the amount: by its header, or by the tax that stands beside it.
fn vat_of(table: &Table<'_, '_>, amount: &Column, findings: &mut Findings<'_>) -> Option<bool> {
    let by_header = amount.header.vat.or(match amount.header.meaning {
        Meaning::AmountIncl => Some(true),
        Meaning::AmountExcl => Some(false),
        _ => None,
    });
    let sums = [
        Meaning::Amount,
        Meaning::AmountIncl,
        Meaning::AmountExcl,
        Meaning::Cost,
        Meaning::Settled,
        Meaning::Price,
    ];
    let mut others = table.of_any(&sums);
    others.retain(|column| column.index != amount.index);
    for tax in table.of(Meaning::Tax) {
        if others.iter().any(|net| table.rows.is_sum(net, tax, amount)) {
            let evidence = format!("it contains \"{}\" in every row", tax.title);
            findings.found("vat_included", "true", 1.0, evidence);
            return Some(true);
        }
        if others.iter().any(|gross| table.rows.is_sum(amount, tax, gross)) {
            let evidence = format!("\"{}\" comes on top of it in every row", tax.title);
            findings.found("vat_included", "false", 1.0, evidence);
            return Some(false);
        }
    }
    let vat = by_header?;
    findings.found("vat_included", vat.to_string(), 0.9, format!("header \"{}\"", amount.title));
    Some(vat)
}
