//! What the product's own engine makes of a case: read, type-checked, printed, and evaluated in both ways.

use flow_conditions::decimal::Decimal;
use flow_conditions::eval::{Compiled, Env, Slot, eval_named};
use flow_conditions::parse::{Fault, parse};
use flow_conditions::print::print;
use flow_conditions::types::{Want, check, type_of};
use flow_conditions::value::{Meaning, Scope, Seen, Type, Value};

use super::case::{Case, Kind, Outcome};

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Made {
    /// It is not read or does not pass the type check, and this is why.
    Refused(String),
    /// A value, or unset; and its type.
    Value(Option<Value>, Option<Type>),
    /// The engine contradicts itself.
    Torn(&'static str),
}

struct Names<'a>(&'a Case);

impl Scope for Names<'_> {
    fn meaning(&self, name: &str) -> Option<Meaning> {
        let (_, kind) = self.0.types.iter().find(|(known, _)| known == name)?;
        let r#type = match kind {
            Kind::Bool => Type::Bool,
            Kind::Integer => Type::Integer { min: None, max: None },
            Kind::Double => Type::Number { min: None, max: None },
            Kind::Text => Type::Text,
            Kind::Message | Kind::Other => return None,
        };
        Some(Meaning { r#type, constant: None, can_be_unset: true })
    }

    fn names(&self) -> Vec<String> {
        self.0.types.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// The values of the names, in the order of the case.
struct Values(Vec<(String, Option<Value>)>);

impl Env for Values {
    fn seen(&self, slot: u32) -> Seen<'_> {
        Seen::from(self.0.get(slot as usize).and_then(|(_, value)| value.as_ref()))
    }
}

/// A value of the engine's own kind.
pub(super) fn value(outcome: &Outcome) -> Option<Value> {
    match outcome {
        Outcome::Bool(value) => Some(Value::Bool(*value)),
        Outcome::Integer(digits) => digits.parse::<Decimal>().ok().map(Value::Number),
        Outcome::Double(number) => number.to_string().parse::<Decimal>().ok().map(Value::Number),
        Outcome::Text(text) => Some(Value::Text(text.as_str().into())),
        Outcome::Message | Outcome::Other => None,
    }
}

/// Gives a case to the engine.
pub(super) fn run(case: &Case) -> Made {
    let parsed = parse(&case.expr);
    let mut faults = parsed.faults.clone();
    if parsed.is_sound() {
        faults.extend(check(&parsed.expr, &Names(case), &Want::Payload));
    }
    if let Some(fault) = faults.iter().find(|fault| !fault.is_warning()) {
        return Made::Refused(fault.message.clone());
    }
    let printed = print(&parsed.expr);
    let again = parse(&printed);
    if again.faults.iter().any(|fault: &Fault| !fault.is_warning()) || print(&again.expr) != printed {
        return Made::Torn("what it prints is not what it reads");
    }
    let values = Values(case.values.iter().map(|(name, outcome)| (name.clone(), value(outcome))).collect());
    let lookup = |name: &str| values.0.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.clone());
    let mut resolve = |name: &str| match values.0.iter().position(|(known, _)| known == name) {
        Some(at) => u32::try_from(at).map_or(Slot::Unset, Slot::Index),
        None => Slot::Unset,
    };
    let fast = Compiled::new(&parsed.expr, &mut resolve).value(&values);
    if fast != eval_named(&parsed.expr, &lookup) || fast != Compiled::new(&again.expr, &mut resolve).value(&values) {
        return Made::Torn("its two evaluations do not agree");
    }
    Made::Value(fast, type_of(&parsed.expr, &Names(case)))
}

/// Whether a value is the expected one. An expected `double` is what the exact decimal is nearest to.
pub(super) fn same(made: Option<&Value>, expected: &Outcome) -> bool {
    match (made, expected) {
        (Some(Value::Number(made)), Outcome::Double(expected)) => {
            made.to_string().parse::<f64>().is_ok_and(|made| made == *expected)
        }
        (made, Outcome::Bool(_) | Outcome::Integer(_) | Outcome::Text(_)) => {
            made.is_some() && made == value(expected).as_ref()
        }
        _ => false,
    }
}

/// Whether a type is the expected one. Integers and decimals are one type of number here.
pub(super) fn same_type(made: Option<&Type>, expected: Kind) -> bool {
    matches!(
        (made, expected),
        (Some(Type::Bool), Kind::Bool)
            | (Some(Type::Integer { .. } | Type::Number { .. }), Kind::Integer | Kind::Double)
            | (Some(Type::Text | Type::Enum(_)), Kind::Text)
    )
}
