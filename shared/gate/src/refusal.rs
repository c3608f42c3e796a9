//! Why a statement is not run.

/// What is wrong with a statement, in words for who wrote it. Texts of the parser or the server are never repeated: names in
/// here are those of the statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("There is no statement.")]
    Empty,
    #[error("The statement is longer than {MAX} bytes.", MAX = crate::MAX_BYTES)]
    TooLong,
    #[error("The statement cannot be read as SQL of PostgreSQL.")]
    Syntax,
    #[error("One statement at a time.")]
    Several,
    #[error("Only SELECT can be run here.")]
    NotSelect,
    #[error("The statement is too large or nested too deeply: make it simpler.")]
    TooComplex,
    #[error("{0} cannot be used here.")]
    Construct(&'static str),
    #[error("There is no view {0} to ask. There are: {VIEWS}.", VIEWS = crate::views::names())]
    Relation(Name),
    #[error("There is no column {0} here.")]
    Column(Name),
    #[error("The column {0} needs the permission costs:read.")]
    Costs(Name),
    #[error("A whole row cannot be used as a value: name its columns.")]
    WholeRow,
    #[error("The function {0} cannot be used here.")]
    Function(Name),
    #[error("{0}")]
    Argument(&'static str),
    #[error("The operator {0} cannot be used here.")]
    Operator(Name),
    #[error("The type {0} cannot be used here.")]
    Type(Name),
}

impl Refusal {
    /// Every code, with what it says.
    pub const CODES: [(&str, &str); 15] = [
        ("sql_empty", "There is no statement."),
        ("sql_too_long", "The statement is too long."),
        ("sql_syntax", "The statement cannot be read as SQL of PostgreSQL."),
        ("sql_not_one_statement", "There is more than one statement."),
        ("sql_not_a_select", "The statement is no SELECT."),
        ("sql_too_complex", "The statement is too large or nested too deeply."),
        ("sql_construct_not_allowed", "The statement uses what cannot be used here."),
        ("sql_relation_unknown", "The statement reads something else than the views."),
        ("sql_column_unknown", "There is no such column."),
        ("sql_costs_not_allowed", "A column shows costs, which the caller may not see."),
        ("sql_whole_row", "A whole row is used as a value."),
        ("sql_function_not_allowed", "A function cannot be used here."),
        ("sql_argument_not_allowed", "An argument of a function cannot be used here."),
        ("sql_operator_not_allowed", "An operator cannot be used here."),
        ("sql_type_not_allowed", "A type cannot be used here."),
    ];

    /// Stable, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sql_empty",
            Self::TooLong => "sql_too_long",
            Self::Syntax => "sql_syntax",
            Self::Several => "sql_not_one_statement",
            Self::NotSelect => "sql_not_a_select",
            Self::TooComplex => "sql_too_complex",
            Self::Construct(_) => "sql_construct_not_allowed",
            Self::Relation(_) => "sql_relation_unknown",
            Self::Column(_) => "sql_column_unknown",
            Self::Costs(_) => "sql_costs_not_allowed",
            Self::WholeRow => "sql_whole_row",
            Self::Function(_) => "sql_function_not_allowed",
            Self::Argument(_) => "sql_argument_not_allowed",
            Self::Operator(_) => "sql_operator_not_allowed",
            Self::Type(_) => "sql_type_not_allowed",
        }
    }
}

/// A name out of a statement, fit to be shown: short and printable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// PostgreSQL's own limit.
    const LENGTH: usize = 63;

    pub(crate) fn new(name: &str) -> Self {
        Self(name.chars().filter(|letter| !letter.is_control()).take(Self::LENGTH).collect())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_code_that_is_listed() {
        let name = || Name::new("x");
        let all = [
            Refusal::Empty,
            Refusal::TooLong,
            Refusal::Syntax,
            Refusal::Several,
            Refusal::NotSelect,
            Refusal::TooComplex,
            Refusal::Construct("x"),
            Refusal::Relation(name()),
            Refusal::Column(name()),
            Refusal::Costs(name()),
            Refusal::WholeRow,
            Refusal::Function(name()),
            Refusal::Argument("x"),
            Refusal::Operator(name()),
            Refusal::Type(name()),
        ];
        assert_eq!(all.each_ref().map(Refusal::code), Refusal::CODES.map(|(code, _)| code));
    }
}
