//! The period that a file states as a whole: out of its name, checked against its content.

mod outside;
mod places;

use chrono::{Datelike, NaiveDate, Weekday};
use domain::{Finding, Period, Question, QuestionOption, StatedPeriod};
pub(crate) use outside::outside;
pub(crate) use places::is_of_export;
use places::{FILE_NAME, in_places};

use crate::{
    Input, calendar,
    cell::Cell,
    detect::Peek,
    file_name::{self, DayReading},
    header::Found,
    month,
    profile::{self, Layout, PeriodPlace, PeriodRule, PeriodSource},
    span, text,
};

/// What a file says about its period.
#[derive(Default)]
pub(crate) struct Stated {
    /// `None` when every row has its own, or while a question is open.
    pub(crate) period: Option<Period>,
    pub(crate) warnings: Vec<Finding>,
    pub(crate) question: Option<Question>,
}

pub(crate) fn of_file(input: &Input<'_>, layout: &Layout, peeks: &[Peek], main: Option<&Found>) -> Stated {
    let rule = &layout.period;
    let mut stated = match rule.from {
        PeriodSource::YearAndMonth
        | PeriodSource::Date
        | PeriodSource::MonthOfDate
        | PeriodSource::WeekEnding
        | PeriodSource::WeekStarting
        | PeriodSource::Text
        | PeriodSource::WeekNumber
        | PeriodSource::Header => return Stated::default(),
        // Months of sections may lack their year.
        PeriodSource::Section => return of_year(input, &in_places(input, &anywhere(rule), peeks, main)),
        PeriodSource::Stated => of_places(&in_places(input, rule, peeks, main)),
        PeriodSource::FileNameMonth => of_month(file_name::periods(input.file_name)),
        PeriodSource::FileNameWeekBefore => of_week(input.file_name, rule),
    };
    let answered: Option<Period> = input.answer("period").and_then(|value| value.parse().ok());
    // Sheets that are months stay so within the span that a person stated.
    let of_sheets = layout.main().is_some_and(|table| table.all_sheets);
    let within = |own: Period, all: Period| of_sheets && all.start() <= own.start() && own.end() <= all.end();
    if let Some(answered) = answered.filter(|all| !stated.period.is_some_and(|own| within(own, *all))) {
        stated = Stated { period: Some(answered), ..Stated::default() };
    }
    if let Some(period) = stated.period {
        stated.warnings.extend(repeated_conflict(rule, period, peeks));
    }
    stated
}

/// The same rule, looking for a period anywhere.
fn anywhere(rule: &PeriodRule) -> PeriodRule {
    let places = vec![PeriodPlace::FileName, PeriodPlace::SheetName, PeriodPlace::Title];
    PeriodRule { places, ..rule.clone() }
}

/// The only year that a file states, as a period.
fn of_year(input: &Input<'_>, stated: &[(Period, String)]) -> Stated {
    let mut years: Vec<i32> = stated.iter().map(|(period, _)| period.end().year()).collect();
    years.extend(calendar::years_in(input.file_name));
    years.sort_unstable();
    years.dedup();
    let year = answered_year(input).or(match years[..] {
        [year] => Some(year),
        _ => None,
    });
    Stated { period: year.and_then(|year| Period::months(year, 1, 12)), ..Stated::default() }
}

/// Years that months in headers lack, or that contradict each other.
pub(crate) fn of_headers(tables: &[&Found]) -> Option<Question> {
    let conflict = tables.iter().find(|found| !found.years.conflict.is_empty());
    if let Some(found) = conflict {
        let options = found.years.conflict.iter().map(|(year, place)| QuestionOption {
            value: year.to_string(),
            label: format!("The months are of {year}"),
            evidence: format!("stands {place}"),
        });
        return Some(Question {
            options: options.collect(),
            message: "The sheet states different years for its months. Please state the year.".to_owned(),
            ..question("period_conflict", "", Vec::new())
        });
    }
    tables.iter().any(|found| found.years.missing).then(|| Question {
        message: "The months have no year, and nothing in the file states it. Please state the year, for example 2026."
            .to_owned(),
        ..question("period_missing", "", Vec::new())
    })
}

/// A document that grows is usually named after its newest month.
pub(crate) fn name_and_columns(
    input: &Input<'_>,
    layout: &Layout,
    stated: &[StatedPeriod],
) -> Option<Finding> {
    let newest = stated.iter().filter(|stated| stated.cut.is_main()).map(|stated| stated.period).max()?;
    match file_name::periods(input.file_name)[..] {
        [named] if layout.period.from == PeriodSource::Header && named != newest => Some(finding(
            "name_and_columns_differ",
            format!(
                "The file name says {}, the newest month in the file is {}. All its months were taken.",
                named.end().format("%B %Y"),
                newest.end().format("%B %Y")
            ),
        )),
        _ => None,
    }
}

/// `10-2026` in the name of a file that states the tenth week elsewhere is this week, not October.
fn without_week_numbers(stated: &[(Period, String)]) -> Vec<Period> {
    let is_number_of_week = |month: &Period, place: &str| {
        let (number, year) = (month.start().month(), month.start().year());
        place == FILE_NAME && stated.iter().any(|(other, _)| span::is_week(*other, number, year))
    };
    stated
        .iter()
        .filter(|(period, place)| !is_number_of_week(period, place))
        .map(|(period, _)| *period)
        .collect()
}

fn of_places(stated: &[(Period, String)]) -> Stated {
    let mut periods = without_week_numbers(stated);
    periods.sort_unstable();
    periods.dedup();
    match periods[..] {
        [period] => Stated { period: Some(period), ..Stated::default() },
        [] => missing("Neither the file name nor the sheet says which period the file reports."),
        _ => {
            let places = |period: Period| {
                let of_period = stated.iter().filter(|(other, _)| *other == period);
                of_period.map(|(_, place)| place.as_str()).collect::<Vec<_>>().join(" and ")
            };
            Stated {
                question: Some(question(
                    "period_conflict",
                    "The file states different periods in different places.",
                    periods
                        .iter()
                        .map(|period| option(*period, &format!("stands in {}", places(*period))))
                        .collect(),
                )),
                ..Stated::default()
            }
        }
    }
}

fn of_month(found: Vec<Period>) -> Stated {
    match found[..] {
        [period] => Stated { period: Some(period), ..Stated::default() },
        [] => missing("The file name has no month, and nothing in the file says which month it reports."),
        _ => Stated {
            question: Some(question(
                "period_ambiguous",
                "The file name states more than one month.",
                found.iter().map(|period| option(*period, "stands in the file name")).collect(),
            )),
            ..Stated::default()
        },
    }
}

fn of_week(name: &str, rule: &PeriodRule) -> Stated {
    let readings = file_name::days(name);
    let on_usual_day =
        |reading: &&DayReading| rule.weekday.is_none_or(|day| reading.date.weekday() == weekday(day));
    let usual: Vec<&DayReading> = readings.iter().filter(on_usual_day).collect();
    match (&readings[..], &usual[..]) {
        ([], _) => missing("The file name has no date, and nothing in the file says which week it reports."),
        ([only], _) if only.written_in_full => {
            let mut stated = Stated { period: Period::week_before(only.date), ..Stated::default() };
            if usual.is_empty() {
                stated.warnings.push(finding(
                    "date_unusual",
                    format!(
                        "The date {} is a {}, not the usual weekday of these files.",
                        only.date,
                        only.date.weekday()
                    ),
                ));
            }
            stated
        }
        (_, [only]) => Stated {
            period: Period::week_before(only.date),
            warnings: vec![finding(
                "date_in_doubt",
                format!(
                    "The date in the file name is misspelt. It was read as {}, the only reading that falls on a {}.",
                    only.date,
                    only.date.format("%A")
                ),
            )],
            question: None,
        },
        _ => Stated {
            question: Some(question(
                "date_in_doubt",
                "The date in the file name can be read in more than one way.",
                readings
                    .iter()
                    .filter_map(|r| {
                        Some(option(
                            Period::week_before(r.date)?,
                            &format!("dated {}", r.date.format("%A, %-d %B %Y")),
                        ))
                    })
                    .collect(),
            )),
            ..Stated::default()
        },
    }
}

/// The month printed in a cell against the period taken.
fn repeated_conflict(rule: &PeriodRule, period: Period, peeks: &[Peek]) -> Option<Finding> {
    let repeated = rule.repeated.as_ref()?;
    let is = |name: &str, expected: &str| text::compact(name) == text::compact(expected);
    let peek =
        peeks.iter().find(|peek| peek.name.as_deref().is_some_and(|name| is(name, &repeated.sheet)))?;
    let mut rows = peek
        .rows
        .iter()
        .skip_while(|row| !row.cells.iter().any(|(_, cell)| is(&cell.text(), &repeated.column)));
    let header = rows.next()?;
    let column = header
        .cells
        .iter()
        .find(|(_, cell)| is(&cell.text(), &repeated.column))
        .map(|(column, _)| *column)?;
    let printed = rows.find_map(|row| row.text(column))?;
    let month = printed
        .parse()
        .ok()
        .or_else(|| month::by_name(&printed))
        .or_else(|| month_of(rows_date(peek, column)))?;
    let covers = (period.start().month()..=period.end().month()).contains(&month);
    (!covers).then(|| {
        finding(
            "period_conflict",
            format!(
                "The sheet {} says month {month}, the file name says {}. The file name was taken.",
                repeated.sheet,
                period.start().format("%B %Y")
            ),
        )
    })
}

fn rows_date(peek: &Peek, column: u32) -> Option<NaiveDate> {
    peek.rows.iter().find_map(|row| match row.get(column) {
        Some(Cell::Date(day)) => Some(*day),
        _ => None,
    })
}

fn month_of(day: Option<NaiveDate>) -> Option<u32> {
    day.map(|day| day.month())
}

/// The year that a person stated, for months that have none: `2026`, or any day of it.
pub(crate) fn answered_year(input: &Input<'_>) -> Option<i32> {
    input.answer("period")?.trim().get(..4)?.parse().ok().filter(|year| calendar::is_year(*year))
}

fn missing(message: &str) -> Stated {
    Stated { question: Some(question("period_missing", message, Vec::new())), ..Stated::default() }
}

fn question(code: &str, message: &str, options: Vec<QuestionOption>) -> Question {
    Question {
        id: "period".to_owned(),
        code: code.to_owned(),
        message: format!("{message} Please state the period as 2026-01-04/2026-01-10."),
        cell: None,
        suggestion: None,
        options,
    }
}

fn option(period: Period, evidence: &str) -> QuestionOption {
    QuestionOption {
        value: format!("{}/{}", period.start(), period.end()),
        label: format!("{} to {}", period.start(), period.end()),
        evidence: evidence.to_owned(),
    }
}

fn finding(code: &str, message: String) -> Finding {
    Finding { code: code.to_owned(), message }
}

fn weekday(day: profile::Weekday) -> Weekday {
    match day {
        profile::Weekday::Monday => Weekday::Mon,
        profile::Weekday::Tuesday => Weekday::Tue,
        profile::Weekday::Wednesday => Weekday::Wed,
        profile::Weekday::Thursday => Weekday::Thu,
        profile::Weekday::Friday => Weekday::Fri,
        profile::Weekday::Saturday => Weekday::Sat,
        profile::Weekday::Sunday => Weekday::Sun,
    }
}
