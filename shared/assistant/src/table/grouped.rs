//! Rows of the groups of one span.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use domain::metrics::{Analysis, Group, Order, Sums, percent};
use rust_decimal::Decimal;

use super::{Builder, Cell, Table, date, figure, number, text, unit};

type Row = (Vec<Option<String>>, Vec<Cell>);

impl Builder<'_> {
    pub(super) fn figures(self, groups: &[Group]) -> Table {
        // What nobody knows has no place in a ranking.
        let ranked = self.plan.analysis.limit.is_some() && self.plan.analysis.order != Order::Group;
        // Nor is a month without web-shop orders one of their average value.
        let reported =
            self.plan.analysis.metrics.iter().all(|metric| metric.definition().reported_by.is_some());
        let known =
            |group: &&Group| !(ranked || reported) || self.metric().value(&group.sums).known().is_some();
        let kept = groups.iter().filter(|group| self.keeps(&group.sums)).filter(known);
        let rows = kept.map(|group| (group.key.clone(), self.figures_of(&group.sums))).collect();
        self.table(&self.plan.analysis.by, self.metric_columns(""), rows)
    }

    pub(super) fn share(self, groups: &[Group], whole: &Sums) -> Table {
        let whole = self.metric().value(whole).known().unwrap_or_default();
        let row = |group: &Group| {
            let share = self.metric().value(&group.sums).known().and_then(|part| percent(part, whole));
            let mut cells = self.figures_of(&group.sums);
            cells.push(Cell::number(share));
            (group.key.clone(), cells)
        };
        let rows = groups.iter().filter(|group| self.keeps(&group.sums)).map(row).collect();
        let mut columns = self.metric_columns("");
        columns.push(number("share", Some("percent")));
        self.table(&self.plan.analysis.by, columns, rows)
    }

    /// Highest first, with what the groups so far are of the whole.
    pub(super) fn pareto(self, groups: &[Group], whole: &Sums) -> Table {
        let value = |group: &Group| self.metric().value(&group.sums).known().unwrap_or_default();
        let whole = self.metric().value(whole).known().unwrap_or_default();
        let mut sorted: Vec<&Group> = groups.iter().collect();
        sorted.sort_by_key(|group| std::cmp::Reverse(value(group)));
        let mut running = Decimal::ZERO;
        let mut rows = Vec::new();
        for group in sorted {
            running += value(group);
            let mut cells = self.figures_of(&group.sums);
            cells.push(Cell::number(percent(value(group), whole)));
            cells.push(Cell::number(percent(running, whole)));
            rows.push((group.key.clone(), cells));
        }
        let mut columns = self.metric_columns("");
        columns.extend([number("share", Some("percent")), number("cumulative_share", Some("percent"))]);
        self.table(&self.plan.analysis.by, columns, rows)
    }

    /// Each interval against the one before it, line by line.
    pub(super) fn growth(self, groups: &[Group]) -> Table {
        let by = &self.plan.analysis.by;
        let interval = self.plan.interval();
        let known: BTreeMap<Vec<Option<String>>, Decimal> = groups
            .iter()
            .filter_map(|group| Some((group.key.clone(), self.metric().value(&group.sums).known()?)))
            .collect();
        let before = |key: &[Option<String>]| {
            let start: NaiveDate = key.first()?.as_deref()?.parse().ok()?;
            let start = interval.beginning(start.pred_opt()?)?;
            let mut key = key.to_vec();
            key[0] = Some(start.to_string());
            known.get(&key).copied()
        };
        let asked = |key: &[Option<String>]| {
            let start = key.first().and_then(Option::as_deref).and_then(|day| day.parse::<NaiveDate>().ok());
            self.plan.analysis.from.is_none_or(|from| start.is_some_and(|start| start >= from))
        };
        let rows = groups.iter().filter(|group| asked(&group.key)).map(|group| {
            let now = self.metric().value(&group.sums).known();
            let step = now.zip(before(&group.key));
            let cells = vec![
                Cell::number(now),
                Cell::number(step.map(|(now, before)| now - before)),
                Cell::number(step.and_then(|(now, before)| percent(now - before, before.abs()))),
            ];
            (group.key.clone(), cells)
        });
        let columns = vec![
            number(self.metric().as_str(), unit(self.metric())),
            number("change", unit(self.metric())),
            number("change_percent", Some("percent")),
        ];
        self.table(by, columns, rows.collect())
    }

    /// The mean over the groups of the last dimension, and over how many it is.
    pub(super) fn average(self, groups: &[Group]) -> Table {
        let by = &self.plan.analysis.by;
        let outer = &by[..by.len().saturating_sub(1)];
        let mut sums: BTreeMap<Vec<Option<String>>, (Decimal, u32)> = BTreeMap::new();
        for group in groups {
            let Some(value) = self.metric().value(&group.sums).known() else { continue };
            let sum = sums.entry(group.key[..outer.len()].to_vec()).or_default();
            *sum = (sum.0 + value, sum.1 + 1);
        }
        let mut means: Vec<(Vec<Option<String>>, Decimal, u32)> = sums
            .into_iter()
            .filter_map(|(key, (sum, count))| {
                let mean = sum.checked_div(count.into())?;
                Some((key, self.metric().definition().unit.round(mean), count))
            })
            .collect();
        sort(&self.plan.analysis, &mut means, |(_, mean, _)| *mean);
        let last = by.last().map_or("groups", |last| last.as_str());
        let rows = means
            .into_iter()
            .map(|(key, mean, count)| (key, vec![Cell::Number(mean), Cell::Number(count.into())]));
        let columns = vec![
            number(&format!("average_{}", self.metric().as_str()), unit(self.metric())),
            number(&format!("{last}s"), None),
        ];
        self.table(outer, columns, rows.collect())
    }

    /// The first few groups within each of the outer ones. Groups come in the order of their figures.
    pub(super) fn best_per(self, groups: &[Group], keep: u32) -> Table {
        let by = &self.plan.analysis.by;
        let outer = by.len().saturating_sub(1);
        let mut taken: BTreeMap<&[Option<String>], Vec<&Group>> = BTreeMap::new();
        for group in groups.iter().filter(|group| self.keeps(&group.sums)) {
            let best = taken.entry(&group.key[..outer]).or_default();
            if best.len() < keep as usize {
                best.push(group);
            }
        }
        let rows: Vec<Row> = taken
            .into_values()
            .flatten()
            .map(|group| (group.key.clone(), self.figures_of(&group.sums)))
            .collect();
        self.table(by, self.metric_columns(""), rows)
    }

    /// How many values of the last dimension there are, for each of the others.
    pub(super) fn count(self, groups: &[Group]) -> Table {
        let by = &self.plan.analysis.by;
        let outer = by.len().saturating_sub(1);
        let mut counted: BTreeMap<Vec<Option<String>>, i64> = BTreeMap::new();
        if outer == 0 {
            counted.insert(Vec::new(), 0);
        }
        for group in groups {
            if group.key.last().is_none_or(Option::is_some) && self.keeps(&group.sums) {
                *counted.entry(group.key.iter().take(outer).cloned().collect()).or_default() += 1;
            }
        }
        let rows = counted.into_iter().map(|(key, count)| (key, vec![Cell::Number(count.into())])).collect();
        let last = by.last().map_or("groups", |by| by.as_str());
        self.table(&by[..outer], vec![number(&format!("{last}_count"), None)], rows)
    }

    pub(super) fn list(self, groups: &[Group]) -> Table {
        let said = groups.iter().filter(|group| group.key.iter().all(Option::is_some));
        self.table(
            &self.plan.analysis.by,
            Vec::new(),
            said.map(|group| (group.key.clone(), Vec::new())).collect(),
        )
    }

    /// The first or last day with a sale, earliest or latest first.
    pub(super) fn days_of(self, groups: &[Group], first: bool) -> Table {
        let day = |group: &Group| if first { group.sums.first } else { group.sums.last };
        let within = |day: &NaiveDate| self.plan.analysis.from.is_none_or(|from| from <= *day);
        let mut known: Vec<(&Group, NaiveDate)> =
            groups.iter().filter_map(|group| Some((group, day(group).filter(within)?))).collect();
        known.sort_by_key(|(_, day)| *day);
        if !first {
            known.reverse();
        }
        let rows =
            known.into_iter().map(|(group, day)| (group.key.clone(), vec![Cell::Text(day.to_string())]));
        let column = date(if first { "first_sale" } else { "last_sale" });
        self.table(&self.plan.analysis.by, vec![column], rows.collect())
    }

    /// Groups that sold at some time and not in the days asked for, longest ago first.
    pub(super) fn not_sold(self, groups: &[Group], ever: &[Group]) -> Table {
        let sold: Vec<&Vec<Option<String>>> =
            groups.iter().filter(|group| group.sums.first.is_some()).map(|group| &group.key).collect();
        let before = |group: &&Group| {
            let began =
                self.plan.analysis.to.is_none_or(|to| group.sums.first.is_some_and(|first| first <= to));
            began
                && group.sums.last.is_some()
                && group.key.iter().all(Option::is_some)
                && !sold.contains(&&group.key)
        };
        let mut silent: Vec<&Group> = ever.iter().filter(before).collect();
        silent.sort_by_key(|group| group.sums.last);
        let last = |group: &Group| group.sums.last.map_or(Cell::Nothing, |day| Cell::Text(day.to_string()));
        let rows = silent.into_iter().map(|group| (group.key.clone(), vec![last(group)])).collect();
        self.table(&self.plan.analysis.by, vec![date("last_sale")], rows)
    }

    /// The mean of each month of the year, and what it is of a mean month.
    pub(super) fn seasonality(self, groups: &[Group]) -> Table {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let mut sums: BTreeMap<u32, (Decimal, u32)> = BTreeMap::new();
        for group in groups {
            let start =
                group.key.first().and_then(Option::as_deref).and_then(|day| day.parse::<NaiveDate>().ok());
            let (Some(start), Cell::Number(value)) = (start, figure(self.metric(), &group.sums)) else {
                continue;
            };
            let sum = sums.entry(start.month0()).or_default();
            *sum = (sum.0 + value, sum.1 + 1);
        }
        let unit_of = self.metric().definition().unit;
        let means: Vec<(u32, Decimal, u32)> = sums
            .into_iter()
            .filter_map(|(month, (sum, count))| Some((month, sum.checked_div(count.into())?, count)))
            .collect();
        let all: Decimal = means.iter().map(|(_, mean, _)| *mean).sum();
        let usual = all.checked_div(Decimal::from(means.len())).unwrap_or_default();
        let rows = means.into_iter().map(|(month, mean, years)| {
            let name = MONTHS.get(month as usize).copied().unwrap_or_default();
            let cells = vec![
                Cell::Text(name.to_owned()),
                Cell::Number(unit_of.round(mean)),
                Cell::number(percent(mean, usual)),
                Cell::Number(years.into()),
            ];
            (Vec::new(), cells)
        });
        let columns = vec![
            text("month_of_year"),
            number(&format!("average_{}", self.metric().as_str()), unit(self.metric())),
            number("index", Some("percent")),
            number("years", None),
        ];
        self.table(&[], columns, rows.collect())
    }
}

/// In the order that the analysis asks for.
pub(super) fn sort<T>(analysis: &Analysis, rows: &mut [T], value: impl Fn(&T) -> Decimal) {
    match analysis.order {
        Order::Group => {}
        Order::Highest(_) => rows.sort_by_key(|row| std::cmp::Reverse(value(row))),
        Order::Lowest(_) => rows.sort_by_key(|row| value(row)),
    }
}
