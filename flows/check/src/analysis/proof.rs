//! Whether a requirement holds on every way to a node: some guard on the way implies it, and nothing on the rest of the
//! way changes what it speaks of.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use flow_conditions::ast::{Comparison, Expr, Kind as E, Span};
use flow_conditions::parse::Parsed;
use flow_conditions::quick::Quick;
use flow_conditions::regions::implies;
use flow_model::flow::Kind;
use flow_model::names::{Reach, Role};

use super::cases::{Case, Formula, Table};
use super::graph::{Edge, Way};
use super::lists::{List, What};
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
    let claim = Claim { subject, part, roles: roles(subject, part), answers: Answers::new(subject) };
    Must::of(subject, |e| claim.edge(e), |t| claim.trigger(t))
}

/// A guard, and whether it holds.
type Premise = (Arc<Parsed>, bool);

/// The same by the place where the book keeps the guard.
type Place = (*const Parsed, bool);

/// The guards of a list that speak of what a part speaks of, up to a row: that of the row holds, those before it do not.
fn premises(subject: &Subject<'_>, whens: &[&str], place: usize, part: &Expr) -> Vec<Premise> {
    let mut premises = Vec::new();
    for (i, when) in whens.iter().enumerate().take(place + 1) {
        let guard = subject.book.condition(when);
        if shares_name(&guard, part) {
            premises.push((guard, i == place));
        }
    }
    premises
}

/// Whether a guard that can be read speaks of a name of a part.
fn shares_name(guard: &Parsed, part: &Expr) -> bool {
    let names = part.names();
    guard.is_sound() && guard.expr.names().iter().any(|(name, _)| names.iter().any(|(own, _)| own == name))
}

/// Whether the guard of a row, with those before it not holding, implies a part.
pub(crate) fn row_implies(subject: &Subject<'_>, whens: &[&str], place: usize, part: &Expr) -> bool {
    all_imply(subject, &premises(subject, whens, place, part), part)
}

fn all_imply(subject: &Subject<'_>, premises: &[Premise], part: &Expr) -> bool {
    let one = |(guard, holds): &Premise| if *holds { guard.expr.clone() } else { not(guard.expr.clone()) };
    let mut all: Vec<Expr> = premises.iter().map(one).collect();
    let scope = subject.names.scope(Reach::Plain);
    match (all.pop(), all.is_empty()) {
        (None, _) => false,
        (Some(only), true) => implies(&only, part, &scope),
        (Some(last), false) => {
            all.push(last);
            implies(&Expr::new(E::And(all), Span::default()), part, &scope)
        }
    }
}

/// What was asked of one part: equal premises are asked once, and most are answered name by name.
struct Answers<'s> {
    table: RefCell<Table<'s>>,
    /// The part itself, taken apart.
    part: OnceCell<Formula>,
    speaks: RefCell<HashMap<*const Parsed, bool, Quick>>,
    known: RefCell<HashMap<Vec<Place>, bool, Quick>>,
}

impl<'s> Answers<'s> {
    fn new(subject: &'s Subject<'_>) -> Self {
        Self {
            table: RefCell::new(Table::new(&subject.names, usize::MAX)),
            part: OnceCell::new(),
            speaks: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// Whether the guard of a row, with those before it not holding, implies the part.
    fn row(&self, subject: &Subject<'_>, list: &List<'_>, place: usize, part: &Expr) -> bool {
        let mut speaks = self.speaks.borrow_mut();
        let mut says =
            |guard: &Arc<Parsed>| *speaks.entry(Arc::as_ptr(guard)).or_insert_with(|| shares_name(guard, part));
        let guards = list.rows.iter().map(|row| &row.guard).enumerate().take(place + 1);
        let premises: Vec<Premise> =
            guards.filter(|(_, guard)| says(guard)).map(|(i, guard)| (Arc::clone(guard), i == place)).collect();
        if premises.is_empty() {
            return false;
        }
        let key: Vec<Place> = premises.iter().map(|(guard, holds)| (Arc::as_ptr(guard), *holds)).collect();
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let told = self.name_by_name(subject, &premises, part).unwrap_or_else(|| all_imply(subject, &premises, part));
        self.known.borrow_mut().insert(key, told);
        told
    }

    /// The answer where every guard asks each name for itself.
    fn name_by_name(&self, subject: &Subject<'_>, premises: &[Premise], part: &Expr) -> Option<bool> {
        let mut table = self.table.borrow_mut();
        table.rough = false;
        let mut cases = vec![Case::default()];
        for (guard, holds) in premises {
            let formula = subject.formula(&table, guard);
            if !formula.is_exact() {
                return None;
            }
            cases = table.where_(&cases, &formula, *holds);
        }
        let part = self.part.get_or_init(|| table.formula(part));
        if !part.is_exact() {
            return None;
        }
        cases = table.where_(&cases, part, false);
        (!table.rough).then_some(cases.is_empty())
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
    answers: Answers<'s>,
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
        match &edge.node.kind {
            Kind::Listen(_) | Kind::Decision(_) => {}
            Kind::Ask(ask) if edge.way == Way::Filled => return self.told_by_value(&ask.slot, None),
            Kind::Set(set) => {
                return set
                    .assign
                    .iter()
                    .any(|(slot, source)| source.as_ref().is_some_and(|s| self.told_by_value(slot, Some(s))));
            }
            _ => return false,
        };
        let is_branches = |list: &&List<'_>| matches!(list.what, What::Branches { .. });
        let Some(list) = self.subject.lists_of(edge.from).find(is_branches) else { return false };
        place(list.rows.len()).is_some_and(|place| self.answers.row(self.subject, list, place, self.part))
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

#[cfg(test)]
mod tests {
    use flow_conditions::parse::parse;
    use flow_model::document;
    use flow_model::names::Names;
    use flow_model::tree::{Json, compact};
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::book::Book;
    use crate::rules::Around;

    fn atom() -> impl Strategy<Value = String> {
        let number = prop::sample::select(vec!["0", "2.5", "3", "10", "const.c"]);
        let op = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
        let same = prop::sample::select(vec!["==", "!="]);
        prop_oneof![
            (prop::sample::select(vec!["a.x", "a.n"]), op, number).prop_map(|(name, op, n)| format!("{name} {op} {n}")),
            (prop::sample::select(vec!["a.e", "a.t"]), same, prop::sample::select(vec!["x", "y"]))
                .prop_map(|(name, op, value)| format!("{name} {op} \"{value}\"")),
            prop::sample::select(vec![
                "a.e in [\"x\", \"z\"]",
                "a.n in [1, 2]",
                "a.b",
                "!a.b",
                "a.t.startsWith(\"x\")"
            ])
            .prop_map(str::to_owned),
            prop::sample::select(vec!["a.x", "a.e", "a.b", "a.t"]).prop_map(|name| format!("has({name})")),
            Just("a.x < a.n".to_owned()),
        ]
    }

    fn guard() -> impl Strategy<Value = String> {
        atom().prop_recursive(2, 6, 3, |inner| {
            let (all, any) = (prop::collection::vec(inner.clone(), 2..4), prop::collection::vec(inner.clone(), 2..4));
            prop_oneof![
                all.prop_map(|parts| format!("({})", parts.join(" && "))),
                any.prop_map(|parts| format!("({})", parts.join(" || "))),
                inner.prop_map(|part| format!("!({part})")),
            ]
        })
    }

    fn flow(guards: &[String; 2]) -> document::Document {
        let row = |guard: &String| format!(r#"{{"when":{},"to":"end"}}"#, compact(&Json::text(guard)));
        let text = format!(
            r#"{{"format":"handoff-flow/1","id":"f","constants":{{"c":{{"value":3}}}},"signals":{{
            "a.x":{{"type":"number","min":0,"max":10,"source":"s"}},"a.n":{{"type":"integer","min":0,"max":3,"source":"s"}},
            "a.e":{{"type":"enum","values":["x","y","z"],"source":"s"}},"a.b":{{"type":"bool","source":"s"}},
            "a.t":{{"type":"text","source":"s"}}}},"nodes":{{"start":{{"kind":"start","next":"ask"}},
            "ask":{{"kind":"listen","branches":[{},{}],"else":"end"}},"end":{{"kind":"end","outcome":"done"}}}}}}"#,
            row(&guards[0]),
            row(&guards[1])
        );
        document::read(&text).unwrap()
    }

    proptest! {
        /// Answers name by name are those of the exact regions.
        #[test]
        fn answers_name_by_name_are_exact(first in guard(), second in guard(), part in guard()) {
            let document = flow(&[first, second]);
            let around = Around { file: None, environments: None, open: &|_| None };
            let tables = (Arc::new(Names::of(&document.flow)), Arc::new(Book::default()));
            let subject = Subject::new(&document, tables, &around, 1);
            let part = parse(&part).expr;
            let whens: Vec<String> = subject.lists()[0].rows.iter().map(|row| row.when.to_owned()).collect();
            let whens: Vec<&str> = whens.iter().map(String::as_str).collect();
            for place in 0..=2 {
                let premises = premises(&subject, &whens, place, &part);
                let answers = Answers::new(&subject);
                if let (false, Some(told)) = (premises.is_empty(), answers.name_by_name(&subject, &premises, &part)) {
                    prop_assert_eq!(told, all_imply(&subject, &premises, &part), "row {} of {:?}", place, whens);
                }
            }
        }
    }
}
