//! Names every condition and expression of a flow and of the flows that it calls, each with its place.
//!
//! A name is made of the ids of the card or trigger and, where there are rows, of the row's number, with the flow's id in
//! front for a called flow. So a row that is put in renames the rows below it in the same list, as their ports are
//! renamed too, and nothing else; only what would have the same name gets a number.

use std::collections::BTreeMap;

use flow_conditions::ast::{Expr, Kind as Ast, Literal};
use flow_conditions::parse::{parse, parse_payload};
use flow_model::flow::{Flow, Handoff, Kind, Node, Ordered, Slot};
use indexmap::IndexMap;

use super::{Function, Policy};
use crate::names::{Legal, Names};

/// Where a condition or an expression stands. The numbers are rows, from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A row of a score.
    Score(String, usize),
    /// The `when` of a trigger.
    TriggerWhen(String),
    /// A reason of a trigger.
    Because(String, String),
    /// A branch of a `listen` or a `decision`.
    Branch(String, usize),
    /// A row of a handoff's `routes`.
    Route(String, usize),
    /// A row of a handoff's `overflow`.
    Overflow(String, usize),
    /// A row of a handoff's `waiting.turns`.
    WaitingTurn(String, usize),
    /// A row of a handoff's `assist`.
    Assist(String, usize),
    /// The expression of a context's field.
    Field(String, String),
    /// The expression that a `set` gives to a slot.
    Assign(String, String),
    /// The expression of an input of an `action` or a `subflow`.
    Input(String, String),
    /// The expression of a handoff's `contact`.
    Contact(String, String),
}

impl Place {
    /// The place of a condition, by its JSON pointer into the document of its flow; nothing where no condition stands.
    #[must_use]
    pub fn at(pointer: &str) -> Option<Self> {
        let steps = flow_model::tree::steps(pointer);
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let row = |text: &str| text.parse::<usize>().ok();
        Some(match steps.as_slice() {
            ["scores", id, "add", at, "when"] => Self::Score((*id).to_owned(), row(at)?),
            ["triggers", id, "when"] => Self::TriggerWhen((*id).to_owned()),
            ["triggers", id, "because", name] => Self::Because((*id).to_owned(), (*name).to_owned()),
            ["nodes", node, "branches", at, "when"] => Self::Branch((*node).to_owned(), row(at)?),
            ["nodes", node, "routes", at, "when"] => Self::Route((*node).to_owned(), row(at)?),
            ["nodes", node, "overflow", at, "when"] => Self::Overflow((*node).to_owned(), row(at)?),
            ["nodes", node, "waiting", "turns", at, "when"] => Self::WaitingTurn((*node).to_owned(), row(at)?),
            ["nodes", node, "assist", at, "when"] => Self::Assist((*node).to_owned(), row(at)?),
            _ => return None,
        })
    }

    /// Whether a condition stands there, and not an expression.
    #[must_use]
    pub const fn is_condition(&self) -> bool {
        match self {
            Self::Score(..)
            | Self::TriggerWhen(_)
            | Self::Because(..)
            | Self::Branch(..)
            | Self::Route(..)
            | Self::Overflow(..)
            | Self::WaitingTurn(..)
            | Self::Assist(..) => true,
            Self::Field(..) | Self::Assign(..) | Self::Input(..) | Self::Contact(..) => false,
        }
    }

    /// The node, where it is one's.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        match self {
            Self::Branch(node, _)
            | Self::Route(node, _)
            | Self::Overflow(node, _)
            | Self::WaitingTurn(node, _)
            | Self::Assist(node, _)
            | Self::Assign(node, _)
            | Self::Input(node, _)
            | Self::Contact(node, _) => Some(node),
            Self::Score(..) | Self::TriggerWhen(_) | Self::Because(..) | Self::Field(..) => None,
        }
    }

    /// A text that no other place of the flow has: ids have no dots.
    fn key(&self) -> String {
        match self {
            Self::Score(id, row) => format!("score.{id}.{row}.when"),
            Self::TriggerWhen(id) => format!("trigger.{id}.when"),
            Self::Because(id, name) => format!("trigger.{id}.because.{name}"),
            Self::Branch(node, row) => format!("{node}.branch.{row}"),
            Self::Route(node, row) => format!("{node}.route.{row}"),
            Self::Overflow(node, row) => format!("{node}.overflow.{row}"),
            Self::WaitingTurn(node, row) => format!("{node}.turn.{row}"),
            Self::Assist(node, row) => format!("{node}.assist.{row}"),
            Self::Field(context, name) => format!("context.{context}.{name}"),
            Self::Assign(node, slot) => format!("{node}.assign.{slot}"),
            Self::Input(node, name) => format!("{node}.input.{name}"),
            Self::Contact(node, key) => format!("{node}.contact.{key}"),
        }
    }
}

/// A condition or an expression with its name.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Its name, that of its function; no other of the module has it.
    pub name: String,
    /// The flow that it is of.
    pub flow: String,
    /// Where it stands.
    pub place: Place,
    /// As it is written.
    pub source: String,
    /// As it is understood.
    pub expr: Expr,
}

/// A condition with its name.
pub type Condition = Lowered;
/// An expression with its name.
pub type Expression = Lowered;

/// A name of the module's.
const PYTHON: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic() || c == '_',
    lead: "_",
    longest: 200,
    bytes: char::len_utf8,
    folds: false,
    single: false,
    taken: &[],
};

/// Finds and names everything.
pub fn fill(policy: &mut Policy<'_>) {
    let mut found: Vec<(usize, Place, &str)> = Vec::new();
    for (i, (_, flow)) in policy.flows.iter().enumerate() {
        places(flow, &mut |place, source| found.push((i, place, source)));
    }
    let keys: Vec<String> = found
        .iter()
        .map(|(i, place, _)| if *i == 0 { place.key() } else { format!("{}.{}", policy.flows[*i].0, place.key()) })
        .collect();
    let names = Names::of(keys.iter().map(String::as_str), &PYTHON);
    for ((i, place, source), key) in found.into_iter().zip(&keys) {
        let flow = policy.flows[i].0.to_owned();
        let is_condition = place.is_condition();
        let expr = if is_condition { parse(source).expr } else { parse_payload(source).expr };
        let list = if is_condition { &mut policy.conditions } else { &mut policy.expressions };
        let at = list.len();
        policy.functions.push(if is_condition { Function::Condition(at) } else { Function::Expression(at) });
        policy.places.entry(flow.clone()).or_default().insert(place.clone(), at);
        let name = names.get(key).unwrap_or(key).to_owned();
        list.push(Lowered { name, flow, place, source: source.to_owned(), expr });
    }
}

type Found<'f, 'a> = &'f mut dyn FnMut(Place, &'a str);

/// Every condition and expression of a flow, in its order.
fn places<'a>(flow: &'a Flow, found: Found<'_, 'a>) {
    for (id, score) in &flow.scores {
        for (i, row) in score.add.iter().enumerate() {
            found(Place::Score(id.clone(), i), &row.when);
        }
    }
    for id in flow.contexts.keys() {
        for (name, field) in flow.fields_of(id) {
            found(Place::Field(id.clone(), name.clone()), &field.from);
        }
    }
    for (id, trigger) in &flow.triggers {
        found(Place::TriggerWhen(id.clone()), &trigger.when);
        for (name, because) in &trigger.because {
            found(Place::Because(id.clone(), name.clone()), &because.when);
        }
    }
    for (id, node) in &flow.nodes {
        of_node(id, node, found);
    }
}

fn of_node<'a>(id: &str, node: &'a Node, found: Found<'_, 'a>) {
    let inputs = |map: &'a Ordered<String>, found: Found<'_, 'a>| {
        for (name, from) in map {
            found(Place::Input(id.to_owned(), name.clone()), from);
        }
    };
    match &node.kind {
        Kind::Listen(n) => rows(n.branches.iter().map(|row| &row.when), |i| Place::Branch(id.to_owned(), i), found),
        Kind::Decision(n) => rows(n.branches.iter().map(|row| &row.when), |i| Place::Branch(id.to_owned(), i), found),
        Kind::Set(n) => {
            for (slot, from) in &n.assign {
                if let Some(from) = from {
                    found(Place::Assign(id.to_owned(), slot.clone()), from);
                }
            }
        }
        Kind::Action(n) => inputs(&n.inputs, found),
        Kind::Subflow(n) => inputs(&n.inputs, found),
        Kind::Handoff(n) => of_handoff(id, n, found),
        Kind::Start(_)
        | Kind::Message(_)
        | Kind::Ask(_)
        | Kind::End(_)
        | Kind::Todo(_)
        | Kind::Note(_)
        | Kind::Unknown(_) => {}
    }
}

fn of_handoff<'a>(id: &str, n: &'a Handoff, found: Found<'_, 'a>) {
    rows(n.routes.iter().map(|row| &row.when), |i| Place::Route(id.to_owned(), i), found);
    rows(n.overflow.iter().map(|row| &row.when), |i| Place::Overflow(id.to_owned(), i), found);
    rows(n.waiting.turns.iter().map(|row| &row.when), |i| Place::WaitingTurn(id.to_owned(), i), found);
    rows(n.assist.iter().map(|row| &row.when), |i| Place::Assist(id.to_owned(), i), found);
    for (key, from) in &n.contact {
        found(Place::Contact(id.to_owned(), key.clone()), from);
    }
}

fn rows<'a>(rows: impl Iterator<Item = &'a String>, place: impl Fn(usize) -> Place, found: Found<'_, 'a>) {
    for (i, when) in rows.enumerate() {
        found(place(i), when);
    }
}

/// How many lines of what was said the flow can send; `None` is all of them.
pub fn said_at_most(policy: &Policy<'_>) -> Option<u32> {
    let mut most = Some(0);
    for expression in &policy.expressions {
        lines(&expression.expr, &mut most);
    }
    most
}

fn lines(expr: &Expr, most: &mut Option<u32>) {
    if let Ast::Call { function, arguments } = &expr.kind {
        match (&**function, arguments.first().map(|argument| &argument.kind)) {
            ("transcript.all", _) => *most = None,
            ("transcript.last", Some(Ast::Literal(Literal::Number(count)))) => {
                let count = count.to_i64().and_then(|count| u32::try_from(count).ok());
                *most = most.zip(count).map(|(most, count)| most.max(count));
            }
            _ => {}
        }
    }
    for child in expr.children() {
        lines(child, most);
    }
}

type Slots<'a> = (IndexMap<String, &'a Slot>, BTreeMap<(String, String), String>);

/// Slots of the same name and type are one slot; those of the same name alone are several.
pub fn slots<'a>(flows: &[(&'a str, &'a Flow)]) -> Slots<'a> {
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

#[cfg(test)]
mod tests;
