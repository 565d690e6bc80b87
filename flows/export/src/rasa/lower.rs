//! Decides what the project will be, from the flow and the flows that it calls.

use flow_check::Checked;
use flow_conditions::ast::{Comparison, Expr, Kind as Ast, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};
use flow_model::flow::Flow;

use super::names;
use crate::names::Names;
use crate::policy::Policy;

/// The confidence below which Rasa's own fallback takes a message, where the flow sets no bound of its own.
const FALLBACK: &str = "0.3";

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What it decides.
    pub policy: Policy<'a>,
    /// Rasa's name of each intent of the flow itself: those of called flows count as none.
    pub intents: Names,
    /// Rasa's name of each entity.
    pub entities: Names,
    /// Rasa's name of each call's function.
    pub calls: Names,
    /// Threshold of the `FallbackClassifier`.
    pub fallback: Decimal,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let policy = Policy::of(checked);
        let intents = names::intents(checked.flow().intents.keys().map(String::as_str));
        let slots = policy.flows.iter().flat_map(|(_, flow)| flow.slots.values());
        let entities = names::entities(slots.filter_map(|slot| slot.entity.as_deref()));
        let calls = policy.flows.iter().flat_map(|(_, flow)| flow.calls.keys());
        let calls = names::calls(calls.map(String::as_str));
        let fallback = fallback(&policy);
        Self { policy, intents, entities, calls, fallback }
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.policy.flow()
    }

    /// What an entity's values are: those of the first slot that it fills.
    pub fn entity_type(&self, entity: &str) -> Option<&'a Type> {
        self.policy.slots.values().find(|slot| slot.entity.as_deref() == Some(entity)).map(|slot| &slot.r#type)
    }
}

/// Half of the smallest bound that a condition sets on `confidence`, so that no such bound lies in the fallback's range.
fn fallback(policy: &Policy<'_>) -> Decimal {
    let mut least = Decimal::parse_json(FALLBACK).unwrap_or(Decimal::ZERO);
    let half = Decimal::new(5, 1).unwrap_or(Decimal::ZERO);
    for condition in policy.conditions() {
        let Some((_, flow)) = policy.flows.iter().find(|(id, _)| *id == condition.flow) else { continue };
        bounds(&condition.expr, flow, &mut |bound| {
            if let Some(below) = bound.checked_mul(half) {
                least = least.min(below);
            }
        });
    }
    least.clamp(Decimal::ZERO, Decimal::ONE)
}

fn bounds(expr: &Expr, flow: &Flow, found: &mut dyn FnMut(Decimal)) {
    if let Ast::Compare { op, left, right } = &expr.kind {
        let confidence = |side: &Expr| matches!(&side.kind, Ast::Name(name) if name.as_ref() == "confidence");
        let exact = matches!(op, Comparison::Equal | Comparison::NotEqual);
        for (name, bound) in [(left, right), (right, left)] {
            if confidence(name)
                && !exact
                && let Some(bound) = constant(bound, flow)
            {
                found(bound);
            }
        }
    }
    for child in expr.children() {
        bounds(child, flow, found);
    }
}

fn constant(expr: &Expr, flow: &Flow) -> Option<Decimal> {
    match &expr.kind {
        Ast::Literal(Literal::Number(number)) => Some(*number),
        Ast::Name(name) => match flow.constants.get(name.strip_prefix("const.")?)?.value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        },
        _ => None,
    }
}
