//! Flows, and what starts each of them.

use std::collections::BTreeSet;

use flow_model::tree::Json;
use indexmap::IndexMap;

use crate::cards::{Begun, Cards, Due, trigger_within};
use crate::rasa::domain::Domain;
use crate::rasa::say;
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// What flows are called that Rasa runs by itself.
const PATTERN: &str = "pattern_";
/// What asks for a person.
pub(super) const HANDOFF: &str = "pattern_human_handoff";
/// What follows every flow.
const COMPLETED: &str = "pattern_completed";

/// Where a step stands.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    pub(super) copy: u32,
    /// The name of its flow, and the flow.
    pub(super) flow: String,
    pub(super) part: &'s Part,
    /// Where it goes on when the flow ends; what it collected is forgotten on the way.
    pub(super) ends: String,
    /// Where another flow goes on that takes over from this one.
    pub(super) over: String,
    /// Whether another flow called it: that one forgets for both when it ends.
    pub(super) called: bool,
}

/// The flow of a project in the making.
pub(super) struct Build<'a, 'p, 's> {
    pub(super) source: &'a Source<'p>,
    pub(super) draft: &'a mut Draft,
    pub(super) domain: &'a Domain<'s>,
    pub(super) flows: IndexMap<String, &'s Part>,
    pub(super) cards: Cards,
    pub(super) begun: Begun,
    pub(super) main: String,
    /// What follows a flow that has ended.
    completed: String,
    /// Questions.
    pub(super) asked: Vec<String>,
    told: BTreeSet<(u32, u32, String)>,
}

impl<'a, 'p, 's> Build<'a, 'p, 's> {
    pub(super) fn new(
        source: &'a Source<'p>,
        draft: &'a mut Draft,
        domain: &'a Domain<'s>,
        files: &[&'s Part],
    ) -> Self {
        let mut flows: IndexMap<String, &Part> = IndexMap::new();
        for (name, part) in files.iter().filter_map(|file| file.get("flows")).flat_map(Part::entries) {
            if flows.contains_key(name) {
                let what = format!("there is a second flow {name}, which is left out");
                source.note(part, Code::NotUnderstood, what, Kept::Nothing);
            } else {
                flows.insert(name.clone(), part);
            }
        }
        // Each flow comes twice: as it is begun, and as it is called.
        let (begun, main) = (Begun::new(2 * flows.len()), draft.card_id("\u{1}main", "main"));
        let (cards, completed) = (Cards::default(), main.clone());
        Self { source, draft, domain, flows, cards, begun, main, completed, asked: Vec::new(), told: BTreeSet::new() }
    }

    /// Tells something of a part, however often it becomes a card.
    pub(super) fn tell(&mut self, part: &Part, code: Code, what: &str, kept: Kept) {
        if self.told.insert((part.file, part.at, what.to_owned())) {
            self.source.note(part, code, what, kept);
        }
    }

    /// A condition as ours; one that cannot be said becomes a signal with its text, and is told.
    pub(super) fn when(&mut self, part: &Part, kept: Kept) -> String {
        let text = part.plain().unwrap_or_default();
        match super::conditions::read(self.draft, self.domain, &text) {
            Ok(said) => said,
            Err(why) => {
                self.tell(part, Code::Condition, &format!("the condition {text} cannot be said here: {why}"), kept);
                self.draft.undecided(&text, "rasa-calm")
            }
        }
    }

    /// Everything.
    pub(super) fn all(mut self) {
        let main = self.main.clone();
        let route = self.draft.card_id("\u{1}route", "route");
        let start = self.draft.card_id("\u{1}start", "start");
        if let Some(completed) = self.begin(COMPLETED, &main) {
            self.completed = completed;
        }
        let first = self.begin("pattern_session_start", &main).unwrap_or_else(|| main.clone());
        let first = say::initial(self.draft, self.domain, &first);
        self.draft.put(&start, Card::new("start").text("next", first));
        let heard = say::every_turn(self.draft, self.domain, &route);
        let rows = self.rows();
        let otherwise = self.begin("pattern_cannot_handle", &main).unwrap_or_else(|| main.clone());
        self.draft.put(&main, Card::new("listen").with("branches", Json::List(Vec::new())).text("else", &heard));
        self.draft.put(&route, Card::new("decision").branches(&rows).text("else", otherwise));
        self.patterns();
        while let Some(due) = self.begun.due() {
            self.draw(due);
        }
        self.idle();
        std::mem::take(&mut self.cards).settle(self.draft);
        // A flow is started at questions of another one, too.
        for (at, (when, to)) in rows.iter().enumerate() {
            trigger_within(self.draft, &format!("heard_{at}"), None, when, to, &self.asked);
        }
    }

    /// The card by which a flow is entered that goes on at `ends`; none where there is no such flow.
    pub(super) fn begin(&mut self, name: &str, ends: &str) -> Option<String> {
        let at = self.flows.get_index_of(name)?;
        self.begun.begin(self.draft, at, name, ends)
    }

    /// The card by which a flow is called that comes back to `ends`; none where there is no such flow.
    pub(super) fn call(&mut self, name: &str, ends: &str) -> Option<String> {
        let at = self.flows.get_index_of(name)? + self.flows.len();
        self.begun.begin(self.draft, at, name, ends)
    }

    fn is_begun(&self, at: usize) -> bool {
        self.begun.is_begun(at) || self.begun.is_begun(at + self.flows.len())
    }

    /// Flows that nothing starts are kept with the document, and told.
    fn idle(&mut self) {
        let named: Vec<(String, &Part)> = self.flows.iter().map(|(name, part)| (name.clone(), *part)).collect();
        for (at, (name, part)) in named.into_iter().enumerate() {
            if !self.is_begun(at) {
                let what = format!("nothing starts the flow {name}: it is not drawn");
                self.tell(part, Code::Approximated, &what, Kept::Document);
            }
        }
    }

    /// What starts each flow.
    fn rows(&mut self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let named: Vec<(String, &Part)> = self.flows.iter().map(|(name, part)| (name.clone(), *part)).collect();
        for (name, part) in named.iter().filter(|(name, _)| !name.starts_with(PATTERN)) {
            let guard = part.get("if").map(|guard| self.when(guard, Kept::Document));
            if guard.as_deref() == Some("false") {
                continue;
            }
            let heard = self.heard(name, part);
            let ends = if part.flag("run_pattern_completed") == Some(false) { &self.main } else { &self.completed };
            let Some(to) = self.begin(name, &ends.clone()) else { continue };
            for when in heard {
                let whole = conditions::all(&[vec![when], guard.clone().into_iter().collect()].concat());
                rows.push((conditions::canonical(&whole).unwrap_or(whole), to.clone()));
            }
        }
        rows
    }

    /// The intents that start a flow.
    fn heard(&mut self, name: &str, part: &Part) -> Vec<String> {
        let mut found = Vec::new();
        for trigger in part.list("nlu_trigger") {
            let Some(intent) = trigger.get("intent") else { continue };
            let Some(said) = intent.text("name").or_else(|| intent.as_text()) else { continue };
            let mut when = match said {
                "nlu_fallback" => "intent == \"none\"".to_owned(),
                _ => format!("intent == {}", conditions::text(&self.draft.intent(said))),
            };
            let least =
                intent.get("confidence_threshold").and_then(Part::plain).and_then(|text| conditions::number(&text));
            if let Some(least) = least.filter(|least| least != "0" && said != "nlu_fallback") {
                when = format!("{when} && confidence >= {least}");
            }
            found.push(when);
        }
        if found.is_empty() {
            let intent = self.draft.intent(name);
            let words = part.text("description").or_else(|| part.text("name")).unwrap_or(name).to_owned();
            self.draft.remark("intents", &intent, &words);
            let what = format!(
                "the model starts {name} by its description; here an intent of that name does: give it examples"
            );
            self.tell(part, Code::Approximated, &what, Kept::Document);
            found.push(format!("intent == {}", conditions::text(&intent)));
        }
        found
    }

    /// Patterns of the project that Rasa runs by itself become triggers that wait for a signal.
    fn patterns(&mut self) {
        let named: Vec<(String, &Part)> = self.flows.iter().map(|(name, part)| (name.clone(), *part)).collect();
        for (at, (name, part)) in named.iter().enumerate().filter(|(_, (name, _))| name.starts_with(PATTERN)) {
            if self.is_begun(at) {
                continue;
            }
            let main = self.main.clone();
            let Some(to) = self.begin(name, &main) else { continue };
            let signal = self.draft.undecided(name, "rasa-calm");
            let what =
                format!("Rasa runs {name} by itself; here it waits for the signal {signal}: decide what it becomes");
            self.tell(part, Code::Approximated, &what, Kept::Document);
            let title = part.peek("description").unwrap_or(name).to_owned();
            self.draft.declare(
                "triggers",
                name,
                crate::draft::entry(&[("title", &title), ("when", &signal), ("to", &to)]),
            );
        }
    }

    fn draw(&mut self, due: Due) {
        let (at, called) = match due.at.checked_sub(self.flows.len()) {
            Some(at) => (at, true),
            None => (due.at, false),
        };
        let Some((name, part)) = self.flows.get_index(at).map(|(name, part)| (name.clone(), *part)) else { return };
        let reason = "settings of flows for the model and for the screen of the other tool";
        part.leave(&["name", "always_include_in_prompt", "run_pattern_completed", "metadata", "translation"], reason);
        part.leave(&["description"], reason);
        let ends = if called { due.ends.clone() } else { self.forgets(&name, part, &due) };
        let scope = Scope { copy: due.copy, flow: name, part, ends: ends.clone(), over: due.ends, called };
        let first = self.steps(part.list("steps"), &scope, &ends);
        self.cards.head(due.copy, &due.begins, Card::new("decision").text("else", first));
    }

    /// What a flow collected is forgotten when it ends, unless it says otherwise.
    fn forgets(&mut self, name: &str, part: &Part, due: &Due) -> String {
        let Some(assign) = self.forgotten(part) else { return due.ends.clone() };
        let id = self.draft.card_id(&format!("{}/ends", due.copy), &format!("{name}_ends"));
        let card = Card::new("set").text("group", crate::draft::legal(name)).with("assign", assign);
        self.cards.put(due.copy, part, 9, &id, card.text("next", &due.ends));
        id
    }

    /// The slots that a flow forgets with all that it calls, each as it was at the beginning; none where it forgets nothing.
    pub(super) fn forgotten(&mut self, flow: &Part) -> Option<Json> {
        let (mut flows, mut at) = (vec![flow], 0);
        while let Some(flow) = flows.get(at).copied() {
            at += 1;
            let mut names = Vec::new();
            calls(flow, &mut names);
            for called in names.iter().filter_map(|name| self.flows.get(*name).copied()) {
                if flows.iter().all(|known| (known.file, known.at) != (called.file, called.at)) {
                    flows.push(called);
                }
            }
        }
        let persisted = flows.iter().flat_map(|flow| flow.list("persisted_slots")).filter_map(Part::as_text);
        let mut kept: BTreeSet<&str> = persisted.collect();
        let mut slots = Vec::new();
        flows.iter().for_each(|flow| collected(flow, &mut slots, &mut kept));
        let wanted = slots.into_iter().filter(|slot| !kept.contains(slot));
        let ids: BTreeSet<String> = wanted.map(|slot| self.slot(slot)).collect();
        let first = |slot: &String| self.domain.initial.iter().find(|(id, _)| id == slot).map(|(_, value)| value);
        let row = |slot: String| (first(&slot).map_or(Json::Null, Json::text), slot);
        (!ids.is_empty()).then(|| Json::Map(ids.into_iter().map(row).map(|(value, slot)| (slot, value)).collect()))
    }

    pub(super) fn slot(&mut self, name: &str) -> String {
        self.domain.slots.get(name).map_or_else(|| self.draft.slot(name), |(id, _)| id.clone())
    }
}

/// The slots that steps within ask for or set and forget, and those that they keep.
fn collected<'s>(part: &'s Part, found: &mut Vec<&'s str>, kept: &mut BTreeSet<&'s str>) {
    if let Some(slot) = part.peek("collect") {
        if part.flag("reset_after_flow_ends") == Some(false) {
            kept.insert(slot);
        } else {
            found.push(slot);
        }
    }
    if let Some(slots) = part.get("set_slots") {
        let maps = slots.items().iter().chain([slots]);
        found.extend(maps.flat_map(Part::entries).map(|(name, _)| name.as_str()));
    }
    part.parts().for_each(|inner| collected(inner, found, kept));
}

/// The flows that steps within call.
fn calls<'s>(part: &'s Part, found: &mut Vec<&'s str>) {
    found.extend(part.peek("call"));
    part.parts().for_each(|inner| calls(inner, found));
}
