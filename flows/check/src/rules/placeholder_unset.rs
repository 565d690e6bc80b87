//! `placeholder-unset`

use flow_conditions::say;
use flow_model::flow::{Kind, Node};
use flow_model::template::Placeholder;
use flow_model::tree::escape;

use super::{Found, Subject};
use crate::analysis::feasible::Answer;
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
    pub(super) struct PlaceholderUnset = "placeholder-unset", Warning, after_ways;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    each(subject, &mut |node, path, value, name| {
        let unset = name.is_none_or(|name| subject.ways().unset(node, name) != Answer::No);
        if unset && subject.feasible().has(node) {
            tell(found, path, value);
            return true;
        }
        false
    });
}

/// What the ways to a card have to tell.
pub(crate) fn open(subject: &Subject<'_>) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    each(subject, &mut |node, _, _, name| {
        names.extend(name.map(|name| (node, name.to_owned())));
        false
    });
    names
}

/// Is told the card, the place, the placeholder, and the name that decides; says whether it told the problem.
type Tell<'f> = dyn FnMut(usize, &str, &Placeholder, Option<&str>) -> bool + 'f;

/// The placeholders that may print nothing: the card, the place, and the name that can be unset, judged along the edges.
/// A text that several cards use is done with when it is told.
fn each(subject: &Subject<'_>, tell: &mut Tell<'_>) {
    for said in subject.said() {
        let inside = said.hearer != Hearer::Customer;
        for value in said.values.iter().filter(|v| v.fallback.is_none()) {
            if let Some(name) = unset(subject, said.node, inside, value) {
                tell(said.node, &said.path, value, name);
            }
        }
    }
    for (id, context) in &subject.flow.contexts {
        let uses = |node: &Node| matches!(&node.kind, Kind::Handoff(h) if h.context == *id);
        let users: Vec<usize> = subject.nodes().filter(|(_, _, node)| uses(node)).map(|(n, _, _)| n).collect();
        // An address is no text: what opens without its last part is the contact centre's affair.
        let places = [("summary", &context.summary), ("told", &context.told)];
        for (key, text) in places.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            let path = format!("/contexts/{}/{key}", escape(id));
            for value in placeholders(text).into_iter().filter(|v| v.fallback.is_none()) {
                for node in &users {
                    if let Some(name) = unset(subject, *node, true, &value)
                        && tell(*node, &path, &value, name)
                    {
                        break;
                    }
                }
            }
        }
    }
}

fn tell(found: &mut Found<'_>, path: &str, value: &Placeholder) {
    let message = say!(
        "{{{name}}} prints nothing when it is unset: write {{{name}|…}} with what to say then.",
        name = value.name
    );
    found.at(path, message).span = Some(value.span);
}

/// Whether a placeholder may print nothing; the name that decides it, where that is one.
fn unset<'v>(subject: &Subject<'_>, node: usize, inside: bool, value: &'v Placeholder) -> Option<Option<&'v str>> {
    let context = match subject.graph.node(node).map(|n| &n.kind) {
        Some(Kind::Handoff(handoff)) => subject.flow.contexts.get(&handoff.context),
        _ => None,
    };
    match value.name.as_str() {
        "told" => context.is_none_or(|c| c.told.is_none()).then_some(None),
        "summary" => context.is_none_or(|c| c.summary.is_none()).then_some(None),
        "intent.title" => None,
        "reasons" | "handoff.reasons" => {
            (!inside && subject.known().can_be_unset(node, "handoff.reasons")).then_some(None)
        }
        name => subject.known().can_be_unset(node, name).then_some(Some(name)),
    }
}
