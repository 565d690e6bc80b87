//! Topics, and what begins each of them.

use std::collections::BTreeSet;

use flow_model::tree::Json;

use super::{Agent, Topic, fx};
use crate::cards::{Begun, Cards, Due, trigger_within};
use crate::composer::say::{Properties, Tongue};
use crate::draft::{entry, legal};
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// Where an action stands.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Its topic, by number.
    pub(super) topic: usize,
    pub(super) copy: u32,
    /// Where it goes on when the topic ends, and where it begins anew.
    pub(super) ends: String,
    pub(super) begins: String,
    /// Where a loop goes on when it is left.
    pub(super) leaves: Option<String>,
}

/// The flow of an agent in the making.
pub(super) struct Build<'a, 'p, 's> {
    pub(super) source: &'a Source<'p>,
    pub(super) draft: &'a mut Draft,
    pub(super) agent: &'a Agent<'s>,
    pub(super) known: Properties,
    pub(super) cards: Cards,
    begun: Begun,
    pub(super) main: String,
    /// Questions at which other topics are heard.
    pub(super) asked: Vec<String>,
    told: BTreeSet<(u32, u32, String)>,
    counts: bool,
    /// The ids that actions lead to.
    pub(super) targets: BTreeSet<&'s str>,
}

/// What of a topic is for the screen of the other tool and for its model.
const SCREEN: &str = "settings of topics for the model and for the screen of the other tool";

impl<'a, 'p, 's> Build<'a, 'p, 's> {
    pub(super) fn new(source: &'a Source<'p>, draft: &'a mut Draft, agent: &'a Agent<'s>) -> Self {
        let (begun, main) = (Begun::new(agent.topics.len()), draft.card_id("\u{1}main", "main"));
        let counts = agent.topics.iter().any(|topic| says(topic.part, "System.FallbackCount"));
        let (known, cards, asked, told) = Default::default();
        let mut targets = BTreeSet::new();
        agent.topics.iter().for_each(|topic| super::actions::targets(topic.part, &mut targets));
        Self { source, draft, agent, known, cards, begun, main, asked, told, counts, targets }
    }

    pub(super) fn topic(&self, scope: &Scope) -> &'a str {
        self.agent.topics.get(scope.topic).map_or("", |topic| topic.name.as_str())
    }

    pub(super) fn tongue<'t>(&'t mut self, topic: &'t str) -> Tongue<'t> {
        Tongue { draft: self.draft, known: &self.known, dialog: topic, given: None }
    }

    /// Tells something of a part, however often it becomes a card.
    pub(super) fn tell(&mut self, part: &Part, code: Code, what: &str, kept: Kept) {
        if self.told.insert((part.file, part.at, what.to_owned())) {
            self.source.note(part, code, what, kept);
        }
    }

    /// A condition as ours; one that cannot be said becomes a signal with its text, and is told.
    pub(super) fn when(&mut self, part: &Part, topic: &str, kept: Kept) -> String {
        let raw = part.plain().unwrap_or_default();
        let read = fx::parse(&raw);
        let said = read.and_then(|read| self.tongue(topic).holds(&read));
        if let Some(said) = said.and_then(|said| conditions::canonical(&said).ok()) {
            return said;
        }
        let what = format!("the condition {} cannot be said here: decide what it becomes", raw.trim());
        self.tell(part, Code::Condition, &what, kept);
        self.draft.undecided(raw.trim().trim_start_matches('='), "copilot-studio")
    }

    /// The whole agent.
    pub(super) fn all(mut self) {
        self.survey();
        let main = self.main.clone();
        let route = self.draft.card_id("\u{1}route", "route");
        let start = self.draft.card_id("\u{1}start", "start");
        let first = self.chained("OnConversationStart", &main);
        let first = self.initial(&first);
        self.draft.put(&start, Card::new("start").text("next", first));
        let heard = self.chained("OnActivity", &route);
        let idle = self.idle();
        let rows = self.rows();
        let otherwise = self.unknown();
        let listen = Card::new("listen").with("branches", Json::List(Vec::new())).text("else", &heard);
        let listen = if idle.is_empty() { listen } else { listen.with("idle", Json::List(idle)) };
        self.draft.put(&main, listen);
        self.draft.put(&route, Card::new("decision").branches(&rows).text("else", otherwise));
        self.events();
        while let Some(due) = self.begun.due() {
            self.draw(due);
        }
        for topic in &self.agent.topics {
            // Nobody begins it: it is drawn all the same.
            self.left_alone(topic);
        }
        while let Some(due) = self.begun.due() {
            self.draw(due);
        }
        std::mem::take(&mut self.cards).settle(self.draft);
        for (at, (when, to)) in rows.iter().enumerate() {
            trigger_within(self.draft, &format!("heard_{at}"), None, when, to, &self.asked);
        }
    }

    /// The types of what is asked for.
    fn survey(&mut self) {
        for topic in &self.agent.topics {
            let mut found = Vec::new();
            questions(topic.part, &mut found);
            for part in found {
                self.declare(topic, part);
            }
        }
    }

    /// Variables with a value from the beginning, and then `next`.
    fn initial(&mut self, next: &str) -> String {
        let mut rows: Vec<(String, Json)> =
            self.agent.initial.iter().map(|(slot, value)| (slot.clone(), Json::text(value))).collect();
        if self.counts {
            let slot = self.counter();
            rows.push((slot, Json::text("0")));
        }
        if rows.is_empty() {
            return next.to_owned();
        }
        self.draft.add("initial_values", Card::new("set").with("assign", Json::Map(rows)).text("next", next))
    }

    /// How often in a row nothing was understood.
    fn counter(&mut self) -> String {
        let slot = self.tongue("").slot("global.FallbackCount");
        self.draft.wants(&slot, "number");
        slot
    }

    fn counted(&mut self, name: &str, value: &str, next: &str) -> String {
        if !self.counts || next == self.main {
            return next.to_owned();
        }
        let slot = self.counter();
        let value = if value == "0" { value.to_owned() } else { format!("slots.{slot} + 1") };
        let assign = Json::Map(vec![(slot, Json::Text(value))]);
        let id = self.draft.card_id(&format!("\u{1}count/{name}"), &format!("{name}_counted"));
        self.draft.put(&id, Card::new("set").with("assign", assign).text("next", next));
        id
    }

    /// Topics of a kind by their priority, and then in the order of their files.
    fn of_kind(&self, kinds: &[&str]) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.agent.topics.len())
            .filter(|at| self.agent.topics.get(*at).is_some_and(|t| kinds.contains(&t.kind())))
            .collect();
        // The lower number comes first; without one it is 0.
        found.sort_by_key(|at| {
            let begin = self.agent.topics.get(*at).and_then(Topic::begin);
            let priority = begin.and_then(|begin| begin.get("priority")).and_then(Part::plain);
            priority.and_then(|priority| priority.parse::<i64>().ok()).unwrap_or(0)
        });
        found
    }

    /// Topics of a kind one after another, each where its condition holds, and then `next`.
    fn chained(&mut self, kind: &str, next: &str) -> String {
        let mut to = next.to_owned();
        for at in self.of_kind(&[kind]).into_iter().rev() {
            let Some(topic) = self.agent.topics.get(at) else { continue };
            let of = topic.begin().and_then(|begin| begin.peek("type")).unwrap_or("Message");
            if kind == "OnActivity" && of != "Message" {
                continue;
            }
            let Some(begins) = self.begun.begin(self.draft, at, &topic.name, &to) else { continue };
            if let Some(begin) = topic.begin() {
                begin.seen(&["type"]);
            }
            to = match self.guard(topic) {
                Some(when) => {
                    let id = self.draft.card_id(&format!("\u{1}guard/{at}"), &format!("{}_if", topic.name));
                    self.draft.put(&id, Card::new("decision").branches(&[(when, begins)]).text("else", &to));
                    id
                }
                None => begins,
            };
        }
        to
    }

    fn guard(&mut self, topic: &Topic<'s>) -> Option<String> {
        let condition = topic.begin()?.get("condition")?;
        Some(self.when(condition, &topic.name, Kept::Document))
    }

    /// The branches of what customers say.
    fn rows(&mut self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let main = self.main.clone();
        for at in self.of_kind(&["OnRecognizedIntent", "OnEscalate"]) {
            let Some(topic) = self.agent.topics.get(at) else { continue };
            let intent = self.intent(topic);
            let mut parts = vec![format!("intent == {}", conditions::text(&intent))];
            parts.extend(self.guard(topic));
            let Some(to) = self.begun.begin(self.draft, at, &topic.name, &main) else { continue };
            let whole = conditions::all(&parts);
            let to = self.counted(&topic.name, "0", &to);
            rows.push((conditions::canonical(&whole).unwrap_or(whole), to));
        }
        rows
    }

    fn intent(&mut self, topic: &Topic<'s>) -> String {
        let part = topic.begin().and_then(|begin| begin.get("intent"));
        let name = part.and_then(|part| part.text("displayName")).filter(|name| !name.trim().is_empty());
        let intent = self.draft.intent(name.unwrap_or(&topic.title));
        let phrases: Vec<String> = part
            .map_or(&[][..], |part| part.list("triggerQueries"))
            .iter()
            .filter_map(Part::plain)
            .filter(|phrase| !phrase.trim().is_empty())
            .collect();
        if let Some(part) = part {
            part.leave(&["includeInOnSelectIntent", "availableInChannels", "kind"], SCREEN);
        }
        if let Some(words) = topic.part.text("modelDescription") {
            self.draft.remark("intents", &intent, words);
        }
        if phrases.is_empty() {
            let what = format!(
                "{} has no trigger phrases: a model chooses it by its description; here an intent of its name begins it: give it examples",
                topic.title
            );
            self.tell(topic.part, Code::Approximated, &what, Kept::Document);
        }
        self.draft.examples(&intent, phrases);
        intent
    }

    /// What happens when nothing was understood.
    fn unknown(&mut self) -> String {
        let main = self.main.clone();
        let first = self.chained("OnUnknownIntent", &main);
        self.counted("unknown", "+1", &first)
    }

    /// What happens when the customer is silent.
    fn idle(&mut self) -> Vec<Json> {
        let main = self.main.clone();
        let mut rows = Vec::new();
        for at in self.of_kind(&["OnInactivity"]) {
            let Some(topic) = self.agent.topics.get(at) else { continue };
            let after = topic.begin().and_then(|begin| begin.get("durationInSeconds")).and_then(Part::plain);
            let Some(after) =
                after.and_then(|after| conditions::number(&after)).filter(|after| !after.contains(['-', '.']))
            else {
                continue;
            };
            if let Some(to) = self.begun.begin(self.draft, at, &topic.name, &main) {
                let after = Json::Number(flow_model::tree::Number::from_text(&after));
                rows.push(Json::Map(vec![("after".to_owned(), after), ("to".to_owned(), Json::Text(to))]));
            }
        }
        rows
    }

    /// Topics that the platform begins by itself wait for a signal.
    fn events(&mut self) {
        let main = self.main.clone();
        for (at, topic) in self.agent.topics.iter().enumerate() {
            let redirected = matches!(topic.kind(), "OnRedirect" | "");
            if self.begun.is_begun(at) || redirected {
                continue;
            }
            let Some(to) = self.begun.begin(self.draft, at, &topic.name, &main) else { continue };
            let mut original = format!("{}: {}", topic.title, topic.kind());
            if let Some(condition) = topic.begin().and_then(|begin| begin.get("condition")).and_then(Part::plain) {
                original.push_str(&format!(" where {}", condition.trim_start_matches('=')));
            }
            let signal = self.draft.undecided(&original, "copilot-studio");
            let what = format!(
                "the platform begins {} by itself; here it waits for the signal {signal}: decide what it becomes",
                topic.title
            );
            self.tell(topic.part, Code::Approximated, &what, Kept::Document);
            self.draft.declare("triggers", &topic.name, entry(&[("title", &original), ("when", &signal), ("to", &to)]));
        }
    }

    fn left_alone(&mut self, topic: &Topic<'s>) {
        let Some(at) = self.agent.names.get(&topic.name.to_ascii_lowercase()).copied() else { return };
        if self.begun.is_begun(at) {
            return;
        }
        let main = self.main.clone();
        self.begun.begin(self.draft, at, &topic.name, &main);
        self.tell(topic.part, Code::Missing, &format!("nothing begins the topic {}", topic.title), Kept::Nothing);
    }

    /// The card by which another topic is entered that goes on at `ends`, and its number.
    pub(super) fn other(&mut self, reference: &str, ends: &str) -> Result<(usize, String), String> {
        let wanted = reference.trim().trim_start_matches('=').trim_matches(['"', '\'']);
        let name = wanted.rsplit_once(".topic.").map_or(wanted, |(_, name)| name).to_ascii_lowercase();
        let at = self.agent.names.get(&name).copied();
        let at = at.ok_or_else(|| format!("the topic {wanted} is not in the project"))?;
        let topic = self.agent.topics.get(at).map_or("", |topic| topic.name.as_str());
        let begun = self.begun.begin(self.draft, at, topic, ends);
        begun
            .map(|begins| (at, begins))
            .ok_or_else(|| format!("{wanted} is begun here as well: it is drawn too often already"))
    }

    fn draw(&mut self, due: Due) {
        let Some(topic) = self.agent.topics.get(due.at) else { return };
        topic.part.leave(
            &[
                "kind",
                "startBehavior",
                "mcs.metadata",
                "modelDisplayName",
                "conversionMetadata",
                "confirmation",
                "recognizer",
            ],
            SCREEN,
        );
        topic.part.leave(&["modelDescription", "inputType", "outputType"], SCREEN);
        if let Some(begin) = topic.begin() {
            begin.leave(&["kind", "id", "priority", "runOnce", "eventName"], SCREEN);
        }
        let Due { copy, begins, ends, at } = due;
        let scope = Scope { topic: at, copy, ends: ends.clone(), begins: begins.clone(), leaves: None };
        let actions = topic.begin().map_or(&[][..], |begin| begin.list("actions"));
        let first = self.list(actions, &scope, &ends);
        self.cards.head(copy, &begins, Card::new("decision").text("else", first));
    }

    /// The id of the card of an action.
    pub(super) fn id(&mut self, part: &Part, scope: &Scope, role: &str) -> String {
        let own = part.peek("id").filter(|id| !id.is_empty());
        let key = match own {
            Some(id) if role.is_empty() => format!("{}/id/{id}", scope.copy),
            _ => format!("{}/{}/{}/{role}", scope.copy, part.file, part.at),
        };
        let base = own.or_else(|| part.peek("kind")).unwrap_or("card");
        let wanted = if role.is_empty() { base.to_owned() } else { format!("{base}_{role}") };
        self.draft.card_id(&key, &wanted)
    }

    /// A card of an action; `role` tells several of one action apart.
    pub(super) fn put(&mut self, part: &Part, scope: &Scope, role: u32, id: &str, card: Card) {
        let title = part.text("displayName").filter(|title| role == 0 && !title.is_empty() && *title != id);
        let card = card.maybe("title", title).text("group", legal(self.topic(scope)));
        if role == 0 {
            self.source.owner(part, id);
        }
        self.cards.put(scope.copy, part, role, id, card);
    }
}

/// Whether a text within holds these words.
fn says(part: &Part, words: &str) -> bool {
    matches!(part.value(), crate::Value::Scalar(Json::Text(text)) if text.contains(words))
        || part.parts().any(|inner| says(inner, words))
}

/// Questions within.
fn questions<'s>(part: &'s Part, found: &mut Vec<&'s Part>) {
    if part.peek("kind") == Some("Question") {
        found.push(part);
    }
    part.parts().for_each(|inner| questions(inner, found));
}
