//! `closed-while-open`

use flow_conditions::ast::Expr;
use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::must::{Effect, Must};
use crate::analysis::phrases::Phrases;
use crate::analysis::proof;
use crate::analysis::texts::Hearer;

rule! {
    /// ## What it finds
    /// A text that says nobody works now, on a way where the queue may be open.
    /// ## Why it matters
    /// The customer is told to come back tomorrow while people are there.
    /// ## Instead
    /// Say it behind `closed`, or behind a guard with `!queue.TIER.open`; behind `timeout` say that all are busy.
    /// ## Example
    /// "We are closed now." behind `timeout`.
    pub(super) struct ClosedWhileOpen = "closed-while-open", Warning, after_ways;
}

/// What says that nobody works. English: other languages are not judged.
static CLOSED: Phrases = Phrases::new(&[
    "we are closed",
    "we're closed",
    "is closed",
    "are closed",
    "currently closed",
    "closed now",
    "outside our hours",
    "outside our opening hours",
    "outside office hours",
    "outside our office hours",
    "outside business hours",
    "office has closed",
    "has closed for",
    "when we open again",
]);

/// What else is closed in a customer's life, before the words that say so.
const OTHER: [&str; 14] = [
    "account",
    "accounts",
    "card",
    "cards",
    "case",
    "cases",
    "chat",
    "claim",
    "complaint",
    "conversation",
    "dispute",
    "order",
    "request",
    "ticket",
];

/// The first words by which a text says that nobody works.
fn closed(text: &str) -> Option<&'static str> {
    CLOSED.all(text).find(|words| {
        let before = text.split(words).next().unwrap_or("").trim_end();
        let mut last = before.rsplit(|c: char| !c.is_alphanumeric());
        let what = last.find(|word| !["is", "are", "now", "currently"].contains(word));
        what.is_none_or(|what| !OTHER.contains(&what))
    })
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let english = subject.flow.locale.as_deref().is_none_or(|locale| locale.starts_with("en"));
    let saying: Vec<_> = subject
        .said()
        .iter()
        .filter(|s| {
            english && s.hearer == Hearer::Customer && !s.path.contains("/idle/") && subject.feasible().has(s.node)
        })
        .filter_map(|s| Some((s, closed(&s.small)?)))
        .collect();
    if saying.is_empty() || subject.flow.tiers.is_empty() {
        return;
    }
    let shut: Vec<_> =
        subject.flow.tiers.keys().map(|tier| subject.book.condition(&format!("!queue.{tier}.open"))).collect();
    let shut: Vec<&Expr> = shut.iter().map(|parsed| &parsed.expr).collect();
    let closed = Must::taken(subject, |e| effect(subject, e, &shut), |_| Effect::Ends);
    for (said, words) in saying {
        if !closed.at(said.node) {
            let way = closed.way_without(subject, said.node).map(|way| subject.ids(&way));
            let message =
                say!("\"{words}\" is said on a way where the queue may be open: say it behind closed alone.", words);
            found.at(said.path.clone(), message).path_to_it = way;
        }
    }
}

fn effect(subject: &Subject<'_>, number: usize, shut: &[&Expr]) -> Effect {
    let edge = &subject.graph.edges[number];
    let (branches, turn) = match &edge.node.kind {
        Kind::Handoff(_) if edge.way == Way::Closed => return Effect::Holds,
        Kind::Handoff(n) if n.mode.waits() => return Effect::Ends,
        Kind::Subflow(_) => return Effect::Ends,
        Kind::Listen(n) => (&n.branches, true),
        Kind::Decision(n) => (&n.branches, false),
        _ => return Effect::Keeps,
    };
    let whens: Vec<&str> = branches.iter().map(|b| b.when.as_str()).collect();
    let place = match edge.way {
        Way::Branch(i) => i,
        Way::Else => whens.len(),
        _ => return Effect::Ends,
    };
    if shut.iter().any(|shut| proof::row_implies(subject, &whens, place, shut)) {
        Effect::Holds
    } else if turn {
        Effect::Ends
    } else {
        Effect::Keeps
    }
}
