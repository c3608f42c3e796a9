//! A table as CSV.

use domain::{
    NumberStyle,
    table::{Block, Column, Kind},
};

use crate::{table::BYTE_ORDER_MARK, text::inert};

/// Rows as lines, cells parted by commas, or by semicolons where the comma belongs to numbers.
pub struct Delimited {
    pub(crate) bytes: Vec<u8>,
    kinds: Vec<Kind>,
    style: NumberStyle,
}

impl Delimited {
    pub(super) fn new(columns: &[Column], style: NumberStyle) -> Self {
        Self::after(BYTE_ORDER_MARK.to_vec(), columns, style)
    }

    /// A table behind what has been written.
    pub(crate) fn after(bytes: Vec<u8>, columns: &[Column], style: NumberStyle) -> Self {
        let kinds = columns.iter().map(|column| column.kind).collect();
        let mut table = Self { bytes, kinds, style };
        for (place, column) in columns.iter().enumerate() {
            table.part(place);
            push_text(&mut table.bytes, &column.name);
        }
        table.bytes.push(b'\n');
        table
    }

    pub(crate) fn write(&mut self, block: &Block) {
        self.bytes.reserve(block.size_bytes() + block.rows() * (self.kinds.len() + 1));
        for row in block.iter() {
            for (place, cell) in row.enumerate() {
                self.part(place);
                let Some(value) = cell else { continue };
                match self.kinds.get(place) {
                    Some(Kind::Text) => push_text(&mut self.bytes, value),
                    // Why there is no figure is said in words.
                    _ if !is_figure(value) => push_text(&mut self.bytes, value),
                    Some(Kind::Money | Kind::Number) if self.style.has_comma() => {
                        self.bytes.extend(value.bytes().map(|byte| if byte == b'.' { b',' } else { byte }));
                    }
                    _ => self.bytes.extend_from_slice(value.as_bytes()),
                }
            }
            self.bytes.push(b'\n');
        }
    }

    fn part(&mut self, place: usize) {
        if place > 0 {
            self.bytes.push(if self.style.has_comma() { b';' } else { b',' });
        }
    }
}

/// Nothing of it parts cells, or is run by a program.
fn is_figure(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// Writes a text behind an apostrophe where a spreadsheet program would run it, and between quotes where it holds what parts
/// cells. An empty one is quoted as well: a cell without a value is not.
pub(crate) fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let first = text.as_bytes().first();
    // What begins with a letter or a digit is run by nobody.
    let text = if first.is_some_and(u8::is_ascii_alphanumeric) { text.into() } else { inert(text) };
    let quoted =
        text.is_empty() || text.bytes().any(|byte| matches!(byte, b',' | b';' | b'"' | b'\n' | b'\r'));
    if !quoted {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    bytes.push(b'"');
    for (place, piece) in text.split('"').enumerate() {
        if place > 0 {
            bytes.extend_from_slice(b"\"\"");
        }
        bytes.extend_from_slice(piece.as_bytes());
    }
    bytes.push(b'"');
}
