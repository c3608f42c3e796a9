//! Rows that name what the rows below them belong to.

use chrono::Datelike;
use domain::Period;
use rust_decimal::Decimal;

use super::{Figures, Table, proof::Pair};
use crate::{
    accept::Product,
    calendar::{self, Time},
    cell::{Cell, Row},
    figures,
    profile::Role,
    text,
};

/// A row that names a store or a group, with the sum of the rows below it.
pub(super) struct Section {
    name: String,
    row: u32,
    printed: Vec<Figures>,
    sums: Vec<Pair>,
}

impl Section {
    fn new(name: String, row: u32, printed: Vec<Figures>) -> Self {
        let sums = vec![[Decimal::ZERO; 2]; printed.len()];
        Self { name, row, printed, sums }
    }

    pub(super) fn sums(&mut self) -> &mut Vec<Pair> {
        &mut self.sums
    }

    /// Whether the rows so far come to what was printed.
    fn is_complete(&self) -> bool {
        let pairs = self.printed.iter().zip(&self.sums);
        pairs.into_iter().all(|(printed, sums)| {
            printed.iter().zip(sums).all(|(printed, sum)| figures::ties(printed.unwrap_or_default(), *sum))
        })
    }
}

/// `Store: Camden` is Camden, and so is `Total Camden`.
fn without_title(name: &str) -> &str {
    let name = if figures::begins_with_total(name) {
        name.split_once([' ', ':']).map_or(name, |(_, rest)| rest.trim())
    } else {
        name
    };
    const TITLE_WORDS: usize = 2;
    match name.split_once(':').map(|(title, rest)| (title, rest.trim())) {
        Some((title, rest)) if !rest.is_empty() && title.split(' ').count() <= TITLE_WORDS => rest,
        _ => name,
    }
}

impl Table<'_, '_> {
    /// Whether the row opens a section, or sums up the one above it.
    pub(super) fn is_section(&mut self, row: &Row, product: &Product, figures: &[Figures]) -> bool {
        let Some(rule) = &self.layout.sections else { return false };
        let complete = self.sections.last().is_none_or(Section::is_complete);
        let name = if rule.blank.is_empty() {
            product.printed.name.clone().filter(|_| complete && !self.acceptor.knows(product))
        } else {
            let blank = rule.blank.iter().all(|role| self.text(row, *role).is_none());
            self.label(row).filter(|_| blank)
        };
        let absent = figures.iter().flatten().all(Option::is_none);
        // Without sums only names open a section; with sums a line without figures is a note.
        let Some(name) = name.filter(|_| absent == rule.bare) else { return false };
        if rule.below {
            self.check_total(row, &name);
            return true;
        }
        let (levels, bare) = (rule.levels, rule.bare);
        while self.sections.last().is_some_and(|last| bare || last.is_complete())
            || self.sections.len() >= levels
        {
            self.close_section();
        }
        self.check_row(row, figures, &name);
        self.sections.push(Section::new(name, row.number, figures.to_vec()));
        true
    }

    /// A name that stands alone above the header names the first section, where names print no sums.
    pub(super) fn above(&mut self, row: &Row) {
        let bare = self.layout.sections.as_ref().is_some_and(|rule| rule.bare);
        if let [(_, Cell::Text(_) | Cell::Date(_))] = &row.cells[..]
            && let Some(name) = self.label(row).filter(|_| bare)
        {
            self.sections = vec![Section::new(name, row.number, Vec::new())];
        }
    }

    /// Whether the row sums up those of all stores.
    pub(super) fn is_of_all_stores(&self, row: &Row) -> bool {
        const PRODUCTS: [Role; 6] =
            [Role::Ean, Role::Code, Role::Article, Role::Sku, Role::Reference, Role::Name];
        if self.all_stores.is_empty() {
            return false;
        }
        let store = self.text(row, Role::Store).map(|store| text::fold(&store)).unwrap_or_default();
        // A row that names nothing at all is another total.
        let names = || PRODUCTS.iter().any(|role| self.text(row, *role).is_some());
        self.all_stores.contains(&store) && (!store.is_empty() || names())
    }

    /// The store of the section that is being read.
    pub(super) fn store_of_section(&self) -> Option<String> {
        let level = self.layout.sections.as_ref()?.store?;
        self.sections.get(level).map(|section| without_title(&section.name).to_owned())
    }

    /// The period that the section being read names; months without a year are of that of the file.
    pub(super) fn time_of_section(&self) -> Option<Period> {
        let level = self.layout.sections.as_ref()?.time?;
        let year = self.period.map(|period| period.end().year());
        match calendar::of_text(without_title(&self.sections.get(level)?.name))? {
            // A cell that shows a month holds its first day.
            Time::Day(day) if day.day() == 1 => Period::month(day.year(), day.month()),
            Time::Day(_) | Time::Year(_) => None,
            time => time.with_year(year),
        }
    }

    pub(super) fn close_sections(&mut self) {
        while !self.sections.is_empty() {
            self.close_section();
        }
    }

    fn close_section(&mut self) {
        let Some(section) = self.sections.pop() else { return };
        let bare = self.layout.sections.as_ref().is_some_and(|rule| rule.bare);
        if !bare {
            self.compare(section.row, &section.name, &section.printed, &section.sums);
        }
    }

    /// The first words of a row.
    fn label(&self, row: &Row) -> Option<String> {
        let is_figure = |column: u32| self.found.figure_columns().any(|figure| figure == column);
        let of_time = self.layout.sections.as_ref().is_some_and(|rule| rule.time.is_some());
        row.cells.iter().find_map(|(column, cell)| match cell {
            Cell::Text(text) if !is_figure(*column) => Some(text::squeezed(text).into_owned()),
            Cell::Date(_) if !is_figure(*column) && of_time => Some(cell.text().into_owned()),
            _ => None,
        })
    }
}
