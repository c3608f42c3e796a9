//! Whether a figure is out of bounds, from what was before it. Pure.

use chrono::{Days, Months, NaiveDate};
use data::analytics::history::season;
use domain::{
    AlertCondition, AlertPeriod, AlertRule, AlertSide, AlertVerdict,
    metrics::{Metric, Sums, Value},
};
use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive as _, ToPrimitive as _},
};

/// What a look at one line found.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub verdict: AlertVerdict,
    pub value: Option<Decimal>,
    /// What it is held against: the average, the figure of last year, the expectation.
    pub expected: Option<Decimal>,
    /// Between these nothing would have been out of bounds.
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
    /// How it was computed, or why there is nothing to say.
    pub why: String,
}

/// The sums of a line at each period, without holes; the last one is to be judged.
pub(crate) type Points<'a> = [(NaiveDate, &'a Sums)];

/// Fewer known periods than this are no average.
const AVERAGE_OF_MIN: usize = 2;

/// Judges the last period; `None`: up to now nothing was ever sold that the line is about, so there is nothing to say. `lacking` names the
/// vendors that have not reported all of a period.
pub(crate) fn judge(
    rule: &AlertRule,
    points: &Points<'_>,
    lacking: impl Fn(NaiveDate) -> Vec<String>,
) -> Option<Judgement> {
    let first = points.iter().position(|(_, sums)| sums.records > 0)?;
    let points = &points[first..];
    let ((start, sums), before) = points.split_last()?;
    let missing = lacking(*start);
    if !missing.is_empty() {
        let why = format!("{} has not reported all of it yet.", missing.join(", "));
        return Some(nothing(AlertVerdict::Waiting, None, why));
    }
    let value = match rule.metric.value(sums) {
        Value::Known(value) => value,
        Value::Unknown(why) => {
            return Some(nothing(AlertVerdict::NoFigure, None, why.message().to_owned()));
        }
    };
    Some(match rule.condition {
        AlertCondition::Number { is, value: bound } => {
            held(rule.metric, value, None, (is, bound), format!("held against {bound}"))
        }
        AlertCondition::Average { is, percent, periods } => {
            average(rule, value, before, (is, percent, periods as usize), &lacking)
        }
        AlertCondition::LastYear { is, percent } => {
            last_year(rule, value, before, (*start, is, percent), &lacking)
        }
        AlertCondition::Anomaly { is } => anomaly(rule, value, points, is),
    })
}

fn nothing(verdict: AlertVerdict, value: Option<Decimal>, why: String) -> Judgement {
    Judgement { verdict, value, expected: None, low: None, high: None, why }
}

fn held(
    metric: Metric,
    value: Decimal,
    expected: Option<Decimal>,
    (side, bound): (AlertSide, Decimal),
    why: String,
) -> Judgement {
    let bound = metric.definition().unit.round(bound);
    let verdict = if side.is_passed(value, bound) { AlertVerdict::Breached } else { AlertVerdict::Fine };
    let (low, high) = match side {
        AlertSide::Below => (Some(bound), None),
        AlertSide::Above => (None, Some(bound)),
    };
    Judgement { verdict, value: Some(value), expected, low, high, why }
}

/// Held against a part of something that has to be above zero for a percentage to mean anything.
fn part_of(
    rule: &AlertRule,
    value: Decimal,
    whole: Decimal,
    (side, percent): (AlertSide, Decimal),
    of: &str,
) -> Judgement {
    if whole <= Decimal::ZERO {
        let why = format!("A percentage of {of} says nothing: that is {whole}.");
        return nothing(AlertVerdict::NoFigure, Some(value), why);
    }
    let whole = rule.metric.definition().unit.round(whole);
    let bound = whole * percent / Decimal::ONE_HUNDRED;
    held(rule.metric, value, Some(whole), (side, bound), format!("held against {percent} % of {of}"))
}

fn average(
    rule: &AlertRule,
    value: Decimal,
    before: &Points<'_>,
    (side, percent, periods): (AlertSide, Decimal, usize),
    lacking: impl Fn(NaiveDate) -> Vec<String>,
) -> Judgement {
    let looked_at = &before[before.len().saturating_sub(periods)..];
    let known: Vec<Decimal> = looked_at
        .iter()
        .filter(|(start, _)| lacking(*start).is_empty())
        .filter_map(|(_, sums)| rule.metric.value(sums).known())
        .collect();
    let unit = word(rule.every);
    if known.len() < AVERAGE_OF_MIN.max(periods.div_ceil(2)) {
        let why = format!("Only {} of the {periods} {unit}s before are known whole.", known.len());
        return nothing(AlertVerdict::NoFigure, Some(value), why);
    }
    let count = Decimal::from(known.len());
    let mean = known.iter().sum::<Decimal>() / count;
    let of = if known.len() == periods {
        format!("the average of the {periods} {unit}s before")
    } else {
        format!("the average of those {} of the {periods} {unit}s before that are known whole", known.len())
    };
    part_of(rule, value, mean, (side, percent), &of)
}

fn last_year(
    rule: &AlertRule,
    value: Decimal,
    before: &Points<'_>,
    (start, side, percent): (NaiveDate, AlertSide, Decimal),
    lacking: impl Fn(NaiveDate) -> Vec<String>,
) -> Judgement {
    let then = year_before(rule.every, start);
    let found = before.iter().find(|(start, _)| Some(*start) == then);
    let of = match rule.every {
        AlertPeriod::Week => "the week 52 weeks before".to_owned(),
        AlertPeriod::Day | AlertPeriod::Month => format!("the same {} a year before", word(rule.every)),
    };
    let figure = match found {
        Some((start, sums)) if sums.records > 0 && lacking(*start).is_empty() => {
            rule.metric.value(sums).known()
        }
        _ => None,
    };
    match figure {
        Some(whole) => part_of(rule, value, whole, (side, percent), &of),
        None => nothing(AlertVerdict::NoFigure, Some(value), format!("Of {of} nothing is known whole.")),
    }
}

/// The period that a year before stands for this one: weeks begin on Mondays then, too.
pub(crate) fn year_before(every: AlertPeriod, start: NaiveDate) -> Option<NaiveDate> {
    match every {
        AlertPeriod::Week => start.checked_sub_days(Days::new(364)),
        AlertPeriod::Day | AlertPeriod::Month => start.checked_sub_months(Months::new(12)),
    }
}

/// As `GET /v1/analytics/anomalies` computes it, over everything up to this period.
fn anomaly(rule: &AlertRule, value: Decimal, points: &Points<'_>, side: Option<AlertSide>) -> Judgement {
    let mut values: Vec<f64> = Vec::with_capacity(points.len());
    for (_, sums) in points {
        match rule.metric.value(sums).known().and_then(|value| value.to_f64()) {
            Some(value) => values.push(value),
            // A figure that is not known begins the history anew.
            None => values.clear(),
        }
    }
    let unit = word(rule.every);
    let season = season(rule.every.interval()).unwrap_or_default();
    let Some((_, found)) = statistics::anomalies(&values, season) else {
        let why = format!("Only {} {unit}s are known: six are needed to expect anything.", values.len());
        return nothing(AlertVerdict::NoFigure, Some(value), why);
    };
    let why = format!("held against what the {} {unit}s before made to be expected", values.len() - 1);
    let Some(last) = found.into_iter().find(|anomaly| anomaly.at + 1 == values.len()) else {
        return Judgement { value: Some(value), ..nothing(AlertVerdict::Fine, None, why) };
    };
    let figure =
        |value: f64| Decimal::from_f64(value).map(|value| rule.metric.definition().unit.round(value));
    let is_meant = match side {
        None => true,
        Some(AlertSide::Below) => last.value < last.range.low,
        Some(AlertSide::Above) => last.value > last.range.high,
    };
    Judgement {
        verdict: if is_meant { AlertVerdict::Breached } else { AlertVerdict::Fine },
        value: Some(value),
        expected: figure(last.expected),
        low: figure(last.range.low),
        high: figure(last.range.high),
        why,
    }
}

pub(crate) fn word(every: AlertPeriod) -> &'static str {
    match every {
        AlertPeriod::Day => "day",
        AlertPeriod::Week => "week",
        AlertPeriod::Month => "month",
    }
}

#[cfg(test)]
mod tests;
