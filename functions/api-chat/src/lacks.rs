//! What an answer does not contain, in words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use data::coverage::{Coverage, Missing};
use domain::metrics::{Dimension, Metric, Unit};

/// Gaps that are named one by one; of more only their number is.
const NAMED_MAX: usize = 3;

/// Nothing where nothing lacks that these figures would contain; `names` of vendors by key.
pub(crate) fn sentence(
    coverage: &Coverage,
    metrics: &[Metric],
    names: &BTreeMap<String, String>,
) -> Option<String> {
    let is_converted = metrics.iter().copied().any(Metric::is_converted);
    let counts = |missing: &&Missing| is_converted || matches!(missing, Missing::NotReported(_));
    let gaps: Vec<&Missing> = coverage.missing.iter().filter(counts).collect();
    let name = |vendor: &str| names.get(vendor).cloned().unwrap_or_else(|| vendor.to_owned());
    let said = match gaps.len() {
        0 => return None,
        1..=NAMED_MAX => gaps.into_iter().map(|gap| one(gap, name)).collect(),
        _ => many(&gaps, name),
    };
    Some(format!("Not in it: {}.", said.join("; ")))
}

fn one(gap: &Missing, name: impl Fn(&str) -> String) -> String {
    match gap {
        Missing::NotReported(period) => {
            format!("{} has not reported {}", name(&period.vendor), days(period.start, period.end))
        }
        Missing::FxRateMissing { vendor, currency, month, amount_local } => format!(
            "{} {currency} of {} in {}, for which there is no exchange rate",
            Unit::LocalCurrency.round(*amount_local),
            name(vendor),
            month.format("%Y-%m")
        ),
    }
}

fn many(gaps: &[&Missing], name: impl Fn(&str) -> String) -> Vec<String> {
    let (mut periods, mut months) = (BTreeMap::<String, usize>::new(), BTreeMap::<&str, usize>::new());
    for gap in gaps {
        match gap {
            Missing::NotReported(period) => *periods.entry(name(&period.vendor)).or_default() += 1,
            Missing::FxRateMissing { currency, .. } => *months.entry(currency).or_default() += 1,
        }
    }
    let plural =
        |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let silent = periods
        .into_iter()
        .map(|(vendor, count)| format!("{vendor} has not reported {}", plural(count, "period")));
    let foreign = months.into_iter().map(|(currency, count)| {
        format!("amounts in {currency}, which have no exchange rate in {}", plural(count, "month"))
    });
    silent.chain(foreign).collect()
}

/// A whole month by its name.
fn days(start: NaiveDate, end: NaiveDate) -> String {
    let is_month =
        Dimension::Month.beginning(start) == Some(start) && Dimension::Month.next(start) == end.succ_opt();
    if is_month { start.format("%Y-%m").to_string() } else { format!("{start} to {end}") }
}

#[cfg(test)]
mod tests {
    use data::coverage::MissingPeriod;

    use super::*;

    fn silent(vendor: &str, start: &str, end: &str) -> Missing {
        let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
        Missing::NotReported(MissingPeriod { vendor: vendor.to_owned(), start, end, overdue_since: None })
    }

    fn foreign(month: &str) -> Missing {
        let (vendor, currency) = ("liberty".to_owned(), "GBP".to_owned());
        let amount_local = "12.5".parse().unwrap();
        Missing::FxRateMissing { vendor, currency, month: month.parse().unwrap(), amount_local }
    }

    fn said(missing: Vec<Missing>, metric: Metric) -> Option<String> {
        let coverage = Coverage { missing, known_gaps: Vec::new(), pending: Vec::new() };
        sentence(&coverage, &[metric], &BTreeMap::from([("galilu".to_owned(), "Galilu".to_owned())]))
    }

    #[test]
    fn a_few_gaps_are_named_and_many_are_counted() {
        let march = || silent("galilu", "2026-03-01", "2026-03-31");
        let week = || silent("liberty", "2026-03-02", "2026-03-08");
        let few = said(vec![march(), week(), foreign("2026-01-01")], Metric::RevenueEur).unwrap();
        assert_eq!(
            few,
            "Not in it: Galilu has not reported 2026-03; liberty has not reported 2026-03-02 to 2026-03-08; \
             12.50 GBP of liberty in 2026-01, for which there is no exchange rate."
        );
        let months = [foreign("2026-01-01"), foreign("2026-02-01")];
        let many = Vec::from_iter([march(), march(), week()].into_iter().chain(months));
        assert_eq!(
            said(many, Metric::RevenueEur).unwrap(),
            "Not in it: Galilu has not reported 2 periods; liberty has not reported 1 period; \
             amounts in GBP, which have no exchange rate in 2 months."
        );
    }

    #[test]
    fn pieces_need_no_rate() {
        assert_eq!(said(vec![foreign("2026-01-01")], Metric::Units), None);
        assert_eq!(said(Vec::new(), Metric::RevenueEur), None);
    }
}
