//! What an expression is worth that is the same at every time.

use flow_conditions::ast::{Expr, Kind, Literal};
use flow_conditions::value::Value;
use flow_model::flow::Flow;

/// What a name of the flow stands for, where it is one of its constants.
pub fn named(flow: &Flow, name: &str) -> Option<Value> {
    flow.constants.get(name.strip_prefix("const.")?)?.value.clone()
}

/// The value of an expression that is written out, or that `known` has a constant for.
pub fn constant(expr: &Expr, known: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    match &expr.kind {
        Kind::Literal(Literal::Bool(value)) => Some(Value::Bool(*value)),
        Kind::Literal(Literal::Number(value)) => Some(Value::Number(*value)),
        Kind::Literal(Literal::Text(value)) => Some(Value::Text(value.clone())),
        Kind::Name(name) => known(name),
        Kind::Negate(inner) => match constant(inner, known)? {
            Value::Number(number) => Some(Value::Number(-number)),
            _ => None,
        },
        _ => None,
    }
}

/// The values right of `in`, if all of them are constants.
pub fn constants(expr: &Expr, known: &dyn Fn(&str) -> Option<Value>) -> Option<Vec<Value>> {
    match &expr.kind {
        Kind::List(items) => items.iter().map(|item| constant(item, known)).collect(),
        Kind::Name(_) => match constant(expr, known)? {
            Value::List(items) => Some(items),
            _ => None,
        },
        _ => None,
    }
}
