//! The period of a row.

use chrono::{Datelike, Days, NaiveDate};
use domain::Period;
use rust_decimal::prelude::ToPrimitive;

use super::Table;

use crate::{
    accept::Fault,
    calendar::{self, Time},
    cell::{Cell, Row},
    date,
    doubt::Doubt,
    file_name,
    header::Group,
    profile::{PeriodSource, Role},
    span,
};

/// The period of a row, and the day of its sale.
pub(super) type When = (Period, Option<NaiveDate>);

impl Table<'_, '_> {
    /// The header's word over a group counts, completed by the row, then what the row says itself.
    pub(super) fn period_of(&self, row: &Row, group: Option<&Group>) -> Result<When, (Option<Role>, Fault)> {
        match group.and_then(|group| group.time) {
            Some(Time::Year(year)) if self.found.columns.contains_key(&Role::Month) => {
                let period = self.month(row).and_then(|month| Period::month(year, month));
                return period
                    .map(|period| (period, None))
                    .ok_or_else(|| (Some(Role::Month), no_period("a month")));
            }
            Some(time) => {
                let period = time.with_year(None);
                return period.map(|period| (period, None)).ok_or_else(|| (None, no_period("a year")));
            }
            None => {}
        }
        match self.layout.period.unwrap_or(self.acceptor.layout().period.from) {
            _ if !self.cut.is_main() && self.period.is_some() => self.whole_file(),
            PeriodSource::YearAndMonth => self.year_and_month(row),
            PeriodSource::Date => {
                let day = self.sale_day(row)?;
                Ok(self.time_beside(row, day).map_or((Period::day(day), Some(day)), |period| (period, None)))
            }
            PeriodSource::MonthOfDate => {
                let day = self.sale_day(row)?;
                self.agrees_with_columns(row, day)?;
                let period = Period::month(day.year(), day.month());
                period
                    .map(|period| (period, Some(day)))
                    .ok_or_else(|| (Some(Role::Date), no_period("a month")))
            }
            PeriodSource::WeekEnding => {
                let last = self.day(row, Role::WeekEnding);
                let week = last.and_then(|last| Period::new(last.checked_sub_days(Days::new(6))?, last).ok());
                week.map(|week| (week, None))
                    .ok_or_else(|| (Some(Role::WeekEnding), no_period("the last day of its week")))
            }
            PeriodSource::WeekStarting => {
                let first = self.day(row, Role::WeekStarting);
                let week =
                    first.and_then(|first| Period::new(first, first.checked_add_days(Days::new(6))?).ok());
                week.map(|week| (week, None))
                    .ok_or_else(|| (Some(Role::WeekStarting), no_period("the first day of its week")))
            }
            PeriodSource::Text => {
                let text = self.text(row, Role::Period).unwrap_or_default();
                let period = file_name::period_in_text(&text);
                period
                    .map(|period| (period, None))
                    .ok_or_else(|| (Some(Role::Period), no_period("a month or quarter")))
            }
            PeriodSource::WeekNumber => {
                let week = self.text(row, Role::Period).and_then(|text| span::week_of_number(&text));
                week.map(|week| (week, None))
                    .ok_or_else(|| (Some(Role::Period), no_period("the number of its week, such as 202610")))
            }
            PeriodSource::Section => self
                .time_of_section()
                .map(|period| (period, None))
                .ok_or_else(|| (None, no_period("a period, and no row above it does"))),
            PeriodSource::FileNameMonth
            | PeriodSource::FileNameWeekBefore
            | PeriodSource::Header
            | PeriodSource::Stated => self.whole_file(),
        }
    }

    fn year_and_month(&self, row: &Row) -> Result<When, (Option<Role>, Fault)> {
        let year = self.whole_number(row, Role::Year).and_then(|year| i32::try_from(year).ok());
        let month = self.month(row);
        let known = year.filter(|year| (2000..2100).contains(year)).zip(month);
        let period = known.and_then(|(year, month)| Period::month(year, month));
        let role = if month.is_some() { Role::Year } else { Role::Month };
        period.map(|period| (period, None)).ok_or_else(|| (Some(role), no_period("a month and its year")))
    }

    /// The month or the week that stands beside a date, in the year that is nearest to it, where a person said that it counts.
    fn time_beside(&self, row: &Row, day: NaiveDate) -> Option<Period> {
        self.acceptor.answer(Doubt::MONTHS).filter(|answer| *answer == "column")?;
        let year = self.whole_number(row, Role::Year).and_then(|year| i32::try_from(year).ok());
        let years = || year.map_or(day.year() - 1..=day.year() + 1, |year| year..=year);
        let nearest = |periods: &mut dyn Iterator<Item = Period>| {
            periods.min_by_key(|period| (period.start() - day).num_days().abs())
        };
        match (self.month(row), self.week(row)) {
            (Some(month), _) => nearest(&mut years().filter_map(|year| Period::month(year, month))),
            (None, Some(week)) => nearest(&mut years().filter_map(|year| span::iso_week(year, week))),
            (None, None) => None,
        }
    }

    fn whole_file(&self) -> Result<When, (Option<Role>, Fault)> {
        self.period.map(|period| (period, None)).ok_or_else(|| (None, no_period("a period")))
    }

    pub(super) fn whole_number(&self, row: &Row, role: Role) -> Option<i64> {
        match self.cell(row, role)? {
            Cell::Number(number) => number.to_i64().filter(|_| number.is_integer()),
            Cell::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn month(&self, row: &Row) -> Option<u32> {
        if let Some(number) = self.whole_number(row, Role::Month) {
            return u32::try_from(number).ok().filter(|month| (1..=12).contains(month));
        }
        match self.cell(row, Role::Month)? {
            Cell::Text(text) => match calendar::of_text(text)? {
                Time::Month(month) => Some(month),
                Time::Span(period) => Some(period.start().month()),
                _ => None,
            },
            Cell::Date(day) => Some(day.month()),
            _ => None,
        }
    }

    fn sale_day(&self, row: &Row) -> Result<NaiveDate, (Option<Role>, Fault)> {
        let plausible = |day: &NaiveDate| (1990..2100).contains(&day.year());
        self.day(row, Role::Date)
            .filter(plausible)
            .ok_or_else(|| (Some(Role::Date), no_period("the day of the sale")))
    }

    /// Columns that repeat year and month of the date must say the same.
    fn agrees_with_columns(&self, row: &Row, day: NaiveDate) -> Result<(), (Option<Role>, Fault)> {
        let differs = |role, stated: Option<i64>, own: i64| {
            let Some(stated) = stated.filter(|stated| *stated != own) else { return Ok(()) };
            let fault = Fault {
                code: "period_invalid",
                message: format!("The date {day} and the column beside it, {stated}, contradict each other."),
                suggestion: "Correct the date or the month and upload the file again.",
            };
            Err((Some(role), fault))
        };
        differs(Role::Month, self.month(row).map(i64::from), i64::from(day.month()))?;
        differs(Role::Year, self.whole_number(row, Role::Year), i64::from(day.year()))
    }

    fn day(&self, row: &Row, role: Role) -> Option<NaiveDate> {
        let column = self.found.column(role)?;
        let day = match self.cell(row, role)? {
            Cell::Date(day) => Some(self.reading.day(self.found.sheet, column, *day)),
            Cell::Number(serial) => date::from_serial(*serial),
            Cell::Text(text) => date::parse(text, self.reading.order(self.found.sheet, column))
                .or_else(|| date::from_serial(text.trim().parse().ok()?)),
            Cell::Bool(_) | Cell::Error(_) => None,
        };
        day.filter(|day| calendar::is_year(day.year()))
    }
}

fn no_period(what: &str) -> Fault {
    Fault {
        code: "period_invalid",
        message: format!("The row does not say {what}."),
        suggestion: "Fill in the missing date and upload the file again.",
    }
}
