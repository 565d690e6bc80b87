//! Why a customer's turn led to a person, or did not: the nearest change of what was known at the turn that has it the
//! other way.
//!
//! What must stay true: a change that is given was run and does what is said of it. Values come from the exact cells of
//! every condition that can be looked at in the step, so that of changes of one signal, and of two, none that is nearer is
//! missed; of more signals those are tried that the conditions themselves ask for.

pub(crate) mod guards;
pub(crate) mod levers;
pub(crate) mod search;

use flow_conditions::phrase;
use flow_conditions::value::Value;
use flow_conversations::{Conversation, Event};
use flow_model::tree::Json;

use crate::machine::Machine;
use crate::outcome;
use crate::program::Program;
use crate::record::{Recorder, Step};
use crate::render::json;
use crate::state::{At, State};

/// A turn that a conversation does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTurn {
    /// The turn that was asked for, from 1.
    pub turn: usize,
    /// How many there are.
    pub turns: usize,
}

impl std::fmt::Display for NoTurn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no customer turn {}: the conversation has {}", self.turn, self.turns)
    }
}

/// A signal with another value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The event that has it, by its place in the changed conversation.
    pub event: usize,
    /// The name, as conditions have it; for how a call ended, the node with `.status`.
    pub signal: String,
    /// Its value; `None` is unset.
    pub from: Option<Value>,
    /// The other value.
    pub to: Option<Value>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The turn, from 1.
    pub turn: usize,
    /// The nearest change; empty where none was found.
    pub changes: Vec<Change>,
    /// Why none was found, in words.
    pub why_none: Option<&'static str>,
    /// The conversation with the change.
    pub changed: Option<Conversation>,
    /// What comes of the conversation as it is.
    pub before: Told,
    /// What comes of it with the change.
    pub after: Option<Told>,
    /// Changes that were run.
    pub tried: usize,
}

/// What came of a conversation.
#[derive(Clone, Debug)]
pub struct Told {
    /// The turn's place among the events.
    pub event: usize,
    /// Whether a request went out at the turn.
    pub handed_off: bool,
    /// The outcome, as a preview writes it.
    pub outcome: Json,
    /// The requests that went out, without what they carry.
    pub handoffs: Json,
    /// The steps of the turn.
    pub steps: Vec<Step>,
}

/// The nearest change that has a turn the other way. `written` is the conversation as it was given; the change is made
/// there, and proved by running what `fill` makes of it.
///
/// # Errors
/// A turn that is not there.
pub fn why_not(
    program: &Program,
    written: &Conversation,
    fill: &dyn Fn(&Conversation) -> Conversation,
    turn: usize,
) -> Result<Answer, NoTurn> {
    let filled = fill(written);
    let users = users(&filled);
    let Some(event) = turn.checked_sub(1).and_then(|before| users.get(before).copied()) else {
        return Err(NoTurn { turn, turns: users.len() });
    };
    let next = users.get(turn).copied().unwrap_or(filled.turns.len());
    let before = told(program, &filled, turn, event);
    let handed_off = before.handed_off;
    let mut answer = Answer { turn, changes: Vec::new(), why_none: None, changed: None, before, after: None, tried: 0 };
    let ready = search::Ready::new(program, &filled, event, next, turn);
    if let Some(why) = closed(ready.before.at) {
        answer.why_none = Some(why);
        return Ok(answer);
    }
    let mut prove = |levers: &[&levers::Turned]| {
        let (conversation, changes) = levers::changed(written, &filled, event..next, levers);
        let run = fill(&conversation);
        let at = self::users(&run).get(turn - 1).copied()?;
        let after = told(program, &run, turn, at);
        (after.handed_off != handed_off).then_some((conversation, changes, after))
    };
    let (proved, tried) = search::nearest(&ready, handed_off, &mut prove);
    answer.tried = tried;
    match proved {
        Some((conversation, changes, after)) => {
            answer.changes = changes;
            answer.changed = Some(conversation);
            answer.after = Some(after);
        }
        None if handed_off => {
            answer.why_none = Some(phrase!("nothing that is known at this turn keeps it from a person"))
        }
        None => answer.why_none = Some(phrase!("nothing that could be known at this turn leads it to a person")),
    }
    Ok(answer)
}

/// The places of the customer's turns.
fn users(conversation: &Conversation) -> Vec<usize> {
    let is_user = |at: &usize| matches!(conversation.turns[*at].event, Event::User(_));
    (0..conversation.turns.len()).filter(is_user).collect()
}

/// Why a turn decides nothing, where the run stands when it comes.
fn closed(at: At) -> Option<&'static str> {
    match at {
        At::Turn => None,
        At::Queue => Some(phrase!("the customer already waits for a person")),
        At::Person => Some(phrase!("a person already has the conversation")),
        At::Ended(_) => Some(phrase!("the conversation is over")),
        At::Rest | At::Moving => Some(phrase!("the run rests at a way on that is not drawn")),
    }
}

/// Whether a request went out at a turn.
fn handed_off(state: &State, turn: usize) -> bool {
    state.requests.iter().any(|request| usize::try_from(request.at_turn).is_ok_and(|at| at == turn))
}

fn told(program: &Program, conversation: &Conversation, turn: usize, event: usize) -> Told {
    let mut machine = Machine::new(program, State::new(program), Recorder::new(program));
    machine.run(conversation);
    let Machine { state, watch, .. } = machine;
    let entries = state.requests.iter().map(|request| Json::Map(outcome::request_entries(program, request)));
    let own = |step: &Step| usize::try_from(step.event).is_ok_and(|at| at == event);
    Told {
        event,
        handed_off: handed_off(&state, turn),
        outcome: outcome::json(program, &state),
        handoffs: Json::List(entries.collect()),
        steps: watch.steps.into_iter().filter(own).collect(),
    }
}

impl Answer {
    /// As `preview --why-not` writes it; the conversation as `conversation` writes it.
    #[must_use]
    pub fn json(&self, id: &str) -> Json {
        let place = |at: usize| Json::int(i64::try_from(at).unwrap_or(i64::MAX));
        let entry = |key: &str, value: Json| (key.to_owned(), value);
        let value = |value: &Option<Value>| value.as_ref().map_or(Json::Null, json);
        let changes = self.changes.iter().map(|change| {
            Json::Map(vec![
                entry("event", place(change.event)),
                entry("signal", Json::text(&change.signal)),
                entry("from", value(&change.from)),
                entry("to", value(&change.to)),
            ])
        });
        Json::Map(vec![
            entry("conversation", Json::text(id)),
            entry("turn", place(self.turn)),
            entry("event", place(self.before.event)),
            entry("handed_off", Json::Bool(self.before.handed_off)),
            entry("changes", Json::List(changes.collect())),
            entry("why_none", self.why_none.map_or(Json::Null, Json::text)),
            entry("before", self.before.json()),
            entry("after", self.after.as_ref().map_or(Json::Null, Told::json)),
            entry("changed", self.changed.as_ref().map_or(Json::Null, flow_conversations::json)),
            entry("tried", place(self.tried)),
        ])
    }
}

impl Told {
    fn json(&self) -> Json {
        let entry = |key: &str, value: Json| (key.to_owned(), value);
        let text = |text: &Option<String>| text.as_ref().map_or(Json::Null, Json::text);
        let steps = self.steps.iter().map(|step| {
            Json::Map(vec![
                entry("node", Json::text(&step.node)),
                entry("port", text(&step.port)),
                entry("to", text(&step.to)),
                entry("why", Json::text(&step.why)),
            ])
        });
        Json::Map(vec![
            entry("outcome", self.outcome.clone()),
            entry("handoffs", self.handoffs.clone()),
            entry("steps", Json::List(steps.collect())),
        ])
    }
}

#[cfg(test)]
mod tests;
