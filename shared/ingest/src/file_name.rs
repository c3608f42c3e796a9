//! Dates and months in file names, as people type them.

use chrono::{Datelike, NaiveDate};
use domain::Period;

use crate::{month, span};

/// A date that a file name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayReading {
    pub(crate) date: NaiveDate,
    /// Written in full; otherwise separators are missing and digits had to be divided.
    pub(crate) written_in_full: bool,
}

/// Every date that can be read out of a name; readings in full alone where there are any.
pub(crate) fn days(name: &str) -> Vec<DayReading> {
    let words = words(name);
    let mut readings: Vec<DayReading> = Vec::new();
    for window in words.windows(3) {
        if let [Word { text: a, .. }, Word { text: b, joined: true }, Word { text: c, joined: true }] = window
        {
            let date = match (a.len(), b.len(), c.len()) {
                (1..=2, 1..=2, 4) => ymd(c, b, a),
                (4, 1..=2, 1..=2) => ymd(a, b, c),
                (2, 2, 2) => ymd(&format!("20{c}"), b, a),
                _ => None,
            };
            readings.extend(date.map(|date| DayReading { date, written_in_full: true }));
        }
    }
    let joined = |pair: &&[Word]| pair.last().is_some_and(|word| word.joined);
    if readings.is_empty() {
        // One separator is lost: `4_12026`. The other one still says where the day ends.
        let at_separator = words.windows(2).filter(joined).filter_map(|pair| match pair {
            [day, rest] if (5..=6).contains(&rest.text.len()) && day.text.len() <= 2 => {
                let (month, year) = rest.text.split_at_checked(rest.text.len() - 4)?;
                ymd(year, month, &day.text)
            }
            _ => None,
        });
        readings.extend(at_separator.map(|date| DayReading { date, written_in_full: false }));
    }
    if readings.is_empty() {
        let runs =
            words.windows(2).filter(joined).map(|pair| pair.iter().map(|word| word.text.as_str()).collect());
        let single = words.iter().map(|word| word.text.clone());
        readings.extend(runs.chain(single).flat_map(|digits| divided(&digits)));
    }
    readings.sort_by_key(|reading| reading.date);
    readings.dedup();
    readings
}

/// Every month or quarter that a name states.
pub(crate) fn periods(name: &str) -> Vec<Period> {
    let words = words(name);
    let text = |index: Option<usize>| index.and_then(|i| words.get(i)).map_or("", |word| word.text.as_str());
    let mut found = Vec::new();
    let mut used_years = Vec::new();
    // Names of months and quarters first: the year beside them is not also the year of a number beside it.
    for index in 0..words.len() {
        let (word, next, before) = (text(Some(index)), index + 1, index.checked_sub(1));
        if let Some(month) = month::by_name(word) {
            if let Some(year) = year(text(Some(next))) {
                found.extend(Period::month(year, month));
                used_years.push(next);
            } else if let (Some(year), Some(before)) = (full_year(text(before)), before) {
                found.extend(Period::month(year, month));
                used_years.push(before);
            }
        } else if let (Some(quarter), Some(year)) = (quarter(text(before), word), year(text(Some(next)))) {
            found.extend(Period::months(year, quarter * 3 - 2, 3));
            used_years.push(next);
        }
    }
    for index in 1..words.len() {
        let is_short = |index: Option<usize>| number(text(index)).is_some() && text(index).len() <= 2;
        let joined = |index: usize| words.get(index).is_some_and(|word| word.joined);
        let (left, right) = (index - 1, index);
        // A third number that is joined makes it a day, not a month.
        let of_day = (left > 0 && joined(left) && is_short(left.checked_sub(1)))
            || (joined(index + 1) && is_short(Some(index + 1)));
        if !joined(right) || of_day {
            continue;
        }
        let (month, year) = match full_year(text(Some(left))) {
            Some(year) if is_short(Some(right)) && !used_years.contains(&left) => {
                (number(text(Some(right))), year)
            }
            _ => match full_year(text(Some(right))) {
                Some(year) if is_short(Some(left)) && !used_years.contains(&right) => {
                    (number(text(Some(left))), year)
                }
                _ => continue,
            },
        };
        found.extend(month.and_then(|month| Period::month(year, month)));
    }
    if found.is_empty() {
        // No other date is written so: there is no 26th month.
        let months =
            words.iter().filter(|word| word.text.len() == 6).filter_map(|word| month_of_number(&word.text));
        found.extend(months.filter(|month| (2020..2040).contains(&month.start().year())));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A period written in a cell: `Q2 2026`, `Apr-Jun 2026`, `2026-04`, `April 2026`.
pub(crate) fn period_in_text(text: &str) -> Option<Period> {
    if let Some(month) = month_of_number(text.trim()) {
        return Some(month);
    }
    let words = words(text);
    if let [first, last, year_word] = &words[..]
        && let (Some(first), Some(last), Some(year)) =
            (month::by_name(&first.text), month::by_name(&last.text), year(&year_word.text))
    {
        let count = last.checked_sub(first)? + 1;
        return Period::months(year, first, count);
    }
    match (&span::spans(text)[..], &periods(text)[..]) {
        ([period], _) | ([], [period]) => Some(*period),
        _ => None,
    }
}

/// `202603`, and nothing else.
fn month_of_number(text: &str) -> Option<Period> {
    let (year, month) = text.split_at_checked(4).filter(|(_, month)| month.len() == 2)?;
    Period::month(full_year(year)?, number(month)?)
}

/// A run of digits or of letters, and whether exactly one separator stands between it and the run before.
struct Word {
    text: String,
    joined: bool,
}

fn words(name: &str) -> Vec<Word> {
    // `2026年3月`: the signs for year and month stand behind their numbers.
    let name = name.replace('年', "-").replace('月', " ");
    let mut words: Vec<Word> = Vec::new();
    let mut gap = String::new();
    let mut last_is_digit = None;
    for c in name.chars() {
        let is_digit = match c {
            _ if c.is_ascii_digit() => Some(true),
            _ if c.is_alphabetic() => Some(false),
            _ => None,
        };
        match words.last_mut() {
            Some(word) if is_digit.is_some() && is_digit == last_is_digit => word.text.push(c),
            _ if is_digit.is_some() => {
                let joined = matches!(gap.as_str(), "_" | "-" | "." | "/" | " ");
                words.push(Word { text: c.to_string(), joined });
                gap.clear();
            }
            _ => gap.push(c),
        }
        last_is_digit = is_digit;
    }
    words
}

/// Day, month and year out of digits without separators: 7 or 8 digits, `4012026` or `04012026`, or one of the
/// separators lost, `4_12026`.
fn divided(digits: &str) -> Vec<DayReading> {
    let Some((front, year)) = digits.len().checked_sub(4).and_then(|at| digits.split_at_checked(at)) else {
        return Vec::new();
    };
    if !(2..=4).contains(&front.len()) || !year.starts_with("20") {
        return Vec::new();
    }
    (1..front.len())
        .filter_map(|at| front.split_at_checked(at))
        .filter(|(day, month)| day.len() <= 2 && month.len() <= 2)
        .filter_map(|(day, month)| ymd(year, month, day))
        .map(|date| DayReading { date, written_in_full: false })
        .collect()
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?)?;
    (2000..2100).contains(&date.year()).then_some(date)
}

fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) { None } else { text.parse().ok() }
}

fn full_year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| text.len() == 4 && (2000..2100).contains(year))
}

/// Four digits, or two behind a month's name: `march'25`.
fn year(text: &str) -> Option<i32> {
    let short = || number(text).filter(|_| text.len() == 2).and_then(|year| i32::try_from(2000 + year).ok());
    full_year(text).or_else(short)
}

fn quarter(before: &str, word: &str) -> Option<u32> {
    number(word).filter(|quarter| before.eq_ignore_ascii_case("q") && (1..=4).contains(quarter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(name: &str) -> Vec<(String, bool)> {
        days(name).iter().map(|r| (r.date.to_string(), r.written_in_full)).collect()
    }

    fn months(name: &str) -> Vec<String> {
        periods(name).iter().map(|p| format!("{}/{}", p.start(), p.end())).collect()
    }

    #[test]
    fn dates_are_found_in_all_the_ways_people_write_them() {
        for (name, date) in [
            ("Continuity Supplier Size Report 01_06_2025.xlsx", "2025-06-01"),
            ("Continuity Supplier Size Report 11-04-2025 (4).xlsm", "2025-04-11"),
            ("Report 19_5_2024.xlsm - Sales By Size (1).csv", "2024-05-19"),
            ("Report_6_07_2025 corrected.xlsx", "2025-07-06"),
            ("report 2026-01-04.csv", "2026-01-04"),
        ] {
            assert_eq!(dates(name), [(date.to_owned(), true)], "{name}");
        }
    }

    #[test]
    fn a_lost_separator_gives_readings_in_doubt() {
        assert_eq!(dates("Report 4_12026.xlsm"), [("2026-01-04".to_owned(), false)]);
        assert_eq!(dates("Report 1_112026.xlsm"), [("2026-11-01".to_owned(), false)]);
        assert_eq!(dates("Report 5_52024.xlsx"), [("2024-05-05".to_owned(), false)]);
        assert_eq!(
            dates("Report 1112026.xlsx"),
            [("2026-01-11".to_owned(), false), ("2026-11-01".to_owned(), false)]
        );
        assert!(dates("Orders (4).xlsx").is_empty());
    }

    #[test]
    fn months_are_found_in_all_the_ways_people_write_them() {
        for (name, month) in [
            ("BOXNOX - AVELINE Monthly Sales Report APR2026 (1).xlsx", "2026-04-01/2026-04-30"),
            ("AVELINEPAR_ReportPeriod02-2026 .xlsx", "2026-02-01/2026-02-28"),
            ("AVELINEPAR_ReportPeriod01-2026__2_.xlsx", "2026-01-01/2026-01-31"),
            ("boxnox_revenue_2026_04.xlsx", "2026-04-01/2026-04-30"),
            ("Liberty sales Apr 2026.xlsx", "2026-04-01/2026-04-30"),
            ("sales april'26 (4).xlsx", "2026-04-01/2026-04-30"),
            ("Continuity suppliers Q2 2026.xlsx", "2026-04-01/2026-06-30"),
            ("Shop_2026_01_January.xlsx", "2026-01-01/2026-01-31"),
        ] {
            assert_eq!(months(name), [month], "{name}");
        }
        assert!(months("Market report mayor 2.xlsx").is_empty());
        assert!(months("export_2026-01-17.xlsx").is_empty());
    }

    #[test]
    fn periods_in_cells_may_be_spans_of_months() {
        let text = |text| period_in_text(text).map(|p| format!("{}/{}", p.start(), p.end()));
        assert_eq!(text("Apr-Jun 2026").as_deref(), Some("2026-04-01/2026-06-30"));
        assert_eq!(text("Q1 2026").as_deref(), Some("2026-01-01/2026-03-31"));
        assert_eq!(text("2026-04").as_deref(), Some("2026-04-01/2026-04-30"));
        assert_eq!(text("202604").as_deref(), Some("2026-04-01/2026-04-30"));
        assert_eq!(text("2026年4月 売上").as_deref(), Some("2026-04-01/2026-04-30"));
        assert_eq!(text("202613"), None);
        assert_eq!(text("spring"), None);
    }
}
