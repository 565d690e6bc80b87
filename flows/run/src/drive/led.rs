//! Where values lead: for each card the values that slots can have there which only the flow itself sets.
//!
//! What must stay true: a card is left out only if no run can come to it. Slots that the customer or a person can fill, and
//! those of other flows, can have any value; so can every slot behind a handoff. Nothing is claimed once the effort is spent.

use std::cell::Cell;
use std::collections::{BTreeSet, VecDeque};

use flow_conditions::ast::{Expr, Kind as E, Literal};
use flow_conditions::regions::{Satisfiable, satisfiable};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Kind};
use flow_model::names::Reach;
use indexmap::IndexMap;

use super::guards::{Guards, all, denied, fact, read};
use super::ports;
use crate::program::{Program, RunKind, Unit};

/// Values of a slot that are told apart.
const MOST_VALUES: usize = 8;
/// Of a card with more rows nothing is claimed.
const MOST_ROWS: usize = 64;
/// Conditions that are asked about.
const MOST_ASKED: usize = 20_000;
/// Slots that are followed.
const MOST_SLOTS: usize = 200;

/// What a slot can be; `None` stands for unset.
#[derive(Clone, Debug, PartialEq)]
enum Set {
    Of(Vec<Option<Value>>),
    Any,
    /// Anything, at any time: a person has been asked, and may set it wherever the run is.
    Free,
}

type Case = Vec<Set>;

/// A way on from a card.
struct Way {
    to: usize,
    /// What must hold, as far as it is about followed slots.
    guard: Option<Expr>,
    /// The row or trigger that it goes by; none for `else`.
    own: Option<(Expr, String)>,
}

/// Where values lead in the flow itself.
pub(super) struct Led {
    /// Followed slots with their types.
    slots: IndexMap<String, Type>,
    at: Vec<Option<Case>>,
    /// Steps that values take, from card to card.
    steps: BTreeSet<(usize, usize)>,
}

impl Led {
    /// Follows them from the start; `None` where that takes too long or other flows are called.
    pub(super) fn new(program: &Program, guards: &[Guards]) -> Option<Self> {
        let ([unit], [guards]) = (program.units.as_slice(), guards) else { return None };
        let slots = followed(&unit.flow, unit);
        if slots.is_empty() || slots.len() > MOST_SLOTS {
            return None;
        }
        let mut led = Self { slots, at: vec![None; unit.nodes.len()], steps: BTreeSet::new() };
        let asked = Cell::new(0);
        led.at[unit.start as usize] = Some(vec![Set::Of(vec![None]); led.slots.len()]);
        let mut ways: Vec<Option<Vec<Way>>> = unit.nodes.iter().map(|_| None).collect();
        let mut open = VecDeque::from([unit.start as usize]);
        let mut is_open = vec![false; unit.nodes.len()];
        while let Some(node) = open.pop_front() {
            is_open[node] = false;
            let Some(case) = led.at[node].clone() else { continue };
            let out = led.behind(unit, node, &case);
            let ways = ways[node].get_or_insert_with(|| led.ways(unit, guards, node));
            for way in ways {
                let Some(case) = led.through(guards, way, out.clone(), &asked) else { continue };
                led.steps.insert((node, way.to));
                if led.come(way.to, case) && !std::mem::replace(&mut is_open[way.to], true) {
                    open.push_back(way.to);
                }
            }
            if asked.get() > MOST_ASKED {
                return None;
            }
        }
        Some(led)
    }

    pub(super) fn has(&self, card: usize) -> bool {
        self.at[card].is_some()
    }

    /// Cards from the start to one, by the fewest steps that values take: what is named by its edges alone may not be possible.
    pub(super) fn path(&self, start: usize, card: usize) -> Option<Vec<usize>> {
        let mut before: Vec<Option<usize>> = vec![None; self.at.len()];
        before[start] = Some(start);
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for (_, to) in self.steps.range((node, 0)..(node + 1, 0)) {
                if before[*to].is_none() {
                    before[*to] = Some(node);
                    open.push_back(*to);
                }
            }
        }
        let mut path = vec![card];
        while let Some(node) = path.last().copied().filter(|node| *node != start) {
            path.push(before[node]?);
        }
        path.reverse();
        Some(path)
    }

    /// Whether values take each step of a path.
    pub(super) fn goes(&self, path: &[usize]) -> bool {
        path.windows(2).all(|pair| self.steps.contains(&(pair[0], pair[1])))
    }

    /// Joins what can be the case at a card; says whether that is new.
    fn come(&mut self, card: usize, case: Case) -> bool {
        let Some(known) = &mut self.at[card] else {
            self.at[card] = Some(case);
            return true;
        };
        let mut new = false;
        for (known, more) in known.iter_mut().zip(case) {
            let joined = match (&*known, more) {
                (Set::Free, _) | (_, Set::Free) => Set::Free,
                (Set::Any, _) | (_, Set::Any) => Set::Any,
                (Set::Of(values), Set::Of(more)) => {
                    let more = more.into_iter().filter(|value| !values.contains(value));
                    let all: Vec<_> = values.iter().cloned().chain(more).collect();
                    if all.len() > MOST_VALUES { Set::Any } else { Set::Of(all) }
                }
            };
            new |= *known != joined;
            *known = joined;
        }
        new
    }

    /// What can be the case when a card is left.
    fn behind(&self, unit: &Unit, node: usize, case: &Case) -> Case {
        match unit.flow.nodes.get_index(node).map(|(_, node)| &node.kind) {
            Some(Kind::Handoff(_)) => vec![Set::Free; case.len()],
            Some(Kind::Set(set)) => {
                let mut case = case.clone();
                for (slot, source) in &set.assign {
                    let Some((at, _, kind)) = self.slots.get_full(&format!("slots.{slot}")) else { continue };
                    case[at] = match source {
                        _ if case[at] == Set::Free => Set::Free,
                        None => Set::Of(vec![None]),
                        Some(source) => self.assigned(&case, source, kind),
                    };
                }
                case
            }
            _ => case.clone(),
        }
    }

    fn assigned(&self, case: &Case, source: &str, kind: &Type) -> Set {
        match read(source).kind {
            E::Literal(literal) => fitting(literal, kind).map_or(Set::Any, |value| Set::Of(vec![Some(value)])),
            E::Name(name) => match self.slots.get_full(&*name) {
                Some((at, _, same)) if same == kind => case[at].clone(),
                _ => Set::Any,
            },
            _ => Set::Any,
        }
    }

    fn ways(&self, unit: &Unit, guards: &Guards, node: usize) -> Vec<Way> {
        let plain = |to: u32| Way { to: to as usize, guard: None, own: None };
        let (branches, other, mut ways) = match &unit.nodes[node].kind {
            RunKind::Listen { branches, other, idle } => {
                (branches, other, idle.iter().filter_map(|row| row.to).map(plain).collect())
            }
            RunKind::Decision { branches, other } => (branches, other, Vec::new()),
            kind => return ports(kind).into_iter().map(plain).chain(self.triggers(unit, guards, node)).collect(),
        };
        ways.extend(self.triggers(unit, guards, node));
        let rows = &guards.branches[node];
        let texts = texts(&unit.flow, node);
        let few = rows.len() <= MOST_ROWS && rows.len() == branches.len();
        for (place, to) in branches.iter().map(|(_, to)| to).chain([other]).enumerate() {
            let Some(to) = to else { continue };
            let about = |row: &&Expr| self.is_about(row);
            let before = rows.iter().take(place).filter(about).cloned().map(denied);
            let row = rows.get(place).filter(about).cloned();
            let parts: Vec<Expr> = if few { before.chain(row.clone()).collect() } else { Vec::new() };
            let own = row.zip(texts.get(place).cloned()).filter(|_| few);
            ways.push(Way { to: *to as usize, guard: (!parts.is_empty()).then(|| all(parts)), own });
        }
        ways
    }

    /// Where triggers lead that look at a turn there.
    fn triggers<'a>(&'a self, unit: &'a Unit, guards: &'a Guards, node: usize) -> impl Iterator<Item = Way> + 'a {
        let waits = matches!(unit.nodes[node].kind, RunKind::Listen { .. } | RunKind::Ask { .. });
        let acting = unit.triggers.iter().enumerate().filter(move |(_, trigger)| waits && trigger.acts[node]);
        acting.map(|(at, trigger)| {
            let guard = guards.triggers.get(at).filter(|guard| self.is_about(guard)).cloned();
            let text = unit.flow.triggers.get(&*trigger.id).map(|t| t.when.clone());
            Way { to: trigger.to as usize, own: guard.clone().zip(text), guard }
        })
    }

    fn is_about(&self, guard: &Expr) -> bool {
        guard.names().iter().any(|(name, _)| self.slots.contains_key(&**name))
    }

    /// The followed slots of a condition.
    fn about(&self, guard: &Expr) -> Vec<usize> {
        let mut found: Vec<usize> =
            guard.names().iter().filter_map(|(name, _)| self.slots.get_index_of(&**name)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a guard can hold where followed slots are what they can be.
    fn can(&self, guards: &Guards, guard: &Expr, case: &Case) -> bool {
        let facts = self.about(guard).into_iter().filter_map(|at| match (&case[at], self.slots.get_index(at)) {
            (Set::Of(values), Some((name, _))) => {
                Some(Expr::any(values.iter().map(|value| fact(name, value.as_ref())).collect()))
            }
            _ => None,
        });
        let whole = all(facts.chain([guard.clone()]).collect());
        satisfiable(&whole, &guards.names.scope(Reach::Plain)) != Satisfiable::No
    }

    /// What can be the case behind a way; none where nothing takes it.
    fn through(&self, guards: &Guards, way: &Way, mut case: Case, asked: &Cell<usize>) -> Option<Case> {
        let Some(guard) = &way.guard else { return Some(case) };
        let can = |case: &Case| {
            asked.set(asked.get() + 1);
            self.can(guards, guard, case)
        };
        if !can(&case) {
            return None;
        }
        for at in self.about(guard) {
            let Set::Of(values) = case[at].clone() else { continue };
            if values.len() < 2 {
                continue;
            }
            let kept = values.into_iter().filter(|value| {
                case[at] = Set::Of(vec![value.clone()]);
                can(&case)
            });
            case[at] = Set::Of(kept.collect());
        }
        Some(case)
    }

    /// Why nothing comes to a card, by the first step of a path that nothing takes.
    pub(super) fn barred(&self, unit: &Unit, guards: &Guards, path: &[usize], card: usize) -> Said {
        let id = |card: usize| unit.nodes[card].id.to_string();
        let step = path.windows(2).find(|pair| self.has(pair[0]) && !self.has(pair[1]));
        let unknown = || {
            let card = id(card);
            say!("No values lead to \"{card}\": what every way there asks for is set by nothing on it.", card)
        };
        let Some([from, next]) = step else { return unknown() };
        let Some(case) = &self.at[*from] else { return unknown() };
        let ways = self.ways(unit, guards, *from);
        let Some(way) = ways.iter().find(|way| way.to == *next) else { return unknown() };
        let (from, to) = (id(*from), id(*next));
        let named = |guard: &Expr, unset: bool| {
            let known = |at: &usize| match &case[*at] {
                Set::Any | Set::Free => false,
                Set::Of(values) => !unset || values.iter().all(Option::is_none),
            };
            let names = self.about(guard).into_iter().filter(known);
            names
                .filter_map(|at| self.slots.get_index(at).map(|(name, _)| name.as_str()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match (&way.own, &way.guard) {
            (Some((own, guard)), _) if !self.can(guards, own, case) => {
                let (never, names) = (named(own, true), named(own, false));
                if never.is_empty() {
                    say!(
                        "No values lead there: \"{from}\" goes on to \"{to}\" only where `{guard}`, and no value that {names} can have there makes that true.",
                        from,
                        to,
                        guard,
                        names
                    )
                } else {
                    say!(
                        "No values lead there: \"{from}\" goes on to \"{to}\" only where `{guard}`, and nothing on the way sets {never}.",
                        from,
                        to,
                        guard,
                        never
                    )
                }
            }
            (_, Some(guard)) => {
                let names = named(guard, false);
                say!(
                    "No values lead there: every value that {names} can have at \"{from}\" is taken by a row before the one to \"{to}\".",
                    from,
                    to,
                    names
                )
            }
            _ => unknown(),
        }
    }
}

/// What the rows of a card say.
fn texts(flow: &Flow, node: usize) -> Vec<String> {
    match flow.nodes.get_index(node).map(|(_, node)| &node.kind) {
        Some(Kind::Listen(listen)) => listen.branches.iter().map(|b| b.when.clone()).collect(),
        Some(Kind::Decision(decision)) => decision.branches.iter().map(|b| b.when.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Slots that only cards of the flow set: what a customer says fills none of them.
fn followed(flow: &Flow, unit: &Unit) -> IndexMap<String, Type> {
    let asked: BTreeSet<&str> = flow
        .nodes
        .values()
        .filter_map(|node| match &node.kind {
            Kind::Ask(ask) => Some(ask.slot.as_str()),
            _ => None,
        })
        .collect();
    let own = flow.slots.iter().filter(|(id, slot)| slot.entity.is_none() && !asked.contains(id.as_str()));
    own.filter_map(|(id, _)| Some((format!("slots.{id}"), unit.slots.get(id)?.1.clone()))).collect()
}

/// A literal as a slot of this type keeps it for sure.
fn fitting(literal: Literal, kind: &Type) -> Option<Value> {
    match (literal, kind) {
        (Literal::Bool(truth), Type::Bool) => Some(Value::Bool(truth)),
        (Literal::Text(text), Type::Text) => Some(Value::Text(text)),
        (Literal::Number(number), Type::Number { min: None, max: None }) => Some(Value::Number(number)),
        _ => None,
    }
}
