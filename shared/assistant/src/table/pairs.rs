//! Rows of two spans side by side.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months, NaiveDate, TimeDelta};
use domain::metrics::{Dimension, Group, Metric, Span, Sums, percent};
use rust_decimal::Decimal;

use super::{Builder, Cell, Column, Table, number, unit};
use crate::{Shape, plan::Direction};

type Pairs = BTreeMap<Vec<Option<String>>, Pair>;
/// Now and before.
type Pair = (Sums, Sums);

impl Builder<'_> {
    /// The groups in order of the analysis, each with both spans and the step between them.
    pub(super) fn compare(self, now: &[Group], before: &[Group]) -> Table {
        let before = &self.aligned(before)[..];
        let mut rows: Vec<_> =
            pairs(now, before).into_iter().filter(|(_, (now, _))| self.keeps(now)).collect();
        super::grouped::sort(&self.plan.analysis, &mut rows, |(_, (now, _))| {
            self.value(now).unwrap_or_default()
        });
        self.stepped(rows)
    }

    /// Groups that moved, biggest step first.
    pub(super) fn movers(self, now: &[Group], before: &[Group], direction: Direction) -> Table {
        let step = |(now, before): &Pair| {
            self.value(now).unwrap_or_default() - self.value(before).unwrap_or_default()
        };
        let moved = |step: Decimal| match direction {
            Direction::Up => step > Decimal::ZERO,
            Direction::Down => step < Decimal::ZERO,
            Direction::Either => !step.is_zero(),
        };
        let before = &self.aligned(before)[..];
        let mut rows: Vec<_> = pairs(now, before).into_iter().filter(|(_, pair)| moved(step(pair))).collect();
        rows.sort_by_key(|(_, pair)| std::cmp::Reverse(step(pair).abs()));
        self.stepped(rows)
    }

    /// Groups of the other days under the intervals they stand beside: March of the one year beside March of the other.
    fn aligned(self, before: &[Group]) -> Vec<Group> {
        let asked = &self.plan.analysis;
        let with = match &self.plan.shape {
            Shape::Compare { with, .. } | Shape::Movers { with, .. } => *with,
            _ => return before.to_vec(),
        };
        let Some(now) = asked.from.zip(asked.to).map(|(from, to)| Span { from, to }) else {
            return before.to_vec();
        };
        let moved = |mut group: Group| {
            for (dimension, value) in asked.by.iter().zip(&mut group.key).filter(|(by, _)| by.is_time()) {
                let day = value.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
                if let Some(day) = day.and_then(|day| beside(*dimension, day, with, now)) {
                    *value = Some(day.to_string());
                }
            }
            group
        };
        before.iter().cloned().map(moved).collect()
    }

    fn value(self, sums: &Sums) -> Option<Decimal> {
        self.metric().value(sums).known()
    }

    fn stepped(self, rows: Vec<(Vec<Option<String>>, Pair)>) -> Table {
        let metrics = &self.plan.analysis.metrics;
        let cells = |(now, before): &Pair| {
            let of = |metric: &Metric| {
                let (now, before) = (metric.value(now).known(), metric.value(before).known());
                let step = now.zip(before);
                [
                    Cell::number(now),
                    Cell::number(before),
                    Cell::number(step.map(|(now, before)| now - before)),
                    Cell::number(step.and_then(|(now, before)| percent(now - before, before.abs()))),
                ]
            };
            metrics.iter().flat_map(of).collect::<Vec<_>>()
        };
        let rows = rows.iter().map(|(key, pair)| (key.clone(), cells(pair))).collect();
        let columns = metrics.iter().flat_map(|metric| columns(*metric)).collect();
        self.table(&self.plan.analysis.by, columns, rows)
    }

    /// The part, the whole and the share, for each group of the whole.
    pub(super) fn part_of(self, part: &[Group], whole: &[Group]) -> Table {
        let rows = pairs(part, whole).into_iter().map(|(key, (part, whole))| {
            let (part, whole) = (self.value(&part), self.value(&whole));
            let share = part.zip(whole).and_then(|(part, whole)| percent(part, whole));
            (key, vec![Cell::number(part), Cell::number(whole), Cell::number(share)])
        });
        let name = self.metric().as_str();
        let columns = vec![
            number(name, unit(self.metric())),
            number(&format!("whole_{name}"), unit(self.metric())),
            number("share", Some("percent")),
        ];
        self.table(&self.plan.analysis.by, columns, rows.collect())
    }
}

/// The interval of one span that is in the place that this one has in another span.
fn beside(unit: Dimension, day: NaiveDate, from: Span, to: Span) -> Option<NaiveDate> {
    let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
    let months = month(to.from) - month(from.from);
    let days = (to.from - from.from).num_days();
    match unit {
        Dimension::Day if from.from.day() != to.from.day() => day.checked_add_signed(TimeDelta::days(days)),
        // Weeks begin on Mondays: the nearest one.
        Dimension::Week => day.checked_add_signed(TimeDelta::days((days + 3).div_euclid(7) * 7)),
        _ => match u32::try_from(months) {
            Ok(months) => day.checked_add_months(Months::new(months)),
            Err(_) => day.checked_sub_months(Months::new(u32::try_from(-months).ok()?)),
        },
    }
}

fn columns(metric: Metric) -> [Column; 4] {
    let name = metric.as_str();
    [
        number(name, unit(metric)),
        number(&format!("{name}_before"), unit(metric)),
        number(&format!("{name}_change"), unit(metric)),
        number(&format!("{name}_change_percent"), Some("percent")),
    ]
}

fn pairs(now: &[Group], before: &[Group]) -> Pairs {
    let mut pairs = Pairs::new();
    for group in now {
        pairs.entry(group.key.clone()).or_default().0 = group.sums.clone();
    }
    for group in before {
        pairs.entry(group.key.clone()).or_default().1 = group.sums.clone();
    }
    pairs
}
