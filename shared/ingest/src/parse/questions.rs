//! What is asked about a file besides what its columns leave open.

use domain::{Question, QuestionOption, RowCounts};

use crate::{
    Input,
    accept::{Acceptor, row_type_question},
    detect::{self, Candidate},
    doubt::Doubt,
    profile::Role,
};

/// What reading the rows has left open.
pub(super) fn after_reading(acceptor: &Acceptor<'_>) -> Vec<Question> {
    let mut open = row_type_questions(acceptor);
    open.extend(acceptor.plausibility.question());
    open.extend(sum_in_disguise(&acceptor.sums_in_disguise));
    open.extend(acceptor.doubts.iter().map(Doubt::question));
    // Words that nobody has explained reject their rows: once they are, few may be left.
    if acceptor.unexplained.is_empty() {
        open.extend(too_many_rejects(&acceptor.counts));
    }
    open
}

/// Words of a type or status column that nobody has explained yet.
fn row_type_questions(acceptor: &Acceptor<'_>) -> Vec<Question> {
    let questions = acceptor.unexplained.iter().map(|((role, word), cell)| {
        let message = format!("Are rows with \"{word}\" sales?");
        let mut options = vec![
            ("sale", "They are sales", "their figures are added"),
            ("return", "They are returns", "their figures are subtracted"),
            ("ignore", "They are no sales", "they are left out"),
        ];
        if *role == Role::Measure {
            options.retain(|(value, _, _)| *value == "ignore");
        }
        let id = row_type_question(*role, word);
        Question { cell: cell.clone(), ..question(&id, "row_type_unknown", &message, options) }
    });
    questions.collect()
}

/// A column that is the sum of the others in every row is no store and no month of its own.
fn sum_in_disguise(titles: &[String]) -> Option<Question> {
    titles.first().map(|title| {
        question(
            "sums",
            "column_ambiguous",
            &format!("{title} is the sum of all others: it seems to be a total, but nothing says so."),
            vec![("accept", "It counts like the others", "confirmed by a person")],
        )
    })
}

/// Many rejected rows are rather a wrong reading of the file than a bad file.
fn too_many_rejects(counts: &RowCounts) -> Option<Question> {
    const FEW: u64 = 3;
    const SHARE: u64 = 10;
    let many = counts.rejected >= FEW && counts.rejected * SHARE > counts.accepted;
    (many || counts.rejected > counts.accepted).then(|| {
        question(
            "rejects",
            "too_many_rejects",
            &format!("{} rows could not be read and only {} could.", counts.rejected, counts.accepted),
            vec![("accept", "Take the rows that could be read", "confirmed by a person")],
        )
    })
}

/// Headers or sheets that leave open which figures count.
pub(super) fn choice_questions(input: &Input<'_>, candidate: &Candidate<'_>) -> Vec<Question> {
    let mut questions = Vec::new();
    let Some((_, main)) = detect::main_table(candidate) else { return questions };
    if let Some((role, count)) = detect::doubled_figure(main)
        && input.answer("column").is_none()
    {
        let header = main.columns.get(&role).map_or("", |column| column.header.as_str());
        let message = format!("Several columns are headed \"{header}\". Which one counts?");
        let labels = detect::PLACES.iter().take(count).map(|place| format!("The {place} one counts"));
        let labels: Vec<String> = labels.collect();
        let options =
            detect::PLACES.iter().zip(&labels).map(|(place, label)| (*place, label.as_str(), "its place"));
        questions.push(question("column", "column_ambiguous", &message, options.collect()));
    }
    if !candidate.rivals.is_empty() && input.answer("sheet").is_none() {
        let read = main.sheet_name.as_deref().unwrap_or_default();
        let sheets: Vec<&str> =
            std::iter::once(read).chain(candidate.rivals.iter().map(String::as_str)).collect();
        let message = format!("Several sheets have these columns: {}. Which one counts?", sheets.join(", "));
        let options = sheets.into_iter().map(|sheet| (sheet, sheet, "only its rows are sales"));
        questions.push(question("sheet", "sheet_ambiguous", &message, options.collect()));
    }
    questions
}

pub(crate) fn question(id: &str, code: &str, message: &str, options: Vec<(&str, &str, &str)>) -> Question {
    Question {
        id: id.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
        cell: None,
        suggestion: None,
        options: options
            .into_iter()
            .map(|(value, label, evidence)| QuestionOption {
                value: value.to_owned(),
                label: label.to_owned(),
                evidence: evidence.to_owned(),
            })
            .collect(),
    }
}
