//! What a row says besides its figures.

use chrono::NaiveDate;
use domain::{Currency, Cut, OrderLine, Period, SourceCell};
use rust_decimal::Decimal;

use super::Table;
use crate::{
    accept::{Draft, Fault, Printed},
    cell::{Cell, Row, column_letters},
    figures,
    header::{Column, Group},
    profile::{Above, Role},
    text,
};

/// Cut of the figures that stand beside those of the period and are a year older.
const LAST_YEAR: &str = "last_year";

impl Table<'_, '_> {
    pub(super) fn figure(&self, row: &Row, role: Role) -> Result<Option<Decimal>, Fault> {
        let Some(column) = self.found.column(role) else { return Ok(None) };
        self.read(row, column)
    }

    /// The number in a cell, by the dialect of its column.
    pub(super) fn read(&self, row: &Row, column: u32) -> Result<Option<Decimal>, Fault> {
        figures::read(row, column, self.reading.dialect(self.found.sheet, column))
    }

    pub(super) fn text(&self, row: &Row, role: Role) -> Option<String> {
        match self.cell(row, role)? {
            Cell::Error(_) => None,
            cell => Some(cell.text().split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|text| !text.is_empty()),
        }
    }

    /// What stands in a column, or holds on in it.
    pub(super) fn cell<'c>(&'c self, row: &'c Row, role: Role) -> Option<&'c Cell> {
        let column = self.found.column(role)?;
        row.get(column).or_else(|| self.held.get(&role))
    }

    /// Keeps what stands only where it changes.
    pub(super) fn hold(&mut self, row: &Row) {
        for role in &self.layout.fill_down {
            let cell = self.found.column(*role).and_then(|column| row.get(column));
            if let Some(cell) = cell.filter(|cell| !matches!(cell, Cell::Error(_))) {
                self.held.insert(*role, cell.clone());
            }
        }
    }

    pub(super) fn product(&self, row: &Row) -> Printed {
        let article = self.text(row, Role::Article);
        let (code, name) = match article.as_deref().and_then(|article| article.split_once(" - ")) {
            Some((code, name)) => (Some(code.trim().to_owned()), Some(name.trim().to_owned())),
            None => (None, article.clone()),
        };
        let code = self.text(row, Role::Code).or(code);
        // Some vendors use the EAN as their article number; shorter numbers have a check digit by chance.
        const EAN_DIGITS: usize = 12;
        let is_ean = |code: &String| code.len() >= EAN_DIGITS && domain::normalise_ean(code).is_some();
        Printed {
            ean: self.text(row, Role::Ean).or_else(|| code.clone().filter(is_ean)),
            code,
            article,
            reference: self.text(row, Role::Reference),
            sku: self.text(row, Role::Sku),
            name: self.text(row, Role::Name).or(name),
        }
    }

    /// A table names products, or stores, or nothing but periods: a row must name what its table names.
    pub(super) fn is_nameless(&self, row: &Row, product: &Printed) -> bool {
        let has = |roles: &[Role]| roles.iter().any(|role| self.found.columns.contains_key(role));
        let without_store = || has(&[Role::Store]) && self.text(row, Role::Store).is_none();
        // What only holds on from above names nothing.
        let names = |(role, column): (&Role, &Column)| !role.is_figure() && row.get(column.index).is_some();
        if !self.layout.fill_down.is_empty() && !self.found.columns.iter().any(names) {
            return true;
        }
        if !product.is_empty() {
            return false;
        }
        let products = [Role::Ean, Role::Code, Role::Article, Role::Sku, Role::Reference, Role::Name];
        if has(&products) { self.cut.is_main() || without_store() } else { without_store() }
    }

    /// The row as one group of figures states it.
    pub(super) fn draft(
        &self,
        row: &Row,
        group: &Group,
        (period, sale_date): (Period, Option<NaiveDate>),
        product: Printed,
        currency: Currency,
    ) -> Draft {
        let of_sheet = || self.found.sheet_name.clone().filter(|_| self.acceptor.layout().store.sheets);
        let section = self.store_of_section();
        let store = group.store.clone().or(section).or_else(|| self.text(row, Role::Store)).or_else(of_sheet);
        let order_id = self.text(row, Role::OrderId);
        let column = group.quantity.or(group.amount);
        let above = |meaning| {
            let grid = self.layout.grid.as_ref()?;
            group.above.clone().filter(|_| grid.above == Some(meaning))
        };
        Draft {
            cut: self.cut.clone(),
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
            order: order_id.map(|id| self.order(row, id)),
            source: SourceCell {
                sheet: self.found.sheet_name.clone(),
                row: row.number,
                column: column.map(column_letters),
            },
        }
    }

    fn order(&self, row: &Row, order_id: String) -> OrderLine {
        let is_gift = self.text(row, Role::IsGift).is_some_and(|text| {
            matches!(text::fold(&text).as_str(), "true" | "yes" | "1" | "y" | "x" | "ja" | "oui")
        });
        // Costs and fees are extras: an unreadable one does not cost the sale.
        let extra = |role| self.figure(row, role).ok().flatten();
        OrderLine {
            order_id,
            line_key: String::new(),
            is_gift,
            cost_of_goods: extra(Role::CostOfGoods),
            payment_fee: extra(Role::PaymentFee),
            utm_source: self.text(row, Role::UtmSource),
            utm_medium: self.text(row, Role::UtmMedium),
            utm_campaign: self.text(row, Role::UtmCampaign),
            device: self.text(row, Role::Device),
        }
    }

    /// Figures of the same period last year become a cut of their own.
    pub(super) fn last_year(&mut self, row: &Row, draft: &Draft) {
        let figure = |role| self.figure(row, role).ok().flatten();
        let (quantity, amount) = (figure(Role::QuantityLastYear), figure(Role::AmountLastYear));
        let sold = !quantity.unwrap_or_default().is_zero() || !amount.unwrap_or_default().is_zero();
        let before = |day: NaiveDate| day.checked_sub_months(chrono::Months::new(12));
        let start = before(draft.period.start());
        // Month ends are found from the first day after them: February has its own.
        let end = draft.period.end().succ_opt().and_then(before).and_then(|day| day.pred_opt());
        let period = start.zip(end).and_then(|(start, end)| Period::new(start, end).ok());
        if let Some(period) = period.filter(|_| sold) {
            let cut = Cut(LAST_YEAR.to_owned());
            self.acceptor.accept(Draft { cut, period, quantity, amount, ..draft.clone() });
        }
    }
}
