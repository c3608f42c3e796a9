//! Delimited text: CSV and its relatives, in any of the encodings that [`sniff`](super::sniff) knows.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use encoding_rs::{Encoding, UTF_8};

use super::{
    Visitor,
    decoded::Decoded,
    records::{Fields, RecordError, Records},
};
use crate::{
    Refusal,
    cell::{Row, Spare},
};

/// A file of 500 MB with more lines has nothing in them.
const MAX_RECORDS: u32 = 20_000_000;
/// Enough lines to see which character divides them.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_RECORDS: usize = 60;
/// In order of preference where the sample does not tell them apart.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

#[derive(Debug)]
pub(crate) struct Delimited {
    path: PathBuf,
    encoding: &'static Encoding,
    delimiter: u8,
}

impl Delimited {
    pub(super) fn open(path: &Path, encoding: &'static Encoding) -> Result<Self, Refusal> {
        let mut source = decoded(path, encoding)?;
        while source.text().len() < SAMPLE_BYTES && source.more().map_err(|error| refusal(&error.into()))? {}
        let sample = source.text();
        if sample.chars().all(char::is_whitespace) {
            return Err(Refusal::new(
                "file_empty",
                "The file holds nothing but blanks. Please export it again.",
            ));
        }
        Ok(Self { path: path.to_owned(), encoding, delimiter: delimiter_of(sample) })
    }

    pub(super) fn rows(&self, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        let mut records = Records::new(decoded(&self.path, self.encoding)?, self.delimiter);
        let mut fields = Fields::default();
        let mut row = Row::default();
        let mut spare = Spare::default();
        while records.read(&mut fields).map_err(|error| refusal(&error))? {
            row.number += 1;
            if row.number > MAX_RECORDS {
                return Err(Refusal::new(
                    "too_many_rows",
                    "The file has more than twenty million lines. Please split it by month.",
                ));
            }
            spare.clear(&mut row);
            for (column, field) in (0..).zip(fields.iter()) {
                if let Some(cell) = spare.cell(field) {
                    row.cells.push((column, cell));
                }
            }
            if !row.cells.is_empty() && visit(&row).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn refusal(error: &RecordError) -> Refusal {
    match error {
        RecordError::TooLong => Refusal::new(
            "line_too_long",
            "The file has a line of more than 1 MB: line ends are missing. Please export it again.",
        ),
        RecordError::QuoteUnclosed => Refusal::new(
            "quote_unclosed",
            "A quotation mark in the file is never closed, so that its rows cannot be told apart. Please export it again.",
        ),
        RecordError::Io => {
            Refusal::new("unreadable", "The text of the file could not be read. Please export it again.")
        }
    }
}

/// The delimiter that divides most lines of the sample into the same number of fields.
fn delimiter_of(sample: &str) -> u8 {
    if let Some(declared) = sample.trim_start_matches('\u{feff}').strip_prefix("sep=")
        && let Some(delimiter) = declared.bytes().next().filter(|b| DELIMITERS.contains(b))
    {
        return delimiter;
    }
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let score = agreement(sample, delimiter);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// Lines that have the usual number of fields, counted once for every field beyond the first.
fn agreement(sample: &str, delimiter: u8) -> usize {
    let mut records = Records::new(Decoded::new(sample.as_bytes(), UTF_8), delimiter);
    let mut fields = Fields::default();
    let mut lengths: Vec<usize> = Vec::new();
    while lengths.len() < SAMPLE_RECORDS && matches!(records.read(&mut fields), Ok(true)) {
        lengths.push(fields.len());
    }
    let count = |length: usize| lengths.iter().filter(|l| **l == length).count();
    let Some(usual) = lengths.iter().copied().filter(|l| *l > 1).max_by_key(|l| (count(*l), *l)) else {
        return 0;
    };
    // Agreement weighs more than width: a decimal comma splits lines into uneven fields.
    count(usual) * 100 / lengths.len().max(1) * 100 + usual.min(99)
}

fn decoded(path: &Path, encoding: &'static Encoding) -> Result<Decoded<File>, Refusal> {
    let file = File::open(path)
        .map_err(|_| Refusal::new("unreadable", "The file could not be read. Please upload it again."))?;
    Ok(Decoded::new(file, encoding))
}
