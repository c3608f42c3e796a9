//! Records of delimited text. A record is a row as a spreadsheet counts it: blank lines count, line ends within
//! quotation marks do not.

use std::io::{self, Read};

/// A record longer than this is no line of a table but a file without line ends or an unclosed quote.
pub(super) const MAX_RECORD_BYTES: usize = 1024 * 1024;
const BLOCK_BYTES: usize = 64 * 1024;
/// Most fields fit without growing.
const FIELD_BYTES: usize = 24;

pub(super) struct Records<R> {
    source: R,
    block: Vec<u8>,
    at: usize,
    end: usize,
    delimiter: u8,
    /// A line feed that belongs to the carriage return before it.
    after_return: bool,
}

/// Why the text cannot be divided into records.
#[derive(Debug)]
pub(super) enum RecordError {
    Io,
    TooLong,
    QuoteUnclosed,
}

/// Where in a field the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark within a quoted field: its end, or the first of two that mean one.
    Closing,
}

impl<R: Read> Records<R> {
    /// Text must be UTF-8; the delimiter is an ASCII character.
    pub(super) fn new(source: R, delimiter: u8) -> Self {
        Self { source, block: vec![0; BLOCK_BYTES], at: 0, end: 0, delimiter, after_return: false }
    }

    /// Reads the next record into `fields`; `false` at the end.
    pub(super) fn read(&mut self, fields: &mut Vec<String>) -> Result<bool, RecordError> {
        fields.clear();
        let mut field = Vec::with_capacity(FIELD_BYTES);
        let mut state = State::Start;
        let mut length = 0usize;
        let (mut inner_ends, mut inner_delimiters) = (0usize, 0usize);
        while let Some(byte) = self.byte()? {
            if std::mem::take(&mut self.after_return) && byte == b'\n' {
                continue;
            }
            length += 1;
            if length > MAX_RECORD_BYTES {
                return Err(RecordError::TooLong);
            }
            match (state, byte) {
                (State::Quoted, b'"') => state = State::Closing,
                (State::Quoted, _) => {
                    inner_ends += usize::from(byte == b'\n');
                    inner_delimiters += usize::from(byte == self.delimiter);
                    field.push(byte);
                }
                (_, b'\n' | b'\r') => {
                    self.after_return = byte == b'\r';
                    push(fields, &mut field);
                    return match swallows_lines(fields.len(), inner_ends, inner_delimiters) {
                        true => Err(RecordError::QuoteUnclosed),
                        false => Ok(true),
                    };
                }
                (_, byte) if byte == self.delimiter => {
                    push(fields, &mut field);
                    state = State::Start;
                }
                (State::Start, b'"') => state = State::Quoted,
                (State::Closing, b'"') => {
                    field.push(b'"');
                    state = State::Quoted;
                }
                // A quotation mark that ends nothing, with lines before it: an earlier one was never closed.
                (State::Closing, _) if field.contains(&b'\n') => return Err(RecordError::QuoteUnclosed),
                _ => {
                    field.push(byte);
                    state = State::Plain;
                }
            }
        }
        if length > 0 {
            push(fields, &mut field);
        }
        if state == State::Quoted || swallows_lines(fields.len(), inner_ends, inner_delimiters) {
            return Err(RecordError::QuoteUnclosed);
        }
        Ok(length > 0)
    }

    fn byte(&mut self) -> Result<Option<u8>, RecordError> {
        while self.at == self.end {
            match self.source.read(&mut self.block) {
                Ok(0) => return Ok(None),
                Ok(count) => (self.at, self.end) = (0, count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(RecordError::Io),
            }
        }
        let byte = self.block.get(self.at).copied();
        self.at += 1;
        Ok(byte)
    }
}

/// Whether the quoted lines of a record have a whole record's delimiters each: a quotation mark was never closed, and one
/// of a later line ended it.
fn swallows_lines(fields: usize, ends: usize, delimiters: usize) -> bool {
    /// Texts with fewer commas are prose.
    const MIN_FIELDS: usize = 4;
    ends > 0 && fields >= MIN_FIELDS && delimiters >= ends * (fields - 1)
}

fn push(fields: &mut Vec<String>, field: &mut Vec<u8>) {
    let bytes = std::mem::replace(field, Vec::with_capacity(FIELD_BYTES));
    // The source is UTF-8 and fields end at ASCII characters: nothing is ever replaced.
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    fields.push(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Result<Vec<Vec<String>>, RecordError> {
        let mut records = Records::new(text.as_bytes(), b';');
        let (mut rows, mut fields) = (Vec::new(), Vec::new());
        while records.read(&mut fields)? {
            rows.push(fields.clone());
        }
        Ok(rows)
    }

    #[test]
    fn all_line_ends_divide_records_and_blank_lines_count() {
        for text in ["a;b\n\nc", "a;b\r\n\r\nc\r\n", "a;b\r\rc\r"] {
            assert_eq!(all(text).unwrap(), [vec!["a", "b"], vec![""], vec!["c"]], "{text:?}");
        }
    }

    #[test]
    fn quoted_fields_may_hold_anything() {
        assert_eq!(all("\"a;\"\"b\"\"\r\nc\";d \"e\"").unwrap(), [["a;\"b\"\r\nc", "d \"e\""]]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_an_error() {
        for text in ["a;\"b\nc;d\n", "a;\"b\nc;\"d\"\n"] {
            assert!(matches!(all(text), Err(RecordError::QuoteUnclosed)), "{text:?}");
        }
    }

    #[test]
    fn quotation_marks_that_swallow_lines_are_an_error() {
        let swallowed = "1;a;\"x;10\n2;b;y;20\n3;c;z\";30\n";
        assert!(matches!(all(swallowed), Err(RecordError::QuoteUnclosed)));
        assert_eq!(all("1;a;\"x;\ny\";10\n").unwrap(), [["1", "a", "x;\ny", "10"]]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("[ -~äé\n\r]{0,8}", 1..5), 1..6)) {
            let line = |row: &Vec<String>| {
                row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect::<Vec<_>>().join(";")
            };
            let text: Vec<String> = rows.iter().map(line).collect();
            prop_assert_eq!(all(&text.join("\r\n")).unwrap(), rows);
        }
    }
}
