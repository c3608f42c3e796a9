//! Looks at the figures of an alert as somebody may see them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use data::{
    Tenant,
    analytics::{self, Names, Unconverted, history},
    coverage::{self, Books, VendorCoverage},
    vendors,
};
use domain::{
    AlertCondition, AlertPeriod, AlertRule,
    metrics::{Analysis, Dimension, Span, Sums},
};

use crate::judge::{Judgement, judge, year_before};

/// Groups that are looked at at once: values of the dimension times periods.
const GROUPS_MAX: u32 = history::POINTS_MAX as u32;

/// Periods before the one that is looked at, where the condition itself needs none: who has sold in them and does not now sells nothing.
const PERIODS_BEFORE: u32 = 13;

/// What is known of vendors, whoever asks: whether a file has come does not depend on who may see it.
#[derive(Debug)]
pub struct Expected {
    vendors: Vec<VendorCoverage>,
    /// Of these nothing is waited for.
    silent: BTreeSet<String>,
}

/// What a look at one value of the dimension found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The value; empty where all is one, `null` for rows that do not say.
    pub line: String,
    /// What people call it.
    pub name: String,
    pub judgement: Judgement,
}

/// What a look at one period found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    pub period: Span,
    /// The first day of what it was held against.
    pub shown_from: NaiveDate,
    pub found: Vec<Found>,
    /// What is not in these figures, though nobody waits for it.
    pub lacks: Vec<String>,
}

/// Why there was no look.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Data(#[from] data::Error),
    #[error("there are more than {GROUPS_MAX} figures to look at")]
    TooMany,
}

impl Expected {
    /// What vendors have said by this day. Archived vendors, and those that stopped long ago, are not waited for.
    #[must_use]
    pub fn new(books: &Books, archived: &[String], today: NaiveDate) -> Self {
        let vendors = books.coverage(None, None, today);
        let is_silent = |vendor: &&VendorCoverage| {
            archived.contains(&vendor.vendor) || coverage::has_stopped(vendor, today)
        };
        let silent = vendors.iter().filter(is_silent).map(|vendor| vendor.vendor.clone()).collect();
        Self { vendors, silent }
    }
}

/// The last period that is over on this day.
#[must_use]
pub fn last_period(every: AlertPeriod, today: NaiveDate) -> Option<NaiveDate> {
    let interval = every.interval();
    interval.beginning(interval.beginning(today)?.pred_opt()?)
}

/// Looks at the period that begins on this day, under the rights of this transaction's subject.
///
/// # Errors
/// When the books cannot be read, or there are too many figures.
pub async fn look(
    tenant: &mut Tenant,
    expected: &Expected,
    rule: &AlertRule,
    start: NaiveDate,
) -> Result<Look, Fault> {
    let period = Span { from: start, to: rule.every.interval().end(start) };
    let analysis = analysis(rule, period);
    let groups = analytics::all(tenant, &analysis, GROUPS_MAX).await?.ok_or(Fault::TooMany)?;
    let by: Vec<Dimension> = rule.by.into_iter().collect();
    let lines: BTreeSet<Vec<Option<String>>> = groups.iter().map(|group| group.key[1..].to_vec()).collect();
    let names = analytics::names(tenant, &by, lines.iter()).await?;
    // Who sees some vendors only is not told of others, and does not wait for them.
    let seen = vendors::names(tenant).await?;
    let days = (analysis.from, analysis.to);
    let points = history::points(rule.every.interval(), groups, days).ok_or(Fault::TooMany)?;
    let mut series: BTreeMap<&[Option<String>], Vec<(NaiveDate, &Sums)>> = BTreeMap::new();
    for (start, line, sums) in &points {
        series.entry(line).or_default().push((*start, sums));
    }
    let mut found = Vec::new();
    for (line, points) in series {
        let value = line.first().map(Option::as_deref);
        let waited = meant(expected, rule, &seen, value.flatten());
        if waited.is_empty() && rule.by == Some(Dimension::Vendor) {
            continue;
        }
        let lacking = |start: NaiveDate| {
            let end = rule.every.interval().end(start);
            let lacking = waited.iter().filter(|vendor| coverage::is_open(vendor, start, end));
            lacking.map(|vendor| seen[&vendor.vendor].clone()).collect()
        };
        if let Some(judgement) = judge(rule, &points, lacking) {
            let name = named(rule, &names, value);
            found.push(Found {
                line: value.map_or("", |value| value.unwrap_or("null")).to_owned(),
                name,
                judgement,
            });
        }
    }
    let shown_from = analysis.from.or_else(|| points.first().map(|(start, ..)| *start)).unwrap_or(start);
    let lacks = lacks(tenant, expected, rule, &seen, period).await?;
    Ok(Look { period, shown_from, found, lacks })
}

fn analysis(rule: &AlertRule, period: Span) -> Analysis {
    let interval = rule.every.interval();
    let back = |periods: u32| match rule.every {
        AlertPeriod::Day => period.from.checked_sub_days(Days::new(periods.into())),
        AlertPeriod::Week => period.from.checked_sub_days(Days::new(u64::from(periods) * 7)),
        AlertPeriod::Month => period.from.checked_sub_months(Months::new(periods)),
    };
    let from = match rule.condition {
        AlertCondition::Number { .. } => back(PERIODS_BEFORE),
        AlertCondition::Average { periods, .. } => back(periods),
        AlertCondition::LastYear { .. } => year_before(rule.every, period.from),
        AlertCondition::Anomaly { .. } => None,
    };
    let by: Vec<Dimension> = [interval].into_iter().chain(rule.by).collect();
    Analysis { from, to: Some(period.to), filters: rule.filters.clone(), ..Analysis::of(&[rule.metric]) }
        .by(&by)
}

/// The vendors that a line waits for.
fn meant<'a>(
    expected: &'a Expected,
    rule: &AlertRule,
    seen: &BTreeMap<String, String>,
    value: Option<&str>,
) -> Vec<&'a VendorCoverage> {
    let asked = Analysis { filters: rule.filters.clone(), ..Analysis::of(&[rule.metric]) };
    let is_meant = |vendor: &&VendorCoverage| {
        let key = vendor.vendor.as_str();
        seen.contains_key(key)
            && !expected.silent.contains(key)
            && coverage::is_meant(&asked, key)
            && (rule.by != Some(Dimension::Vendor) || value == Some(key))
    };
    expected.vendors.iter().filter(is_meant).collect()
}

fn named(rule: &AlertRule, names: &Names, value: Option<Option<&str>>) -> String {
    let (Some(by), Some(value)) = (rule.by, value) else { return "All".to_owned() };
    let Some(key) = value else { return "Not stated".to_owned() };
    let called: Vec<&str> = names.beside(by, Some(key)).flatten().collect();
    if called.is_empty() { key.to_owned() } else { called.join(" ") }
}

/// Days that are known not to come, and amounts without a rate.
async fn lacks(
    tenant: &mut Tenant,
    expected: &Expected,
    rule: &AlertRule,
    seen: &BTreeMap<String, String>,
    period: Span,
) -> Result<Vec<String>, data::Error> {
    let asked = Analysis { filters: rule.filters.clone(), ..Analysis::of(&[rule.metric]) };
    let mut lacks = Vec::new();
    for vendor in meant(expected, &AlertRule { by: None, ..rule.clone() }, seen, None) {
        for cell in &vendor.cells {
            let (first, last) = (cell.period.start(), cell.period.end());
            if let Some(gap) = cell.known_gap.as_ref().filter(|_| first <= period.to && last >= period.from) {
                let name = &seen[&vendor.vendor];
                lacks.push(format!("{name} does not report {first} to {last}: {}.", gap.reason));
            }
        }
    }
    let unconverted = analytics::unconverted(tenant, &asked.within(period.from, period.to)).await?;
    lacks.extend(unconverted.iter().map(|gap: &Unconverted| {
        let name = seen.get(&gap.vendor).unwrap_or(&gap.vendor);
        let month = gap.month.format("%Y-%m");
        format!("{name}: {} {} of {month} have no rate and are not in euro.", gap.amount_local, gap.currency)
    }));
    Ok(lacks)
}
