//! Variables are set: what can be said in one card, what needs a decision before it, and what is told in words.

use flow_model::tree::{Json, compact};

use super::actions::kind;
use super::fx;
use super::topics::{Build, Scope};
use crate::composer::say::{Cases, Value};
use crate::{Card, Code, Kept, Part, conditions};

/// What one assignment becomes.
enum Step {
    /// The slot and the expression; none clears it.
    Plain(String, Option<String>),
    /// Which value it is depends on conditions.
    Cases(String, Cases),
    /// It cannot be said: in words.
    Odd(String),
}

/// `init:Topic.x` is the variable `Topic.x`.
pub(super) fn path(variable: &str) -> String {
    let bare = variable.trim().trim_start_matches('=');
    bare.strip_prefix("init:").unwrap_or(bare).to_owned()
}

impl<'s> Build<'_, '_, 's> {
    /// The slot of a variable; none for what the system alone sets.
    pub(super) fn slot(&mut self, variable: &str, topic: &str) -> Option<String> {
        let path = path(variable);
        match fx::parse(&path)? {
            crate::composer::expr::Expr::Path(path) if !path.starts_with("settings.") && path.contains('.') => {
                Some(self.tongue(topic).slot(&path))
            }
            _ => None,
        }
    }

    /// Actions that set variables, one after another.
    pub(super) fn assign(&mut self, parts: &[&'s Part], scope: &Scope, next: &str) -> String {
        let (Some(first), topic) = (parts.first(), self.topic(scope)) else { return next.to_owned() };
        let id = self.id(first, scope, "");
        let (mut assign, mut words): (Vec<(String, Json)>, Vec<String>) = Default::default();
        for part in parts {
            match self.step_of(part, topic, scope) {
                Step::Plain(slot, value) => assign.push((slot, value.map_or(Json::Null, Json::Text))),
                Step::Odd(text) => words.push(text),
                Step::Cases(slot, cases) => return self.choose(part, scope, &id, &slot, &cases, next),
            }
            part.leave(&["conversationOutcome"], "figures of conversations");
        }
        self.put(first, scope, 0, &id, Card::new("set").with("assign", Json::Map(assign)).text("next", next));
        for (part, text) in parts.iter().zip(words) {
            self.cards.remark(&id, &text);
            self.tell(part, Code::Condition, &format!("{text} cannot be said here"), Kept::Note(id.clone()));
        }
        id
    }

    /// The slot that an action sets plainly; none where it does anything else.
    pub(super) fn sets_plainly(&mut self, part: &'s Part, scope: &Scope) -> Option<String> {
        if !matches!(kind(part), "SetVariable" | "SetTextVariable") || part.get("disabled").is_some() {
            return None;
        }
        let topic = self.topic(scope);
        match self.step_of(part, topic, scope) {
            Step::Plain(slot, _) => Some(slot),
            _ => None,
        }
    }

    fn step_of(&mut self, part: &'s Part, topic: &str, scope: &Scope) -> Step {
        let _ = (part.text("kind"), part.text("id"));
        let variable = part.text("variable").map_or_else(|| "a variable".to_owned(), path);
        let raw = part.get("value").map(|value| value.plain().unwrap_or_else(|| compact(&value.take())));
        let odd = || Step::Odd(format!("{variable} = {}", raw.as_deref().unwrap_or("nothing").trim_start_matches('=')));
        let Some(slot) = self.slot(&variable, topic) else { return odd() };
        if kind(part) == "SetTextVariable" {
            return match self.text(raw.as_deref().unwrap_or(""), scope) {
                (text, _) if text.contains('{') => odd(),
                (text, _) => Step::Plain(slot, Some(conditions::text(&text))),
            };
        }
        match raw.as_deref() {
            None => Step::Plain(slot, None),
            Some(raw) => self.value(slot.clone(), raw, topic).unwrap_or_else(odd),
        }
    }

    /// What a slot becomes: an expression, or words.
    fn value(&mut self, slot: String, raw: &str, topic: &str) -> Option<Step> {
        let cases = match raw.strip_prefix('=') {
            Some(_) => {
                let read = fx::parse(raw)?;
                self.tongue(topic).cases(&read)?
            }
            None => vec![("true".to_owned(), Value::of_text(raw))],
        };
        let mut tongue = self.tongue(topic);
        let kind = tongue.known.kinds.get(&slot).copied();
        let cases: Cases = cases.into_iter().map(|(guard, value)| (guard, tongue.fit(&value, kind))).collect();
        for (_, value) in &cases {
            if let Some(kind) = value.kind(tongue.known) {
                tongue.used_as(&Value::of_slot(slot.clone()), kind);
            }
        }
        match cases.as_slice() {
            [(_, value)] => match value.written().map(conditions::canonical) {
                None => Some(Step::Plain(slot, None)),
                Some(written) => Some(Step::Plain(slot, Some(written.ok()?))),
            },
            _ => Some(Step::Cases(slot, cases)),
        }
    }

    /// A decision, and a card for each value.
    fn choose(&mut self, part: &Part, scope: &Scope, id: &str, slot: &str, cases: &Cases, next: &str) -> String {
        let (mut rows, mut otherwise) = (Vec::new(), next.to_owned());
        for (at, (guard, value)) in (1..).zip(cases) {
            let set = self.id(part, scope, &format!("to_{at}"));
            let written = value.written().and_then(|written| conditions::canonical(written).ok());
            let assign = Json::Map(vec![(slot.to_owned(), written.map_or(Json::Null, Json::Text))]);
            self.put(part, scope, at, &set, Card::new("set").with("assign", assign).text("next", next));
            if guard == "true" {
                otherwise = set;
                break;
            }
            rows.push((conditions::canonical(guard).unwrap_or_else(|_| guard.clone()), set));
        }
        self.put(part, scope, 0, id, Card::new("decision").branches(&rows).text("else", otherwise));
        id.to_owned()
    }

    /// Slots that are set by expressions before something begins.
    pub(super) fn bind(&mut self, part: &Part, scope: &Scope, rows: &[(String, String)], next: &str) -> String {
        let topic = self.topic(scope);
        let (mut assign, mut words) = (Vec::new(), Vec::new());
        for (slot, raw) in rows {
            match self.value(slot.clone(), raw, topic) {
                Some(Step::Plain(slot, value)) => assign.push((slot, value.map_or(Json::Null, Json::Text))),
                _ => words.push(format!("{slot} = {}", raw.trim_start_matches('='))),
            }
        }
        let id = self.id(part, scope, "with");
        self.put(part, scope, 1, &id, Card::new("set").with("assign", Json::Map(assign)).text("next", next));
        for text in words {
            self.cards.remark(&id, &text);
            self.tell(part, Code::Condition, &format!("{text} cannot be said here"), Kept::Note(id.clone()));
        }
        id
    }
}
