//! Calls of functions.

use pg_query::{
    Node, NodeEnum,
    protobuf::{AConst, FuncCall, a_const::Val},
};

use crate::{
    Name, Refusal, allowed,
    expression::{constant_text, pattern},
    naming,
    scope::Scope,
    statement::Checker,
};

/// Letters that `lpad` and `rpad` may fill up to.
const MAX_PADDED: i64 = 1_000;
/// Times that `repeat` may repeat, and letters that a replacement may have.
const MAX_REPEATED: i64 = 100;
/// Steps of a series whose rows may be gathered.
const MAX_STEPS: i64 = 100_000;

impl Checker {
    /// The name of a function, without the schema that all of the allowed ones are in.
    pub(crate) fn function_name<'call>(&self, name: &'call [Node]) -> Result<&'call str, Refusal> {
        let parts = naming::parts(name).ok_or(Refusal::Syntax)?;
        match parts.as_slice() {
            [name] | ["pg_catalog", name] => Ok(name),
            _ => Err(Refusal::Function(Name::new(&parts.join(".")))),
        }
    }

    pub(crate) fn call(&mut self, call: &mut FuncCall, at: &Scope<'_>) -> Result<(), Refusal> {
        let name = self.function_name(&call.funcname)?.to_owned();
        if !allowed::function(&name) {
            return Err(Refusal::Function(Name::new(&name)));
        }
        if call.func_variadic {
            return Err(Refusal::Construct("VARIADIC"));
        }
        self.arguments(&name, &call.args)?;
        for argument in &mut call.args {
            match &mut argument.node {
                Some(NodeEnum::NamedArgExpr(named)) if name == "make_interval" => {
                    self.optional(named.arg.as_mut(), at)?;
                }
                _ => self.expression(argument, at)?,
            }
        }
        call.agg_order.iter_mut().try_for_each(|item| self.order(item, at, &[]))?;
        self.optional(call.agg_filter.as_mut(), at)?;
        call.over.as_mut().map_or(Ok(()), |window| self.window(window, at))
    }

    /// What is more than a matter of names: lengths and patterns.
    fn arguments(&mut self, name: &str, given: &[Node]) -> Result<(), Refusal> {
        match name {
            "string_agg" | "array_agg" => self.weight.gathers(),
            "concat" | "concat_ws" => self.weight.joins(given.len()),
            "lpad" | "rpad" => match given.get(1).and_then(constant_number) {
                Some(length) if length <= MAX_PADDED => Ok(()),
                _ => Err(Refusal::Argument("lpad and rpad take a number in the statement, 1,000 at most.")),
            },
            "repeat" => match given.get(1).and_then(constant_number) {
                Some(times) if times <= MAX_REPEATED => {
                    self.weight.grows(usize::try_from(times).unwrap_or(0))
                }
                _ => Err(Refusal::Argument("repeat takes a number in the statement, 100 at most.")),
            },
            "replace" => self.replacement(given.get(1), given.get(2)),
            "regexp_replace" => {
                pattern(given.get(1))?;
                self.replacement(None, given.get(2))
            }
            "regexp_count" | "regexp_like" | "regexp_match" | "regexp_substr" | "similar_to_escape" => {
                pattern(given.get(usize::from(name != "similar_to_escape")))
            }
            // SUBSTRING(text FROM pattern) is one as well.
            "substring" if given.get(1).is_some_and(|from| constant_text(from).is_some()) => {
                pattern(given.get(1))
            }
            "format" => match given.first().and_then(constant_text) {
                Some(text) if text.replace("%%", "").split('%').skip(1).all(|rest| rest.starts_with('s')) => {
                    self.weight.joins(given.len())
                }
                _ => Err(Refusal::Argument("format takes a text in the statement with %s in it.")),
            },
            _ => Ok(()),
        }
    }

    fn replacement(&mut self, found: Option<&Node>, put: Option<&Node>) -> Result<(), Refusal> {
        let length = |node: Option<&Node>| node.and_then(constant_text).map(str::len);
        match length(put) {
            Some(put) if put <= MAX_REPEATED.unsigned_abs() as usize => {
                self.weight.grows(put.div_ceil(length(found).unwrap_or(1).max(1)))
            }
            _ => Err(Refusal::Argument(
                "What replaces a text must stand in the statement, with 100 letters at most.",
            )),
        }
    }

    /// A function in FROM.
    pub(crate) fn row_call(
        &mut self,
        name: &str,
        call: &mut FuncCall,
        at: &Scope<'_>,
    ) -> Result<(), Refusal> {
        if name == "generate_series" {
            self.series(&call.args)?;
        }
        self.expressions(&mut call.args, at)
    }

    /// Series of numbers are counted; others must have steps that end before the time does.
    fn series(&mut self, given: &[Node]) -> Result<(), Refusal> {
        let bounds: Option<Vec<i64>> = given.iter().map(constant_number).collect();
        let steps = match bounds.as_deref() {
            Some([from, to]) => to.saturating_sub(*from),
            Some([from, to, step]) if *step != 0 => to.saturating_sub(*from) / step,
            _ => i64::MAX,
        };
        if steps > MAX_STEPS {
            self.weight.open_series();
        }
        Ok(())
    }
}

/// The number, when an expression is one and nothing else.
fn constant_number(node: &Node) -> Option<i64> {
    match node.node.as_ref()? {
        NodeEnum::AConst(AConst { val: Some(Val::Ival(number)), .. }) => Some(number.ival.into()),
        NodeEnum::AConst(AConst { val: Some(Val::Fval(number)), .. }) => number.fval.parse().ok(),
        _ => None,
    }
}
