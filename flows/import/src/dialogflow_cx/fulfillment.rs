//! What a page, a route or a handler says, sets and calls: a chain of cards.

use super::conditions::{self, slot};
use super::places::{group, is_bare};
use super::{Here, Reader, TRAINING, values};
use crate::{Card, Code, Kept, Part};
use flow_model::tree::Json;

/// One step of a chain.
enum Step {
    /// A card and the ports that lead on.
    Card(String, Card, &'static [&'static str]),
    /// Cases, each with the texts that it says.
    Cases(String, Vec<(String, Vec<(String, Card)>)>),
}

/// Ids for the cards of one chain: the first may be given.
struct Ids<'a> {
    key: &'a str,
    first: Option<&'a str>,
    given: usize,
}

impl Reader<'_, '_> {
    fn next_id(&mut self, ids: &mut Ids<'_>, name: &str) -> String {
        ids.given += 1;
        match ids.first.filter(|_| ids.given == 1) {
            Some(first) => first.to_owned(),
            None => self.draft.card_id(&format!("{}#{}", ids.key, ids.given), name),
        }
    }

    /// The cards of a fulfilment, the last of which leads to `next`. Gives the first, or `next` where there is none.
    pub(super) fn chain(
        &mut self,
        here: &Here,
        part: Option<&Part>,
        key: &str,
        first: Option<&str>,
        next: &str,
    ) -> String {
        self.leads_to.insert(next.to_owned());
        let Some(part) = part.filter(|part| !is_bare(part)) else { return next.to_owned() };
        let mut ids = Ids { key, first, given: 0 };
        let mut steps: Vec<Step> = Vec::new();
        steps.extend(self.sets(here, part, &mut ids));
        let mut handed = None;
        for (at, message) in part.list("messages").iter().enumerate() {
            message.leave(&["languageCode", "responseType"], TRAINING);
            if let Some(people) = message.get("liveAgentHandoff") {
                handed = Some((format!("{key}#people{at}"), people));
            } else if let Some((text, why)) = self.said(here, message) {
                let id = self.next_id(&mut ids, &format!("{} says", here.name));
                self.source.owner(message, &id);
                steps.push(Step::Card(id, Card::new("message").text("text", text).maybe("why", why), &["next"]));
            }
        }
        for cases in part.list("conditionalCases") {
            let id = self.next_id(&mut ids, &format!("{} case", here.name));
            let rows = self.cases(here, cases, &mut ids);
            steps.push(Step::Cases(id, rows));
        }
        if let Some(webhook) = part.text("webhook").map(str::to_owned) {
            steps.extend(self.called(here, &webhook, part, &mut ids));
        }
        part.leave(&["returnPartialResponses"], super::TUNING);
        let mut to = next.to_owned();
        if let Some((key, people)) = handed {
            let metadata = people.get("metadata").unwrap_or(people);
            to = self.people(&here.flow, Some((&key, metadata, next)));
        }
        let first = self.joined(here, steps, to);
        self.source.owner(part, &first);
        first
    }

    /// Puts the steps there, each leading to the next.
    fn joined(&mut self, here: &Here, steps: Vec<Step>, mut to: String) -> String {
        for step in steps.into_iter().rev() {
            let id = match step {
                Step::Card(id, mut card, ports) => {
                    for port in ports {
                        card = card.text(port, to.as_str());
                    }
                    self.grouped(here, &id, card);
                    id
                }
                Step::Cases(id, rows) => {
                    let mut branches = Vec::new();
                    let mut otherwise = to.clone();
                    let last = rows.len();
                    for (at, (when, texts)) in rows.into_iter().enumerate() {
                        let texts = texts.into_iter().map(|(id, card)| Step::Card(id, card, &["next"])).collect();
                        let first = self.joined(here, texts, to.clone());
                        if when == "true" && at + 1 == last {
                            otherwise = first;
                        } else {
                            branches.push((when, first));
                        }
                    }
                    self.grouped(here, &id, Card::new("decision").branches(&branches).text("else", otherwise));
                    id
                }
            };
            to = id;
        }
        to
    }

    /// Puts a card into the group of its flow.
    pub(super) fn grouped(&mut self, here: &Here, id: &str, card: Card) {
        self.draft.put(id, card.text("group", group(&here.flow)));
    }

    /// A text of the agent's language, and what is kept beside it: other wordings, other languages.
    pub(super) fn said(&mut self, here: &Here, message: &Part) -> Option<(String, Option<String>)> {
        let parts = [("text", "text"), ("outputAudioText", "text"), ("outputAudioText", "ssml")];
        let texts = parts.iter().find_map(|keys| message.at(&[keys.0, keys.1]))?;
        let all: Vec<String> = match texts.as_text() {
            Some(one) => vec![one.to_owned()],
            None => texts.items().iter().filter_map(|text| text.as_text().map(str::to_owned)).collect(),
        };
        let mut all = all.into_iter().filter(|text| !text.trim().is_empty());
        let first = all.next()?;
        let why: Vec<String> = all.map(|other| format!("Or: {other}")).collect();
        let (text, odd) = values::text(self.draft, &here.flow, &first);
        if odd {
            let what = format!("a value in \"{first}\" is not known here and stands there as words");
            self.source.note(texts, Code::Approximated, what, Kept::Nothing);
        }
        Some((text, (!why.is_empty()).then(|| why.join("\n"))))
    }

    /// The texts of conditional cases.
    fn cases(&mut self, here: &Here, cases: &Part, ids: &mut Ids<'_>) -> Vec<(String, Vec<(String, Card)>)> {
        let mut rows = Vec::new();
        for case in cases.list("cases") {
            let when = match case.text("condition").map(str::to_owned) {
                Some(condition) => self.condition(here, &condition, case, ids.key),
                None => "true".to_owned(),
            };
            let mut texts = Vec::new();
            for content in case.list("caseContent") {
                let Some(message) = content.get("message") else { continue };
                message.leave(&["languageCode"], TRAINING);
                if let Some((text, why)) = self.said(here, message) {
                    let id = self.next_id(ids, &format!("{} says", here.name));
                    self.source.owner(message, &id);
                    texts.push((id, Card::new("message").text("text", text).maybe("why", why)));
                }
            }
            rows.push((when, texts));
        }
        rows
    }

    /// A condition of ours; one that cannot be said is a signal that carries its words.
    pub(super) fn condition(&mut self, here: &Here, theirs: &str, part: &Part, card: &str) -> String {
        let said = conditions::Reader { draft: self.draft, flow: &here.flow }.read(theirs);
        said.unwrap_or_else(|why| {
            let name = self.draft.undecided(theirs, "dialogflow-cx");
            let what = format!("the condition {theirs} cannot be said here ({why}): {name} stands for it");
            let place = part.get("condition").unwrap_or(part);
            let card = card.split('#').next().unwrap_or(card);
            let kept = if self.draft.has_card(card) { Kept::Card(card.to_owned()) } else { Kept::Document };
            self.source.note(place, Code::Condition, what, kept);
            name
        })
    }

    /// What is assigned, as one card.
    fn sets(&mut self, here: &Here, part: &Part, ids: &mut Ids<'_>) -> Option<Step> {
        let actions = part.list("setParameterActions");
        if actions.is_empty() {
            return None;
        }
        let id = self.next_id(ids, &format!("{} sets", here.name));
        let (mut assign, mut why): (Vec<(String, Json)>, Vec<String>) = (Vec::new(), Vec::new());
        for action in actions {
            let name = action.peek("parameter").unwrap_or("").to_owned();
            let value = action.get("value");
            let shown = value.map_or("null".to_owned(), |value| flow_model::tree::compact(&value.json()));
            let to = slot(self.draft, &here.flow, &name);
            let said = match &to {
                Some(to) => values::assigned(self.draft, &here.flow, to, value),
                None => Err(shown.clone()),
            };
            match (to, said) {
                (Some(to), Ok(said)) => {
                    action.seen(&["parameter", "value"]);
                    assign.retain(|(slot, _)| *slot != to);
                    assign.push((to, said.map_or(Json::Null, Json::Text)));
                }
                (_, said) => {
                    why.push(format!("{name} = {shown}"));
                    let odd = said.err().unwrap_or_default();
                    let what = format!("{name} is set to {odd}, which cannot be said here");
                    self.source.note(action, Code::NotUnderstood, what, Kept::Note(id.clone()));
                }
            }
        }
        let why = (!why.is_empty()).then(|| why.join("\n"));
        let card = Card::new("set").maybe("why", why).with("assign", Json::Map(assign));
        Some(Step::Card(id, card, &["next"]))
    }

    /// Only what a fulfilment sets, before `next`.
    pub(super) fn sets_alone(
        &mut self,
        here: &Here,
        part: &Part,
        key: &str,
        first: Option<&str>,
        next: &str,
    ) -> String {
        let mut ids = Ids { key, first, given: 0 };
        let steps: Vec<Step> = self.sets(here, part, &mut ids).into_iter().collect();
        self.joined(here, steps, next.to_owned())
    }

    /// A webhook's call, and what it sets.
    fn called(&mut self, here: &Here, webhook: &str, part: &Part, ids: &mut Ids<'_>) -> Vec<Step> {
        let id = self.next_id(ids, &format!("{} calls", here.name));
        let tag = part.text("tag").map(str::to_owned);
        let call = self.draft.call(webhook);
        let mut card = Card::new("action").text("call", call.as_str());
        if let Some(tag) = tag {
            card = card.with("inputs", Json::Map(vec![("tag".to_owned(), Json::text(crate::conditions::text(&tag)))]));
            if let Some(entry) = self.draft.known("calls", &call) {
                entry.set("inputs", Json::Map(vec![("tag".to_owned(), Json::text("text"))]));
            }
        }
        if let Some(to) = self.failing.clone() {
            card = card.text("error", to.as_str()).text("timeout", to);
        }
        let mut steps = vec![Step::Card(id.clone(), card, &["ok"])];
        let mapped: Vec<String> = self.mapped(webhook);
        if !mapped.is_empty() {
            let (mut outputs, mut assign) = (Vec::new(), Vec::new());
            for name in mapped {
                let Some(slot) = slot(self.draft, &here.flow, &name) else { continue };
                self.draft.wants(&slot, "text");
                outputs.retain(|(known, _)| *known != slot);
                assign.retain(|(known, _)| *known != slot);
                outputs.push((slot.clone(), Json::text("text")));
                assign.push((slot.clone(), Json::Text(format!("{id}.{slot}"))));
            }
            if let Some(entry) = self.draft.known("calls", &call) {
                entry.set("outputs", Json::Map(outputs));
            }
            let set = self.next_id(ids, &format!("{} keeps", here.name));
            steps.push(Step::Card(set, Card::new("set").with("assign", Json::Map(assign)), &["next"]));
        }
        steps
    }

    /// The parameters that a webhook's answer sets by itself.
    fn mapped(&self, webhook: &str) -> Vec<String> {
        let Some(part) = self.webhooks.get(webhook) else { return Vec::new() };
        let service = part.get("genericWebService").or_else(|| part.at(&["serviceDirectory", "genericWebService"]));
        let list = service.map_or(&[][..], |service| service.list("parameterMapping"));
        list.iter().filter_map(|mapped| mapped.peek("key").map(str::to_owned)).collect()
    }
}
