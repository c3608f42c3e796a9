//! What a column holds whose header nobody knew, as a person says it.

use domain::{Question, QuestionOption};

use super::{
    band::{Band, Column},
    meaning::Meaning,
};
use crate::{Input, text};

/// What can be said of a column: the answer, what it means, and its label.
pub(super) const ROLES: [(&str, Meaning, &str); 18] = [
    ("ean", Meaning::Ean, "Article numbers with a check digit (EAN, UPC)"),
    ("sku", Meaning::Sku, "The brand's own article numbers"),
    ("code", Meaning::Code, "The retailer's article numbers"),
    ("name", Meaning::Name, "Names of products"),
    ("store", Meaning::Store, "Stores"),
    ("country", Meaning::Country, "Countries"),
    ("city", Meaning::City, "Cities"),
    ("date", Meaning::Date, "Days of the sales"),
    ("order_id", Meaning::OrderId, "Numbers of orders or receipts"),
    ("status", Meaning::Status, "States of orders"),
    ("line_type", Meaning::LineType, "Kinds of rows, for example sale and return"),
    ("currency", Meaning::Currency, "Currencies"),
    ("quantity", Meaning::Quantity, "Sold pieces"),
    ("amount", Meaning::Amount, "Amounts of the rows"),
    ("amount_incl", Meaning::AmountIncl, "Amounts of the rows, with VAT"),
    ("amount_excl", Meaning::AmountExcl, "Amounts of the rows, without VAT"),
    ("unit_price", Meaning::UnitPrice, "Prices of one piece"),
    ("discount", Meaning::Discount, "Discounts"),
];
/// The answer that nothing of the column is needed.
const NOTHING: &str = "nothing";

const PREFIX: &str = "header/";

/// Lets answers speak for headers. Words that are known are never overruled: `Sales LY` stays what it is.
pub(super) fn apply(band: &mut Band, input: &Input<'_>) {
    for column in band.columns.iter_mut().filter(|column| column.is(Meaning::Unknown)) {
        let told = input.answer(&question_id(&column.title));
        let role = told.and_then(|told| ROLES.iter().find(|(role, ..)| *role == told));
        if let Some((_, meaning, _)) = role {
            column.header.meaning = *meaning;
            column.header.exact = true;
        }
    }
}

/// Whether an answer about a column is about no other one.
pub(super) fn can_be_told(band: &Band, column: &Column) -> bool {
    let same = |other: &&Column| other.title == column.title;
    column.is(Meaning::Unknown)
        && band.header.is_some()
        && !column.title.trim().is_empty()
        && column.facts.filled > 0
        && band.columns.iter().filter(same).count() == 1
}

pub(super) fn question_id(title: &str) -> String {
    format!("{PREFIX}{title}")
}

/// The column that a question is about.
pub(super) fn title_of(question: &str) -> Option<&str> {
    question.strip_prefix(PREFIX)
}

/// Asks what a column holds.
pub(super) fn question(title: &str) -> Question {
    let option = |value: &str, label: &str, evidence: &str| QuestionOption {
        value: value.to_owned(),
        label: label.to_owned(),
        evidence: evidence.to_owned(),
    };
    let roles = ROLES.iter().map(|(value, _, label)| option(value, label, "what a column can hold"));
    let nothing = option(NOTHING, "Nothing that is needed", "the column stays unread");
    Question {
        id: question_id(title),
        code: "column_unknown".to_owned(),
        message: format!("What does the column \"{}\" hold?", text::shorten(title, 60)),
        cell: None,
        suggestion: None,
        options: roles.chain([nothing]).collect(),
    }
}
