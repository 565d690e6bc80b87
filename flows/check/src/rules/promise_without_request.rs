//! `promise-without-request`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::must::{Effect, Must};
use crate::analysis::phrases::Phrases;
use crate::analysis::texts::Hearer;

rule! {
    /// ## What it finds
    /// A message that promises a person, a call or a ticket, on a way where no request went out and none follows in the
    /// same step.
    /// ## Why it matters
    /// The customer waits for somebody who knows nothing of it.
    /// ## Instead
    /// Say it behind `sent`, or in the handoff's own `say`, which is said only when the request goes out.
    /// ## Example
    /// "We will call you back today." behind `failed`.
    pub(super) struct PromiseWithoutRequest = "promise-without-request", Error, after_ways;
}

/// What promises a person. English: other languages are not judged.
static PROMISES: Phrases = Phrases::new(&[
    "will call you",
    "we'll call you",
    "call you back",
    "calls you back",
    "will contact you",
    "will get back to you",
    "we'll get back to you",
    "will be in touch",
    "will reach out",
    "connecting you",
    "connect you with",
    "connect you to",
    "transferring you",
    "transfer you to",
    "put you through",
    "passing you to",
    "handing you over",
    "keep your place",
    "have your place",
    "have kept your place",
    "someone will",
    "a colleague will",
    "a specialist will",
    "created a ticket",
    "opened a ticket",
    "ticket has been",
    "have sent your request",
]);

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let english = subject.flow.locale.as_deref().is_none_or(|locale| locale.starts_with("en"));
    let promising: Vec<_> = subject
        .said()
        .iter()
        .filter(|s| {
            english && s.hearer == Hearer::Customer && s.path.ends_with("/text") && subject.feasible().has(s.node)
        })
        .filter_map(|s| Some((s, promise(&s.small)?)))
        .collect();
    if promising.is_empty() {
        return;
    }
    let requested = Must::taken(subject, |e| effect(subject, e), |_| Effect::Keeps);
    for (said, words) in promising {
        if requested.at(said.node) || leads_to_request(subject, said.node) {
            continue;
        }
        let way = requested.way_without(subject, said.node).map(|way| subject.ids(&way));
        let message = say!("\"{words}\" is promised, and no request went out on this way: say it behind sent.", words);
        found.at(said.path.clone(), message).path_to_it = way;
    }
}

/// The words of a text in small letters that promise something; questions promise nothing.
fn promise(text: &str) -> Option<&'static str> {
    PROMISES.first(text)?;
    let mut sentences = text.split_inclusive(['.', '!', '?', '\n', ';']).filter(|s| !s.contains('?'));
    sentences.find_map(|s| {
        let denied = ["cannot", "can't", "unable", "could not", "couldn't", "if you", "would you"]
            .iter()
            .any(|no| s.contains(no));
        if denied { None } else { PROMISES.first(s) }
    })
}

fn effect(subject: &Subject<'_>, number: usize) -> Effect {
    let edge = &subject.graph.edges[number];
    let keeps = |keep: bool| if keep { Effect::Holds } else { Effect::Ends };
    match (&edge.node.kind, edge.way) {
        (Kind::Handoff(_), Way::Sent | Way::Resumed | Way::Resolved | Way::Escalated | Way::Return) => Effect::Holds,
        (Kind::Handoff(h), Way::Overflow(i)) => keeps(h.overflow.get(i).is_some_and(|r| r.keep_place)),
        (Kind::Handoff(h), Way::Turn(i)) => keeps(h.waiting.turns.get(i).is_some_and(|r| r.keep_place)),
        (Kind::Handoff(_), _) => Effect::Ends,
        // Where the guard asks for a pending request, there is one.
        _ if asks_for_pending(subject, number) => Effect::Holds,
        _ => Effect::Keeps,
    }
}

fn asks_for_pending(subject: &Subject<'_>, number: usize) -> bool {
    let edge = &subject.graph.edges[number];
    let branches = match &edge.node.kind {
        Kind::Listen(n) => &n.branches,
        Kind::Decision(n) => &n.branches,
        _ => return false,
    };
    let whens: Vec<&str> = branches.iter().map(|b| b.when.as_str()).collect();
    let place = match edge.way {
        Way::Branch(i) => i,
        Way::Else => whens.len(),
        _ => return false,
    };
    if !whens.iter().any(|when| when.contains("pending")) {
        return false;
    }
    let pending = subject.book.condition("handoff.pending");
    crate::analysis::proof::row_implies(subject, &whens, place, &pending.expr)
}

/// Whether every way on from a card comes to a handoff before the customer has the floor for anything but an answer.
fn leads_to_request(subject: &Subject<'_>, node: usize) -> bool {
    let mut seen = vec![false; subject.graph.len()];
    let mut open = vec![node];
    while let Some(here) = open.pop() {
        if std::mem::replace(&mut seen[here], true) {
            continue;
        }
        match subject.graph.node(here).map(|n| &n.kind) {
            Some(Kind::Handoff(_)) => {}
            Some(Kind::Listen(_) | Kind::End(_) | Kind::Subflow(_)) | None => return false,
            Some(_) => {
                let next: Vec<usize> =
                    subject.graph.leaving(here).filter(|(n, _)| !subject.dead()[*n]).map(|(_, e)| e.to).collect();
                if next.is_empty() {
                    return false;
                }
                open.extend(next);
            }
        }
    }
    true
}
