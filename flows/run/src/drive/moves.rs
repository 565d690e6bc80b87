//! What could happen next, where a run is.

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::regions::Witness;
use flow_conditions::value::{Type, Value};
use flow_conversations::{ActionResult, AgentEvent, AgentVerb, Event, Given, HandoffNews, QueueNews, Status, UserTurn};
use flow_model::flow::Flow;

use super::Tried;
use super::wishes::Wishes;
use crate::program::{Program, RunHandoff, RunKind, Unit};
use crate::state::{At, Place};

/// What could follow a conversation: each is one or more events.
pub(super) fn of(program: &Program, wishes: &Wishes<'_>, tried: &Tried) -> Vec<Vec<Event>> {
    let mut moves = Vec::new();
    for place in &tried.assumed {
        results(program, wishes, *place, &mut moves);
    }
    if tried.sent {
        moves.push(vec![Event::Handoff(HandoffNews::Failed)]);
    }
    let unit = &program.units[tried.state.place.0 as usize];
    let kind = &unit.nodes[tried.state.place.1 as usize].kind;
    match tried.state.at {
        At::Turn => {
            for case in wishes.turns(&tried.state, false) {
                moves.push(turn(unit, &case));
            }
            if let RunKind::Listen { idle, .. } | RunKind::Ask { idle, .. } = kind {
                moves.extend(idle.iter().map(|row| vec![Event::Clock(row.after)]));
            }
            queues(program, wishes, &mut moves);
        }
        At::Queue => {
            for case in wishes.turns(&tried.state, true) {
                moves.push(turn(unit, &case));
            }
            if let RunKind::Handoff(handoff) = kind {
                waiting(program, handoff, &tried.state, &mut moves);
                person(wishes, handoff, &mut moves);
            }
            queues(program, wishes, &mut moves);
        }
        At::Person => {
            if let RunKind::Handoff(handoff) = kind {
                person(wishes, handoff, &mut moves);
            }
            for case in wishes.turns(&tried.state, true) {
                moves.push(turn(unit, &case));
            }
        }
        At::Moving | At::Rest | At::Ended(_) => {}
    }
    moves
}

/// How a call can end.
fn results(program: &Program, wishes: &Wishes<'_>, place: Place, moves: &mut Vec<Vec<Event>>) {
    let unit = &program.units[place.0 as usize];
    let node = &unit.nodes[place.1 as usize];
    let RunKind::Action { call, outputs, errors, .. } = &node.kind else { return };
    let ended = |status, code: Given, data: Vec<(String, Given)>| {
        let action = node.id.clone();
        vec![Event::Action(Box::new(ActionResult { action, status, code, message: Given::Absent, data }))]
    };
    let mut all: Vec<(String, Vec<Option<Value>>)> = Vec::new();
    for (output, kind, _) in outputs {
        let mut values = wishes.values(&format!("{}.{output}", node.id)).to_vec();
        if values.is_empty() {
            values.push(some(kind));
        }
        all.push((output.to_string(), values));
    }
    let most = all.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    for at in 0..most {
        let data = all.iter().filter_map(|(output, values)| {
            Some((output.clone(), given(values.get(at.min(values.len() - 1))?.as_ref())))
        });
        moves.push(ended(Status::Ok, Given::Absent, data.collect()));
    }
    let declared = unit.flow.calls.get(&**call).into_iter().flat_map(|call| call.errors.keys().map(String::as_str));
    let mut codes: Vec<&str> = errors.iter().map(|(code, _)| &**code).collect();
    for code in declared {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    moves.extend(codes.into_iter().map(|code| ended(Status::Error, text(code), Vec::new())));
    moves.push(ended(Status::Error, Given::Absent, Vec::new()));
    moves.push(ended(Status::Timeout, Given::Absent, Vec::new()));
}

/// Some value of a type.
fn some(kind: &Type) -> Option<Value> {
    match kind {
        Type::Bool => Some(Value::Bool(true)),
        Type::Integer { min, max } | Type::Number { min, max } => {
            Some(Value::Number(min.or(*max).unwrap_or(Decimal::ONE)))
        }
        Type::Enum(values) => values.first().cloned().map(Value::Text),
        Type::Text => Some(Value::Text("…".into())),
        Type::List(_) | Type::Any => None,
    }
}

fn given(value: Option<&Value>) -> Given {
    value.map_or(Given::Null, |value| Given::Value(value.clone()))
}

fn text(text: &str) -> Given {
    Given::Value(Value::Text(text.into()))
}

/// A customer's turn in a case. What the case leaves open is unset, so that nothing else is guessed in its place.
fn turn(unit: &Unit, case: &Witness) -> Vec<Event> {
    let flow = &unit.flow;
    let mut events = Vec::new();
    let mut turn = UserTurn {
        confidence: Given::Null,
        sentiment: Given::Null,
        frustration: Given::Null,
        intent: Given::Null,
        ..UserTurn::default()
    };
    for (name, value) in case {
        let given = given(value.as_ref());
        match name.as_str() {
            "text" => turn.text = given,
            "channel" => turn.channel = given,
            "intent" => turn.intent = given,
            "confidence" => turn.confidence = given,
            "sentiment" => turn.sentiment = given,
            "frustration" => turn.frustration = given,
            "nlu.ok" => turn.nlu_down = value == &Some(Value::Bool(false)),
            name if flow.signals.contains_key(name) => turn.signals.push((name.to_owned(), given)),
            name => {
                if let Some(entity) = name.strip_prefix("slots.").and_then(|slot| flow.slots.get(slot)?.entity.as_ref())
                    && value.is_some()
                {
                    turn.entities.push((entity.clone(), given));
                }
            }
        }
    }
    if turn.text == Given::Absent {
        turn.text = words(flow, &turn).map_or(Given::Absent, |words| text(&words));
    }
    events.push(Event::User(Box::new(turn)));
    events
}

/// What a customer who means this could have said: an example of the intent, or the value that is given.
fn words(flow: &Flow, turn: &UserTurn) -> Option<String> {
    let intent = turn.intent.text().and_then(|intent| flow.intents.get(&**intent)?.examples.first().cloned());
    let value = turn.entities.first().and_then(|(_, given)| match given.value()? {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    value.or(intent)
}

/// What queues can say.
fn queues(program: &Program, wishes: &Wishes<'_>, moves: &mut Vec<Vec<Event>>) {
    for tier in program.tiers.keys() {
        let news = || QueueNews { tier: Arc::from(tier.as_str()), ..QueueNews::default() };
        moves.push(vec![Event::Queue(Box::new(QueueNews { open: Given::Value(Value::Bool(false)), ..news() }))]);
        for (name, values) in wishes.all_values() {
            let key = match name.strip_prefix("queue.") {
                Some(key) => key.strip_prefix(&format!("{tier}.")).unwrap_or(key),
                None => continue,
            };
            for value in values {
                let mut news = news();
                match key {
                    "wait" => news.wait = given(value.as_ref()),
                    "available" => news.available = given(value.as_ref()),
                    "position" => news.position = given(value.as_ref()),
                    "opens_at" => news.opens_at = given(value.as_ref()),
                    _ => continue,
                }
                moves.push(vec![Event::Queue(Box::new(news))]);
            }
        }
    }
}

/// What can happen to a request that waits.
fn waiting(program: &Program, handoff: &RunHandoff, state: &crate::state::State, moves: &mut Vec<Vec<Event>>) {
    if let Some(seconds) = handoff.max_wait.and_then(|max| max.checked_add(Decimal::ONE)) {
        moves.push(vec![Event::Clock(seconds)]);
    }
    moves.push(vec![Event::Handoff(HandoffNews::Failed)]);
    if let Some((tier, _)) = state.row.and_then(|row| program.tiers.get_index(row.tier as usize)) {
        let open = Given::Value(Value::Bool(false));
        let news = QueueNews { tier: Arc::from(tier.as_str()), open, ..QueueNews::default() };
        moves.push(vec![Event::Queue(Box::new(news))]);
    }
}

/// What a person can do.
fn person(wishes: &Wishes<'_>, handoff: &RunHandoff, moves: &mut Vec<Vec<Event>>) {
    let event = |verb, outcome: Given| {
        let (name, note, slots) = (Given::Absent, Given::Absent, Vec::new());
        vec![Event::Agent(Box::new(AgentEvent { verb, name, note, outcome, slots }))]
    };
    moves.push(event(AgentVerb::Resumed, Given::Absent));
    moves.extend(handoff.returns.iter().map(|(outcome, _)| event(AgentVerb::Resumed, text(outcome))));
    moves.extend(
        wishes.values("agent.outcome").iter().flatten().map(|value| event(AgentVerb::Resumed, given(Some(value)))),
    );
    moves.push(event(AgentVerb::Resolved, Given::Absent));
    moves.push(event(AgentVerb::Escalated, Given::Absent));
    moves.push(event(AgentVerb::Accepted, Given::Absent));
}
