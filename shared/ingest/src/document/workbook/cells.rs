//! The rows of one sheet.

use chrono::Days;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    super::{Marks, Visitor},
    part::bomb,
    strings::SharedStrings,
    styles::Styles,
    unreadable,
    xml::{Element, Node, Xml},
};
use crate::{
    Refusal,
    cell::{Cell, Row, Spare},
    date, text,
};

/// What Excel allows.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// A cell of 32,767 characters of four bytes fits.
const MAX_VALUE_BYTES: usize = 128 * 1024;
/// Columns with money in a currency; more are no sales report.
const MAX_MARKS: usize = 4_096;
/// Days between the two ways to count dates.
const DAYS_TO_1904: u64 = 1462;
/// Spreadsheets keep 15 significant digits; what a file prints behind them is noise of binary fractions.
const SIGNIFICANT_DIGITS: u32 = 15;

/// What the value of a cell is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Bool,
    Error,
}

/// A cell under construction.
#[derive(Default)]
struct Draft {
    column: u32,
    kind: Kind,
    style: usize,
    /// The value is what a formula came to when the file was saved.
    formula: bool,
    /// The value came from an element of its own, not from an inline text.
    direct: bool,
    value: String,
}

impl Draft {
    fn begin(&mut self, element: Element<'_>, next_column: u32) -> Result<(), Refusal> {
        self.value.clear();
        *self = Self { column: next_column, value: std::mem::take(&mut self.value), ..Self::default() };
        for (name, value) in element.attributes() {
            match name {
                "r" => self.column = column_of(value).ok_or_else(unreadable)?,
                "s" => self.style = value.parse().unwrap_or(0),
                "t" => self.kind = kind_of(value),
                _ => {}
            }
        }
        if self.column >= MAX_COLUMNS { Err(unreadable()) } else { Ok(()) }
    }

    /// Takes note of an element of the cell. A cell with two values says nothing.
    fn open(&mut self, element: Element<'_>) -> Result<(), Refusal> {
        self.formula |= element.is("f");
        let direct = element.is("v");
        if !self.value.is_empty() && (direct || (self.direct && element.is("t"))) {
            return Err(unreadable());
        }
        self.direct |= direct;
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), Refusal> {
        self.value.push_str(text);
        if self.value.len() > MAX_VALUE_BYTES { Err(bomb()) } else { Ok(()) }
    }

    /// Takes note of the currency in which a number is shown.
    fn mark(&self, cell: &Cell, row: u32, context: Context<'_>, marks: &mut Marks) {
        if matches!(cell, Cell::Number(_))
            && let Some(currency) = context.styles.currency(self.style)
            && marks.len() < MAX_MARKS
        {
            marks.entry((self.column, currency)).or_insert((row, row)).1 = row;
        }
    }

    /// The cell with its value; `None` where it is blank.
    fn finish(&self, value: &str, context: Context<'_>, spare: &mut Spare) -> Option<Cell> {
        match self.kind {
            Kind::Shared => match value.trim().parse().ok().and_then(|index| context.strings.get(index)) {
                Some(shared) => spare.cell(shared),
                None => Some(Cell::Error("#STRING!".to_owned())),
            },
            Kind::Text => spare.cell(value),
            Kind::Bool => Some(Cell::Bool(value.trim() == "1" || value.trim() == "true")),
            Kind::Error => Some(Cell::Error(text::shorten(value.trim(), 20))),
            // Written by a program that does not calculate: blank would be a silent zero.
            Kind::Number if value.trim().is_empty() => {
                self.formula.then(|| Cell::Error("it was never computed".to_owned()))
            }
            Kind::Number => {
                Some(number(value.trim(), context.styles.is_date(self.style), context.since_1904))
            }
        }
    }
}

/// What the cells of a workbook refer to.
#[derive(Clone, Copy)]
pub(super) struct Context<'w> {
    pub(super) strings: &'w SharedStrings,
    pub(super) styles: &'w Styles,
    /// Dates count from 1904 (old Macintosh workbooks).
    pub(super) since_1904: bool,
}

pub(super) fn rows(
    xml: &mut Xml<'_>,
    context: Context<'_>,
    marks: &mut Marks,
    visit: &mut Visitor<'_>,
) -> Result<(), Refusal> {
    let mut row = Row::default();
    let mut spare = Spare::default();
    let mut next_column = 0;
    let mut draft = Draft::default();
    let (mut in_cell, mut in_value, mut in_phonetics) = (false, false, false);
    loop {
        if !in_cell && let Some((element, value)) = xml.cell() {
            draft.begin(element, next_column)?;
            next_column = draft.column + 1;
            if let Some(cell) = draft.finish(value, context, &mut spare) {
                draft.mark(&cell, row.number, context, marks);
                place(&mut row, draft.column, cell)?;
            }
            continue;
        }
        // A part that ends before its data did is not whole.
        match xml.next()?.ok_or_else(unreadable)? {
            Node::Open(element) if element.is("c") => {
                if std::mem::replace(&mut in_cell, true) {
                    return Err(unreadable());
                }
                draft.begin(element, next_column)?;
            }
            Node::Open(element) if element.is("row") => {
                row.number = row_number(element, row.number)?;
                spare.clear(&mut row);
                next_column = 0;
            }
            Node::Open(element) => {
                if in_cell {
                    draft.open(element)?;
                }
                in_value |= element.is("v") || element.is("t");
                in_phonetics |= element.is("rPh");
            }
            Node::Text(text) if in_cell && in_value && !in_phonetics => draft.add(&text)?,
            Node::Text(_) => {}
            Node::Close(name) => match name {
                "v" | "t" => in_value = false,
                "rPh" => in_phonetics = false,
                "c" if std::mem::take(&mut in_cell) => {
                    next_column = draft.column + 1;
                    if let Some(cell) = draft.finish(&draft.value, context, &mut spare) {
                        draft.mark(&cell, row.number, context, marks);
                        place(&mut row, draft.column, cell)?;
                    }
                }
                "row" if !row.cells.is_empty() && visit(&row).is_break() => return Ok(()),
                "sheetData" => return nothing_follows(xml),
                _ => {}
            },
        }
    }
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

fn row_number(element: Element<'_>, before: u32) -> Result<u32, Refusal> {
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

fn kind_of(attribute: &str) -> Kind {
    match attribute {
        "s" => Kind::Shared,
        "str" | "inlineStr" | "d" => Kind::Text,
        "b" => Kind::Bool,
        "e" => Kind::Error,
        _ => Kind::Number,
    }
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

fn number(value: &str, is_date: bool, since_1904: bool) -> Cell {
    let number = short_number(value).or_else(|| long_number(value));
    let Some(number) = number else { return Cell::Text(text::shorten(value, 40)) };
    if is_date && let Some(day) = date::from_serial(number) {
        let shift = if since_1904 { DAYS_TO_1904 } else { 0 };
        return Cell::Date(day.checked_add_days(Days::new(shift)).unwrap_or(day));
    }
    Cell::Number(number)
}

/// A plain number of so few digits that none is noise: nearly every one.
fn short_number(value: &str) -> Option<Decimal> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.len() > SIGNIFICANT_DIGITS as usize || digits.starts_with('.') || digits.ends_with('.') {
        return None;
    }
    let (mut mantissa, mut scale) = (0i64, None);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + i64::from(byte - b'0');
                scale = scale.map(|scale: u32| scale + 1);
            }
            b'.' if scale.is_none() => scale = Some(0),
            _ => return None,
        }
    }
    let mut scale = scale.unwrap_or(0);
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    Some(Decimal::new(if value.starts_with('-') { -mantissa } else { mantissa }, scale))
}

fn long_number(value: &str) -> Option<Decimal> {
    let parsed = match value.contains(['e', 'E']) {
        // The format has no digit groups; the parser of the library has.
        _ if value.contains('_') => None,
        true => Decimal::from_scientific(value).ok(),
        false => value.parse::<Decimal>().ok(),
    };
    let rounded = parsed?.round_sf_with_strategy(SIGNIFICANT_DIGITS, RoundingStrategy::MidpointAwayFromZero);
    rounded.map(|number| number.normalize())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_numbers_are_read_as_long_ones_are(text in "-?[0-9]{1,9}([.][0-9]{1,5})?") {
            prop_assert_eq!(short_number(&text), long_number(&text));
        }
    }
}
