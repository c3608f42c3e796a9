//! A table as JSON lines.

use std::io::Write as _;

use domain::table::{Block, Column, Kind};

/// An object a row. Every column is there in every line; one without a value is `null`.
pub struct Lines {
    pub(super) bytes: Vec<u8>,
    /// `{"name":` or `,"name":`, and what follows it.
    fields: Vec<(String, Kind)>,
}

impl Lines {
    pub(super) fn new(columns: &[Column]) -> Self {
        let field = |(place, column): (usize, &Column)| {
            (format!("{}{}:", if place == 0 { '{' } else { ',' }, json(&column.name)), column.kind)
        };
        Self { bytes: Vec::new(), fields: columns.iter().enumerate().map(field).collect() }
    }

    pub(super) fn write(&mut self, block: &Block) {
        for row in block.iter() {
            for (cell, (field, kind)) in row.zip(&self.fields) {
                self.bytes.extend_from_slice(field.as_bytes());
                match (cell, kind) {
                    (None, _) => self.bytes.extend_from_slice(b"null"),
                    (Some(value), Kind::Integer | Kind::Flag) => {
                        self.bytes.extend_from_slice(value.as_bytes())
                    }
                    (Some(value), Kind::Text) => push(&mut self.bytes, value),
                    (Some(value), Kind::Money | Kind::Number | Kind::Date | Kind::Time) => {
                        // Nothing in these needs an escape.
                        self.bytes.push(b'"');
                        self.bytes.extend_from_slice(value.as_bytes());
                        self.bytes.push(b'"');
                    }
                }
            }
            self.bytes.extend_from_slice(b"}\n");
        }
    }
}

/// Writes a text as JSON.
fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'"');
    for piece in text.split_inclusive(|c: char| c < ' ' || c == '"' || c == '\\') {
        let mut chars = piece.chars();
        match chars.next_back() {
            Some(last @ ('"' | '\\')) => {
                bytes.extend_from_slice(chars.as_str().as_bytes());
                bytes.push(b'\\');
                bytes.push(last as u8);
            }
            Some(last) if last < ' ' => {
                bytes.extend_from_slice(chars.as_str().as_bytes());
                // Writing to memory cannot fail.
                let _ = write!(bytes, "\\u{:04x}", u32::from(last));
            }
            _ => bytes.extend_from_slice(piece.as_bytes()),
        }
    }
    bytes.push(b'"');
}

fn json(text: &str) -> String {
    let mut bytes = Vec::new();
    push(&mut bytes, text);
    String::from_utf8(bytes).unwrap_or_default()
}
