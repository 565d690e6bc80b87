//! `reply-swallowed`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::Way;

rule! {
    /// ## What it finds
    /// A text in the same step as a transfer, at a place that takes one of the two: the handoff's own `say`, or a message
    /// right before it. Known of Chatwoot, where a connector takes one answer a turn; of any other place the flow can say
    /// it with `"one_reply": true` in its entry of `targets`.
    /// ## Why it matters
    /// The text wins and nobody is told, or the transfer wins and the customer hears nothing.
    /// ## Instead
    /// Ask before ("Shall I bring someone in?"), and let the first words come from `waiting.say`, which is a step of its
    /// own.
    /// ## Example
    /// `"target": "chatwoot"` with `"say": "I am connecting you."`
    pub(super) struct ReplySwallowed = "reply-swallowed", Warning;
}

/// Places that are known to take either the text or the transfer of one answer, each with its source.
const ONE_REPLY: [(&str, &str); 1] =
    [("chatwoot", "a connector's answer is taken once: the text overrides the handoff (chatwoot/chatwoot 2570)")];

/// How many messages before a handoff are told.
const MOST: usize = 20;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        let Some(target) = handoff.target.as_deref().filter(|_| handoff.mode.waits()) else { continue };
        if !takes_one(subject, target) || !subject.reach().has(number) {
            continue;
        }
        if handoff.say.as_deref().is_some_and(|say| !say.trim().is_empty()) {
            let message = say!(
                "{target} takes one reply a step: what {card} says goes out with the transfer, and one of the two is lost. Say it in waiting.say.",
                target,
                card = subject.title(number)
            );
            found.at(format!("{}/say", subject.path(number)), message);
        }
        for before in messages_before(subject, number) {
            let message = say!(
                "{target} takes one reply a step: this text goes out with the transfer at {card}, and one of the two is lost. Ask first, or say it in waiting.say.",
                target,
                card = subject.title(number)
            );
            found.at(format!("{}/text", subject.path(before)), message);
        }
    }
}

fn takes_one(subject: &Subject<'_>, target: &str) -> bool {
    ONE_REPLY.iter().any(|(id, _)| *id == target) || subject.flow.targets.get(target).is_some_and(|t| t.one_reply)
}

/// Messages from which the handoff is come to in the same step.
fn messages_before(subject: &Subject<'_>, number: usize) -> Vec<usize> {
    let graph = &subject.graph;
    let mut seen = indexmap::IndexSet::from([number]);
    let mut open = vec![number];
    let mut found = Vec::new();
    while let Some(here) = open.pop() {
        for edge in graph.entering(here).iter().filter(|e| !subject.dead()[**e]).map(|e| &graph.edges[*e]) {
            let same_step = matches!(edge.node.kind, Kind::Message(_) | Kind::Set(_) | Kind::Decision(_))
                || matches!((&edge.node.kind, edge.way), (Kind::Action(_), Way::Ok));
            if !same_step || seen.len() > 200 || !seen.insert(edge.from) {
                continue;
            }
            if matches!(edge.node.kind, Kind::Message(_)) && subject.reach().has(edge.from) {
                found.push(edge.from);
            }
            open.push(edge.from);
        }
    }
    found.sort_unstable();
    found.truncate(MOST);
    found
}
