//! The conditions that can be looked at between a customer's turn and the next place where the run waits, and what they
//! would have to say for each way on.

use std::collections::BTreeSet;
use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as E, Span};
use flow_conditions::parse::parse;
use flow_model::flow::{Handoff, Kind, Trigger};

use crate::program::{Program, RunKind};
use crate::state::{Place, State};

/// What a step can ask.
#[derive(Default)]
pub(crate) struct Guards {
    /// Conditions, each with the unit whose names it uses.
    pub(crate) asked: Vec<(u32, Expr)>,
    /// What would have to hold for each way on from the waiting card.
    pub(crate) ways: Vec<(u32, Expr)>,
    /// Calls that can be made.
    pub(crate) calls: Vec<Place>,
}

struct Collect<'p> {
    program: &'p Program,
    found: Guards,
    seen: BTreeSet<Place>,
    open: Vec<Place>,
}

/// The conditions of a turn that comes where the run stands.
pub(crate) fn of(program: &Program, state: &State) -> Guards {
    let mut collect = Collect { program, found: Guards::default(), seen: BTreeSet::new(), open: Vec::new() };
    let quiet = collect.triggers(state, state.place);
    collect.waiting(state.place, quiet);
    for caller in state.stack.iter().rev() {
        collect.triggers(state, *caller);
    }
    while let Some(place) = collect.open.pop() {
        if collect.seen.insert(place) {
            collect.enter(place);
        }
    }
    collect.found
}

/// The conditions of a turn of a customer who waits at a handoff: its rows, asked of the tier that the request is for.
pub(crate) fn while_waiting(program: &Program, state: &State, tier: &str) -> Guards {
    let unit = &program.units[state.place.0 as usize];
    let mut found = Guards::default();
    let written = unit.flow.nodes.get_index(state.place.1 as usize).map(|(_, node)| &node.kind);
    let Some(Kind::Handoff(handoff)) = written else { return found };
    for row in &handoff.waiting.turns {
        let guard = of_tier(parse(&row.when).expr, tier);
        found.asked.push((state.place.0, guard.clone()));
        found.ways.push((state.place.0, guard));
    }
    found
}

/// A condition of a row with the names of its tier.
fn of_tier(mut guard: Expr, tier: &str) -> Expr {
    guard.rename(&|name| {
        let key = name.strip_prefix("queue.")?;
        (!key.contains('.')).then(|| Arc::from(format!("queue.{tier}.{key}")))
    });
    guard
}

impl Collect<'_> {
    /// The triggers that look at a turn here; gives that none of them fires.
    fn triggers(&mut self, state: &State, here: Place) -> Vec<Expr> {
        let mut quiet: Vec<Expr> = Vec::new();
        let unit = &self.program.units[here.0 as usize];
        for (trigger, written) in unit.triggers.iter().zip(unit.flow.triggers.values()) {
            if !trigger.acts[here.1 as usize] || state.spent[trigger.number] {
                continue;
            }
            let guard = whole(written);
            self.found.asked.push((here.0, guard.clone()));
            self.found.ways.push((here.0, Expr::all(quiet.iter().cloned().chain([guard.clone()]).collect())));
            quiet.push(guard.denied());
            self.open.push((here.0, trigger.to));
        }
        quiet
    }

    /// The card that waits: its branches, or whether its slot is filled.
    fn waiting(&mut self, here: Place, quiet: Vec<Expr>) {
        let unit = &self.program.units[here.0 as usize];
        match (&unit.nodes[here.1 as usize].kind, unit.flow.nodes.get_index(here.1 as usize).map(|(_, n)| &n.kind)) {
            (RunKind::Listen { branches, other, .. }, Some(Kind::Listen(listen))) => {
                let mut earlier = quiet;
                for ((_, to), branch) in branches.iter().zip(&listen.branches) {
                    let guard = parse(&branch.when).expr;
                    self.found.asked.push((here.0, guard.clone()));
                    let way = earlier.iter().cloned().chain([guard.clone()]).collect();
                    self.found.ways.push((here.0, Expr::all(way)));
                    earlier.push(guard.denied());
                    self.to(here.0, *to);
                }
                self.found.ways.push((here.0, Expr::all(earlier)));
                self.to(here.0, *other);
            }
            (RunKind::Ask { filled, failed, .. }, Some(Kind::Ask(ask))) => {
                self.found.asked.push((here.0, has(&format!("slots.{}", ask.slot))));
                self.to(here.0, *filled);
                self.to(here.0, *failed);
            }
            _ => {}
        }
    }

    fn to(&mut self, unit: u32, port: Option<u32>) {
        self.open.extend(port.map(|to| (unit, to)));
    }

    fn ask(&mut self, unit: u32, when: &str) {
        self.found.asked.push((unit, parse(when).expr));
    }

    fn enter(&mut self, place: Place) {
        let program = self.program;
        let unit = &program.units[place.0 as usize];
        let written = unit.flow.nodes.get_index(place.1 as usize).map(|(_, node)| &node.kind);
        match (&unit.nodes[place.1 as usize].kind, written) {
            (RunKind::Pass(next) | RunKind::Message(_, next) | RunKind::Set(_, next), _) => self.to(place.0, *next),
            (RunKind::Decision { branches, other }, Some(Kind::Decision(decision))) => {
                for ((_, to), branch) in branches.iter().zip(&decision.branches) {
                    self.ask(place.0, &branch.when);
                    self.to(place.0, *to);
                }
                self.to(place.0, *other);
            }
            (RunKind::Ask { filled, .. }, Some(Kind::Ask(ask))) => {
                self.found.asked.push((place.0, has(&format!("slots.{}", ask.slot))));
                self.to(place.0, *filled);
            }
            (RunKind::Action { ok, errors, error, timeout, .. }, _) => {
                self.found.calls.push(place);
                let ports = errors.iter().map(|(_, to)| *to).chain([*ok, *error, *timeout]);
                ports.for_each(|to| self.to(place.0, to));
            }
            (RunKind::Handoff(ready), Some(Kind::Handoff(handoff))) => {
                self.handoff(place.0, handoff);
                for to in ready.overflow.iter().map(|row| row.to).chain([ready.sent, ready.closed]) {
                    self.to(place.0, to);
                }
            }
            (RunKind::Subflow { unit: called, outcomes, other, .. }, _) => {
                self.open.push((*called, program.units[*called as usize].start));
                outcomes.iter().map(|(_, to)| *to).chain([*other]).for_each(|to| self.to(place.0, to));
            }
            _ => {}
        }
    }

    /// Routes, and the rows that look at the queue of each tier that it may go to.
    fn handoff(&mut self, unit: u32, handoff: &Handoff) {
        for route in &handoff.routes {
            self.ask(unit, &route.when);
        }
        let mut tiers: Vec<&str> = handoff.routes.iter().map(|route| route.tier.as_str()).collect();
        tiers.push(&handoff.tier);
        tiers.sort_unstable();
        tiers.dedup();
        for tier in tiers {
            self.found.asked.push((unit, name(&format!("queue.{tier}.open"))));
            for row in &handoff.overflow {
                self.found.asked.push((unit, of_tier(parse(&row.when).expr, tier)));
            }
        }
    }
}

fn whole(trigger: &Trigger) -> Expr {
    let because: Vec<Expr> = trigger.because.values().map(|because| parse(&because.when).expr).collect();
    let when = parse(&trigger.when).expr;
    if because.is_empty() { when } else { Expr::all(vec![when, Expr::any(because)]) }
}

fn has(name: &str) -> Expr {
    Expr::new(E::Has(name.into()), Span::default())
}

fn name(name: &str) -> Expr {
    Expr::new(E::Name(name.into()), Span::default())
}
