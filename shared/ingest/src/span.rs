//! Spans of days that a title, a name or a cell states: from one date to another, or a calendar week.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::Period;

use crate::date::{self, Order};

/// Longer spans are histories, not reporting periods.
const MAX_DAYS: i64 = 400;
/// Words before the number of a week, without accents.
const WEEK_WORDS: [&str; 27] = [
    "week",
    "wk",
    "w",
    "kw",
    "woche",
    "kalenderwoche",
    "semaine",
    "sem",
    "s",
    "semana",
    "settimana",
    "weeknr",
    "weeknummer",
    "tydzien",
    "tydz",
    "tyden",
    "hafta",
    "vecka",
    "v",
    "uge",
    "uke",
    "viikko",
    "het",
    "неделя",
    "тиждень",
    "нед",
    "тижд",
];

/// Every span that a text states in full.
pub(crate) fn spans(text: &str) -> Vec<Period> {
    let mut found: Vec<Period> = between_dates(text).into_iter().chain(week(text)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `KW 10/2026`, `2026-W10`, `Week 10, 2026`: weeks begin on Monday.
pub(crate) fn week(text: &str) -> Option<Period> {
    let runs = runs(text);
    let number = |at: usize| runs.get(at).and_then(|run| run.parse::<u32>().ok());
    let year =
        |at: usize| number(at).filter(|year| (2000..2100).contains(year)).and_then(|y| i32::try_from(y).ok());
    for (at, run) in runs.iter().enumerate() {
        if !WEEK_WORDS.contains(&run.as_str()) {
            continue;
        }
        let Some(week) = number(at + 1).filter(|week| (1..=53).contains(week)) else { continue };
        let before = at.checked_sub(1).and_then(year);
        if let Some(year) = year(at + 2).or(before) {
            return iso_week(year, week);
        }
    }
    None
}

/// `Week ending 03/14/2026`: the seven days until then. Of two readings the one at the end of a week counts.
pub(crate) fn week_ending(text: &str) -> Option<Period> {
    const WORDS: [&str; 10] = [
        "week ending",
        "week ended",
        "w/e",
        "we ",
        "weekending",
        "woche bis",
        "semaine se terminant",
        "semana hasta",
        "settimana al",
        "tydzień do",
    ];
    let folded = crate::text::fold(text);
    let at = WORDS.iter().find_map(|word| Some(folded.find(word)? + word.len()))?;
    let rest = folded.get(at..)?.trim_matches([' ', ':', '.']).to_owned();
    let ends = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let [one, other] = [Order::DayFirst, Order::MonthFirst].map(|order| date::parse(&rest, order));
    let last = match (one, other) {
        (Some(one), Some(other)) if one != other => match (ends(&one), ends(&other)) {
            (true, false) => one,
            (false, true) => other,
            _ => return None,
        },
        (one, other) => one.or(other)?,
    };
    Period::new(last.checked_sub_days(Days::new(6))?, last).ok()
}

/// `202610`: the tenth week of 2026.
pub(crate) fn week_of_number(text: &str) -> Option<Period> {
    let (year, week) = text.trim().split_at_checked(4).filter(|(_, week)| week.len() == 2)?;
    let is_number = text.trim().bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse().ok().filter(|year| is_number && (2000..2100).contains(year))?;
    iso_week(year, week.parse().ok()?)
}

/// `KW 10`, `W10`: a week whose year stands elsewhere.
pub(crate) fn week_number(text: &str) -> Option<u32> {
    // These letters alone name other things, too.
    const NOT_ALONE: [&str; 2] = ["s", "v"];
    match &runs(text)[..] {
        [word, number] if WEEK_WORDS.contains(&word.as_str()) && !NOT_ALONE.contains(&word.as_str()) => {
            number.parse().ok().filter(|week| (1..=53).contains(week))
        }
        _ => None,
    }
}

pub(crate) fn iso_week(year: i32, week: u32) -> Option<Period> {
    let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
    Period::new(monday, monday.checked_add_days(Days::new(6))?).ok()
}

/// Whether a period is the calendar week with this number, so that `10-2026` in a name means the same.
pub(crate) fn is_week(period: Period, number: u32, year: i32) -> bool {
    let length = (period.end() - period.start()).num_days();
    let holds = |day: NaiveDate| day.iso_week().week() == number && day.iso_week().year() == year;
    length == 6 && (holds(period.start()) || holds(period.end()))
}

/// Runs of letters and of digits, lower case, without accents.
fn runs(text: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let kind = match c {
            _ if c.is_ascii_digit() => Some(true),
            _ if c.is_alphabetic() => Some(false),
            _ => None,
        };
        match runs.last_mut() {
            Some(run) if kind.is_some() && kind == last => run.extend(c.to_lowercase()),
            _ if kind.is_some() => runs.push(c.to_lowercase().collect()),
            _ => {}
        }
        last = kind;
    }
    runs.iter().map(|run| run.replace('ń', "n").replace('ý', "y")).collect()
}

/// Two dates with nothing but words between them.
fn between_dates(text: &str) -> Option<Period> {
    let text = text.replace(['_', '–', '—', '[', ']', '(', ')', '='], " ");
    let mut tokens: Vec<String> = Vec::new();
    // The ending of a file name belongs to no date.
    let stem = text.rsplit_once('.').filter(|(_, ending)| ending.chars().all(char::is_alphabetic));
    for token in stem.map_or(text.as_str(), |(stem, _)| stem).split_whitespace() {
        let token = token.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']'));
        // `01.03.2026-31.03.2026`: a hyphen divides dates that are written with other separators.
        let by_hyphen = token.contains('-') && token.contains(['.', '/']);
        match token.split_once('-').filter(|_| by_hyphen) {
            Some((first, last)) => tokens.extend([first.to_owned(), last.to_owned()]),
            None => tokens.push(token.to_owned()),
        }
    }
    let read = |order: Order| {
        let complete: Vec<(usize, NaiveDate)> = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.len() >= 6)
            .filter_map(|(at, token)| Some((at, date::parse(token, order)?)))
            .collect();
        match complete[..] {
            [(_, first), (_, last)] => span(first, last),
            // `02.03. - 08.03.2026`: the year stands once.
            [(at, last)] => {
                let mut starts = tokens.iter().take(at).filter_map(|token| {
                    let short = token.trim_end_matches(['.', '/']);
                    date::parse(&format!("{short}.{}", last.year()).replace('/', "."), order)
                });
                span(starts.next_back()?, last)
            }
            _ => None,
        }
    };
    match (read(Order::DayFirst), read(Order::MonthFirst)) {
        (Some(day_first), Some(month_first)) if day_first != month_first => {
            match (is_usual(day_first), is_usual(month_first)) {
                (true, false) => Some(day_first),
                (false, true) => Some(month_first),
                _ => None,
            }
        }
        (day_first, month_first) => day_first.or(month_first),
    }
}

fn span(first: NaiveDate, last: NaiveDate) -> Option<Period> {
    Period::new(first, last).ok().filter(|_| (last - first).num_days() <= MAX_DAYS && first != last)
}

/// A week, or whole months: what reports cover.
fn is_usual(period: Period) -> bool {
    let month_end = period.end().succ_opt().is_some_and(|next| next.day() == 1);
    (period.end() - period.start()).num_days() == 6 || (period.start().day() == 1 && month_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        spans(text).iter().map(|period| format!("{}/{}", period.start(), period.end())).collect()
    }

    #[test]
    fn spans_between_two_dates_are_read() {
        for text in [
            "Zeitraum: 02.03.2026 - 08.03.2026",
            "Período 02/03/2026 al 08/03/2026",
            "03/02/2026 to 03/08/2026",
            "02.03.2026-08.03.2026",
            "SteamSales_2026-03-02_to_2026-03-08.csv",
            "02.03. - 08.03.2026",
            "Viewing Range=[02/03/2026 - 08/03/2026]",
            "KW 10/2026",
            "2026-W10",
            "Week 10, 2026",
        ] {
            assert_eq!(read(text), ["2026-03-02/2026-03-08"], "{text}");
        }
    }

    #[test]
    fn weeks_are_stated_by_their_last_day() {
        let read = |text| week_ending(text).map(|week| format!("{}/{}", week.start(), week.end()));
        for text in [
            "Week Ending 03/14/2026",
            "w/e 14.03.2026",
            "Sales week ended: 14/03/2026",
            "Week ending 2026-03-14",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-03-08/2026-03-14"), "{text}");
        }
        assert_eq!(read("Week ending 03/08/2026").as_deref(), Some("2026-03-02/2026-03-08"));
        assert_eq!(read("Week ending 04/05/2026").as_deref(), Some("2026-03-30/2026-04-05"));
        assert_eq!(read("Sales 14/03/2026"), None);
    }

    #[test]
    fn weeks_are_written_as_one_number() {
        let read = |text| week_of_number(text).map(|week| week.start().to_string());
        assert_eq!(read("202610").as_deref(), Some("2026-03-02"));
        for text in ["202600", "202654", "2026-1", "20261", "2026100", "189910"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_single_day_or_two_readings_are_no_span() {
        for text in ["Exported 08.03.2026", "01/02/2026 - 03/04/2026", "Sales 2026", "Week 10", "10-2026"] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }
}
