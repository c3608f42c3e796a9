//! What follows from a row's product and the reference data: what the line is, and what it is worth.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Currency, Derived, LineClass, Period, ProductKind, Rate, Reference, fold};

/// What a row says, as far as anything follows from it.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub ean: Option<&'a str>,
    pub kind: ProductKind,
    pub quantity: Option<Decimal>,
    /// As the file has it: never a derived one.
    pub amount: Option<Decimal>,
    /// What the list price gives, where the file has units only.
    pub derived: Option<Derived>,
    pub currency: Currency,
    pub period: Period,
}

/// What follows from a [`Line`].
#[derive(Debug, Clone, PartialEq)]
pub struct Consequence {
    pub amount_local: Option<Decimal>,
    /// Unrounded; `None` without a rate, an amount or a price.
    pub amount_eur: Option<Decimal>,
    pub rate: Option<Rate>,
    pub line_class: LineClass,
}

impl Reference {
    /// Classifies a row and puts it into euro. A rate is that of the month of the period's last day, a list price that of
    /// the last day itself.
    #[must_use]
    pub fn conclude(&self, line: &Line<'_>) -> Consequence {
        let day = line.period.end();
        let rate = self.rate(line.currency, line.period.rate_month());
        let value = || Some(self.list_price(line.ean?, day)? * line.quantity?);
        let value = line.derived.and_then(|_| value());
        // What is derived says nothing about what was paid.
        let amount = line.amount.filter(|_| line.derived.is_none());
        let amount_local = match line.derived {
            None => amount,
            Some(Derived::Amount) => value,
            Some(Derived::Euro) => None,
        };
        let rate = rate.filter(|_| amount_local.is_some());
        let amount_eur = value.or_else(|| Some(amount_local? * rate.as_ref()?.eur_per_unit));
        let figures = Figures { amount, amount_eur: amount.and(amount_eur), day };
        let line_class = classify(line, &figures, self);
        Consequence { amount_local, amount_eur, rate, line_class }
    }

    /// Kind by the catalogue; an article it does not know tells its kind by its name alone.
    #[must_use]
    pub fn kind(&self, ean: Option<&str>, name: Option<&str>) -> ProductKind {
        if let Some(product) = ean.and_then(|ean| self.product(ean)) {
            return product.kind;
        }
        let name = fold(name.unwrap_or_default());
        let has = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
        if has("tester") {
            return ProductKind::Tester;
        }
        if has("sample") || has("2ml") || name.ends_with(" 2 ml") {
            return ProductKind::Sample;
        }
        if has("advent") { ProductKind::Advent } else { ProductKind::Regular }
    }
}

/// What the rules look at besides the line.
struct Figures {
    amount: Option<Decimal>,
    amount_eur: Option<Decimal>,
    /// The day whose list price applies.
    day: NaiveDate,
}

/// 1. negative: return · 2. tester article: tester · 3. 2 ml or advent article at no more than half its list
///    price: sample · 4. nothing paid for something: gift · 5. sale.
fn classify(line: &Line<'_>, figures: &Figures, reference: &Reference) -> LineClass {
    let quantity = line.quantity.unwrap_or_default();
    let amount = figures.amount.unwrap_or_default();
    if quantity < Decimal::ZERO || (quantity.is_zero() && amount < Decimal::ZERO) {
        return LineClass::Return;
    }
    match line.kind {
        ProductKind::Tester => return LineClass::Tester,
        ProductKind::Sample | ProductKind::Advent if is_given_away(line, figures, reference) => {
            return LineClass::Sample;
        }
        _ => {}
    }
    if figures.amount.is_some_and(|amount| amount.is_zero()) && quantity > Decimal::ZERO {
        return LineClass::Gift;
    }
    LineClass::Sale
}

fn is_given_away(line: &Line<'_>, figures: &Figures, reference: &Reference) -> bool {
    let (Some(quantity), Some(amount)) = (line.quantity, figures.amount) else { return false };
    if amount.is_zero() {
        return true;
    }
    let list_price = line.ean.and_then(|ean| reference.list_price(ean, figures.day));
    match (list_price, figures.amount_eur) {
        (Some(price), Some(amount_eur)) => amount_eur * Decimal::TWO <= price * quantity,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
