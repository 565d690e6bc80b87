//! `too-long-a-step`

use super::{Found, Subject};
use crate::analysis::steps;
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A chain of more than 1,000 cards that can be entered without using up an event.
    /// ## Why it matters
    /// A run stops with an error at the 1,001st card.
    /// ## Instead
    /// Let the flow wait in between, or join cards.
    /// ## Example
    /// A thousand messages in a row.
    pub(super) struct TooLongAStep = "too-long-a-step", Error;
}

/// How many nodes one step can enter.
const MOST: usize = 1_000;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let longest = steps::longest(graph, &subject.callees);
    for (number, length) in longest.iter().enumerate().filter(|(n, length)| **length > MOST && subject.reach().has(*n))
    {
        let before = graph.entering(number).iter().map(|e| &graph.edges[*e]);
        // Said once, where the chain becomes too long.
        if before
            .into_iter()
            .any(|e| steps::is_one_step(e, &subject.callees) && longest[e.from] > MOST && longest[e.from] < *length)
        {
            continue;
        }
        let name = subject.named(number);
        let message = say!(
            "{name} can be card {length} of one step, and a step has at most {MOST}: wait for the customer in between.",
            name,
            length,
            MOST
        );
        found.at(subject.path(number), message);
    }
}
