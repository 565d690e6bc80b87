//! Whether a value can be met or taken, and how to say that it cannot.

use crate::said::Said;
use crate::say;
use std::sync::Arc;

use super::Known;
use super::range::Range;
use crate::ast::{Comparison, Expr};
use crate::decimal::Decimal;
use crate::fault::{Fault, FaultCode};
use crate::names::nearest;
use crate::print::{print, quoted};
use crate::value::{Type, Value};

/// Types that can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Bool,
    Number,
    Text,
    List,
    Any,
}

pub(super) fn family(ty: &Type) -> Family {
    match ty {
        Type::Bool => Family::Bool,
        Type::Integer { .. } | Type::Number { .. } => Family::Number,
        Type::Enum(_) | Type::Text => Family::Text,
        Type::List(_) => Family::List,
        Type::Any => Family::Any,
    }
}

/// What to call a type in a sentence.
pub(super) fn noun(ty: &Type) -> Said {
    match ty {
        Type::Bool => say!("true or false"),
        Type::Integer { .. } | Type::Number { .. } => say!("a number"),
        Type::Enum(_) | Type::Text => say!("a text"),
        Type::List(_) => say!("a list"),
        Type::Any => say!("the result of a function"),
    }
}

/// What a value of a type looks like.
pub(super) fn example(ty: &Type) -> Said {
    match ty {
        Type::Bool => say!("`true` or `false`"),
        Type::Integer { .. } => say!("a whole number, such as `3`"),
        Type::Number { .. } => say!("a number, such as `0.8`"),
        Type::Enum(values) => values.first().map_or_else(
            || say!("a text"),
            |value| say!("one of its values, such as `{quoted}`", quoted = quoted(value)),
        ),
        Type::Text => say!("a text, such as `\"gold\"`"),
        Type::List(_) | Type::Any => say!("nothing"),
    }
}

/// `"0.8"` where a number is wanted, and the like.
pub(super) fn unquoted(value: Option<&Value>, wanted: &Type) -> Option<String> {
    match (value?, family(wanted)) {
        (Value::Text(text), Family::Number) => Some(text.parse::<Decimal>().ok()?.to_string()),
        (Value::Text(text), Family::Bool) if matches!(&**text, "true" | "false") => Some(text.to_string()),
        (Value::Number(number), Family::Text) => Some(quoted(&number.to_string())),
        _ => None,
    }
}

pub(super) fn type_of_value(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::Bool,
        Value::Number(number) => Range::point(*number).into_type(),
        Value::Text(_) => Type::Text,
        Value::List(_) => Type::List(Box::new(Type::Any)),
    }
}

fn out(span: crate::ast::Span, message: Said) -> Fault {
    Fault::new(FaultCode::ValueOutOfRange, span, message)
}

/// A constant, standing at `at`, that the other side can never have.
pub(super) fn value_outside(op: Comparison, value: &Value, at: &Expr, other: (&Expr, &Known)) -> Option<Fault> {
    let name = print(other.0);
    match (value, &other.1.ty) {
        (Value::Text(text), Type::Enum(values)) => not_a_value(text, values, &name, at),
        (Value::Number(number), ty) => {
            let range = Range::of(ty)?;
            if !range.holds(*number) {
                return Some(out(
                    at.span,
                    say!("`{name}` is {spread}, and never {number}.", name, spread = spread(range), number),
                ));
            }
            let exact = matches!(op, Comparison::Equal | Comparison::NotEqual);
            (exact && range.integer && !number.is_integer())
                .then(|| out(at.span, say!("`{name}` is a whole number, and never {number}.", name, number)))
        }
        _ => None,
    }
}

fn not_a_value(text: &str, values: &[Arc<str>], name: &str, at: &Expr) -> Option<Fault> {
    if values.iter().any(|value| **value == *text) {
        return None;
    }
    let near = nearest(text, values.iter().map(|value| &**value));
    let way = match near {
        Some(near) => say!("Did you mean {quoted}?", quoted = quoted(near)),
        None => say!("It can be {listed}.", listed = listed(values)),
    };
    let fault = out(at.span, say!("`{name}` is never {quoted}. {way}", name, quoted = quoted(text), way));
    Some(match near {
        Some(near) if matches!(at.kind, crate::ast::Kind::Literal(_)) => fault.replaced_by(quoted(near)),
        _ => fault,
    })
}

fn listed(values: &[Arc<str>]) -> Said {
    let most = 8;
    if values.is_empty() {
        return say!("nothing: no value is declared");
    }
    let list = values.iter().take(most).map(|value| quoted(value)).collect::<Vec<_>>().join(", ");
    Said::as_it_is(if values.len() > most { list + ", …" } else { list })
}

fn spread(range: Range) -> Said {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => Said::as_it_is(min.to_string()),
        (Some(min), Some(max)) => say!("between {min} and {max}", min, max),
        (Some(min), None) => say!("{min} or more", min),
        (None, Some(max)) => say!("{max} or less", max),
        (None, None) => say!("any number"),
    }
}

/// Why an expression cannot be a value of the wanted type.
pub(super) fn fits(expr: &Expr, known: &Known, wanted: &Type) -> Option<Fault> {
    if matches!(known.ty, Type::Any) || matches!(wanted, Type::Any) {
        return None;
    }
    if family(&known.ty) != family(wanted) {
        let message = say!(
            "Here stands {noun}, and `{print}` is {noun_2}.",
            noun = noun(wanted),
            print = print(expr),
            noun_2 = noun(&known.ty)
        );
        let mut fault = Fault::new(FaultCode::TypeMismatch, expr.span, message);
        fault.replacement = unquoted(known.constant.as_ref(), wanted);
        return Some(fault);
    }
    match (&known.constant, wanted) {
        (Some(Value::Text(text)), Type::Enum(values)) => not_a_value(text, values, "this", expr),
        (Some(Value::Number(number)), _) => {
            let range = Range::of(wanted)?;
            if !range.holds(*number) {
                return Some(out(
                    expr.span,
                    say!("This is {spread}, and never {number}.", spread = spread(range), number),
                ));
            }
            (range.integer && !number.is_integer())
                .then(|| out(expr.span, say!("This is a whole number, and never {number}.", number)))
        }
        (Some(_), _) => None,
        // Of what is computed nothing is claimed: a value that does not fit is unset when it comes.
        (None, _) => None,
    }
}
