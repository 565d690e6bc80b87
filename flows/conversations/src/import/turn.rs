//! A row as what happened: one or more elements of `turns`.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, Number};

use super::columns::{Cells, Wanted};
use super::draft::{Draft, value_note};
use super::fields;
use super::mapping::{Mapping, Means, WhatCall};
use super::report::Note;
use super::role::Role;
use super::rows;

type Entries = Vec<(String, Json)>;

/// What a row became.
pub enum Became {
    /// Something that happened.
    Happened,
    /// Left out by the mapping, under this name.
    Skipped(String),
    /// Not understood; a note was given.
    Reported,
}

/// A row of a draft that is being turned.
pub struct Turning<'r, 'm> {
    /// The mapping.
    pub mapping: &'m Mapping,
    /// The row's values.
    pub cells: Cells<'r>,
    /// The row's line.
    pub line: u64,
    /// Seconds from the start.
    pub t: Option<Json>,
    /// What was not understood.
    pub notes: Vec<Note>,
}

impl Turning<'_, '_> {
    /// What the row is.
    pub fn means(&self) -> (Means, String) {
        let value = self.cells.text(&Role::Who);
        let key = value.as_deref().unwrap_or("").trim();
        let who = &self.mapping.who;
        let found =
            who.get(key).or_else(|| who.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, means)| means));
        (found.copied().unwrap_or(self.mapping.others), key.to_owned())
    }

    /// Adds what happened to the draft.
    pub fn turn(&mut self, draft: &mut Draft) -> Became {
        let (means, key) = self.means();
        let before = draft.turns.len();
        match means {
            Means::Skip => return Became::Skipped(key),
            Means::Report => return self.unknown(&key),
            Means::User => self.user(draft),
            Means::Bot => self.said("bot", draft),
            Means::Agent => self.said("agent", draft),
            Means::Call => {
                if let Some(skipped) = self.call(draft) {
                    return Became::Skipped(skipped);
                }
            }
            Means::Result if std::mem::take(&mut draft.passed) => return Became::Skipped(key),
            Means::Result => self.result(draft),
            Means::Request => self.event(draft, "handoff", "sent", &["ref"]),
            Means::Failed => self.event(draft, "handoff", "failed", &[]),
            Means::Accepted => self.event(draft, "agent", "accepted", &["name"]),
            Means::Declined => self.event(draft, "agent", "declined", &["name"]),
            Means::Resumed => self.person(draft, "resumed"),
            Means::Resolved => self.person(draft, "resolved"),
            Means::Escalated => self.person(draft, "escalated"),
            Means::Left => self.event(draft, "customer", "left", &[]),
            Means::Queue => self.queue(draft),
            Means::Clock => self.clock(draft),
            // The assembler has begun another conversation; words of the row still count.
            Means::Begin => {
                if self.cells.get(&Role::Text).is_some() {
                    self.user(draft);
                }
            }
        }
        self.beside(draft);
        if draft.turns.len() == before && means != Means::Begin && means != Means::Result {
            return Became::Reported;
        }
        Became::Happened
    }

    fn unknown(&mut self, key: &str) -> Became {
        let (what, why) = if key.is_empty() {
            ("a row".to_owned(), "it does not say who speaks; \"others\" of the mapping can say what such rows are")
        } else {
            (format!("who: {key}"), "the mapping does not say what it is, so the row is left out")
        };
        self.notes.push(Note::new(self.line, what, why));
        Became::Reported
    }

    /// What a row may say beside its own event: answers and a request.
    fn beside(&mut self, draft: &mut Draft) {
        for (role, who) in [(Role::BotReply, "bot"), (Role::AgentReply, "agent")] {
            if let Some(text) = self.cells.text(&role) {
                let map = vec![("who".to_owned(), Json::text(who)), ("text".to_owned(), Json::Text(text))];
                self.push(draft, map);
            }
        }
        if let Some((wanted, value)) = self.cells.get(&Role::Request) {
            match fields::truth(value) {
                Some(true) => self.event(draft, "handoff", "sent", &["ref"]),
                Some(false) => {}
                None => self.notes.push(value_note(self.line, &wanted.from, value, "is neither true nor false")),
            }
        }
    }

    fn push(&mut self, draft: &mut Draft, mut map: Entries) {
        map.extend(self.t.clone().map(|t| ("t".to_owned(), t)));
        // What a tree of it takes in memory, about: text is the smaller part.
        draft.bytes += 160 + map.iter().map(|(k, v)| 96 + k.len() + v.as_text().map_or(32, str::len)).sum::<usize>();
        draft.turns.push(Json::Map(map));
    }

    fn user(&mut self, draft: &mut Draft) {
        let mut map: Entries = vec![("who".to_owned(), Json::text("user"))];
        map.extend(self.cells.text(&Role::Text).map(|text| ("text".to_owned(), Json::Text(text))));
        let cells: Vec<(&Wanted, &Json)> = self.cells.filled().collect();
        for (wanted, value) in &cells {
            if let Role::Turn(key) = wanted.role
                && map.iter().all(|(known, _)| known != key)
                && let Some(value) = self.key(key, wanted, value)
            {
                map.push((key.to_owned(), value));
            }
        }
        for (group, entries) in [("entities", self.entities(&cells)), ("signals", self.signals(&cells))] {
            if !entries.is_empty() {
                map.push((group.to_owned(), Json::Map(entries)));
            }
        }
        self.extras(&mut map);
        if map.len() == 1 {
            self.notes.push(Note::new(
                self.line,
                "a customer's row",
                "it has neither words nor an intent, so it is left out",
            ));
            return;
        }
        self.push(draft, map);
    }

    fn extras(&self, map: &mut Entries) {
        for (wanted, value) in self.cells.filled() {
            if let Role::Extra(name) = &wanted.role {
                map.push((format!("x_{name}"), value.clone()));
            }
        }
    }

    fn key(&mut self, key: &str, wanted: &Wanted, value: &Json) -> Option<Json> {
        use super::mapping::Kept::Percent;
        if *value == Json::Null {
            return Some(Json::Null);
        }
        let percent = wanted.kept == Percent;
        let read = match key {
            "confidence" | "frustration" => within(fields::number(value, percent), 0),
            "sentiment" => within(fields::sentiment(value, percent), -1),
            "intent" => {
                let name = rows::shown(value).trim().to_owned();
                let name = self.mapping.intents.get(&name).cloned().unwrap_or(name);
                return (!name.is_empty()).then_some(Json::Text(name));
            }
            "alternatives" => {
                let found = alternatives(value, self.mapping);
                if found.is_none() {
                    self.notes.push(value_note(
                        self.line,
                        &wanted.from,
                        value,
                        "is no list of intents with confidences",
                    ));
                }
                return found;
            }
            _ => return Some(Json::text(rows::shown(value))),
        };
        if read.is_none() {
            let why = if key == "sentiment" { "is no number from -1 to 1" } else { "is no number from 0 to 1" };
            self.notes.push(value_note(self.line, &wanted.from, value, why));
        }
        read.map(|number| Json::Number(Number::from(number)))
    }

    fn entities(&mut self, cells: &[(&Wanted, &Json)]) -> Entries {
        let mut found = Entries::new();
        for (wanted, value) in cells {
            match &wanted.role {
                Role::Entities(None) => self.group(&mut found, wanted, value, "is no list of names with values"),
                Role::Entities(Some(name)) => self.one(&mut found, name, wanted, value),
                _ => {}
            }
        }
        found
    }

    fn signals(&mut self, cells: &[(&Wanted, &Json)]) -> Entries {
        let mut found = Entries::new();
        for (wanted, value) in cells {
            match &wanted.role {
                Role::Signals(None) => self.group(&mut found, wanted, value, "is no object"),
                Role::Signals(Some(name)) => self.one(&mut found, name, wanted, value),
                _ => {}
            }
        }
        found
    }

    fn one(&mut self, into: &mut Entries, name: &str, wanted: &Wanted, value: &Json) {
        match fields::kept(value, wanted.kept) {
            Some(kept) if into.iter().all(|(known, _)| known != name) => into.push((name.to_owned(), kept)),
            Some(_) => {}
            None => {
                self.notes.push(value_note(self.line, &wanted.from, value, "is not of the kind that \"as\" asks for"))
            }
        }
    }

    fn group(&mut self, into: &mut Entries, wanted: &Wanted, value: &Json, why: &str) {
        match fields::named(value) {
            Some(entries) => {
                for (name, value) in entries {
                    if into.iter().all(|(known, _)| *known != name) {
                        into.push((name, value));
                    }
                }
            }
            None => self.notes.push(value_note(self.line, &wanted.from, value, why)),
        }
    }

    fn said(&mut self, who: &str, draft: &mut Draft) {
        let Some(text) = self.cells.text(&Role::Text) else {
            self.notes.push(Note::new(self.line, format!("a row of the {who}"), "it has no words, so it is left out"));
            return;
        };
        let mut map = vec![("who".to_owned(), Json::text(who)), ("text".to_owned(), Json::Text(text))];
        map.extend(self.cells.text(&Role::Event("name")).map(|name| ("name".to_owned(), Json::Text(name))));
        self.extras(&mut map);
        self.push(draft, map);
    }

    /// A call; the name of one that is left out.
    fn call(&mut self, draft: &mut Draft) -> Option<String> {
        let Some(name) = self.cells.text(&Role::Call) else {
            self.notes.push(Note::new(self.line, "a call", "it has no name, so it is left out"));
            return None;
        };
        let what = self.mapping.call(&name);
        match what {
            WhatCall::Skip => {
                draft.passed = true;
                draft.call = None;
                return Some(name);
            }
            WhatCall::Bot => {
                let text = self.cells.text(&Role::Text).unwrap_or(name);
                self.push(draft, vec![("who".to_owned(), Json::text("bot")), ("text".to_owned(), Json::Text(text))]);
                return None;
            }
            WhatCall::Call | WhatCall::Request => {}
        }
        let mut map: Entries = vec![("action".to_owned(), Json::Text(name))];
        self.status(&mut map);
        let data = self.data();
        if !data.is_empty() {
            map.push(("data".to_owned(), Json::Map(data)));
        }
        map.extend(self.cells.get(&Role::Inputs).map(|(_, value)| ("inputs".to_owned(), parsed(value))));
        self.extras(&mut map);
        draft.call = Some(draft.turns.len());
        draft.passed = false;
        self.push(draft, map);
        if what == WhatCall::Request {
            self.event(draft, "handoff", "sent", &["ref"]);
        }
        None
    }

    fn status(&mut self, map: &mut Entries) {
        if let Some((wanted, value)) = self.cells.get(&Role::Event("status")) {
            let status = match rows::shown(value).to_lowercase().as_str() {
                "ok" | "success" | "successful" | "succeeded" | "200" | "true" => Some("ok"),
                "error" | "failed" | "failure" | "false" => Some("error"),
                "timeout" | "timed out" | "timedout" => Some("timeout"),
                _ => None,
            };
            match status {
                Some(status) => map.push(("status".to_owned(), Json::text(status))),
                None => self.notes.push(value_note(self.line, &wanted.from, value, "is none of ok, error, timeout")),
            }
        }
        for key in ["code", "message"] {
            let found = self.cells.text(&Role::Event(key));
            map.extend(found.map(|text| (key.to_owned(), Json::Text(text))));
        }
    }

    fn data(&mut self) -> Entries {
        let mut found = Entries::new();
        let cells: Vec<(&Wanted, &Json)> = self.cells.filled().collect();
        for (wanted, value) in cells {
            match &wanted.role {
                Role::Data(None) => match parsed(value) {
                    Json::Map(map) => {
                        found.extend(map.into_iter().filter(|(_, v)| !matches!(v, Json::List(_) | Json::Map(_))))
                    }
                    other => found.push(("result".to_owned(), other)),
                },
                Role::Data(Some(name)) => self.one(&mut found, name, wanted, value),
                _ => {}
            }
        }
        found
    }

    /// The result of the call before: its data or its error. A result without a call says nothing that acts.
    fn result(&mut self, draft: &mut Draft) {
        let text = self.cells.text(&Role::Text).unwrap_or_default();
        let call = draft.call.take().and_then(|at| draft.turns.get_mut(at));
        let Some(Json::Map(call)) = call else {
            self.notes.push(Note::new(
                self.line,
                format!("a result: {text}"),
                "there is no call before it, so it is left out",
            ));
            return;
        };
        let has = |key: &str, map: &Entries| map.iter().any(|(known, _)| known == key);
        let lower = text.trim_start().to_lowercase();
        if lower.starts_with("error") && !has("status", call) {
            call.insert(1, ("status".to_owned(), Json::text("error")));
            call.insert(2, ("message".to_owned(), Json::Text(text)));
            return;
        }
        if has("data", call) || text.is_empty() {
            return;
        }
        let at = usize::from(has("status", call)) + 1;
        let value = parsed(&Json::Text(text));
        let scalars: Entries = match value {
            Json::Map(map) => map.into_iter().filter(|(_, v)| !matches!(v, Json::List(_) | Json::Map(_))).collect(),
            other => vec![("result".to_owned(), Json::text(rows::shown(&other)))],
        };
        if !scalars.is_empty() {
            call.insert(at, ("data".to_owned(), Json::Map(scalars)));
        }
    }

    fn event(&mut self, draft: &mut Draft, key: &str, what: &str, with: &[&'static str]) {
        let mut map = vec![(key.to_owned(), Json::text(what))];
        for name in with {
            let found = self.cells.text(&Role::Event(name));
            map.extend(found.map(|text| ((*name).to_owned(), Json::Text(text))));
        }
        self.extras(&mut map);
        self.push(draft, map);
    }

    fn person(&mut self, draft: &mut Draft, verb: &str) {
        let mut map = vec![("agent".to_owned(), Json::text(verb))];
        for name in ["name", "note", "outcome"] {
            let found = self.cells.text(&Role::Event(name));
            map.extend(found.map(|text| (name.to_owned(), Json::Text(text))));
        }
        let cells: Vec<(&Wanted, &Json)> = self.cells.filled().collect();
        let mut slots = Entries::new();
        for (wanted, value) in cells {
            match &wanted.role {
                Role::Slots(None) => self.group(&mut slots, wanted, value, "is no object"),
                Role::Slots(Some(name)) => self.one(&mut slots, name, wanted, value),
                _ => {}
            }
        }
        if !slots.is_empty() {
            map.push(("slots".to_owned(), Json::Map(slots)));
        }
        self.extras(&mut map);
        self.push(draft, map);
    }

    fn queue(&mut self, draft: &mut Draft) {
        let Some(tier) = self.cells.text(&Role::Event("queue")) else {
            self.notes.push(Note::new(self.line, "news of a queue", "no column says which tier, so it is left out"));
            return;
        };
        let mut map = vec![("queue".to_owned(), Json::Text(tier))];
        for key in ["wait", "available", "position"] {
            if let Some((wanted, value)) = self.cells.get(&Role::Event(key)) {
                match fields::number(value, false) {
                    Some(number) => map.push((key.to_owned(), Json::Number(Number::from(number)))),
                    None => self.notes.push(value_note(self.line, &wanted.from, value, "is no number")),
                }
            }
        }
        if let Some((wanted, value)) = self.cells.get(&Role::Event("open")) {
            match fields::truth(value) {
                Some(open) => map.push(("open".to_owned(), Json::Bool(open))),
                None => self.notes.push(value_note(self.line, &wanted.from, value, "is neither true nor false")),
            }
        }
        map.extend(self.cells.text(&Role::Event("opens_at")).map(|text| ("opens_at".to_owned(), Json::Text(text))));
        self.push(draft, map);
    }

    fn clock(&mut self, draft: &mut Draft) {
        let found = self.cells.get(&Role::Event("clock"));
        match found.and_then(|(_, value)| fields::number(value, false)).filter(|n| *n >= Decimal::ZERO) {
            Some(seconds) => self.push(draft, vec![("clock".to_owned(), Json::Number(Number::from(seconds)))]),
            None => self.notes.push(Note::new(
                self.line,
                "time that passes",
                "it has no number of seconds, so it is left out",
            )),
        }
    }
}

/// Other intents: objects with a name and a confidence, of which nothing else is kept.
fn alternatives(value: &Json, mapping: &Mapping) -> Option<Json> {
    let Json::List(items) = value else { return None };
    let one = |item: &Json| {
        let name = ["intent", "name"].iter().find_map(|key| item.get(key)?.as_text())?;
        let name = mapping.intents.get(name).map_or(name, String::as_str);
        let mut map = vec![("intent".to_owned(), Json::text(name))];
        let confidence = item.get("confidence").and_then(|c| within(fields::number(c, false), 0));
        map.extend(confidence.map(|number| ("confidence".to_owned(), Json::Number(Number::from(number)))));
        Some(Json::Map(map))
    };
    items.iter().map(one).collect::<Option<Vec<_>>>().map(Json::List)
}

/// A number from `least` to 1.
fn within(number: Option<Decimal>, least: i64) -> Option<Decimal> {
    number.filter(|n| (Decimal::from_i64(least)..=Decimal::from_i64(1)).contains(n))
}

/// The JSON that a text holds, or the value itself.
fn parsed(value: &Json) -> Json {
    if let Json::Text(text) = value
        && text.trim_start().starts_with(['{', '['])
    {
        let reading = flow_model::tree::read(text);
        if let (true, Some(json)) = (reading.is_json(), reading.json) {
            return json;
        }
    }
    value.clone()
}
