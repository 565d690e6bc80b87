//! What a flow sends to a target, for its set-up files: each field with its type, its class and the contexts that carry it.

use flow_conditions::ast::{Expr, Kind, Literal};
use flow_conditions::parse::parse_payload;
use flow_conditions::value::Type;
use flow_model::flow::{self, Flow};
use flow_model::names::Names;

/// A field that a flow sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// What people read; made of the name where the flow says nothing.
    pub title: String,
    /// Its type after redaction; `Type::Any` for lists and objects.
    pub r#type: Type,
    /// The class of the data.
    pub class: Option<String>,
    /// What happens to it on the way out.
    pub redact: Option<String>,
    /// Whether every context that has it needs it.
    pub required: bool,
    /// Its place at the target, as the flow's `fields` give it.
    pub place: Option<String>,
}

impl Sent {
    /// What the class says of itself, for people who set fields up; empty without a class.
    #[must_use]
    pub fn class_in_words(&self, flow: &Flow) -> String {
        let Some(class) = &self.class else { return String::new() };
        let known = flow.classes.get(class);
        let title = known.and_then(|c| c.title.clone()).unwrap_or_else(|| class.clone());
        let kept = known.and_then(|c| c.retain_days).map_or(String::new(), |days| format!(", kept {days} days"));
        let redact = self.redact.as_deref().filter(|rule| *rule != "none");
        let redact = redact.map_or(String::new(), |rule| format!(", sent with \"{rule}\""));
        format!("{title}{kept}{redact}")
    }
}

/// The fields that the contexts of a flow's handoffs to this target send, each once, in the order of the contexts; those
/// that are never sent (`drop`, `block`) are left out.
#[must_use]
pub fn sent(flow: &Flow, target: &str, setup: &flow::Target) -> Vec<Sent> {
    let names = Names::of(flow);
    let mut all: Vec<Sent> = Vec::new();
    for context in contexts(flow, target) {
        for (name, field) in flow.fields_of(context) {
            let slot = field.from.trim().strip_prefix("slots.").and_then(|slot| flow.slots.get(slot));
            let class = field.class.clone().or_else(|| slot.and_then(|slot| slot.class.clone()));
            let of_class = class.as_ref().and_then(|c| flow.classes.get(c)).and_then(|c| c.redact.clone());
            let redact = field.redact.clone().or(of_class);
            if matches!(redact.as_deref(), Some("drop" | "block")) {
                continue;
            }
            if let Some(known) = all.iter_mut().find(|known| known.name == name) {
                known.required &= field.required;
                continue;
            }
            let changed = matches!(redact.as_deref(), Some("mask" | "hash"));
            let r#type = type_of(&parse_payload(&field.from).expr, &names);
            all.push(Sent {
                title: field.title.clone().unwrap_or_else(|| crate::words::label(&name)),
                r#type: if changed && r#type != Type::Any { Type::Text } else { r#type },
                class,
                redact,
                required: field.required,
                place: setup.fields.get(&name).cloned(),
                name,
            });
        }
    }
    all
}

/// The contexts of the handoffs that can go to a target, in the order of the document; of all where none can, since every
/// handoff is shown for every target.
fn contexts<'a>(flow: &'a Flow, target: &str) -> Vec<&'a str> {
    let of = |goes: &dyn Fn(&flow::Handoff) -> bool| {
        let mut contexts: Vec<&'a str> = Vec::new();
        for node in flow.nodes.values() {
            let flow::Kind::Handoff(handoff) = &node.kind else { continue };
            if goes(handoff) && !contexts.contains(&handoff.context.as_str()) {
                contexts.push(&handoff.context);
            }
        }
        contexts
    };
    let here = of(&|handoff| handoff.target.as_deref().is_none_or(|to| to == target));
    if here.is_empty() { of(&|_| true) } else { here }
}

fn type_of(expr: &Expr, names: &Names) -> Type {
    match &expr.kind {
        Kind::Name(name) => names.get(name).map_or(Type::Text, |name| name.meaning.r#type.clone()),
        Kind::Literal(Literal::Number(_)) => Type::Number { min: None, max: None },
        Kind::Literal(Literal::Bool(_)) => Type::Bool,
        Kind::Literal(_) => Type::Text,
        Kind::List(_) => Type::Any,
        Kind::Call { function, .. } if matches!(&**function, "summary" | "now") => Type::Text,
        Kind::Call { .. } => Type::Any,
        _ => Type::Text,
    }
}
