//! What can be changed at a turn, and a conversation with it changed.

use std::ops::Range;
use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_conversations::{ActionResult, Conversation, Event, Given, QueueNews, Status, Turn, UserTurn};
use flow_model::names::{Names, Role};

use super::Change;
use crate::program::{RunKind, Unit};

/// What a turn, or what comes with it, can say differently.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lever {
    Intent,
    Confidence,
    Sentiment,
    Frustration,
    Channel,
    Text,
    NluOk,
    Signal(String),
    Entity(String),
    Queue(Arc<str>, QueueKey),
    Output { node: Arc<str>, call: String, output: String },
    Status { node: Arc<str>, call: String },
}

/// A key of the news of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueKey {
    Wait,
    Open,
    Available,
    Position,
}

/// A lever with another value.
#[derive(Clone, Debug)]
pub(crate) struct Turned {
    pub(crate) name: String,
    pub(crate) lever: Lever,
    pub(crate) from: Option<Value>,
    pub(crate) to: Option<Value>,
    /// How far the value is moved: a number by its part of the range, anything else by 1.
    pub(crate) cost: Decimal,
    /// Where the value is one of a row of numbers that are tried, and no cell's nearest: how many digits it may have behind
    /// the point.
    pub(crate) rough: Option<u32>,
}

/// The lever that moves a name, if one does.
pub(crate) fn of(unit: &Unit, names: &Names, name: &str) -> Option<Lever> {
    let tier = |at: &usize| unit.flow.tiers.get_index(*at).map(|(id, _)| Arc::from(id.as_str()));
    Some(match &names.get(name)?.role {
        Role::Intent => Lever::Intent,
        Role::Confidence => Lever::Confidence,
        Role::Sentiment => Lever::Sentiment,
        Role::Frustration => Lever::Frustration,
        Role::Channel => Lever::Channel,
        Role::Text => Lever::Text,
        Role::NluOk => Lever::NluOk,
        Role::Declared(_) => Lever::Signal(name.to_owned()),
        Role::Slot(at) => Lever::Entity(unit.flow.slots.get_index(*at)?.1.entity.clone()?),
        Role::QueueWait(at) => Lever::Queue(tier(at)?, QueueKey::Wait),
        Role::QueueOpen(at) => Lever::Queue(tier(at)?, QueueKey::Open),
        Role::QueueAvailable(at) => Lever::Queue(tier(at)?, QueueKey::Available),
        Role::QueuePosition(at) => Lever::Queue(tier(at)?, QueueKey::Position),
        Role::Output(node, _) => {
            let node = unit.nodes.get(*node)?;
            let RunKind::Action { call, .. } = &node.kind else { return None };
            let output = name.strip_prefix(&*node.id)?.strip_prefix('.')?.to_owned();
            Lever::Output { node: node.id.clone(), call: call.to_string(), output }
        }
        _ => return None,
    })
}

/// The conversation with levers turned, and where each change stands. `turn` is the customer's turn up to the next one.
pub(crate) fn changed(
    written: &Conversation,
    filled: &Conversation,
    turn: Range<usize>,
    levers: &[&Turned],
) -> (Conversation, Vec<Change>) {
    let mut made = written.clone();
    // Other words would be read anew: what was made of the old ones stays.
    if levers.iter().any(|one| one.lever == Lever::Text)
        && let (Some(Turn { event: Event::User(own), .. }), Some(Turn { event: Event::User(full), .. })) =
            (made.turns.get_mut(turn.start), filled.turns.get(turn.start))
    {
        own.intent.clone_from(&full.intent);
        own.sentiment.clone_from(&full.sentiment);
    }
    let events = apply(&mut made.turns, turn, levers);
    let change = |(one, event): (&&Turned, usize)| Change {
        event,
        signal: one.name.clone(),
        from: one.from.clone(),
        to: one.to.clone(),
    };
    let changes = levers.iter().zip(events).map(change).collect();
    (made, changes)
}

/// Turns levers in a list of events; gives the place of each change.
pub(crate) fn apply(turns: &mut Vec<Turn>, turn: Range<usize>, levers: &[&Turned]) -> Vec<usize> {
    let (mut user, mut end) = (turn.start, turn.end);
    // What queues say comes before the turn, one event a tier.
    let mut told: Vec<Arc<str>> = Vec::new();
    for one in levers {
        let Lever::Queue(tier, key) = &one.lever else { continue };
        for later in turns.iter_mut().take(end).skip(user) {
            if let Event::Queue(news) = &mut later.event
                && news.tier == *tier
                && *told_at(news, *key) != Given::Absent
            {
                *told_at(news, *key) = given(one.to.as_ref());
            }
        }
        if !told.contains(tier) {
            let news = QueueNews { tier: tier.clone(), ..QueueNews::default() };
            turns.insert(user, Turn { t: None, event: Event::Queue(Box::new(news)) });
            told.push(tier.clone());
            (user, end) = (user + 1, end + 1);
        }
        let at = user - told.len() + told.iter().position(|known| known == tier).unwrap_or(0);
        if let Some(Turn { event: Event::Queue(news), .. }) = turns.get_mut(at) {
            *told_at(news, *key) = given(one.to.as_ref());
        }
    }
    let mut places = Vec::with_capacity(levers.len());
    for one in levers {
        places.push(match &one.lever {
            Lever::Queue(tier, _) => user - told.len() + told.iter().position(|known| known == tier).unwrap_or(0),
            Lever::Output { node, call, .. } | Lever::Status { node, call } => {
                let at = result_at(turns, user..end, node, call);
                let at = at.unwrap_or_else(|| {
                    let result = ActionResult { action: node.clone(), ..ActionResult::default() };
                    turns.insert(user + 1, Turn { t: None, event: Event::Action(Box::new(result)) });
                    end += 1;
                    user + 1
                });
                if let Some(Turn { event: Event::Action(result), .. }) = turns.get_mut(at) {
                    answer(result, one);
                }
                at
            }
            lever => {
                if let Some(Turn { event: Event::User(said), .. }) = turns.get_mut(user) {
                    say(said, lever, one.to.as_ref());
                }
                user
            }
        });
    }
    places
}

fn result_at(turns: &[Turn], range: Range<usize>, node: &str, call: &str) -> Option<usize> {
    range.clone().find(|at| match &turns[*at].event {
        Event::Action(result) => *result.action == *node || *result.action == *call,
        _ => false,
    })
}

fn answer(result: &mut ActionResult, one: &Turned) {
    match &one.lever {
        Lever::Output { output, .. } => put(&mut result.data, output, given(one.to.as_ref())),
        _ => {
            result.status = match &one.to {
                Some(Value::Text(status)) if **status == *"error" => Status::Error,
                Some(Value::Text(status)) if **status == *"timeout" => Status::Timeout,
                _ => Status::Ok,
            }
        }
    }
}

fn say(said: &mut UserTurn, lever: &Lever, to: Option<&Value>) {
    match lever {
        Lever::Intent => said.intent = given(to),
        Lever::Confidence => said.confidence = given(to),
        Lever::Sentiment => said.sentiment = given(to),
        Lever::Frustration => said.frustration = given(to),
        Lever::Channel => said.channel = given(to),
        Lever::Text => said.text = given(to),
        Lever::NluOk => said.nlu_down = to == Some(&Value::Bool(false)),
        Lever::Signal(name) => put(&mut said.signals, name, given(to)),
        Lever::Entity(entity) if to.is_none() => said.entities.retain(|(name, _)| name != entity),
        Lever::Entity(entity) => put(&mut said.entities, entity, given(to)),
        Lever::Queue(..) | Lever::Output { .. } | Lever::Status { .. } => {}
    }
}

fn put(list: &mut Vec<(String, Given)>, name: &str, value: Given) {
    match list.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = value,
        None => list.push((name.to_owned(), value)),
    }
}

fn told_at(news: &mut QueueNews, key: QueueKey) -> &mut Given {
    match key {
        QueueKey::Wait => &mut news.wait,
        QueueKey::Open => &mut news.open,
        QueueKey::Available => &mut news.available,
        QueueKey::Position => &mut news.position,
    }
}

fn given(value: Option<&Value>) -> Given {
    value.map_or(Given::Null, |value| Given::Value(value.clone()))
}
