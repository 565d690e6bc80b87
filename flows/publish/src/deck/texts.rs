//! Every text of a flow that somebody reads or hears, found by the shape of the document, so that no text is forgotten.

use flow_model::shape::{DOCUMENT, Field, Shape, fields_of_kind};
use flow_model::template::{self, Piece};
use flow_model::tree::{Json, escape};

use crate::places::plain;

/// Who reads or hears a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The customer.
    Customer,
    /// The person who takes over.
    Person,
    /// Both: titles that `{reasons}` or `{intent.title}` may put into either's texts.
    Both,
}

impl Who {
    /// As a deck writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Person => "person",
            Self::Both => "customer and person",
        }
    }
}

/// A text of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its id: the pointer of its place in the document.
    pub id: String,
    /// Where it stands.
    pub path: Vec<String>,
    /// What it is, in words.
    pub place: String,
    /// Who reads or hears it.
    pub who: Who,
    /// The words.
    pub text: String,
    /// Whether it may hold `{name}`.
    pub template: bool,
    /// The longest that it may be, in words.
    pub limit: Option<String>,
    /// Why it is there: of the text's own entry, or the one around it.
    pub why: Option<String>,
}

impl Text {
    /// The names that it holds in braces, each once, with `|…` where something stands in for what is unset.
    #[must_use]
    pub fn placeholders(&self) -> Vec<String> {
        if self.template { placeholders(&self.text) } else { Vec::new() }
    }
}

/// The names that a text holds in braces, with their form, each once.
pub(super) fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in template::parse(text).0 {
        if let Piece::Value(value) = piece {
            let form = match value.format {
                template::Format::Plain => "",
                template::Format::Minutes => ":minutes",
                template::Format::Seconds => ":seconds",
                template::Format::Date => ":date",
                template::Format::Upper => ":upper",
            };
            let instead = if value.fallback.is_some() { "|…" } else { "" };
            let name = format!("{{{}{form}{instead}}}", value.name);
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// Every text of a document, in its order.
#[must_use]
pub fn texts(document: &Json) -> Vec<Text> {
    let mut walk = Walk { root: document, path: Vec::new(), found: Vec::new() };
    walk.value(document, &DOCUMENT);
    walk.found
}

struct Walk<'a> {
    root: &'a Json,
    path: Vec<String>,
    found: Vec<Text>,
}

impl Walk<'_> {
    fn value(&mut self, json: &Json, shape: &Shape) {
        match (shape, json) {
            (Shape::Record(fields), Json::Map(_)) => self.record(json, fields),
            (Shape::NodeEntry, Json::Map(_)) => {
                let kind = json.get("kind").and_then(Json::as_text).unwrap_or("");
                // What is still to be decided or is only noted, nobody hears.
                if !matches!(kind, "todo" | "note")
                    && let Some(fields) = fields_of_kind(kind)
                {
                    self.record(json, fields);
                }
            }
            (Shape::Either(_, shape), Json::Map(_)) => self.value(json, shape),
            (Shape::MapOf(_, shape), Json::Map(entries)) => {
                for (key, value) in entries {
                    self.step(key, value, shape);
                }
            }
            (Shape::ListOf(shape), Json::List(items)) => {
                for (i, item) in items.iter().enumerate() {
                    self.step(&i.to_string(), item, shape);
                }
            }
            (Shape::Template(_), Json::Text(text)) => self.text(text, true),
            (Shape::Text, Json::Text(text)) => self.text(text, false),
            _ => {}
        }
    }

    fn record(&mut self, json: &Json, fields: &[Field]) {
        for field in fields {
            if let Some(value) = json.get(field.key) {
                self.step(field.key, value, &field.shape);
            }
        }
    }

    fn step(&mut self, key: &str, value: &Json, shape: &Shape) {
        self.path.push(key.to_owned());
        self.value(value, shape);
        self.path.pop();
    }

    fn text(&mut self, text: &str, template: bool) {
        let steps: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let Some((who, place)) = said(self.root, &steps, template) else { return };
        self.found.push(Text {
            id: self.path.iter().map(|step| format!("/{}", escape(step))).collect(),
            path: self.path.clone(),
            place,
            who,
            text: text.to_owned(),
            template,
            limit: if matches!(steps[..], ["contexts", _, "summary"]) { self.limits() } else { None },
            why: self.why(),
        });
    }

    /// What the contact centres of the flow take of the text that a summary becomes a part of.
    fn limits(&self) -> Option<String> {
        let named = self.root.get("targets").map_or(&[][..], Json::entries);
        let limits = named.iter().filter_map(|(id, _)| flow_handoff::target(id)).flat_map(|target| {
            target.limits().iter().map(move |l| format!("{} {}: {} {}", target.title(), l.what, l.most, l.unit))
        });
        let limits: Vec<String> = limits.collect();
        (!limits.is_empty()).then(|| limits.join("; "))
    }

    /// The `why` of the nearest entry around.
    fn why(&self) -> Option<String> {
        let around = (1..self.path.len()).rev().map(|end| &self.path[..end]);
        let mut whys = around.filter_map(|path| self.root.at(path)?.get("why")?.as_text());
        whys.find(|why| !why.is_empty()).map(str::to_owned)
    }
}

/// Who reads or hears what stands at a path, and what that is in words; none where it is for authors alone.
fn said(root: &Json, path: &[&str], template: bool) -> Option<(Who, String)> {
    let name = |kind: &str, at: &[&str]| {
        let id = at.last().copied().unwrap_or("");
        let title = root.at(at).and_then(|entry| entry.get("title")).and_then(Json::as_text);
        format!("{kind} “{}”", title.filter(|title| !title.is_empty()).map_or_else(|| plain(id), str::to_owned))
    };
    Some(match path {
        ["title"] => (Who::Person, "title of the flow".to_owned()),
        ["intents", id, "title"] => (Who::Both, format!("wish “{}”: title", plain(id))),
        ["triggers", id, "title"] => (Who::Both, format!("trigger “{}”: title", plain(id))),
        ["triggers", _, "because", id, "title"] => {
            (Who::Both, format!("{}: reason “{}”", name("trigger", &path[..2]), plain(id)))
        }
        ["tiers", id, "title"] => (Who::Person, format!("tier “{}”: title", plain(id))),
        ["calls", _, "errors", code] => (Who::Person, format!("{}: error {code}", name("call", &path[..2]))),
        ["contexts", _, "screen", ..] => return None,
        ["contexts", _, "fields", id, "title"] => {
            (Who::Person, format!("{}: title of the field “{}”", name("context", &path[..2]), plain(id)))
        }
        ["contexts", _, "told"] => {
            (Who::Customer, format!("{}: what the customer is told", name("context", &path[..2])))
        }
        ["contexts", _, "summary"] => (Who::Person, format!("{}: summary", name("context", &path[..2]))),
        ["nodes", _, "assist", i, key] if template || *key == "title" => {
            (Who::Person, format!("{}: suggestion {}", name("card", &path[..2]), number(i)))
        }
        ["nodes", _, "returns", id, "title"] => {
            (Who::Person, format!("{}: hand-back “{}”", name("card", &path[..2]), plain(id)))
        }
        ["nodes", _, rest @ ..] if template => {
            (Who::Customer, format!("{}: {}", name("card", &path[..2]), of_card(rest)))
        }
        _ => return None,
    })
}

fn number(index: &str) -> String {
    index.parse::<usize>().map_or_else(|_| index.to_owned(), |i| (i + 1).to_string())
}

fn of_card(rest: &[&str]) -> String {
    match rest {
        ["text"] => "what is said".to_owned(),
        ["prompt"] => "the question".to_owned(),
        ["reprompt"] => "the question, asked again".to_owned(),
        ["say"] => "what is said when a person is asked".to_owned(),
        ["waiting", "say", i, _] => format!("words while waiting {}", number(i)),
        ["waiting", "else_say"] => "answer to what the customer adds".to_owned(),
        ["idle", i, _] => format!("words in silence {}", number(i)),
        other => other.iter().map(|step| plain(step)).collect::<Vec<_>>().join(" "),
    }
}
