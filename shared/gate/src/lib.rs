#![doc = include_str!("../README.md")]

mod allowed;
mod call;
mod expression;
mod key;
mod naming;
mod refusal;
mod scope;
mod select;
mod source;
mod statement;
pub mod views;
mod weight;

use domain::OrgId;

pub use refusal::{Name, Refusal};
pub use statement::check;

/// Longer than any statement that a person wrote.
pub const MAX_BYTES: usize = 20_000;

/// Whose question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    pub org: OrgId,
    /// Whether columns with costs may be named; whoever may not sees them empty anyway.
    pub costs: bool,
    /// Most rows of an answer.
    pub rows: u32,
}

/// A statement that may be run: for one tenant, as it is printed here and not otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    sql: String,
    limits: Limits,
}

/// What its running may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of the answer. The statement asks for one more, so that what is cut off is known.
    pub rows: u32,
    /// Rows that the server may expect anywhere in its plan; fewer for a statement that gathers them into one value.
    pub planned_rows: u64,
}

impl Checked {
    /// The text, printed from the checked tree.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }
}
