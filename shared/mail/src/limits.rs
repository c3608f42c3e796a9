//! How large a file may be that a mail carries.

use domain::ReportFormat;

const MB: u64 = 1_000_000;

/// PDF: what the mailboxes of most companies still take, base64 (a third more) included.
pub const MAX_PDF_BYTES: u64 = 10 * MB;

/// CSV: travels well through scanners and packs well; with base64 it stays below the 40 MB that SES takes.
pub const MAX_CSV_BYTES: u64 = 25 * MB;

/// XLSX: packed already, and opened by phones.
pub const MAX_XLSX_BYTES: u64 = 15 * MB;

/// The largest file of this format that is attached; of a larger one the mail has a link.
#[must_use]
pub fn max_attached_bytes(format: ReportFormat) -> u64 {
    match format {
        ReportFormat::Pdf => MAX_PDF_BYTES,
        ReportFormat::Csv => MAX_CSV_BYTES,
        ReportFormat::Xlsx => MAX_XLSX_BYTES,
    }
}

/// The media type that a mail states for a file of this format.
#[must_use]
pub fn media_type(format: ReportFormat) -> &'static str {
    match format {
        ReportFormat::Pdf => "application/pdf",
        ReportFormat::Csv => "text/csv",
        ReportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}
