//! What is asked about a file besides what its columns leave open.

use domain::{Question, QuestionOption, RowCounts};

use crate::{
    Input,
    accept::{Acceptor, Doubt, row_type_question},
    detect::{self, Candidate},
    profile::Role,
};

/// What reading the rows has left open.
pub(super) fn after_reading(acceptor: &Acceptor<'_>) -> Vec<Question> {
    let mut open = row_type_questions(acceptor);
    open.extend(acceptor.plausibility.question());
    open.extend(sum_in_disguise(&acceptor.sums_in_disguise));
    open.extend(acceptor.doubts.iter().map(doubt));
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

/// Lines that do not fit their table.
fn doubt(doubt: &Doubt) -> Question {
    let (id, code, cell, message, options) = match doubt {
        Doubt::OtherHeader { row } => (
            Doubt::TABLES,
            "table_ambiguous",
            None,
            format!("Row {row} is the header of another table. Do its rows belong to the sales above it?"),
            vec![
                ("above", "Only the rows above it are sales", "rows below it are left out"),
                ("all", "Its columns are the same", "all rows count"),
            ],
        ),
        Doubt::Section { row, title } => (
            Doubt::SECTION,
            "section_ambiguous",
            None,
            format!("\"{title}\" stands over the rows below row {row}. Are they sales?"),
            vec![
                ("sale", "They are sales", "their figures are added"),
                ("return", "They are returns", "their figures are subtracted"),
                ("ignore", "They are no sales", "they are left out"),
            ],
        ),
        Doubt::Longer { cell } => (
            Doubt::CELLS,
            "row_too_long",
            Some(cell.clone()),
            format!(
                "{cell} stands to the right of the last header: a separator within a value may have moved the \
                 figures of its row into other columns."
            ),
            vec![("accept", "The figures stand in their columns", "confirmed by a person")],
        ),
        Doubt::SideLine { row, name } => (
            Doubt::LINES,
            "line_ambiguous",
            None,
            format!("\"{name}\" in row {row} seems to be no product. Do such lines count as sales?"),
            vec![
                ("ignore", "They are no sales", "they are left out"),
                ("sale", "They are sales", "their figures are added"),
            ],
        ),
        Doubt::Copies { first, second } => (
            Doubt::COPIES,
            "sheet_ambiguous",
            None,
            format!(
                "The sheets {first} and {second} have nearly the same rows. Are both parts of the report?"
            ),
            vec![
                ("first", "The first of the sheets counts", "the others repeat it"),
                ("all", "All sheets count", "they report different sales"),
            ],
        ),
        Doubt::MixedSum { cell } => (
            Doubt::CURRENCIES,
            "currency_mixed",
            Some(cell.clone()),
            "A total adds up amounts in several currencies. Are the currencies of the rows right?".to_owned(),
            vec![(
                "accept",
                "The currencies are right; the total is no sum of money",
                "confirmed by a person",
            )],
        ),
    };
    Question { cell, ..question(id, code, &message, options) }
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

pub(super) fn question(id: &str, code: &str, message: &str, options: Vec<(&str, &str, &str)>) -> Question {
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
