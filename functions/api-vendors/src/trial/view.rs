//! What a profile would make of an upload.

use chrono::NaiveDate;
use domain::{
    Control, Currency, Finding, PeriodDifference, Question, Reject, Report, ReportTotal, RowCounts, SaleRow,
    SourceCell, StatedPeriod, UploadId,
};
use ingest::{Profile, Refusal};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// Examples of what is wrong are enough to see what is wrong.
const REJECTS_SHOWN: usize = 20;

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TrialView {
    upload_id: UploadId,
    /// For example `acme@2`.
    profile: String,
    /// Whether the profile knows the layout; otherwise it was read by looking at the file.
    recognised: bool,
    would: Outcome,
    error: Option<Finding>,
    vendor: Option<String>,
    layout: Option<String>,
    rows: RowCounts,
    periods: Vec<StatedPeriod>,
    totals: Vec<ReportTotal>,
    controls: Vec<Control>,
    warnings: Vec<Finding>,
    questions: Vec<Question>,
    rejects: Vec<Reject>,
    first_rows: Vec<RowView>,
    /// Periods about which it says something else than what counts now; before is what counts.
    differences: Vec<PeriodDifference>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Complete,
    NeedReview,
    BeRejected,
}

/// A row in the words of `GET /v1/sales`.
#[derive(Debug, Serialize, JsonSchema)]
struct RowView {
    store: Option<String>,
    product_ean: Option<String>,
    vendor_product_code: Option<String>,
    product_name: Option<String>,
    period_start: NaiveDate,
    period_end: NaiveDate,
    sale_date: Option<NaiveDate>,
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    currency: Currency,
    vat_included: Option<bool>,
    amount_eur: Option<Decimal>,
    line_class: domain::LineClass,
    order_id: Option<String>,
    source: SourceCell,
}

impl TrialView {
    pub(crate) fn new(
        profile: &Profile,
        upload_id: UploadId,
        read: Result<Report, Refusal>,
        rows: Vec<SaleRow>,
        counting: &[StatedPeriod],
    ) -> Self {
        let empty = Self {
            upload_id,
            profile: profile.layout_id(),
            recognised: false,
            would: Outcome::BeRejected,
            error: None,
            vendor: None,
            layout: None,
            rows: RowCounts::default(),
            periods: Vec::new(),
            totals: Vec::new(),
            controls: Vec::new(),
            warnings: Vec::new(),
            questions: Vec::new(),
            rejects: Vec::new(),
            first_rows: Vec::new(),
            differences: Vec::new(),
        };
        let report = match read {
            Ok(report) => report,
            Err(refusal) => {
                let error = Finding { code: refusal.code.to_owned(), message: refusal.to_string() };
                return Self { error: Some(error), ..empty };
            }
        };
        Self {
            recognised: report.layout.as_deref() == Some(empty.profile.as_str()),
            would: if report.holds() { Outcome::NeedReview } else { Outcome::Complete },
            totals: report.totals(),
            differences: StatedPeriod::differences(counting, &report.periods),
            vendor: report.vendor,
            layout: report.layout,
            rows: report.rows,
            periods: report.periods,
            controls: report.controls,
            warnings: report.warnings,
            questions: report.questions,
            rejects: report.rejects.into_iter().take(REJECTS_SHOWN).collect(),
            first_rows: rows.into_iter().map(RowView::from).collect(),
            ..empty
        }
    }
}

impl From<SaleRow> for RowView {
    fn from(row: SaleRow) -> Self {
        Self {
            store: row.store,
            product_ean: row.product_ean,
            vendor_product_code: row.vendor_product_code,
            product_name: row.product_name,
            period_start: row.period.start(),
            period_end: row.period.end(),
            sale_date: row.sale_date,
            quantity: row.quantity,
            amount_local: row.amount_local,
            currency: row.currency,
            vat_included: row.vat_included,
            amount_eur: row.amount_eur,
            line_class: row.line_class,
            order_id: row.order.map(|order| order.order_id),
            source: row.source,
        }
    }
}
