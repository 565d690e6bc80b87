//! Which values are worth trying: for each waiting card a case for every way on, found by exact reasoning over the
//! conditions, with what a turn cannot change held at what it is.

use std::cell::Cell;
use std::collections::BTreeMap;

use flow_conditions::ast::Expr;
use flow_conditions::eval::Env;
use flow_conditions::regions::{Satisfiable, Witness, satisfiable};
use flow_conditions::value::{Seen, Value};
use flow_model::flow::Kind;
use flow_model::names::{Reach, Role};

use super::guards::{Guards, all, denied, fact, has, read};
use super::{FAR, Goal};
use crate::program::{Program, RunKind, RunTrigger, Unit};
use crate::state::{Place, State, View};

/// Values of one name that are tried.
const MOST_VALUES: usize = 6;
/// What may be spent on rows, each of which costs the square of how many stand before it: of a card with thousands of
/// rows only the first and a few others are tried.
const MOST_EFFORT: usize = 6_000_000;
/// Ways on from a card that are tried, those that end nearest to the goal.
const MOST_WAYS: usize = 32;

/// Values by name; `None` is unset.
type Worth = BTreeMap<String, Vec<Option<Value>>>;

/// What is worth knowing of a flow for any goal.
pub(super) struct Known {
    pub(super) units: Vec<Guards>,
    /// Values of names that turns cannot set: of queues, outputs, people.
    worth: Worth,
}

impl Known {
    pub(super) fn new(program: &Program) -> Self {
        let units: Vec<Guards> = program.units.iter().map(Guards::new).collect();
        let mut worth = BTreeMap::new();
        for (guards, unit) in units.iter().zip(&program.units) {
            for (guard, reach) in guards.branches.iter().flatten().map(|g| (g.clone(), Reach::Plain)).chain(rows(unit))
            {
                for side in [guard.clone(), denied(guard)] {
                    if let Satisfiable::Yes(case) = satisfiable(&side, &guards.names.scope(reach)) {
                        case.into_iter().for_each(|(name, value)| add(&mut worth, &name, value));
                    }
                }
            }
        }
        Self { units, worth }
    }
}

pub(super) struct Wishes<'p> {
    program: &'p Program,
    /// Edges from each card of the flow itself to the goal.
    pub(super) far: Vec<u32>,
    /// What is left of [`MOST_EFFORT`].
    effort: Cell<usize>,
    units: &'p [Guards],
    /// The goal's case, as a condition, where it is to be met.
    goal: Option<Expr>,
    node: Option<&'p str>,
    trigger: Option<usize>,
    /// What the decisions behind a card of the goal's path ask for until the path waits again, where something is asked.
    ahead: BTreeMap<usize, Expr>,
    /// Values of names that turns cannot set, those of the goal's case first.
    worth: Worth,
}

impl<'p> Wishes<'p> {
    pub(super) fn new(program: &'p Program, known: &'p Known, goal: &Goal<'_>, far: Vec<u32>) -> Self {
        let mut worth = known.worth.clone();
        for (name, value) in goal.case {
            let values = worth.entry(name.clone()).or_default();
            values.retain(|known| known != value);
            values.insert(0, value.clone());
            values.truncate(MOST_VALUES);
        }
        let facts: Vec<Expr> = goal.case.iter().map(|(name, value)| fact(name, value.as_ref())).collect();
        let node = goal.node.and_then(|id| program.units[0].flow.nodes.get_key_value(id)).map(|(id, _)| id.as_str());
        let trigger = goal.trigger.and_then(|id| program.units[0].triggers.iter().position(|t| *t.id == *id));
        let ahead = ahead(&program.units[0], &known.units[0], goal.path);
        Self {
            program,
            far,
            ahead,
            effort: Cell::new(MOST_EFFORT),
            units: &known.units,
            goal: (!facts.is_empty()).then(|| all(facts)),
            node,
            trigger,
            worth,
        }
    }

    /// Values of a name that some condition tells apart.
    pub(super) fn values(&self, name: &str) -> &[Option<Value>] {
        self.worth.get(name).map_or(&[], Vec::as_slice)
    }

    /// Names and values that matter, all of them.
    pub(super) fn all_values(&self) -> impl Iterator<Item = (&str, &[Option<Value>])> {
        self.worth.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The cases of a customer's turn that are worth trying where the run is, the goal's own first.
    pub(super) fn turns(&self, state: &State, in_queue: bool) -> Vec<Witness> {
        let unit = &self.program.units[state.place.0 as usize];
        let guards = &self.units[state.place.0 as usize];
        let node = state.place.1 as usize;
        let acting: Vec<(usize, &Expr)> = match in_queue {
            true => Vec::new(),
            false => acting(&unit.triggers, &guards.triggers, state, node),
        };
        let quiet: Vec<Expr> = acting.iter().map(|(_, guard)| denied((*guard).clone())).collect();
        let mut wishes = Vec::new();
        if state.place.0 == 0 {
            self.own(unit, node, &acting, &quiet, &mut wishes);
        }
        for (place, (_, guard)) in acting.iter().enumerate() {
            let before = quiet[..place].iter().cloned();
            wishes.push(all(before.chain([(*guard).clone()]).collect()));
        }
        let ask = unit.flow.nodes.get_index(node).and_then(|(_, n)| match &n.kind {
            Kind::Ask(ask) => Some(ask),
            _ => None,
        });
        let asks = ask.is_some();
        if let Some(ask) = ask {
            let filled = has(&format!("slots.{}", ask.slot));
            wishes.push(all(quiet.iter().cloned().chain([filled.clone()]).collect()));
            wishes.push(all(quiet.iter().cloned().chain([denied(filled)]).collect()));
        } else {
            let branches = &guards.branches[node];
            for place in self.ways(state.place, branches.len()) {
                let earlier = branches[..place].iter().cloned().map(denied);
                let own = branches.get(place).cloned();
                wishes.push(all(quiet.iter().cloned().chain(earlier).chain(own).collect()));
            }
        }
        // A turn can bring along what the next decisions on the path ask for; that comes first.
        let ahead = self.ahead.get(&node).filter(|_| state.place.0 == 0);
        let with = |wish: &Expr| Some(all(vec![wish.clone(), ahead?.clone()]));
        let brought: Vec<Expr> = wishes.iter().filter_map(with).collect();
        let mut cases = Vec::new();
        for wish in brought.into_iter().chain(wishes) {
            // An answer to a question means nothing else, where it can.
            let plain = asks.then(|| all(vec![wish.clone(), fact("intent", Some(&Value::Text("none".into())))]));
            let plain = plain.map(|wish| self.now(unit, guards, state, wish));
            let found = plain.filter(|case| matches!(case, Satisfiable::Yes(_)));
            if let Satisfiable::Yes(case) = found.unwrap_or_else(|| self.now(unit, guards, state, wish))
                && !cases.contains(&case)
            {
                cases.push(case);
            }
        }
        cases
    }

    /// The places of a card's rows that are worth trying, the one behind the last for its `else`.
    fn ways(&self, at: Place, rows: usize) -> Vec<usize> {
        let mut ways: Vec<usize> = (0..=rows).collect();
        ways.sort_by_key(|row| self.left(at, *row));
        ways.truncate(MOST_WAYS);
        ways.retain(|row| {
            let effort = self.effort.get().checked_sub(row * row);
            self.effort.set(effort.unwrap_or(self.effort.get()));
            effort.is_some()
        });
        ways.sort_unstable();
        ways
    }

    /// How far the goal is where a row leads.
    fn left(&self, at: Place, row: usize) -> u32 {
        let to = match &self.program.units[at.0 as usize].nodes[at.1 as usize].kind {
            RunKind::Listen { branches, other, .. } => branches.get(row).map_or(*other, |(_, to)| *to),
            RunKind::Handoff(handoff) => handoff.turns.get(row).and_then(|row| row.to),
            _ => None,
        };
        to.filter(|_| at.0 == 0).map_or(FAR, |to| self.far[to as usize])
    }

    /// The goal's case, where this is the place for it.
    fn own(&self, unit: &Unit, node: usize, acting: &[(usize, &Expr)], quiet: &[Expr], wishes: &mut Vec<Expr>) {
        let Some(goal) = &self.goal else { return };
        let here = unit.flow.nodes.get_index(node).is_some_and(|(id, _)| Some(id.as_str()) == self.node);
        if here {
            wishes.push(all(quiet.iter().cloned().chain([goal.clone()]).collect()));
        }
        let looks = self.node.is_none() && acting.iter().any(|(at, _)| Some(*at) == self.trigger);
        if here || looks {
            wishes.push(goal.clone());
        }
        // The case may have to be brought along from an earlier turn.
        if !here {
            wishes.push(all(quiet.iter().cloned().chain([goal.clone()]).collect()));
        }
    }

    /// A case of a wish, as things are now.
    fn now(&self, unit: &Unit, guards: &Guards, state: &State, wish: Expr) -> Satisfiable {
        let view = View { program: self.program, state, row: state.row };
        let mut parts = Vec::new();
        for (name, _) in wish.names() {
            let Some(found) = guards.names.get(&name) else { continue };
            let Some(at) = unit.globals.get(&*name) else { continue };
            let seen = view.seen(*at);
            match &found.role {
                Role::Intent | Role::Confidence | Role::Sentiment | Role::Frustration | Role::Text | Role::Channel => {}
                Role::NluOk | Role::Declared(_) | Role::Constant(_) | Role::Score(_) | Role::SentimentTrend => {}
                Role::Turn | Role::Repeats | Role::NoMatch => {}
                // An entity gives a value and never takes one away.
                Role::Slot(slot) if fills(unit, *slot) && seen == Seen::Unset => {}
                Role::Slot(slot) if fills(unit, *slot) => parts.push(has(&name)),
                _ => parts.push(fact(&name, value(seen).as_ref())),
            }
        }
        parts.push(wish);
        satisfiable(&all(parts), &guards.names.scope(Reach::HandoffRow))
    }
}

/// For each waiting card of a path, what the decisions behind it must find for the path to go on to where it waits next.
fn ahead(unit: &Unit, guards: &Guards, path: &[String]) -> BTreeMap<usize, Expr> {
    let path: Vec<usize> = path.iter().filter_map(|id| unit.flow.nodes.get_index_of(id.as_str())).collect();
    let waits = |node: usize| {
        !matches!(&unit.nodes[node].kind, RunKind::Pass(_) | RunKind::Message(..))
            && !matches!(&unit.nodes[node].kind, RunKind::Set(..) | RunKind::Decision { .. } | RunKind::Action { .. })
    };
    let mut all_ahead = BTreeMap::new();
    for (from, node) in path.iter().enumerate().filter(|(_, node)| waits(**node)) {
        let mut parts = Vec::new();
        for pair in path[from + 1..].windows(2).take_while(|pair| !waits(pair[0])) {
            let RunKind::Decision { branches, .. } = &unit.nodes[pair[0]].kind else { continue };
            let taken = branches.iter().position(|(_, to)| to.is_some_and(|to| to as usize == pair[1]));
            let rows = &guards.branches[pair[0]];
            let place = taken.unwrap_or(rows.len());
            let asked = rows[..place].iter().cloned().map(denied).chain(rows.get(place).cloned());
            parts.extend(asked.filter(|part| part.names().iter().all(|(name, _)| told(unit, guards, name))));
        }
        if !parts.is_empty() {
            all_ahead.entry(*node).or_insert_with(|| all(parts));
        }
    }
    all_ahead
}

/// Whether a customer's turn can give a name its value.
fn told(unit: &Unit, guards: &Guards, name: &str) -> bool {
    match guards.names.get(name).map(|found| &found.role) {
        Some(Role::Slot(slot)) => fills(unit, *slot),
        Some(Role::Intent | Role::Confidence | Role::Sentiment | Role::Frustration | Role::Text) => true,
        Some(Role::Channel | Role::Declared(_)) => true,
        _ => false,
    }
}

fn fills(unit: &Unit, slot: usize) -> bool {
    unit.flow.slots.get_index(slot).is_some_and(|(_, slot)| slot.entity.is_some())
}

fn acting<'g>(triggers: &[RunTrigger], guards: &'g [Expr], state: &State, node: usize) -> Vec<(usize, &'g Expr)> {
    let acts = |t: &RunTrigger| t.acts[node] && !state.spent[t.number];
    triggers.iter().zip(guards).enumerate().filter(|(_, (t, _))| acts(t)).map(|(at, (_, guard))| (at, guard)).collect()
}

/// Conditions of a handoff's routes and overflow.
fn rows(unit: &Unit) -> Vec<(Expr, Reach)> {
    let handoffs = unit.flow.nodes.values().filter_map(|node| match &node.kind {
        Kind::Handoff(handoff) => Some(handoff),
        _ => None,
    });
    handoffs
        .flat_map(|handoff| {
            let routes = handoff.routes.iter().map(|route| (read(&route.when), Reach::Plain));
            routes.chain(handoff.overflow.iter().map(|row| (read(&row.when), Reach::HandoffRow)))
        })
        .collect()
}

fn add(worth: &mut Worth, name: &str, value: Option<Value>) {
    let values = worth.entry(name.to_owned()).or_default();
    if values.len() < MOST_VALUES && !values.contains(&value) {
        values.push(value);
    }
}

fn value(seen: Seen<'_>) -> Option<Value> {
    match seen {
        Seen::Unset => None,
        Seen::Bool(truth) => Some(Value::Bool(truth)),
        Seen::Number(number) => Some(Value::Number(number)),
        Seen::Text(text) => Some(Value::Text(text.into())),
        Seen::List(items) => Some(Value::List(items.to_vec())),
    }
}
