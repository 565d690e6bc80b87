//! Turns of a customer at the edges of what the run can ask about them.

use std::collections::BTreeSet;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_conversations::{Event, Given, Turn, UserTurn};

use super::{Edge, Walk, conversation};
use crate::program::{Look, Program};
use crate::state::{At, State};
use crate::why_not::guards::{self, Guards};
use crate::why_not::levers::{self, Lever, Turned};
use crate::why_not::search::{self, Ready};

/// Turns whose surroundings are looked at, from one place.
const VANTAGES: usize = 12;

/// An edge, the name it is about, and the events that make it.
pub(super) type Made = (Edge, Option<String>, Vec<Turn>);

/// A turn of which nothing is known but its words; nothing is made out of those either.
fn plain() -> Turn {
    let text = |text: &str| Given::Value(Value::Text(text.into()));
    let said = UserTurn {
        text: text("hm"),
        intent: text("none"),
        confidence: Given::Null,
        sentiment: Given::Null,
        frustration: Given::Null,
        ..UserTurn::default()
    };
    Turn { t: None, event: Event::User(Box::new(said)) }
}

/// The turns that can be told apart where the run waits: a plain one, one for each way on, and around each that leads
/// elsewhere than those before it, every other value of every name that is asked about.
pub(super) fn of(walk: &Walk<'_>, state: &State, before: &[Turn]) -> Vec<Made> {
    let guards = asked(walk.program, state);
    let mut made: Vec<Made> = vec![(Edge::Plain, None, vec![plain()])];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next = 0;
    let mut vantages = 0;
    while next < made.len() && vantages < VANTAGES {
        let events = made[next].2.clone();
        next += 1;
        let turns: Vec<Turn> = before.iter().cloned().chain(events.iter().cloned()).collect();
        let (after, steps) = walk.run_from(&turns, before.len());
        let sent = after.requests.last().map(|request| (request.tier, request.priority, &request.reasons));
        if !seen.insert(format!("{steps} {sent:?}")) {
            continue;
        }
        vantages += 1;
        let user = events.iter().position(|turn| matches!(turn.event, Event::User(_))).unwrap_or(0);
        let at = before.len() + user;
        let ready = Ready::new(walk.program, &conversation(&turns), at, turns.len(), 1);
        if vantages == 1 {
            for set in search::differences(&ready, &guards) {
                let turned: Vec<&Turned> = set.iter().collect();
                made.push((Edge::Holds, None, with(&events, user, &turned)));
            }
        }
        for option in search::options(&ready, &guards) {
            let edge = edge(walk.program, &option);
            made.push((edge, Some(option.name.clone()), with(&events, user, &[&option])));
        }
        coded(walk.program, &guards, &events, user, &mut made);
    }
    made
}

fn asked(program: &Program, state: &State) -> Guards {
    match (state.at, &state.under_way) {
        (At::Queue, Some(way)) => {
            let tier = state.requests[way.request].tier as usize;
            let name = program.tiers.get_index(tier).map_or("", |(id, _)| id.as_str());
            guards::while_waiting(program, state, name)
        }
        _ => guards::of(program, state),
    }
}

fn with(events: &[Turn], user: usize, turned: &[&Turned]) -> Vec<Turn> {
    let mut made = events.to_vec();
    let end = made.len();
    levers::apply(&mut made, user..end, turned);
    made
}

/// What a changed value is to the numbers that it is compared with.
fn edge(program: &Program, option: &Turned) -> Edge {
    if matches!(option.lever, Lever::Status { .. }) {
        return Edge::Call;
    }
    let Some(to) = &option.to else { return Edge::Unset };
    let Value::Number(number) = to else { return Edge::Other };
    let compared = |unit: &crate::program::Unit| {
        let at = *unit.globals.get(&option.name)?;
        match &program.looks[at as usize] {
            Look::Numbers(numbers) => Some(numbers.clone()),
            _ => None,
        }
    };
    let numbers = program.units.iter().find_map(compared).unwrap_or_default();
    if numbers.contains(number) {
        return Edge::At;
    }
    let away = |of: &Decimal| of.checked_sub(*number).map(Decimal::abs);
    match numbers.iter().min_by_key(|of| away(of)) {
        Some(nearest) if number < nearest => Edge::Below,
        Some(_) => Edge::Above,
        None => Edge::Other,
    }
}

/// Each call that can be made, ending with each code that the flow knows and one that it does not.
fn coded(program: &Program, guards: &Guards, events: &[Turn], user: usize, made: &mut Vec<Made>) {
    for place in &guards.calls {
        let unit = &program.units[place.0 as usize];
        let node = &unit.nodes[place.1 as usize];
        let crate::program::RunKind::Action { errors, call, .. } = &node.kind else { continue };
        let option = Turned {
            name: format!("{}.status", node.id),
            lever: Lever::Status { node: node.id.clone(), call: call.to_string() },
            from: None,
            to: Some(Value::Text("error".into())),
            cost: Decimal::ONE,
            rough: None,
        };
        for code in errors.iter().map(|(code, _)| &**code).chain(["EDGE_OTHER"]) {
            let mut with_code = with(events, user, &[&option]);
            for turn in &mut with_code {
                if let Event::Action(result) = &mut turn.event
                    && (*result.action == *node.id || *result.action == **call)
                {
                    result.code = Given::Value(Value::Text(code.into()));
                }
            }
            made.push((Edge::Call, Some(option.name.clone()), with_code));
        }
    }
}
