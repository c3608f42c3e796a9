//! First reading of a table: what its columns as a whole say about their numbers and dates.

mod copies;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use chrono::{Datelike, NaiveDate};
use domain::{Question, QuestionOption};

use crate::{
    Input, Refusal,
    calendar::{self, Time},
    cell::{Cell, Row, SHEET_COLUMNS, address, column_letters},
    date,
    document::Document,
    header::Found,
    number::{self, Dialect},
    profile::{DateOrder, DecimalSign, Layout, Profile, Role},
};

/// Columns behind this are only read where a role stands there.
const MAX_SURVEYED_COLUMNS: u32 = 1024;

/// What was learned about the columns of all tables of a file.
#[derive(Default)]
pub(crate) struct Survey {
    columns: BTreeMap<(usize, u32), number::Evidence>,
    dates: BTreeMap<(usize, u32), date::Evidence>,
    currencies: BTreeSet<(&'static str, String)>,
    /// Currencies that titles above a table name, with the title.
    titles: Vec<(&'static str, String, String)>,
    /// The first cell that differs from that of the column under the same words.
    differing: Option<String>,
}

/// How to read the columns, decided before the first row is taken.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    dialects: BTreeMap<(usize, u32), Dialect>,
    orders: BTreeMap<(usize, u32), date::Order>,
    /// Columns of dates whose day and month have changed places.
    swapped: BTreeSet<(usize, u32)>,
}

impl Reading {
    pub(crate) fn dialect(&self, sheet: usize, column: u32) -> Dialect {
        self.dialects.get(&(sheet, column)).copied().unwrap_or(Dialect::Point)
    }

    /// The day that a date cell means.
    pub(crate) fn day(&self, sheet: usize, column: u32, day: NaiveDate) -> NaiveDate {
        let meant = || NaiveDate::from_ymd_opt(day.year(), day.day(), day.month());
        self.swapped.contains(&(sheet, column)).then(meant).flatten().unwrap_or(day)
    }

    pub(crate) fn order(&self, sheet: usize, column: u32) -> date::Order {
        self.orders.get(&(sheet, column)).copied().unwrap_or(date::Order::DayFirst)
    }
}

impl Survey {
    /// Reads all rows of a table once.
    pub(crate) fn observe(&mut self, document: &mut Document, found: &Found) -> Result<(), Refusal> {
        let date_columns = [Role::Date, Role::WeekEnding, Role::WeekStarting].map(|role| found.column(role));
        let month_column = found.column(Role::Month);
        let money: Vec<u32> = found
            .column(Role::Amount)
            .into_iter()
            .chain(found.column(Role::UnitPrice))
            .chain(found.groups.iter().filter_map(|group| group.amount))
            .collect();
        found.rows(document, &mut |row| {
            if row.number < found.header_row {
                self.observe_titles(row, found);
                return ControlFlow::Continue(());
            }
            if found.last_row.is_some_and(|last| row.number > last) {
                return ControlFlow::Break(());
            }
            if row.number > found.header_row && self.differing.is_none() {
                let text = |column| row.text(column).map(|text| text.into_owned());
                let differs = |(first, copy): &&(u32, u32)| text(*first) != text(*copy);
                self.differing =
                    found.copies.iter().find(differs).map(|(_, copy)| address(*copy, row.number));
            }
            for (column, cell) in &row.cells {
                if let Cell::Date(day) = cell
                    && row.number > found.header_row
                    && date_columns.contains(&Some(*column))
                {
                    self.dates.entry((found.sheet, *column)).or_default().observe_cell(*day);
                }
                let Cell::Text(text) = cell else { continue };
                if row.number == found.header_row {
                    // Headers name the currency, too: they are looked at below and hold no figures.
                } else if date_columns.contains(&Some(*column)) {
                    let month = month_column.and_then(|column| month_in(row.get(column)?));
                    self.dates.entry((found.sheet, *column)).or_default().observe(row.number, text, month);
                } else if *column % SHEET_COLUMNS < MAX_SURVEYED_COLUMNS && text.contains(['.', ',']) {
                    self.columns.entry((found.sheet, *column)).or_default().observe(row.number, text);
                }
                if money.contains(column)
                    && let Some(currency) = number::currency_of(text)
                    && found.currency.is_none_or(|own| own.as_str() != currency)
                    && !self.currencies.iter().any(|(seen, _)| *seen == currency)
                {
                    self.currencies.insert((currency, address(*column, row.number)));
                }
            }
            ControlFlow::Continue(())
        })?;
        for ((column, currency), (first, last)) in document.marks() {
            let within = last > found.header_row && found.last_row.is_none_or(|end| first <= end);
            let is_own = found.currency.is_some_and(|own| own.as_str() == currency);
            if within
                && !is_own
                && money.contains(&column)
                && !self.currencies.iter().any(|(seen, _)| *seen == currency)
            {
                self.currencies.insert((currency, address(column, first)));
            }
        }
        Ok(())
    }

    /// Currencies above a table that does not state its own beside other sheets.
    fn observe_titles(&mut self, row: &Row, found: &Found) {
        /// Wider rows are headers or other tables.
        const MOST_CELLS: usize = 3;
        if found.currency.is_some() || row.cells.len() > MOST_CELLS {
            return;
        }
        for (column, cell) in &row.cells {
            if let Cell::Text(text) = cell
                && let Some(currency) = number::currency_of(text)
            {
                self.titles.push((currency, text.clone(), address(*column, row.number)));
            }
        }
    }

    /// Decides for every figure column; what stays open becomes a question.
    pub(crate) fn decide(
        &self,
        input: &Input<'_>,
        (profile, layout): (&Profile, &Layout),
        tables: &[&Found],
    ) -> (Reading, Vec<Question>) {
        let mut reading = Reading::default();
        let mut questions = Vec::new();
        let (of_file, of_country) = (self.file_dialect(), profile.decimal.map(dialect_of));
        let answer =
            input.answer("decimal").map(|sign| if sign == "," { Dialect::Comma } else { Dialect::Point });
        for found in tables {
            let groups = found.groups.iter().filter_map(|group| group.quantity);
            let pieces: Vec<u32> = found.column(Role::Quantity).into_iter().chain(groups).collect();
            for column in figure_columns(found) {
                let Some(evidence) = self.columns.get(&(found.sheet, column)) else { continue };
                let decided = match evidence.verdict() {
                    number::Verdict::Plain => continue,
                    number::Verdict::Decided(dialect) if self.contradicts(found, column, dialect) => answer,
                    number::Verdict::Decided(dialect) => Some(dialect),
                    number::Verdict::Undecided => {
                        let of_country = of_country.filter(|dialect| evidence.groups_in(*dialect));
                        // Some programs print pieces with three decimals, and nobody sells by the thousand alone.
                        let doubtful = |dialect: &Dialect| {
                            pieces.contains(&column)
                                && evidence.has_noughts_only()
                                && evidence.groups_in(*dialect)
                        };
                        answer.or(of_file.or(of_country).filter(|dialect| !doubtful(dialect)))
                    }
                    number::Verdict::Mixed => answer,
                };
                match decided {
                    Some(dialect) => {
                        reading.dialects.insert((found.sheet, column), dialect);
                    }
                    None if questions.is_empty() => questions.push(decimal_question(evidence, column)),
                    None => {}
                }
            }
            let dates = [Role::Date, Role::WeekEnding, Role::WeekStarting].map(|role| found.column(role));
            for column in dates.into_iter().flatten() {
                self.decide_order((input, profile), found, column, &mut reading, &mut questions);
            }
        }
        questions.extend(self.currency_question(input, profile, layout));
        questions.extend(self.differing.as_ref().and_then(|cell| copies::question(cell, tables)));
        (reading, questions)
    }

    /// The dialect of all columns together, known ones or not: senders do not change it from column to column.
    fn file_dialect(&self) -> Option<Dialect> {
        let mut all = number::Evidence::default();
        for evidence in self.columns.values() {
            all.add(evidence);
        }
        match all.verdict() {
            number::Verdict::Decided(dialect) => Some(dialect),
            _ => None,
        }
    }

    /// Whether a column with texts of two readings is decided otherwise than the figures beside it: one damaged cell
    /// must not turn thousands into decimals.
    fn contradicts(&self, found: &Found, column: u32, dialect: Dialect) -> bool {
        let evidence = |column| self.columns.get(&(found.sheet, column));
        evidence(column).is_some_and(|evidence| evidence.ambiguous.is_some())
            && figure_columns(found).filter_map(evidence).any(
                |other| matches!(other.verdict(), number::Verdict::Decided(decided) if decided != dialect),
            )
    }

    fn decide_order(
        &self,
        (input, profile): (&Input<'_>, &Profile),
        found: &Found,
        column: u32,
        reading: &mut Reading,
        questions: &mut Vec<Question>,
    ) {
        let Some(evidence) = self.dates.get(&(found.sheet, column)) else { return };
        if evidence.is_half_swapped() {
            match input.answer("dates") {
                Some("swapped") => {
                    reading.swapped.insert((found.sheet, column));
                }
                Some(_) => {}
                None => questions.push(swapped_question(column)),
            }
        }
        let answer = input.answer("date_order").map(|order| match order {
            "month_first" => date::Order::MonthFirst,
            _ => date::Order::DayFirst,
        });
        let decided = match evidence.verdict() {
            date::Verdict::Plain => return,
            date::Verdict::Decided(order) => Some(order),
            date::Verdict::Undecided => answer.or(profile.date_order.map(order_of)),
            date::Verdict::Mixed => answer,
        };
        match decided {
            Some(order) => {
                reading.orders.insert((found.sheet, column), order);
            }
            None => questions.push(date_question(evidence, column)),
        }
    }

    fn currency_question(&self, input: &Input<'_>, profile: &Profile, layout: &Layout) -> Option<Question> {
        let expected = layout.currency.or(profile.currency)?;
        let agrees =
            |named: &str| named == expected.as_str() || number::shares_sign(named, expected.as_str());
        let titles = self.titles.iter().filter(|(_, title, _)| !title.contains(expected.as_str()));
        let titles = titles.map(|(currency, _, cell)| (currency, cell));
        let marks = self.currencies.iter().map(|(currency, cell)| (currency, cell));
        let (other, cell) = marks.chain(titles).find(|(currency, _)| !agrees(currency))?;
        if input.answer("currency") == Some(expected.as_str()) {
            return None;
        }
        Some(Question {
            id: "currency".to_owned(),
            code: "currency_conflict".to_owned(),
            message: format!(
                "Files of {} are in {expected}, but amounts in this file are marked {other}.",
                profile.name
            ),
            cell: Some(cell.clone()),
            suggestion: None,
            options: vec![QuestionOption {
                value: expected.to_string(),
                label: format!("The amounts are {expected}"),
                evidence: "currency of the vendor".to_owned(),
            }],
        })
    }
}

fn order_of(order: DateOrder) -> date::Order {
    match order {
        DateOrder::DayFirst => date::Order::DayFirst,
        DateOrder::MonthFirst => date::Order::MonthFirst,
    }
}

/// The month that a cell beside the date repeats.
fn month_in(cell: &Cell) -> Option<u32> {
    match calendar::of_cell(cell) {
        Some(Time::Month(month)) => Some(month),
        _ => cell.text().trim().parse().ok().filter(|month| (1..=12).contains(month)),
    }
}

fn dialect_of(sign: DecimalSign) -> Dialect {
    match sign {
        DecimalSign::Point => Dialect::Point,
        DecimalSign::Comma => Dialect::Comma,
    }
}

fn figure_columns(found: &Found) -> impl Iterator<Item = u32> {
    let flat = found.columns.iter().filter(|(role, _)| role.is_figure()).map(|(_, column)| column.index);
    flat.chain(found.figure_columns()).collect::<BTreeSet<u32>>().into_iter()
}

fn decimal_question(evidence: &number::Evidence, column: u32) -> Question {
    let (cell, text) = match &evidence.ambiguous {
        Some((row, text)) => (Some(address(column, *row)), text.clone()),
        None => (None, "the figures".to_owned()),
    };
    let option = |sign: &str, dialect: Dialect| QuestionOption {
        value: sign.to_owned(),
        label: format!("\"{sign}\" separates the decimals"),
        evidence: match number::parse(&text, dialect) {
            Ok(Some(value)) => format!("{text} is {}", value.normalize()),
            _ => "some cells are written this way".to_owned(),
        },
    };
    Question {
        id: "decimal".to_owned(),
        code: "number_ambiguous".to_owned(),
        message: format!("{text} can be read in two ways, and nothing in the column settles which is meant."),
        cell,
        suggestion: None,
        options: vec![option(",", Dialect::Comma), option(".", Dialect::Point)],
    }
}

fn swapped_question(column: u32) -> Question {
    let option = |value: &str, label: &str, evidence: &str| QuestionOption {
        value: value.to_owned(),
        label: label.to_owned(),
        evidence: evidence.to_owned(),
    };
    Question {
        id: "dates".to_owned(),
        code: "date_ambiguous".to_owned(),
        message: format!(
            "In column {} the dates up to the twelfth are dates, and all later ones are texts: a spreadsheet program may \
             have exchanged day and month in those it could read.",
            column_letters(column)
        ),
        cell: None,
        suggestion: None,
        options: vec![
            option("swapped", "Day and month were exchanged", "the dates are read the other way round"),
            option("kept", "The dates are right as they are", "confirmed by a person"),
        ],
    }
}

fn date_question(evidence: &date::Evidence, column: u32) -> Question {
    let (cell, text) = match &evidence.ambiguous {
        Some((row, text)) => (Some(address(column, *row)), text.clone()),
        None => (None, "the dates".to_owned()),
    };
    let option = |value: &str, label: &str, order: date::Order| QuestionOption {
        value: value.to_owned(),
        label: label.to_owned(),
        evidence: match date::parse(&text, order) {
            Some(day) => format!("{text} is {day}"),
            None => "some cells are written this way".to_owned(),
        },
    };
    Question {
        id: "date_order".to_owned(),
        code: "date_ambiguous".to_owned(),
        message: format!("{text} can be read in two ways, and nothing in the column settles which is meant."),
        cell,
        suggestion: None,
        options: vec![
            option("day_first", "The day comes first", date::Order::DayFirst),
            option("month_first", "The month comes first", date::Order::MonthFirst),
        ],
    }
}
