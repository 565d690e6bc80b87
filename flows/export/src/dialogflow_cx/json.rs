//! The pieces of an exported agent: file names, ids, messages, routes, pages.
//!
//! What must stay true: only keys that were seen in exported agents are written, since Restore refuses others; every id
//! is made of the place that it stands for.

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Of the ids of everything that an export writes.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f0c_6c2e_3c58_4c0b_9d3e_5f1b_6e1a_77c4);

/// A file's name: every character but ASCII letters, digits, space, `.`, `_` and `-` as its bytes in lower-case hex.
pub fn file(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if as_it_is(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02x}")));
        }
    }
    out
}

fn as_it_is(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-')
}

/// Bytes of a character in a file's name.
pub fn in_file(c: char) -> usize {
    if as_it_is(c) { 1 } else { 3 * c.len_utf8() }
}

/// An id that is the same in every export.
pub fn id(agent: &str, place: &[&str]) -> String {
    let mut name = agent.to_owned();
    for part in place {
        name.push('\n');
        name.push_str(part);
    }
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

/// A text for the customer.
pub fn message(text: &str, language: &str) -> Value {
    json!({"text": {"text": [text]}, "languageCode": language})
}

/// What happens on the way, before the next page.
#[derive(Clone, Debug, Default)]
pub struct Fulfillment {
    /// What is said.
    pub messages: Vec<Value>,
    /// Lists of cases of which the first that holds is said.
    pub cases: Vec<Value>,
    /// Parameters that are set, in order.
    pub sets: Vec<(String, Value)>,
    /// The webhook's name and the tag that tells it what is wanted.
    pub webhook: Option<(String, String)>,
}

impl Fulfillment {
    /// Nothing but parameters.
    pub fn setting(sets: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self { sets: sets.into_iter().collect(), ..Self::default() }
    }

    /// A call of a webhook.
    pub fn calling(webhook: &str, tag: String) -> Self {
        Self { webhook: Some((webhook.to_owned(), tag)), ..Self::default() }
    }

    /// As it stands in a file.
    pub fn json(&self) -> Value {
        let mut out = Map::new();
        if !self.messages.is_empty() {
            out.insert("messages".into(), Value::Array(self.messages.clone()));
        }
        if let Some((webhook, tag)) = &self.webhook {
            out.insert("webhook".into(), json!(webhook));
            out.insert("tag".into(), json!(tag));
        }
        if !self.sets.is_empty() {
            let sets = self.sets.iter().map(|(parameter, value)| json!({"parameter": parameter, "value": value}));
            out.insert("setParameterActions".into(), Value::Array(sets.collect()));
        }
        if !self.cases.is_empty() {
            let lists = self.cases.iter().map(|cases| json!({"cases": cases}));
            out.insert("conditionalCases".into(), Value::Array(lists.collect()));
        }
        Value::Object(out)
    }
}

/// Where a route or a handler leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: what comes after it is looked at too.
    #[default]
    Here,
    /// A page of the same flow, or one that every flow has.
    Page(String),
    /// Another flow.
    Flow(String),
}

impl Target {
    /// A page.
    pub fn page(name: impl Into<String>) -> Self {
        Self::Page(name.into())
    }

    fn put(&self, out: &mut Map<String, Value>) {
        match self {
            Self::Here => {}
            Self::Page(page) => {
                out.insert("targetPage".into(), json!(page));
            }
            Self::Flow(flow) => {
                out.insert("targetFlow".into(), json!(flow));
            }
        }
    }
}

/// A way on.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// What it is of, for its id: no two on a page have the same.
    pub key: String,
    /// The intent that must be heard.
    pub intent: Option<String>,
    /// The condition that must hold.
    pub condition: Option<String>,
    /// What happens on the way.
    pub doing: Fulfillment,
    /// Where it leads.
    pub target: Target,
}

impl Route {
    /// A way on when a condition holds.
    pub fn when(key: impl Into<String>, condition: impl Into<String>, target: Target) -> Self {
        Self { key: key.into(), condition: Some(condition.into()), target, ..Self::default() }
    }

    /// A way on in any case.
    pub fn always(key: impl Into<String>, target: Target) -> Self {
        Self::when(key, "true", target)
    }

    /// Also sets parameters.
    pub fn setting(mut self, sets: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.doing.sets.extend(sets);
        self
    }

    fn json(&self, agent: &str, place: &[&str]) -> Value {
        let mut out = Map::new();
        if let Some(intent) = &self.intent {
            out.insert("intent".into(), json!(intent));
        }
        if let Some(condition) = &self.condition {
            out.insert("condition".into(), json!(condition));
        }
        out.insert("triggerFulfillment".into(), self.doing.json());
        self.target.put(&mut out);
        let place: Vec<&str> = place.iter().copied().chain(["route", self.key.as_str()]).collect();
        out.insert("name".into(), json!(id(agent, &place)));
        Value::Object(out)
    }
}

/// What is done when an event comes.
#[derive(Clone, Debug, Default)]
pub struct Handler {
    /// The event.
    pub event: String,
    /// What happens on the way.
    pub doing: Fulfillment,
    /// Where it leads.
    pub target: Target,
}

impl Handler {
    /// Leads elsewhere when an event comes.
    pub fn new(event: impl Into<String>, target: Target) -> Self {
        Self { event: event.into(), target, ..Self::default() }
    }

    /// Also sets parameters.
    pub fn setting(mut self, sets: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.doing.sets.extend(sets);
        self
    }

    /// As it stands in a file.
    pub fn json(&self, agent: &str, place: &[&str]) -> Value {
        let mut out = Map::new();
        out.insert("event".into(), json!(self.event));
        out.insert("triggerFulfillment".into(), self.doing.json());
        self.target.put(&mut out);
        let place: Vec<&str> = place.iter().copied().chain(["event", self.event.as_str()]).collect();
        out.insert("name".into(), json!(id(agent, &place)));
        Value::Object(out)
    }
}

/// A page, or the start page of a flow.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What happens on entering.
    pub entry: Fulfillment,
    /// The form's parameters.
    pub form: Vec<Value>,
    /// Ways on, in order.
    pub routes: Vec<Route>,
    /// Names of route groups, in order: looked at after the page's own routes.
    pub groups: Vec<String>,
    /// What is done when events come.
    pub handlers: Vec<Handler>,
}

impl Page {
    /// The routes, groups and handlers as they stand in a file.
    pub fn ways(&self, agent: &str, place: &[&str], out: &mut Map<String, Value>) {
        out.insert("transitionRoutes".into(), routes(&self.routes, agent, place));
        if !self.groups.is_empty() {
            out.insert("transitionRouteGroups".into(), json!(self.groups));
        }
        let handlers = self.handlers.iter().map(|handler| handler.json(agent, place)).collect();
        out.insert("eventHandlers".into(), Value::Array(handlers));
    }

    /// As it stands in a file.
    pub fn json(&self, agent: &str, flow: &str, name: &str) -> Value {
        let place = [flow, "page", name];
        let mut out = Map::new();
        out.insert("name".into(), json!(id(agent, &place)));
        out.insert("displayName".into(), json!(name));
        let form = if self.form.is_empty() { json!({}) } else { json!({"parameters": self.form}) };
        out.insert("form".into(), form);
        out.insert("entryFulfillment".into(), self.entry.json());
        self.ways(agent, &place, &mut out);
        Value::Object(out)
    }
}

/// Routes as they stand in a file.
pub fn routes(routes: &[Route], agent: &str, place: &[&str]) -> Value {
    Value::Array(routes.iter().map(|route| route.json(agent, place)).collect())
}

/// A file's text.
pub fn text(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::{file, in_file};

    #[test]
    fn file_names_are_percent_encoded_in_lower_case() {
        assert_eq!(file("T1: é > \"a/b\".x_-"), "T1%3a %c3%a9 %3e %22a%2fb%22.x_-");
        for name in ["a b", "é", "日", "👩"] {
            assert_eq!(name.chars().map(in_file).sum::<usize>(), file(name).len(), "{name}");
        }
    }
}
