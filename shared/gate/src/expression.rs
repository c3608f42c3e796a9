//! Expressions: everything that gives a value.

use pg_query::{
    Node, NodeEnum,
    protobuf::{
        AConst, AExpr, AExprKind, CaseExpr, ColumnRef, SqlValueFunctionOp, SubLink, SubLinkType, TypeName,
        a_const::Val,
    },
};

use crate::{
    Name, Refusal, allowed, naming,
    scope::Scope,
    statement::Checker,
    views::{COSTS, SCHEMA},
};

/// Letters of a text in a statement.
const MAX_TEXT: usize = 4_000;
/// Digits of a number in a statement, those of its exponent included in what they stand for.
const MAX_DIGITS: usize = 60;

impl Checker {
    pub(crate) fn expression(&mut self, node: &mut Node, at: &Scope<'_>) -> Result<(), Refusal> {
        self.part(|checker| checker.value(node, at))
    }

    fn value(&mut self, node: &mut Node, at: &Scope<'_>) -> Result<(), Refusal> {
        match node.node.as_mut().ok_or(Refusal::Construct("DEFAULT"))? {
            NodeEnum::ColumnRef(column) => self.column(column, at),
            NodeEnum::AConst(constant) => literal(constant),
            NodeEnum::AExpr(expression) => self.operation(expression, at),
            NodeEnum::BoolExpr(expression) => self.expressions(&mut expression.args, at),
            NodeEnum::NullTest(test) => self.optional(test.arg.as_mut(), at),
            NodeEnum::BooleanTest(test) => self.optional(test.arg.as_mut(), at),
            NodeEnum::CaseExpr(case) => self.case(case, at),
            NodeEnum::CoalesceExpr(choice) => self.expressions(&mut choice.args, at),
            NodeEnum::MinMaxExpr(choice) => self.expressions(&mut choice.args, at),
            NodeEnum::AArrayExpr(array) => self.expressions(&mut array.elements, at),
            NodeEnum::RowExpr(row) => self.expressions(&mut row.args, at),
            NodeEnum::List(list) => self.expressions(&mut list.items, at),
            NodeEnum::GroupingFunc(grouping) => self.expressions(&mut grouping.args, at),
            NodeEnum::FuncCall(call) => self.call(call, at),
            NodeEnum::SubLink(link) => self.subselect(link, at),
            NodeEnum::SqlvalueFunction(value) => match value.op() {
                SqlValueFunctionOp::SvfopCurrentDate
                | SqlValueFunctionOp::SvfopCurrentTime
                | SqlValueFunctionOp::SvfopCurrentTimeN
                | SqlValueFunctionOp::SvfopCurrentTimestamp
                | SqlValueFunctionOp::SvfopCurrentTimestampN
                | SqlValueFunctionOp::SvfopLocaltime
                | SqlValueFunctionOp::SvfopLocaltimeN
                | SqlValueFunctionOp::SvfopLocaltimestamp
                | SqlValueFunctionOp::SvfopLocaltimestampN => Ok(()),
                _ => Err(Refusal::Construct("CURRENT_USER or what else says who is connected")),
            },
            NodeEnum::TypeCast(cast) => {
                cast.type_name.as_ref().map_or(Err(Refusal::Syntax), known_type)?;
                self.optional(cast.arg.as_mut(), at)
            }
            // Elements of lists; not the columns of a row, which a function of the same name could pose as.
            NodeEnum::AIndirection(part) => {
                self.optional(part.arg.as_mut(), at)?;
                part.indirection.iter_mut().try_for_each(|index| match &mut index.node {
                    Some(NodeEnum::AIndices(index)) => {
                        self.optional(index.lidx.as_mut(), at)?;
                        self.optional(index.uidx.as_mut(), at)
                    }
                    _ => Err(Refusal::WholeRow),
                })
            }
            _ => Err(Refusal::Construct("This kind of expression")),
        }
    }

    fn column(&mut self, column: &mut ColumnRef, at: &Scope<'_>) -> Result<(), Refusal> {
        // The views are read through queries of their names, which have no schema.
        let qualified =
            naming::parts(&column.fields).is_some_and(|parts| parts.len() == 3 && parts[0] == SCHEMA);
        if qualified {
            column.fields.remove(0);
        }
        let parts = naming::parts(&column.fields).ok_or(Refusal::WholeRow)?;
        let (name, known) = match parts.as_slice() {
            [name] => (*name, at.has_column(name)),
            [source, name] => {
                let source = at.source(source).ok_or_else(|| Refusal::Column(Name::new(&parts.join("."))))?;
                (*name, source.columns.iter().any(|column| column == name))
            }
            _ => return Err(Refusal::Column(Name::new(&parts.join(".")))),
        };
        if known {
            self.named.insert(name.to_owned());
            return Ok(());
        }
        if COSTS.contains(&name) && !self.asker.costs {
            return Err(Refusal::Costs(Name::new(name)));
        }
        if parts.len() == 1 && at.source(name).is_some() {
            return Err(Refusal::WholeRow);
        }
        Err(Refusal::Column(Name::new(&parts.join("."))))
    }

    fn operation(&mut self, operation: &mut AExpr, at: &Scope<'_>) -> Result<(), Refusal> {
        let name = match naming::parts(&operation.name).as_deref() {
            Some([name]) if allowed::operator(name) || is_word(operation.kind()) => (*name).to_owned(),
            Some(parts) => return Err(Refusal::Operator(Name::new(&parts.join(".")))),
            None => return Err(Refusal::Syntax),
        };
        if name == "||" {
            self.weight.joins(1)?;
        }
        // SIMILAR TO has its pattern made by a function, whose argument is looked at.
        if allowed::matches_pattern(&name) && operation.kind() != AExprKind::AexprSimilar {
            pattern(operation.rexpr.as_deref())?;
        }
        self.optional(operation.lexpr.as_mut(), at)?;
        self.optional(operation.rexpr.as_mut(), at)
    }

    fn case(&mut self, case: &mut CaseExpr, at: &Scope<'_>) -> Result<(), Refusal> {
        self.optional(case.arg.as_mut(), at)?;
        for node in &mut case.args {
            let Some(NodeEnum::CaseWhen(when)) = &mut node.node else { return Err(Refusal::Syntax) };
            self.optional(when.expr.as_mut(), at)?;
            self.optional(when.result.as_mut(), at)?;
        }
        self.optional(case.defresult.as_mut(), at)
    }

    fn subselect(&mut self, link: &mut SubLink, at: &Scope<'_>) -> Result<(), Refusal> {
        match link.sub_link_type() {
            SubLinkType::ExistsSublink
            | SubLinkType::AllSublink
            | SubLinkType::AnySublink
            | SubLinkType::ExprSublink => {}
            SubLinkType::ArraySublink => self.weight.gathers()?,
            _ => return Err(Refusal::Construct("This kind of subquery")),
        }
        match naming::parts(&link.oper_name).as_deref() {
            Some([]) => {}
            Some([name]) if allowed::operator(name) && !allowed::matches_pattern(name) => {}
            _ => return Err(Refusal::Construct("This kind of subquery")),
        }
        self.optional(link.testexpr.as_mut(), at)?;
        let Some(NodeEnum::SelectStmt(select)) = link.subselect.as_mut().and_then(|node| node.node.as_mut())
        else {
            return Err(Refusal::NotSelect);
        };
        self.select(select, Some(at), None)?;
        Ok(())
    }
}

/// Operations whose name is a word of the grammar, such as BETWEEN.
fn is_word(kind: AExprKind) -> bool {
    matches!(
        kind,
        AExprKind::AexprBetween
            | AExprKind::AexprNotBetween
            | AExprKind::AexprBetweenSym
            | AExprKind::AexprNotBetweenSym
    )
}

/// A pattern must stand in the statement: one that comes from data could take for ever.
pub(crate) fn pattern(node: Option<&Node>) -> Result<(), Refusal> {
    const LENGTH: usize = 200;
    match node.and_then(constant_text) {
        Some(text) if text.len() <= LENGTH => Ok(()),
        _ => Err(Refusal::Argument(
            "A regular expression must be a text in the statement, of 200 letters at most.",
        )),
    }
}

/// The text, when an expression is one and nothing else.
pub(crate) fn constant_text(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::AConst(AConst { val: Some(Val::Sval(text)), .. }) => Some(&text.sval),
        NodeEnum::TypeCast(cast) => constant_text(cast.arg.as_deref()?),
        _ => None,
    }
}

fn literal(constant: &AConst) -> Result<(), Refusal> {
    let fits = match &constant.val {
        Some(Val::Sval(text)) => text.sval.len() <= MAX_TEXT,
        Some(Val::Bsval(bits)) => bits.bsval.len() <= MAX_TEXT,
        Some(Val::Fval(number)) => digits(&number.fval) <= MAX_DIGITS,
        Some(Val::Ival(_) | Val::Boolval(_)) | None => true,
    };
    if fits { Ok(()) } else { Err(Refusal::Argument("A text or number in the statement is too long.")) }
}

fn digits(number: &str) -> usize {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = exponent.trim_start_matches(['+', '-']).parse::<usize>().unwrap_or(usize::MAX);
    mantissa.len().saturating_add(exponent)
}

pub(crate) fn known_type(given: &TypeName) -> Result<(), Refusal> {
    let parts = naming::parts(&given.names).ok_or(Refusal::Syntax)?;
    let known = match parts.as_slice() {
        [name] | ["pg_catalog", name] => allowed::type_name(name),
        _ => false,
    };
    if !known || given.setof || given.pct_type || given.array_bounds.len() > 1 {
        return Err(Refusal::Type(Name::new(&parts.join("."))));
    }
    // Printed as `char`, it would be cut to one letter.
    if parts.last() == Some(&"bpchar") && given.typmods.is_empty() {
        return Err(Refusal::Type(Name::new("char")));
    }
    let plain = |node: &Node| matches!(node.node, Some(NodeEnum::AConst(_)));
    if given.typmods.iter().all(plain) { Ok(()) } else { Err(Refusal::Type(Name::new(&parts.join(".")))) }
}
