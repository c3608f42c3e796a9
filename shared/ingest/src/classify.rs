//! What a line is: the first rule that fits.

use chrono::NaiveDate;
use domain::{LineClass, ProductKind};
use rust_decimal::Decimal;

use crate::{Reference, text};

/// What the rules look at.
pub(crate) struct Line<'a> {
    pub(crate) ean: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) amount_eur: Option<Decimal>,
    /// The day whose list price applies.
    pub(crate) day: NaiveDate,
}

/// 1. negative: return · 2. tester article: tester · 3. 2 ml or advent article at no more than half its list
///    price: sample · 4. nothing paid for something: gift · 5. sale.
pub(crate) fn classify(line: &Line<'_>, reference: &Reference) -> LineClass {
    let quantity = line.quantity.unwrap_or_default();
    let amount = line.amount.unwrap_or_default();
    if quantity < Decimal::ZERO || (quantity.is_zero() && amount < Decimal::ZERO) {
        return LineClass::Return;
    }
    match kind(line, reference) {
        ProductKind::Tester => return LineClass::Tester,
        ProductKind::Sample | ProductKind::Advent if is_given_away(line, reference) => {
            return LineClass::Sample;
        }
        _ => {}
    }
    if line.amount.is_some_and(|amount| amount.is_zero()) && quantity > Decimal::ZERO {
        return LineClass::Gift;
    }
    LineClass::Sale
}

/// Kind by the catalogue; an article it does not know tells its kind by its name alone.
fn kind(line: &Line<'_>, reference: &Reference) -> ProductKind {
    if let Some(product) = line.ean.and_then(|ean| reference.product(ean)) {
        return product.kind;
    }
    let name = text::fold(line.name.unwrap_or_default());
    let has = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    if has("tester") {
        return ProductKind::Tester;
    }
    if has("sample") || has("2ml") || name.ends_with(" 2 ml") {
        return ProductKind::Sample;
    }
    if has("advent") { ProductKind::Advent } else { ProductKind::Regular }
}

fn is_given_away(line: &Line<'_>, reference: &Reference) -> bool {
    let (Some(quantity), Some(amount)) = (line.quantity, line.amount) else { return false };
    if amount.is_zero() {
        return true;
    }
    let list_price = line.ean.and_then(|ean| reference.list_price(ean, line.day));
    match (list_price, line.amount_eur) {
        (Some(price), Some(amount_eur)) => amount_eur * Decimal::TWO <= price * quantity,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
