//! What figures do not contain.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Utc};
use domain::metrics::{Analysis, Dimension};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Books, State, VendorCoverage};
use crate::{
    Result, Tenant,
    analytics::{self, Unconverted},
};

/// A period counts where its last day lies; one that crosses the span is named too.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coverage {
    pub missing: Vec<Missing>,
    pub known_gaps: Vec<KnownGap>,
    /// Not due yet, or of a vendor about whom nobody can say when it is.
    pub pending: Vec<Pending>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Missing {
    /// The vendor has said nothing about these days.
    NotReported(MissingPeriod),
    /// Reported, but not in amounts in euro: import the rate of this month.
    FxRateMissing { vendor: String, currency: String, month: NaiveDate, amount_local: Decimal },
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct KnownGap {
    pub vendor: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Pending {
    pub vendor: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub state: &'static str,
    pub due_on: Option<NaiveDate>,
}

/// A period that somebody should ask for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MissingPeriod {
    pub vendor: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub overdue_since: Option<NaiveDate>,
}

impl Coverage {
    /// What the rows of this analysis lack.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(tenant: &mut Tenant, books: &Books, analysis: &Analysis) -> Result<Self> {
        Ok(Self::new(&vendors(books, analysis), analytics::unconverted(tenant, analysis).await?))
    }

    fn new(vendors: &[VendorCoverage], unconverted: Vec<Unconverted>) -> Self {
        let foreign = |gap: Unconverted| Missing::FxRateMissing {
            vendor: gap.vendor,
            currency: gap.currency,
            month: gap.month,
            amount_local: gap.amount_local,
        };
        let silent = missing(vendors).into_iter().map(Missing::NotReported);
        let mut coverage = Self {
            missing: silent.chain(unconverted.into_iter().map(foreign)).collect(),
            known_gaps: Vec::new(),
            pending: Vec::new(),
        };
        for (vendor, cell) in
            vendors.iter().flat_map(|vendor| vendor.cells.iter().map(|cell| (&vendor.vendor, cell)))
        {
            let (vendor, start, end) = (vendor.clone(), cell.period.start(), cell.period.end());
            if let Some(gap) = &cell.known_gap {
                coverage.known_gaps.push(KnownGap { vendor, start, end, reason: gap.reason.clone() });
            } else if matches!(cell.state, State::NotDue | State::Unknown) {
                let state = state_word(cell.state);
                coverage.pending.push(Pending { vendor, start, end, state, due_on: cell.due_on });
            }
        }
        coverage
    }
}

/// What is missing in the cells of all vendors: the one list that every answer shows.
#[must_use]
pub fn missing(vendors: &[VendorCoverage]) -> Vec<MissingPeriod> {
    let of = |vendor: &VendorCoverage| {
        let name = vendor.vendor.clone();
        let missing = vendor.cells.iter().filter(|cell| cell.state == State::Missing);
        missing
            .map(|cell| MissingPeriod {
                vendor: name.clone(),
                start: cell.period.start(),
                end: cell.period.end(),
                overdue_since: cell.overdue_since,
            })
            .collect::<Vec<_>>()
    };
    vendors.iter().flat_map(of).collect()
}

/// The word of the API.
#[must_use]
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Reported => "reported",
        State::Missing => "missing",
        State::KnownGap => "known_gap",
        State::NotDue => "not_due",
        State::Unknown => "unknown",
    }
}

/// Vendors that have not reported all of the span.
pub(super) fn silent_vendors(books: &Books, analysis: &Analysis) -> BTreeSet<String> {
    missing(&vendors(books, analysis)).into_iter().map(|missing| missing.vendor).collect()
}

/// The vendors that are meant, with what they reported in the span.
fn vendors(books: &Books, analysis: &Analysis) -> Vec<VendorCoverage> {
    let mut vendors = books.coverage(analysis.from, analysis.to, Utc::now().date_naive());
    vendors.retain(|vendor| is_meant(analysis, &vendor.vendor));
    vendors
}

/// Whether the filters let rows of this vendor through.
#[must_use]
pub fn is_meant(analysis: &Analysis, vendor: &str) -> bool {
    analysis.filters.iter().filter(|filter| filter.dimension == Dimension::Vendor).all(|filter| {
        let named = filter.values.iter().flatten().any(|value| value == vendor);
        named != filter.excluded
    })
}
