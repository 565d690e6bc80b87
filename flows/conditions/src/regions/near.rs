//! The nearest way from how things are to another answer: for each name the value of each cell that is nearest to its
//! own, and for a guard the ways in which it could hold, each with as little changed as that way needs.
//!
//! What must stay true: a value that is given lies in its cell, so that every test there answers as it does anywhere in
//! the cell; and no value of the cell that has as few digits lies nearer.

use super::boxes::{Space, cubes};
use super::cells::MOST_TEXTS;
use super::lower::{Lowered, lower};
use super::runs::Run;
use crate::ast::Expr;
use crate::value::{Scope, Value};

/// The value that a name has now; `None` is unset.
pub type Now<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// A name and other values for it, each of another cell.
pub type Others = (String, Vec<Option<Value>>);

/// What differs: names with other values.
pub type Differences = Vec<(String, Option<Value>)>;

/// For each name that guards ask about, the nearest value of each cell but its own, in the order of the cells. Names whose
/// values cannot be told apart exactly are left out, and so is what guards ask that is not analysed.
#[must_use]
pub fn others(guards: &[&Expr], scope: &dyn Scope, now: Now<'_>) -> Vec<Others> {
    let lowered = lower(guards, scope);
    let Some(space) = Space::new(&lowered.subjects, MOST_TEXTS) else { return Vec::new() };
    let mut found = Vec::new();
    for (at, subject) in lowered.subjects.iter().enumerate() {
        let Some(axis) = space.axis(at) else { continue };
        let own = now(&subject.name);
        let here = axis.place(own.as_ref(), &subject.tests);
        let places = (0..axis.len).filter(|place| Some(*place) != here);
        let values = places.filter_map(|place| axis.nearest(Run { lo: place, hi: place }, own.as_ref()));
        found.push((subject.name.clone(), values.collect()));
    }
    found
}

/// The ways in which a guard could hold, each as what would have to differ; an empty one where it holds already. `None`
/// where the guard is not analysed or has too many ways.
#[must_use]
pub fn ways(guard: &Expr, scope: &dyn Scope, now: Now<'_>) -> Option<Vec<Differences>> {
    let lowered = lower(&[guard], scope);
    if lowered.faults.iter().any(Option::is_some) {
        return None;
    }
    let Lowered { formulas, subjects, .. } = &lowered;
    let space = Space::new(subjects, MOST_TEXTS)?;
    let cubes = cubes(formulas.first()?, true, &space).ok()?;
    let mut found = Vec::new();
    for cube in cubes {
        let mut differs = Differences::new();
        for (at, runs) in &cube {
            let (axis, subject) = (space.axis(*at as usize)?, subjects.get(*at as usize)?);
            let own = now(&subject.name);
            let here = axis.place(own.as_ref(), &subject.tests);
            if here.is_some_and(|here| runs.0.iter().any(|run| run.lo <= here && here <= run.hi)) {
                continue;
            }
            let values = runs.0.iter().filter_map(|run| axis.nearest(*run, own.as_ref()));
            let best = values.min_by_key(|value| distance(own.as_ref(), value.as_ref()))?;
            differs.push((subject.name.clone(), best));
        }
        found.push(differs);
    }
    Some(found)
}

/// How far a value is: numbers by their difference, whether there is a value before all.
fn distance(own: Option<&Value>, other: Option<&Value>) -> (bool, Option<crate::decimal::Decimal>) {
    let far = match (own, other) {
        (Some(Value::Number(own)), Some(Value::Number(other))) => own.checked_sub(*other).map(|far| far.abs()),
        _ => None,
    };
    (own.is_some() != other.is_some(), far)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decimal::Decimal;
    use crate::named::holds_named;
    use crate::parse::parse;
    use crate::testing::{Names, text};
    use crate::words::value_words;

    fn shown(value: Option<&Value>) -> String {
        value.map_or("unset".to_owned(), value_words)
    }

    fn value(written: &str) -> Option<Value> {
        match written.parse::<Decimal>() {
            Ok(number) => Some(Value::Number(number)),
            Err(_) => (!written.is_empty()).then(|| text(written)),
        }
    }

    #[test]
    fn each_cell_has_its_nearest_value() {
        for (guard, name, now, expected) in [
            ("confidence < 0.8", "confidence", "0.85", "0.79 0.8 unset"),
            ("confidence < 0.8", "confidence", "0.9", "0.79 0.8 unset"),
            ("confidence < 0.8", "confidence", "0.5", "0.8 0.81 unset"),
            ("confidence < 0.8", "confidence", "0.7999", "0.8 0.8001 unset"),
            ("confidence < 0.8", "confidence", "", "0.75 0.8 0.85"),
            ("confidence > 0.795 && confidence < 0.8", "confidence", "0.9", "0.794 0.795 0.799 0.8 unset"),
            ("sentiment < -0.3", "sentiment", "0", "-0.31 -0.3 unset"),
            ("sentiment > 0", "sentiment", "-0.5", "0 0.01 unset"),
            ("turn >= 3", "turn", "1", "3 4"),
            ("turn >= 3", "turn", "7", "2 3"),
            ("queue.tier2.wait > 300", "queue.tier2.wait", "420", "299 300"),
            ("tier == \"vip\"", "tier", "standard", "\"vip\" unset"),
            ("tier == \"vip\"", "tier", "gold", "\"vip\" unset"),
            ("tier == \"vip\"", "tier", "vip", "\"standard\" unset"),
            ("text.contains(\"refund\")", "text", "I want a refund", "\"something else\" unset"),
        ] {
            let parsed = parse(guard).expr;
            let found = others(&[&parsed], &Names::sample(), &|asked| if asked == name { value(now) } else { None });
            let of_name = &found.iter().find(|(known, _)| known == name).unwrap().1;
            let values: Vec<String> = of_name.iter().map(|value| shown(value.as_ref())).collect();
            assert_eq!(values.join(" "), expected, "{guard}, now {now}");
        }
    }

    #[test]
    fn a_guard_holds_by_each_of_its_ways() {
        let guard = parse("intent == \"cancel\" && (confidence < 0.8 || sentiment < -0.3)").expr;
        let now = |name: &str| match name {
            "intent" => Some(text("none")),
            "confidence" => value("0.9"),
            _ => value("0.2"),
        };
        let found = ways(&guard, &Names::sample(), &now).unwrap();
        let written: Vec<String> = found
            .iter()
            .map(|way| way.iter().map(|(n, v)| format!("{n}={}", shown(v.as_ref()))).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(written, ["intent=\"cancel\" confidence=0.79", "intent=\"cancel\" sentiment=-0.31"]);
        assert_eq!(ways(&parse("confidence < sentiment").expr, &Names::sample(), &now), None);
    }

    fn part() -> impl Strategy<Value = String> {
        let number = (0_i64..20).prop_map(|n| Decimal::new(n.into(), 1).unwrap().to_string());
        let compared = proptest::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
        let name = proptest::sample::select(vec!["confidence", "sentiment"]);
        prop_oneof![
            (name, compared, number).prop_map(|(name, op, number)| format!("{name} {op} {number}")),
            Just("has(confidence)".to_owned()),
            Just("flag".to_owned()),
            Just("tier in [\"gold\", \"vip\"]".to_owned()),
            (0_i64..5).prop_map(|n| format!("turn >= {n}")),
        ]
    }

    proptest! {
        #[test]
        fn values_answer_as_their_cells_do(
            parts in proptest::collection::vec(part(), 1..4),
            joined in any::<bool>(),
            denied in any::<bool>(),
            confidence in proptest::option::of(0_i64..1000),
            turn in 0_i64..9,
        ) {
            let source = parts.join(if joined { " && " } else { " || " });
            let guard = parse(&if denied { format!("!({source})") } else { source }).expr;
            let now = |name: &str| match name {
                "confidence" => confidence.and_then(|n| Decimal::new(n.into(), 3)).map(Value::Number),
                "sentiment" => None,
                "turn" => Some(Value::Number(Decimal::from_i64(turn))),
                "tier" => Some(text("standard")),
                _ => Some(Value::Bool(false)),
            };
            let Some(ways) = ways(&guard, &Names::sample(), &now) else { return Ok(()) };
            for way in &ways {
                let other = |name: &str| {
                    way.iter().find(|(known, _)| known == name).map_or_else(|| now(name), |(_, value)| value.clone())
                };
                prop_assert!(holds_named(&guard, &other), "{way:?}");
            }
            prop_assert_eq!(holds_named(&guard, &now), ways.iter().any(Vec::is_empty));
            // No single value of any cell makes it hold where no way says so.
            for (name, values) in others(&[&guard], &Names::sample(), &now) {
                for value in values {
                    let other = |asked: &str| if asked == name { value.clone() } else { now(asked) };
                    if holds_named(&guard, &other) && !holds_named(&guard, &now) {
                        let known = ways.iter().any(|way| way.len() == 1 && way[0].0 == name);
                        prop_assert!(known, "{name} {value:?}: {ways:?}");
                    }
                }
            }
        }
    }
}
