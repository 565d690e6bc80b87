//! `return-without-path`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// Outcomes of a hand-back (`returns`) that are only half of the story: `resumed` is not drawn, so that any other
    /// outcome, and none, leads nowhere. Or outcomes on a ticket or callback, which nobody hands back.
    /// ## Why it matters
    /// The person hands back, and the AI stays silent: the conversation remains with somebody who believes to be done.
    /// ## Instead
    /// Draw `resumed` to where the AI goes on after any other outcome; take the outcomes off a ticket.
    /// ## Example
    /// `"returns": { "rerun": { "to": "export" } }` without `resumed`.
    pub(super) struct ReturnWithoutPath = "return-without-path", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if handoff.returns.is_empty() {
            continue;
        }
        let path = format!("{}/returns", subject.path(number));
        if !handoff.mode.waits() {
            let mode = handoff.mode.id();
            let title = subject.title(number);
            found.at(
                path,
                say!("Nobody hands back a {mode}: the outcomes of {title} never come. Remove them.", mode, title),
            );
        } else if handoff.resumed.is_none() {
            let known: Vec<&str> = handoff.returns.keys().map(String::as_str).collect();
            let message = say!(
                "A person at {card} who hands back with another outcome than {known}, or with none, leads nowhere: draw resumed.",
                card = subject.title(number),
                known = known.join(", ")
            );
            found.at(path, message);
        }
    }
}
