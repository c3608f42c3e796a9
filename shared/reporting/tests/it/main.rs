//! Reports read back by programs that are not ours.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod csv;
mod hostile;
mod pages;
mod sample;
mod words;
mod workbook;

use std::io::Read as _;

use reporting::{
    Finished, ReportWriter,
    document::{Document, Head},
};

/// A report in one format, and the bytes of it.
fn made(
    document: &Document,
    writer: impl FnOnce(Head) -> Result<ReportWriter, reporting::Error>,
) -> (Vec<u8>, Finished) {
    let mut report = writer(document.head.clone()).unwrap();
    report.sections(document).unwrap();
    let mut finished = report.finish().unwrap();
    let mut bytes = Vec::new();
    finished.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, finished.size_bytes);
    (bytes, finished)
}
