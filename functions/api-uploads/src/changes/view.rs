//! What the API says about a change.

use chrono::NaiveDate;
use data::{
    changes::{Change, Kind, Side, Total},
    uploads::Upload,
};
use domain::{LineClass, MailChanges, Period, UploadId, UploadStatus, with_cents};
use edge::page::Page;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct View {
    upload_id: UploadId,
    status: UploadStatus,
    /// As counted when it was booked, over the whole upload.
    changes: MailChanges,
    /// Over everything the filter selects.
    totals: TotalsView,
    #[serde(flatten)]
    page: Page<ChangeView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TotalsView {
    added: TotalView,
    changed: TotalView,
    removed: TotalView,
}

#[derive(Debug, Default, Serialize, JsonSchema)]
struct TotalView {
    lines: i64,
    delta: Vec<DeltaView>,
}

/// After less before.
#[derive(Debug, Serialize, JsonSchema)]
struct DeltaView {
    /// `null` where the two sides have not the same; then there is no difference of amounts either.
    currency: Option<String>,
    quantity: Decimal,
    amount_local: Option<Decimal>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChangeView {
    kind: &'static str,
    key: KeyView,
    before: Option<SideView>,
    after: Option<SideView>,
    delta: DeltaView,
    /// Names of the fields that are not what they were.
    differs: Vec<&'static str>,
}

/// What the line is about.
#[derive(Debug, Serialize, JsonSchema)]
struct KeyView {
    period: Option<Period>,
    store: Option<String>,
    product_ean: Option<String>,
    vendor_product_code: Option<String>,
    product_name: Option<String>,
    order_id: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SideView {
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    currency: String,
    vat_included: Option<bool>,
    line_class: LineClass,
    product_name: Option<String>,
    sale_date: Option<NaiveDate>,
    country: Option<String>,
    city: Option<String>,
    upload_id: Uuid,
    source: SourceView,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SourceView {
    sheet: Option<String>,
    row: i32,
    column: Option<String>,
}

impl View {
    pub(super) fn new(upload: &Upload, totals: Vec<Total>, page: Page<Change>) -> Self {
        Self {
            upload_id: upload.id,
            status: upload.status,
            changes: upload.changes,
            totals: TotalsView::new(totals),
            page: page.map(ChangeView::from),
        }
    }
}

impl TotalsView {
    fn new(totals: Vec<Total>) -> Self {
        let mut view = Self {
            added: TotalView::default(),
            changed: TotalView::default(),
            removed: TotalView::default(),
        };
        for Total { kind, currency, lines, quantity, amount_local } in totals {
            let of_kind = match kind {
                Kind::Added => &mut view.added,
                Kind::Changed => &mut view.changed,
                Kind::Removed => &mut view.removed,
            };
            if currency.is_none() {
                of_kind.lines = lines;
            } else {
                let (quantity, amount_local) = (quantity.normalize(), Some(with_cents(amount_local)));
                of_kind.delta.push(DeltaView { currency, quantity, amount_local });
            }
        }
        view
    }
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        Self {
            kind: change.kind.as_str(),
            key: KeyView::new(after.or(before)),
            delta: DeltaView::between(before, after),
            differs: before.zip(after).map(|(before, after)| differs(before, after)).unwrap_or_default(),
            before: change.before.map(SideView::from),
            after: change.after.map(SideView::from),
        }
    }
}

impl KeyView {
    fn new(side: Option<&Side>) -> Self {
        Self {
            period: side.and_then(|side| Period::new(side.period_start, side.period_end).ok()),
            store: side.and_then(|side| side.store.clone()),
            product_ean: side.and_then(|side| side.product_ean.clone()),
            vendor_product_code: side.and_then(|side| side.vendor_product_code.clone()),
            product_name: side.and_then(|side| side.product_name.clone()),
            order_id: side.and_then(|side| side.order_id.clone()),
        }
    }
}

impl DeltaView {
    fn between(before: Option<&Side>, after: Option<&Side>) -> Self {
        let one = after.or(before).map(|side| side.currency.clone());
        let currency = one.filter(|one| [before, after].iter().flatten().all(|side| side.currency == *one));
        let quantity = |side: Option<&Side>| side.and_then(|side| side.quantity).unwrap_or_default();
        let amount = |side: Option<&Side>| side.and_then(|side| side.amount_local);
        let known = amount(before).or(amount(after)).is_some() && currency.is_some();
        let amount_local = amount(after).unwrap_or_default() - amount(before).unwrap_or_default();
        Self {
            quantity: (quantity(after) - quantity(before)).normalize(),
            amount_local: known.then(|| with_cents(amount_local)),
            currency,
        }
    }
}

fn differs(before: &Side, after: &Side) -> Vec<&'static str> {
    let fields = [
        ("quantity", before.quantity != after.quantity),
        ("amount_local", before.amount_local != after.amount_local),
        ("currency", before.currency != after.currency),
        ("vat_included", before.vat_included != after.vat_included),
        ("line_class", before.line_class != after.line_class),
        ("product_ean", before.product_ean != after.product_ean),
        ("product_name", before.product_name != after.product_name),
        ("period", (before.period_start, before.period_end) != (after.period_start, after.period_end)),
        ("sale_date", before.sale_date != after.sale_date),
        ("store", before.store != after.store),
        ("country", before.country != after.country),
        ("city", before.city != after.city),
    ];
    let differing: Vec<&str> =
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    // Fees, costs and campaign of an order line are part of what it says, but not shown here.
    if differing.is_empty() { vec!["order_details"] } else { differing }
}

impl From<Side> for SideView {
    fn from(side: Side) -> Self {
        Self {
            quantity: side.quantity.map(|quantity| quantity.normalize()),
            amount_local: side.amount_local.map(with_cents),
            currency: side.currency,
            vat_included: side.vat_included,
            line_class: side.line_class,
            product_name: side.product_name,
            sale_date: side.sale_date,
            country: side.country,
            city: side.city,
            upload_id: side.upload_id,
            source: SourceView { sheet: side.source_sheet, row: side.source_row, column: side.source_column },
        }
    }
}
