//! One sale row as a tuple of Postgres' binary COPY format, with its two hashes.
//!
//! The format: <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format"; the fields are what the `recv`
//! function of each type takes.

use domain::{Derived, ProductMatch, SaleRow, fold, normalise_ean};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::field;

/// Half of a SHA-256: enough to tell rows apart, half the bytes to store.
const HASH_BYTES: usize = 16;

/// Columns of a staged row in the order of [`Writer::write`]; the same list creates the table.
pub(super) const COLUMNS: &str = "id uuid, statement integer, sale_date date, store text, \
    store_kind text, product_ean text, product_match text, printed_ean text, product_codes text[], \
    vendor_product_code text, product_name text, quantity numeric, amount_local numeric, derived text, \
    currency text, vat_included boolean, line_class text, country text, city text, \
    order_id text, line_key text, is_gift boolean, cost_of_goods numeric, payment_fee numeric, utm_source text, \
    utm_medium text, utm_campaign text, device text, buyer uuid, amount_eur numeric, rate numeric, rate_month date, \
    rate_source text, source_sheet text, source_row integer, source_column text, key_hash bytea, content_hash bytea";

/// How many they are.
const FIELDS: i16 = 38;

/// What comes before the first tuple: signature, flags, length of the extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What comes after the last one.
pub(super) const TRAILER: &[u8] = b"\xff\xff";

/// The whole hash over what a row says.
pub(super) type Content = [u8; 32];

/// Writes rows one after the other.
///
/// The *content* is everything the file says in the row, its place excepted: rows with the same content are the same
/// statement. What follows from the catalogue, the aliases and the rates is no part of it, so that a statement stays the
/// same when they change. The *key* is what the row is about, so that a row with the same key and another
/// content is a changed one.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
    /// What the row says and what it is about, for hashing: each value with its length before it.
    content: Vec<u8>,
    key: Vec<u8>,
}

impl Writer {
    /// Appends `row`, which belongs to the statement of this number, and returns the hash of its content.
    pub(super) fn write(&mut self, id: Uuid, statement: i32, row: &SaleRow) -> Content {
        self.content.clear();
        self.out.extend(FIELDS.to_be_bytes());
        field::bytes(&mut self.out, id.as_bytes());
        field::int(&mut self.out, statement);
        field::text(&mut self.content, Some(&row.cut.0));
        field::date(&mut self.content, Some(row.period.start()));
        field::date(&mut self.content, Some(row.period.end()));
        self.said(|out| field::date(out, row.sale_date));
        self.text(row.store.as_deref());
        self.text(row.store_kind.map(domain::StoreKind::as_str));
        self.product(row);
        self.text(row.vendor_product_code.as_deref());
        self.text(row.product_name.as_deref());
        self.number(row.quantity);
        self.amount(row);
        self.text(Some(row.currency.as_str()));
        self.said(|out| field::boolean(out, row.vat_included));
        field::text(&mut self.out, Some(row.line_class.as_str()));
        self.text(row.country.as_deref());
        self.text(row.city.as_deref());
        self.order(row);
        let content: Content = Sha256::digest(&self.content).into();
        let rate = row.rate.as_ref();
        field::numeric(&mut self.out, row.amount_eur);
        field::numeric(&mut self.out, rate.map(|rate| rate.eur_per_unit));
        field::date(&mut self.out, rate.map(|rate| rate.month));
        field::text(&mut self.out, rate.map(|rate| rate.source.as_str()));
        field::text(&mut self.out, row.source.sheet.as_deref());
        field::int(&mut self.out, row.source.row.cast_signed());
        field::text(&mut self.out, row.source.column.as_deref());
        let key = self.key(row);
        field::bytes(&mut self.out, &key[..HASH_BYTES]);
        field::bytes(&mut self.out, &content[..HASH_BYTES]);
        content
    }

    fn order(&mut self, row: &SaleRow) {
        let order = row.order.as_ref();
        self.text(order.map(|order| order.order_id.as_str()));
        self.text(order.map(|order| order.line_key.as_str()));
        self.said(|out| field::boolean(out, order.map(|order| order.is_gift)));
        self.number(order.and_then(|order| order.cost_of_goods));
        self.number(order.and_then(|order| order.payment_fee));
        self.text(order.and_then(|order| order.utm_source.as_deref()));
        self.text(order.and_then(|order| order.utm_medium.as_deref()));
        self.text(order.and_then(|order| order.utm_campaign.as_deref()));
        self.text(order.and_then(|order| order.device.as_deref()));
        // No part of what is compared: a line stays the same when an organisation begins to tell buyers apart.
        match order.and_then(|order| order.buyer) {
            Some(buyer) => field::bytes(&mut self.out, buyer.0.as_bytes()),
            None => field::null(&mut self.out),
        }
    }

    /// A field that is stored as it is compared.
    fn said(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let from = self.out.len();
        write(&mut self.out);
        self.content.extend_from_slice(&self.out[from..]);
    }

    fn text(&mut self, value: Option<&str>) {
        self.said(|out| field::text(out, value));
    }

    /// What is printed is compared; what it was matched with is stored.
    fn product(&mut self, row: &SaleRow) {
        let printed = row.printed_ean.as_deref();
        let ean = printed.map(|text| normalise_ean(text).unwrap_or_else(|| fold(text)));
        field::text(&mut self.content, ean.as_deref());
        field::texts(&mut self.content, Some(&row.product_codes));
        field::text(&mut self.out, row.product_ean.as_deref());
        field::text(&mut self.out, row.product_match.map(ProductMatch::as_str));
        // Kept where a later match may need them: not beside the EAN that they are.
        field::text(&mut self.out, printed.filter(|_| ean != row.product_ean));
        let told = row.vendor_product_code.as_slice();
        field::texts(&mut self.out, Some(row.product_codes.as_slice()).filter(|codes| *codes != told));
    }

    /// A derived amount is none that the file states.
    fn amount(&mut self, row: &SaleRow) {
        if row.derived.is_some() {
            field::numeric(&mut self.out, row.amount_local);
        } else {
            self.number(row.amount_local);
        }
        self.text(row.derived.map(Derived::as_str));
    }

    /// Stored with the decimals of the file, compared by value.
    fn number(&mut self, value: Option<rust_decimal::Decimal>) {
        field::numeric(&mut self.out, value);
        field::numeric(&mut self.content, value.map(|value| value.normalize()));
    }

    fn key(&mut self, row: &SaleRow) -> Content {
        self.key.clear();
        if let Some(order) = &row.order {
            field::text(&mut self.key, Some(&order.line_key));
        } else {
            let product = row.vendor_product_code.as_deref().or(row.product_name.as_deref());
            field::text(&mut self.key, Some(&row.cut.0));
            field::date(&mut self.key, Some(row.period.start()));
            field::date(&mut self.key, Some(row.period.end()));
            field::date(&mut self.key, row.sale_date);
            field::text(&mut self.key, row.store.as_deref());
            field::text(&mut self.key, product.or(row.product_ean.as_deref()));
            field::text(&mut self.key, row.country.as_deref());
            field::text(&mut self.key, row.city.as_deref());
        }
        Sha256::digest(&self.key).into()
    }
}
