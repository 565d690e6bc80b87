//! `todo-card`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A card of kind `todo`.
    /// ## Why it matters
    /// It is not decided yet, and nothing with one is exported.
    /// ## Instead
    /// Decide it, and change the card into what it is to be.
    /// ## Example
    /// `{ "kind": "todo", "text": "What about refunds?" }`
    pub(super) struct TodoCard = "todo-card", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        if matches!(node.kind, Kind::Todo(_)) {
            found.at(
                subject.path(number),
                say!("{card} is not decided yet: a flow with it cannot be exported.", card = subject.named(number)),
            );
        }
    }
}
