//! Where values can lead: guards, assignments, triggers and turns taken together along the ways from the start.
//!
//! A run is followed from card to card with what can be the case there. What must stay true: an edge is left out only if
//! nothing can take it. The search is bounded: a card keeps [`MOST_CASES`] cases, the flow [`MOST_ENTRIES`] for each card
//! and [`MOST_QUESTIONS`] questions in all; beyond that cases are joined, name by name, and no way is shown through them.

use std::collections::VecDeque;

use flow_conditions::value::Value;
use flow_model::flow::{Kind, Once};

use super::asks::{Guards, Want, Wants};
use super::cases::{self, Case, PENDING, SPENT, Table, Var};
use super::effects::Effects;
use super::graph::{Edge, Way};
use super::live::Live;
use super::sets::{Set, Unset, Values};
use super::triggers::Fate;
use crate::rules::Subject;

mod handoffs;

use handoffs::keeps_place;

/// How many cases a card keeps.
const MOST_CASES: usize = 48;
/// How many cases are kept in all for each card, beside those of small flows.
const MOST_ENTRIES: usize = 2;
/// How often the cases of a card are joined before nothing more is claimed there.
const MOST_JOINS: u32 = 12;
/// The same where there are too many cases in all.
const MOST_JOINS_LATE: u32 = 1;
/// How many questions are asked in all.
const MOST_QUESTIONS: usize = 200_000;
/// So many handoffs that keep a place are told apart; of more it is only known whether a request is out.
const MOST_KEEPERS: usize = 8;
/// At a card that waits, triggers that did not fire are kept as facts up to so many cases.
const MOST_BESIDE: usize = 6;

/// A case that a run can be in.
#[derive(Debug)]
struct Entry {
    place: usize,
    case: Case,
    before: Option<usize>,
    /// How many cards lie before it on its way.
    far: usize,
    /// Whether every case is one that a run can come to, as far as cases are told apart at all.
    exact: bool,
    covered: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It cannot be.
    No,
    /// It can, on this way.
    On(Vec<usize>),
    /// It cannot be told.
    Perhaps,
}

/// Where values can lead.
#[derive(Debug)]
pub(crate) struct Feasible {
    /// Edges that values take, by number.
    pub(crate) taken: Vec<bool>,
    /// Triggers that fire, by number.
    pub(crate) fired: Vec<bool>,
    /// What was asked, in the same order.
    pub(crate) answers: Vec<Answer>,
    /// Whether the search came to its bounds.
    pub(crate) bounded: bool,
}

struct Search<'s, 'a> {
    subject: &'s Subject<'a>,
    table: Table<'s>,
    effects: Effects<'s, 'a>,
    live: Live,
    guards: Guards,
    /// Whether a request that is out is followed.
    pending: bool,
    /// The handoffs that keep a place.
    keepers: Vec<usize>,
    /// Whether they are few enough to be told apart.
    apart: bool,
    /// What can be while a place is kept at one of them.
    away: Option<Case>,
    /// What is known at the start of a flow that is called.
    begin: Option<Case>,
    entries: Vec<Entry>,
    at: Vec<Vec<usize>>,
    joins: Vec<u32>,
    /// Which name told the last two cases apart, that come to a card against those there, and the other way round.
    apart_by: [usize; 2],
    open: VecDeque<usize>,
    taken: Vec<bool>,
    fired: Vec<bool>,
    bounded: bool,
}

/// Follows the runs of a flow; `called`: as if another flow had called it, so that slots may be filled before.
pub(crate) fn follow(subject: &Subject<'_>, called: bool, wants: &Wants) -> Feasible {
    let mut search = Search::new(subject, wants);
    if let Some(start) = subject.graph.start {
        let case = search.effects.start(&search.table, called, |var| search.live.has(start, var));
        search.begin = called.then(|| case.clone());
        search.come(start, case, None);
    }
    while let Some(number) = search.open.pop_front() {
        search.leave(number);
    }
    let bounded = search.bounded || search.table.left == 0;
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); if wants.is_empty() { 0 } else { subject.graph.len() * 2 }];
    for (number, entry) in search.entries.iter().enumerate() {
        if let Some(at) = places.get_mut(entry.place) {
            at.push(number);
        }
    }
    search.table.left = MOST_QUESTIONS;
    let answers = wants.iter().map(|(node, want)| search.answer(*node, want, &places[*node])).collect();
    Feasible { taken: search.taken, fired: search.fired, answers, bounded }
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(subject: &'s Subject<'a>, wants: &Wants) -> Self {
        let graph = &subject.graph;
        let mut table = Table::new(&subject.names, MOST_QUESTIONS);
        let guards = Guards::of(subject, &table);
        let keeps = |kind: &Kind| matches!(kind, Kind::Handoff(handoff) if keeps_place(handoff));
        let keepers: Vec<usize> = subject.nodes().filter(|(_, _, node)| keeps(&node.kind)).map(|(n, _, _)| n).collect();
        let asks = guards.branches.values().chain(&guards.triggers).any(|rows| rows.vars.contains(&PENDING));
        let apart = keepers.len() <= MOST_KEEPERS;
        let pending = asks || apart && !keepers.is_empty();
        let asked = guards.asked(subject, &table, wants);
        table.follow(asked.iter().flatten().copied().chain(guards.vars()));
        let after: Vec<Vec<Var>> = guards.triggers.iter().map(|rows| rows.vars.clone()).collect();
        Self {
            subject,
            effects: Effects::new(subject, &table, &guards.tests(subject, &table)),
            live: Live::of(subject, &table, &asked, &after),
            table,
            guards,
            pending,
            keepers,
            apart,
            away: None,
            begin: None,
            entries: Vec::new(),
            at: vec![Vec::new(); graph.len() * 2],
            joins: vec![0; graph.len() * 2],
            apart_by: [usize::MAX; 2],
            open: VecDeque::new(),
            taken: vec![false; graph.edges.len()],
            fired: vec![false; graph.within.len()],
            bounded: false,
        }
    }

    /// Notes that a run can come to a card, or to a person who was waited for there.
    fn come(&mut self, place: usize, mut case: Case, before: Option<usize>) {
        let nodes = self.subject.graph.len();
        let node = place % nodes.max(1);
        if place < nodes {
            let (live, pending) = (&self.live, self.pending);
            case.keep(|var| if var == PENDING { pending } else { var >= SPENT || live.has(node, var) });
        }
        let (entries, [narrower, wider]) = (&mut self.entries, &mut self.apart_by);
        if self.at[place].iter().any(|known| case.within_but(&entries[*known].case, narrower)) {
            return;
        }
        let far = before.map_or(0, |before| entries[before].far + 1);
        self.at[place].retain(|known| {
            let covered = entries[*known].case.within_but(&case, wider);
            // Who comes by a shorter way goes on all the same, so that the ways shown are the shortest.
            entries[*known].covered |= covered && entries[*known].far >= far;
            !covered
        });
        let mut exact = !self.table.rough && before.is_none_or(|b| self.entries[b].exact);
        let many = self.entries.len() > MOST_ENTRIES * nodes + 4_000;
        if self.at[place].len() >= if many { 1 } else { MOST_CASES } {
            for known in std::mem::take(&mut self.at[place]) {
                case = case.or(&self.entries[known].case, &self.table);
                self.entries[known].covered = true;
            }
            self.joins[place] += 1;
            if self.joins[place] > if many { MOST_JOINS_LATE } else { MOST_JOINS } {
                case = Case::default();
            }
            exact = false;
            self.bounded = true;
        }
        self.at[place].push(self.entries.len());
        self.open.push_back(self.entries.len());
        self.entries.push(Entry { place, case, before, far, exact, covered: false });
    }

    fn take(&mut self, number: usize, edge: &Edge<'_>, case: Case, from: usize) {
        if !self.subject.dead()[number] {
            self.taken[number] = true;
            self.come(edge.to, case, Some(from));
        }
    }

    fn leave(&mut self, from: usize) {
        if self.entries[from].covered {
            return;
        }
        self.table.rough = false;
        let subject = self.subject;
        let (nodes, place) = (subject.graph.len(), self.entries[from].place);
        let case = self.entries[from].case.clone();
        let node = place % nodes.max(1);
        if place >= nodes {
            return self.given_back(node, &case, from);
        }
        let Some(entry) = subject.graph.node(node) else { return };
        self.called_away(node, &case, from);
        self.called_again(&entry.kind, &case);
        match &entry.kind {
            Kind::Start(_) | Kind::Message(_) | Kind::Todo(_) => self.all(node, &case, from),
            Kind::Decision(_) => self.branch(node, vec![case], from),
            Kind::Listen(_) => self.listen(node, case, from),
            Kind::Ask(_) => self.ask(node, &case, from),
            Kind::Set(_) => {
                let live = |var: Var| subject.graph.leaving(node).any(|(_, edge)| self.live.has(edge.to, var));
                for case in self.effects.set(&mut self.table, case, node, live) {
                    self.all(node, &case, from);
                }
            }
            Kind::Action(_) => {
                for (number, edge) in subject.graph.leaving(node) {
                    let mut case = case.clone();
                    self.effects.answered(&self.table, &mut case, edge);
                    self.take(number, edge, case, from);
                }
            }
            Kind::Handoff(handoff) => self.handoff(node, handoff, case, from),
            Kind::Subflow(call) => {
                let mut case = case;
                self.effects.called(&self.table, &mut case, &call.flow);
                for case in self.beside(node, case, from) {
                    for (number, edge) in subject.graph.leaving(node) {
                        let mut case = case.clone();
                        self.effects.ended(&self.table, &mut case, edge);
                        self.take(number, edge, case, from);
                    }
                }
            }
            Kind::End(_) | Kind::Note(_) | Kind::Unknown(_) => {}
        }
    }

    fn all(&mut self, node: usize, case: &Case, from: usize) {
        let subject = self.subject;
        for (number, edge) in subject.graph.leaving(node) {
            self.take(number, edge, case.clone(), from);
        }
    }

    /// The first branch that holds.
    fn branch(&mut self, node: usize, cases: Vec<Case>, from: usize) {
        let subject = self.subject;
        let Some(rows) = self.guards.branches.get(&node).cloned() else { return };
        let later = |var: &Var| subject.graph.leaving(node).any(|(_, edge)| self.live.has(edge.to, *var));
        let tells = rows.vars.iter().any(|var| *var == PENDING || later(var));
        let (guards, vars) = (&rows.guards, &rows.vars);
        for case in cases {
            if !tells && !vars.iter().any(|var| case.knows(*var)) {
                for (number, edge) in subject.graph.leaving(node) {
                    if matches!(edge.way, Way::Branch(_) | Way::Else) {
                        self.take(number, edge, case.clone(), from);
                    }
                }
                continue;
            }
            let found = self.table.rows(&case, guards);
            for (number, edge) in subject.graph.leaving(node) {
                let place = match edge.way {
                    Way::Branch(i) => i,
                    Way::Else => guards.len(),
                    _ => continue,
                };
                for case in found.get(place).into_iter().flatten() {
                    self.take(number, edge, case.clone(), from);
                }
            }
        }
    }

    fn listen(&mut self, node: usize, mut case: Case, from: usize) {
        let subject = self.subject;
        self.effects.rest(&self.table, &mut case);
        for (number, edge) in subject.graph.leaving(node).filter(|(_, edge)| matches!(edge.way, Way::Idle(_))) {
            let mut case = case.clone();
            self.effects.wait(&self.table, &mut case);
            self.take(number, edge, case, from);
        }
        self.effects.turn(&self.table, &mut case);
        let cases = self.beside(node, case, from);
        self.branch(node, cases, from);
    }

    fn ask(&mut self, node: usize, case: &Case, from: usize) {
        let subject = self.subject;
        let Some(Kind::Ask(ask)) = subject.graph.node(node).map(|n| &n.kind) else { return };
        let Some(slot) = self.table.var(&format!("slots.{}", ask.slot)) else {
            // Of a slot that does not exist nothing is claimed.
            let mut case = case.clone();
            self.effects.turn(&self.table, &mut case);
            return self.all(node, &case, from);
        };
        let values = case.get(&self.table, slot).clone();
        let with = |search: &Self, case: &Case, values: Values| {
            let mut case = case.clone();
            case.put(&search.table, slot, values);
            case
        };
        if values.set != Set::None {
            let filled = with(self, case, Values { unset: Unset::Never, set: values.set.clone() });
            self.by(node, &filled, from, |way| way == Way::Filled);
        }
        if values.unset == Unset::Never {
            return;
        }
        let mut waits = with(self, case, Values { unset: values.unset, set: Set::None });
        self.effects.turn(&self.table, &mut waits);
        self.effects.tries(&self.table, &mut waits, ask.attempts, false);
        let still = with(self, &waits, Values { unset: values.unset, set: Set::None });
        self.by(node, &still, from, |way| matches!(way, Way::Idle(_)));
        let heard = with(self, &waits, Values { unset: values.unset, set: Set::Any });
        for case in self.beside(node, heard, from) {
            let values = case.get(&self.table, slot).clone();
            if values.set != Set::None {
                let filled = with(self, &case, Values { unset: Unset::Never, set: values.set.clone() });
                self.by(node, &filled, from, |way| way == Way::Filled);
            }
            if values.unset != Unset::Never {
                let mut failed = with(self, &case, Values { unset: values.unset, set: Set::None });
                self.effects.tries(&self.table, &mut failed, ask.attempts, true);
                self.by(node, &failed, from, |way| way == Way::Failed);
            }
        }
    }

    fn by(&mut self, node: usize, case: &Case, from: usize, way: impl Fn(Way) -> bool) {
        let subject = self.subject;
        for (number, edge) in subject.graph.leaving(node).filter(|(_, edge)| way(edge.way)) {
            self.take(number, edge, case.clone(), from);
        }
    }

    /// Triggers that act where the customer spoke; the cases in which none takes the turn.
    fn beside(&mut self, node: usize, case: Case, from: usize) -> Vec<Case> {
        let subject = self.subject;
        let asked = self.guards.branches.get(&node).cloned().unwrap_or_default();
        let mut rest = vec![case];
        for trigger in subject.graph.triggers_at(node) {
            if subject.triggers()[trigger] != Fate::Fires {
                continue;
            }
            let (Some(to), Some((id, found))) =
                (subject.graph.trigger_to[trigger], subject.flow.triggers.get_index(trigger))
            else {
                continue;
            };
            let rows = std::sync::Arc::clone(&self.guards.triggers[trigger]);
            let (Some(guard), vars) = (rows.guards.first(), &rows.vars) else { continue };
            let known = |case: &Case| vars.iter().any(|var| case.knows(*var));
            let (mut acts, spent) = self.unspent(trigger, found.once, std::mem::take(&mut rest));
            let tells = vars.iter().any(|var| *var == PENDING || self.live.has(to, *var)) || acts.iter().any(known);
            let fires = if tells { self.table.where_(&acts, guard, true) } else { acts.clone() };
            for mut case in fires {
                self.fired[trigger] = true;
                self.effects.fired(&self.table, &mut case, id);
                if let (Once::Fired, Some(var)) = (found.once, cases::spent(trigger)) {
                    case.put(&self.table, var, Values::only(&Value::Bool(true)));
                }
                self.come(to, case, Some(from));
            }
            let later = |var: &Var| subject.graph.leaving(node).any(|(_, edge)| self.live.has(edge.to, *var));
            let matters = vars.is_empty()
                || vars.iter().any(|var| asked.vars.contains(var) || later(var))
                || acts.iter().any(known);
            if found.once != Once::Accepted && matters && acts.len() < MOST_BESIDE {
                acts = self.table.where_(&acts, guard, false);
            }
            rest = spent;
            rest.append(&mut acts);
        }
        rest
    }

    /// The cases in which a trigger still acts, and those in which it has fired and acts but once.
    fn unspent(&self, trigger: usize, once: Once, cases: Vec<Case>) -> (Vec<Case>, Vec<Case>) {
        let (Once::Fired, Some(var)) = (once, cases::spent(trigger)) else { return (cases, Vec::new()) };
        let (mut acts, mut spent) = (Vec::new(), Vec::new());
        for case in cases {
            for (outcome, found) in [(false, &mut acts), (true, &mut spent)] {
                if !matches!(case.get(&self.table, var).set, Set::Bool(known) if known != outcome) {
                    let mut case = case.clone();
                    case.put(&self.table, var, Values::only(&Value::Bool(outcome)));
                    found.push(case);
                }
            }
        }
        (acts, spent)
    }

    /// The entries of the card are in the order in which they were come to, those with fewer cards on the way first.
    fn answer(&mut self, node: usize, want: &Want, entries: &[usize]) -> Answer {
        let mut perhaps = false;
        let id = self.subject.graph.id(node);
        let own = Values::only(&Value::Text(id.into()));
        for number in entries.iter().copied() {
            let case = self.entries[number].case.clone();
            // Coming back to a request that is still pending sends nothing.
            if self.pending && *case.get(&self.table, PENDING) == own {
                continue;
            }
            let can = match want {
                Want::Unset(name) => match self.table.var(name) {
                    Some(var) if self.live.has(node, var) => Some(case.get(&self.table, var).unset == Unset::Can),
                    _ => None,
                },
                Want::Fails(expr, route) => Some(self.fails(node, &case, expr, *route)),
            };
            match (can, self.entries[number].exact) {
                (Some(false), _) => {}
                (Some(true), true) => return Answer::On(self.way(number)),
                _ => perhaps = true,
            }
        }
        if perhaps { Answer::Perhaps } else { Answer::No }
    }

    fn fails(&mut self, node: usize, case: &Case, expr: &flow_conditions::ast::Expr, route: Option<usize>) -> bool {
        let guards = self.guards.routes.get(&node).cloned().unwrap_or_default();
        let cases = match route {
            Some(row) => self.table.rows(case, &guards.guards).into_iter().nth(row).unwrap_or_default(),
            None => vec![case.clone()],
        };
        let formula = self.table.formula(expr);
        !self.table.where_(&cases, &formula, false).is_empty()
    }

    fn way(&self, number: usize) -> Vec<usize> {
        let nodes = self.subject.graph.len();
        let mut way = Vec::new();
        let mut step = Some(number);
        while let Some(here) = step {
            way.push(self.entries[here].place % nodes.max(1));
            step = self.entries[here].before;
        }
        way.reverse();
        way
    }
}
