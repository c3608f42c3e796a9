//! What PostgreSQL calls a column of a result that has no alias (`FigureColname`).

use pg_query::{Node, NodeEnum, protobuf::SubLinkType};

/// The name of an expression's column.
pub(crate) fn of(node: &Node) -> String {
    figure(node).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// The name, and whether it is better than that of a type around it.
fn figure(node: &Node) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(column) => strong(last(&column.fields)?),
        NodeEnum::FuncCall(call) => strong(last(&call.funcname)?),
        NodeEnum::AIndirection(part) => figure(part.arg.as_deref()?),
        NodeEnum::AExpr(expression) if expression.kind() == pg_query::protobuf::AExprKind::AexprNullif => {
            strong("nullif")
        }
        NodeEnum::TypeCast(cast) => cast
            .arg
            .as_deref()
            .and_then(figure)
            .filter(|(_, strong)| *strong)
            .or_else(|| Some((last(&cast.type_name.as_ref()?.names)?.to_owned(), false))),
        NodeEnum::CaseExpr(case) => case
            .defresult
            .as_deref()
            .and_then(figure)
            .filter(|(_, strong)| *strong)
            .or_else(|| Some(("case".to_owned(), false))),
        NodeEnum::CoalesceExpr(_) => strong("coalesce"),
        NodeEnum::MinMaxExpr(chosen) => match chosen.op() {
            pg_query::protobuf::MinMaxOp::IsLeast => strong("least"),
            _ => strong("greatest"),
        },
        NodeEnum::AArrayExpr(_) => strong("array"),
        NodeEnum::RowExpr(_) => strong("row"),
        NodeEnum::GroupingFunc(_) => strong("grouping"),
        NodeEnum::SqlvalueFunction(value) => strong(match value.op().as_str_name() {
            "SVFOP_CURRENT_DATE" => "current_date",
            "SVFOP_CURRENT_TIME" | "SVFOP_CURRENT_TIME_N" => "current_time",
            "SVFOP_LOCALTIME" | "SVFOP_LOCALTIME_N" => "localtime",
            "SVFOP_LOCALTIMESTAMP" | "SVFOP_LOCALTIMESTAMP_N" => "localtimestamp",
            _ => "current_timestamp",
        }),
        NodeEnum::SubLink(link) => match link.sub_link_type() {
            SubLinkType::ExistsSublink => strong("exists"),
            SubLinkType::ArraySublink => strong("array"),
            SubLinkType::ExprSublink => {
                let NodeEnum::SelectStmt(select) = link.subselect.as_deref()?.node.as_ref()? else {
                    return None;
                };
                let NodeEnum::ResTarget(target) = select.target_list.first()?.node.as_ref()? else {
                    return None;
                };
                if target.name.is_empty() { figure(target.val.as_deref()?) } else { strong(&target.name) }
            }
            _ => None,
        },
        _ => None,
    }
}

/// The last part of a name.
pub(crate) fn last(parts: &[Node]) -> Option<&str> {
    match parts.last()?.node.as_ref()? {
        NodeEnum::String(part) => Some(&part.sval),
        _ => None,
    }
}

/// The parts of a name, unless something else is among them.
pub(crate) fn parts(fields: &[Node]) -> Option<Vec<&str>> {
    fields.iter().map(|field| last(std::slice::from_ref(field))).collect()
}
