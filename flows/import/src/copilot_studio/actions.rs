//! Actions become cards.

use flow_model::tree::{Json, compact};

use super::topics::{Build, Scope};
use crate::draft::legal;
use crate::{Card, Code, Kept, Part};

/// How much of what is kept in words is shown.
const SHOWN: usize = 1200;
/// How many values of an answer become slots.
const VALUES: usize = 60;
const EDGES: &str = "where topics end and begin anew, which edges say here";
const FIGURES: &str = "figures of conversations";

/// A call: its card, its name, its answers with their slots and types, and how long it may take.
struct Called {
    id: String,
    name: String,
    answers: Vec<(String, String, &'static str)>,
    limit: Option<f64>,
}

/// The kind of an action.
pub(super) fn kind(part: &Part) -> &str {
    part.peek("kind").unwrap_or("")
}

impl<'s> Build<'_, '_, 's> {
    /// Actions one after another; gives the card that the first one is. What is set one after another is one card.
    pub(super) fn list(&mut self, actions: &'s [Part], scope: &Scope, next: &str) -> String {
        let mut groups: Vec<(Vec<&'s Part>, Vec<String>)> = Vec::new();
        for part in actions {
            let slot = self.sets_plainly(part, scope);
            let aimed = part.peek("id").is_some_and(|id| self.targets.contains(id));
            match (groups.last_mut(), slot) {
                (Some((group, slots)), Some(slot)) if !slots.is_empty() && !aimed && !slots.contains(&slot) => {
                    group.push(part);
                    slots.push(slot);
                }
                (_, slot) => groups.push((vec![part], slot.into_iter().collect())),
            }
        }
        groups.into_iter().rev().fold(next.to_owned(), |next, (group, _)| match group.as_slice() {
            [only] => self.action(only, scope, &next),
            several => self.assign(several, scope, &next),
        })
    }

    /// An action that goes on at `next`; gives its card.
    fn action(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        if self.cards.is_full() {
            self.tell(part, Code::NotUnderstood, "there are more actions than can be drawn", Kept::Nothing);
            return next.to_owned();
        }
        if part.get("disabled").and_then(Part::plain).as_deref() == Some("true") {
            part.leave_rest("actions that are switched off");
            return next.to_owned();
        }
        let _ = (part.text("kind"), part.text("id"));
        part.leave(&["disabled", "conversationOutcome"], FIGURES);
        match kind(part) {
            "SendActivity" => self.message(part, scope, next),
            "Question" | "CSATQuestion" => self.ask(part, scope, next),
            "ConditionGroup" => self.decide(part, scope, next),
            "SetVariable" | "SetTextVariable" | "ResetVariable" => self.assign(&[part], scope, next),
            "BeginDialog" => self.begin(part, scope, next),
            "ReplaceDialog" => self.begin(part, scope, &scope.ends.clone()),
            "EndDialog" => self.leads(part, scope, &scope.ends.clone()),
            "CancelAllDialogs" => self.leads(part, scope, &self.main.clone()),
            "RepeatDialog" => self.leads(part, scope, &scope.begins.clone()),
            "BreakLoop" | "ContinueLoop" => self.leads(part, scope, scope.leaves.as_deref().unwrap_or(next)),
            "LogCustomTelemetryEvent" => {
                part.leave_rest("traces for developers");
                self.leads(part, scope, next)
            }
            "EndConversation" => {
                let id = self.id(part, scope, "");
                self.put(part, scope, 0, &id, Card::new("end").text("outcome", "ended"));
                id
            }
            "GotoAction" => self.goto(part, scope, next),
            "Foreach" => self.each(part, scope, next),
            "TransferConversationV2" | "TransferConversation" => self.handoff(part, scope, next),
            "HttpRequestAction" => self.request(part, scope, next),
            "SearchAndSummarizeContent" | "AnswerQuestionWithAI" => self.generated(part, scope, next),
            "OAuthInput" | "AdaptiveCardPrompt" => self.todo(part, scope, next),
            _ => self.call(part, scope, next),
        }
    }

    /// An action without a card of its own: whoever leads to it is led on.
    fn leads(&mut self, part: &'s Part, scope: &Scope, to: &str) -> String {
        part.leave_rest(EDGES);
        let id = self.id(part, scope, "");
        self.cards.put(scope.copy, part, 0, &id, Card::new("decision").text("else", to));
        id
    }

    fn message(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let said = part.get("activity").map(|activity| self.said(activity, scope)).unwrap_or_default();
        match said.texts.first() {
            Some(text) => {
                self.put(part, scope, 0, &id, Card::new("message").text("text", text).text("next", next));
                self.beside(part, &id, &said);
            }
            None => {
                self.put(part, scope, 0, &id, Card::new("message").text("text", "…").text("next", next));
                let what = "a message without a text, such as a card or a picture, is only marked here";
                self.tell(part, Code::Approximated, what, Kept::Card(id.clone()));
            }
        }
        id
    }

    fn decide(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let mut rows = Vec::new();
        for row in part.list("conditions") {
            row.leave(&["id", "displayName"], "ids and names of conditions");
            let to = self.list(row.list("actions"), scope, next);
            let when =
                row.get("condition").map_or("true".to_owned(), |when| self.when(when, topic, Kept::Card(id.clone())));
            rows.push((when, to));
        }
        let otherwise = self.list(part.list("elseActions"), scope, next);
        self.put(part, scope, 0, &id, Card::new("decision").branches(&rows).text("else", otherwise));
        id
    }

    fn begin(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let wanted = part.get("dialog").and_then(Part::plain).unwrap_or_default();
        let binding = |key: &str| part.at(&[key, "binding"]).map_or(&[][..], Part::entries);
        // What the other topic answers is set behind it.
        let mut to = next.to_owned();
        let child = wanted.rsplit_once(".topic.").map_or(wanted.as_str(), |(_, name)| name).to_owned();
        let mut answers = Vec::new();
        for (name, variable) in binding("output") {
            let from = self.draft.slot(&format!("{child}.{name}"));
            let slot = variable.plain().and_then(|variable| self.slot(&variable, topic));
            answers.extend(slot.map(|slot| (slot, Json::Text(format!("slots.{from}")))));
        }
        if !answers.is_empty() {
            let set = self.id(part, scope, "answers");
            self.put(part, scope, 2, &set, Card::new("set").with("assign", Json::Map(answers)).text("next", &to));
            to = set;
        }
        for key in ["input", "output"] {
            part.get(key).into_iter().for_each(|bound| bound.leave(&["kind"], EDGES));
        }
        match self.other(&wanted, &to) {
            Ok((_, begins)) => {
                let rows: Vec<(String, String)> = binding("input")
                    .iter()
                    .filter_map(|(name, value)| Some((self.draft.slot(&format!("{child}.{name}")), value.plain()?)))
                    .collect();
                let to = if rows.is_empty() { begins } else { self.bind(part, scope, &rows, &begins) };
                part.leave(&["displayName", "activityProcessed"], EDGES);
                self.cards.put(scope.copy, part, 0, &id, Card::new("decision").text("else", to));
            }
            Err(what) => {
                let code = if what.ends_with("project") { Code::Missing } else { Code::NotUnderstood };
                self.tell(part, code, &what, Kept::Card(id.clone()));
                self.draft.undecided.push(id.clone());
                self.put(part, scope, 0, &id, Card::new("todo").text("text", what).text("next", to));
            }
        }
        id
    }

    fn goto(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let wanted = part.get("actionId").and_then(Part::plain).unwrap_or_default();
        let there = self.agent.topics.get(scope.topic).is_some_and(|topic| has_action(topic.part, &wanted));
        if there {
            let to = self.draft.card_id(&format!("{}/id/{wanted}", scope.copy), &wanted);
            return self.leads(part, scope, &to);
        }
        let id = self.id(part, scope, "");
        let text = format!("Go on at {wanted}: there is no such action in the topic.");
        self.tell(part, Code::Missing, &text, Kept::Card(id.clone()));
        self.draft.undecided.push(id.clone());
        self.put(part, scope, 0, &id, Card::new("todo").text("text", text).text("next", next));
        id
    }

    fn each(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let items = part.get("items").and_then(Part::plain).unwrap_or_default();
        let inner = Scope { leaves: Some(next.to_owned()), ..scope.clone() };
        let to = self.list(part.list("actions"), &inner, next);
        let what = format!("what is done for each of {} is done once here", items.trim_start_matches('='));
        self.tell(part, Code::Approximated, &what, Kept::Card(to.clone()));
        part.leave(&["index", "value"], "names that loops give to what they are at");
        let id = self.id(part, scope, "");
        self.cards.put(scope.copy, part, 0, &id, Card::new("decision").text("else", to));
        id
    }

    fn todo(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let what = format!("{} has no counterpart here and is left to decide", kind(part));
        self.tell(part, Code::NotUnderstood, &what, Kept::Card(id.clone()));
        self.draft.undecided.push(id.clone());
        let words = ["title", "text", "card"].iter().filter_map(|key| part.text(key)).collect::<Vec<_>>().join("\n");
        let text = format!("{}\n{}", kind(part), words.chars().take(SHOWN).collect::<String>());
        self.put(part, scope, 0, &id, Card::new("todo").text("text", text.trim()).text("next", next));
        id
    }

    fn handoff(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let (card, context) = (self.draft.people(topic, next), self.draft.context(topic));
        let mut why = Vec::new();
        if let Some(kind) = part.get("transferType") {
            if let Some(words) = kind.get("messageToAgent").and_then(Part::plain) {
                let (summary, odd) = self.text(words.trim_start_matches('='), scope);
                if !odd && let Some(entry) = self.draft.known("contexts", &context) {
                    entry.set("summary", Json::Text(summary));
                }
                why.extend(odd.then(|| format!("To the person: {words}")));
            }
            if let Some(number) = kind.get("phoneNumber").and_then(Part::plain) {
                why.push(format!("It rings {number}."));
                self.tell(
                    part,
                    Code::Approximated,
                    "the number that is called is kept in words",
                    Kept::Note(id.clone()),
                );
            }
            kind.leave(&["kind", "context"], "what the platform hands over by itself");
        }
        let fields: Vec<String> = self.known.kinds.keys().cloned().collect();
        if let Some(map) = self.draft.known("contexts", &context).and_then(|entry| entry.at_mut(&["fields"])) {
            for slot in fields {
                map.set(&slot, Json::Map(vec![("from".to_owned(), Json::Text(format!("slots.{slot}")))]));
            }
        }
        self.put(part, scope, 0, &id, card);
        why.iter().for_each(|why| self.cards.remark(&id, why));
        let what = "whether anybody is there, and how long it takes, the platform does not say: the queue is called people here";
        self.tell(part, Code::Approximated, what, Kept::Card(id.clone()));
        id
    }

    fn request(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let method = part.text("method").unwrap_or("Get").to_ascii_uppercase();
        let url = part.get("url").and_then(Part::plain).unwrap_or_default();
        part.leave(&["headers"], "headers of requests, which may hold what is secret");
        part.leave(&["networkIsolation", "latencyMessageSettings", "responseHeaders"], "settings of requests");
        let id = self.id(part, scope, "");
        let body = part.get("body").map(|body| body.plain().unwrap_or_else(|| compact(&body.take())));
        let goes_on = part.at(&["errorHandling", "kind"]).and_then(Part::as_text) == Some("ContinueOnErrorBehavior");
        if let Some(errors) = part.get("errorHandling") {
            errors.leave_rest("variables that hold the status of a request that failed");
        }
        let failed = if goes_on { next.to_owned() } else { self.main.clone() };
        let limit = part.number("requestTimeoutInMilliseconds").map(|ms| (ms / 1000.0).clamp(1.0, 600.0));
        let variable = part.text("response").map(str::to_owned);
        let answers = variable.map_or_else(Vec::new, |to| self.answers(&to, part.get("responseSchema"), scope));
        let name = format!("{method} {}", url.trim_start_matches('='));
        let called = Called { id: id.clone(), name, answers, limit };
        self.called(part, scope, called, (next, &failed));
        if let Some(body) = body {
            self.cards.remark(&id, &format!("Body: {}", body.chars().take(SHOWN).collect::<String>()));
        }
        id
    }

    /// The values of an answer by the shape that it is said to have: names, slots and types.
    fn answers(
        &mut self,
        variable: &str,
        shape: Option<&'s Part>,
        scope: &Scope,
    ) -> Vec<(String, String, &'static str)> {
        let topic = self.topic(scope);
        let mut leaves = Vec::new();
        match shape {
            Some(shape) => collect(shape, &super::assign::path(variable), &mut leaves),
            None => leaves.push((super::assign::path(variable), "text")),
        }
        let mut found: Vec<(String, String, &'static str)> = Vec::new();
        for (path, kind) in leaves.into_iter().take(VALUES) {
            let Some(slot) = self.slot(&path, topic) else { continue };
            self.draft.wants(&slot, kind);
            let name = legal(path.split_once('.').map_or(path.as_str(), |(_, rest)| rest));
            if !found.iter().any(|(there, ..)| *there == name) {
                found.push((name, slot, kind));
            }
        }
        found
    }

    /// The card of a call, and what keeps its answers.
    fn called(&mut self, part: &'s Part, scope: &Scope, called: Called, (next, failed): (&str, &str)) {
        let Called { id, name, answers, limit } = called;
        let (id, call) = (id.as_str(), self.draft.call(&name));
        let mut to = next.to_owned();
        if !answers.is_empty() {
            to = self.id(part, scope, "answers");
            let row = |(name, slot, _): &(String, String, &str)| (slot.clone(), Json::Text(format!("{id}.{name}")));
            let assign = Json::Map(answers.iter().map(row).collect());
            self.put(part, scope, 1, &to, Card::new("set").with("assign", assign).text("next", next));
            if let Some(entry) = self.draft.known("calls", &call) {
                let mut outputs = entry.get("outputs").cloned().unwrap_or_else(Json::map);
                answers.iter().for_each(|(name, _, kind)| outputs.set(name, Json::text(*kind)));
                entry.set("outputs", outputs);
            }
        }
        let mut card = Card::new("action").text("call", &call);
        if let Some(limit) = limit {
            card = card.with("time_limit", Json::Number(flow_model::tree::Number::from_text(&format!("{limit:.0}"))));
        }
        self.put(part, scope, 0, id, card.text("ok", &to).text("error", failed).text("timeout", failed));
    }

    /// What the platform does by itself: a call of its kind.
    fn call(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let named = ["operationId", "flowId", "aIModelId", "connectionReference", "changeType"];
        let named: Vec<&str> = named.iter().filter_map(|key| part.text(key)).collect();
        let kind = if kind(part).is_empty() { "action" } else { kind(part) };
        let name = [vec![kind], named].concat().join(" ");
        let mut answers = Vec::new();
        if kind == "ParseValue" {
            let variable = part.text("variable").unwrap_or("").to_owned();
            answers = self.answers(&variable, part.get("valueType"), scope);
        } else if kind != "EditTable" {
            for key in ["variable", "result"] {
                if let Some(variable) = part.text(key).map(str::to_owned) {
                    answers.extend(self.answers(&variable, None, scope));
                }
            }
        }
        if let Some(output) = part.get("output") {
            output.leave(&["kind"], EDGES);
            let single = output.text("variable").map(|variable| ("answer".to_owned(), variable.to_owned()));
            let bound = output.get("binding").map_or(&[][..], Part::entries).iter();
            let bound = bound.filter_map(|(name, variable)| Some((name.clone(), variable.plain()?)));
            for (name, variable) in single.into_iter().chain(bound).take(VALUES) {
                if let Some(slot) = self.slot(&variable, topic) {
                    self.draft.wants(&slot, "text");
                    answers.push((legal(&name), slot, "text"));
                }
            }
        }
        answers.dedup_by(|one, other| one.0 == other.0);
        self.called(part, scope, Called { id: id.clone(), name, answers, limit: None }, (next, next));
        id
    }

    /// An answer that a model writes is said.
    fn generated(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let variable = part.text("variable").unwrap_or("Topic.Answer").to_owned();
        let quiet = part.get("autoSend").and_then(Part::plain).as_deref() == Some("false");
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let mut to = next.to_owned();
        if let Some(slot) = self.slot(&variable, topic).filter(|_| !quiet) {
            to = self.id(part, scope, "said");
            let text = format!("{{slots.{slot}|…}}");
            self.put(part, scope, 4, &to, Card::new("message").text("text", text).text("next", next));
        }
        let answers = self.answers(&variable, None, scope);
        let called = Called { id: id.clone(), name: kind(part).to_owned(), answers, limit: None };
        self.called(part, scope, called, (&to, next));
        let what = "a model writes the answer from what it knows; here a call gives it";
        self.tell(part, Code::Approximated, what, Kept::Card(id.clone()));
        id
    }
}

/// The values within a record: their paths and types.
fn collect(shape: &Part, path: &str, found: &mut Vec<(String, &'static str)>) {
    if found.len() >= VALUES {
        return;
    }
    let word = shape.plain().or_else(|| shape.peek("kind").map(str::to_owned));
    match shape.get("properties") {
        Some(properties) => {
            shape.seen(&["kind"]);
            for (name, inner) in properties.entries() {
                // `name: String`, or `name: {type: String}`.
                let inner = inner.get("type").unwrap_or(inner);
                collect(inner, &format!("{path}.{name}"), found);
            }
        }
        None => found.push((
            path.to_owned(),
            match word.as_deref() {
                Some("Number") => "number",
                Some("Boolean") => "bool",
                _ => "text",
            },
        )),
    }
}

/// The ids that actions within lead to.
pub(super) fn targets<'s>(part: &'s Part, found: &mut std::collections::BTreeSet<&'s str>) {
    found.extend(part.peek("actionId").filter(|_| kind(part) == "GotoAction"));
    part.parts().for_each(|inner| targets(inner, found));
}

/// Whether an action of this id is within.
fn has_action(part: &Part, id: &str) -> bool {
    (part.peek("id") == Some(id) && part.peek("kind").is_some()) || part.parts().any(|inner| has_action(inner, id))
}
