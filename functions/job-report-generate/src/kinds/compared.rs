//! Figures beside those of the span before and of a year ago.

use data::{Tenant, analytics};
use domain::metrics::{Analysis, Metric, Step, Sums, Value, Why};
use reporting::document::{Block, Card, Change, Figure, Rising};

use super::{Scope, trend::Trend, unit};
use crate::make::Fault;

/// The sums of a span, of the one before, and of a year ago.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) sums: [Sums; 3],
}

impl Compared {
    pub(super) async fn load(tenant: &mut Tenant, scope: &Scope, analysis: &Analysis) -> Result<Self, Fault> {
        let mut sums = [Sums::default(), Sums::default(), Sums::default()];
        for (sums, span) in sums.iter_mut().zip(scope.spans()) {
            *sums = analytics::total(tenant, &analysis.clone().within(span.from, span.to)).await?;
        }
        Ok(Self { sums })
    }

    pub(super) fn now(&self) -> &Sums {
        &self.sums[0]
    }

    /// The others, each with what it is called.
    fn others(&self) -> [(&'static str, &Sums); 2] {
        let [_, before, last_year] = &self.sums;
        [("previous", before), ("last year", last_year)]
    }

    /// The key figures as cards, without those about which nothing is known in any span.
    pub(super) fn cards(&self, metrics: &[Metric], trend: &Trend) -> Block {
        let is_told = |metric: &Metric| {
            let told = |sums: &Sums| metric.value(sums).known().is_some_and(|value| !value.is_zero());
            *metric == Metric::RevenueEur
                || told(self.now())
                || self.others().into_iter().any(|(_, sums)| told(sums))
        };
        Block::Cards(metrics.iter().copied().filter(is_told).map(|metric| self.card(metric, trend)).collect())
    }

    fn card(&self, metric: Metric, trend: &Trend) -> Card {
        let value = metric.value(self.now());
        let changes = self.others().map(|(name, sums)| change(metric, value, name, sums));
        Card {
            title: metric.definition().title.to_owned(),
            value: figure(value),
            unit: unit(metric),
            changes: changes.to_vec(),
            trend: trend.values(metric),
        }
    }
}

/// How a figure differs from an earlier one: in percent; a share or rate in percentage points.
fn change(metric: Metric, now: Value, name: &str, then: &Sums) -> Change {
    let base = metric.value(then);
    let percent = match now.known().zip(base.known()) {
        Some(_) if then.records == 0 => Figure::Missing("nothing was reported".to_owned()),
        Some((now, base)) if is_rate(metric) => Figure::Known(now - base),
        Some((now, base)) => match Step::new(base, now).percent {
            Some(percent) => Figure::Known(percent),
            None => Figure::Missing("was zero".to_owned()),
        },
        None => Figure::Missing("cannot be compared".to_owned()),
    };
    let rising = match metric {
        Metric::ReturnsEur | Metric::ReturnRate | Metric::CostEur | Metric::FeesEur => Rising::Bad,
        _ => Rising::Good,
    };
    Change { against: format!("vs {name}"), percent, base: base.known(), rising }
}

/// Whether a metric is in percent itself.
pub(super) fn is_rate(metric: Metric) -> bool {
    metric.definition().unit == domain::metrics::Unit::Percent
}

pub(super) fn figure(value: Value) -> Figure {
    match value {
        Value::Known(figure) => Figure::Known(figure),
        Value::Unknown(why) => Figure::Missing(reason(why).to_owned()),
    }
}

/// In a word or two, for a cell.
pub(super) fn reason(why: Why) -> &'static str {
    match why {
        Why::NotReported => "not reported",
        Why::DividedByZero => "nothing sold",
        Why::SeveralCurrencies => "several currencies",
        Why::NoStock => "no stock known",
        Why::FxRateMissing => "no exchange rate",
    }
}
