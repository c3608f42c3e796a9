//! The rows of one sheet.

use chrono::Days;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    super::Visitor,
    part::bomb,
    strings::SharedStrings,
    styles::Styles,
    unreadable,
    xml::{Element, Node, Xml},
};
use crate::{
    Refusal,
    cell::{Cell, Row},
    date, text,
};

/// What Excel allows.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// A cell of 32,767 characters of four bytes fits.
const MAX_VALUE_BYTES: usize = 128 * 1024;
/// Days between the two ways to count dates.
const DAYS_TO_1904: u64 = 1462;
/// Spreadsheets keep 15 significant digits; what a file prints behind them is noise of binary fractions.
const SIGNIFICANT_DIGITS: u32 = 15;

/// A cell under construction.
#[derive(Default)]
struct Draft {
    column: u32,
    kind: String,
    style: usize,
    /// The value is what a formula came to when the file was saved.
    formula: bool,
    /// The value came from an element of its own, not from an inline text.
    direct: bool,
    value: String,
}

impl Draft {
    /// Takes note of an element of the cell. A cell with two values says nothing.
    fn open(&mut self, element: &Element) -> Result<(), Refusal> {
        self.formula |= element.is("f");
        let direct = element.is("v");
        if !self.value.is_empty() && (direct || (self.direct && element.is("t"))) {
            return Err(unreadable());
        }
        self.direct |= direct;
        Ok(())
    }
}

pub(super) fn rows(
    xml: &mut Xml<'_>,
    strings: &SharedStrings,
    styles: &Styles,
    since_1904: bool,
    visit: &mut Visitor<'_>,
) -> Result<(), Refusal> {
    let mut row = Row::default();
    let mut next_column = 0;
    let mut draft = None;
    let (mut in_value, mut in_phonetics) = (false, false);
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(element) if element.is("row") => {
                row.number = row_number(&element, row.number)?;
                row.cells.clear();
                next_column = 0;
            }
            Node::Open(element) if element.is("c") => {
                if draft.replace(begin(&element, next_column)?).is_some() {
                    return Err(unreadable());
                }
            }
            Node::Open(element) => {
                if let Some(draft) = &mut draft {
                    draft.open(&element)?;
                }
                in_value |= element.is("v") || element.is("t");
                in_phonetics |= element.is("rPh");
            }
            Node::Text(text) if in_value && !in_phonetics => {
                if let Some(draft) = &mut draft {
                    draft.value.push_str(&text);
                    if draft.value.len() > MAX_VALUE_BYTES {
                        return Err(bomb());
                    }
                }
            }
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "v" | "t" => in_value = false,
                "rPh" => in_phonetics = false,
                "c" => {
                    if let Some(done) = draft.take() {
                        next_column = done.column + 1;
                        if let Some(cell) = finish(&done, strings, styles, since_1904) {
                            place(&mut row, done.column, cell)?;
                        }
                    }
                }
                "row" if !row.cells.is_empty() && visit(&row).is_break() => return Ok(()),
                "sheetData" => return nothing_follows(xml),
                _ => {}
            },
        }
    }
    // The part ended before its data did.
    Err(unreadable())
}

/// A second table of the sheet stands right behind the first, if anywhere. Spreadsheet programs refuse such a file.
fn nothing_follows(xml: &mut Xml<'_>) -> Result<(), Refusal> {
    const NODES: usize = 100;
    for _ in 0..NODES {
        match xml.next()? {
            Some(Node::Open(element)) if element.is("sheetData") => return Err(unreadable()),
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}

fn row_number(element: &Element, before: u32) -> Result<u32, Refusal> {
    let number = match element.attribute("r") {
        Some(number) => number.parse().map_err(|_| unreadable())?,
        None => before + 1,
    };
    match number {
        // Rows count from 1, each once: what stands in row 0, or in a row that came before, has no place.
        0..=MAX_ROWS if number <= before => Err(unreadable()),
        0..=MAX_ROWS => Ok(number),
        _ => Err(bomb()),
    }
}

fn begin(element: &Element, next_column: u32) -> Result<Draft, Refusal> {
    let column = match element.attribute("r") {
        Some(reference) => column_of(&reference).ok_or_else(unreadable)?,
        None => next_column,
    };
    if column >= MAX_COLUMNS {
        return Err(unreadable());
    }
    Ok(Draft {
        column,
        kind: element.attribute("t").unwrap_or_default(),
        style: element.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0),
        ..Draft::default()
    })
}

fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0u32;
    for letter in letters {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    column.checked_sub(1)
}

/// Cells usually come in order of columns. Two of one column contradict each other.
fn place(row: &mut Row, column: u32, cell: Cell) -> Result<(), Refusal> {
    match row.cells.last() {
        Some((last, _)) if *last >= column => {
            let place = row.cells.binary_search_by_key(&column, |(column, _)| *column);
            let index = place.err().ok_or_else(unreadable)?;
            row.cells.insert(index, (column, cell));
        }
        _ => row.cells.push((column, cell)),
    }
    Ok(())
}

fn finish(draft: &Draft, strings: &SharedStrings, styles: &Styles, since_1904: bool) -> Option<Cell> {
    let value = draft.value.as_str();
    match draft.kind.as_str() {
        "s" => match value.trim().parse().ok().and_then(|index| strings.get(index)) {
            Some(shared) => Cell::from_text(shared.to_owned()),
            None => Some(Cell::Error("#STRING!".to_owned())),
        },
        "str" | "inlineStr" | "d" => Cell::from_text(value.to_owned()),
        "b" => Some(Cell::Bool(value.trim() == "1" || value.trim() == "true")),
        "e" => Some(Cell::Error(text::shorten(value.trim(), 20))),
        // Written by a program that does not calculate: blank would be a silent zero.
        _ if value.trim().is_empty() => {
            draft.formula.then(|| Cell::Error("it was never computed".to_owned()))
        }
        _ => Some(number(value.trim(), styles.is_date(draft.style), since_1904)),
    }
}

fn number(value: &str, is_date: bool, since_1904: bool) -> Cell {
    let parsed = match value.contains(['e', 'E']) {
        // The format has no digit groups; the parser of the library has.
        _ if value.contains('_') => None,
        true => Decimal::from_scientific(value).ok(),
        false => value.parse::<Decimal>().ok(),
    };
    let rounded = parsed
        .and_then(|n| n.round_sf_with_strategy(SIGNIFICANT_DIGITS, RoundingStrategy::MidpointAwayFromZero))
        .map(|n| n.normalize());
    let Some(number) = rounded else { return Cell::Text(text::shorten(value, 40)) };
    if is_date && let Some(day) = date::from_serial(number) {
        let shift = if since_1904 { DAYS_TO_1904 } else { 0 };
        return Cell::Date(day.checked_add_days(Days::new(shift)).unwrap_or(day));
    }
    Cell::Number(number)
}
