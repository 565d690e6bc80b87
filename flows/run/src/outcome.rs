//! What came of a run.

use std::sync::Arc;

use flow_model::flow::Kind;
use flow_model::tree::Json;

use crate::label;
use crate::program::Program;
use crate::state::{At, Ending, Request, State};

/// What came of a run, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// A person has it, or will.
    Handoff,
    /// It ended.
    End,
    /// The customer left.
    Abandoned,
    /// It waits.
    Open,
    /// A runtime error.
    Error,
}

impl Kinds {
    /// As the JSON writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Handoff => "handoff",
            Self::End => "end",
            Self::Abandoned => "abandoned",
            Self::Open => "open",
            Self::Error => "error",
        }
    }
}

/// The kind of outcome, and for a handoff its request.
#[must_use]
pub fn kind(state: &State) -> (Kinds, Option<usize>) {
    if let Some(request) = state.requests.iter().position(|r| r.state.stands()) {
        return (Kinds::Handoff, Some(request));
    }
    let kind = match state.at {
        At::Ended(Ending::End) => Kinds::End,
        At::Ended(Ending::Left) => Kinds::Abandoned,
        At::Ended(Ending::Error) => Kinds::Error,
        _ => Kinds::Open,
    };
    (kind, None)
}

/// The outcome as the JSON writes it.
#[must_use]
pub fn json(program: &Program, state: &State) -> Json {
    let (kind, request) = kind(state);
    let mut map = vec![("kind".to_owned(), Json::text(kind.id()))];
    match request.map(|r| &state.requests[r]) {
        Some(request) => map.extend(request_entries(program, request)),
        None => {
            map.push(("node".to_owned(), Json::Text(label::here(program, state))));
            if let Some(outcome) = &state.outcome {
                map.push(("outcome".to_owned(), Json::text(&**outcome)));
            }
            map.push(("at_turn".to_owned(), Json::int(state.turns)));
        }
    }
    Json::Map(map)
}

/// A request as the JSON writes it.
#[must_use]
pub fn request_entries(program: &Program, request: &Request) -> Vec<(String, Json)> {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    vec![
        entry("node", Json::Text(label::of(program, &request.stack, request.place))),
        entry("tier", Json::text(&*program.tiers[request.tier as usize].id)),
        entry("mode", Json::text(mode(program, request))),
        entry("state", Json::text(request.state.id())),
        entry("priority", Json::int(request.priority.into())),
        entry("at_turn", Json::int(request.at_turn)),
        entry("reasons", texts(&request.reasons)),
    ]
}

fn mode(program: &Program, request: &Request) -> &'static str {
    let unit = &program.units[request.place.0 as usize];
    match unit.flow.nodes.get_index(request.place.1 as usize).map(|(_, n)| &n.kind) {
        Some(Kind::Handoff(handoff)) => handoff.mode.id(),
        _ => "transfer",
    }
}

/// A list of texts.
#[must_use]
pub fn texts(list: &[Arc<str>]) -> Json {
    Json::List(list.iter().map(|t| Json::text(&**t)).collect())
}

/// The node where the run waits; nothing once it has ended.
#[must_use]
pub fn waits_at(program: &Program, state: &State) -> Option<String> {
    (!matches!(state.at, At::Ended(_))).then(|| label::here(program, state))
}
