//! The period of a row.

use chrono::{Datelike, NaiveDate};
use domain::Period;
use rust_decimal::prelude::ToPrimitive;

use super::Table;
use crate::{
    accept::Fault,
    cell::{Cell, Row},
    date, file_name, month,
    profile::{PeriodSource, Role},
};

impl Table<'_, '_> {
    pub(super) fn period_of(&self, row: &Row) -> Result<(Period, Option<NaiveDate>), (Option<Role>, Fault)> {
        match self.acceptor.layout().period.from {
            _ if !self.cut.is_main() && self.period.is_some() => self.whole_file(),
            PeriodSource::YearAndMonth => {
                let year = self.whole_number(row, Role::Year).and_then(|year| i32::try_from(year).ok());
                let month = self.month(row);
                let known = year.filter(|year| (2000..2100).contains(year)).zip(month);
                let period = known.and_then(|(year, month)| Period::month(year, month));
                let role = if month.is_some() { Role::Year } else { Role::Month };
                period
                    .map(|period| (period, None))
                    .ok_or_else(|| (Some(role), no_period("a month and its year")))
            }
            PeriodSource::Date => {
                let day =
                    self.day(row).ok_or_else(|| (Some(Role::Date), no_period("the day of the sale")))?;
                Ok((Period::day(day), Some(day)))
            }
            PeriodSource::Text => {
                let text = self.text(row, Role::Period).unwrap_or_default();
                let period = file_name::period_in_text(&text);
                period
                    .map(|period| (period, None))
                    .ok_or_else(|| (Some(Role::Period), no_period("a month or quarter")))
            }
            PeriodSource::FileNameMonth | PeriodSource::FileNameWeekBefore => self.whole_file(),
        }
    }

    fn whole_file(&self) -> Result<(Period, Option<NaiveDate>), (Option<Role>, Fault)> {
        self.period.map(|period| (period, None)).ok_or_else(|| (None, no_period("a period")))
    }

    fn whole_number(&self, row: &Row, role: Role) -> Option<i64> {
        match row.get(self.found.column(role)?)? {
            Cell::Number(number) => number.to_i64().filter(|_| number.is_integer()),
            Cell::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn month(&self, row: &Row) -> Option<u32> {
        if let Some(number) = self.whole_number(row, Role::Month) {
            return u32::try_from(number).ok().filter(|month| (1..=12).contains(month));
        }
        match row.get(self.found.column(Role::Month)?)? {
            Cell::Text(name) => month::by_name(name.trim()),
            Cell::Date(day) => Some(day.month()),
            _ => None,
        }
    }

    fn day(&self, row: &Row) -> Option<NaiveDate> {
        let column = self.found.column(Role::Date)?;
        match row.get(column)? {
            Cell::Date(day) => Some(*day),
            Cell::Number(serial) => date::from_serial(*serial),
            Cell::Text(text) => date::parse(text, self.reading.order(self.found.sheet, column))
                .or_else(|| date::from_serial(text.trim().parse().ok()?)),
            Cell::Bool(_) | Cell::Error(_) => None,
        }
    }
}

fn no_period(what: &str) -> Fault {
    Fault {
        code: "period_invalid",
        message: format!("The row does not say {what}."),
        suggestion: "Fill in the missing date and upload the file again.",
    }
}
