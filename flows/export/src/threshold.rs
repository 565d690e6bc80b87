//! The confidence below which a platform's own understanding gives up.
//!
//! What must stay true: it lies below every bound that the flow sets on `confidence`, so that what the flow decides about
//! an unsure turn is decided by the flow. Where a bound depends on something else, none is known, and the threshold is
//! nought.

use flow_conditions::ast::{Arithmetic, Expr, Kind as Ast, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::value::Value;
use flow_model::flow::Flow;

use crate::constants::named;
use crate::policy::{Place, Policy};

/// What Rasa and Dialogflow CX take where nothing is set.
pub const USUAL: &str = "0.3";
/// Digits behind the point of a number of a flow (`docs/format.md`).
const PLACES: u32 = 9;

/// A bound on `confidence` that depends on something else.
struct Unknown;

/// Half of the smallest bound above nought that a condition sets on `confidence`, so that no such bound lies in the fallback's range;
/// `usual` where that is smaller, nought where a bound is not known.
pub fn below_every_bound(policy: &Policy<'_>, usual: &str) -> Decimal {
    let usual = Decimal::parse_json(usual).unwrap_or(Decimal::ZERO);
    let half = Decimal::new(5, 1).unwrap_or(Decimal::ZERO);
    // No recogniser is sure to the degree of nought.
    let bounds = bounds(policy).map(|found| found.into_iter().filter(|bound| *bound > Decimal::ZERO).min());
    match bounds {
        Ok(Some(least)) => least.checked_mul(half).map_or(Decimal::ZERO, |below| below.min(usual)),
        Ok(None) => usual,
        Err(Unknown) => Decimal::ZERO,
    }
}

/// What is made sure of about a threshold that is written; nothing where it does not hold.
pub fn told(policy: &Policy<'_>, threshold: Decimal) -> Option<Said> {
    match bounds(policy) {
        Ok(found) => found.iter().all(|bound| *bound <= Decimal::ZERO || threshold < *bound).then(|| {
            say!(
                "the threshold {threshold} of understanding is below every bound that the flow sets on confidence",
                threshold
            )
        }),
        Err(Unknown) => Some(say!(
            "the threshold {threshold} of understanding is the lowest that there is: a bound that the flow sets on \
             confidence depends on something else",
            threshold
        )),
    }
}

/// The bounds of every condition.
fn bounds(policy: &Policy<'_>) -> Result<Vec<Decimal>, Unknown> {
    let kept = kept_in(policy);
    let mut found = Vec::new();
    for condition in policy.conditions() {
        let Some((_, flow)) = policy.flows.iter().find(|(id, _)| *id == condition.flow) else { continue };
        // A confidence that was put aside is compared later.
        let aside = |name: &str| kept.iter().any(|(of, slot)| *of == condition.flow && name == format!("slots.{slot}"));
        if condition.expr.names().iter().any(|(name, _)| aside(name)) {
            return Err(Unknown);
        }
        turning(&condition.expr, flow, &mut found)?;
    }
    Ok(found)
}

/// The slots that are set to something with the confidence in it, by flow.
fn kept_in<'p>(policy: &'p Policy<'_>) -> Vec<(&'p str, &'p str)> {
    let aside =
        policy.expressions().iter().filter(|one| one.expr.names().iter().any(|(name, _)| &**name == "confidence"));
    aside
        .filter_map(|one| match &one.place {
            Place::Assign(_, slot) => Some((one.flow.as_str(), slot.as_str())),
            _ => None,
        })
        .collect()
}

fn asks(expr: &Expr) -> bool {
    expr.names().iter().any(|(name, _)| &**name == "confidence")
}

/// The values of `confidence` at which a part of a condition turns.
fn turning(expr: &Expr, flow: &Flow, found: &mut Vec<Decimal>) -> Result<(), Unknown> {
    match &expr.kind {
        Ast::Compare { left, right, .. } if asks(left) || asks(right) => {
            found.extend(root(line(left, flow)?, line(right, flow)?)?);
        }
        Ast::In { item, list } if asks(item) || asks(list) => {
            let item = line(item, flow)?;
            match &list.kind {
                Ast::List(entries) => {
                    for entry in entries {
                        found.extend(root(item, line(entry, flow)?)?);
                    }
                }
                Ast::Name(name) => {
                    let Some(Value::List(values)) = named(flow, name) else { return Err(Unknown) };
                    for value in values.iter() {
                        let Value::Number(number) = value else { continue };
                        found.extend(root(item, Line { slope: Decimal::ZERO, at_zero: *number })?);
                    }
                }
                _ => return Err(Unknown),
            }
        }
        _ => {
            for child in expr.children() {
                turning(child, flow, found)?;
            }
        }
    }
    Ok(())
}

/// A straight line over `confidence`.
#[derive(Clone, Copy)]
struct Line {
    slope: Decimal,
    at_zero: Decimal,
}

/// What a side of a comparison is, where nothing but the confidence is in it.
fn line(expr: &Expr, flow: &Flow) -> Result<Line, Unknown> {
    let level = |at_zero| Line { slope: Decimal::ZERO, at_zero };
    match &expr.kind {
        Ast::Literal(Literal::Number(number)) => Ok(level(*number)),
        Ast::Name(name) if &**name == "confidence" => Ok(Line { slope: Decimal::ONE, at_zero: Decimal::ZERO }),
        Ast::Name(name) => match named(flow, name) {
            Some(Value::Number(number)) => Ok(level(number)),
            _ => Err(Unknown),
        },
        Ast::Negate(inner) => {
            let inner = line(inner, flow)?;
            Ok(Line { slope: inner.slope.neg(), at_zero: inner.at_zero.neg() })
        }
        Ast::Arithmetic { op, left, right } => {
            let (left, right) = (line(left, flow)?, line(right, flow)?);
            let both = |of: fn(Decimal, Decimal) -> Option<Decimal>| {
                Some(Line { slope: of(left.slope, right.slope)?, at_zero: of(left.at_zero, right.at_zero)? })
            };
            let by = |line: Line, factor: Decimal| {
                Some(Line { slope: line.slope.checked_mul(factor)?, at_zero: line.at_zero.checked_mul(factor)? })
            };
            let made = match op {
                Arithmetic::Add => both(Decimal::checked_add),
                Arithmetic::Subtract => both(Decimal::checked_sub),
                Arithmetic::Multiply if right.slope == Decimal::ZERO => by(left, right.at_zero),
                Arithmetic::Multiply if left.slope == Decimal::ZERO => by(right, left.at_zero),
                Arithmetic::Multiply => None,
            };
            made.ok_or(Unknown)
        }
        _ => Err(Unknown),
    }
}

/// Where two lines meet; nowhere where they do not.
fn root(left: Line, right: Line) -> Result<Option<Decimal>, Unknown> {
    let slope = left.slope.checked_sub(right.slope).ok_or(Unknown)?;
    let apart = right.at_zero.checked_sub(left.at_zero).ok_or(Unknown)?;
    if slope == Decimal::ZERO {
        return Ok(None);
    }
    let at = Decimal::div_round(apart, slope, PLACES).ok_or(Unknown)?;
    // One that is rounded to nought lies nearer to it than any number of a flow.
    if at == Decimal::ZERO && apart != Decimal::ZERO { Err(Unknown) } else { Ok(Some(at)) }
}

#[cfg(test)]
mod tests {
    use super::{USUAL, below_every_bound, told};
    use crate::policy::Policy;

    fn threshold(when: &str) -> (String, bool) {
        let text = r#"{"format":"handoff-flow/1","id":"f","constants":{"low":{"value":0.2},"lows":{"value":[0.2,0.1]}},
            "slots":{"t":{"type":"number"},"c":{"type":"number"}},"nodes":{"start":{"kind":"start","next":"s"},
            "s":{"kind":"set","assign":{"c":"confidence"},"next":"l"},
            "l":{"kind":"listen","branches":[{"when":"WHEN","to":"x"}],"else":"l"},"x":{"kind":"end","outcome":"done"}}}"#;
        let document = flow_model::document::read_bytes(text.replace("WHEN", when).as_bytes()).unwrap();
        let checked = flow_check::valid(&document, &|_| None).unwrap();
        let policy = Policy::of(&checked);
        let found = below_every_bound(&policy, USUAL);
        (found.to_string(), told(&policy, found).unwrap().text().contains("below every bound"))
    }

    #[test]
    fn it_lies_below_every_bound_and_is_nought_where_one_is_not_known() {
        for (when, expected, known) in [
            ("confidence < 0.8", "0.3", true),
            ("confidence < const.low", "0.1", true),
            ("confidence * 2 < 0.3", "0.075", true),
            ("1 - confidence > 0.9", "0.05", true),
            ("-confidence > -0.1", "0.05", true),
            ("confidence in [0.1]", "0.05", true),
            ("confidence in const.lows", "0.05", true),
            ("0.1 == confidence", "0.05", true),
            ("confidence - 0.1 > confidence", "0.3", true),
            ("confidence + 1 > 0.5 && turn > 1", "0.3", true),
            ("has(confidence)", "0.3", true),
            ("confidence < slots.t", "0", false),
            ("confidence * 0.000000001 < 0.000000001 * slots.t", "0", false),
            ("slots.c < 0.1", "0", false),
            ("slots.t < 0.1", "0.3", true),
        ] {
            assert_eq!(threshold(when), (expected.to_owned(), known), "{when}");
        }
    }
}
