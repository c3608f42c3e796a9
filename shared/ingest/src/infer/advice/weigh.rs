//! What a proposal is worth: the file is read with it, by the engine that reads all files.

use domain::{Question, Reference, Report, SuggestedAnswer};

use super::{answer::Advice, is_about_layout};
use crate::{Input, Profiles, infer::told, parse};

/// Questions that say that a reading is wrong.
const OBJECTIONS: [&str; 4] =
    ["figures_implausible", "columns_swapped", "too_many_rejects", "layout_unknown"];

/// The questions of a file with what a model proposes beside them; `None` when its proposal does not hold.
///
/// A proposal holds when the file can be read with it, every total of the file ties, nothing looks implausible, and
/// less of the layout is open than before.
pub fn weigh(
    input: &Input<'_>,
    profiles: &Profiles,
    reference: &Reference,
    questions: &[Question],
    advice: &Advice,
    model: &str,
) -> Option<Vec<Question>> {
    if advice.is_empty() {
        return None;
    }
    let answers: Vec<(String, String)> = input.answers.iter().chain(&advice.0).cloned().collect();
    let trial = Input { answers: &answers, ..*input };
    let report = parse(&trial, profiles, reference, &mut |_| {}).ok()?;
    if !holds(&report, questions) {
        return None;
    }
    let evidence = evidence(&report);
    let suggestion = |value: &str| {
        let (value, model) = (value.to_owned(), model.to_owned());
        Some(SuggestedAnswer { value, model, evidence: evidence.clone() })
    };
    let mut questions = questions.to_vec();
    for (id, value) in &advice.0 {
        match questions.iter_mut().find(|question| question.id == *id) {
            Some(question) => question.suggestion = suggestion(value),
            None => questions.extend(
                told::title_of(id)
                    .map(|title| Question { suggestion: suggestion(value), ..told::question(title) }),
            ),
        }
    }
    Some(questions)
}

fn holds(report: &Report, before: &[Question]) -> bool {
    let is_new = |question: &&Question| !before.iter().any(|other| other.id == question.id);
    let objects = |question: &Question| OBJECTIONS.contains(&question.code.as_str());
    let open = |questions: &[Question]| questions.iter().filter(|question| is_about_layout(question)).count();
    report.ties()
        && !report.questions.iter().filter(is_new).any(objects)
        && open(&report.questions) < open(before)
}

/// What the trial shows, in our words.
fn evidence(report: &Report) -> String {
    if report.rows.accepted == 0 {
        return "The file can be read this way; its totals are checked once the other questions are answered."
            .to_owned();
    }
    let sums: Vec<String> = report
        .totals()
        .iter()
        .map(|total| match total.amount_local {
            Some(amount) => format!("{} pieces and {amount} {}", total.quantity.normalize(), total.currency),
            None => format!("{} pieces", total.quantity.normalize()),
        })
        .collect();
    // A total of the pieces proves nothing about the money.
    let of_money = report.controls.iter().filter(|control| control.name.ends_with("amount")).count();
    let proof = match (report.controls.len(), of_money) {
        (0, _) => "The file prints no totals to check that against.".to_owned(),
        (count, 0) => format!("Printed totals that tie: {count}, none of them of amounts."),
        (count, of_money) => format!("Printed totals that tie: {count}, {of_money} of them of amounts."),
    };
    format!("Read this way, {} rows hold {}. {proof}", report.rows.accepted, sums.join(" and "))
}
