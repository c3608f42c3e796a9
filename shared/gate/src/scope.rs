//! Which names mean what at a place in a statement, as PostgreSQL resolves them.

/// Something in FROM.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its alias, or its own name.
    pub name: Option<String>,
    pub columns: Vec<String>,
    /// A view itself, not a query over it.
    pub view: bool,
}

/// A name of WITH.
#[derive(Debug, Clone)]
pub(crate) struct Cte {
    pub name: String,
    pub columns: Vec<String>,
}

/// One level of a statement; the levels around it are seen through it.
#[derive(Debug, Default)]
pub(crate) struct Scope<'outer> {
    pub outer: Option<&'outer Self>,
    pub sources: Vec<Source>,
    pub ctes: Vec<Cte>,
}

impl<'outer> Scope<'outer> {
    pub(crate) fn within(outer: Option<&'outer Self>) -> Self {
        Self { outer, ..Self::default() }
    }

    fn levels(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |level| level.outer)
    }

    /// A CTE hides a view of its name; the one defined last, on the innermost level, counts.
    pub(crate) fn cte(&self, name: &str) -> Option<&Cte> {
        self.levels().find_map(|level| level.ctes.iter().rev().find(|cte| cte.name == name))
    }

    /// What a qualified name starts with.
    pub(crate) fn source(&self, name: &str) -> Option<&Source> {
        self.levels()
            .find_map(|level| level.sources.iter().find(|source| source.name.as_deref() == Some(name)))
    }

    /// Whether anything in sight has a column of this name. If not, PostgreSQL would take the name for a whole row.
    pub(crate) fn has_column(&self, name: &str) -> bool {
        self.levels().any(|level| {
            level.sources.iter().any(|source| source.columns.iter().any(|column| column == name))
        })
    }
}
