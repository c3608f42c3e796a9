//! The life of an upload and what it reports.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, Cut, Period, words::words};

words!(
    /// Where an upload stands. Every upload ends in one of the final states.
    UploadStatus {
        /// Announced; the bytes have not arrived or wait in the queue.
        Pending = "pending",
        /// A worker holds it.
        Processing = "processing",
        /// The rows count.
        Completed = "completed",
        /// Nothing counts; a question or a control that does not tie says why.
        NeedsReview = "needs_review",
        /// The same bytes were taken before.
        Duplicate = "duplicate",
        /// Cannot be used: unreadable, encrypted, not sales data …
        Rejected = "rejected",
        /// Our fault, after all retries.
        Failed = "failed",
        /// Was completed and has been taken back.
        Undone = "undone",
        /// Announced, but the bytes never came.
        Expired = "expired",
    }
);

impl UploadStatus {
    /// Whether nothing more happens without a person.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::Processing)
    }
}

words!(
    /// How a file came in.
    UploadSource { Api = "api", Drop = "drop" }
);

words!(
    /// What the sender wants done.
    UploadMode {
        /// Book it when it proves.
        Commit = "commit",
        /// Read and prove it, then wait for a person.
        Validate = "validate",
    }
);

words!(
    /// What an upload did to a period.
    PeriodChange { New = "new", Changed = "changed", Unchanged = "unchanged" }
);

/// A stable code and a sentence for people: a warning, or the error of a rejected upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: String,
    pub message: String,
}

/// A total printed in the file against the sum of the accepted rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// For example `Grand Total / Flagship Actual / amount`.
    pub name: String,
    pub sheet: Option<String>,
    /// For example `N95`.
    pub cell: Option<String>,
    /// Printed in the file.
    pub expected: Decimal,
    /// Sum of the accepted rows.
    pub actual: Decimal,
    pub ok: bool,
}

/// Something only a person can settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable within the upload.
    pub id: String,
    pub code: String,
    pub message: String,
    pub cell: Option<String>,
    pub options: Vec<QuestionOption>,
}

/// One possible answer and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionOption {
    pub value: String,
    pub label: String,
    pub evidence: String,
}

/// A row that could not be taken. Nothing is lost: it keeps its place and its original value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    pub sheet: Option<String>,
    pub row: u32,
    /// Header of the column at fault.
    pub column: Option<String>,
    /// For example `F12`.
    pub cell: Option<String>,
    pub value: Option<String>,
    pub code: String,
    pub message: String,
    pub suggestion: Option<String>,
}

/// Lines of the file by what became of them: for flat files `read = accepted + rejected + ignored`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Lines looked at.
    pub read: u64,
    /// Rows of the main cut that were booked (a pivot line can give several).
    pub accepted: u64,
    pub rejected: u64,
    /// Totals, blanks, notes, lines that are not products.
    pub ignored: u64,
}

/// A period that the file states, with what it says about it (main cut; per currency).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedPeriod {
    pub cut: Cut,
    pub period: Period,
    pub currency: Currency,
    pub records: u64,
    pub quantity: Decimal,
    /// `None` when the file has no amounts.
    pub amount_local: Option<Decimal>,
}
