//! The clauses of a SELECT.

use pg_query::{
    Node, NodeEnum,
    protobuf::{CommonTableExpr, SelectStmt, SetOperation, SortBy, WindowDef, WithClause},
};

use crate::{
    Refusal, key, naming,
    scope::{Cte, Scope},
    source::renamed,
    statement::{Checker, constant_count},
    views::View,
};

impl Checker {
    /// Checks a query and gives the names of its columns. `itself`: the CTE that it is, when it may read itself.
    pub(crate) fn select(
        &mut self,
        select: &mut SelectStmt,
        outer: Option<&Scope<'_>>,
        itself: Option<&CommonTableExpr>,
    ) -> Result<Vec<String>, Refusal> {
        self.part(|checker| checker.clauses(select, outer, itself))
    }

    fn clauses(
        &mut self,
        select: &mut SelectStmt,
        outer: Option<&Scope<'_>>,
        itself: Option<&CommonTableExpr>,
    ) -> Result<Vec<String>, Refusal> {
        if select.into_clause.is_some() {
            return Err(Refusal::Construct("INTO"));
        }
        if !select.locking_clause.is_empty() {
            return Err(Refusal::Construct("FOR UPDATE or another lock"));
        }
        let level = self.weight.query()?;
        let mut here = Scope::within(outer);
        if let Some(with) = &mut select.with_clause {
            self.with(with, &mut here)?;
        }
        let columns = if !select.values_lists.is_empty() {
            self.values(&mut select.values_lists, &here)?
        } else if select.op() == SetOperation::SetopNone {
            self.plain(select, &mut here, level)?
        } else {
            self.set_operation(select, &mut here, itself)?
        };
        for item in &mut select.sort_clause {
            self.order(item, &here, &columns)?;
        }
        for count in [&select.limit_count, &select.limit_offset].into_iter().flatten() {
            constant_count(count)?;
        }
        Ok(columns)
    }

    fn with(&mut self, with: &mut WithClause, here: &mut Scope<'_>) -> Result<(), Refusal> {
        for node in &mut with.ctes {
            let Some(NodeEnum::CommonTableExpr(cte)) = &mut node.node else { return Err(Refusal::NotSelect) };
            if cte.search_clause.is_some() || cte.cycle_clause.is_some() {
                return Err(Refusal::Construct("SEARCH or CYCLE"));
            }
            let Some(mut query) = cte.ctequery.take() else { return Err(Refusal::NotSelect) };
            let Some(NodeEnum::SelectStmt(select)) = &mut query.node else { return Err(Refusal::NotSelect) };
            let itself = with.recursive.then_some(&**cte);
            let columns = self.select(select, Some(here), itself)?;
            cte.ctequery = Some(query);
            let columns = renamed(columns, &cte.aliascolnames);
            here.ctes.push(Cte { name: cte.ctename.clone(), columns });
        }
        Ok(())
    }

    fn values(&mut self, rows: &mut [Node], here: &Scope<'_>) -> Result<Vec<String>, Refusal> {
        let mut width = 0;
        for row in rows {
            let Some(NodeEnum::List(list)) = &mut row.node else { return Err(Refusal::Construct("DEFAULT")) };
            width = list.items.len();
            self.expressions(&mut list.items, here)?;
        }
        Ok((1..=width).map(|number| format!("column{number}")).collect())
    }

    /// UNION, INTERSECT, EXCEPT: named by the left one; the right one may read the CTE that both are.
    fn set_operation(
        &mut self,
        select: &mut SelectStmt,
        here: &mut Scope<'_>,
        itself: Option<&CommonTableExpr>,
    ) -> Result<Vec<String>, Refusal> {
        let (Some(left), Some(right)) = (&mut select.larg, &mut select.rarg) else {
            return Err(Refusal::NotSelect);
        };
        let columns = self.select(left, Some(here), None)?;
        let mut beside = Scope::within(Some(here));
        if let Some(cte) = itself {
            let columns = renamed(columns.clone(), &cte.aliascolnames);
            beside.ctes.push(Cte { name: cte.ctename.clone(), columns });
        }
        let before = self.weight.repeats(itself.is_some());
        self.select(right, Some(&beside), None)?;
        self.weight.repeats(before);
        Ok(columns)
    }

    fn plain(
        &mut self,
        select: &mut SelectStmt,
        here: &mut Scope<'_>,
        level: u32,
    ) -> Result<Vec<String>, Refusal> {
        let keyed = key::carries(select, self.asker.org);
        let mut sources = Vec::new();
        for item in &mut select.from_clause {
            let more = self.source(item, here, &sources, keyed)?;
            sources.extend(more);
        }
        here.sources = sources;
        // What gathers rows into a value does so on one level, so that values do not grow from level to level.
        let outer_level = self.weight.enter(level);
        self.optional(select.where_clause.as_mut(), here)?;
        let columns = self.targets(&mut select.target_list, here)?;
        for item in &mut select.group_clause {
            self.group(item, here, &columns)?;
        }
        self.optional(select.having_clause.as_mut(), here)?;
        for item in &mut select.window_clause {
            let Some(NodeEnum::WindowDef(window)) = &mut item.node else {
                return Err(Refusal::Construct("WINDOW"));
            };
            self.window(window, here)?;
        }
        for item in select.distinct_clause.iter_mut().filter(|item| item.node.is_some()) {
            self.group(item, here, &columns)?;
        }
        self.weight.enter(outer_level);
        Ok(columns)
    }

    fn targets(&mut self, targets: &mut [Node], here: &Scope<'_>) -> Result<Vec<String>, Refusal> {
        let mut columns = Vec::new();
        for node in targets {
            let Some(NodeEnum::ResTarget(target)) = &mut node.node else {
                return Err(Refusal::Construct("This target"));
            };
            let Some(value) = target.val.as_mut().filter(|_| target.indirection.is_empty()) else {
                return Err(Refusal::Construct("This target"));
            };
            if let Some(all) = self.star(value, here)? {
                columns.extend(all);
                continue;
            }
            self.expression(value, here)?;
            columns.push(if target.name.is_empty() { naming::of(value) } else { target.name.clone() });
        }
        Ok(columns)
    }

    /// The columns of `*` and `name.*`.
    fn star(&mut self, value: &Node, here: &Scope<'_>) -> Result<Option<Vec<String>>, Refusal> {
        let Some(NodeEnum::ColumnRef(column)) = &value.node else { return Ok(None) };
        let Some((Node { node: Some(NodeEnum::AStar(_)) }, qualifier)) = column.fields.split_last() else {
            return Ok(None);
        };
        let sources: Vec<_> = match naming::parts(qualifier).as_deref() {
            Some([]) => here.sources.iter().collect(),
            Some([name]) => here.source(name).into_iter().collect(),
            _ => Vec::new(),
        };
        if sources.is_empty() {
            return Err(Refusal::Construct("* without anything to take columns of"));
        }
        let mut columns = Vec::new();
        for source in sources {
            if source.view {
                self.named.extend(source.columns.iter().cloned());
            }
            columns.extend(source.columns.iter().cloned());
        }
        Ok(Some(columns))
    }

    /// GROUP BY and DISTINCT ON: expressions, or names of the result.
    fn group(&mut self, item: &mut Node, here: &Scope<'_>, columns: &[String]) -> Result<(), Refusal> {
        if is_result_column(item, columns) {
            return Ok(());
        }
        match &mut item.node {
            Some(NodeEnum::GroupingSet(set)) => self.part(|checker| {
                set.content.iter_mut().try_for_each(|item| checker.group(item, here, columns))
            }),
            Some(NodeEnum::RowExpr(row)) => {
                row.args.iter_mut().try_for_each(|item| self.group(item, here, columns))
            }
            _ => self.expression(item, here),
        }
    }

    /// ORDER BY: as GROUP BY, in a direction.
    pub(crate) fn order(
        &mut self,
        item: &mut Node,
        here: &Scope<'_>,
        columns: &[String],
    ) -> Result<(), Refusal> {
        let Some(NodeEnum::SortBy(sort)) = &mut item.node else {
            return Err(Refusal::Construct("This order"));
        };
        let SortBy { node: Some(node), use_op, .. } = &mut **sort else {
            return Err(Refusal::Construct("This order"));
        };
        if !use_op.is_empty() {
            return Err(Refusal::Construct("ORDER BY … USING"));
        }
        if is_result_column(node, columns) { Ok(()) } else { self.expression(node, here) }
    }

    pub(crate) fn window(&mut self, window: &mut WindowDef, here: &Scope<'_>) -> Result<(), Refusal> {
        self.expressions(&mut window.partition_clause, here)?;
        window.order_clause.iter_mut().try_for_each(|item| self.order(item, here, &[]))?;
        self.optional(window.start_offset.as_mut(), here)?;
        self.optional(window.end_offset.as_mut(), here)
    }

    /// A view that a name means, for whom it is asked.
    pub(crate) fn columns_of(&self, view: &View) -> Vec<&'static str> {
        view.columns
            .iter()
            .copied()
            .filter(|column| self.asker.costs || !crate::views::COSTS.contains(column))
            .collect()
    }
}

fn is_result_column(node: &Node, columns: &[String]) -> bool {
    let Some(NodeEnum::ColumnRef(column)) = &node.node else { return false };
    matches!(naming::parts(&column.fields).as_deref(), Some([name]) if columns.iter().any(|column| column == name))
}
