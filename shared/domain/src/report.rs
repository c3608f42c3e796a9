//! What a file says, and what was understood of its layout.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Control, Currency, DocumentKind, Finding, Question, Reject, RowCounts, StatedPeriod};

/// Everything a file says besides its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Vendor key; `None` while a question asks for it.
    pub vendor: Option<String>,
    /// What people call it; `None`: nothing better than the key is known.
    pub vendor_name: Option<String>,
    /// From 0 to 1: how much of what is expected of this vendor's files was found.
    pub vendor_confidence: f64,
    /// Profile and version, for example `liberty@1`, or `generic`; `None` while the vendor is unknown.
    pub layout: Option<String>,
    pub kind: DocumentKind,
    pub rows: RowCounts,
    /// Every cut, per currency, in order of time; also periods about which the file states that nothing was sold.
    pub periods: Vec<StatedPeriod>,
    pub controls: Vec<Control>,
    /// Capped by the reader; `rows.rejected` counts all.
    pub rejects: Vec<Reject>,
    pub warnings: Vec<Finding>,
    pub questions: Vec<Question>,
    /// How a file was understood that no profile knows, with the answers given so far; what a person confirms and
    /// what is remembered.
    pub proposal: Option<Proposal>,
}

impl Report {
    /// Whether nothing may count before a person has decided: a question is open or a control does not tie.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.questions.is_empty() || !self.ties()
    }

    /// Whether every total printed in the file is the sum of its rows.
    #[must_use]
    pub fn ties(&self) -> bool {
        self.controls.iter().all(|control| control.ok)
    }

    /// The sums of the cut that counts, per currency.
    #[must_use]
    pub fn totals(&self) -> Vec<ReportTotal> {
        let mut totals: BTreeMap<Currency, ReportTotal> = BTreeMap::new();
        for stated in self.periods.iter().filter(|stated| stated.cut.is_main()) {
            let currency = stated.currency;
            let total = totals.entry(currency).or_insert(ReportTotal {
                currency,
                records: 0,
                quantity: Decimal::ZERO,
                amount_local: None,
            });
            total.records += stated.records;
            total.quantity += stated.quantity;
            total.amount_local = match (total.amount_local, stated.amount_local) {
                (Some(sum), Some(amount)) => Some(sum + amount),
                (sum, amount) => sum.or(amount),
            };
        }
        totals.into_values().collect()
    }
}

/// What a file comes to in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportTotal {
    pub currency: Currency,
    pub records: u64,
    pub quantity: Decimal,
    /// `None` when the file has no amounts.
    pub amount_local: Option<Decimal>,
}

/// A layout found by looking at the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// In the form of the shipped vendor profiles; `ingest` knows the schema.
    pub profile: Value,
    pub findings: Vec<Clue>,
}

/// One thing that was found out, for example which column holds the amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clue {
    /// What was asked of the file, for example `amount` or `period`.
    pub what: String,
    pub value: String,
    /// From 0 to 1.
    pub confidence: f64,
    pub evidence: String,
}
