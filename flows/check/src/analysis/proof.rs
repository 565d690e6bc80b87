//! Whether a requirement holds on every way to a node: some guard on the way implies it, and nothing on the rest of the
//! way changes what it speaks of.

use std::sync::Arc;

use flow_conditions::ast::{Comparison, Expr, Kind as E, Span};
use flow_model::flow::Kind;
use flow_model::names::{Reach, Role};

use super::graph::{Edge, Way};
use super::lists::implies;
use super::must::{Effect, Must};
use super::triggers;
use crate::rules::Subject;

/// The parts of a condition that must all hold.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        E::And(parts) => parts.iter().flat_map(parts_of).collect(),
        _ => vec![expr],
    }
}

fn parts_of(expr: &Expr) -> Vec<&Expr> {
    parts(expr)
}

/// Follows one part of a requirement through the flow.
pub(crate) fn prove(subject: &Subject<'_>, part: &Expr) -> Must {
    let claim = Claim { subject, part, roles: roles(subject, part) };
    Must::of(subject, |e| claim.edge(e), |t| claim.trigger(t))
}

/// Whether the guard of a row, with those before it not holding, implies a part.
pub(crate) fn row_implies(subject: &Subject<'_>, whens: &[&str], place: usize, part: &Expr) -> bool {
    let names: Vec<Arc<str>> = part.names().into_iter().map(|(n, _)| n).collect();
    let mut premises: Vec<Expr> = Vec::new();
    for (i, when) in whens.iter().enumerate().take(place + 1) {
        let guard = subject.book.condition(when);
        if !guard.is_sound() || !guard.expr.names().iter().any(|(n, _)| names.contains(n)) {
            continue;
        }
        premises.push(if i == place { guard.expr.clone() } else { not(guard.expr.clone()) });
    }
    let scope = subject.names.scope(Reach::Plain);
    match premises.len() {
        0 => false,
        1 => implies(&premises[0], part, &scope),
        _ => implies(&Expr::new(E::And(premises), Span::default()), part, &scope),
    }
}

fn not(expr: Expr) -> Expr {
    Expr::new(E::Not(Box::new(expr)), Span::default())
}

fn roles(subject: &Subject<'_>, part: &Expr) -> Vec<Role> {
    part.names().iter().filter_map(|(name, _)| subject.names.get(name)).map(|n| n.role.clone()).collect()
}

struct Claim<'s, 'a> {
    subject: &'s Subject<'a>,
    part: &'s Expr,
    roles: Vec<Role>,
}

impl Claim<'_, '_> {
    fn edge(&self, number: usize) -> Effect {
        let edge = &self.subject.graph.edges[number];
        if self.told_by(edge) {
            return Effect::Holds;
        }
        let changed = |role: &Role| changes(self.subject, edge, role) && !self.stays_filled(edge, role);
        if self.roles.iter().any(changed) { Effect::Ends } else { Effect::Keeps }
    }

    /// Whether a part asks of a slot only that it has a value: a customer's turn can fill a slot or change its value, but
    /// never empties it.
    fn stays_filled(&self, edge: &Edge<'_>, role: &Role) -> bool {
        let Role::Slot(slot) = role else { return false };
        let own = match &edge.node.kind {
            Kind::Listen(_) => false,
            Kind::Ask(ask) => self.subject.flow.slots.get_index(*slot).is_some_and(|(id, _)| *id == ask.slot),
            _ => return false,
        };
        !own && only_has(self.part)
    }

    fn told_by(&self, edge: &Edge<'_>) -> bool {
        let place = |length: usize| match edge.way {
            Way::Branch(i) => Some(i),
            Way::Else => Some(length),
            _ => None,
        };
        let branches = match &edge.node.kind {
            Kind::Listen(n) => &n.branches,
            Kind::Decision(n) => &n.branches,
            Kind::Ask(ask) if edge.way == Way::Filled => return self.told_by_value(&ask.slot, None),
            Kind::Set(set) => {
                return set
                    .assign
                    .iter()
                    .any(|(slot, source)| source.as_ref().is_some_and(|s| self.told_by_value(slot, Some(s))));
            }
            _ => return false,
        };
        let whens: Vec<&str> = branches.iter().map(|b| b.when.as_str()).collect();
        place(whens.len()).is_some_and(|place| row_implies(self.subject, &whens, place, self.part))
    }

    /// Whether a slot that was just filled, or set to a written-out value, makes the part hold.
    fn told_by_value(&self, slot: &str, source: Option<&str>) -> bool {
        let name: Arc<str> = format!("slots.{slot}").into();
        if !self.part.names().iter().any(|(n, _)| *n == name) {
            return false;
        }
        let kind = match source {
            None => E::Has(name),
            Some(source) => {
                let value = self.subject.book.payload(source);
                if !matches!(value.expr.kind, E::Literal(_)) {
                    return false;
                }
                let left = Box::new(Expr::new(E::Name(name), Span::default()));
                E::Compare { op: Comparison::Equal, left, right: Box::new(value.expr.clone()) }
            }
        };
        implies(&Expr::new(kind, Span::default()), self.part, &self.subject.names.scope(Reach::Plain))
    }

    fn trigger(&self, number: usize) -> Effect {
        let Some((_, trigger)) = self.subject.flow.triggers.get_index(number) else { return Effect::Ends };
        let guard = triggers::guard(self.subject, trigger);
        if guard.is_sound() && implies(&guard.expr, self.part, &self.subject.names.scope(Reach::Plain)) {
            return Effect::Holds;
        }
        let filled = only_has(self.part);
        let changed = |role: &Role| {
            let by_turn = by_turn(self.subject, role) && !(filled && matches!(role, Role::Slot(_)));
            by_turn || matches!(role, Role::TriggerId | Role::TriggerText)
        };
        if self.roles.iter().any(changed) { Effect::Ends } else { Effect::Keeps }
    }
}

/// Whether an expression asks of names only that they have a value.
fn only_has(expr: &Expr) -> bool {
    match &expr.kind {
        E::Has(_) => true,
        E::And(parts) | E::Or(parts) => parts.iter().all(only_has),
        _ => false,
    }
}

/// Whether a customer's turn can change a name.
pub(crate) fn by_turn(subject: &Subject<'_>, role: &Role) -> bool {
    match role {
        Role::Slot(i) => subject.flow.slots.get_index(*i).is_some_and(|(_, slot)| slot.entity.is_some()),
        Role::Output(..) | Role::Constant(_) | Role::ConversationId | Role::CustomerId => false,
        Role::ErrorCode | Role::ErrorAction | Role::ErrorMessage => false,
        Role::AgentNote | Role::AgentOutcome | Role::AgentName | Role::HandoffRef => false,
        Role::Handoffs | Role::HandoffsTier(_) | Role::TriggerId | Role::TriggerText => false,
        _ => true,
    }
}

/// Whether taking an edge can change a name.
pub(crate) fn changes(subject: &Subject<'_>, edge: &Edge<'_>, role: &Role) -> bool {
    let score = matches!(role, Role::Score(_));
    match &edge.node.kind {
        Kind::Start(_) | Kind::Message(_) | Kind::Decision(_) | Kind::Todo(_) => false,
        Kind::Listen(_) => by_turn(subject, role) || matches!(role, Role::TriggerId | Role::TriggerText),
        Kind::Ask(ask) => {
            let own = matches!(role, Role::Slot(i) if subject.flow.slots.get_index(*i).is_some_and(|(id, _)| *id == ask.slot));
            own || by_turn(subject, role)
        }
        Kind::Set(set) => {
            score
                || matches!(role, Role::Slot(i) if subject.flow.slots.get_index(*i).is_some_and(|(id, _)| set.assign.contains_key(id)))
        }
        Kind::Action(_) => {
            let own = matches!(role, Role::Output(n, _) if *n == edge.from);
            own || score || matches!(role, Role::ErrorCode | Role::ErrorAction | Role::ErrorMessage)
        }
        // While the customer waits or a person has the conversation, turns bring new signals.
        Kind::Handoff(handoff) if matches!(role, Role::Declared(_)) => handoff.mode.waits(),
        Kind::Handoff(_) => !matches!(role, Role::Output(..) | Role::Constant(_)),
        _ => !matches!(role, Role::Constant(_)),
    }
}
