//! Decides what the project will be, from the flow and the flows that it calls.

use std::collections::BTreeMap;

use flow_check::Checked;
use flow_conditions::ast::{Comparison, Expr, Kind as Ast, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::parse::parse;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Kind, Node, Slot};
use indexmap::IndexMap;

use super::names;
use crate::platform;

/// The confidence below which Rasa's own fallback takes a message, where the flow sets no bound of its own.
const FALLBACK: &str = "0.3";

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Revision of the flow.
    pub revision: &'a str,
    /// The flow, then those that it calls.
    pub flows: Vec<(&'a str, &'a Flow)>,
    /// Rasa's name of each intent of the flow itself: those of called flows count as none.
    pub intents: IndexMap<String, String>,
    /// Rasa's name of each entity.
    pub entities: IndexMap<String, String>,
    /// Slots by the name that they have for the whole run.
    pub slots: IndexMap<String, &'a Slot>,
    /// That name, by flow and the flow's own name.
    pub slot_names: BTreeMap<(String, String), String>,
    /// Threshold of the `FallbackClassifier`.
    pub fallback: Decimal,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let flows = platform::flows(checked);
        let intents = names::intents(checked.flow().intents.keys().map(String::as_str));
        let entities = flows.iter().flat_map(|(_, flow)| flow.slots.values()).filter_map(|slot| slot.entity.as_deref());
        let entities = names::legal(entities, &[]);
        let (slots, slot_names) = slots(&flows);
        let fallback = fallback(&flows);
        Self { revision: checked.revision(), flows, intents, entities, slots, slot_names, fallback }
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.flows[0].1
    }

    /// What an entity's values are: those of the first slot that it fills.
    pub fn entity_type(&self, entity: &str) -> Option<&'a Type> {
        self.slots.values().find(|slot| slot.entity.as_deref() == Some(entity)).map(|slot| &slot.r#type)
    }
}

type Slots<'a> = (IndexMap<String, &'a Slot>, BTreeMap<(String, String), String>);

/// Slots of the same name and type are one slot; those of the same name alone are several.
fn slots<'a>(flows: &[(&'a str, &'a Flow)]) -> Slots<'a> {
    let (mut all, mut names): Slots<'a> = (IndexMap::new(), BTreeMap::new());
    for (id, flow) in flows {
        for (name, slot) in &flow.slots {
            let numbered = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}/{n}") });
            let fits = |key: &String| all.get(key).is_none_or(|known| known.r#type == slot.r#type);
            let key = numbered.into_iter().find(fits).unwrap_or_default();
            all.entry(key.clone()).or_insert(slot);
            names.insert(((*id).to_owned(), name.clone()), key);
        }
    }
    (all, names)
}

/// Half of the smallest bound that a condition sets on `confidence`, so that no such bound lies in the fallback's range.
fn fallback(flows: &[(&str, &Flow)]) -> Decimal {
    let mut least = Decimal::parse_json(FALLBACK).unwrap_or(Decimal::ZERO);
    let half = Decimal::new(5, 1).unwrap_or(Decimal::ZERO);
    for (_, flow) in flows {
        for source in conditions(flow) {
            bounds(&parse(source).expr, flow, &mut |bound| {
                if let Some(below) = bound.checked_mul(half) {
                    least = least.min(below);
                }
            });
        }
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

/// Every condition of a flow.
pub fn conditions(flow: &Flow) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for score in flow.scores.values() {
        all.extend(score.add.iter().map(|row| row.when.as_str()));
    }
    for trigger in flow.triggers.values() {
        all.push(&trigger.when);
        all.extend(trigger.because.values().map(|because| because.when.as_str()));
    }
    for node in flow.nodes.values() {
        all.extend(conditions_of(node));
    }
    all
}

/// Every condition of a node.
pub fn conditions_of(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Listen(n) => n.branches.iter().map(|row| row.when.as_str()).collect(),
        Kind::Decision(n) => n.branches.iter().map(|row| row.when.as_str()).collect(),
        Kind::Handoff(n) => {
            let rows = n.overflow.iter().chain(&n.waiting.turns).map(|row| row.when.as_str());
            let assist = n.assist.iter().map(|row| row.when.as_str());
            n.routes.iter().map(|row| row.when.as_str()).chain(rows).chain(assist).collect()
        }
        Kind::Start(_)
        | Kind::Message(_)
        | Kind::Ask(_)
        | Kind::Set(_)
        | Kind::Action(_)
        | Kind::Subflow(_)
        | Kind::End(_)
        | Kind::Todo(_)
        | Kind::Note(_)
        | Kind::Unknown(_) => Vec::new(),
    }
}
