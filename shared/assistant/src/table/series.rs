//! Rows that statistics make of whole histories.

use chrono::NaiveDate;
use domain::metrics::Unit;
use rust_decimal::{Decimal, prelude::FromPrimitive as _};

use super::{Builder, Cell, Table, number, unit};
use crate::{Knowledge, Plan, Shape};

/// A line of a breakdown in order of time, as far as it is whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Values of the dimensions after the interval.
    pub key: Vec<Option<String>>,
    pub starts: Vec<NaiveDate>,
    pub values: Vec<f64>,
}

/// Intervals ahead, without a wish and at most.
const AHEAD: usize = 3;
const AHEAD_MAX: usize = 24;

/// Expects or judges the intervals of each line. `season`: after how many of them sales repeat.
#[must_use]
pub fn estimate(plan: &Plan, series: &[Series], season: usize, knowledge: &Knowledge) -> Table {
    let builder = Builder { plan, knowledge };
    match plan.shape {
        Shape::Anomalies => builder.anomalies(series, season),
        _ => builder.forecasts(series, season),
    }
}

impl Builder<'_> {
    fn forecasts(self, series: &[Series], season: usize) -> Table {
        let interval = self.plan.interval();
        let mut rows = Vec::new();
        for line in series {
            let after = |start: &NaiveDate| interval.next(*start);
            let starts: Vec<NaiveDate> =
                std::iter::successors(line.starts.last().and_then(after), after).take(AHEAD_MAX).collect();
            let wanted = |start: &NaiveDate| {
                let (from, to) = (self.plan.analysis.from, self.plan.analysis.to);
                from.is_none_or(|from| interval.end(*start) >= from) && to.is_none_or(|to| *start <= to)
            };
            let steps = match self.plan.analysis.to {
                Some(_) => starts.iter().rposition(wanted).map_or(0, |last| last + 1),
                None => AHEAD,
            };
            let Some(forecast) = statistics::forecast(&line.values, season, steps) else { continue };
            for (start, point) in starts.iter().zip(&forecast.points).filter(|(start, _)| wanted(start)) {
                let key = [vec![Some(start.to_string())], line.key.clone()].concat();
                let figures = [point.expected, point.likely.low, point.likely.high];
                rows.push((key, figures.map(|value| self.estimated(value)).into()));
            }
        }
        let name = self.metric().as_str();
        let columns = ["expected", "low_80", "high_80"]
            .map(|word| number(&format!("{name}_{word}"), unit(self.metric())));
        self.table(&self.plan.analysis.by, columns.into(), rows)
    }

    fn anomalies(self, series: &[Series], season: usize) -> Table {
        let interval = self.plan.interval();
        let mut found = Vec::new();
        for line in series {
            let Some((_, anomalies)) = statistics::anomalies(&line.values, season) else { continue };
            for anomaly in anomalies {
                let Some(start) = line.starts.get(anomaly.at) else { continue };
                let asked = &self.plan.analysis;
                let within = asked.from.is_none_or(|from| interval.end(*start) >= from)
                    && asked.to.is_none_or(|to| *start <= to);
                if within {
                    let key = [vec![Some(start.to_string())], line.key.clone()].concat();
                    let figures = [anomaly.value, anomaly.expected, anomaly.range.low, anomaly.range.high];
                    found.push((anomaly.score.abs(), key, figures.map(|value| self.estimated(value))));
                }
            }
        }
        found.sort_by(|one, other| other.0.total_cmp(&one.0));
        let rows = found.into_iter().map(|(_, key, figures)| (key, figures.into())).collect();
        let name = self.metric().as_str();
        let mut columns = vec![number(name, unit(self.metric()))];
        columns.extend(
            ["expected", "low", "high"].map(|word| number(&format!("{name}_{word}"), unit(self.metric()))),
        );
        self.table(&self.plan.analysis.by, columns, rows)
    }

    fn estimated(self, value: f64) -> Cell {
        Cell::number(Decimal::from_f64(value).map(|value| self.metric().definition().unit.round(value)))
    }

    /// The mean price of a piece of each group, and how it varies from row to row.
    pub(super) fn prices(self, spreads: &[PriceSpread]) -> Table {
        let euro = |value: Option<Decimal>| Cell::number(value.map(|value| Unit::Euro.round(value)));
        let rows = spreads.iter().map(|spread| {
            let figures = [spread.mean, spread.deviation, spread.lowest, spread.highest].map(euro);
            (spread.key.clone(), figures.into())
        });
        let columns = ["mean_price_eur", "price_deviation_eur", "lowest_price_eur", "highest_price_eur"];
        self.table(
            &self.plan.analysis.by,
            columns.map(|name| number(name, Some("EUR"))).into(),
            rows.collect(),
        )
    }
}

/// How prices of rows vary within a group.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceSpread {
    pub key: Vec<Option<String>>,
    pub mean: Option<Decimal>,
    /// Of a sample; `None` of a single row.
    pub deviation: Option<Decimal>,
    pub lowest: Option<Decimal>,
    pub highest: Option<Decimal>,
}

/// Rows of prices.
#[must_use]
pub fn tabulate_prices(plan: &Plan, spreads: &[PriceSpread], knowledge: &Knowledge) -> Table {
    Builder { plan, knowledge }.prices(spreads)
}
