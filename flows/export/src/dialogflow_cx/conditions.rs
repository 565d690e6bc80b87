//! Conditions in the words of Dialogflow CX, and which of them it has words for.
//!
//! What must stay true: a name without a value makes a comparison false, `!=` too, so every name that can be unset is
//! guarded; `!` is moved inwards to the comparisons, so that no `NOT` is written; `AND` and `OR` never stand side by side
//! without parentheses. What is not in this fragment is left to the policy, whole.

use flow_conditions::ast::{Comparison, Expr, Kind, Literal};
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Ordered};

use crate::constants::{constant, constants, named};

/// More digits than these do not fit a double as they are.
const DIGITS: usize = 15;

/// A session parameter that holds what a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the agent.
    pub name: String,
    /// What it may hold.
    pub of: Type,
    /// Whether it has a value at all times.
    pub always: bool,
}

/// What the names of a flow are called on the platform.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The flow, for its constants.
    pub flow: &'a Flow,
    /// Parameters by the flow's names.
    pub parameters: &'a Ordered<Parameter>,
    /// Whether the condition is looked at in the customer's own turn, so that `$request` speaks of that turn.
    pub in_turn: bool,
}

impl Scope<'_> {
    fn constant(self, expr: &Expr) -> Option<Value> {
        constant(expr, &|name| named(self.flow, name))
    }
}

/// A condition on its way to paper.
#[derive(Clone, Debug, PartialEq)]
enum Printed {
    Always,
    Never,
    /// A single comparison.
    Plain(String),
    All(Vec<Printed>),
    Any(Vec<Printed>),
}

/// The condition of a route, or `None` where the platform has no words for it.
pub fn native(expr: &Expr, scope: Scope<'_>) -> Option<String> {
    Some(text(&printed(expr, true, scope)?))
}

/// All of these, each a condition already.
pub fn all(parts: &[String]) -> String {
    joined(parts, " AND ")
}

/// Any of these, each a condition already.
pub fn any(parts: &[String]) -> String {
    joined(parts, " OR ")
}

/// Whether a parameter has a value.
pub fn set(parameter: &str) -> String {
    format!("$session.params.{parameter} != null")
}

/// Whether a parameter has no value.
pub fn unset(parameter: &str) -> String {
    format!("$session.params.{parameter} = null")
}

/// Whether a parameter that only the export writes has this text.
pub fn is(parameter: &str, value: &str) -> String {
    format!("$session.params.{parameter} = \"{value}\"")
}

/// Whether a parameter is true.
pub fn holds(parameter: &str) -> String {
    format!("$session.params.{parameter} = true")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [one] => one.clone(),
        many => many.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(word),
    }
}

fn text(printed: &Printed) -> String {
    let many = |parts: &[Printed], word: &str| {
        let parts: Vec<String> = parts.iter().map(text).collect();
        joined(&parts, word)
    };
    match printed {
        Printed::Always => "true".to_owned(),
        Printed::Never => "false".to_owned(),
        Printed::Plain(plain) => plain.clone(),
        Printed::All(parts) => many(parts, " AND "),
        Printed::Any(parts) => many(parts, " OR "),
    }
}

/// `expr`, or its opposite where `wanted` is false.
fn printed(expr: &Expr, wanted: bool, scope: Scope<'_>) -> Option<Printed> {
    match &expr.kind {
        Kind::Literal(Literal::Bool(value)) => Some(settled(*value == wanted)),
        Kind::Not(inner) => printed(inner, !wanted, scope),
        Kind::And(parts) | Kind::Or(parts) => {
            let parts: Option<Vec<Printed>> = parts.iter().map(|part| printed(part, wanted, scope)).collect();
            Some(several(parts?, matches!(expr.kind, Kind::And(_)) == wanted))
        }
        Kind::Name(name) => compared(name, Comparison::Equal, &Value::Bool(true), wanted, scope),
        Kind::Has(name) => has(name, wanted, scope),
        Kind::Compare { op, left, right } => match (&left.kind, &right.kind) {
            (Kind::Name(name), _) if !name.starts_with("const.") => {
                compared(name, *op, &scope.constant(right)?, wanted, scope)
            }
            (_, Kind::Name(name)) => compared(name, op.turned(), &scope.constant(left)?, wanted, scope),
            _ => None,
        },
        Kind::In { item, list } => among(item, list, wanted, scope),
        _ => None,
    }
}

fn settled(value: bool) -> Printed {
    if value { Printed::Always } else { Printed::Never }
}

fn several(parts: Vec<Printed>, all: bool) -> Printed {
    let (neutral, final_) = if all { (Printed::Always, Printed::Never) } else { (Printed::Never, Printed::Always) };
    if parts.contains(&final_) {
        return final_;
    }
    let mut flat = Vec::new();
    for part in parts {
        match part {
            part if part == neutral => {}
            Printed::All(inner) if all => flat.extend(inner),
            Printed::Any(inner) if !all => flat.extend(inner),
            part => flat.push(part),
        }
    }
    match flat.len() {
        0 => neutral,
        1 => flat.remove(0),
        _ if all => Printed::All(flat),
        _ => Printed::Any(flat),
    }
}

/// A value as it stands in a condition.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => {
            let (before, after) = number.digits();
            (before + after <= DIGITS).then(|| number.to_string())
        }
        Value::Text(text) => {
            let plain = |c: char| !c.is_control() && !matches!(c, '"' | '\\' | '$');
            (!text.is_empty() && text.chars().all(plain)).then(|| format!("\"{text}\""))
        }
        Value::List(_) => None,
    }
}

fn compared(name: &str, op: Comparison, value: &Value, wanted: bool, scope: Scope<'_>) -> Option<Printed> {
    let (op, value) = match value {
        // A bool that differs from true is false: one way to say it.
        Value::Bool(truth) if op == Comparison::NotEqual => (Comparison::Equal, Value::Bool(!truth)),
        other => (op, other.clone()),
    };
    let right = literal(&value)?;
    if name == "sentiment" {
        // The opposite would have to hold where nothing was measured, and what `succeeded` is then, no page says.
        let at = |op| format!("$request.sentiment.score {op} {right}");
        return (wanted && scope.in_turn).then(|| Printed::All(vec![measured(), Printed::Plain(at(sign(op)))]));
    }
    let parameter = scope.parameters.get(name)?;
    let here = format!("$session.params.{}", parameter.name);
    let boolean = matches!(value, Value::Bool(_));
    let op = if wanted { op } else { op.opposite() };
    let plain = match &value {
        Value::Bool(truth) if op == Comparison::NotEqual => format!("{here} = {}", !truth),
        _ => format!("{here} {} {right}", sign(op)),
    };
    let plain = Printed::Plain(plain);
    Some(match (parameter.always, wanted) {
        (true, _) => plain,
        // `= true` is false for what is not there.
        (false, true) if boolean => plain,
        (false, true) => Printed::All(vec![Printed::Plain(set(&parameter.name)), plain]),
        (false, false) => Printed::Any(vec![Printed::Plain(unset(&parameter.name)), plain]),
    })
}

fn measured() -> Printed {
    Printed::Plain("$request.sentiment.succeeded = true".to_owned())
}

fn has(name: &str, wanted: bool, scope: Scope<'_>) -> Option<Printed> {
    if name == "sentiment" {
        return (wanted && scope.in_turn).then(measured);
    }
    let parameter = scope.parameters.get(name)?;
    Some(match (parameter.always, wanted) {
        (true, wanted) => settled(wanted),
        (false, true) => Printed::Plain(set(&parameter.name)),
        (false, false) => Printed::Plain(unset(&parameter.name)),
    })
}

fn among(item: &Expr, list: &Expr, wanted: bool, scope: Scope<'_>) -> Option<Printed> {
    let Kind::Name(name) = &item.kind else { return None };
    let values = constants(list, &|name| named(scope.flow, name))?;
    let each: Option<Vec<Printed>> =
        values.iter().map(|value| compared(name, Comparison::Equal, value, wanted, scope)).collect();
    Some(several(each?, !wanted))
}

const fn sign(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_conditions::parse::parse;

    fn printed(source: &str) -> Option<String> {
        let document = flow_model::document::read(
            r#"{"format":"handoff-flow/1","id":"f","constants":{"low":{"value":0.8},"kinds":{"value":["a","b"]}},"nodes":{}}"#,
        )
        .unwrap();
        let mut parameters: Ordered<Parameter> = Ordered::default();
        let mut add = |flow: &str, name: &str, of: Type, always| {
            parameters.insert(flow.to_owned(), Parameter { name: name.to_owned(), of, always });
        };
        add("intent", "intent", Type::Text, true);
        add("turn", "turn", Type::Integer { min: None, max: None }, true);
        add("slots.kind", "slot_kind", Type::Text, false);
        add("slots.sure", "slot_sure", Type::Bool, false);
        let scope = Scope { flow: &document.flow, parameters: &parameters, in_turn: true };
        native(&parse(source).expr, scope)
    }

    #[test]
    fn names_that_can_be_unset_are_guarded() {
        let is = |source: &str, wanted: &str| assert_eq!(printed(source).as_deref(), Some(wanted), "{source}");
        is("intent == \"a\"", "$session.params.intent = \"a\"");
        is("!(turn > 3)", "$session.params.turn <= 3");
        is("slots.kind != \"a\"", "($session.params.slot_kind != null) AND ($session.params.slot_kind != \"a\")");
        is("!(slots.kind == \"a\")", "($session.params.slot_kind = null) OR ($session.params.slot_kind != \"a\")");
        is("slots.sure", "$session.params.slot_sure = true");
        is("!slots.sure", "($session.params.slot_sure = null) OR ($session.params.slot_sure = false)");
        is("slots.sure != true", "$session.params.slot_sure = false");
        is("has(slots.kind) || true", "true");
        is("0.8 < turn && turn < const.low", "($session.params.turn > 0.8) AND ($session.params.turn < 0.8)");
        is(
            "sentiment < -0.3 && !(slots.kind in const.kinds)",
            "($request.sentiment.succeeded = true) AND ($request.sentiment.score < -0.3) AND \
             (($session.params.slot_kind = null) OR ($session.params.slot_kind != \"a\")) AND \
             (($session.params.slot_kind = null) OR ($session.params.slot_kind != \"b\"))",
        );
    }

    #[test]
    fn what_has_no_words_is_left_to_the_policy() {
        for source in [
            "confidence < 0.8",
            "slots.kind == \"a\\\"b\"",
            "turn + 1 > 2",
            "!(sentiment < 0)",
            "slots.kind.contains(\"a\")",
            "turn > 1234567890.123456789",
            "slots.kind == text",
        ] {
            assert_eq!(printed(source), None, "{source}");
        }
    }
}
