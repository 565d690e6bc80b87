//! `check-without-why`

use flow_conditions::say;
use flow_model::flow::OwnCheck;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A rule whose severity is changed at one node or trigger, without a word why.
    /// ## Why it matters
    /// The next reviewer sees that somebody looked away, and not what they knew.
    /// ## Instead
    /// Write `{ "severity": "off", "why": "…" }`.
    /// ## Example
    /// `"checks": { "dead-end": "off" }` at a card.
    pub(super) struct CheckWithoutWhy = "check-without-why", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let nodes = subject.flow.nodes.iter().map(|(id, node)| ("nodes", id, &node.checks));
    let triggers = subject.flow.triggers.iter().map(|(id, trigger)| ("triggers", id, &trigger.checks));
    for (section, id, checks) in nodes.chain(triggers) {
        let silent = |check: &&OwnCheck| check.why.as_deref().is_none_or(|why| why.trim().is_empty());
        for check in checks.iter().filter(silent) {
            let message = say!(
                "{code} is {severity} here, and nobody says why: write {{ \"severity\": \"{severity}\", \"why\": \"…\" }}.",
                code = check.code,
                severity = check.severity
            );
            found.at(format!("/{section}/{}/checks/{}", escape(id), escape(&check.code)), message);
        }
    }
}
