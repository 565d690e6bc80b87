//! Names to test with.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::ast::{Expr, Kind, Literal, Span};
use crate::decimal::Decimal;
use crate::value::{Meaning, Scope, Type, Value};

/// A scope made by hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(pub(crate) BTreeMap<String, Meaning>);

pub(crate) fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(crate) fn values(values: &[&str]) -> Type {
    Type::Enum(values.iter().map(|value| Arc::from(*value)).collect())
}

pub(crate) fn dense(min: &str, max: &str) -> Type {
    Type::Number { min: Some(number(min)), max: Some(number(max)) }
}

pub(crate) fn whole(min: &str, max: &str) -> Type {
    Type::Integer { min: Some(number(min)), max: Some(number(max)) }
}

impl Names {
    pub(crate) fn with(mut self, name: &str, ty: Type, can_be_unset: bool) -> Self {
        self.0.insert(name.to_owned(), Meaning { r#type: ty, constant: None, can_be_unset });
        self
    }

    pub(crate) fn constant(mut self, name: &str, ty: Type, value: Value) -> Self {
        self.0.insert(name.to_owned(), Meaning { r#type: ty, constant: Some(value), can_be_unset: false });
        self
    }

    pub(crate) fn sample() -> Self {
        Self::default()
            .with("intent", values(&["fee_dispute", "request_human", "cancel", "none"]), false)
            .with("tier", values(&["standard", "gold", "vip"]), true)
            .with("confidence", dense("0", "1"), true)
            .with("sentiment", dense("-1", "1"), true)
            .with("turn", whole("0", "100000"), false)
            .with("queue.tier2.wait", dense("0", "86400"), false)
            .with("queue.tier2.open", Type::Bool, false)
            .with("flag", Type::Bool, true)
            .with("other", Type::Bool, true)
            .with("text", Type::Text, true)
            .with("slots.name", Type::Text, true)
            .with("reasons", Type::List(Box::new(Type::Text)), false)
            .constant("const.unsure", dense("0", "1"), Value::Number(number("0.8")))
            .constant("const.big", Type::Number { min: None, max: None }, Value::Number(number("3")))
            .constant("const.list", Type::List(Box::new(Type::Text)), Value::List(vec![text("cancel"), text("none")]))
            .constant("const.wrong", Type::List(Box::new(Type::Text)), Value::List(vec![text("cancel"), text("nope")]))
    }
}

impl Scope for Names {
    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.0.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn functions(&self) -> &[(&'static str, usize)] {
        &[("transcript.last", 1), ("summary", 0), ("actions", 0)]
    }
}

/// The names that arbitrary expressions use.
pub(crate) const ARBITRARY_NAMES: [&str; 8] =
    ["a", "b.c", "confidence", "queue.tier1.open", "const.x", "text", "has", "contains"];

/// Any value that is not a list.
pub(crate) fn arb_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        (-4_i64..5, 0_u32..2).prop_map(|(n, s)| Value::Number(Decimal::new(n.into(), s).unwrap())),
        "[ab]{0,2}".prop_map(|text| Value::Text(text.into())),
    ]
}

fn arb_literal() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => arb_value().prop_map(|value| match value {
            Value::Bool(value) => Literal::Bool(value),
            Value::Number(value) => Literal::Number(value),
            Value::Text(value) => Literal::Text(value),
            Value::List(_) => Literal::Bool(false),
        }),
        1 => any::<String>().prop_map(|text| Literal::Text(text.into())),
        1 => (any::<i64>(), 0_u32..12).prop_map(|(n, s)| Literal::Number(Decimal::new(n.into(), s).unwrap())),
    ]
    .prop_map(Kind::Literal)
}

fn arb_name() -> impl Strategy<Value = Arc<str>> {
    proptest::sample::select(&ARBITRARY_NAMES[..]).prop_map(Arc::from)
}

fn flat(parts: Vec<Expr>, and: bool) -> Kind {
    let mut all = Vec::new();
    for part in parts {
        match (and, part.kind) {
            (true, Kind::And(inner)) | (false, Kind::Or(inner)) => all.extend(inner),
            (_, kind) => all.push(Expr::new(kind, part.span)),
        }
    }
    if and { Kind::And(all) } else { Kind::Or(all) }
}

fn negated(inner: Expr) -> Kind {
    match inner.kind {
        Kind::Literal(Literal::Number(number)) => Kind::Literal(Literal::Number(-number)),
        _ => Kind::Negate(Box::new(inner)),
    }
}

/// Any expression that the parser can give, well typed or not.
pub(crate) fn arb_expr() -> impl Strategy<Value = Expr> {
    use crate::ast::{Arithmetic, Comparison, TextTest};
    let leaf = prop_oneof![
        arb_literal(),
        arb_name().prop_map(Kind::Name),
        arb_name().prop_map(Kind::Has),
        (0_i64..9).prop_map(|n| Kind::Call {
            function: "transcript.last".into(),
            arguments: vec![Expr::new(Kind::Literal(Literal::Number(n.into())), Span::default())],
        }),
    ]
    .prop_map(|kind| Expr::new(kind, Span::default()));
    let comparison = proptest::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
    ]);
    let test = proptest::sample::select(vec![TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains]);
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let one = inner.clone().prop_map(Box::new).boxed();
        let list = prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Kind::List),
            arb_name().prop_map(Kind::Name),
        ]
        .prop_map(|kind| Box::new(Expr::new(kind, Span::default())));
        prop_oneof![
            one.clone().prop_map(Kind::Not),
            inner.clone().prop_map(negated),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| flat(parts, true)),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| flat(parts, false)),
            (comparison.clone(), one.clone(), one.clone()).prop_map(|(op, left, right)| Kind::Compare {
                op,
                left,
                right
            }),
            (one.clone(), list).prop_map(|(item, list)| Kind::In { item, list }),
            (test.clone(), one.clone(), one.clone()).prop_map(|(test, subject, argument)| Kind::Test {
                test,
                subject,
                argument
            }),
            (any::<bool>(), one.clone(), one.clone()).prop_map(|(add, left, right)| {
                Kind::Arithmetic { op: if add { Arithmetic::Add } else { Arithmetic::Subtract }, left, right }
            }),
            (any::<bool>(), -3_i64..4, one.clone()).prop_map(|(first, n, side)| {
                let number = Box::new(Expr::new(Kind::Literal(Literal::Number(n.into())), Span::default()));
                let (left, right) = if first { (number, side) } else { (side, number) };
                Kind::Arithmetic { op: Arithmetic::Multiply, left, right }
            }),
            proptest::collection::vec(inner, 0..3).prop_map(Kind::List),
        ]
        .prop_map(|kind| Expr::new(kind, Span::default()))
    })
}
