//! The life of an upload and what it reports.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Currency, Cut, Period, visible_line, words::words};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub code: String,
    pub message: String,
}

impl Finding {
    /// Warns of amounts that cannot be converted; months as `2026-01`.
    #[must_use]
    pub fn rate_missing(currency: &str, months: &[String]) -> Self {
        let months = months.join(", ");
        Self {
            code: Self::RATE_MISSING.to_owned(),
            message: format!(
                "No exchange rate for {currency} in {months}: these amounts have no euro value until the rate is imported."
            ),
        }
    }

    /// Code of [`rate_missing`](Self::rate_missing).
    pub const RATE_MISSING: &str = "fx_rate_missing";
}

/// A total printed in the file against the sum of the accepted rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// Stable within the upload.
    pub id: String,
    pub code: String,
    pub message: String,
    pub cell: Option<String>,
    pub options: Vec<QuestionOption>,
    /// What a language model would answer. Only a person's answer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<SuggestedAnswer>,
}

/// An answer that nobody has given yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestedAnswer {
    pub value: String,
    /// Name of the model, as configured.
    pub model: String,
    /// What reading the file with all suggestions together shows.
    pub evidence: String,
}

/// Longest name of a vendor that is answered.
const VENDOR_CHARS_MAX: usize = 100;

impl Question {
    /// Whether a value can be its answer: one that is offered or, where the code asks for something that no list can
    /// hold whole, a vendor's name, a period or a currency.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        if self.options.iter().any(|option| option.value == value) {
            return true;
        }
        let asks_for = |prefix: &str| self.code.starts_with(prefix);
        if asks_for("vendor_") {
            let is_visible = visible_line(value) == value && value.chars().any(char::is_alphanumeric);
            return is_visible && value.chars().count() <= VENDOR_CHARS_MAX;
        }
        if asks_for("period_") || self.code == "date_in_doubt" {
            // A year, where the file names months without one.
            return value.parse::<Period>().is_ok() || is_year(value);
        }
        asks_for("currency_") && value.parse::<Currency>().is_ok()
    }
}

fn is_year(value: &str) -> bool {
    value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// One possible answer and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionOption {
    pub value: String,
    pub label: String,
    pub evidence: String,
}

/// A row that could not be taken. Nothing is lost: it keeps its place and its original value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StatedPeriod {
    pub cut: Cut,
    #[serde(flatten)]
    pub period: Period,
    pub currency: Currency,
    pub records: u64,
    pub quantity: Decimal,
    /// `None` when the file has no amounts.
    pub amount_local: Option<Decimal>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(code: &str) -> Question {
        let option = |value: &str| QuestionOption {
            value: value.to_owned(),
            label: String::new(),
            evidence: String::new(),
        };
        Question {
            id: code.to_owned(),
            code: code.to_owned(),
            message: String::new(),
            cell: None,
            suggestion: None,
            options: vec![option("one"), option("two")],
        }
    }

    #[test]
    fn what_is_offered_is_an_answer_and_nothing_else_where_the_list_is_whole() {
        let decimal = question("number_ambiguous");
        assert!(decimal.accepts("one") && decimal.accepts("two"));
        assert!(!decimal.accepts("One") && !decimal.accepts("") && !decimal.accepts("2026-01"));
        assert!(!question("period_overlap").accepts("yes"), "that is for a person to approve");
    }

    #[test]
    fn vendors_periods_and_currencies_need_not_be_offered() {
        assert!(question("vendor_unknown").accepts("Acme Italia s.r.l."));
        assert!(!question("vendor_unknown").accepts(" ") && !question("vendor_unknown").accepts("a\u{0}b"));
        assert!(question("period_missing").accepts("2026-01-04/2026-01-10"));
        assert!(question("period_ambiguous").accepts("2026"));
        assert!(!question("period_missing").accepts("January"));
        assert!(
            question("currency_missing").accepts("PLN") && !question("currency_missing").accepts("zloty")
        );
    }
}
