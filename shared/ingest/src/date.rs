//! Dates as people and exports write them. Whether `03/04/2026` is in March or in April is decided for a whole
//! column, never for one cell.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{month, text};

/// Which of day and month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// What the texts of one column say about their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    day_first: u64,
    month_first: u64,
    /// First text with two readings: row number and text.
    pub(crate) ambiguous: Option<(u32, String)>,
    /// Some text could be read in both orders.
    early_text: bool,
    /// Cells that are dates; whether one has a day beyond the twelfth.
    cells: u64,
    late_cell: bool,
}

/// What can be concluded from [`Evidence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every text has one reading, whatever the order.
    Plain,
    Decided(Order),
    Undecided,
    Mixed,
}

impl Evidence {
    /// `month` is what another column of the row says.
    pub(crate) fn observe(&mut self, row: u32, text: &str, month: Option<u32>) {
        let Some(Written::Numbers { first, second, .. }) = Written::read(text) else { return };
        self.early_text |= first <= 12 && second <= 12;
        match (first, second) {
            _ if first != second && month == Some(second) => self.day_first += 1,
            _ if first != second && month == Some(first) => self.month_first += 1,
            (13.., _) => self.day_first += 1,
            (_, 13..) => self.month_first += 1,
            _ if first == second => {}
            _ => {
                self.ambiguous.get_or_insert_with(|| (row, text::shorten(text, 60)));
            }
        }
    }

    pub(crate) fn observe_cell(&mut self, day: NaiveDate) {
        self.cells += 1;
        self.late_cell |= day.day() > 12;
    }

    /// Whether a program has made dates of the texts that it could read, in the wrong order: days beyond the twelfth are
    /// still texts, and no date is beyond the twelfth.
    pub(crate) fn is_half_swapped(&self) -> bool {
        self.cells > 0
            && !self.late_cell
            && !self.early_text
            && (self.day_first > 0) != (self.month_first > 0)
    }

    pub(crate) fn verdict(&self) -> Verdict {
        match (self.day_first > 0, self.month_first > 0, self.ambiguous.is_some()) {
            (true, true, _) => Verdict::Mixed,
            (true, false, _) => Verdict::Decided(Order::DayFirst),
            (false, true, _) => Verdict::Decided(Order::MonthFirst),
            (false, false, true) => Verdict::Undecided,
            (false, false, false) => Verdict::Plain,
        }
    }
}

/// Reads a date; a time behind it is left out.
pub(crate) fn parse(text: &str, order: Order) -> Option<NaiveDate> {
    match Written::read(text)? {
        Written::Fixed(date) => Some(date),
        Written::Numbers { first, second, year } => {
            let (day, month) = match order {
                Order::DayFirst => (first, second),
                Order::MonthFirst => (second, first),
            };
            NaiveDate::from_ymd_opt(year, month, day)
        }
    }
}

/// The day behind a spreadsheet's serial number, within the years 1955 to 2119: other numbers are no sale dates.
pub(crate) fn from_serial(serial: Decimal) -> Option<NaiveDate> {
    let days = serial.trunc().to_u64().filter(|days| (20_000..80_000).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

enum Written {
    Fixed(NaiveDate),
    /// Two numbers that are day and month in some order.
    Numbers {
        first: u32,
        second: u32,
        year: i32,
    },
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let joined = without_blanks(text.trim());
        let day_part = joined.as_deref().unwrap_or(text).trim().split(['T', ' ', ',']).next()?;
        if day_part.len() == 8 && day_part.bytes().all(|b| b.is_ascii_digit()) {
            let part = |range| day_part.get(range).and_then(number);
            let date = NaiveDate::from_ymd_opt(part(0..4)?.try_into().ok()?, part(4..6)?, part(6..8)?);
            return date.map(Self::Fixed);
        }
        if day_part.starts_with(['-', '/', '.']) {
            return None;
        }
        // An abbreviated month has a point of its own: `05-oct.-26`.
        let mut parts = day_part.split(['-', '/', '.']).filter(|part| !part.is_empty());
        let three = [parts.next(), parts.next(), parts.next()];
        if let ([Some(first), Some(second), Some(third)], None) = (three, parts.next()) {
            if first.len() == 4 {
                let date =
                    NaiveDate::from_ymd_opt(number(first)?.try_into().ok()?, number(second)?, number(third)?);
                return date.map(Self::Fixed);
            }
            let year = year(third)?;
            let (Some(first), Some(second)) = (number(first), number(second)) else {
                let (month, day) = match month::by_name(second) {
                    Some(month) => (month, first),
                    None => (month::by_name(first)?, second),
                };
                return NaiveDate::from_ymd_opt(year, month, number(day)?).map(Self::Fixed);
            };
            if day_part.contains('.') {
                // Dots are only used where the day comes first.
                return NaiveDate::from_ymd_opt(year, second, first).map(Self::Fixed);
            }
            return Some(Self::Numbers { first, second, year });
        }
        let words =
            text.split(|c: char| c.is_whitespace() || c == ',').map(|word| word.trim_end_matches('.'));
        let mut words = words.filter(|word| !word.is_empty() && !FILLERS.contains(word));
        let mut first = words.next()?;
        // `Sunday 4 January 2026`
        if number(first).is_none()
            && month::by_name(first).is_none()
            && first.chars().all(char::is_alphabetic)
        {
            first = words.next()?;
        }
        let (second, third) = (words.next()?, words.next()?);
        let (day, month) = match (month::by_name(first), month::by_name(second)) {
            (Some(month), None) => (second, month),
            (None, Some(month)) => (first, month),
            _ => return None,
        };
        NaiveDate::from_ymd_opt(year(third)?, month, number(day)?).map(Self::Fixed)
    }
}

/// `2. 3. 2026` with its day, month and year side by side.
fn without_blanks(text: &str) -> Option<String> {
    let is_blanked = |pair: &[u8]| matches!(pair, [b'.', b' ']);
    let spaced = text.len() <= 24 && text.bytes().next().is_some_and(|first| first.is_ascii_digit());
    if !spaced || !text.as_bytes().windows(2).any(is_blanked) {
        return None;
    }
    let joined = text.replace(". ", ".");
    let parts: Vec<&str> = joined.split(['.', ' ']).take(3).collect();
    parts.iter().all(|part| number(part).is_some()).then_some(joined)
}

/// Words between the parts of a date.
const FILLERS: [&str; 4] = ["de", "del", "of", "di"];

fn number(text: &str) -> Option<u32> {
    let digits = text.len() <= 4 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn year(text: &str) -> Option<i32> {
    let value = i32::try_from(number(text)?).ok()?;
    match text.len() {
        2 => Some(2000 + value),
        4 => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_above_twelve_settles_the_order_of_the_column() {
        let mut evidence = Evidence::default();
        evidence.observe(2, "03/04/2026", None);
        assert_eq!(evidence.verdict(), Verdict::Undecided);
        evidence.observe(3, "17/04/2026", None);
        assert_eq!(evidence.verdict(), Verdict::Decided(Order::DayFirst));
        evidence.observe(4, "04/17/2026", None);
        assert_eq!(evidence.verdict(), Verdict::Mixed);
    }

    #[test]
    fn dates_with_one_reading_need_no_order() {
        for text in [
            "2026-04-03",
            "2026/04/03 12:30",
            "2026-04-03T00:00:00Z",
            "03.04.2026",
            "3. 4. 2026",
            "3. 4. 2026 10:15",
            "3-Apr-26",
            "3 April 2026",
            "Apr 3, 2026",
        ] {
            for order in [Order::DayFirst, Order::MonthFirst] {
                assert_eq!(parse(text, order), NaiveDate::from_ymd_opt(2026, 4, 3), "{text}");
            }
        }
    }

    #[test]
    fn days_that_do_not_exist_are_not_read() {
        for text in ["2026-02-30", "-2026-03-01", "31/04/2026", "", "-", "2026", "45/45/2026", "aaa bbb ccc"]
        {
            assert_eq!(parse(text, Order::DayFirst), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_in_both_orders(offset in 0u64..30_000) {
            let day = NaiveDate::from_ymd_opt(1999, 1, 1).unwrap() + Days::new(offset);
            prop_assert_eq!(parse(&day.format("%d/%m/%Y").to_string(), Order::DayFirst), Some(day));
            prop_assert_eq!(parse(&day.format("%m/%d/%Y").to_string(), Order::MonthFirst), Some(day));
            prop_assert_eq!(parse(&day.format("%Y-%m-%d").to_string(), Order::MonthFirst), Some(day));
        }

        #[test]
        fn a_day_with_two_readings_always_needs_a_decision(
            text in "[0-9]{1,4}[-/. ][0-9A-Za-z]{1,4}[-/. ][0-9]{1,4}( [0-9]{2}:[0-9]{2})?",
        ) {
            let readings = [Order::DayFirst, Order::MonthFirst].map(|order| parse(&text, order));
            let mut evidence = Evidence::default();
            evidence.observe(1, &text, None);
            if let [Some(one), Some(other)] = readings && one != other {
                prop_assert_eq!(evidence.verdict(), Verdict::Undecided, "{}", text);
            }
            // No reading takes numbers from elsewhere.
            for day in readings.iter().flatten() {
                let year = day.format("%y").to_string();
                prop_assert!(text.contains(year.trim_start_matches('0')), "{} {}", text, day);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,30}") {
            let _ = parse(&text, Order::DayFirst);
            Evidence::default().observe(1, &text, None);
        }
    }
}
