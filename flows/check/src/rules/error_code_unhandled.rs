//! `error-code-unhandled`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// An error code that a call declares and that an action with this call leads nowhere: it has no edge of its own, and
    /// `error` is not drawn. Also, as a hint, an edge for a code that the call does not declare.
    /// ## Why it matters
    /// When the back end answers with this code the run rests for good, in the middle of a conversation.
    /// ## Instead
    /// Draw an edge for the code, or `error` for all others. A code that is spelt otherwise than in `calls` never comes.
    /// ## Example
    /// A call with `ERR_NOT_FOUND` and an action that draws `ok` alone.
    pub(super) struct ErrorCodeUnhandled = "error-code-unhandled", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Action(action) = &node.kind else { continue };
        let Some(call) = subject.flow.calls.get(&action.call).filter(|call| !call.errors.is_empty()) else { continue };
        let open: Vec<&str> =
            call.errors.keys().filter(|code| !action.errors.contains_key(*code)).map(String::as_str).collect();
        if !open.is_empty() && action.error.is_none() {
            let message = say!(
                "{card} has no way on after {open}, which {call} can answer: draw it, or error for all others.",
                card = subject.title(number),
                open = open.join(", "),
                call = action.call
            );
            found.at(subject.path(number), message);
        }
        for code in action.errors.keys().filter(|code| !call.errors.contains_key(*code)) {
            let known: Vec<&str> = call.errors.keys().map(String::as_str).collect();
            let message = say!(
                "{call} does not declare {code}; its codes are {known}.",
                call = action.call,
                code,
                known = known.join(", ")
            );
            found.hint(format!("{}/errors/{}", subject.path(number), flow_model::tree::escape(code)), message);
        }
    }
}
