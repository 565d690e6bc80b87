//! What conversations show of a flow: by which way each handoff was entered, and what the conversation expects.

use std::collections::BTreeSet;

use flow_check::Checked;
use flow_conversations::{Conversation, ExpectHandoff};
use flow_model::tree::Json;
use flow_run::label;
use flow_run::machine::Machine;
use flow_run::program::{Program, RunKind};
use flow_run::state::{Place, State};
use flow_run::watch::{Exit, Watch, Why};

/// A conversation as the register sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Its id.
    pub id: String,
    /// The handoffs that it entered, each with the way: `node.port` within the same flow, or `trigger.ID`.
    pub entered: BTreeSet<(String, String)>,
    /// The card that its expectation names.
    pub node: Option<String>,
    /// The tier that its expectation names.
    pub tier: Option<String>,
    /// The reasons that its expectation names.
    pub reasons: Option<Vec<String>>,
}

/// What a conversation expects, without a run: for flows that cannot run yet.
#[must_use]
pub fn expected(conversation: &Conversation) -> Tried {
    let mut tried = Tried { id: conversation.id.to_string(), ..Tried::default() };
    let Some(ExpectHandoff::Keys(keys)) = conversation.expect.as_ref().and_then(|e| e.handoff.as_ref()) else {
        return tried;
    };
    for (key, value) in keys {
        match key.as_str() {
            "node" => tried.node = value.as_text().map(str::to_owned),
            "tier" => tried.tier = value.as_text().map(str::to_owned),
            "reasons" => {
                tried.reasons = Some(value.items().iter().filter_map(Json::as_text).map(str::to_owned).collect());
            }
            _ => {}
        }
    }
    tried
}

/// What conversations show when they are replayed; what they leave unsaid is filled as everywhere.
#[must_use]
pub fn replayed(flow: &Checked, conversations: &[Conversation]) -> Vec<Tried> {
    let program = Program::new(flow);
    let matcher = flow_predict::Matcher::new(flow.flow());
    let one = |conversation: &Conversation| {
        let mut filled = conversation.clone();
        flow_predict::fill(&mut filled, &matcher);
        let watch = Entries { program: &program, entered: BTreeSet::new() };
        let mut machine = Machine::new(&program, State::new(&program), watch);
        machine.run(&filled);
        Tried { entered: machine.watch.entered, ..expected(conversation) }
    };
    conversations.iter().map(one).collect()
}

/// Writes down by which ways handoffs are entered.
struct Entries<'p> {
    program: &'p Program,
    entered: BTreeSet<(String, String)>,
}

impl<'p> Watch<'p> for Entries<'p> {
    fn step(&mut self, _: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, _: Why) {
        let Some(place) = to else { return };
        let node = &self.program.units[place.0 as usize].nodes[place.1 as usize];
        if !matches!(node.kind, RunKind::Handoff(_)) {
            return;
        }
        let from = &self.program.units[state.place.0 as usize].nodes[state.place.1 as usize].id;
        let way = match exit {
            Exit::Trigger(_) => exit.to_string(),
            _ => format!("{from}.{exit}"),
        };
        self.entered.insert((label::of(self.program, &state.stack, place), way));
    }
}
