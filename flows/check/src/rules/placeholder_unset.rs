//! `placeholder-unset`

use flow_model::flow::Kind;
use flow_model::template::Placeholder;
use flow_model::tree::escape;

use super::{Found, Subject};
use crate::analysis::texts::{Hearer, placeholders};

rule! {
    /// ## What it finds
    /// A placeholder without a fallback whose name can be unset where the text is said.
    /// ## Why it matters
    /// It prints nothing: "That was ." is what the customer reads.
    /// ## Instead
    /// Write a fallback: `{look_up.explanation|a standard fee}`.
    /// ## Example
    /// `Thanks, {slots.name}!` on a way that never asked for the name.
    pub(super) struct PlaceholderUnset = "placeholder-unset", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for said in subject.said().iter().filter(|s| subject.feasible().has(s.node)) {
        let inside = said.hearer != Hearer::Customer;
        for value in said.values.iter().filter(|v| v.fallback.is_none()) {
            if can_be_unset(subject, said.node, inside, value) {
                tell(found, &said.path, value);
            }
        }
    }
    for (id, context) in &subject.flow.contexts {
        let users: Vec<usize> = subject
            .nodes()
            .filter(|(n, _, node)| {
                subject.feasible().has(*n) && matches!(&node.kind, Kind::Handoff(h) if h.context == *id)
            })
            .map(|(n, _, _)| n)
            .collect();
        // An address is no text: what opens without its last part is the contact centre's affair.
        let places = [("summary", &context.summary), ("told", &context.told)];
        for (key, text) in places.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            for value in placeholders(text).into_iter().filter(|v| v.fallback.is_none()) {
                if users.iter().any(|n| can_be_unset(subject, *n, true, &value)) {
                    tell(found, &format!("/contexts/{}/{key}", escape(id)), &value);
                }
            }
        }
    }
}

fn tell(found: &mut Found<'_>, path: &str, value: &Placeholder) {
    let message = format!("{{{}}} prints nothing when it is unset: write {{{0}|…}} with what to say then.", value.name);
    found.at(path, message).span = Some(value.span);
}

fn can_be_unset(subject: &Subject<'_>, node: usize, inside: bool, value: &Placeholder) -> bool {
    let context = match subject.graph.node(node).map(|n| &n.kind) {
        Some(Kind::Handoff(handoff)) => subject.flow.contexts.get(&handoff.context),
        _ => None,
    };
    match value.name.as_str() {
        "told" => context.is_none_or(|c| c.told.is_none()),
        "summary" => context.is_none_or(|c| c.summary.is_none()),
        "intent.title" => false,
        "reasons" | "handoff.reasons" => !inside && subject.known().can_be_unset(node, "handoff.reasons"),
        name => subject.known().can_be_unset(node, name),
    }
}
