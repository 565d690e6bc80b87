//! The cases in which a condition must be tried: each of its names at every bound, just below and just above it, in every
//! region that the condition tells apart, and unset, while the rest of it holds; with what the studio says of each.
//!
//! What must stay true: the expected answer comes from the studio's own evaluation and never from the printed Python.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind};
use flow_conditions::decimal::Decimal;
use flow_conditions::eval::{eval_named, holds_named};
use flow_conditions::regions::{others, ways};
use flow_conditions::value::{Scope, Type, Value};
use flow_run::state::fits;

/// Values of names; a name that is not there is unset.
pub type Given = BTreeMap<Arc<str>, Value>;

/// The smallest step between two numbers of a flow: nine digits after the point (`docs/format.md`).
const STEP: (i128, u32) = (1, 9);
/// Ways to hold that are varied, and values of one name in each.
const MOST_WAYS: usize = 8;
const MOST_VALUES: usize = 24;

/// A name with its type and its values.
struct Tried {
    name: Arc<str>,
    r#type: Type,
    values: Vec<Option<Value>>,
}

/// A condition and where its names get their meaning.
struct Asked<'a> {
    expr: &'a Expr,
    scope: &'a dyn Scope,
}

impl Asked<'_> {
    fn constant(&self, name: &str) -> Option<Value> {
        self.scope.meaning(name)?.constant
    }

    fn value(&self, expr: &Expr, given: &Given) -> Option<Value> {
        eval_named(expr, &|name| given.get(name).cloned().or_else(|| self.constant(name)))
    }

    fn holds(&self, given: &Given) -> bool {
        holds_named(self.expr, &|name| given.get(name).cloned().or_else(|| self.constant(name)))
    }
}

/// Cases, so many at the most, each with whether the condition holds in it.
pub fn cases(expr: &Expr, scope: &dyn Scope, most: usize) -> Vec<(Given, bool)> {
    let asked = Asked { expr, scope };
    let names = tried(&asked);
    let mut bases = vec![Given::new()];
    for way in ways(expr, scope, &|_| None).unwrap_or_default().into_iter().take(MOST_WAYS) {
        bases.push(way.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect());
    }
    if bases.len() == 1 {
        bases.extend(mixed(&names));
    }
    let mut found: Vec<(Given, bool)> = Vec::new();
    let mut seen: BTreeSet<Vec<(Arc<str>, String)>> = BTreeSet::new();
    let mut add = |given: Given| {
        let key = given.iter().map(|(name, value)| (Arc::clone(name), format!("{value:?}"))).collect();
        if found.len() < most && seen.insert(key) {
            let holds = asked.holds(&given);
            found.push((given, holds));
        }
    };
    // The ways themselves first: where there is room for few cases, these say most.
    bases.iter().for_each(|base| add(base.clone()));
    for base in bases.iter().rev() {
        for name in &names {
            let bounds = solved(&asked, base, name);
            for value in bounds.into_iter().map(Some).chain(name.values.iter().cloned()) {
                let mut given = base.clone();
                match value.filter(|value| fits(value, &name.r#type)) {
                    Some(value) => given.insert(Arc::clone(&name.name), value),
                    None => given.remove(&name.name),
                };
                add(given);
            }
        }
    }
    found
}

/// The names of a condition, each with a value of every region and those at its bounds.
fn tried(asked: &Asked<'_>) -> Vec<Tried> {
    let mut names: Vec<Tried> = Vec::new();
    let regions = others(&[asked.expr], asked.scope, &|_| None);
    for (name, _) in asked.expr.names() {
        let Some(meaning) = asked.scope.meaning(&name).filter(|meaning| meaning.constant.is_none()) else { continue };
        if names.iter().any(|known| known.name == name) {
            continue;
        }
        let mut values: Vec<Option<Value>> = Vec::new();
        let own = regions.iter().filter(|(known, _)| **known == *name).flat_map(|(_, values)| values.iter().cloned());
        values.extend(own.chain([None]));
        match &meaning.r#type {
            Type::Bool => values.extend([Some(Value::Bool(true)), Some(Value::Bool(false))]),
            Type::Integer { min, max } | Type::Number { min, max } => {
                let plain = [Some(Decimal::ZERO), Some(Decimal::ONE), *min, *max];
                values.extend(plain.into_iter().flatten().map(|n| Some(Value::Number(n))));
            }
            Type::Enum(_) | Type::Text | Type::List(_) | Type::Any => {}
        }
        values.truncate(MOST_VALUES);
        names.push(Tried { name, r#type: meaning.r#type, values });
    }
    names
}

/// Where nothing is known of the ways: all names at the same place of their values.
fn mixed(names: &[Tried]) -> Vec<Given> {
    let at = |i: usize| {
        let value = |name: &Tried| Some((Arc::clone(&name.name), name.values.get(i % name.values.len())?.clone()?));
        names.iter().filter(|name| !name.values.is_empty()).filter_map(value).collect()
    };
    (0..4).map(at).collect()
}

/// The values of a number at which a comparison with it turns, and their neighbours, all other names being as they are.
fn solved(asked: &Asked<'_>, base: &Given, name: &Tried) -> Vec<Value> {
    let step = match name.r#type {
        Type::Integer { .. } => Decimal::ONE,
        Type::Number { .. } => Decimal::new(STEP.0, STEP.1).unwrap_or(Decimal::ONE),
        _ => return Vec::new(),
    };
    let mut bounds = BTreeSet::new();
    turning(asked, asked.expr, base, &name.name, &mut bounds);
    let near = |bound: &Decimal| [Some(*bound), bound.checked_sub(step), bound.checked_add(step)];
    bounds.iter().flat_map(near).flatten().map(Value::Number).collect()
}

fn turning(asked: &Asked<'_>, expr: &Expr, base: &Given, name: &Arc<str>, bounds: &mut BTreeSet<Decimal>) {
    match &expr.kind {
        Kind::Compare { left, right, .. } => bounds.extend(root(asked, left, right, base, name)),
        Kind::In { item, list } => {
            if let Kind::List(entries) = &list.kind {
                bounds.extend(entries.iter().filter_map(|entry| root(asked, item, entry, base, name)));
            }
        }
        _ => expr.inside().for_each(|child| turning(asked, child, base, name, bounds)),
    }
}

/// The value of a name at which both sides are equal: they are straight lines over it, as the language multiplies with
/// literals alone.
fn root(asked: &Asked<'_>, left: &Expr, right: &Expr, base: &Given, name: &Arc<str>) -> Option<Decimal> {
    let asks = |side: &Expr| side.names().iter().any(|(known, _)| known == name);
    if !asks(left) && !asks(right) {
        return None;
    }
    let apart = |at: Decimal| {
        let mut given = base.clone();
        given.insert(Arc::clone(name), Value::Number(at));
        match (asked.value(left, &given)?, asked.value(right, &given)?) {
            (Value::Number(left), Value::Number(right)) => left.checked_sub(right),
            _ => None,
        }
    };
    let (at_zero, at_one) = (apart(Decimal::ZERO)?, apart(Decimal::ONE)?);
    let slope = at_one.checked_sub(at_zero)?;
    Decimal::div_round(at_zero.neg(), slope, STEP.1)
}

#[cfg(test)]
mod tests {
    use flow_conditions::parse::parse;
    use flow_model::document::read_bytes;
    use flow_model::names::{Names, Reach};

    use super::cases;

    /// Each case as `name=value … holds`.
    fn told(source: &str) -> Vec<String> {
        let text = r#"{"format":"handoff-flow/1","id":"f","constants":{"low":{"value":0.5}},
            "signals":{"vip":{"type":"bool"},"spent":{"type":"number"},"due":{"type":"number"}},"nodes":{}}"#;
        let names = Names::of(&read_bytes(text.as_bytes()).unwrap().flow);
        let found = cases(&parse(source).expr, &names.scope(Reach::Plain), 100);
        let one = |(given, holds): &(super::Given, bool)| {
            let given: Vec<String> = given
                .iter()
                .map(|(name, value)| format!("{name}={}", super::super::python::value(value).inline()))
                .collect();
            format!("{} {holds}", given.join(" ")).trim_start().to_owned()
        };
        found.iter().map(one).collect()
    }

    #[test]
    fn each_bound_is_tried_at_it_and_on_both_sides() {
        let told = told("confidence < const.low && vip");
        for case in [
            "false",
            "confidence=Decimal(\"0.5\") vip=True false",
            "confidence=Decimal(\"0.499999999\") vip=True true",
            "confidence=Decimal(\"0.500000001\") vip=True false",
            "vip=True false",
        ] {
            assert!(told.iter().any(|known| known == case), "{case} is not among {told:#?}");
        }
        assert!(told.iter().any(|case| case.contains("vip=False")));
    }

    #[test]
    fn calculations_are_tried_where_they_turn() {
        let told = told("spent * 2 > due + 1");
        for case in ["1\") false", "1.000000001\") true", "0.999999999\") false"] {
            assert!(
                told.contains(&format!("due=Decimal(\"1\") spent=Decimal(\"{case}")),
                "{case} is not among {told:#?}"
            );
        }
    }
}
