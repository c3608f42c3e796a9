//! A CSV body as rows of named cells.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

use csv::{ReaderBuilder, StringRecord};
use edge::{ApiError, FieldError, openapi::Operation};
use schemars::json_schema;

use crate::{
    cells::Fault,
    outcome::{Outcome, Reject},
};

/// Largest body, in bytes. Lambda takes events of 6 MB, and base64 makes three bytes four.
pub(crate) const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most rows below the header.
pub(crate) const ROWS_MAX: usize = 50_000;
/// Longest cell, in characters.
const CELL_CHARS_MAX: usize = 500;
/// Most columns that a refusal names.
const FIELDS_NAMED_MAX: usize = 20;
/// Longest name of a column, in characters.
const COLUMN_CHARS_MAX: usize = 80;

/// What a header may say.
pub(crate) struct Columns {
    pub(crate) required: &'static [&'static str],
    /// Whether another column is known.
    pub(crate) optional: fn(&str) -> bool,
}

/// What the API document says of every import.
pub(crate) fn imported(operation: Operation) -> Operation {
    operation
        .body_of(
            "text/csv",
            |_| json_schema!({"type": "string", "description": "CSV in UTF-8 with a header."}),
        )
        .refuses(422, "invalid_header", "A column is missing, unknown or stands twice.")
        .refuses(422, "not_utf8", "The file is in another encoding.")
        .refuses(422, "too_many_rows", "The file has more rows than an import takes.")
        .once()
        .ok::<Outcome>()
}

/// A header and the rows below it, not yet understood.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    /// With their lines, the header being 1.
    records: Vec<(u64, StringRecord)>,
}

/// One row with the names of its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    header: &'a [String],
    number: u64,
    record: &'a StringRecord,
}

impl Table {
    /// Reads UTF-8 (with or without byte order mark) separated by commas.
    ///
    /// # Errors
    /// 413 for a body that is too large; 422 `not_utf8`, `invalid_header` (naming the columns) or `too_many_rows`.
    pub(crate) fn read(body: &[u8], columns: &Columns) -> Result<Self, ApiError> {
        if body.len() > BODY_BYTES_MAX {
            return Err(ApiError::too_large(format!("An import has at most {BODY_BYTES_MAX} bytes.")));
        }
        let text = std::str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = records.next().transpose()?.unwrap_or_default();
        let header: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        check_header(&header, columns)?;
        let records = records.take(ROWS_MAX + 1).map(|record| {
            let record = record?;
            Ok::<_, csv::Error>((line_of(&record, text), record))
        });
        let records = records.collect::<Result<Vec<_>, _>>()?;
        if records.len() > ROWS_MAX {
            let detail = format!("An import has at most {ROWS_MAX} rows; send the rest as another file.");
            return Err(ApiError::unprocessable("too_many_rows", detail));
        }
        Ok(Self { header, records })
    }

    /// The names of the columns, in lower case.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads every row on its own. Of rows with the same key, which stands in `key_column`, the first is taken.
    pub(crate) fn rows<'a, T, K: Eq + Hash>(
        &'a self,
        read: impl Fn(&Row<'a>) -> Result<T, Reject>,
        key_column: &str,
        key: impl Fn(&T) -> K,
    ) -> (Vec<(Row<'a>, T)>, Vec<Reject>) {
        let (mut taken, mut rejects, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
        for (number, record) in &self.records {
            let row = Row { header: &self.header, number: *number, record };
            let result =
                row.check().and_then(|()| read(&row)).and_then(|value| match seen.entry(key(&value)) {
                    Entry::Vacant(free) => {
                        free.insert(row.number());
                        Ok(value)
                    }
                    Entry::Occupied(first) => Err(row.reject(
                        key_column,
                        "duplicate",
                        format!("Row {} has the same key and is taken.", first.get()),
                    )),
                });
            match result {
                Ok(value) => taken.push((row, value)),
                Err(reject) => rejects.push(reject),
            }
        }
        (taken, rejects)
    }
}

impl<'a> Row<'a> {
    /// Line of the file, the header being 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The cell as it stands there; empty where the header has no such column.
    pub(crate) fn raw(&self, column: &str) -> &'a str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// What a cell says, `None` when it is blank.
    pub(crate) fn optional<T>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Reject> {
        let text = self.raw(column).trim();
        if text.is_empty() {
            return Ok(None);
        }
        read(text).map(Some).map_err(|fault| self.reject(column, fault.code, fault.message))
    }

    /// What a cell says that must not be blank.
    pub(crate) fn required<T>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Reject> {
        let value = self.optional(column, read)?;
        value.ok_or_else(|| self.reject(column, "required", "This must not be blank."))
    }

    pub(crate) fn text(&self, column: &str) -> Option<String> {
        Some(self.raw(column).trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(crate) fn reject(&self, column: &str, code: &'static str, message: impl Into<String>) -> Reject {
        Reject { row: self.number(), column: column.to_owned(), code, message: message.into() }
    }

    /// Refuses what no column can hold.
    fn check(&self) -> Result<(), Reject> {
        let column = |at: usize| self.header.get(at).map_or("", String::as_str);
        let (expected, found) = (self.header.len(), self.record.len());
        if expected != found {
            let message = format!("The header has {expected} columns, this row has {found} cells.");
            return Err(self.reject(column(found.min(expected - 1)), "cell_count", message));
        }
        for (at, cell) in self.record.iter().enumerate() {
            if cell.chars().any(char::is_control) {
                let message = "A line break or control character; perhaps a quotation mark is not closed.";
                return Err(self.reject(column(at), "control_character", message));
            }
            if cell.chars().nth(CELL_CHARS_MAX).is_some() {
                let message = format!("A cell has at most {CELL_CHARS_MAX} characters.");
                return Err(self.reject(column(at), "too_long", message));
            }
        }
        Ok(())
    }
}

/// The reader's position is before the line ends that it skips, and it takes a line feed behind a carriage return for
/// one of those.
fn line_of(record: &StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped = text.bytes().skip(at).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + skipped.fold(0, |lines, byte| lines + u64::from(byte == b'\n'))
}

fn not_utf8(body: &[u8], at: usize) -> ApiError {
    let line = 1 + body.iter().take(at).filter(|byte| **byte == b'\n').count();
    let detail =
        format!("Line {line} is not UTF-8; save the file as \"CSV UTF-8\", not in the Windows encoding.");
    ApiError::unprocessable("not_utf8", detail)
}

/// Names every column that is missing, unknown or there twice.
fn check_header(header: &[String], columns: &Columns) -> Result<(), ApiError> {
    let mut fields = Vec::new();
    for name in columns.required.iter().filter(|name| !header.iter().any(|given| given == *name)) {
        fields.push(FieldError::new(*name, "missing_column", format!("The column {name} is missing.")));
    }
    for (at, name) in header.iter().enumerate() {
        let shown: String = domain::visible_line(name).chars().take(COLUMN_CHARS_MAX).collect();
        let long = name.chars().nth(COLUMN_CHARS_MAX).is_some();
        if long || !(columns.required.contains(&name.as_str()) || (columns.optional)(name)) {
            let message = format!("The column {} is called \"{shown}\", which is not known here.", at + 1);
            fields.push(FieldError::new(shown, "unknown_column", message));
        } else if header.iter().take(at).any(|before| before == name) {
            fields.push(FieldError::new(
                shown,
                "duplicate_column",
                format!("The column {name} is there twice."),
            ));
        }
        if fields.len() >= FIELDS_NAMED_MAX {
            break;
        }
    }
    if fields.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "The first line must name the columns {}, separated by commas; see fields.",
        columns.required.join(", ")
    );
    Err(ApiError::unprocessable("invalid_header", detail).with_fields(fields))
}

#[cfg(test)]
mod tests;
