//! The search: changes in the order of how many signals they touch, then of how far they move them, each one run.

use std::collections::BTreeSet;

use flow_conditions::ast::{Expr, Kind as E, Literal};
use flow_conditions::decimal::Decimal;
use flow_conditions::named::eval_named;
use flow_conditions::regions::{others, ways};
use flow_conditions::value::{Type, Value};
use flow_conversations::{Conversation, Event, Status, Turn, UserTurn};
use flow_model::names::{Names, Reach, Role};

use super::guards::{self, Guards};
use super::handed_off;
use super::levers::{self, Lever, Turned};
use crate::machine::Machine;
use crate::program::{Program, RunKind};
use crate::render::Facts;
use crate::state::{State, View};
use crate::watch::Watch;

/// Changes that are run before the search gives up.
const MOST_RUNS: usize = 40_000;
/// Numbers that are tried where conditions calculate.
const ROUGH: i64 = 20;
/// A range that is wider does not measure a move.
const WIDE: i64 = 1000;
/// Halvings that bring such a number close.
const HALVINGS: usize = 14;

/// A conversation up to a turn, and the turn.
pub(crate) struct Ready<'p> {
    program: &'p Program,
    /// The state before the turn.
    pub(crate) before: State,
    /// The turn and what follows it, up to the next.
    events: Vec<Turn>,
    /// The state when the turn has been taken in, before anything is decided.
    known: State,
    /// The state after all of it.
    after: State,
    turn: usize,
}

/// Watches nothing but what is known when the turn begins.
#[derive(Default)]
struct Look {
    known: Option<State>,
}

impl<'p> Watch<'p> for Look {
    fn customer(&mut self, _: &UserTurn, state: &State) {
        self.known = Some(state.clone());
    }
}

/// Watches nothing.
struct Blind;

impl Watch<'_> for Blind {}

impl<'p> Ready<'p> {
    pub(crate) fn new(program: &'p Program, filled: &Conversation, event: usize, next: usize, turn: usize) -> Self {
        let head = Conversation { turns: filled.turns[..event].to_vec(), ..filled.clone() };
        let mut machine = Machine::new(program, State::new(program), Blind);
        machine.run(&head);
        let before = machine.state;
        let events = filled.turns[event..next].to_vec();
        let mut machine = Machine::new(program, before.clone(), Look::default());
        machine.go_on(&events);
        let known = machine.watch.known.unwrap_or_else(|| before.clone());
        let after = machine.state;
        Self { program, before, events, known, after, turn }
    }

    /// Whether a request goes out with these levers turned.
    pub(crate) fn hands_off(&self, levers: &[&Turned]) -> bool {
        let mut events = self.events.clone();
        let end = events.len();
        levers::apply(&mut events, 0..end, levers);
        let mut machine = Machine::new(self.program, self.before.clone(), Blind);
        machine.go_on(&events);
        handed_off(&machine.state, self.turn)
    }

    /// A value as conditions of a unit read it.
    fn value(&self, unit: u32, name: &str, state: &State) -> Option<Value> {
        let view = View { program: self.program, state, row: None };
        Facts { view, place: (unit, 0) }.value(name)
    }
}

/// The nearest change that proves right, and how many were run.
pub(crate) fn nearest<T>(
    ready: &Ready<'_>,
    handed_off: bool,
    prove: &mut dyn FnMut(&[&Turned]) -> Option<T>,
) -> (Option<T>, usize) {
    let guards = guards::of(ready.program, &ready.before);
    let mut search = Search { ready, handed_off, options: Vec::new(), tried: 0 };
    search.collect(&guards);
    search.options.sort_by_key(|option| option.cost);
    let found = search.singles(prove).or_else(|| search.pairs(prove)).or_else(|| search.asked_for(&guards, prove));
    (found, search.tried)
}

/// Every other value of every name that these guards ask about, nearest first.
pub(crate) fn options(ready: &Ready<'_>, guards: &Guards) -> Vec<Turned> {
    let mut search = Search { ready, handed_off: false, options: Vec::new(), tried: 0 };
    search.collect(guards);
    search.options
}

/// For each way on that these guards know, what would have to be different for it.
pub(crate) fn differences(ready: &Ready<'_>, guards: &Guards) -> Vec<Vec<Turned>> {
    let mut sets = Vec::new();
    for (unit, guard) in &guards.ways {
        let names = Names::of(&ready.program.units[*unit as usize].flow);
        let mut search = Search { ready, handed_off: false, options: Vec::new(), tried: 0 };
        let now = |name: &str| search.now(*unit, &names, name);
        let found = ways(guard, &names.scope(Reach::HandoffRow), &now).unwrap_or_default();
        for way in found {
            search.options.clear();
            let wanted = way.len();
            way.into_iter().for_each(|(name, value)| search.offer(*unit, &names, &name, value, None));
            if !search.options.is_empty() && search.options.len() == wanted {
                sets.push(search.options.clone());
            }
        }
    }
    sets
}

struct Search<'a, 'p> {
    ready: &'a Ready<'p>,
    handed_off: bool,
    options: Vec<Turned>,
    tried: usize,
}

impl Search<'_, '_> {
    /// Every name that can be changed, with the nearest value of each cell.
    fn collect(&mut self, guards: &Guards) {
        let program = self.ready.program;
        for (at, unit) in program.units.iter().enumerate() {
            let number = crate::program::index(at);
            let names = Names::of(&unit.flow);
            let mut own: Vec<Expr> =
                guards.asked.iter().filter(|(of, _)| *of == number).map(|(_, e)| e.clone()).collect();
            if own.is_empty() {
                continue;
            }
            self.behind_scores(number, &names, &mut own);
            let now = |name: &str| self.now(number, &names, name);
            let mut rough = BTreeSet::new();
            let grounded: Vec<Expr> = own.iter().flat_map(|expr| grounded(expr, &now, &mut rough)).collect();
            own.extend(grounded);
            let found = others(&own.iter().collect::<Vec<_>>(), &names.scope(Reach::HandoffRow), &now);
            let trend = own.iter().any(|expr| expr.names().iter().any(|(name, _)| &**name == "sentiment_trend"));
            rough.extend(trend.then(|| "sentiment".to_owned()));
            for (name, values) in found {
                for value in values {
                    self.offer(number, &names, &name, value, None);
                }
            }
            for name in rough {
                let whole = matches!(names.get(&name).map(|n| &n.meaning.r#type), Some(Type::Integer { .. }));
                for value in self.row(number, &names, &name) {
                    self.offer(number, &names, &name, Some(value), Some(if whole { 0 } else { 2 }));
                }
            }
        }
        self.results(guards);
    }

    /// Where conditions read scores, what the scores read.
    fn behind_scores(&self, unit: u32, names: &Names, own: &mut Vec<Expr>) {
        let reads = |expr: &Expr| {
            expr.names().iter().any(|(name, _)| matches!(names.get(name).map(|n| &n.role), Some(Role::Score(_))))
        };
        if own.iter().any(reads) {
            let scores = self.ready.program.units[unit as usize].flow.scores.values();
            own.extend(scores.flat_map(|score| &score.add).map(|row| flow_conditions::parse::parse(&row.when).expr));
        }
    }

    /// What a name is when the turn has been taken in; an output, when the turn is over.
    fn now(&self, unit: u32, names: &Names, name: &str) -> Option<Value> {
        let output = matches!(names.get(name).map(|n| &n.role), Some(Role::Output(..)));
        self.ready.value(unit, name, if output { &self.ready.after } else { &self.ready.known })
    }

    fn offer(&mut self, unit: u32, names: &Names, name: &str, to: Option<Value>, rough: Option<u32>) {
        let program = self.ready.program;
        let Some(lever) = levers::of(&program.units[unit as usize], names, name) else { return };
        let from = self.now(unit, names, name);
        let range = names.get(name).map(|known| &known.meaning.r#type);
        let known = self.options.iter().any(|option| option.lever == lever && option.to == to);
        // A queue is open or not, and always waits some time: neither can be told as unknown.
        let told = to.is_some() || !matches!(lever, Lever::Queue(..));
        if from != to && !known && told {
            let cost = cost(from.as_ref(), to.as_ref(), range);
            self.options.push(Turned { name: name.to_owned(), lever, from, to, cost, rough });
        }
    }

    /// Numbers all along a name's range, or around its value.
    fn row(&self, unit: u32, names: &Names, name: &str) -> Vec<Value> {
        let Some(known) = names.get(name) else { return Vec::new() };
        let (min, max, whole) = match &known.meaning.r#type {
            Type::Number { min, max } => (*min, *max, false),
            Type::Integer { min, max } => (*min, *max, true),
            _ => return Vec::new(),
        };
        let own = match self.now(unit, names, name) {
            Some(Value::Number(own)) => own,
            _ => Decimal::ZERO,
        };
        let far = Decimal::from_i64(100).max(own.abs());
        let least = min.or_else(|| own.checked_sub(far));
        let most = max.or_else(|| own.checked_add(far));
        let Some((least, most)) = least.zip(most) else { return Vec::new() };
        let step = |at: i64| {
            let part = most.checked_sub(least)?.checked_mul(Decimal::from_i64(at))?;
            let value = least.checked_add(Decimal::div_round(part, Decimal::from_i64(ROUGH), 2)?)?;
            Some(Value::Number(if whole { value.floor() } else { value }))
        };
        (0..=ROUGH).filter_map(step).collect()
    }

    /// Other ways for calls to end.
    fn results(&mut self, guards: &Guards) {
        let program = self.ready.program;
        for place in &guards.calls {
            let node = &program.units[place.0 as usize].nodes[place.1 as usize];
            let RunKind::Action { call, .. } = &node.kind else { continue };
            let result = self.ready.events.iter().find_map(|turn| match &turn.event {
                Event::Action(result) if *result.action == *node.id || *result.action == **call => Some(result.status),
                _ => None,
            });
            let own = status(result.unwrap_or_default());
            for other in [Status::Ok, Status::Error, Status::Timeout].map(status).into_iter().filter(|s| *s != own) {
                self.options.push(Turned {
                    name: format!("{}.status", node.id),
                    lever: Lever::Status { node: node.id.clone(), call: call.to_string() },
                    from: Some(Value::Text(own.into())),
                    to: Some(Value::Text(other.into())),
                    cost: Decimal::from_i64(2),
                    rough: None,
                });
            }
        }
    }

    fn flips(&mut self, levers: &[&Turned]) -> bool {
        self.tried += 1;
        self.ready.hands_off(levers) != self.handed_off
    }

    fn singles<T>(&mut self, prove: &mut dyn FnMut(&[&Turned]) -> Option<T>) -> Option<T> {
        let options = self.options.clone();
        let mut rough: Option<Turned> = None;
        for option in &options {
            if rough.as_ref().is_some_and(|found| found.cost <= option.cost) {
                break;
            }
            if !self.flips(&[option]) {
                continue;
            }
            if option.rough.is_some() {
                let closer = self.closer(option);
                if rough.as_ref().is_none_or(|known| closer.cost < known.cost) {
                    rough = Some(closer);
                }
            } else if let Some(proved) = prove(&[option]) {
                return Some(proved);
            }
        }
        rough.and_then(|found| prove(&[&found]))
    }

    /// A number that was tried roughly, brought as close as two digits behind the point tell apart.
    fn closer(&mut self, found: &Turned) -> Turned {
        let (Some(Value::Number(from)), Some(Value::Number(to))) = (&found.from, &found.to) else {
            return found.clone();
        };
        let places = found.rough.unwrap_or(0);
        let (mut near, mut far) = (*from, *to);
        let mut best = found.clone();
        for _ in 0..HALVINGS {
            let sum = near.checked_add(far);
            let Some(middle) = sum.and_then(|sum| Decimal::div_round(sum, Decimal::from_i64(2), places)) else { break };
            if middle == near || middle == far {
                break;
            }
            let moved = middle.checked_sub(*from).map(Decimal::abs);
            let whole = to.checked_sub(*from).map(Decimal::abs);
            let part = moved.zip(whole).and_then(|(moved, whole)| Decimal::div_round(moved, whole, 6));
            let cost = part.and_then(|part| found.cost.checked_mul(part)).unwrap_or(found.cost);
            let option = Turned { to: Some(Value::Number(middle)), cost, ..found.clone() };
            if self.flips(&[&option]) {
                far = middle;
                best = option;
            } else {
                near = middle;
            }
        }
        best
    }

    fn pairs<T>(&mut self, prove: &mut dyn FnMut(&[&Turned]) -> Option<T>) -> Option<T> {
        let options = self.options.clone();
        let mut pairs = Vec::new();
        for (i, one) in options.iter().enumerate() {
            for (j, other) in options.iter().enumerate().skip(i + 1) {
                if one.lever != other.lever {
                    pairs.push((one.cost.checked_add(other.cost).unwrap_or(one.cost), i, j));
                }
            }
        }
        pairs.sort_unstable();
        for (_, i, j) in pairs {
            if self.tried >= MOST_RUNS {
                return None;
            }
            let levers = [&options[i], &options[j]];
            if self.flips(&levers)
                && let Some(proved) = prove(&levers)
            {
                return Some(proved);
            }
        }
        None
    }

    /// Changes of three signals and more that a way on from the waiting card asks for.
    fn asked_for<T>(&mut self, guards: &Guards, prove: &mut dyn FnMut(&[&Turned]) -> Option<T>) -> Option<T> {
        let mut sets: Vec<Vec<Turned>> = Vec::new();
        for (unit, guard) in &guards.ways {
            let names = Names::of(&self.ready.program.units[*unit as usize].flow);
            let now = |name: &str| self.now(*unit, &names, name);
            let found = ways(guard, &names.scope(Reach::HandoffRow), &now).unwrap_or_default();
            for way in found.into_iter().filter(|way| way.len() > 2) {
                let mut scratch =
                    Search { ready: self.ready, handed_off: self.handed_off, options: Vec::new(), tried: 0 };
                let wanted = way.len();
                way.into_iter().for_each(|(name, value)| scratch.offer(*unit, &names, &name, value, None));
                if scratch.options.len() == wanted {
                    sets.push(scratch.options);
                }
            }
        }
        let cost = |set: &Vec<Turned>| {
            set.iter().try_fold(Decimal::ZERO, |sum, one| sum.checked_add(one.cost)).unwrap_or(Decimal::ZERO)
        };
        sets.sort_by_key(|set| (set.len(), cost(set)));
        sets.into_iter().take(MOST_RUNS).find_map(|set| {
            let levers: Vec<&Turned> = set.iter().collect();
            if self.flips(&levers) { prove(&levers) } else { None }
        })
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Error => "error",
        Status::Timeout => "timeout",
    }
}

/// How far a value is moved.
fn cost(from: Option<&Value>, to: Option<&Value>, range: Option<&Type>) -> Decimal {
    let (Some(Value::Number(from)), Some(Value::Number(to))) = (from, to) else { return Decimal::ONE };
    let width = match range {
        Some(Type::Number { min: Some(min), max: Some(max) } | Type::Integer { min: Some(min), max: Some(max) }) => {
            max.checked_sub(*min)
        }
        _ => None,
    };
    // A wide range says nothing of how much is much: there, the number itself does.
    let narrow = width.filter(|width| *width <= Decimal::from_i64(WIDE));
    let width = narrow.unwrap_or_else(|| from.abs().max(to.abs()).max(Decimal::ONE));
    let moved = to.checked_sub(*from).map(Decimal::abs);
    moved.and_then(|moved| Decimal::div_round(moved, width, 9)).unwrap_or(Decimal::ONE)
}

/// Where two names are compared, the comparison of each with what the other is now; the names with which a condition
/// calculates go to `rough`.
fn grounded(expr: &Expr, now: &dyn Fn(&str) -> Option<Value>, rough: &mut BTreeSet<String>) -> Vec<Expr> {
    let mut found: Vec<Expr> = expr.inside().flat_map(|inner| grounded(inner, now, rough)).collect();
    let E::Compare { op, left, right } = &expr.kind else { return found };
    let own = |side: &Expr| side.names().into_iter().filter(|(name, _)| !name.starts_with("const.")).map(|(n, _)| n);
    for (side, other, is_left) in [(left, right, true), (right, left, false)] {
        if !matches!(side.kind, E::Name(_) | E::Literal(_)) {
            rough.extend(own(side).map(|name| name.to_string()));
        }
        let both = own(side).next().is_some() && own(other).next().is_some();
        if !both || !matches!(side.kind, E::Name(_)) {
            continue;
        }
        let Some(literal) = eval_named(other, now).and_then(literal) else { continue };
        let (side, other) = (side.clone(), Box::new(Expr::new(E::Literal(literal), other.span)));
        let (left, right) = if is_left { (side, other) } else { (other, side) };
        found.push(Expr::new(E::Compare { op: *op, left, right }, expr.span));
    }
    found
}

fn literal(value: Value) -> Option<Literal> {
    match value {
        Value::Bool(truth) => Some(Literal::Bool(truth)),
        Value::Number(number) => Some(Literal::Number(number)),
        Value::Text(text) => Some(Literal::Text(text)),
        Value::List(_) => None,
    }
}
