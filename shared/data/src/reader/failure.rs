//! Why a statement gave no answer.

use crate::Error;

/// In words for who asked. The server's own words are never repeated: they hold values of rows, names of tables, texts of
/// policies. The log gets its code.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(
        "The question would read or make too many rows: narrow it down, for example to a year or a vendor."
    )]
    TooCostly,
    #[error("The question took too long: narrow it down, for example to a year or a vendor.")]
    TooLong,
    #[error("The answer is too large: ask for fewer columns or rows.")]
    TooLarge,
    #[error(
        "A value cannot be computed: a division by zero, a text that is no number or date, or a number that is too large."
    )]
    Value,
    #[error(
        "The statement does not fit the data: a name is ambiguous or missing, a type does not fit, or a column is neither grouped nor summed."
    )]
    Statement,
    #[error("the database cannot be asked")]
    Unavailable(#[source] Error),
}

impl Failure {
    /// Stable, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooCostly => "sql_too_costly",
            Self::TooLong => "sql_took_too_long",
            Self::TooLarge => "sql_answer_too_large",
            Self::Value => "sql_value",
            Self::Statement => "sql_does_not_fit",
            Self::Unavailable(_) => "unavailable",
        }
    }

    pub(super) fn unavailable(error: sqlx::Error) -> Self {
        Self::Unavailable(Error::query("reader.run")(error))
    }

    /// What an error of the server means, by its SQLSTATE.
    pub(super) fn of(error: sqlx::Error) -> Self {
        let state = match &error {
            sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
            _ => return Self::unavailable(error),
        };
        tracing::info!(sql.state = state, "a statement failed");
        match state.as_str() {
            "57014" => Self::TooLong,
            // No privilege, no such thing, wrong types, wrong grouping.
            _ if state.starts_with("42") || state.starts_with("0A") || state.starts_with("21") => {
                Self::Statement
            }
            _ if state.starts_with("22") => Self::Value,
            // No memory or disk, limits of the server.
            _ if state.starts_with("53") && state != "53300" || state.starts_with("54") => Self::TooLarge,
            _ => Self::unavailable(error),
        }
    }
}
