//! One conversation, step by step, with the reason of each step and what each handoff carries.

use flow_conversations::Conversation;
use flow_handoff::resume::State as Stage;
use flow_handoff::{Envelope, Environment, Keys, Rail, Target};
use flow_model::tree::Json;

use crate::machine::Machine;
use crate::outcome;
use crate::program::Program;
use crate::record::{Recorder, Step};
use crate::state::{At, State};

/// What a preview is given beside the conversation.
pub struct Setting<'a> {
    /// The contact centres to render for; all when empty.
    pub targets: Vec<&'a dyn Target>,
    /// Ids by name.
    pub environment: &'a Environment,
    /// Keys for hashes.
    pub keys: &'a Keys,
    /// Whether each step lists the values of names.
    pub signals: bool,
}

/// A preview.
pub struct Preview<'p> {
    /// The state at the end.
    pub state: State,
    /// Everything that was written down.
    pub recorder: Recorder<'p>,
}

/// Runs a conversation and writes everything down.
#[must_use]
pub fn preview<'p>(program: &'p Program, conversation: &Conversation, signals: bool) -> Preview<'p> {
    let mut recorder = Recorder::new(program);
    recorder.with_signals = signals;
    let mut machine = Machine::new(program, State::new(program), recorder);
    machine.run(conversation);
    Preview { state: machine.state, recorder: machine.watch }
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn texts(list: &[String]) -> Json {
    Json::List(list.iter().map(Json::text).collect())
}

impl Preview<'_> {
    /// The envelope of each request, as records take it.
    #[must_use]
    pub fn envelopes(&self, keys: &Keys) -> Vec<Option<Envelope>> {
        self.envelopes_for(keys, Rail::Record)
    }

    /// The envelope of each request for what it goes out on.
    #[must_use]
    pub fn envelopes_for(&self, keys: &Keys, rail: Rail) -> Vec<Option<Envelope>> {
        self.recorder.drafts.iter().map(|d| d.as_ref().map(|d| flow_handoff::envelope_for(d, keys, rail))).collect()
    }

    /// The JSON of `handoff preview --json`.
    #[must_use]
    pub fn json(&self, conversation: &Conversation, setting: &Setting<'_>, filled: &[String]) -> Json {
        let program = self.recorder.program;
        let assumed: Vec<String> = filled.iter().chain(&self.recorder.assumed).cloned().collect();
        Json::Map(vec![
            entry("conversation", Json::text(&*conversation.id)),
            entry("flow", Json::text(&program.flow().id)),
            entry("revision", Json::text(&*program.revision)),
            entry("steps", Json::List(self.recorder.steps.iter().map(|s| step(s, setting.signals)).collect())),
            entry("outcome", outcome::json(program, &self.state)),
            entry("handoffs", self.handoffs(setting)),
            entry("waiting", self.waiting()),
            entry("path", texts(&self.recorder.path)),
            entry("assumed", texts(&assumed)),
        ])
    }

    /// Where the run waits and for what; `null` once it has ended.
    fn waiting(&self) -> Json {
        let program = self.recorder.program;
        let r#for = match self.state.at {
            At::Turn => "turn",
            At::Queue => "queue",
            At::Person => "person",
            At::Rest | At::Moving => "nothing",
            At::Ended(_) => return Json::Null,
        };
        let pending = self.state.under_way.as_ref().is_some_and(|u| !u.accepted);
        let unit = &program.units[self.state.place.0 as usize];
        let kind = unit.flow.nodes.get_index(self.state.place.1 as usize).map_or("", |(_, n)| n.kind_id());
        Json::Map(vec![
            entry("node", Json::Text(crate::label::here(program, &self.state))),
            entry("kind", Json::text(kind)),
            entry("for", Json::text(r#for)),
            entry("pending", Json::Bool(pending)),
        ])
    }

    /// The states of a request as CloudEvents, and the envelope that came back last, where one did. The data of the first
    /// event is the envelope that stands beside.
    fn comes_back(&self, number: usize, envelope: &Envelope) -> (Json, Json) {
        let mut events = vec![Stage::Requested.event(envelope, 0, envelope.time)];
        let mut last = Json::Null;
        for (i, (step, resume)) in self.recorder.backs.iter().filter(|(_, r)| r.request == number).enumerate() {
            let data = resume.json(*step, envelope);
            if let Json::Map(mut map) = step.event(envelope, i + 1, resume.time) {
                map.push(entry("data", data.clone()));
                events.push(Json::Map(map));
            }
            if *step != Stage::Accepted {
                last = data;
            }
        }
        (Json::List(events), last)
    }

    fn handoffs(&self, setting: &Setting<'_>) -> Json {
        let program = self.recorder.program;
        let envelopes = self.envelopes(setting.keys);
        let chats = setting.targets.iter().any(|target| target.chat());
        let mut in_chat = if chats { self.envelopes_for(setting.keys, Rail::Chat) } else { Vec::new() }.into_iter();
        let requests = self.state.requests.iter().zip(envelopes).enumerate().map(|(number, (request, envelope))| {
            let mut map = outcome::request_entries(program, request);
            let in_chat = in_chat.next().flatten();
            if let Some(envelope) = envelope {
                let flow = &program.units[request.place.0 as usize].flow;
                let rendered = setting.targets.iter().map(|target| {
                    let none = flow_model::flow::Target::default();
                    let setup = flow.targets.get(target.id()).unwrap_or(&none);
                    let envelope = in_chat.as_ref().filter(|_| target.chat()).unwrap_or(&envelope);
                    (target.id().to_owned(), flow_handoff::rendered(*target, envelope, setup, setting.environment))
                });
                let rendered = rendered.collect();
                let (events, resume) = self.comes_back(number, &envelope);
                map.push(entry("envelope", envelope.json));
                map.push(entry("requests", Json::Map(rendered)));
                map.push(entry("events", events));
                map.push(entry("resume", resume));
            }
            Json::Map(map)
        });
        Json::List(requests.collect())
    }
}

fn step(step: &Step, signals: bool) -> Json {
    let mut map = vec![entry("event", Json::int(step.event)), entry("node", Json::text(&step.node))];
    map.extend(step.port.as_ref().map(|p| entry("port", Json::text(p))));
    map.extend(step.to.as_ref().map(|t| entry("to", Json::text(t))));
    map.push(entry("why", Json::text(&step.why)));
    let atoms = step
        .atoms
        .iter()
        .map(|(text, holds)| Json::Map(vec![entry("text", Json::text(text)), entry("holds", Json::Bool(*holds))]));
    map.push(entry("because", Json::List(atoms.collect())));
    map.push(entry("said", texts(&step.said)));
    map.push(entry("suggested", texts(&step.suggested)));
    map.push(entry("set", Json::Map(step.set.clone())));
    if signals {
        let named = |(name, value): &(String, Json)| Json::List(vec![Json::text(name), value.clone()]);
        map.push(entry("signals", Json::List(step.signals.iter().map(named).collect())));
    }
    Json::Map(map)
}
