//! Months and weeks that stand beside the date of their row: they must say the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::Table;
use crate::{
    calendar::{self, Time},
    cell::{Cell, Row, address},
    doubt::Doubt,
    profile::Role,
    span,
};

/// Weeks begin on other days and count from other ones.
const WEEKS_ALIKE: i32 = 1;
const MONTHS_A_YEAR: i32 = 12;
const WEEKS_A_YEAR: i32 = 52;

/// How far the months, or the weeks, of a table are from those of the dates beside them.
#[derive(Default)]
pub(super) struct Distances {
    /// By distance: how many rows, and the first of them with its date.
    rows: BTreeMap<i32, (u32, u32, NaiveDate)>,
    /// The months or weeks of the dates.
    own: BTreeSet<i32>,
}

impl Distances {
    /// Fiscal years and those of retailers begin elsewhere: all their months are equally far.
    fn are_of_another_calendar(&self) -> bool {
        let (first, last) = (self.rows.keys().next(), self.rows.keys().next_back());
        self.own.len() > 1
            && !self.rows.contains_key(&0)
            && first.zip(last).is_some_and(|(first, last)| last - first <= 1)
    }
}

impl Table<'_, '_> {
    /// Compares month, year and week of a row with the date of its sale.
    pub(super) fn watch_time(&mut self, row: &Row, day: NaiveDate) {
        if self.acceptor.answer(Doubt::MONTHS).is_some() {
            return;
        }
        let year = || self.whole_number(row, Role::Year).and_then(|year| i32::try_from(year).ok());
        let own = day.year() * MONTHS_A_YEAR + day.month0().cast_signed();
        let month = self.month(row).map(|month| month.cast_signed() - 1);
        let stated = match (month, year()) {
            (Some(month), Some(year)) => Some(year * MONTHS_A_YEAR + month - own),
            (Some(month), None) => Some(around(month - day.month0().cast_signed(), MONTHS_A_YEAR)),
            (None, Some(year)) => Some((year - day.year()) * MONTHS_A_YEAR),
            (None, None) => None,
        };
        let week = self.week(row).map(|week| week.cast_signed() - day.iso_week().week().cast_signed());
        let week = week.map(|distance| around(distance, WEEKS_A_YEAR));
        let week = week.map(|distance| if distance.abs() <= WEEKS_ALIKE { 0 } else { distance });
        let own_week = day.iso_week().week().cast_signed();
        for (role, distance, own) in [(Role::Month, stated, own), (Role::Week, week, own_week)] {
            let Some(distance) = distance else { continue };
            let distances = self.distances.entry(role).or_default();
            distances.own.insert(own);
            distances.rows.entry(distance).or_insert((0, row.number, day)).0 += 1;
        }
    }

    /// The number of the week that stands beside a date.
    pub(super) fn week(&self, row: &Row) -> Option<u32> {
        let number = self.whole_number(row, Role::Week).and_then(|week| u32::try_from(week).ok());
        let week = number.or_else(|| match self.cell(row, Role::Week)? {
            Cell::Text(text) => match calendar::of_text(text).or_else(|| calendar::short_week(text))? {
                Time::Week(week) => Some(week),
                Time::Span(period) => Some(period.end().iso_week().week()),
                _ => span::week_of_number(text).map(|period| period.end().iso_week().week()),
            },
            _ => None,
        });
        week.filter(|week| (1..=53).contains(week))
    }

    /// Once all rows are read: months and weeks that are not those of their dates.
    pub(super) fn doubt_times(&mut self) {
        let off = self.distances.iter().find_map(|(role, distances)| {
            let all: u32 = distances.rows.values().map(|(rows, ..)| *rows).sum();
            let off = || distances.rows.iter().filter(|(distance, _)| **distance != 0).map(|(_, rows)| *rows);
            let rows: u32 = off().map(|(rows, ..)| rows).sum();
            let (_, at, day) = off().min_by_key(|(_, at, _)| *at)?;
            (!distances.are_of_another_calendar()).then_some((*role, rows, all, at, day))
        });
        let Some((role, rows, of, at, day)) = off else { return };
        let column = self.found.column(role).or_else(|| self.found.column(Role::Year)).unwrap_or_default();
        let header = self.header_of(column).unwrap_or_default();
        let cell = address(column, at);
        self.acceptor.doubt(Doubt::OtherTime { cell, rows, of, header, day });
    }
}

/// The shorter way around the year.
fn around(distance: i32, all: i32) -> i32 {
    (distance + all / 2).rem_euclid(all) - all / 2
}
