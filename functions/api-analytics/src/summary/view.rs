//! The answer of the summary route.

use chrono::NaiveDate;
use data::analytics::{KeyFigures, Unconverted, Unreported};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

/// Decimals of an amount in the reporting currency.
const CENTS: u32 = 2;

/// Days, both inclusive.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Span {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

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

/// What the figures do not contain.
#[derive(Debug, Serialize)]
pub(super) struct Coverage {
    missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
enum Missing {
    /// The vendor has said nothing about these days.
    NotReported { vendor: String, start: NaiveDate, end: NaiveDate },
    /// Reported, but not in `revenue_eur`: import the rate of this month.
    FxRateMissing { vendor: String, currency: String, month: NaiveDate, amount_local: Decimal },
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
    pub(super) fn new(unreported: Vec<Unreported>, unconverted: Vec<Unconverted>) -> Self {
        let silent =
            |gap: Unreported| Missing::NotReported { vendor: gap.vendor, start: gap.start, end: gap.end };
        let foreign = |gap: Unconverted| Missing::FxRateMissing {
            vendor: gap.vendor,
            currency: gap.currency,
            month: gap.month,
            amount_local: gap.amount_local,
        };
        let silent = unreported.into_iter().map(silent);
        Self { missing: silent.chain(unconverted.into_iter().map(foreign)).collect() }
    }
}

/// To the cent, half away from zero, with both decimals written.
fn rounded(amount: Decimal) -> Decimal {
    let mut cents = amount.round_dp_with_strategy(CENTS, RoundingStrategy::MidpointAwayFromZero);
    cents.rescale(CENTS);
    cents
}
