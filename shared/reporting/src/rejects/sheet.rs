//! One sheet of the sender, row by row.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    ops::ControlFlow,
};

use chrono::{Datelike, NaiveDate};
use domain::Reject;
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Note, Worksheet};

use crate::{
    Error,
    text::{inert, plain_number},
};

/// What Excel can address.
pub(super) const EXCEL_ROWS: u32 = 1_048_576;
const EXCEL_COLUMNS: u32 = 16_384;

/// Of a large sheet these are always shown: titles and header.
const HEAD_ROWS: u32 = 15;
/// Rows shown before and after a rejected one.
const NEIGHBOURS: u32 = 2;

/// All sheets together: what fits into an answer and into memory.
const CELLS_MAX: usize = 150_000;
const TEXT_BYTES_MAX: usize = 3 * 1024 * 1024;

/// A comment that has to be scrolled is not read.
const NOTE_CHARS_MAX: usize = 800;

/// Rejects of a sheet by row.
pub(super) type Marks<'a> = BTreeMap<u32, Vec<&'a Reject>>;

/// A cell as the sender wrote it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'v> {
    Text(&'v str),
    Number(Decimal),
    Date(NaiveDate),
    Bool(bool),
}

/// What may still be written.
pub(super) struct Budget {
    cells: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn full() -> Self {
        Self { cells: CELLS_MAX, bytes: TEXT_BYTES_MAX }
    }

    fn take(&mut self, value: Value<'_>) -> bool {
        let bytes = if let Value::Text(text) = value { text.len() } else { 0 };
        let fits = self.cells > 0 && self.bytes >= bytes;
        if fits {
            self.cells -= 1;
            self.bytes -= bytes;
        }
        fits
    }
}

/// How cells look: as they are, and rejected.
pub(super) struct Formats {
    plain: [Format; 2],
    date: [Format; 2],
}

impl Formats {
    pub(super) fn new() -> Self {
        let rejected = || Format::new().set_background_color(Color::RGB(0x00FF_D966));
        let date = "yyyy-mm-dd";
        Self {
            plain: [Format::new(), rejected()],
            date: [Format::new().set_num_format(date), rejected().set_num_format(date)],
        }
    }
}

/// Takes the rows of one sheet in order.
pub struct SheetWriter<'w, 'a> {
    worksheet: &'w mut Worksheet,
    formats: &'w Formats,
    budget: &'w mut Budget,
    marks: &'w Marks<'a>,
    /// Rows with marks that were not seen yet.
    unseen: BTreeSet<u32>,
    /// Otherwise only the head and what is near a mark.
    whole: bool,
    /// Numbers are numbers; in a text file everything is text.
    typed: bool,
    cut_at: Option<u32>,
}

impl<'w, 'a> SheetWriter<'w, 'a> {
    pub(super) fn new(
        worksheet: &'w mut Worksheet,
        formats: &'w Formats,
        budget: &'w mut Budget,
        marks: &'w Marks<'a>,
        whole: bool,
        typed: bool,
    ) -> Self {
        let unseen = marks.keys().copied().collect();
        Self { worksheet, formats, budget, marks, unseen, whole, typed, cut_at: None }
    }

    /// Takes the row with this number, 1-based, and its cells by 0-based column. `Break` when no further row is needed.
    ///
    /// # Errors
    /// When the workbook cannot be written.
    pub fn row<'v>(
        &mut self,
        number: u32,
        cells: impl Iterator<Item = (u32, Value<'v>)>,
    ) -> Result<ControlFlow<()>, Error> {
        if number == 0 || number > EXCEL_ROWS {
            return Ok(ControlFlow::Break(()));
        }
        if !self.is_shown(number) {
            let over = !self.whole && self.unseen.is_empty() && number > HEAD_ROWS;
            return Ok(if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
        }
        let mut marked = self.marked(number);
        for (column, value) in cells.filter(|(column, _)| *column < EXCEL_COLUMNS) {
            if !self.budget.take(value) {
                self.cut_at = Some(number);
                return Ok(ControlFlow::Break(()));
            }
            let of_cell = marked.cells.remove(&column);
            self.write(number, column, value, of_cell.is_some() || !marked.row.is_empty())?;
            let whole_row = std::mem::take(&mut marked.row_note);
            let all: Vec<&Reject> = whole_row.into_iter().chain(of_cell.unwrap_or_default()).collect();
            self.note(number, column, &all)?;
        }
        self.mark_blank(number, marked)?;
        self.unseen.remove(&number);
        Ok(ControlFlow::Continue(()))
    }

    /// Marks what was rejected in rows without a cell; the row where the table had to be cut, if it was.
    pub(super) fn finish(mut self) -> Result<Option<u32>, Error> {
        let unseen = std::mem::take(&mut self.unseen);
        // Of a table that was cut, what lies beyond is in the list alone.
        let shown = |number: &u32| self.cut_at.is_none() && (1..=EXCEL_ROWS).contains(number);
        for number in unseen.into_iter().filter(shown).collect::<Vec<_>>() {
            let marked = self.marked(number);
            self.mark_blank(number, marked)?;
        }
        Ok(self.cut_at)
    }

    fn is_shown(&self, number: u32) -> bool {
        let near = number.saturating_sub(NEIGHBOURS)..=number.saturating_add(NEIGHBOURS);
        self.whole || number <= HEAD_ROWS || self.marks.range(near).next().is_some()
    }

    fn marked(&self, number: u32) -> Marked<'a> {
        let mut marked = Marked::default();
        for reject in self.marks.get(&number).into_iter().flatten() {
            match reject.cell.as_deref().and_then(column_of) {
                Some(column) => marked.cells.entry(column).or_default().push(*reject),
                None => marked.row.push(*reject),
            }
        }
        marked.row_note = marked.row.clone();
        marked
    }

    fn write(&mut self, number: u32, column: u32, value: Value<'_>, rejected: bool) -> Result<(), Error> {
        let look = usize::from(rejected);
        let (row, column) = (number - 1, u16::try_from(column).unwrap_or(u16::MAX));
        let plain = &self.formats.plain[look];
        // Of a text file, a rejected cell shows exactly what was sent.
        let number = |text: &str| plain_number(text).filter(|_| !self.typed && !rejected);
        match value {
            Value::Text(text) => match number(text) {
                Some(number) => self.worksheet.write_number_with_format(row, column, number, plain)?,
                None => self.worksheet.write_string_with_format(row, column, inert(text), plain)?,
            },
            Value::Number(number) => {
                let number = number.to_f64().unwrap_or_default();
                self.worksheet.write_number_with_format(row, column, number, plain)?
            }
            Value::Date(date) => match excel_date(date) {
                Some(date) => {
                    self.worksheet.write_datetime_with_format(row, column, &date, &self.formats.date[look])?
                }
                None => self.worksheet.write_string_with_format(row, column, date.to_string(), plain)?,
            },
            Value::Bool(value) => self.worksheet.write_boolean_with_format(row, column, value, plain)?,
        };
        Ok(())
    }

    /// Cells that were rejected because nothing is in them, and rows of which no cell was written.
    fn mark_blank(&mut self, number: u32, mut marked: Marked<'a>) -> Result<(), Error> {
        if !marked.row_note.is_empty() {
            marked.cells.entry(0).or_default().append(&mut marked.row_note);
        }
        for (column, rejects) in marked.cells {
            let blank = u16::try_from(column).unwrap_or(u16::MAX);
            self.worksheet.write_blank(number - 1, blank, &self.formats.plain[1])?;
            self.note(number, column, &rejects)?;
        }
        Ok(())
    }

    fn note(&mut self, number: u32, column: u32, rejects: &[&Reject]) -> Result<(), Error> {
        if rejects.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for Reject { code, message, suggestion, .. } in rejects {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{code}: {message}");
            if let Some(suggestion) = suggestion {
                let _ = writeln!(text, "{suggestion}");
            }
        }
        let text: String = text.trim_end().chars().take(NOTE_CHARS_MAX).collect();
        let note = Note::new(text).set_author("Shelfline").add_author_prefix(false);
        self.worksheet.insert_note(number - 1, u16::try_from(column).unwrap_or(u16::MAX), &note)?;
        Ok(())
    }
}

/// Rejects of one row: by cell, of the row as a whole, and of these what no cell carries yet.
#[derive(Default)]
struct Marked<'a> {
    cells: BTreeMap<u32, Vec<&'a Reject>>,
    row: Vec<&'a Reject>,
    row_note: Vec<&'a Reject>,
}

/// The 0-based column of an address like `AB12`.
fn column_of(cell: &str) -> Option<u32> {
    let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let place = |number: u32, letter: u8| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        Some(number * 26 + u32::from(digit) + 1)
    };
    let number = letters.bytes().take(4).try_fold(0, place)?;
    (1..=EXCEL_COLUMNS).contains(&number).then(|| number - 1)
}

/// Excel's calendar begins in 1900.
fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}
