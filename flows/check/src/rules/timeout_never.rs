//! `timeout-never`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff with a `timeout` edge and no `max_wait`.
    /// ## Why it matters
    /// Without `max_wait` the wait never ends, and the edge is never taken.
    /// ## Instead
    /// Say after how many seconds to give up.
    /// ## Example
    /// `"timeout": "ask_phone"` alone.
    pub(super) struct TimeoutNever = "timeout-never", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode.waits() && n.timeout.is_some() && n.max_wait.is_none() {
            found.at(
                format!("{}/timeout", subject.path(number)),
                say!("This edge is never taken: there is no max_wait."),
            );
        }
    }
}
