//! `orphaned-request`

use flow_conditions::say;
use flow_model::flow::{Handoff, Kind};

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::onward::Onward;

rule! {
    /// ## What it finds
    /// A place that is kept (`keep_place`) and given up at once: without a word of the customer the way on comes to an
    /// `end`, or to another handoff, and both withdraw the request. Also, as a hint, a place that `max_wait` ends while
    /// the customer talks to the AI, in a flow where nothing looks at `handoff.pending` or `waited`.
    /// ## Why it matters
    /// The customer was told to keep the place, and nobody will come.
    /// ## Instead
    /// Lead to a card that waits for the customer; and where the place can run out, look at `handoff.pending`, in `idle`
    /// or in a branch, and say so.
    /// ## Example
    /// `overflow: [{ "when": "queue.wait > 300", "to": "goodbye", "keep_place": true }]` where `goodbye` ends.
    pub(super) struct OrphanedRequest = "orphaned-request", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut unwatched = None;
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if !handoff.mode.waits() || !subject.reach().has(number) {
            continue;
        }
        let kept = kept(subject, number, handoff);
        for (path, to) in &kept {
            given_up(subject, number, path, *to, found);
        }
        let watched = || {
            let used = subject.used_names();
            used.contains("handoff.pending") || used.contains("waited")
        };
        if let (Some(wait), false) = (handoff.max_wait, kept.is_empty())
            && *unwatched.get_or_insert_with(|| !watched())
        {
            let message = say!(
                "The place kept at {card} ends after {wait} seconds, also while the customer talks to the AI, and nothing tells them: look at handoff.pending.",
                card = subject.title(number),
                wait
            );
            found.hint(format!("{}/max_wait", subject.path(number)), message);
        }
    }
}

/// The rows that keep the place: where they say to what they lead, and that card.
fn kept(subject: &Subject<'_>, number: usize, handoff: &Handoff) -> Vec<(String, usize)> {
    let keeps = |way: Way| match way {
        Way::Overflow(i) => handoff.overflow.get(i).is_some_and(|row| row.keep_place),
        Way::Turn(i) => handoff.waiting.turns.get(i).is_some_and(|row| row.keep_place),
        _ => false,
    };
    let live = subject.graph.leaving(number).filter(|(n, edge)| keeps(edge.way) && !subject.dead()[*n]);
    live.map(|(_, edge)| (format!("{}/{}", subject.path(number), edge.path), edge.to)).collect()
}

fn given_up(subject: &Subject<'_>, own: usize, path: &str, to: usize, found: &mut Found<'_>) {
    let ahead = Onward::of(subject, to);
    let gives_up = |n: usize| match subject.graph.node(n).map(|n| &n.kind) {
        Some(Kind::End(_)) => true,
        Some(Kind::Handoff(_)) => n != own,
        _ => false,
    };
    if let Some(end) = ahead.first(gives_up) {
        let way = subject.titles(&ahead.way(end));
        let message = say!(
            "The place kept here is given up at once by {card}, on the way {way}: lead to a card that waits for the customer.",
            card = subject.title(end),
            way
        );
        found.at(path, message);
    }
}
