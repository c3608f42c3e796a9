//! Records of delimited text. A record is a row as a spreadsheet counts it: blank lines count, line ends within
//! quotation marks do not.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::decoded::Decoded;

/// A record longer than this is no line of a table but a file without line ends or an unclosed quote.
pub(super) const MAX_RECORD_BYTES: usize = 1024 * 1024;

pub(super) struct Records<R> {
    source: Decoded<R>,
    delimiter: u8,
    /// The last record ended with a carriage return: a line feed behind it belongs to it.
    after_return: bool,
}

/// The fields of a record: one text, and where each of them stands in it. A million records fill it again and again.
#[derive(Default)]
pub(super) struct Fields {
    text: String,
    ranges: Vec<(usize, usize)>,
}

/// Why the text cannot be divided into records.
#[derive(Debug)]
pub(super) enum RecordError {
    Io,
    TooLong,
    QuoteUnclosed,
}

impl From<io::Error> for RecordError {
    fn from(_: io::Error) -> Self {
        Self::Io
    }
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

impl Fields {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Takes a line without quotation marks.
    fn split(&mut self, line: &str, delimiter: u8) {
        self.text.push_str(line);
        let mut start = 0;
        for end in memchr_iter(delimiter, line.as_bytes()) {
            self.ranges.push((start, end));
            start = end + 1;
        }
        self.ranges.push((start, line.len()));
    }

    /// The text of the field that is being read.
    fn open(&self) -> &str {
        let start = self.ranges.last().map_or(0, |(_, end)| *end);
        self.text.get(start..).unwrap_or_default()
    }

    fn close(&mut self) {
        let start = self.ranges.last().map_or(0, |(_, end)| *end);
        self.ranges.push((start, self.text.len()));
    }
}

impl<R: Read> Records<R> {
    /// The delimiter is an ASCII character.
    pub(super) fn new(source: Decoded<R>, delimiter: u8) -> Self {
        Self { source, delimiter, after_return: false }
    }

    /// Reads the next record into `fields`; `false` at the end.
    pub(super) fn read(&mut self, fields: &mut Fields) -> Result<bool, RecordError> {
        fields.text.clear();
        fields.ranges.clear();
        let Some(mut length) = self.line()? else { return Ok(false) };
        if std::mem::take(&mut self.after_return) && self.source.text().starts_with('\n') {
            self.source.take(1);
            match self.line()? {
                Some(next) => length = next,
                None => return Ok(false),
            }
        }
        let line = self.source.text().get(..length).unwrap_or_default();
        if memchr(b'"', line.as_bytes()).is_some() {
            return self.read_quoted(fields);
        }
        fields.split(line, self.delimiter);
        let end = self.source.text().as_bytes().get(length).copied();
        self.after_return = end == Some(b'\r');
        self.source.take(length + usize::from(end.is_some()));
        Ok(true)
    }

    /// Length of the next line without its end; `None` when nothing is left.
    fn line(&mut self) -> Result<Option<usize>, RecordError> {
        let mut length = 0;
        loop {
            let rest = self.source.text().as_bytes().get(length..).unwrap_or_default();
            let end = memchr2(b'\n', b'\r', rest);
            length += end.unwrap_or(rest.len());
            if length > MAX_RECORD_BYTES {
                return Err(RecordError::TooLong);
            }
            if end.is_some() {
                return Ok(Some(length));
            }
            if !self.source.more()? {
                return Ok(Some(length).filter(|length| *length > 0));
            }
        }
    }

    /// A record with quotation marks: it may go on behind the end of the line.
    fn read_quoted(&mut self, fields: &mut Fields) -> Result<bool, RecordError> {
        let mut state = State::Start;
        let mut length = 0;
        // Within quotation marks.
        let (mut line_ends, mut delimiters) = (0, 0);
        loop {
            let rest = self.source.text();
            let Some(first) = rest.bytes().next() else {
                if self.source.more()? {
                    continue;
                }
                break;
            };
            let (plain, end) = match state {
                State::Start if first == b'"' => (0, Some(b'"')),
                State::Start | State::Plain => {
                    until(rest, memchr3(self.delimiter, b'\n', b'\r', rest.as_bytes()))
                }
                State::Quoted => until(rest, memchr(b'"', rest.as_bytes())),
                State::Closing if matches!(first, b'"' | b'\n' | b'\r') || first == self.delimiter => {
                    (0, Some(first))
                }
                State::Closing => (0, None),
            };
            let plain_text = rest.get(..plain).unwrap_or_default();
            if state == State::Quoted {
                line_ends += memchr_iter(b'\n', plain_text.as_bytes()).count();
                delimiters += memchr_iter(self.delimiter, plain_text.as_bytes()).count();
            }
            fields.text.push_str(plain_text);
            let taken = plain + usize::from(end.is_some());
            self.source.take(taken);
            length += taken;
            if length > MAX_RECORD_BYTES {
                return Err(RecordError::TooLong);
            }
            state = match (state, end) {
                (State::Start | State::Plain, None) => State::Plain,
                (State::Quoted, None) => State::Quoted,
                // A quotation mark that ends nothing, with lines before it: an earlier one was never closed.
                (State::Closing, None) if fields.open().contains('\n') => {
                    return Err(RecordError::QuoteUnclosed);
                }
                (State::Closing, None) => State::Plain,
                (State::Start, Some(b'"')) => State::Quoted,
                (State::Quoted, Some(_)) => State::Closing,
                (_, Some(b'"')) => {
                    fields.text.push('"');
                    State::Quoted
                }
                (_, Some(b'\n' | b'\r')) => {
                    self.after_return = end == Some(b'\r');
                    break;
                }
                (_, Some(_)) => {
                    fields.close();
                    State::Start
                }
            };
        }
        fields.close();
        if state == State::Quoted || swallows_lines(fields.len(), line_ends, delimiters) {
            return Err(RecordError::QuoteUnclosed);
        }
        Ok(true)
    }
}

/// Whether the quoted lines of a record have a whole record's delimiters each: a quotation mark was never closed, and one
/// of a later line ended it.
fn swallows_lines(fields: usize, ends: usize, delimiters: usize) -> bool {
    /// Texts with fewer commas are prose.
    const MIN_FIELDS: usize = 4;
    ends > 0 && fields >= MIN_FIELDS && delimiters >= ends * (fields - 1)
}

/// How many bytes are plain, and the one behind them that means something.
fn until(rest: &str, special: Option<usize>) -> (usize, Option<u8>) {
    match special {
        Some(index) => (index, rest.as_bytes().get(index).copied()),
        None => (rest.len(), None),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Result<Vec<Vec<String>>, RecordError> {
        let mut records = Records::new(Decoded::new(text.as_bytes(), UTF_8), b';');
        let (mut rows, mut fields) = (Vec::new(), Fields::default());
        while records.read(&mut fields)? {
            rows.push(fields.iter().map(str::to_owned).collect());
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
