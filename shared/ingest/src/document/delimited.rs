//! Delimited text: CSV and its relatives, in any of the encodings that [`sniff`](super::sniff) knows.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use encoding_rs::{CoderResult, Decoder, Encoding};

use super::{
    Visitor,
    records::{RecordError, Records},
};
use crate::{
    Refusal,
    cell::{Cell, Row},
};

/// A file of 500 MB with more lines has nothing in them.
const MAX_RECORDS: u32 = 20_000_000;
/// Enough lines to see which character divides them.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_BLOCK_BYTES: usize = 8 * 1024;
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
        let sample = sample(decoded(path, encoding)?).map_err(|_| refusal(&RecordError::Io))?;
        if sample.chars().all(char::is_whitespace) {
            return Err(Refusal::new(
                "file_empty",
                "The file holds nothing but blanks. Please export it again.",
            ));
        }
        Ok(Self { path: path.to_owned(), encoding, delimiter: delimiter_of(&sample) })
    }

    pub(super) fn rows(&self, visit: &mut Visitor<'_>) -> Result<(), Refusal> {
        let mut records = Records::new(decoded(&self.path, self.encoding)?, self.delimiter);
        let mut fields = Vec::new();
        let mut row = Row::default();
        while records.read(&mut fields).map_err(|error| refusal(&error))? {
            row.number += 1;
            if row.number > MAX_RECORDS {
                return Err(Refusal::new(
                    "too_many_rows",
                    "The file has more than twenty million lines. Please split it by month.",
                ));
            }
            row.cells.clear();
            for (column, field) in (0..).zip(fields.drain(..)) {
                if let Some(cell) = Cell::from_text(field) {
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

/// The beginning of the text, to the last whole block that fits.
fn sample(mut source: Decoded) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut block = vec![0; SAMPLE_BLOCK_BYTES];
    while bytes.len() < SAMPLE_BYTES {
        let count = source.read(&mut block)?;
        if count == 0 {
            break;
        }
        bytes.extend_from_slice(block.get(..count).unwrap_or_default());
    }
    // Blocks end between characters.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
    let mut records = Records::new(sample.as_bytes(), delimiter);
    let mut fields = Vec::new();
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

fn decoded(path: &Path, encoding: &'static Encoding) -> Result<Decoded, Refusal> {
    let file = File::open(path)
        .map_err(|_| Refusal::new("unreadable", "The file could not be read. Please upload it again."))?;
    Ok(Decoded {
        source: BufReader::with_capacity(64 * 1024, file),
        decoder: encoding.new_decoder_with_bom_removal(),
        raw: vec![0; 16 * 1024],
        start: 0,
        end: 0,
        ended: false,
        finished: false,
    })
}

/// Decodes to UTF-8 while reading; what is not valid becomes a replacement character.
struct Decoded {
    source: BufReader<File>,
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    /// The file was read to its end.
    ended: bool,
    /// The decoder has given its last character.
    finished: bool,
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.finished {
            return Ok(0);
        }
        loop {
            if self.start == self.end && !self.ended {
                (self.start, self.end) = (0, self.source.read(&mut self.raw)?);
                self.ended = self.end == 0;
            }
            let input = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, consumed, written, _) = self.decoder.decode_to_utf8(input, out, self.ended);
            self.start += consumed;
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 || self.finished {
                return Ok(written);
            }
            if result == CoderResult::OutputFull {
                // The buffer is too short for one character: callers read in blocks of kilobytes.
                return Err(io::Error::other("read buffer shorter than one character"));
            }
        }
    }
}
