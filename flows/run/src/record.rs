//! A watcher that writes everything down: steps with their reasons, texts, the transcript, the drafts of requests.

use flow_conditions::say;
use std::sync::Arc;

use flow_conditions::value::Value;
use flow_conversations::{ActionResult, AgentEvent, Given, Status, UserTurn};
use flow_handoff::{Draft, Line};
use flow_model::tree::{Json, Number};

use crate::back::{self, Since};
use crate::label;
use crate::payload;
use crate::program::{Program, Words};
use crate::render::{Facts, flow_text, json};
use crate::state::{Place, State, View};
use crate::watch::{Exit, News, Watch, Why};
use crate::words;

/// A step of a preview.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Index of the event; -1 before the first.
    pub event: i64,
    /// The node.
    pub node: String,
    /// The port by which it is left.
    pub port: Option<String>,
    /// Where it leads.
    pub to: Option<String>,
    /// Why, in words.
    pub why: String,
    /// The comparisons behind it, each with its outcome.
    pub atoms: Vec<(String, bool)>,
    /// Said to the customer.
    pub said: Vec<String>,
    /// Suggested to the person.
    pub suggested: Vec<String>,
    /// Names that were set.
    pub set: Vec<(String, Json)>,
    /// Names that have a value after it.
    pub signals: Vec<(String, Json)>,
}

/// Writes a run down.
pub struct Recorder<'p> {
    /// The flow.
    pub program: &'p Program,
    /// The steps.
    pub steps: Vec<Step>,
    /// The transcript: the customer, people, and what this flow said.
    pub transcript: Vec<Line>,
    /// Everything said to the customer.
    pub said: Vec<String>,
    /// Calls made, with their results.
    pub calls: Vec<Json>,
    /// Nodes entered.
    pub path: Vec<String>,
    /// Entities found, by name.
    pub entities: Vec<(String, Json)>,
    /// People who had the conversation.
    pub people: Vec<Json>,
    /// Requests as they went out.
    pub drafts: Vec<Option<Draft>>,
    /// What was assumed or did not fit, each once.
    pub assumed: Vec<String>,
    /// Other intents of the last customer turn, as payloads write them.
    pub alternatives: Vec<Json>,
    /// The sentiment of each customer turn that has one.
    pub sentiments: Vec<Json>,
    /// What became of requests, in order.
    pub backs: Vec<(flow_handoff::resume::State, flow_handoff::resume::Resume)>,
    /// For each of these, how many lines had been said.
    pub(crate) marks: Vec<usize>,
    /// Where each request began in `people` and `transcript`.
    pub(crate) since: Vec<Since>,
    /// Values that slots with a class have had, by name.
    pub(crate) held: Vec<(String, Json)>,
    /// Slots that got or lost their value since a person took the conversation; `None` while nobody has it.
    pub(crate) facts: Option<Vec<(String, Json)>>,
    /// Whether each step lists the values of names.
    pub with_signals: bool,
    event: i64,
    now: i64,
    next: Step,
}

impl<'p> Recorder<'p> {
    /// A recorder that has seen nothing.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            steps: Vec::new(),
            transcript: Vec::new(),
            said: Vec::new(),
            calls: Vec::new(),
            path: Vec::new(),
            entities: Vec::new(),
            people: Vec::new(),
            drafts: Vec::new(),
            assumed: Vec::new(),
            alternatives: Vec::new(),
            sentiments: Vec::new(),
            backs: Vec::new(),
            marks: Vec::new(),
            since: Vec::new(),
            held: Vec::new(),
            facts: None,
            with_signals: false,
            event: -1,
            now: 0,
            next: Step::default(),
        }
    }

    fn assume(&mut self, words: String) {
        if !self.assumed.contains(&words) {
            self.assumed.push(words);
        }
    }

    /// It is now as late as the state says.
    pub(crate) fn sees(&mut self, state: &State) {
        self.now = state.now();
    }

    /// Keeps the value of a slot with a class, so that it is known after it has changed.
    pub(crate) fn holds(&mut self, name: &Arc<str>, value: Option<&Value>) {
        let (Some(slot), Some(value)) = (name.strip_prefix("slots."), value) else { return };
        if payload::has_class(self.program, slot) {
            let held = (name.to_string(), json(value));
            if !self.held.contains(&held) {
                self.held.push(held);
            }
        }
    }

    fn person(&self) -> Option<String> {
        self.people.last().and_then(|p| p.get("name")).and_then(Json::as_text).map(str::to_owned)
    }
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn given(value: &Given) -> Option<Json> {
    value.value().map(json)
}

/// `{"intent", "confidence"?}`
fn alternative((intent, confidence): &(String, Given)) -> Json {
    let mut map = vec![entry("intent", Json::text(intent))];
    map.extend(given(confidence).map(|value| entry("confidence", value)));
    Json::Map(map)
}

impl<'p> Watch<'p> for Recorder<'p> {
    fn hears(&self) -> bool {
        true
    }

    fn event(&mut self, index: i64) {
        self.event = index;
    }

    fn say(&mut self, words: &Words, view: View<'_>) {
        let facts = Facts { view, place: view.state.place };
        let text = facts.text(&words.pieces);
        self.now = view.state.now();
        self.transcript.push(Line { who: "ai", name: None, text: text.clone(), at: self.now });
        self.said.push(text.clone());
        self.next.said.push(text);
    }

    fn suggest(&mut self, words: &Words, view: View<'_>) {
        let facts = Facts { view, place: view.state.place };
        self.next.suggested.push(facts.text(&words.pieces));
    }

    fn line(&mut self, who: &'static str, text: &Arc<str>) {
        if who == "agent" {
            let name = self.person();
            self.transcript.push(Line { who, name, text: text.to_string(), at: self.now });
        }
    }

    fn customer(&mut self, turn: &UserTurn, state: &State) {
        self.now = state.now();
        if let Some(text) = turn.text.text() {
            self.transcript.push(Line { who: "customer", name: None, text: text.to_string(), at: self.now });
        }
        self.alternatives = turn.alternatives.iter().map(alternative).collect();
        if let Some(sentiment) = state.sentiments[2] {
            self.sentiments.push(Json::Number(Number::from(sentiment)));
        }
        for (name, value) in &turn.entities {
            let Some(value) = given(value) else { continue };
            self.entities.retain(|(n, _)| n != name);
            self.entities.push((name.clone(), value));
        }
    }

    fn entered(&mut self, program: &'p Program, state: &State) {
        self.now = state.now();
        self.path.push(label::here(program, state));
    }

    fn step(&mut self, program: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, why: Why) {
        self.now = state.now();
        let mut step = std::mem::take(&mut self.next);
        step.event = self.event;
        step.node = label::here(program, state);
        step.port = (exit != Exit::Stays).then(|| exit.to_string());
        step.to = to.map(|place| label::of(program, &state.stack, place));
        let facts = Facts { view: View { program, state, row: state.row }, place: state.place };
        (step.why, step.atoms) = words::why(&facts, exit, why);
        if self.with_signals {
            let unit = &program.units[state.place.0 as usize];
            let named = |name: &String| Some((name.clone(), json(&facts.value(name)?)));
            step.signals = unit.globals.keys().filter(|n| !n.starts_with("const.")).filter_map(named).collect();
        }
        if why == Why::CallAssumedOk {
            self.assume(say!("{node}: no result was given, so the call is taken as fine", node = step.node).text());
        }
        if matches!(why, Why::Ends | Why::TooManyNodes | Why::NothingHolds | Why::CustomerLeft) {
            step.to = None;
        }
        self.steps.push(step);
    }

    fn calls(&mut self, node: &Arc<str>, call: &str, inputs: Vec<(&str, Option<Value>)>) {
        let inputs = inputs.into_iter().filter_map(|(name, value)| Some(entry(name, json(&value?)))).collect();
        self.calls.push(Json::Map(vec![
            entry("action", Json::text(&**node)),
            entry("call", Json::text(call)),
            entry("inputs", Json::Map(inputs)),
        ]));
    }

    fn called(&mut self, result: Option<&ActionResult>) {
        let Some(Json::Map(call)) = self.calls.last_mut() else { return };
        let status = match result.map_or(Status::Ok, |r| r.status) {
            Status::Ok => "ok",
            Status::Error => "error",
            Status::Timeout => "timeout",
        };
        call.push(entry("status", Json::text(status)));
        if let Some(result) = result {
            call.extend(given(&result.code).map(|v| entry("code", v)));
            call.extend(given(&result.message).map(|v| entry("message", v)));
            let data: Vec<_> = result.data.iter().filter_map(|(k, v)| Some((k.clone(), given(v)?))).collect();
            if !data.is_empty() {
                call.push(entry("data", Json::Map(data)));
            }
        }
    }

    fn set(&mut self, name: &Arc<str>, value: Option<&Value>) {
        if let (Some(facts), Some(slot)) = (&mut self.facts, name.strip_prefix("slots.")) {
            facts.retain(|(known, _)| known != slot);
            facts.push(entry(slot, value.map_or(Json::Null, json)));
        }
        self.holds(name, value);
        self.next.set.push((name.to_string(), value.map_or(Json::Null, json)));
    }

    fn agent(&mut self, agent: &AgentEvent) {
        let mut person = Vec::new();
        person.extend(given(&agent.name).map(|v| entry("name", v)));
        person.push(entry("did", Json::text(agent.verb.id())));
        person.extend(given(&agent.outcome).map(|v| entry("outcome", v)));
        person.extend(given(&agent.note).map(|v| entry("note", v)));
        self.people.push(Json::Map(person));
    }

    fn request(&mut self, _: &'p Program, state: &State, request: usize) {
        self.now = state.now();
        let draft = payload::draft(self, state, request);
        self.drafts.push(draft);
        self.since.push(Since { people: self.people.len(), lines: self.transcript.len() });
    }

    fn taken_as_sent(&mut self, program: &'p Program, state: &State) {
        let node = label::here(program, state);
        self.assume(say!("{node}: nothing was said of the request, so it is taken as sent", node).text());
    }

    fn news(&mut self, _: &'p Program, state: &State, request: usize, news: News<'_>) {
        back::note(self, state, request, news);
        self.marks.resize(self.backs.len(), self.transcript.len());
    }

    fn unfit(&mut self, name: &Arc<str>) {
        self.assume(say!("{name}: a value that does not fit counts as unset", name).text());
    }

    fn undeclared(&mut self, what: &'static str, name: &str) {
        if what == "intent" {
            return self.assume(say!("intent \"{name}\" is not declared by the flow: it counts as none", name).text());
        }
        self.assume(say!("{what} \"{name}\" is not declared by the flow: it is passed over", what, name).text());
    }
}

/// The text of a value, for words.
#[must_use]
pub fn shown(value: &Value) -> String {
    flow_text(value)
}
