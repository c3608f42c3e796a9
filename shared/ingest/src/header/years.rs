//! The year of months that stand in a header without it: beside them, left of them, in the sheet's or the file's name.

use std::collections::BTreeMap;

use chrono::{Datelike, Days as ChronoDays, NaiveDate};
use domain::Period;

use super::{Place, words::Word};
use crate::{
    calendar::{self, Time},
    cell::{Cell, Row},
    period,
    profile::Days,
};

/// A year and where it stands.
pub(crate) type YearAt = (i32, String);

/// Years that a header and its surroundings state.
pub(super) struct Years {
    /// From column to column, and the year that is stated within.
    segments: Vec<(u32, u32, Option<i32>)>,
    /// Years at the head of the label column, by column.
    labels: Vec<(u32, i32)>,
    band: Vec<i32>,
    title: Option<i32>,
    sheet: Option<i32>,
    file: Option<i32>,
    answered: Option<i32>,
    missing: bool,
    conflict: Vec<YearAt>,
}

/// What remains to be asked about years.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OpenYears {
    /// Months whose year is nowhere.
    pub(crate) missing: bool,
    /// Years that contradict each other.
    pub(crate) conflict: Vec<YearAt>,
}

impl Years {
    pub(super) fn of(
        leaf: &BTreeMap<u32, Word>,
        levels: &[BTreeMap<u32, Word>],
        figures: &[(u32, bool)],
        title: Option<i32>,
        place: &Place<'_>,
    ) -> Self {
        let stated: Vec<(u32, i32)> = levels
            .iter()
            .chain([leaf])
            .flatten()
            .filter_map(|(column, word)| Some((*column, word.time?.year()?)))
            .collect();
        let mut segments = Vec::new();
        let mut start = None;
        for (column, total) in figures {
            let from = *start.get_or_insert(*column);
            if *total {
                segments.push((from, *column, only(years_between(&stated, from, *column))));
                start = None;
            }
        }
        if let Some((from, (last, _))) = start.zip(figures.last()) {
            segments.push((from, *last, only(years_between(&stated, from, *last))));
        }
        let first = figures.first().map_or(0, |(column, _)| *column);
        let is_figure = |column: u32| figures.iter().any(|(figure, _)| *figure == column);
        let labels = leaf.iter().filter_map(|(column, word)| match word.time {
            Some(Time::Year(year)) if !is_figure(*column) && !word.total => Some((*column, year)),
            _ => None,
        });
        Self {
            segments,
            labels: labels.collect(),
            band: stated.iter().filter(|(column, _)| *column >= first).map(|(_, year)| *year).collect(),
            title,
            sheet: place.sheet_name.and_then(|name| only(calendar::years_in(name))),
            file: only(calendar::years_in(place.file_name)),
            answered: place.year,
            missing: false,
            conflict: Vec::new(),
        }
    }

    /// The year of a month in a column. What stands nearest counts; a year left of the months and one in the sheet's
    /// name must agree.
    pub(super) fn of_column(&mut self, column: u32) -> Option<i32> {
        let segment = self.segments.iter().find(|(from, to, _)| (*from..=*to).contains(&column));
        let label = self.labels.iter().rev().find(|(label, _)| *label < column).map(|(_, year)| *year);
        if let (Some(label), Some(sheet)) = (label, self.sheet)
            && label != sheet
            && only(self.labels.iter().map(|(_, year)| *year).collect()).is_some()
        {
            self.conflict = vec![
                (label, "left of the months".to_owned()),
                (sheet, "in the name of the sheet".to_owned()),
            ];
        }
        if let Some((title, other)) = self.title.zip(self.sheet.or(self.file))
            && title != other
        {
            self.conflict = vec![
                (title, "above the table".to_owned()),
                (other, "in the name of the sheet or file".to_owned()),
            ];
        }
        let nearest = segment.and_then(|(_, _, year)| *year).or(label).or_else(|| only(self.band.clone()));
        let year = match self.answered.filter(|_| !self.conflict.is_empty()) {
            Some(answered) => Some(answered),
            None => nearest.or(self.title).or(self.sheet).or(self.file).or(self.answered),
        };
        self.missing |= year.is_none();
        year
    }

    pub(super) fn finish(self) -> OpenYears {
        let settled = self.answered.is_some();
        OpenYears { missing: self.missing, conflict: if settled { Vec::new() } else { self.conflict } }
    }
}

fn years_between(stated: &[(u32, i32)], from: u32, to: u32) -> Vec<i32> {
    stated.iter().filter(|(column, _)| (from..=to).contains(column)).map(|(_, year)| *year).collect()
}

fn only(mut years: Vec<i32>) -> Option<i32> {
    years.sort_unstable();
    years.dedup();
    match years[..] {
        [year] => Some(year),
        _ => None,
    }
}

/// The year of the titles above a header; what says when the file was made is none.
pub(super) fn of_titles(above: &[Row]) -> Option<i32> {
    const TITLE_CELLS: usize = 2;
    let titles = above.iter().filter(|row| row.cells.len() <= TITLE_CELLS).flat_map(|row| &row.cells);
    let stated = titles.filter_map(|(_, cell)| match cell {
        Cell::Text(title) if !period::is_of_export(title) => Some(calendar::years_in(title)),
        _ => None,
    });
    only(stated.flatten().collect())
}

/// The span that a day in a header stands for; only first days of months are months.
pub(super) fn span_of_day(day: NaiveDate, days: Days) -> Option<Period> {
    let week = ChronoDays::new(6);
    match days {
        Days::Day => Some(Period::day(day)),
        Days::Month => Period::month(day.year(), day.month()).filter(|_| day.day() == 1),
        Days::WeekStarting => Period::new(day, day.checked_add_days(week)?).ok(),
        Days::WeekEnding => Period::new(day.checked_sub_days(week)?, day).ok(),
    }
}
