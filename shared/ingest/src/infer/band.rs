//! Where the headers of a table stand, and what each column below them is.

use super::{
    meaning::{self, Header, Meaning},
    sample::{Facts, Sample, day, figure},
};
use crate::{
    cell::{Cell, Row, column_letters},
    date::Order,
    figures, header,
    number::Dialect,
    text,
};

/// Header rows of a grid.
const MAX_BAND_ROWS: usize = 5;
/// Headers stand near the top, below titles and notes.
const MAX_HEADER_ROW: usize = 40;

/// A table without groups: one header row, or none.
pub(super) struct Band {
    /// Index of the header row among the rows of the sample; `None` for a table without headers.
    pub(super) header: Option<usize>,
    pub(super) columns: Vec<Column>,
}

/// A column with what its header and its cells say.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) index: u32,
    pub(super) title: String,
    pub(super) header: Header,
    pub(super) facts: Facts,
}

impl Column {
    pub(super) fn is(&self, meaning: Meaning) -> bool {
        self.header.meaning == meaning
    }
}

impl Band {
    /// Finds the headers of a sheet; `None` when it holds no table.
    pub(super) fn find(sample: &Sample) -> Option<Self> {
        let header = header_row(&sample.rows);
        if header.is_none() && !starts_with_data(&sample.rows) {
            return None;
        }
        let headed = header.is_some();
        let titles: Vec<(u32, String)> = match header.and_then(|at| sample.rows.get(at)) {
            Some(row) => row.cells.iter().map(|(column, cell)| (*column, cell.text().into_owned())).collect(),
            None => columns_of(&sample.rows).into_iter().map(|column| (column, String::new())).collect(),
        };
        let below = sample.rows.get(header.map_or(0, |at| at + 1)..).unwrap_or_default();
        let repeats = |row: &Row| repeats(row, &titles);
        let data: Vec<&Row> = below.iter().filter(|row| !is_total(row) && !repeats(row)).collect();
        let columns = titles
            .clone()
            .into_iter()
            .map(|(index, title)| {
                let facts = Facts::of(data.iter().filter_map(|row| row.get(index)));
                (index, settled(meaning::of_header(&title), &title, &facts), title, facts)
            })
            .map(|(index, header, title, facts)| Column {
                index,
                header,
                facts,
                title: if headed { title } else { format!("column {}", column_letters(index)) },
            })
            .collect();
        let mut band = Self { header, columns };
        band.take_month_to_date();
        band.number_titles();
        Some(band)
    }

    /// Figures of the month so far are those of the file where no others stand there.
    fn take_month_to_date(&mut self) {
        const FIGURES: [Meaning; 6] = [
            Meaning::Quantity,
            Meaning::Amount,
            Meaning::AmountIncl,
            Meaning::AmountExcl,
            Meaning::GrossSales,
            Meaning::UnitPrice,
        ];
        if self.columns.iter().any(|column| FIGURES.contains(&column.header.meaning)) {
            return;
        }
        for column in self.columns.iter_mut().filter(|column| column.is(Meaning::Comparison)) {
            let mut words: Vec<&str> = column.title.split_whitespace().collect();
            words.retain(|word| !word.eq_ignore_ascii_case("mtd"));
            let rest = meaning::of_header(&words.join(" "));
            if FIGURES.contains(&rest.meaning) {
                column.header = rest;
            }
        }
    }

    /// Headers that stand above several columns are told apart by their order.
    fn number_titles(&mut self) {
        let titles: Vec<String> = self.columns.iter().map(|column| text::compact(&column.title)).collect();
        for (at, column) in self.columns.iter_mut().enumerate() {
            let same = |other: &&String| Some(*other) == titles.get(at);
            if titles.iter().filter(same).count() > 1 && !column.title.trim().is_empty() {
                let before = titles.iter().take(at).filter(same).count();
                column.title = format!("{} #{}", column.title.trim(), before + 1);
            }
        }
    }

    /// The columns that name the rows of a grid. Their headers may stand higher than the lowest row.
    pub(super) fn of_labels(sample: &Sample, header: usize, labels: &[(u32, String)]) -> Self {
        let below = sample.rows.get(header + 1..).unwrap_or_default();
        let data: Vec<&Row> = below.iter().filter(|row| !is_total(row)).collect();
        let wide = |row: &&Row| row.cells.len() >= 2;
        let band = sample.rows.get(..=header).unwrap_or_default();
        let headers: Vec<&Row> = band.iter().rev().take(MAX_BAND_ROWS).filter(wide).collect();
        let columns = labels.iter().map(|(index, _)| {
            let title = headers.iter().find_map(|row| row.text(*index)).unwrap_or_default().into_owned();
            let facts = Facts::of(data.iter().filter_map(|row| row.get(*index)));
            Column {
                index: *index,
                header: settled(meaning::of_header(&title), &title, &facts),
                title,
                facts,
            }
        });
        Self { header: Some(header), columns: columns.collect() }
    }

    /// Rows below the header, totals left out.
    pub(super) fn data<'a>(&self, sample: &'a Sample) -> Vec<&'a Row> {
        let below = sample.rows.get(self.header.map_or(0, |at| at + 1)..).unwrap_or_default();
        let titles: Vec<(u32, String)> =
            self.columns.iter().map(|column| (column.index, column.title.clone())).collect();
        let is_data = |row: &&Row| !row.cells.is_empty() && !is_total(row) && !repeats(row, &titles);
        below.iter().filter(is_data).collect()
    }

    /// What stands above the table.
    pub(super) fn titles<'a>(
        &self,
        sample: &'a Sample,
    ) -> impl Iterator<Item = (u32, u32, String)> + use<'a> {
        let above = sample.rows.get(..self.header.unwrap_or(0)).unwrap_or_default();
        above.iter().flat_map(|row| {
            row.cells.iter().map(|(column, cell)| (*column, row.number, cell.text().into_owned()))
        })
    }

    pub(super) fn having(&self, meaning: Meaning) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |column| column.is(meaning))
    }
}

/// What a header says once its cells are known: `Receipt date` is a day, not a receipt.
fn settled(header: Header, title: &str, facts: &Facts) -> Header {
    const OF_TIME: [Meaning; 9] = [
        Meaning::Date,
        Meaning::OtherDate,
        Meaning::WeekEnding,
        Meaning::WeekStarting,
        Meaning::Period,
        Meaning::Month,
        Meaning::Week,
        Meaning::Year,
        Meaning::Time,
    ];
    // `Tip` is a gratuity in English and the kind of a row elsewhere.
    if header.meaning == Meaning::Tip && facts.filled > 0 && facts.numbers == 0 {
        return Header { meaning: Meaning::LineType, ..header };
    }
    // `Retouren EUR`, `Devoluciones uds`: of money, or of pieces.
    if matches!(header.meaning, Meaning::ReturnedQuantity | Meaning::Refund) {
        let money = header.currency.is_some() || facts.marked.is_some() || facts.integers < facts.numbers;
        let meaning = match () {
            () if money => Meaning::Refund,
            () if meaning::mentions(title, Meaning::Quantity) => Meaning::ReturnedQuantity,
            () => header.meaning,
        };
        return Header { meaning, ..header };
    }
    // `Units month`: the pieces of the month, and no month.
    if matches!(header.meaning, Meaning::Month | Meaning::Week | Meaning::Year | Meaning::Period)
        && facts.is_numeric()
    {
        let money = facts.integers < facts.numbers;
        let figures = [
            (Meaning::Quantity, true),
            (Meaning::AmountIncl, money),
            (Meaning::AmountExcl, money),
            (Meaning::Amount, money),
        ];
        let said = figures.into_iter().find(|(meaning, fits)| *fits && meaning::mentions(title, *meaning));
        if let Some((meaning, _)) = said {
            return Header { meaning, exact: false, ..header };
        }
    }
    let is_date = facts.mostly(facts.dates, 80) && !OF_TIME.contains(&header.meaning);
    if is_date && meaning::mentions(title, Meaning::Date) {
        return Header { meaning: Meaning::Date, exact: false, ..header };
    }
    header
}

/// The row that reads most like headers: words that are known, words at all, and other things below it.
fn header_row(rows: &[Row]) -> Option<usize> {
    let mut best: Option<(i64, usize)> = None;
    let mut scores: Vec<(i64, usize)> = Vec::new();
    for (at, row) in rows.iter().enumerate().take(MAX_HEADER_ROW) {
        let Some(below) = rows.get(at + 1).filter(|_| row.cells.len() >= 2) else { continue };
        let score: i64 = row.cells.iter().map(|(column, cell)| header_score(cell, below.get(*column))).sum();
        scores.push((score, at));
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, at));
        }
    }
    let (best, at) = best.filter(|(score, _)| *score >= 20)?;
    // A row that explains the headers reads like one: the first of them counts.
    let first = scores.iter().find(|(score, _)| *score >= 20 && *score * 10 >= best * 7);
    Some(first.map_or(at, |(_, first)| *first))
}

/// How much a cell looks like a header above another cell: known words, then words above something that is none.
fn header_score(cell: &Cell, below: Option<&Cell>) -> i64 {
    let Cell::Text(title) = cell else { return -6 };
    if is_data(cell) {
        return -8;
    }
    let header = meaning::of_header(title);
    let known = match (header.meaning, header.exact) {
        (Meaning::Unknown, _) => 1,
        (_, true) => 10,
        (_, false) => 6,
    };
    let differs = below.is_some_and(|below| !matches!(below, Cell::Text(_)) || is_data(below));
    known + if differs { 3 } else { 0 }
}

fn is_data(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => {
            day(cell, Order::DayFirst).is_some()
                || figure(cell, Dialect::Point).is_some()
                || figure(cell, Dialect::Comma).is_some()
                || text.contains('@')
        }
        _ => true,
    }
}

/// A file without headers begins with rows that look like all the others.
fn starts_with_data(rows: &[Row]) -> bool {
    let Some(first) = rows.first() else { return false };
    let kinds =
        |row: &Row| row.cells.iter().map(|(column, cell)| (*column, is_data(cell))).collect::<Vec<_>>();
    let expected = kinds(first);
    let data = expected.iter().filter(|(_, is_data)| *is_data).count();
    let alike = rows.iter().take(30).filter(|row| kinds(row) == expected).count();
    data >= 2 && alike * 10 >= rows.len().min(30) * 8
}

fn columns_of(rows: &[Row]) -> Vec<u32> {
    let mut columns: Vec<u32> =
        rows.iter().take(30).flat_map(|row| row.cells.iter().map(|(column, _)| *column)).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Rows of exports that print their header again on every page.
fn repeats(row: &Row, titles: &[(u32, String)]) -> bool {
    let same = |(column, title): &&(u32, String)| {
        row.text(*column).is_some_and(|text| text == title.trim() || text == header::ordinal(title).0)
    };
    row.cells.len() >= 2 && titles.iter().filter(same).count() * 2 > titles.len()
}

/// Whether a row sums up others, by its words.
pub(super) fn is_total(row: &Row) -> bool {
    let first = row.cells.iter().find_map(|(_, cell)| match cell {
        Cell::Text(label) => Some(label),
        _ => None,
    });
    first
        .is_some_and(|label| figures::total_of(label).is_some_and(|of| of.is_empty() || row.cells.len() <= 8))
        && !text::fold(&row.cells.first().map(|(_, cell)| cell.text().into_owned()).unwrap_or_default())
            .is_empty()
}
