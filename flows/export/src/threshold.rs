//! The confidence below which a platform's own understanding gives up.
//!
//! What must stay true: it lies below every bound that the flow sets on `confidence`, so that what the flow decides about
//! an unsure turn is decided by the flow.

use flow_conditions::ast::{Comparison, Expr, Kind as Ast, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::flow::Flow;

use crate::policy::Policy;

/// What Rasa and Dialogflow CX take where nothing is set.
pub const USUAL: &str = "0.3";

/// Half of the smallest bound that a condition sets on `confidence`, so that no such bound lies in the fallback's range;
/// `usual` where that is smaller.
pub fn below_every_bound(policy: &Policy<'_>, usual: &str) -> Decimal {
    let mut least = Decimal::parse_json(usual).unwrap_or(Decimal::ZERO);
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
