//! Sections that are named after the periods of their rows.

use chrono::Datelike;

use super::{
    Line,
    bare::{above, headers},
};
use crate::{
    calendar::{self, Time},
    figures,
    infer::{band::Band, findings::Findings, identity::Columns, sample::Sample},
    profile::{Role, Sections},
};

pub(super) const OF_TIME: &str = "Months and other names stand above the rows that belong to them, and nothing tells which is which. \
                       Please ask for a report with the month in every row.";

/// Whether a name is nothing but a month, a quarter or a week.
pub(super) fn is_time(name: &str) -> bool {
    matches!(calendar::of_text(name), Some(time) if !matches!(time, Time::Year(_)))
        && !matches!(calendar::of_text(name), Some(Time::Day(day)) if day.day() != 1)
}

/// Whether rows say themselves when they were sold.
pub(super) fn has_time(columns: &Columns<'_>) -> bool {
    const TIMES: [Role; 5] = [Role::Date, Role::Period, Role::Month, Role::WeekEnding, Role::WeekStarting];
    TIMES.iter().any(|role| columns.contains_key(role))
}

/// Sections that name the periods of their rows; asks for the year where neither they nor the file say it.
pub(super) fn with_years(
    rule: Sections,
    names: &[String],
    evidence: String,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    if rule.time.is_some() {
        let lacks_year =
            |name: &String| calendar::of_text(name).is_some_and(|time| time.with_year(None).is_none());
        if names.iter().any(lacks_year) && !findings.states_year() {
            let message = "The months above the rows have no year, and nothing in the file states it. Please state the \
                           year, for example 2026.";
            findings.ask("period", "period_missing", message, None, Vec::new());
        }
        findings.found("period", "the rows of months", 0.95, evidence);
    }
    Some(rule)
}

/// Names of months alone above the rows that belong to them.
pub(super) fn bare_times(
    lines: &[Line],
    blank: Role,
    band: &Band,
    sample: &Sample,
    columns: &Columns<'_>,
    findings: &mut Findings<'_>,
) -> Option<Sections> {
    if has_time(columns) {
        return None;
    }
    let is_name = |line: &&Line| line.label.is_some() && line.figures.iter().all(Option::is_none);
    let mut names: Vec<String> = lines.iter().filter(is_name).filter_map(|line| line.label.clone()).collect();
    // A month alone above the header is the period of the file; rows with figures of their own are other sections.
    let other =
        |line: &Line| line.is_head() && !line.label.as_deref().is_some_and(figures::begins_with_total);
    if names.is_empty() || lines.iter().any(other) {
        return None;
    }
    if !lines.first().is_some_and(|line| is_name(&line)) {
        names.push(above(band, sample).filter(|_| headers(band, sample) > names.len())?);
    }
    let all = names.iter().all(|name| is_time(name));
    let rule = Sections { blank: vec![blank], levels: 1, time: Some(0), bare: true, ..Sections::default() };
    let evidence = format!("{} rows name nothing but the time of those below them", names.len());
    if all { with_years(rule, &names, evidence, findings) } else { None }
}
