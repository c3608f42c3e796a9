//! Tables of a workbook: typed cells, sums that recalculate, as many sheets as the rows need.

use domain::table::Block as Rows;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet, utility::column_number_to_name};

use super::{
    WorkbookReport,
    formats::{Formats, NumberFormat},
};
use crate::{
    Error,
    document::{TableHead, Total, Values},
    tables::workbook::SHEET_ROWS,
    text::cell_text,
};

/// The last rows of a sheet are left to totals and notes.
const SPARE_ROWS: u32 = 64;

/// A table that is being written.
pub(super) struct TableState {
    head: TableHead,
    columns: Vec<Option<NumberFormat>>,
    is_long: bool,
    sums: Vec<Decimal>,
    /// Where its rows are: sheet, first row, last row.
    parts: Vec<(String, u32, u32)>,
}

impl TableState {
    pub(super) fn begin(report: &mut WorkbookReport, head: &TableHead, is_long: bool) -> Result<Self, Error> {
        let columns = head.columns.iter().map(|column| NumberFormat::of_values(column.values)).collect();
        let sums = vec![Decimal::ZERO; head.columns.len()];
        let mut state = Self { head: head.clone(), columns, is_long, sums, parts: Vec::new() };
        state.begin_part(report)?;
        Ok(state)
    }

    fn begin_part(&mut self, report: &mut WorkbookReport) -> Result<(), Error> {
        let formats = report.formats.clone();
        let at = report.sheet.as_mut().ok_or(Error::NoTable)?;
        let sheet = report.xlsx.worksheet_from_index(at.index)?;
        if let Some(title) = &self.head.title {
            sheet.write_string_with_format(at.row, 0, &*cell_text(title), &formats.strong)?;
            at.row += 1;
        }
        for ((place, column), number) in (0..).zip(&self.head.columns).zip(&self.columns) {
            // A format of its own for each cell would be looked up for each cell.
            if let Some(number) = number {
                sheet.set_column_format(place, &formats.of(*number))?;
            }
            let title = column.full_title();
            let format = if column.values == Values::Text { &formats.head } else { &formats.head_right };
            sheet.set_column_width(place, width_of(column.values, &title))?;
            sheet.write_string_with_format(at.row, place, &*cell_text(&title), format)?;
        }
        sheet.set_freeze_panes(at.row + 1, 0)?;
        sheet.set_repeat_rows(at.row, at.row)?;
        at.row += 1;
        (at.is_fresh, at.has_table) = (false, true);
        self.parts.push((at.name.clone(), at.row, at.row));
        Ok(())
    }

    pub(super) fn rows(&mut self, report: &mut WorkbookReport, rows: &Rows) -> Result<(), Error> {
        let formats = report.formats.clone();
        for cells in rows.iter() {
            if report.sheet.as_ref().is_some_and(|sheet| sheet.row + SPARE_ROWS >= SHEET_ROWS) {
                self.end_part(report)?;
                let name = report.sheet.as_ref().map(|sheet| sheet.name.clone()).unwrap_or_default();
                report.begin_sheet(&name, self.is_long)?;
                self.begin_part(report)?;
            }
            let (sheet, row) = report.sheet()?;
            for (place, (cell, column)) in cells.zip(&self.columns).enumerate() {
                let at = (*row, u16::try_from(place).unwrap_or(u16::MAX));
                let Some(cell) = cell else { continue };
                let value = write_cell(sheet, at, *column, cell, &formats)?;
                if let (Some(value), Some(sum)) = (value, self.sums.get_mut(place)) {
                    *sum = sum.saturating_add(value);
                }
            }
            *row += 1;
        }
        Ok(())
    }

    /// Notes where its rows are, and lets people sort and filter them.
    fn end_part(&mut self, report: &mut WorkbookReport) -> Result<(), Error> {
        let (sheet, row) = report.sheet()?;
        let Some((_, first, last)) = self.parts.last_mut() else { return Ok(()) };
        *last = *row;
        let right = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        if *row > *first {
            sheet.autofilter(*first - 1, 0, *row - 1, right)?;
        }
        Ok(())
    }

    pub(super) fn end(mut self, report: &mut WorkbookReport) -> Result<(), Error> {
        self.end_part(report)?;
        let formats = report.formats.clone();
        let has_rows = self.parts.iter().any(|(_, first, last)| last > first);
        let (sheet, row) = report.sheet()?;
        if !has_rows {
            sheet.write_string_with_format(*row, 0, "No rows.", &formats.muted)?;
            *row += 1;
        } else if self.head.columns.iter().any(|column| column.total != Total::None) {
            for (place, (column, written)) in self.head.columns.iter().zip(&self.columns).enumerate() {
                let sum = self.sums.get(place).copied().unwrap_or_default();
                let number = match *written {
                    Some(NumberFormat::Decimal(0)) => Some(NumberFormat::Decimal(sum.normalize().scale())),
                    number => number,
                };
                let format = formats.of_total(number);
                let at = (*row, u16::try_from(place).unwrap_or(u16::MAX));
                self.total(sheet, at, (&column.total, *written), &format)?;
            }
            *row += 1;
        }
        for note in &self.head.notes {
            sheet.write_string_with_format(*row, 0, &*cell_text(note), &formats.muted)?;
            *row += 1;
        }
        *row += 1;
        Ok(())
    }

    fn total(
        &self,
        sheet: &mut Worksheet,
        (row, place): (u32, u16),
        (total, number): (&Total, Option<NumberFormat>),
        format: &Format,
    ) -> Result<(), Error> {
        match (total, number) {
            (Total::Words(words), _) => {
                sheet.write_string_with_format(row, place, &*cell_text(words), format)?;
            }
            (Total::Given(value), Some(number)) => {
                sheet.write_number_with_format(row, place, number.number(*value), format)?;
            }
            (Total::Sum, Some(number)) => {
                let sum = self.sums.get(usize::from(place)).copied().unwrap_or_default();
                // For programs that show what is there without calculating.
                let result = number.number(sum).to_string();
                let formula = Formula::new(self.sum_of(place)).set_result(result);
                sheet.write_formula_with_format(row, place, formula, format)?;
            }
            _ => {
                sheet.write_blank(row, place, format)?;
            }
        }
        Ok(())
    }

    /// Over all sheets that hold its rows.
    fn sum_of(&self, place: u16) -> String {
        let column = column_number_to_name(place);
        let ranges: Vec<_> = match self.parts.as_slice() {
            [(_, first, last)] => vec![format!("{column}{}:{column}{last}", first + 1)],
            parts => parts
                .iter()
                .map(|(name, first, last)| {
                    format!("'{}'!{column}{}:{column}{last}", name.replace('\'', "''"), first + 1)
                })
                .collect(),
        };
        format!("=SUM({})", ranges.join(","))
    }
}

/// The value, if the text is one: others say why there is none.
fn write_cell(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    number: Option<NumberFormat>,
    text: &str,
    formats: &Formats,
) -> Result<Option<Decimal>, Error> {
    match number {
        None => {
            sheet.write_string(row, place, &*cell_text(text))?;
            return Ok(None);
        }
        Some(NumberFormat::Date) => {
            if let Ok(date) = ExcelDateTime::parse_from_str(text) {
                sheet.write_datetime(row, place, &date)?;
                return Ok(None);
            }
        }
        Some(number) => {
            if let Ok(value) = text.parse::<Decimal>() {
                match number {
                    // Pieces are whole, or it is shown that they are not.
                    NumberFormat::Decimal(0) if !value.fract().is_zero() => {
                        formats.number(
                            sheet,
                            (row, place),
                            value,
                            NumberFormat::Decimal(value.normalize().scale()),
                        )?;
                    }
                    _ => {
                        sheet.write_number(row, place, number.number(value))?;
                    }
                }
                return Ok(Some(value));
            }
        }
    }
    sheet.write_string_with_format(row, place, &*cell_text(text), &formats.reason)?;
    Ok(None)
}

/// In characters.
fn width_of(values: Values, title: &str) -> f64 {
    let least = match values {
        Values::Text => 26.0,
        Values::Money(_) => 15.0,
        Values::Date => 12.0,
        Values::Integer | Values::Decimal(_) | Values::Percent => 11.0,
    };
    // Heads wrap; their words do not, and a button to filter stands beside them.
    title.split(' ').map(|word| word.chars().count() as f64 + 4.0).fold(least, f64::max).min(40.0)
}
