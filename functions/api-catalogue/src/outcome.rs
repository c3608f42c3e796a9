//! What an import answers.

use data::catalogue::ImportCounts;
use schemars::JsonSchema;
use serde::Serialize;

/// Most rejects that are listed: an answer has to fit into Lambda's 6 MB.
const REJECTS_LISTED_MAX: usize = 1_000;

/// A row that was left out. The rows around it are taken.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Reject {
    /// Line of the file, the header being 1.
    pub(crate) row: u64,
    pub(crate) column: String,
    /// Stable, `snake_case`.
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) message: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Outcome {
    pub(crate) created: usize,
    pub(crate) updated: usize,
    unchanged: usize,
    /// The first thousand, in the order of the file.
    rejected: Vec<Reject>,
    pub(crate) rejected_total: usize,
}

impl Outcome {
    pub(crate) fn new(counts: ImportCounts, mut rejects: Vec<Reject>) -> Self {
        let ImportCounts { created, updated, unchanged } = counts;
        let rejected_total = rejects.len();
        rejects.sort_by_key(|reject| reject.row);
        rejects.truncate(REJECTS_LISTED_MAX);
        Self { created, updated, unchanged, rejected: rejects, rejected_total }
    }

    pub(crate) fn log(&self) {
        tracing::info!(
            rows.created = self.created,
            rows.updated = self.updated,
            rows.unchanged = self.unchanged,
            rows.rejected = self.rejected_total,
            "file imported"
        );
    }
}
