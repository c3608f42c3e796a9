//! What a row says besides its figures.

use std::{borrow::Cow, rc::Rc};

use chrono::NaiveDate;
use domain::{Currency, Cut, OrderLine, Period};
use rust_decimal::Decimal;

use super::{Table, when::When};
use crate::{
    accept::{Draft, Fault, Printed, Product},
    cell::{Cell, Row},
    figures,
    header::{Column, Group},
    profile::{Above, Role},
    text,
};

/// Cut of the figures that stand beside those of the period and are a year older.
const LAST_YEAR: &str = "last_year";

impl<'t> Table<'t, '_> {
    pub(super) fn figure(&self, row: &Row, role: Role) -> Result<Option<Decimal>, Fault> {
        let Some(column) = self.found.column(role) else { return Ok(None) };
        self.read(row, column)
    }

    /// The number in a cell, by the dialect of its column.
    pub(super) fn read(&self, row: &Row, column: u32) -> Result<Option<Decimal>, Fault> {
        figures::read(row, column, self.reading.dialect(self.found.sheet, column))
    }

    pub(super) fn text<'r>(&self, row: &'r Row, role: Role) -> Option<Cow<'r, str>> {
        let column = self.found.column(role)?;
        match row.get(column) {
            Some(cell) => words(cell),
            None => self.held.get(&role).and_then(words).map(|words| Cow::Owned(words.into_owned())),
        }
    }

    /// What stands in a column, or holds on in it.
    pub(super) fn cell<'c>(&'c self, row: &'c Row, role: Role) -> Option<&'c Cell> {
        let column = self.found.column(role)?;
        row.get(column).or_else(|| self.held.get(&role))
    }

    /// Keeps what stands only where it changes.
    pub(super) fn hold(&mut self, row: &Row) {
        for role in &self.fill_down {
            let cell = self.found.column(*role).and_then(|column| row.get(column));
            if let Some(cell) = cell.filter(|cell| !matches!(cell, Cell::Error(_))) {
                self.held.insert(*role, cell.clone());
            }
        }
    }

    /// The product of a row. Rows that print the same share one.
    pub(super) fn product(&mut self, row: &Row) -> Rc<Product> {
        const END: char = '\u{1f}';
        let (products, mut key) = (&self.products.0, std::mem::take(&mut self.products.1));
        key.clear();
        for role in [Role::Article, Role::Code, Role::Ean, Role::Reference, Role::Sku, Role::Name] {
            if let Some(cell) = self.cell(row, role).filter(|cell| !matches!(cell, Cell::Error(_))) {
                key.push_str(&cell.text());
            }
            key.push(END);
        }
        let product = products.get(&key).unwrap_or_else(|| {
            let product = Rc::new(self.acceptor.product(self.printed_product(row)));
            self.products.0.keep(&key, product)
        });
        self.products.1 = key;
        product
    }

    fn printed_product(&self, row: &Row) -> Printed {
        let text = |role| self.text(row, role).map(Cow::into_owned);
        let article = text(Role::Article);
        let (code, name) = match article.as_deref().and_then(|article| article.split_once(" - ")) {
            Some((code, name)) => (Some(code.trim().to_owned()), Some(name.trim().to_owned())),
            None => (None, article.clone()),
        };
        let code = text(Role::Code).or(code);
        // Some vendors use the EAN as their article number; shorter numbers have a check digit by chance.
        const EAN_DIGITS: usize = 12;
        let is_ean = |code: &String| code.len() >= EAN_DIGITS && domain::normalise_ean(code).is_some();
        // Words in a column of EANs name a total or a note, and no product.
        let has_digit = |text: &String| text.contains(|c: char| c.is_ascii_digit());
        Printed {
            ean: text(Role::Ean).filter(has_digit).or_else(|| code.clone().filter(is_ean)),
            code,
            article,
            reference: text(Role::Reference),
            sku: text(Role::Sku),
            name: text(Role::Name).or(name),
        }
    }

    /// A table names products, or stores, or nothing but periods: a row must name what its table names.
    pub(super) fn is_nameless(&self, row: &Row, product: &Product) -> bool {
        let has = |roles: &[Role]| roles.iter().any(|role| self.found.columns.contains_key(role));
        let without_store = || has(&[Role::Store]) && self.text(row, Role::Store).is_none();
        // What only holds on from above names nothing.
        let names = |(role, column): (&Role, &Column)| {
            let text = row.text(column.index);
            let is_ean = |text: &str| *role != Role::Ean || text.contains(|c: char| c.is_ascii_digit());
            !role.is_figure() && text.is_some_and(|text| is_ean(&text))
        };
        if !self.fill_down.is_empty() && !self.found.columns.iter().any(names) {
            return true;
        }
        if !product.printed.is_empty() {
            return false;
        }
        let products = [Role::Ean, Role::Code, Role::Article, Role::Sku, Role::Reference, Role::Name];
        if has(&products) { self.cut.is_main() || without_store() } else { without_store() }
    }

    /// The row as one group of figures states it.
    pub(super) fn draft<'d>(
        &self,
        row: &'d Row,
        group: &'d Group,
        (period, sale_date): When,
        product: &'d Product,
        currency: Currency,
    ) -> Draft<'d>
    where
        't: 'd,
    {
        let (found, layout) = (self.found, self.layout);
        let sheet = found.sheet_name.as_deref();
        let of_sheet = || sheet.filter(|_| self.acceptor.layout().store.sheets).map(Cow::Borrowed);
        let of_group = group.store.as_deref().map(Cow::Borrowed);
        let section = || self.store_of_section().map(Cow::Owned);
        let store = of_group.or_else(section).or_else(|| self.text(row, Role::Store)).or_else(of_sheet);
        let order_id = self.text(row, Role::OrderId);
        let above = |meaning| {
            let grid = layout.grid.as_ref()?;
            group.above.as_deref().filter(|_| grid.above == Some(meaning)).map(Cow::Borrowed)
        };
        Draft {
            cut: self.cut,
            period,
            sale_date,
            store,
            product,
            quantity: None,
            amount: None,
            currency,
            derived: None,
            country: self.text(row, Role::Country).or_else(|| above(Above::Country)),
            city: self.text(row, Role::City).or_else(|| above(Above::City)),
            order: order_id.map(|id| self.order(row, id.into_owned())),
            sheet,
            row: row.number,
            column: group.quantity.or(group.amount),
        }
    }

    fn order(&self, row: &Row, order_id: String) -> OrderLine {
        let is_gift = self.text(row, Role::IsGift).is_some_and(|text| {
            matches!(text::fold(&text).as_str(), "true" | "yes" | "1" | "y" | "x" | "ja" | "oui")
        });
        // Costs and fees are extras: an unreadable one does not cost the sale.
        let extra = |role| self.figure(row, role).ok().flatten();
        let text = |role| self.text(row, role).map(Cow::into_owned);
        let buyer = self.text(row, Role::Buyer).and_then(|printed| self.acceptor.buyer(&printed));
        OrderLine {
            order_id,
            line_key: String::new(),
            is_gift,
            cost_of_goods: extra(Role::CostOfGoods),
            payment_fee: extra(Role::PaymentFee),
            utm_source: text(Role::UtmSource),
            utm_medium: text(Role::UtmMedium),
            utm_campaign: text(Role::UtmCampaign),
            device: text(Role::Device),
            buyer,
        }
    }

    /// Figures of the same period last year become a cut of their own.
    pub(super) fn last_year(&mut self, row: &Row, draft: &Draft<'_>) {
        let figure = |role| self.figure(row, role).ok().flatten();
        let (quantity, amount) = (figure(Role::QuantityLastYear), figure(Role::AmountLastYear));
        if quantity.unwrap_or_default().is_zero() && amount.unwrap_or_default().is_zero() {
            return;
        }
        let before = |day: NaiveDate| day.checked_sub_months(chrono::Months::new(12));
        let start = before(draft.period.start());
        // Month ends are found from the first day after them: February has its own.
        let end = draft.period.end().succ_opt().and_then(before).and_then(|day| day.pred_opt());
        let period = start.zip(end).and_then(|(start, end)| Period::new(start, end).ok());
        if let Some(period) = period {
            let cut = &Cut(LAST_YEAR.to_owned());
            self.acceptor.accept(Draft { cut, period, quantity, amount, ..draft.clone() });
        }
    }
}

/// The words of a cell, with one space between them.
fn words(cell: &Cell) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Error(_) => None,
        cell => Some(text::squeezed(cell.text())).filter(|words| !words.is_empty()),
    }
}
