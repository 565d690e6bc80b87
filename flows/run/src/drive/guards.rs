//! Conditions of a flow, parsed, and what is made of them.

use flow_conditions::ast::{Comparison, Expr, Kind as E, Literal, Span};
use flow_conditions::parse::parse;
use flow_conditions::value::Value;
use flow_model::flow::{Kind, Trigger};
use flow_model::names::Names;

use crate::program::Unit;

/// Conditions of a flow, parsed.
pub(super) struct Guards {
    pub(super) names: Names,
    /// For each card its branches; of a handoff the rows of `turns`.
    pub(super) branches: Vec<Vec<Expr>>,
    pub(super) triggers: Vec<Expr>,
}

impl Guards {
    pub(super) fn new(unit: &Unit) -> Self {
        let branches = unit.flow.nodes.values().map(|node| match &node.kind {
            Kind::Listen(listen) => listen.branches.iter().map(|b| read(&b.when)).collect(),
            Kind::Decision(decision) => decision.branches.iter().map(|b| read(&b.when)).collect(),
            Kind::Handoff(handoff) => handoff.waiting.turns.iter().map(|row| read(&row.when)).collect(),
            _ => Vec::new(),
        });
        Self {
            names: Names::of(&unit.flow),
            branches: branches.collect(),
            triggers: unit.flow.triggers.values().map(trigger).collect(),
        }
    }
}

fn trigger(trigger: &Trigger) -> Expr {
    let because: Vec<Expr> = trigger.because.values().map(|because| read(&because.when)).collect();
    let when = read(&trigger.when);
    if because.is_empty() { when } else { all(vec![when, Expr::any(because)]) }
}

pub(super) fn read(text: &str) -> Expr {
    parse(text).expr
}

pub(super) fn all(parts: Vec<Expr>) -> Expr {
    Expr::all(parts)
}

pub(super) fn denied(expr: Expr) -> Expr {
    Expr::new(E::Not(Box::new(expr)), Span::default())
}

pub(super) fn has(name: &str) -> Expr {
    Expr::new(E::Has(name.into()), Span::default())
}

/// That a name has this value.
pub(super) fn fact(name: &str, value: Option<&Value>) -> Expr {
    let literal = match value {
        None | Some(Value::List(_)) => return denied(has(name)),
        Some(Value::Bool(truth)) => Literal::Bool(*truth),
        Some(Value::Number(number)) => Literal::Number(*number),
        Some(Value::Text(text)) => Literal::Text(text.clone()),
    };
    let left = Box::new(Expr::new(E::Name(name.into()), Span::default()));
    let right = Box::new(Expr::new(E::Literal(literal), Span::default()));
    Expr::new(E::Compare { op: Comparison::Equal, left, right }, Span::default())
}
