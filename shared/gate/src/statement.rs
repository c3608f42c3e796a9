//! One statement: its text, its sizes, its limit on rows.

use std::collections::HashSet;

use pg_query::{
    Node, NodeEnum,
    protobuf::{AConst, Integer, LimitOption, ParseResult, SelectStmt, a_const::Val},
};

use crate::{Asker, Checked, Limits, MAX_BYTES, Refusal, scope::Scope, weight::Weight};

/// Parts of a statement; the widest report of an analyst has some hundred.
const MAX_NODES: u32 = 2_000;
/// Levels of expressions and queries in each other. The printing of trees ends at 100 levels of messages.
const MAX_DEPTH: u32 = 40;

/// Holds a statement against the rules and makes it one that may be run.
///
/// # Errors
/// When it breaks one; the refusal says which, in words for who wrote it.
pub fn check(sql: &str, asker: &Asker) -> Result<Checked, Refusal> {
    if sql.len() > MAX_BYTES {
        return Err(Refusal::TooLong);
    }
    let mut tree = parse(sql)?;
    let select = only_select(&mut tree)?;
    // The first walk learns which columns are named; the second writes them into the queries that stand for the views.
    let mut checker = Checker::new(*asker);
    checker.select(select, None, None)?;
    checker.weight.judge()?;
    let mut writer = Checker { named: checker.named, writes: true, ..Checker::new(*asker) };
    writer.select(select, None, None)?;
    limit(select, asker.rows)?;
    let sql =
        pg_query::deparse(&tree, pg_query::DeparseOptions::default()).map_err(|_| Refusal::TooComplex)?;
    Ok(Checked { sql, limits: Limits { rows: asker.rows, planned_rows: checker.weight.planned_rows() } })
}

fn parse(sql: &str) -> Result<ParseResult, Refusal> {
    match pg_query::parse(sql, 0) {
        Ok(parsed) => Ok(parsed.protobuf),
        // The message is the parser's; it is only asked what kind it is.
        Err(pg_query::Error::Parse(message))
            if message.contains("stack depth") || message.contains("memory") =>
        {
            Err(Refusal::TooComplex)
        }
        Err(pg_query::Error::Decode(_)) => Err(Refusal::TooComplex),
        Err(_) => Err(Refusal::Syntax),
    }
}

fn only_select(tree: &mut ParseResult) -> Result<&mut SelectStmt, Refusal> {
    let statement = match tree.stmts.as_mut_slice() {
        [] => return Err(Refusal::Empty),
        [one] => one,
        _ => return Err(Refusal::Several),
    };
    match statement.stmt.as_mut().and_then(|node| node.node.as_mut()) {
        Some(NodeEnum::SelectStmt(select)) => Ok(select),
        _ => Err(Refusal::NotSelect),
    }
}

/// One row more than is shown, unless fewer are asked for.
fn limit(select: &mut SelectStmt, rows: u32) -> Result<(), Refusal> {
    let most = i32::try_from(rows).unwrap_or(i32::MAX).saturating_add(1);
    let asked = select.limit_count.as_deref().map(constant_count).transpose()?.flatten();
    if asked.is_some_and(|asked| asked <= i64::from(most)) {
        return Ok(());
    }
    let count = AConst { val: Some(Val::Ival(Integer { ival: most })), ..AConst::default() };
    select.limit_count = Some(Box::new(Node { node: Some(NodeEnum::AConst(count)) }));
    if select.limit_option() == LimitOption::Default {
        select.set_limit_option(LimitOption::Count);
    }
    Ok(())
}

/// A number of rows; `None` for LIMIT ALL.
pub(crate) fn constant_count(node: &Node) -> Result<Option<i64>, Refusal> {
    let Some(NodeEnum::AConst(constant)) = &node.node else {
        return Err(Refusal::Construct("LIMIT or OFFSET with something else than a number"));
    };
    match &constant.val {
        None => Ok(None),
        Some(Val::Ival(number)) => Ok(Some(number.ival.into())),
        // Larger than an integer.
        Some(Val::Fval(number)) => Ok(Some(number.fval.parse().unwrap_or(i64::MAX))),
        Some(_) => Err(Refusal::Construct("LIMIT or OFFSET with something else than a number")),
    }
}

/// A walk over a statement.
pub(crate) struct Checker {
    pub asker: Asker,
    /// Every name of a column in it.
    pub named: HashSet<String>,
    /// Whether views are replaced by queries over them.
    pub writes: bool,
    pub weight: Weight,
    nodes: u32,
    depth: u32,
}

impl Checker {
    fn new(asker: Asker) -> Self {
        Self { asker, named: HashSet::new(), writes: false, weight: Weight::default(), nodes: 0, depth: 0 }
    }

    /// Counts a part of the statement and what is in it.
    pub(crate) fn part<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.nodes += 1;
        self.depth += 1;
        if self.nodes > MAX_NODES || self.depth > MAX_DEPTH {
            return Err(Refusal::TooComplex);
        }
        let result = inside(self);
        self.depth -= 1;
        result
    }

    pub(crate) fn expressions(&mut self, nodes: &mut [Node], at: &Scope<'_>) -> Result<(), Refusal> {
        nodes.iter_mut().try_for_each(|node| self.expression(node, at))
    }

    pub(crate) fn optional(&mut self, node: Option<&mut Box<Node>>, at: &Scope<'_>) -> Result<(), Refusal> {
        node.map_or(Ok(()), |node| self.expression(node, at))
    }
}
