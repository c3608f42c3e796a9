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
