//! Evaluation by names, straight over the tree: slower than [`crate::eval`], and the meaning that it must agree with.
//! Also the reasons: which comparisons held, and of which values.

use crate::ast::{Expr, Kind, Literal, Span};
use crate::eval::meets;
use crate::print::print;
use crate::types::calculate;
use crate::value::{Seen, Value};
use crate::words::value_words;

/// How names get their values.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// The value of an expression, or `None` where it is unset. A call is looked up by its printed text.
#[must_use]
pub fn eval_named(expr: &Expr, lookup: Lookup<'_>) -> Option<Value> {
    match &expr.kind {
        Kind::Literal(Literal::Bool(value)) => Some(Value::Bool(*value)),
        Kind::Literal(Literal::Number(value)) => Some(Value::Number(*value)),
        Kind::Literal(Literal::Text(value)) => Some(Value::Text(value.clone())),
        Kind::Name(name) => lookup(name),
        Kind::Call { .. } => lookup(&print(expr)),
        Kind::List(items) => Some(Value::List(items.iter().filter_map(|item| eval_named(item, lookup)).collect())),
        Kind::Negate(inner) => match eval_named(inner, lookup)? {
            Value::Number(number) => Some(Value::Number(-number)),
            _ => None,
        },
        Kind::Arithmetic { op, left, right } => match (eval_named(left, lookup)?, eval_named(right, lookup)?) {
            (Value::Number(left), Value::Number(right)) => calculate(*op, left, right).map(Value::Number),
            _ => None,
        },
        Kind::Has(name) => Some(Value::Bool(lookup(name).is_some())),
        Kind::Not(inner) => Some(Value::Bool(!holds_named(inner, lookup))),
        Kind::And(parts) => Some(Value::Bool(parts.iter().all(|part| holds_named(part, lookup)))),
        Kind::Or(parts) => Some(Value::Bool(parts.iter().any(|part| holds_named(part, lookup)))),
        Kind::Compare { op, left, right } => {
            let (left, right) = (side(left, lookup), side(right, lookup));
            Some(Value::Bool(meets(*op, Seen::from(left.as_ref()), Seen::from(right.as_ref()))))
        }
        Kind::In { item, list } => {
            let (item, list) = (side(item, lookup), eval_named(list, lookup));
            let Some(Value::List(values)) = list else { return Some(Value::Bool(false)) };
            let equal = |value: &Value| {
                meets(crate::ast::Comparison::Equal, Seen::from(item.as_ref()), Seen::from(Some(value)))
            };
            Some(Value::Bool(values.iter().any(equal)))
        }
        Kind::Test { test, subject, argument } => match (side(subject, lookup), side(argument, lookup)) {
            (Some(Value::Text(text)), Some(Value::Text(part))) => Some(Value::Bool(test.holds(&text, &part))),
            _ => Some(Value::Bool(false)),
        },
        Kind::Broken => None,
    }
}

/// A side of a comparison.
fn side(expr: &Expr, lookup: Lookup<'_>) -> Option<Value> {
    eval_named(expr, lookup)
}

/// Whether an expression holds as a condition.
#[must_use]
pub fn holds_named(expr: &Expr, lookup: Lookup<'_>) -> bool {
    eval_named(expr, lookup) == Some(Value::Bool(true))
}

/// One comparison, test or bool of a condition, with its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// Its canonical text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it holds.
    pub holds: bool,
    /// The name that it is about: the first that is not a constant's.
    pub name: Option<String>,
    /// The value of that name.
    pub actual: Option<Value>,
    /// It with the actual values: `confidence 0.62 < 0.8`.
    pub reason: String,
}

/// Every comparison, test and bool of a condition, left to right, with its outcome and the values at hand.
#[must_use]
pub fn explain(expr: &Expr, lookup: Lookup<'_>) -> Vec<Atom> {
    let mut atoms = Vec::new();
    collect(expr, lookup, &mut atoms);
    atoms
}

fn collect(expr: &Expr, lookup: Lookup<'_>, atoms: &mut Vec<Atom>) {
    match &expr.kind {
        Kind::And(parts) | Kind::Or(parts) => parts.iter().for_each(|part| collect(part, lookup, atoms)),
        Kind::Not(inner) => collect(inner, lookup, atoms),
        _ => atoms.push(atom(expr, lookup)),
    }
}

fn atom(expr: &Expr, lookup: Lookup<'_>) -> Atom {
    let names = expr.names();
    let name =
        names.iter().find(|(name, _)| !name.starts_with("const.")).or(names.first()).map(|(name, _)| name.to_string());
    let actual = name.as_deref().and_then(lookup);
    Atom {
        text: print(expr),
        span: expr.span,
        holds: holds_named(expr, lookup),
        name,
        actual,
        reason: reason(expr, lookup),
    }
}

fn reason(expr: &Expr, lookup: Lookup<'_>) -> String {
    match &expr.kind {
        Kind::Compare { op, left, right } => {
            format!("{} {} {}", described(left, lookup), op.sign(), described(right, lookup))
        }
        Kind::In { item, list } => format!("{} in {}", described(item, lookup), described_list(list, lookup)),
        Kind::Test { test, subject, argument } => {
            format!("{} {} {}", described(subject, lookup), test.function(), described(argument, lookup))
        }
        Kind::Has(name) => format!("{name} {}", shown(lookup(name).as_ref())),
        _ => described(expr, lookup),
    }
}

/// A name with its value, a constant as its value, anything else as it is written, names with values.
fn described(expr: &Expr, lookup: Lookup<'_>) -> String {
    match &expr.kind {
        Kind::Name(name) if name.starts_with("const.") => {
            lookup(name).map_or_else(|| name.to_string(), |value| value_words(&value))
        }
        Kind::Name(name) => format!("{name} {}", shown(lookup(name).as_ref())),
        Kind::Literal(_) => print(expr),
        _ => format!("{} ({})", print(expr), shown(eval_named(expr, lookup).as_ref())),
    }
}

fn described_list(list: &Expr, lookup: Lookup<'_>) -> String {
    match &list.kind {
        Kind::Name(name) => lookup(name).map_or_else(|| name.to_string(), |value| value_words(&value)),
        _ => print(list),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "unset".to_owned(), value_words)
}
