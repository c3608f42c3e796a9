//! The row that is handed out: always the same one, so that a million rows do not cost millions of texts.

use chrono::NaiveDate;
use domain::{Consequence, Currency, Cut, LineClass, Period, SaleRow, SourceCell};

use super::Draft;
use crate::{
    cell::column_letters,
    profile::{Layout, Profile},
};

/// A row, and the column whose letters stand in it.
pub(super) struct Outgoing {
    pub(super) row: SaleRow,
    column: Option<u32>,
}

impl Default for Outgoing {
    fn default() -> Self {
        let row = SaleRow {
            cut: Cut::main(),
            period: Period::day(NaiveDate::default()),
            sale_date: None,
            store: None,
            store_kind: None,
            product_ean: None,
            product_match: None,
            printed_ean: None,
            product_codes: Vec::new(),
            vendor_product_code: None,
            product_name: None,
            quantity: None,
            amount_local: None,
            derived: None,
            currency: Currency::EUR,
            vat_included: None,
            amount_eur: None,
            rate: None,
            line_class: LineClass::Sale,
            country: None,
            city: None,
            order: None,
            source: SourceCell { sheet: None, row: 0, column: None },
        };
        Self { row, column: None }
    }
}

impl Outgoing {
    /// Overwrites all but store, city and order.
    pub(super) fn fill(
        &mut self,
        draft: &Draft<'_>,
        concluded: Consequence,
        (profile, layout): (&Profile, &Layout),
    ) {
        let (row, product) = (&mut self.row, draft.product);
        let printed = &product.printed;
        row.cut.0.clone_from(&draft.cut.0);
        row.period = draft.period;
        row.sale_date = draft.sale_date;
        set(&mut row.product_ean, product.ean());
        row.product_match = product.matched.as_ref().map(|matched| matched.by);
        row.printed_ean.clone_from(&printed.ean);
        row.product_codes.clone_from(&product.codes);
        set(&mut row.vendor_product_code, printed.code.as_deref().or(printed.sku.as_deref()));
        row.product_name.clone_from(&printed.name);
        row.quantity = draft.quantity;
        row.amount_local = concluded.amount_local;
        row.derived = draft.derived;
        row.currency = draft.currency;
        row.vat_included = layout.vat_included.or(profile.vat_included);
        row.amount_eur = concluded.amount_eur;
        row.rate = concluded.rate;
        row.line_class = concluded.line_class;
        set(&mut row.country, draft.country.as_deref().or(layout.country.as_deref()));
        set(&mut row.source.sheet, draft.sheet);
        row.source.row = draft.row;
        if self.column != draft.column {
            row.source.column = draft.column.map(column_letters);
            self.column = draft.column;
        }
    }
}

/// Overwrites a text where there was one.
pub(super) fn set(place: &mut Option<String>, text: Option<&str>) {
    match (place.as_mut(), text) {
        (Some(place), Some(text)) => text.clone_into(place),
        (_, text) => *place = text.map(str::to_owned),
    }
}
