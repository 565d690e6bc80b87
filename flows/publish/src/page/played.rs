//! Conversations that can be played: what happened, what the flow did at each step and why, and what the person received.

use std::collections::{BTreeMap, BTreeSet};

use flow_check::Checked;
use flow_conversations::{AgentEvent, Conversation, Event, Given, HandoffNews, QueueNews, Status};
use flow_handoff::{Keys, Veil};
use flow_model::tree::Json;
use flow_run::machine::Machine;
use flow_run::outcome::{self, Kinds};
use flow_run::preview::preview;
use flow_run::program::Program;
use flow_run::state::{Place, State};
use flow_run::watch::{Exit, Watch, Why};

use super::sequence::{self, Lane, Move};
use crate::hours::duration;
use crate::html::Html;
use crate::places;

/// The most conversations of a page, where nobody says otherwise; what is left out is said there.
pub const MOST: usize = 200;

/// A step of the flow.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub(super) node: String,
    pub(super) port: String,
    pub(super) to: String,
    pub(super) title: String,
    pub(super) why: String,
}

/// What a person received.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
}

/// A conversation that was played.
#[derive(Clone, Debug)]
pub(super) struct Played {
    pub(super) id: String,
    pub(super) outcome: String,
    pub(super) lanes: Vec<Lane>,
    pub(super) moves: Vec<Move>,
    pub(super) steps: Vec<Step>,
    pub(super) received: Vec<Received>,
}

/// Plays conversations.
pub(super) fn all(checked: &Checked, conversations: &[Conversation], keys: &Keys) -> Vec<Played> {
    let program = Program::new(checked);
    let matcher = flow_predict::Matcher::new(checked.flow());
    let play = |conversation: &Conversation| {
        let mut filled = conversation.clone();
        flow_predict::fill(&mut filled, &matcher);
        play(&program, &filled, keys)
    };
    conversations.iter().map(play).collect()
}

/// What people call a card, in a called flow too.
fn title(program: &Program, node: &str) -> String {
    let id = node.rsplit('/').next().unwrap_or(node);
    let flow = program.units.iter().map(|unit| &unit.flow).find(|flow| flow.nodes.contains_key(id));
    flow.map_or_else(|| places::plain(id), |flow| places::node(flow, id))
}

fn tier_title(program: &Program, tier: &str) -> String {
    let flow = program.units.iter().map(|unit| &unit.flow).find(|flow| flow.tiers.contains_key(tier));
    flow.map_or_else(|| places::plain(tier), |flow| places::tier(flow, tier))
}

fn play(program: &Program, conversation: &Conversation, keys: &Keys) -> Played {
    let run = preview(program, conversation, false);
    let asked = asked(program, conversation);
    let veil = Veil::new(&program.flow().id, &conversation.id, run.kept_back(), keys);
    let mut by_event: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (i, step) in run.recorder.steps.iter().enumerate() {
        by_event.entry(step.event).or_default().push(i);
    }
    let mut played = Played {
        id: veil.id(),
        outcome: came_of_it(program, &run.state),
        lanes: Vec::new(),
        moves: Vec::new(),
        steps: Vec::new(),
        received: Vec::new(),
    };
    for step in &run.recorder.steps {
        played.steps.push(Step {
            node: step.node.clone(),
            port: step.port.clone().unwrap_or_default(),
            to: step.to.clone().unwrap_or_default(),
            title: title(program, &step.node),
            why: step.why.clone(),
        });
    }
    let requests: Vec<(Lane, i64)> = run
        .state
        .requests
        .iter()
        .map(|r| (Lane::Tier(tier_title(program, &program.tiers[r.tier as usize].id)), i64::from(r.priority)))
        .collect();
    let mut scene = sequence::Scene::new(requests);
    for index in -1..i64::try_from(conversation.turns.len()).unwrap_or(i64::MAX) {
        let here = by_event.get(&index).map_or(&[][..], Vec::as_slice);
        if let Some(turn) = usize::try_from(index).ok().and_then(|i| conversation.turns.get(i)) {
            event(program, &turn.event, &mut scene, here.first().copied());
        }
        for i in here {
            let step = &run.recorder.steps[*i];
            if asked.contains(i) {
                scene.request(&title(program, &step.node), *i);
            }
            for text in &step.said {
                scene.say(text, *i);
            }
            for text in &step.suggested {
                scene.suggest(text, *i);
            }
        }
    }
    played.received = run.envelopes(keys).iter().flatten().map(|e| received(program, e)).collect();
    (played.lanes, played.moves) = scene.finish();
    played.clean(&veil);
    played
}

impl Played {
    /// Keeps back what has a class or can be recognised as a card, an account, a password or a person's own: a page goes
    /// to many.
    fn clean(&mut self, veil: &Veil) {
        let mut before = String::new();
        for one in &mut self.moves {
            before = one.clean(&before, veil);
        }
        for step in &mut self.steps {
            step.why = veil.text(&step.why, "");
        }
        for one in &mut self.received {
            one.summary = one.summary.take().map(|summary| veil.text(&summary, ""));
        }
    }
}

/// Writes down at which steps requests go out.
#[derive(Default)]
struct Asked {
    steps: usize,
    at: BTreeSet<usize>,
}

impl<'p> Watch<'p> for Asked {
    fn step(&mut self, _: &'p Program, _: &State, _: Exit<'p>, _: Option<Place>, _: Why) {
        self.steps += 1;
    }

    fn request(&mut self, _: &'p Program, _: &State, _: usize) {
        self.at.insert(self.steps);
    }
}

/// The steps, by their number, at which requests go out.
fn asked(program: &Program, conversation: &Conversation) -> BTreeSet<usize> {
    let mut machine = Machine::new(program, State::new(program), Asked::default());
    machine.run(conversation);
    machine.watch.at
}

fn received(program: &Program, envelope: &flow_handoff::Envelope) -> Received {
    let field = |field: &flow_handoff::envelope::Field| {
        let name = field.title.clone().unwrap_or_else(|| places::plain(&field.name));
        (name, super::data::value(&field.value))
    };
    let node = envelope.json.get("node").and_then(Json::as_text).unwrap_or("");
    Received {
        title: format!("{}, priority {}: {}", envelope.tier_title, envelope.priority, title(program, node)),
        summary: envelope.summary.clone(),
        fields: envelope.payload.iter().map(field).collect(),
        notes: envelope
            .redacted
            .iter()
            .map(|r| format!("{}: {} ({})", places::plain(&r.field), places::redaction(Some(r.how)), r.why))
            .collect(),
    }
}

fn came_of_it(program: &Program, state: &State) -> String {
    let json = outcome::json(program, state);
    let text = |key: &str| json.get(key).and_then(Json::as_text).unwrap_or("");
    match outcome::kind(state).0 {
        Kinds::Handoff => format!("a person at {} ({})", tier_title(program, text("tier")), text("state")),
        Kinds::End => format!("ends: {}", places::plain(text("outcome"))),
        Kinds::Abandoned => "the customer left".to_owned(),
        Kinds::Open => format!("waits at {}", title(program, text("node"))),
        Kinds::Error => format!("a runtime error at {}", title(program, text("node"))),
    }
}

fn event(program: &Program, event: &Event, scene: &mut sequence::Scene, step: Option<usize>) {
    let tier = |id: &str| Lane::Tier(tier_title(program, id));
    match event {
        Event::User(turn) => {
            let text = turn.text.text().map_or("(no words)", |text| text);
            let mut notes = Vec::new();
            for (name, given) in [("wish", &turn.intent), ("confidence", &turn.confidence), ("mood", &turn.sentiment)] {
                notes.extend(given.value().map(|value| format!("{name} {}", flow_run::render::flow_text(value))));
            }
            scene.customer(text, &notes.join(", "), step);
        }
        Event::Said(text) => scene.person(text),
        Event::Action(result) => {
            let words = match result.status {
                Status::Ok => "answers".to_owned(),
                Status::Error => format!("fails {}", given(&result.code)),
                Status::Timeout => "does not answer".to_owned(),
            };
            let call = title(program, &result.action);
            scene.back_end(&format!("{call}: {words}"), step);
        }
        Event::Queue(news) => scene.queue(tier(&news.tier), &queue_words(news), step),
        Event::Clock(seconds) => scene.time(&duration(*seconds), step),
        Event::Handoff(HandoffNews::Sent(reference)) => {
            let reference = reference.as_ref().map_or(String::new(), |r| format!(", reference {r}"));
            scene.news(&format!("the request has arrived{reference}"), step);
        }
        Event::Handoff(HandoffNews::Failed) => scene.news("the request does not get through", step),
        Event::Agent(agent) => scene.agent(agent.verb.id(), &agent_words(agent), step),
        Event::Left => scene.left(step),
        Event::Bot(_) | Event::Unknown => {}
    }
}

fn given(value: &Given) -> String {
    value.value().map(flow_run::render::flow_text).unwrap_or_default()
}

fn queue_words(news: &QueueNews) -> String {
    let mut words = Vec::new();
    if let Some(flow_conditions::value::Value::Bool(open)) = news.open.value() {
        words.push(if *open { "open".to_owned() } else { "closed".to_owned() });
    }
    if let Some(flow_conditions::value::Value::Number(wait)) = news.wait.value() {
        words.push(format!("wait {}", duration(*wait)));
    }
    if let Some(flow_conditions::value::Value::Number(free)) = news.available.value() {
        words.push(format!("{free} free"));
    }
    words.join(", ")
}

fn agent_words(agent: &AgentEvent) -> String {
    let parts: Vec<String> =
        [given(&agent.name), given(&agent.outcome), given(&agent.note)].into_iter().filter(|t| !t.is_empty()).collect();
    parts.join(": ")
}

/// The conversations as a part of the page.
pub(super) fn section(html: &mut Html, played: &[Played], left: usize) {
    if played.is_empty() {
        html.leaf("p", &[], "No conversations were given.");
        return;
    }
    if left > 0 {
        html.leaf("p", &[("class", "note")], &format!("{left} further conversations are not shown."));
    }
    let note = "What was said is shown without data of a class that is kept back, and without cards, accounts, numbers and addresses \
        of people that are recognised.";
    html.leaf("p", &[("class", "note")], note);
    html.element("div", &[("class", "player only-screen"), ("id", "player"), ("hidden", "")], |html| {
        html.element("label", &[("for", "which")], |html| html.text("Conversation "));
        html.element("select", &[("id", "which")], |html| {
            for (i, one) in played.iter().enumerate() {
                let words = format!("{}: {}", one.id, one.outcome);
                html.leaf("option", &[("value", &i.to_string())], &words);
            }
        });
        for (id, words, label) in [
            ("first", "|◀", "To the beginning"),
            ("back", "◀", "One step back"),
            ("play", "Play", "Play or pause"),
            ("next", "▶|", "One step on"),
        ] {
            html.leaf("button", &[("type", "button"), ("id", id), ("aria-label", label), ("title", label)], words);
        }
        html.element("p", &[("id", "now"), ("role", "status"), ("aria-live", "polite")], |_| {});
    });
    for (i, one) in played.iter().enumerate() {
        conversation(html, i, one);
    }
}

fn conversation(html: &mut Html, number: usize, played: &Played) {
    html.line();
    let here = format!("conversation-{number}");
    html.element(
        "article",
        &[("class", "played"), ("id", &here), ("data-conversation", &number.to_string())],
        |html| {
            html.element("h3", &[], |html| {
                html.bdi(&played.id);
                html.text(": ");
                html.bdi(&played.outcome);
            });
            html.element("div", &[("class", "two")], |html| {
                sequence::draw(html, &played.lanes, &played.moves);
                html.element("div", &[], |html| {
                    steps(html, &played.steps);
                    for one in &played.received {
                        given_to_person(html, one);
                    }
                });
            });
        },
    );
}

fn steps(html: &mut Html, steps: &[Step]) {
    html.leaf("h4", &[], "What the flow does, and why");
    html.element("ol", &[("class", "steps")], |html| {
        for step in steps {
            let attributes =
                [("data-node", step.node.as_str()), ("data-port", step.port.as_str()), ("data-to", step.to.as_str())];
            html.element("li", &attributes, |html| {
                html.element("strong", &[], |html| html.bdi(&step.title));
                html.text(" ");
                html.bdi(&step.why);
            });
        }
    });
}

fn given_to_person(html: &mut Html, received: &Received) {
    html.element("div", &[("class", "received")], |html| {
        html.element("h4", &[], |html| {
            html.text("The person receives · ");
            html.bdi(&received.title);
        });
        if let Some(summary) = &received.summary {
            html.words("p", &[], summary);
        }
        html.element("dl", &[], |html| {
            for (name, value) in &received.fields {
                html.words("dt", &[], name);
                html.words("dd", &[], value);
            }
        });
        for note in &received.notes {
            html.words("p", &[("class", "note")], note);
        }
    });
}
