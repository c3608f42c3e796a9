//! What a language model is asked about a layout that the reader is unsure of, and what its answer is worth.
//!
//! The model is a stranger. It sees headers and a few rows without personal data, it answers with numbers of questions,
//! options and columns, and nothing that it writes is kept. What it proposes is read by the same engine and has to
//! prove itself there; then it is shown to a person, whose answer alone counts.

mod answer;
mod brief;
mod privacy;
mod weigh;

pub use answer::{Advice, InvalidAdvice};
pub use brief::Brief;
pub use weigh::weigh;

use domain::Question;

/// What the reader asks because it does not know what columns or rows are. All else, for example whose file it is or how
/// decimals are written, a model knows no better.
fn is_about_layout(question: &Question) -> bool {
    const CODES: [&str; 6] = [
        "column_ambiguous",
        "price_ambiguous",
        "measure_ambiguous",
        "rows_ambiguous",
        "week_ambiguous",
        "row_type_unknown",
    ];
    // One offer alone is a confirmation: it takes something although it looks wrong.
    CODES.contains(&question.code.as_str()) && question.options.len() > 1
}
