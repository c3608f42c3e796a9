//! What somebody is told about figures that are out of bounds.

use chrono::{Datelike as _, NaiveDate};
use domain::{
    AlertCondition, AlertPeriod, AlertRule, AlertVerdict, NoticeMail,
    metrics::{NOT, SILENT, Unit},
};
use rust_decimal::Decimal;

use crate::{Found, Look};

/// Lines that one mail spells out; how many more there are is said.
const LINES_MAX: usize = 20;
const LACKS_MAX: usize = 10;

/// A mail about everything that is newly out of bounds, and about what was and is no more since its figures have changed; the oldest
/// period first.
#[must_use]
pub fn tell(organization: &str, alert: &str, rule: &AlertRule, looks: &[(&Look, Vec<&Found>)]) -> NoticeMail {
    let all: Vec<(&Look, &Found)> =
        looks.iter().flat_map(|(look, found)| found.iter().map(|found| (*look, *found))).collect();
    let headline = match all.as_slice() {
        [(look, found)] => {
            let period = in_words(rule.every, look.period.from);
            format!(
                "{alert}: {} in {period}{}",
                short(rule, found),
                if is_out(found) { "" } else { CORRECTED }
            )
        }
        several => {
            let out = several.iter().filter(|(_, found)| is_out(found)).count();
            match several.len() - out {
                0 => format!("{alert}: {out} figures are out of bounds"),
                back if out == 0 => format!("{alert}: {back} figures are no longer out of bounds"),
                back => format!("{alert}: {out} figures are out of bounds, {back} no longer"),
            }
        }
    };
    let mut lines: Vec<String> = all
        .iter()
        .take(LINES_MAX)
        .map(|(look, found)| {
            let end = if is_out(found) { "" } else { CORRECTED };
            format!("{}, {}{end}.", in_words(rule.every, look.period.from), long(rule, found))
        })
        .collect();
    if all.len() > LINES_MAX {
        lines.push(format!("And {} more: the history of the alert has all of them.", all.len() - LINES_MAX));
    }
    let mut lacks: Vec<String> = looks.iter().flat_map(|(look, _)| look.lacks.iter().cloned()).collect();
    lacks.dedup();
    if !lacks.is_empty() {
        let more = lacks.len().saturating_sub(LACKS_MAX);
        lacks.truncate(LACKS_MAX);
        let more = if more > 0 { format!(" And {more} more.") } else { String::new() };
        lines.push(format!("Not in these figures: {}{more}", lacks.join(" ")));
    }
    let page = looks.last().map_or_else(String::new, |(look, _)| query(rule, look));
    lines.push(format!("GET /v1/{page} shows these figures as you may see them."));
    NoticeMail { organization: organization.to_owned(), headline, lines, page }
}

/// Of a figure that was told of.
const CORRECTED: &str = ", no longer out of bounds: the books have changed";

fn is_out(found: &Found) -> bool {
    found.judgement.verdict == AlertVerdict::Breached
}

/// `Galilu: Revenue 41.00 EUR, below 52.50 EUR`.
fn short(rule: &AlertRule, found: &Found) -> String {
    let judged = &found.judgement;
    let value = judged.value.map_or_else(|| "unknown".to_owned(), |value| amount(rule, value));
    let side = match (judged.value, judged.low, judged.high) {
        (Some(value), Some(low), _) if value < low => format!(", below {}", amount(rule, low)),
        (Some(value), _, Some(high)) if value > high => format!(", above {}", amount(rule, high)),
        _ => String::new(),
    };
    format!("{}: {} {value}{side}", found.name, rule.metric.definition().title)
}

fn long(rule: &AlertRule, found: &Found) -> String {
    let judged = &found.judgement;
    let expected =
        judged.expected.map_or_else(String::new, |expected| format!(", which is {}", amount(rule, expected)));
    format!("{} ({}{expected})", short(rule, found), judged.why)
}

fn amount(rule: &AlertRule, value: Decimal) -> String {
    match rule.metric.definition().unit {
        Unit::Euro => format!("{value} EUR"),
        Unit::Percent => format!("{value} %"),
        Unit::LocalCurrency | Unit::Pieces | Unit::Orders | Unit::Buyers => value.to_string(),
    }
}

/// `January 2026`, `the week from 2026-01-05` or the day.
#[must_use]
pub fn in_words(every: AlertPeriod, start: NaiveDate) -> String {
    match every {
        AlertPeriod::Day => start.to_string(),
        AlertPeriod::Week => format!("the week from {start}"),
        AlertPeriod::Month => format!("{} {}", start.format("%B"), start.year()),
    }
}

/// The call below `/v1/` that gives these figures again.
#[must_use]
pub fn query(rule: &AlertRule, look: &Look) -> String {
    let route = match rule.condition {
        AlertCondition::Anomaly { .. } => "anomalies",
        AlertCondition::Number { .. } | AlertCondition::Average { .. } | AlertCondition::LastYear { .. } => {
            "series"
        }
    };
    let mut pairs = vec![
        ("metric".to_owned(), rule.metric.as_str().to_owned()),
        ("interval".to_owned(), rule.every.as_str().to_owned()),
    ];
    pairs.extend(rule.by.map(|by| ("by".to_owned(), by.as_str().to_owned())));
    for filter in &rule.filters {
        let not = if filter.excluded { NOT } else { "" };
        let name = format!("{not}{}", filter.dimension.as_str());
        let values = filter.values.iter().map(|value| value.as_deref().unwrap_or(SILENT).to_owned());
        pairs.extend(values.map(|value| (name.clone(), value)));
    }
    pairs.push(("from".to_owned(), look.shown_from.to_string()));
    pairs.push(("to".to_owned(), look.period.to.to_string()));
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("analytics/{route}?{}", query.join("&"))
}

/// As a value of a query (RFC 3986, 2.3).
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(byte.into());
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use domain::AlertSide;
    use domain::metrics::{Dimension, Filter, Metric, Span};

    use super::*;
    use crate::Judgement;

    fn rule() -> AlertRule {
        let vendors = vec![Some("b&b/ü".to_owned()), None];
        AlertRule {
            metric: Metric::RevenueEur,
            filters: vec![Filter::new(Dimension::Vendor, vendors, true).unwrap()],
            by: Some(Dimension::Vendor),
            every: AlertPeriod::Month,
            condition: AlertCondition::Average { is: AlertSide::Below, percent: 75.into(), periods: 12 },
        }
    }

    fn found(name: &str, value: i64) -> Found {
        let judgement = Judgement {
            verdict: AlertVerdict::Breached,
            value: Some(value.into()),
            expected: Some(100.into()),
            low: Some(75.into()),
            high: None,
            why: "held against 75 % of the average of the 12 months before".to_owned(),
        };
        Found { line: name.to_lowercase(), name: name.to_owned(), judgement }
    }

    fn look(lacks: &[&str]) -> Look {
        Look {
            period: Span { from: "2026-01-01".parse().unwrap(), to: "2026-01-31".parse().unwrap() },
            shown_from: "2025-01-01".parse().unwrap(),
            found: Vec::new(),
            lacks: lacks.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn a_mail_says_what_is_out_of_bounds_how_that_was_computed_what_is_missing_and_where_it_is_shown() {
        let (look, galilu) =
            (look(&["Boxnox does not report 2026-01-01 to 2026-01-31: closed."]), found("Galilu", 41));
        let mail = tell("Maison Exemple", "Watch", &rule(), &[(&look, vec![&galilu])]);
        assert_eq!(mail.headline, "Watch: Galilu: Revenue 41 EUR, below 75 EUR in January 2026");
        let expected = [
            "January 2026, Galilu: Revenue 41 EUR, below 75 EUR (held against 75 % of the average of the 12 months before, which is 100 EUR).",
            "Not in these figures: Boxnox does not report 2026-01-01 to 2026-01-31: closed.",
            "GET /v1/analytics/series?metric=revenue_eur&interval=month&by=vendor&not_vendor=b%26b%2F%C3%BC&not_vendor=null&from=2025-01-01&to=2026-01-31 shows these figures as you may see them.",
        ];
        assert_eq!(mail.lines, expected);
        assert!(mail.lines[2].contains(&mail.page));
    }

    #[test]
    fn many_figures_are_counted() {
        let (look, all): (Look, Vec<Found>) =
            (look(&[]), (0..25).map(|n| found(&format!("V{n}"), n)).collect());
        let mail = tell("Maison Exemple", "Watch", &rule(), &[(&look, all.iter().collect())]);
        assert_eq!(mail.headline, "Watch: 25 figures are out of bounds");
        assert_eq!(mail.lines.len(), LINES_MAX + 2);
        assert!(mail.lines[LINES_MAX].starts_with("And 5 more"));
    }
}
