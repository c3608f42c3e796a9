//! What was found out with what evidence, and what only a person can say.

use domain::{Clue, Question, QuestionOption};

use crate::Input;

/// Collects clues and questions while a file is looked at.
pub(super) struct Findings<'a> {
    input: &'a Input<'a>,
    pub(super) clues: Vec<Clue>,
    pub(super) questions: Vec<Question>,
}

/// One possible answer.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) evidence: String,
}

impl Choice {
    pub(super) fn new(
        value: impl Into<String>,
        label: impl Into<String>,
        evidence: impl Into<String>,
    ) -> Self {
        Self { value: value.into(), label: label.into(), evidence: evidence.into() }
    }
}

impl<'a> Findings<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        Self { input, clues: Vec::new(), questions: Vec::new() }
    }

    pub(super) fn answer(&self, id: &str) -> Option<&'a str> {
        self.input.answer(id)
    }

    /// Whether the file name or a person says the year.
    pub(super) fn states_year(&self) -> bool {
        crate::period::answered_year(self.input).is_some()
            || crate::calendar::years_in(self.input.file_name).len() == 1
            || !crate::file_name::periods(self.input.file_name).is_empty()
    }

    pub(super) fn found(
        &mut self,
        what: &str,
        value: impl Into<String>,
        confidence: f64,
        evidence: impl Into<String>,
    ) {
        let clue = Clue { what: what.to_owned(), value: value.into(), confidence, evidence: evidence.into() };
        self.clues.push(clue);
    }

    /// A finding that a person made.
    pub(super) fn told(&mut self, what: &str, value: impl Into<String>) {
        self.found(what, value, 1.0, "said by a person");
    }

    pub(super) fn ask(
        &mut self,
        id: &str,
        code: &str,
        message: &str,
        cell: Option<String>,
        choices: Vec<Choice>,
    ) {
        let options = choices.into_iter().map(|choice| QuestionOption {
            value: choice.value,
            label: choice.label,
            evidence: choice.evidence,
        });
        self.questions.push(Question {
            id: id.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
            cell,
            suggestion: None,
            options: options.collect(),
        });
    }
}
