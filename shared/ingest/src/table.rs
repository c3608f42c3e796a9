//! The shape `table`: a header row, then one row for each sale.

mod line;
mod when;

use std::{collections::BTreeMap, ops::ControlFlow};

use chrono::NaiveDate;
use domain::{Currency, Cut, OrderLine, Period, SourceCell};
use line::Kind;
use rust_decimal::Decimal;

use crate::{
    Refusal,
    accept::{Acceptor, Draft, Fault, Place, Printed},
    cell::{Cell, Row, column_letters},
    document::Document,
    figures,
    header::Found,
    profile::{self, Policy, Role},
    survey::Reading,
    text,
};

/// Cut of the figures that stand beside those of the period and are a year older.
const LAST_YEAR: &str = "last_year";

/// One table while it is read.
struct Table<'t, 'a> {
    layout: &'t profile::Table,
    found: &'t Found,
    cut: &'t Cut,
    reading: &'t Reading,
    /// The period of the whole file, where rows have none.
    period: Option<Period>,
    acceptor: &'t mut Acceptor<'a>,
    /// Quantity and amount of all rows so far, and of those since the last total row.
    all: [Decimal; 2],
    since_total: [Decimal; 2],
}

/// What becomes of a row.
enum Outcome {
    Taken,
    Ignored,
    Rejected(Option<Role>, Fault),
}

/// Reads all rows of a table into the acceptor.
pub(crate) fn read(
    document: &mut Document,
    layout: &profile::Table,
    found: &Found,
    cut: &Cut,
    reading: &Reading,
    period: Option<Period>,
    acceptor: &mut Acceptor<'_>,
) -> Result<(), Refusal> {
    let mut table = Table {
        layout,
        found,
        cut,
        reading,
        period,
        acceptor,
        all: [Decimal::ZERO; 2],
        since_total: [Decimal::ZERO; 2],
    };
    document.rows(found.sheet, &mut |row| {
        if row.number > found.header_row {
            table.row(row);
        }
        ControlFlow::Continue(())
    })
}

impl Table<'_, '_> {
    fn row(&mut self, row: &Row) {
        let counts = self.cut.is_main();
        if counts {
            self.acceptor.counts.read += 1;
        }
        match self.outcome(row) {
            Outcome::Taken => {}
            Outcome::Ignored if counts => self.acceptor.counts.ignored += 1,
            Outcome::Ignored => {}
            Outcome::Rejected(role, fault) => {
                let column = role.and_then(|role| self.found.columns.get(&role));
                let place = Place {
                    table: self.found,
                    row: row.number,
                    column: column.map(|column| column.index),
                    header: column.map(|column| column.header.clone()),
                    value: column.and_then(|column| Some(row.text(column.index)?.into_owned())),
                };
                self.acceptor.reject(place, fault);
            }
        }
    }

    fn outcome(&mut self, row: &Row) -> Outcome {
        if self.repeats_header(row)
            || self.found.columns.values().all(|column| row.get(column.index).is_none())
        {
            return Outcome::Ignored;
        }
        if self.total(row) {
            return Outcome::Ignored;
        }
        let kind = self.kind(row);
        if kind == Kind::Ignored {
            return Outcome::Ignored;
        }
        let [quantity, amount] = match self.figures(row, kind) {
            Ok(figures) => figures,
            Err((role, fault)) => return Outcome::Rejected(Some(role), fault),
        };
        let nothing = quantity.unwrap_or_default().is_zero() && amount.unwrap_or_default().is_zero();
        let absent = quantity.is_none() && amount.is_none();
        let product = self.product(row);
        if product.ean.is_none() && self.acceptor.layout().rows_without_ean == Policy::Ignore {
            self.acceptor.left_out += amount.unwrap_or_default();
            return Outcome::Ignored;
        }
        let (period, sale_date) = match self.period_of(row) {
            Ok(period) => period,
            // A line without figures and without a period is a note.
            Err(_) if absent => return Outcome::Ignored,
            Err((role, fault)) => return Outcome::Rejected(role, fault),
        };
        if self.is_nameless(row, &product) {
            return self.nameless(row, nothing, quantity, amount);
        }
        if let Kind::Unknown(role) = kind {
            return Outcome::Rejected(Some(role), self.unexplained(row, role));
        }
        let currency = match self.currency(row) {
            Ok(currency) => currency,
            Err(fault) => return Outcome::Rejected(Some(Role::Currency), fault),
        };
        let draft = self.draft(row, period, sale_date, product, currency);
        self.last_year(row, &draft);
        if absent || (nothing && !self.acceptor.takes_zero_rows()) {
            return Outcome::Ignored;
        }
        for (sums, figure) in [(0, quantity), (1, amount)] {
            for total in [&mut self.all, &mut self.since_total] {
                if let Some(sum) = total.get_mut(sums) {
                    *sum += figure.unwrap_or_default();
                }
            }
        }
        self.acceptor.accept(Draft { quantity, amount, ..draft });
        Outcome::Taken
    }

    /// A row with figures that names neither product nor store: a total without a word, or a row that lost its name.
    fn nameless(
        &mut self,
        row: &Row,
        nothing: bool,
        quantity: Option<Decimal>,
        amount: Option<Decimal>,
    ) -> Outcome {
        if nothing {
            return Outcome::Ignored;
        }
        let is_total = |sums: &[Decimal; 2]| {
            let [all_quantity, all_amount] = *sums;
            quantity.is_none_or(|q| figures::ties(q, all_quantity))
                && amount.is_none_or(|a| figures::ties(a, all_amount))
        };
        if is_total(&self.all) || is_total(&self.since_total) {
            self.check_total(row, "Total without a name");
            return Outcome::Ignored;
        }
        let role = if self.found.columns.contains_key(&Role::Ean) { Role::Ean } else { Role::Name };
        Outcome::Rejected(
            Some(role),
            Fault {
                code: "product_missing",
                message:
                    "The row has figures, but says neither which product nor which store they belong to."
                        .to_owned(),
                suggestion: "Fill in the product, or mark the row as a total.",
            },
        )
    }

    /// Rows of exports that print their header again on every page.
    fn repeats_header(&self, row: &Row) -> bool {
        [Role::Quantity, Role::Amount].iter().filter_map(|role| self.found.columns.get(role)).any(|column| {
            matches!(row.get(column.index), Some(Cell::Text(word)) if text::compact(word) == text::compact(&column.header))
        })
    }

    fn figure(&self, row: &Row, role: Role) -> Result<Option<Decimal>, Fault> {
        let Some(column) = self.found.column(role) else { return Ok(None) };
        figures::read(row, column, self.reading.dialect(self.found.sheet, column))
    }

    fn text(&self, row: &Row, role: Role) -> Option<String> {
        let column = self.found.column(role)?;
        match row.get(column)? {
            Cell::Error(_) => None,
            _ => row.text(column).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }

    fn product(&self, row: &Row) -> Printed {
        let article = self.text(row, Role::Article);
        let (code, name) = match article.as_deref().and_then(|article| article.split_once(" - ")) {
            Some((code, name)) => (Some(code.trim().to_owned()), Some(name.trim().to_owned())),
            None => (None, article.clone()),
        };
        Printed {
            ean: self.text(row, Role::Ean),
            code: self.text(row, Role::Code).or(code),
            article,
            reference: self.text(row, Role::Reference),
            sku: self.text(row, Role::Sku),
            name: self.text(row, Role::Name).or(name),
        }
    }

    /// A table names products, or stores, or nothing but periods: a row must name what its table names.
    fn is_nameless(&self, row: &Row, product: &Printed) -> bool {
        let has = |roles: &[Role]| roles.iter().any(|role| self.found.columns.contains_key(role));
        let without_store = || has(&[Role::Store]) && self.text(row, Role::Store).is_none();
        if !product.is_empty() {
            return false;
        }
        let products = [Role::Ean, Role::Code, Role::Article, Role::Sku, Role::Reference, Role::Name];
        if has(&products) { self.cut.is_main() || without_store() } else { without_store() }
    }

    fn draft(
        &self,
        row: &Row,
        period: Period,
        sale_date: Option<NaiveDate>,
        product: Printed,
        currency: Currency,
    ) -> Draft {
        let store = self.text(row, Role::Store);
        let order_id = self.text(row, Role::OrderId);
        let column = self.found.column(Role::Quantity).or_else(|| self.found.column(Role::Amount));
        Draft {
            cut: self.cut.clone(),
            period,
            sale_date,
            store,
            product,
            quantity: None,
            amount: None,
            currency,
            country: self.text(row, Role::Country),
            city: self.text(row, Role::City),
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
    fn last_year(&mut self, row: &Row, draft: &Draft) {
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

    /// Whether the row is a total; if so it is checked.
    fn total(&mut self, row: &Row) -> bool {
        let identity = [Role::Ean, Role::OrderId, Role::Code, Role::Sku];
        if identity.iter().any(|role| {
            self.found
                .column(*role)
                .is_some_and(|c| row.text(c).is_some_and(|t| figures::total_of(&t).is_none()))
        }) {
            return false;
        }
        let label = row.cells.iter().find_map(|(_, cell)| match cell {
            Cell::Text(label) => figures::total_of(label).map(|_| label.trim().to_owned()),
            _ => None,
        });
        if let Some(label) = &label {
            self.check_total(row, label);
        }
        label.is_some()
    }

    /// A total sums up everything so far, or the block since the last total.
    fn check_total(&mut self, row: &Row, label: &str) {
        let roles = [(Role::Quantity, "quantity"), (Role::Amount, "amount")];
        let printed: BTreeMap<usize, (u32, Decimal)> = (0..)
            .zip(roles)
            .filter_map(|(index, (role, _))| {
                Some((index, (self.found.column(role)?, self.figure(row, role).ok().flatten()?)))
            })
            .collect();
        let tie = |sums: &[Decimal; 2]| {
            printed
                .iter()
                .all(|(index, (_, value))| sums.get(*index).is_some_and(|sum| figures::ties(*value, *sum)))
        };
        let scope = if !tie(&self.all) && tie(&self.since_total) { self.since_total } else { self.all };
        for (index, (column, value)) in printed {
            let (Some((_, measure)), Some(actual)) = (roles.get(index), scope.get(index)) else { continue };
            let name = format!("{label} / {measure}");
            let cell = Some((column, row.number));
            let sheet = self.found.sheet_name.as_deref();
            self.acceptor.control(figures::control(name, sheet, cell, value, *actual));
        }
        self.since_total = [Decimal::ZERO; 2];
    }
}
