//! The confidence below which a platform's own understanding gives up.
//!
//! What must stay true: it lies below every bound that the flow sets on `confidence`, so that what the flow decides about
//! an unsure turn is decided by the flow.

use flow_conditions::ast::{Expr, Kind as Ast, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::flow::Flow;

use crate::policy::Policy;

/// What Rasa and Dialogflow CX take where nothing is set.
pub const USUAL: &str = "0.3";

/// Half of the smallest bound above nought that a condition sets on `confidence`, so that no such bound lies in the fallback's range;
/// `usual` where that is smaller.
pub fn below_every_bound(policy: &Policy<'_>, usual: &str) -> Decimal {
    let mut least = Decimal::parse_json(usual).unwrap_or(Decimal::ZERO);
    let half = Decimal::new(5, 1).unwrap_or(Decimal::ZERO);
    for condition in policy.conditions() {
        let Some((_, flow)) = policy.flows.iter().find(|(id, _)| *id == condition.flow) else { continue };
        bounds(&condition.expr, flow, &mut |bound| {
            // No recogniser is sure to the degree of nought, and Dialogflow CX takes nought for its own default.
            if bound > Decimal::ZERO
                && let Some(below) = bound.checked_mul(half)
            {
                least = least.min(below);
            }
        });
    }
    least.min(Decimal::ONE)
}

fn bounds(expr: &Expr, flow: &Flow, found: &mut dyn FnMut(Decimal)) {
    if let Ast::Compare { left, right, .. } = &expr.kind {
        let confidence = |side: &Expr| matches!(&side.kind, Ast::Name(name) if name.as_ref() == "confidence");
        for (name, bound) in [(left, right), (right, left)] {
            if confidence(name)
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
