//! One sale row as a line of Postgres' COPY text format, with its two hashes.

use std::io::Write as _;

use domain::{Derived, ProductMatch, SaleRow, fold, normalise_ean};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Half of a SHA-256: enough to tell rows apart, half the bytes to store.
const HASH_BYTES: usize = 16;

/// Columns of a staged row in the order of [`write`]; the same list creates the table.
pub(super) const COLUMNS: &str = "cut text, period_start date, period_end date, sale_date date, store text, \
    store_kind text, product_ean text, product_match text, printed_ean text, product_codes text[], \
    vendor_product_code text, product_name text, quantity numeric, amount_local numeric, derived text, \
    currency text, vat_included boolean, line_class text, country text, city text, \
    order_id text, line_key text, is_gift boolean, cost_of_goods numeric, payment_fee numeric, utm_source text, \
    utm_medium text, utm_campaign text, device text, amount_eur numeric, rate numeric, rate_month date, \
    rate_source text, source_sheet text, source_row integer, source_column text, key_hash bytea, content_hash bytea";

/// Appends `row` to `out`.
///
/// The *content* is everything the file says in the row, its place excepted: rows with the same content are the same
/// statement. What follows from the catalogue, the aliases and the rates is no part of it, so that a statement stays the
/// same when they change. The *key* is what the row is about, so that a row with the same key and another
/// content is a changed one.
pub(super) fn write(out: &mut Vec<u8>, row: &SaleRow) {
    let mut line = Line { out, content: Sha256::new() };
    line.text(Some(&row.cut.0));
    line.display(Some(row.period.start()));
    line.display(Some(row.period.end()));
    line.display(row.sale_date);
    line.text(row.store.as_deref());
    line.text(row.store_kind.map(domain::StoreKind::as_str));
    line.product(row);
    line.text(row.vendor_product_code.as_deref());
    line.text(row.product_name.as_deref());
    line.number(row.quantity);
    line.amount(row);
    line.text(Some(row.currency.as_str()));
    line.display(row.vat_included);
    plain(line.out, Some(row.line_class.as_str()));
    line.text(row.country.as_deref());
    line.text(row.city.as_deref());
    let order = row.order.as_ref();
    line.text(order.map(|order| order.order_id.as_str()));
    line.text(order.map(|order| order.line_key.as_str()));
    line.display(order.map(|order| order.is_gift));
    line.number(order.and_then(|order| order.cost_of_goods));
    line.number(order.and_then(|order| order.payment_fee));
    line.text(order.and_then(|order| order.utm_source.as_deref()));
    line.text(order.and_then(|order| order.utm_medium.as_deref()));
    line.text(order.and_then(|order| order.utm_campaign.as_deref()));
    line.text(order.and_then(|order| order.device.as_deref()));
    let content = line.content.finalize();
    let rate = row.rate.as_ref();
    plain(out, row.amount_eur);
    plain(out, rate.map(|rate| rate.eur_per_unit));
    plain(out, rate.map(|rate| rate.month));
    escaped(out, rate.map(|rate| rate.source.as_str()));
    escaped(out, row.source.sheet.as_deref());
    plain(out, Some(row.source.row));
    escaped(out, row.source.column.as_deref());
    hash(out, &key(row));
    hash(out, &content);
    // The last separator becomes the end of the line.
    out.pop();
    out.push(b'\n');
}

struct Line<'a> {
    out: &'a mut Vec<u8>,
    content: Sha256,
}

impl Line<'_> {
    fn text(&mut self, value: Option<&str>) {
        let from = self.out.len();
        escaped(self.out, value);
        self.content.update(&self.out[from..]);
    }

    /// What is printed is compared; what it was matched with is stored.
    fn product(&mut self, row: &SaleRow) {
        let printed = row.printed_ean.as_deref();
        let ean = printed.map(|text| normalise_ean(text).unwrap_or_else(|| fold(text)));
        self.content.update(ean.as_deref().unwrap_or_default());
        for code in &row.product_codes {
            self.content.update([0]);
            self.content.update(code);
        }
        self.content.update([0, 0]);
        escaped(self.out, row.product_ean.as_deref());
        plain(self.out, row.product_match.map(ProductMatch::as_str));
        // Kept where a later match may need them: not beside the EAN that they are.
        escaped(self.out, printed.filter(|_| ean != row.product_ean));
        let told = row.vendor_product_code.as_slice();
        array(self.out, Some(row.product_codes.as_slice()).filter(|codes| *codes != told));
    }

    /// A derived amount is none that the file states.
    fn amount(&mut self, row: &SaleRow) {
        if row.derived.is_some() {
            plain(self.out, row.amount_local);
        } else {
            self.number(row.amount_local);
        }
        self.text(row.derived.map(Derived::as_str));
    }

    fn display(&mut self, value: Option<impl std::fmt::Display>) {
        let from = self.out.len();
        plain(self.out, value);
        self.content.update(&self.out[from..]);
    }

    /// Stored with the decimals of the file, compared by value.
    fn number(&mut self, value: Option<Decimal>) {
        plain(self.out, value);
        let mut compared = Vec::with_capacity(16);
        plain(&mut compared, value.map(|value| value.normalize()));
        self.content.update(&compared);
    }
}

fn key(row: &SaleRow) -> [u8; 32] {
    let mut text = Vec::with_capacity(128);
    if let Some(order) = &row.order {
        escaped(&mut text, Some(&order.line_key));
    } else {
        let product = row.vendor_product_code.as_deref().or(row.product_name.as_deref());
        escaped(&mut text, Some(&row.cut.0));
        plain(&mut text, Some(row.period.start()));
        plain(&mut text, Some(row.period.end()));
        plain(&mut text, row.sale_date);
        escaped(&mut text, row.store.as_deref());
        escaped(&mut text, product.or(row.product_ean.as_deref()));
        escaped(&mut text, row.country.as_deref());
        escaped(&mut text, row.city.as_deref());
    }
    Sha256::digest(&text).into()
}

fn hash(out: &mut Vec<u8>, digest: &[u8]) {
    out.extend_from_slice(b"\\\\x");
    for byte in &digest[..HASH_BYTES] {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out.push(b'\t');
}

/// For values whose text needs no escapes.
fn plain(out: &mut Vec<u8>, value: Option<impl std::fmt::Display>) {
    match value {
        // Writing to a Vec cannot fail.
        Some(value) => drop(write!(out, "{value}")),
        None => out.extend_from_slice(b"\\N"),
    }
    out.push(b'\t');
}

/// An array of texts, each quoted.
fn array(out: &mut Vec<u8>, values: Option<&[String]>) {
    let quoted = |value: &String| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    let literal = values.map(|values| {
        let values: Vec<String> = values.iter().map(quoted).collect();
        format!("{{{}}}", values.join(","))
    });
    escaped(out, literal.as_deref());
}

fn escaped(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => out.extend_from_slice(b"\\N"),
        Some(text) => {
            for byte in text.bytes() {
                match byte {
                    b'\\' => out.extend_from_slice(b"\\\\"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    // Postgres has no NUL in text.
                    0 => {}
                    other => out.push(other),
                }
            }
        }
    }
    out.push(b'\t');
}
