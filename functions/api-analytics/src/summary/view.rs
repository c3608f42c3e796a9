//! The answer of the summary route.

use chrono::NaiveDate;
use data::{
    analytics::{KeyFigures, Unconverted},
    coverage::{State, VendorCoverage},
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use crate::{
    coverage::view::{MissingView, missing, state_word},
    span::Span,
};

/// Decimals of an amount in the reporting currency.
const CENTS: u32 = 2;

/// Figures over all line classes, so that they tie to the totals of the vendors' files.
#[derive(Debug, Serialize)]
pub(super) struct View {
    #[serde(flatten)]
    figures: Figures,
    /// `null` unless both `from` and `to` are given.
    previous: Option<Previous>,
    change: Option<Change>,
    coverage: Coverage,
}

#[derive(Debug, Clone, Serialize)]
struct Figures {
    revenue_eur: Decimal,
    units: Decimal,
    orders: i64,
    /// Revenue by units; `null` without units.
    average_price_eur: Option<Decimal>,
    returns_eur: Decimal,
}

#[derive(Debug, Serialize)]
struct Previous {
    #[serde(flatten)]
    span: Span,
    #[serde(flatten)]
    figures: Figures,
    coverage: Coverage,
}

#[derive(Debug, Serialize)]
struct Change {
    revenue_eur: Step,
    units: Step,
    orders: Step,
    average_price_eur: Option<Step>,
    returns_eur: Step,
}

/// From the figure before to the figure now.
#[derive(Debug, Serialize)]
struct Step {
    absolute: Decimal,
    /// In percent of the figure before; `null` when that is zero.
    percent: Option<Decimal>,
}

/// What the figures do not contain. A period counts where its last day lies; one that crosses the span is named too.
#[derive(Debug, Serialize)]
pub(super) struct Coverage {
    missing: Vec<Missing>,
    known_gaps: Vec<KnownGap>,
    /// Not due yet, or of a vendor about whom nobody can say when it is.
    pending: Vec<Pending>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
enum Missing {
    /// The vendor has said nothing about these days.
    NotReported(MissingView),
    /// Reported, but not in `revenue_eur`: import the rate of this month.
    FxRateMissing { vendor: String, currency: String, month: NaiveDate, amount_local: Decimal },
}

#[derive(Debug, Serialize)]
struct KnownGap {
    vendor: String,
    start: NaiveDate,
    end: NaiveDate,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Pending {
    vendor: String,
    start: NaiveDate,
    end: NaiveDate,
    state: &'static str,
    due_on: Option<NaiveDate>,
}

impl View {
    pub(super) fn new(figures: KeyFigures, coverage: Coverage) -> Self {
        Self { figures: figures.into(), previous: None, change: None, coverage }
    }

    pub(super) fn against(self, span: Span, before: KeyFigures, coverage: Coverage) -> Self {
        let before = Figures::from(before);
        let now = &self.figures;
        let change = Change {
            revenue_eur: Step::new(before.revenue_eur, now.revenue_eur),
            units: Step::new(before.units, now.units),
            orders: Step::new(before.orders.into(), now.orders.into()),
            average_price_eur: before
                .average_price_eur
                .zip(now.average_price_eur)
                .map(|(before, now)| Step::new(before, now)),
            returns_eur: Step::new(before.returns_eur, now.returns_eur),
        };
        let previous = Previous { span, figures: before, coverage };
        Self { previous: Some(previous), change: Some(change), ..self }
    }
}

impl From<KeyFigures> for Figures {
    fn from(figures: KeyFigures) -> Self {
        Self {
            revenue_eur: rounded(figures.revenue_eur),
            units: figures.units.normalize(),
            orders: figures.orders,
            average_price_eur: figures.revenue_eur.checked_div(figures.units).map(rounded),
            returns_eur: rounded(figures.returns_eur),
        }
    }
}

impl Step {
    fn new(before: Decimal, now: Decimal) -> Self {
        let absolute = now - before;
        let share = absolute.checked_div(before.abs());
        Self { absolute, percent: share.map(|share| rounded(share * Decimal::ONE_HUNDRED)) }
    }
}

impl Coverage {
    pub(super) fn new(vendors: &[VendorCoverage], unconverted: Vec<Unconverted>) -> Self {
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

/// To the cent, half away from zero, with both decimals written.
fn rounded(amount: Decimal) -> Decimal {
    let mut cents = amount.round_dp_with_strategy(CENTS, RoundingStrategy::MidpointAwayFromZero);
    cents.rescale(CENTS);
    cents
}
