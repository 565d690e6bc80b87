//! What can happen without the customer saying a word: time, queues, requests and people.

use std::collections::BTreeSet;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_conversations::{AgentEvent, AgentVerb, Event, Given, HandoffNews, QueueNews, Turn};

use super::Edge;
use super::turns::Made;
use crate::program::{Look, Program, RunHandoff, RunIdle, RunKind};
use crate::state::{At, State};

/// The events that can be told apart where the run stands.
pub(super) fn of(program: &Program, state: &State) -> Vec<Made> {
    let mut made = Vec::new();
    let kind = &program.units[state.place.0 as usize].nodes[state.place.1 as usize].kind;
    if let (At::Turn, RunKind::Listen { idle, .. } | RunKind::Ask { idle, .. }) = (state.at, kind) {
        silence(idle, &mut made);
    }
    let Some(way) = &state.under_way else { return made };
    let request = &state.requests[way.request];
    let unit = &program.units[request.place.0 as usize];
    let RunKind::Handoff(handoff) = &unit.nodes[request.place.1 as usize].kind else { return made };
    if !way.accepted {
        queue(program, request.tier, &mut made);
        if let Some(most) = handoff.max_wait {
            let left = most.checked_sub(way.waited).unwrap_or(most);
            around(left, &mut made, Edge::Clock, "waited");
        }
        people(AgentVerb::Accepted, None, &mut made);
        people(AgentVerb::Declined, None, &mut made);
        let sent = HandoffNews::Sent(Some("REF-1".into()));
        made.push((Edge::Person, Some("handoff.sent".to_owned()), vec![turn(Event::Handoff(sent))]));
    }
    back(handoff, &mut made);
    made.push((Edge::Person, Some("handoff.failed".to_owned()), vec![turn(Event::Handoff(HandoffNews::Failed))]));
    made
}

fn turn(event: Event) -> Turn {
    Turn { t: None, event }
}

fn clock(seconds: Decimal, name: &str, edge: Edge) -> Made {
    (edge, Some(name.to_owned()), vec![turn(Event::Clock(seconds))])
}

/// Just before, at, and just after a number of seconds.
fn around(seconds: Decimal, made: &mut Vec<Made>, edge: Edge, name: &str) {
    let near = [seconds.checked_sub(Decimal::ONE), Some(seconds), seconds.checked_add(Decimal::ONE)];
    made.extend(near.into_iter().flatten().filter(|at| *at >= Decimal::ZERO).map(|at| clock(at, name, edge)));
}

fn silence(rows: &[RunIdle], made: &mut Vec<Made>) {
    let after: BTreeSet<Decimal> = rows.iter().map(|row| row.after).collect();
    for seconds in after {
        around(seconds, made, Edge::Clock, "idle");
    }
}

/// The queue closes, and waits as long as rows compare with.
fn queue(program: &Program, tier: u32, made: &mut Vec<Made>) {
    let Some((id, known)) = program.tiers.get_index(tier as usize) else { return };
    let news = |wait: Given, open: Given, name: &str| {
        let news = QueueNews { tier: id.as_str().into(), wait, open, ..QueueNews::default() };
        (Edge::Queue, Some(format!("queue.{id}.{name}")), vec![turn(Event::Queue(Box::new(news)))])
    };
    made.push(news(Given::Absent, Given::Value(Value::Bool(false)), "open"));
    let mut waits: BTreeSet<Decimal> = BTreeSet::new();
    let rows = program.globals.iter().enumerate().filter(|(_, of)| **of == crate::program::Global::RowWait);
    for at in rows.map(|(at, _)| at).chain([known.wait as usize]) {
        if let Look::Numbers(numbers) = &program.looks[at] {
            for number in numbers {
                let near = [number.checked_sub(Decimal::ONE), Some(*number), number.checked_add(Decimal::ONE)];
                waits.extend(near.into_iter().flatten().filter(|wait| *wait >= Decimal::ZERO));
            }
        }
    }
    let told = |wait| news(Given::Value(Value::Number(wait)), Given::Value(Value::Bool(true)), "wait");
    made.extend(waits.into_iter().map(told));
}

fn people(verb: AgentVerb, outcome: Option<&str>, made: &mut Vec<Made>) {
    let outcome = outcome.map_or(Given::Absent, |outcome| Given::Value(Value::Text(outcome.into())));
    let name = Given::Value(Value::Text("desk 7".into()));
    let agent = AgentEvent { verb, name, note: Given::Absent, outcome, slots: Vec::new() };
    made.push((Edge::Person, Some(format!("agent.{}", verb.id())), vec![turn(Event::Agent(Box::new(agent)))]));
}

/// The ways in which a person gives a conversation back.
fn back(handoff: &RunHandoff, made: &mut Vec<Made>) {
    people(AgentVerb::Resumed, None, made);
    for (outcome, _) in &handoff.returns {
        people(AgentVerb::Resumed, Some(outcome), made);
    }
    people(AgentVerb::Resumed, Some("of no row"), made);
    people(AgentVerb::Resolved, None, made);
    people(AgentVerb::Escalated, None, made);
}
