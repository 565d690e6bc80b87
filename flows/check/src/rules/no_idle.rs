//! `no-idle`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::onward::hubs;

rule! {
    /// ## What it finds
    /// A card that waits for the customer and does not say what happens when the customer falls silent. Where no card of
    /// the flow does, it is told once.
    /// ## Why it matters
    /// The conversation stays open for ever, and a customer who was only looking for a number hears nothing more.
    /// ## Instead
    /// Add `idle` with a word after some minutes, and an end or a person later.
    /// ## Example
    /// A `listen` without `idle`, where all others have it.
    pub(super) struct NoIdle = "no-idle", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let (mut silent, mut cared) = (Vec::new(), false);
    for (number, _, node) in subject.nodes() {
        let idle = match &node.kind {
            Kind::Listen(n) => &n.idle,
            Kind::Ask(n) => &n.idle,
            _ => continue,
        };
        if !idle.is_empty() {
            cared = true;
        } else if subject.reach().has(number) {
            silent.push(number);
        }
    }
    if cared {
        for number in silent {
            let title = subject.title(number);
            let message =
                say!("Nothing happens when the customer falls silent at {title}: add idle, as elsewhere.", title);
            found.at(subject.path(number), message);
        }
    } else if let Some(first) = first(subject, &silent) {
        let title = subject.title(first);
        let message = match silent.len() - 1 {
            0 => say!("Nothing happens when the customer falls silent at {title}: add idle.", title),
            1 => say!(
                "Nothing happens when the customer falls silent at {title} and the other card that waits: add idle.",
                title
            ),
            n => say!(
                "Nothing happens when the customer falls silent at {title} and the {n} other cards that wait: add idle.",
                title,
                n
            ),
        };
        found.at(subject.path(first), message);
    }
}

/// The card that stands for all: one where conversations begin, wherever it stands in the document.
fn first(subject: &Subject<'_>, silent: &[usize]) -> Option<usize> {
    let begin = hubs(subject);
    let by_id = |n: &&usize| subject.graph.id(**n);
    silent.iter().filter(|n| begin.contains(n)).min_by_key(by_id).or_else(|| silent.iter().min_by_key(by_id)).copied()
}
