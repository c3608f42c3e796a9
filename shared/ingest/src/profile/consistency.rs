//! What a profile may not say: contradictions, and rules without the columns they need.

use std::collections::BTreeMap;

use domain::Cut;

use super::{Layout, PeriodSource, Profile, Role, Table};
use crate::text;

impl Layout {
    pub(super) fn check(&self, profile: &Profile) -> Result<(), String> {
        let mains = self.tables.iter().filter(|table| table.cut.as_ref().is_some_and(Cut::is_main)).count();
        let Some(main) = self.main().filter(|_| mains == 1) else {
            return Err("the first table, and only this one, has the cut \"main\"".to_owned());
        };
        if self.generic && profile.file_words.is_empty() {
            return Err("a generic layout needs file_words to be recognised by".to_owned());
        }
        if self.currency.or(profile.currency).is_none() && !main.required.contains(&Role::Currency) {
            return Err("without a currency of its own it requires the column \"currency\"".to_owned());
        }
        let needed: &[Role] = match self.period.from {
            PeriodSource::YearAndMonth => &[Role::Year, Role::Month],
            PeriodSource::Date => &[Role::Date],
            PeriodSource::Text | PeriodSource::WeekNumber => &[Role::Period],
            PeriodSource::MonthOfDate => &[Role::Date],
            PeriodSource::WeekEnding => &[Role::WeekEnding],
            PeriodSource::WeekStarting => &[Role::WeekStarting],
            PeriodSource::FileNameMonth
            | PeriodSource::FileNameWeekBefore
            | PeriodSource::Header
            | PeriodSource::Section
            | PeriodSource::Stated => &[],
        };
        if let Some(role) = needed.iter().find(|role| !main.required.contains(role)) {
            return Err(format!("the period needs the column {role:?} to be required"));
        }
        if self.period.from == PeriodSource::Header && !main.grid.as_ref().is_some_and(|grid| grid.periods) {
            return Err("the period needs a grid with periods in its header".to_owned());
        }
        let of_section = main.sections.as_ref().is_some_and(|sections| sections.time.is_some());
        if self.period.from == PeriodSource::Section && !of_section {
            return Err("the period needs a level of sections that names it".to_owned());
        }
        if self.period.from == PeriodSource::Stated && self.period.places.is_empty() {
            return Err("the period needs places where it may stand".to_owned());
        }
        Ok(())
    }
}

impl Table {
    pub(super) fn check(&self) -> Result<(), String> {
        let is_known = |role: &Role| {
            self.columns.contains_key(role)
                || self.positions.contains_key(role)
                || self.unnamed.contains(role)
                || self
                    .grid
                    .as_ref()
                    .and_then(|grid| grid.measure)
                    .is_some_and(|measure| measure.role() == *role)
        };
        if let Some(role) = self.required.iter().chain(self.words.keys()).find(|role| !is_known(role)) {
            return Err(format!("column {role:?} has no header words and no position"));
        }
        if !self.positions.is_empty() && !self.columns.is_empty() {
            return Err("columns are found by their headers or by their positions, not by both".to_owned());
        }
        if self.grid.is_some() && (self.pivot.is_some() || !self.positions.is_empty()) {
            return Err("a grid is neither a pivot nor a table without headers".to_owned());
        }
        if self.cut.is_some() && self.sums_of.is_some() {
            return Err("only a table without a cut prints the sums of another one".to_owned());
        }
        if let Some(sections) = &self.sections {
            sections.check()?;
        }
        if let Some(measured) = &self.measured {
            measured.check()?;
        }
        if self.grid.as_ref().is_some_and(|grid| grid.stacked && (grid.blocks || self.measured.is_some())) {
            return Err("blocks of measures are neither blocks of years nor rows of measures".to_owned());
        }
        if !self.required.iter().any(|role| role.is_figure()) {
            return Err("a table requires a quantity or an amount".to_owned());
        }
        let mut roles: BTreeMap<String, Role> = BTreeMap::new();
        // Amounts may carry their own currency: the column of amounts is then that of the currency, too.
        for (role, words) in self.columns.iter().filter(|(role, _)| **role != Role::Currency) {
            for word in words.iter().map(|word| text::compact(word)) {
                if word.is_empty() {
                    return Err(format!("a header word of column {role:?} has no letters"));
                }
                if let Some(other) = roles.insert(word.clone(), *role).filter(|other| other != role) {
                    return Err(format!("the header word {word:?} stands for {other:?} and {role:?}"));
                }
            }
        }
        Ok(())
    }
}
