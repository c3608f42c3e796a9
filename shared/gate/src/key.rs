//! The second key: a view is read through a query that names its tenant and its columns. Row security gives the same rows
//! without it; either alone is enough.

use domain::OrgId;
use pg_query::{
    Node, NodeEnum,
    protobuf::{
        AConst, AExpr, AExprKind, Alias, ColumnRef, LimitOption, RangeSubselect, RangeVar, ResTarget,
        SelectStmt, SetOperation, String as Text, TypeCast, TypeName, a_const::Val,
    },
};

use crate::views::{SCHEMA, TENANT, View};

/// `(SELECT columns FROM reporting.view WHERE tenant_id = '…'::uuid) AS name`.
pub(crate) fn wrapped(view: &View, columns: &[&str], org: OrgId, alias: Option<Alias>) -> NodeEnum {
    let relation = RangeVar {
        schemaname: SCHEMA.to_owned(),
        relname: view.name.to_owned(),
        inh: true,
        relpersistence: "p".to_owned(),
        ..RangeVar::default()
    };
    let select = SelectStmt {
        target_list: columns.iter().map(|name| node(target(column(name)))).collect(),
        from_clause: vec![node(NodeEnum::RangeVar(relation))],
        where_clause: view.has_tenant().then(|| Box::new(node(key(org)))),
        limit_option: LimitOption::Default.into(),
        op: SetOperation::SetopNone.into(),
        ..SelectStmt::default()
    };
    let alias = alias.unwrap_or_else(|| Alias { aliasname: view.name.to_owned(), colnames: Vec::new() });
    NodeEnum::RangeSubselect(Box::new(RangeSubselect {
        lateral: false,
        subquery: Some(Box::new(node(NodeEnum::SelectStmt(Box::new(select))))),
        alias: Some(alias),
    }))
}

/// Whether a query is what [`wrapped`] makes: it names columns of a view, filters by this tenant, and does nothing else.
pub(crate) fn carries(select: &SelectStmt, org: OrgId) -> bool {
    let [Node { node: Some(NodeEnum::RangeVar(relation)) }] = select.from_clause.as_slice() else {
        return false;
    };
    let Some(view) = View::named(&relation.relname) else { return false };
    let names = select.target_list.iter().map(plain_column).collect::<Option<Vec<_>>>();
    let Some(names) = names.filter(|names| relation.schemaname == SCHEMA && !names.is_empty()) else {
        return false;
    };
    let NodeEnum::RangeSubselect(made) = wrapped(view, &names, org, None) else { return false };
    let Some(Node { node: Some(NodeEnum::SelectStmt(made)) }) = made.subquery.map(|node| *node) else {
        return false;
    };
    let mut given = select.clone();
    forget_locations(&mut given);
    given == *made
}

/// The name, when a target is a column alone.
fn plain_column(target: &Node) -> Option<&str> {
    let Some(NodeEnum::ResTarget(target)) = &target.node else { return None };
    let Some(NodeEnum::ColumnRef(column)) = &target.val.as_deref()?.node else { return None };
    match column.fields.as_slice() {
        [Node { node: Some(NodeEnum::String(name)) }] => Some(&name.sval),
        _ => None,
    }
}

/// Sets the places in the text to what a tree has that was never a text; only of the nodes that [`wrapped`] has.
fn forget_locations(select: &mut SelectStmt) {
    for item in &mut select.from_clause {
        if let Some(NodeEnum::RangeVar(relation)) = &mut item.node {
            relation.location = 0;
        }
    }
    for item in &mut select.target_list {
        if let Some(NodeEnum::ResTarget(target)) = &mut item.node {
            target.location = 0;
            if let Some(NodeEnum::ColumnRef(column)) = target.val.as_mut().and_then(|node| node.node.as_mut())
            {
                column.location = 0;
            }
        }
    }
    let Some(NodeEnum::AExpr(expression)) = select.where_clause.as_mut().and_then(|node| node.node.as_mut())
    else {
        return;
    };
    (expression.location, expression.rexpr_list_start, expression.rexpr_list_end) = (0, 0, 0);
    if let Some(NodeEnum::ColumnRef(column)) = expression.lexpr.as_mut().and_then(|node| node.node.as_mut()) {
        column.location = 0;
    }
    if let Some(NodeEnum::TypeCast(cast)) = expression.rexpr.as_mut().and_then(|node| node.node.as_mut()) {
        cast.location = 0;
        if let Some(name) = &mut cast.type_name {
            name.location = 0;
        }
        if let Some(NodeEnum::AConst(constant)) = cast.arg.as_mut().and_then(|node| node.node.as_mut()) {
            constant.location = 0;
        }
    }
}

fn key(org: OrgId) -> NodeEnum {
    let literal = AConst { val: Some(Val::Sval(Text { sval: org.0.to_string() })), ..AConst::default() };
    let uuid = TypeName { names: vec![text("uuid")], typemod: -1, ..TypeName::default() };
    let literal = TypeCast { arg: boxed(NodeEnum::AConst(literal)), type_name: Some(uuid), location: 0 };
    NodeEnum::AExpr(Box::new(AExpr {
        kind: AExprKind::AexprOp.into(),
        name: vec![text("=")],
        lexpr: boxed(column(TENANT)),
        rexpr: boxed(NodeEnum::TypeCast(Box::new(literal))),
        ..AExpr::default()
    }))
}

fn target(value: NodeEnum) -> NodeEnum {
    NodeEnum::ResTarget(Box::new(ResTarget { val: boxed(value), ..ResTarget::default() }))
}

fn column(name: &str) -> NodeEnum {
    NodeEnum::ColumnRef(ColumnRef { fields: vec![text(name)], location: 0 })
}

fn text(sval: &str) -> Node {
    node(NodeEnum::String(Text { sval: sval.to_owned() }))
}

fn node(node: NodeEnum) -> Node {
    Node { node: Some(node) }
}

fn boxed(inner: NodeEnum) -> Option<Box<Node>> {
    Some(Box::new(node(inner)))
}
