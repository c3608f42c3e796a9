//! Rows of two spans side by side.

use std::collections::BTreeMap;

use domain::metrics::{Group, Metric, Sums, percent};
use rust_decimal::Decimal;

use super::{Builder, Cell, Column, Table, number, unit};
use crate::plan::Direction;

type Pairs = BTreeMap<Vec<Option<String>>, Pair>;
/// Now and before.
type Pair = (Sums, Sums);

impl Builder<'_> {
    /// The groups in order of the analysis, each with both spans and the step between them.
    pub(super) fn compare(self, now: &[Group], before: &[Group]) -> Table {
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
        let mut rows: Vec<_> = pairs(now, before).into_iter().filter(|(_, pair)| moved(step(pair))).collect();
        rows.sort_by_key(|(_, pair)| std::cmp::Reverse(step(pair).abs()));
        self.stepped(rows)
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
