//! What stands in FROM.

use pg_query::{
    Node, NodeEnum,
    protobuf::{Alias, JoinExpr, RangeFunction, RangeSubselect, RangeVar},
};

use crate::{
    Name, Refusal, allowed, key, naming,
    scope::{Scope, Source},
    statement::Checker,
    views::{SCHEMA, View},
};

impl Checker {
    /// Checks an item of FROM and gives what it offers. `before`: the items to its left, which LATERAL ones see. `keyed`: it
    /// stands in a query that already filters by the tenant.
    pub(crate) fn source(
        &mut self,
        item: &mut Node,
        here: &Scope<'_>,
        before: &[Source],
        keyed: bool,
    ) -> Result<Vec<Source>, Refusal> {
        self.part(|checker| match &mut item.node {
            Some(NodeEnum::RangeVar(relation)) => {
                let (source, view) = checker.relation(relation, here)?;
                if let Some(view) = view.filter(|_| checker.writes && !keyed) {
                    let alias = relation.alias.clone();
                    item.node = Some(checker.second_key(view, alias));
                }
                Ok(vec![source])
            }
            Some(NodeEnum::RangeSubselect(query)) => Ok(vec![checker.subquery(query, here, before)?]),
            Some(NodeEnum::RangeFunction(function)) => {
                Ok(vec![checker.row_function(function, here, before)?])
            }
            Some(NodeEnum::JoinExpr(join)) => checker.join(join, here, before),
            _ => Err(Refusal::Construct("This item of FROM")),
        })
    }

    fn relation(
        &mut self,
        relation: &RangeVar,
        here: &Scope<'_>,
    ) -> Result<(Source, Option<&'static View>), Refusal> {
        let name = relation.relname.as_str();
        if !relation.inh {
            return Err(Refusal::Construct("ONLY"));
        }
        self.weight.relation()?;
        let alias = relation.alias.as_ref();
        let shown = Some(alias.map_or(name, |alias| &alias.aliasname).to_owned());
        let given = alias.map_or(&[][..], |alias| &alias.colnames);
        let bare = relation.catalogname.is_empty() && relation.schemaname.is_empty();
        if let Some(cte) = here.cte(name).filter(|_| bare) {
            let columns = renamed(cte.columns.clone(), given);
            return Ok((Source { name: shown, columns, view: false }, None));
        }
        let known = relation.catalogname.is_empty() && ["", SCHEMA].contains(&relation.schemaname.as_str());
        let Some(view) = View::named(name).filter(|_| known) else {
            return Err(Refusal::Relation(Name::new(name)));
        };
        if !given.is_empty() {
            return Err(Refusal::Construct("A list of other names for the columns of a view"));
        }
        let columns = self.columns_of(view).into_iter().map(str::to_owned).collect();
        Ok((Source { name: shown, columns, view: true }, Some(view)))
    }

    /// The query in a view's place, with the columns that the statement names anywhere.
    fn second_key(&self, view: &View, alias: Option<Alias>) -> NodeEnum {
        let all = self.columns_of(view);
        let mut columns: Vec<_> = all.iter().copied().filter(|column| self.named.contains(*column)).collect();
        if columns.is_empty() {
            columns.extend(all.first());
        }
        key::wrapped(view, &columns, self.asker.org, alias)
    }

    fn subquery(
        &mut self,
        query: &mut RangeSubselect,
        here: &Scope<'_>,
        before: &[Source],
    ) -> Result<Source, Refusal> {
        let Some(NodeEnum::SelectStmt(select)) = query.subquery.as_mut().and_then(|node| node.node.as_mut())
        else {
            return Err(Refusal::NotSelect);
        };
        let columns = if query.lateral {
            let beside = Scope { sources: before.to_vec(), ..Scope::within(Some(here)) };
            self.select(select, Some(&beside), None)?
        } else {
            self.select(select, Some(here), None)?
        };
        let alias = query.alias.as_ref();
        let columns = renamed(columns, alias.map_or(&[], |alias| &alias.colnames));
        Ok(Source { name: alias.map(|alias| alias.aliasname.clone()), columns, view: false })
    }

    fn row_function(
        &mut self,
        function: &mut RangeFunction,
        here: &Scope<'_>,
        before: &[Source],
    ) -> Result<Source, Refusal> {
        if function.is_rowsfrom || !function.coldeflist.is_empty() {
            return Err(Refusal::Construct("ROWS FROM or a list of column types"));
        }
        let call = match function.functions.as_mut_slice() {
            // A function, and the column types that it was given.
            [Node { node: Some(NodeEnum::List(list)) }] => {
                list.items.first_mut().and_then(|node| node.node.as_mut())
            }
            _ => None,
        };
        let Some(NodeEnum::FuncCall(call)) = call else {
            return Err(Refusal::Construct("This item of FROM"));
        };
        let name = self.function_name(&call.funcname)?.to_owned();
        if !allowed::makes_rows(&name) {
            return Err(Refusal::Function(Name::new(&name)));
        }
        let beside = Scope { sources: before.to_vec(), ..Scope::within(Some(here)) };
        self.row_call(&name, call, &beside)?;
        let alias = function.alias.as_ref();
        let shown = alias.map_or(&name, |alias| &alias.aliasname).clone();
        let mut columns = vec![shown.clone()];
        if function.ordinality {
            columns.push("ordinality".to_owned());
        }
        let columns = renamed(columns, alias.map_or(&[], |alias| &alias.colnames));
        Ok(Source { name: Some(shown), columns, view: false })
    }

    fn join(
        &mut self,
        join: &mut JoinExpr,
        here: &Scope<'_>,
        before: &[Source],
    ) -> Result<Vec<Source>, Refusal> {
        if join.alias.is_some() || join.join_using_alias.is_some() {
            return Err(Refusal::Construct("An alias for a join"));
        }
        let (Some(left), Some(right)) = (&mut join.larg, &mut join.rarg) else { return Err(Refusal::Syntax) };
        let mut sources = self.source(left, here, before, false)?;
        let beside: Vec<_> = before.iter().chain(&sources).cloned().collect();
        sources.extend(self.source(right, here, &beside, false)?);
        if join.is_natural {
            // Every column takes part.
            self.named.extend(sources.iter().flat_map(|source| source.columns.iter().cloned()));
        }
        for name in naming::parts(&join.using_clause).ok_or(Refusal::Syntax)? {
            self.named.insert(name.to_owned());
        }
        let both = Scope { sources, ..Scope::within(Some(here)) };
        self.optional(join.quals.as_mut(), &both)?;
        Ok(both.sources)
    }
}

/// Columns after a list of other names, which may be shorter.
pub(crate) fn renamed(columns: Vec<String>, names: &[Node]) -> Vec<String> {
    let mut names = names.iter().filter_map(|name| naming::last(std::slice::from_ref(name)));
    columns.into_iter().map(|column| names.next().map_or(column, str::to_owned)).collect()
}
