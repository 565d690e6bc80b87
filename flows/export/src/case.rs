//! Conversations with their outcome, for the tests that an export brings along.

use flow_check::Checked;
use flow_conditions::value::Value;
use flow_conversations::{Conversation, Event, Given, Turn, UserTurn, json};
use flow_model::tree::Json;
use flow_run::label;
use flow_run::machine::Machine;
use flow_run::outcome::{request_entries, waits_at};
use flow_run::program::Program;
use flow_run::state::{At, Ending, Place, State};
use flow_run::watch::{Exit, Watch, Why};

use crate::private::Private;

/// A conversation, as a platform's own tests can play it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// The customer's turns, in order, up to the first event that a platform has no way of hearing.
    pub turns: Vec<CaseTurn>,
    /// All of it and what comes of it.
    pub whole: Option<Whole>,
}

/// A whole conversation and what the studio makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The conversation, in its own format.
    pub told: Json,
    /// Each request that went out, as a replay writes it: node, tier, mode, state, priority, turn, reasons.
    pub requests: Vec<Json>,
    /// Every card that was entered.
    pub path: Vec<String>,
    /// Where it waits; nothing once it has ended.
    pub at: Option<String>,
}

/// One turn of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseTurn {
    /// The intent; `none` where it is none that the flow declares.
    pub intent: String,
    /// Whether this turn asks people: a request went out, or the customer came to wait for one.
    pub hands_off: bool,
    /// What was said.
    pub text: Option<String>,
    /// The texts that entities were found to be.
    pub entities: Vec<(String, String)>,
    /// Whether its sentiment is known.
    pub measured: bool,
    /// Where the customer waits after it: flow and node.
    pub waits: Option<(String, String)>,
}

/// So many other values are tried for one under which a conversation comes to the same.
const ATTEMPTS: u32 = 8;

/// What conversations come to, turn by turn. Private values are not in them, but others that are made up; of these, where
/// that is found soon, such that a conversation comes to the same as with its own.
pub fn cases<'a>(flow: &Checked, conversations: impl IntoIterator<Item = &'a Conversation>) -> Vec<Case> {
    let program = Program::new(flow);
    conversations.into_iter().map(|conversation| without_private(&program, conversation)).collect()
}

fn without_private(program: &Program, conversation: &Conversation) -> Case {
    let own = case(program, conversation);
    let Some(private) = Private::of(program, conversation) else { return own };
    let outcome = |case: &Case| {
        let whole = case.whole.as_ref();
        whole.map(|whole| (whole.requests.clone(), whole.path.clone(), whole.at.clone()))
    };
    let wanted = outcome(&own);
    let mut first = None;
    for other in (0..ATTEMPTS).filter_map(|attempt| private.made_up(attempt)) {
        let other = case(program, &other);
        if outcome(&other) == wanted {
            return other;
        }
        first = first.or(Some(other));
    }
    // What cannot be told without what is private is not told.
    first.unwrap_or_else(|| Case { id: own.id, turns: Vec::new(), whole: None })
}

fn case(program: &Program, conversation: &Conversation) -> Case {
    let events = &conversation.turns;
    let script = Script { program, events, turns: Vec::new(), path: Vec::new(), asked: false, deaf: false };
    let mut machine = Machine::new(program, State::new(program), script);
    machine.run(conversation);
    let Machine { state, watch, .. } = machine;
    let requests = state.requests.iter().map(|request| Json::Map(request_entries(program, request))).collect();
    let whole = Whole { told: json(conversation), requests, path: watch.path, at: waits_at(program, &state) };
    Case { id: conversation.id.to_string(), turns: watch.turns, whole: Some(whole) }
}

/// Writes down the turns until the bot is deaf: a person is asked, or something happens that is no message.
struct Script<'p, 'c> {
    program: &'p Program,
    events: &'c [Turn],
    turns: Vec<CaseTurn>,
    path: Vec<String>,
    /// Whether people were asked before the first turn.
    asked: bool,
    deaf: bool,
}

impl Script<'_, '_> {
    fn ask(&mut self) {
        match self.turns.last_mut() {
            _ if self.deaf => {}
            Some(turn) => turn.hands_off = true,
            None => self.asked = true,
        }
    }
}

impl<'p> Watch<'p> for Script<'p, '_> {
    fn event(&mut self, index: i64) {
        let event = usize::try_from(index).ok().and_then(|index| self.events.get(index)).map(|turn| &turn.event);
        if matches!(event, Some(Event::Clock(_) | Event::Handoff(_) | Event::Agent(_) | Event::Left)) {
            self.deaf = true;
        }
    }

    fn customer(&mut self, turn: &UserTurn, state: &State) {
        self.deaf |= !matches!(state.at, At::Turn | At::Rest);
        if self.deaf {
            return;
        }
        let intent = match &state.values[self.program.common.intent as usize] {
            Some(Value::Text(intent)) => intent.to_string(),
            _ => "none".to_owned(),
        };
        let hands_off = std::mem::take(&mut self.asked);
        let text = turn.text.text().map(|text| text.to_string());
        let entities = turn.entities.iter().filter_map(|(name, value)| Some((name.clone(), value.text()?.to_string())));
        let measured = matches!(turn.sentiment, Given::Value(_));
        let entities = entities.collect();
        self.turns.push(CaseTurn { intent, hands_off, text, entities, measured, waits: None });
    }

    fn entered(&mut self, program: &'p Program, state: &State) {
        self.path.push(label::here(program, state));
    }

    fn step(&mut self, program: &'p Program, state: &State, _: Exit<'p>, _: Option<Place>, _: Why) {
        if !self.deaf
            && matches!(state.at, At::Turn | At::Queue)
            && let Some(turn) = self.turns.last_mut()
        {
            let unit = &program.units[state.place.0 as usize];
            turn.waits = Some((unit.flow.id.clone(), unit.nodes[state.place.1 as usize].id.to_string()));
        }
        if state.at == At::Queue {
            self.ask();
            // Paused from here on, whatever the queue says.
            self.deaf |= !self.turns.is_empty();
        }
        if state.at == At::Ended(Ending::Error) && !self.deaf {
            self.turns.pop();
            self.deaf = true;
        }
    }

    fn request(&mut self, _: &'p Program, _: &State, _: usize) {
        self.ask();
    }
}
