//! Reads a model's answer. It holds numbers and the names of roles, so that nothing a model writes can be kept.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::brief::Brief;
use crate::infer::told::{self, ROLES};

/// Answers to all questions and roles of all columns fit in far less.
const MAX_BYTES: usize = 16 * 1024;

/// What a model proposes: answers to open questions, ids and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice(pub(super) Vec<(String, String)>);

impl Advice {
    /// Whether the model proposes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why an answer is not taken. One fault is enough: a model that breaks the rules once is not believed elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAdvice {
    #[error("the answer is too long")]
    TooLong,
    #[error("the answer is not in the form that was asked for")]
    Form,
    #[error("the answer is about a question that was not asked")]
    Question,
    #[error("the answer takes an option that was not offered")]
    Option,
    #[error("the answer is about a column that was not open")]
    Column,
    #[error("the answer names a role that does not exist")]
    Role,
    #[error("the answer says something twice")]
    Twice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    answers: Vec<Choice>,
    columns: Vec<Told>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    question: usize,
    option: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    column: usize,
    role: String,
}

impl Brief {
    /// What a model answered to this brief.
    ///
    /// # Errors
    /// When it is not exactly an answer to it.
    pub fn read(&self, answer: &str) -> Result<Advice, InvalidAdvice> {
        if answer.len() > MAX_BYTES {
            return Err(InvalidAdvice::TooLong);
        }
        let Answer { answers, columns } = serde_json::from_str(answer).map_err(|_| InvalidAdvice::Form)?;
        let mut advice = Vec::with_capacity(answers.len() + columns.len());
        let (mut said, mut roles) = (BTreeSet::new(), BTreeSet::new());
        for Choice { question, option } in answers {
            let asked = nth(&self.questions, question).ok_or(InvalidAdvice::Question)?;
            let (value, _) = nth(&asked.options, option).ok_or(InvalidAdvice::Option)?;
            if !said.insert(asked.id.clone()) {
                return Err(InvalidAdvice::Twice);
            }
            advice.push((asked.id.clone(), value.clone()));
        }
        for Told { column, role } in columns {
            let shown = nth(&self.columns, column).filter(|shown| shown.is_open);
            let title = shown.map(|shown| &shown.title).ok_or(InvalidAdvice::Column)?;
            let (role, ..) = ROLES.iter().find(|(name, ..)| *name == role).ok_or(InvalidAdvice::Role)?;
            // Two columns of one role would be two answers to the same question.
            let id = told::question_id(title);
            if !said.insert(id.clone()) || !roles.insert(*role) {
                return Err(InvalidAdvice::Twice);
            }
            advice.push((id, (*role).to_owned()));
        }
        Ok(Advice(advice))
    }
}

/// Counted from one.
fn nth<T>(all: &[T], number: usize) -> Option<&T> {
    all.get(number.checked_sub(1)?)
}
