//! `dead-end`

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Kind, Mode};

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A card that can be left by a port that is not drawn, where no other rule says so.
    /// ## Why it matters
    /// A run that takes that port rests there for good: the customer gets no answer any more.
    /// ## Instead
    /// Draw the port, to an `end` where the conversation is over.
    /// ## Example
    /// A message without `next`; an action without `error`.
    pub(super) struct DeadEnd = "dead-end", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes().filter(|(n, _, _)| subject.reach().has(*n)) {
        let open = missing(subject, &node.kind);
        if !open.is_empty() {
            let (name, ports) =
                (subject.named(number), Said::joined(open, super::comma).unwrap_or_else(|| Said::as_it_is("")));
            let message =
                say!("{name} leads nowhere by {ports}: a run that goes there rests for good. Draw it.", name, ports);
            found.at(subject.path(number), message);
        }
    }
}

fn missing(subject: &Subject<'_>, kind: &Kind) -> Vec<Said> {
    let ports: Vec<(&str, bool)> = match kind {
        Kind::Start(n) => vec![("next", n.next.is_none())],
        Kind::Message(n) => vec![("next", n.next.is_none())],
        Kind::Set(n) => vec![("next", n.next.is_none())],
        Kind::Ask(n) => vec![("filled", n.filled.is_none()), ("failed", n.failed.is_none())],
        Kind::Action(n) => vec![
            ("ok", n.ok.is_none()),
            ("error", n.error.is_none()),
            ("timeout", n.timeout.is_none() && n.time_limit.is_some()),
        ],
        Kind::Handoff(n) => vec![("sent", n.sent.is_none() && matches!(n.mode, Mode::Ticket | Mode::Callback))],
        Kind::Subflow(n) if n.r#else.is_none() => {
            let outcomes = subject.callees.get(&n.flow).map(|callee| &callee.outcomes);
            let open = outcomes.into_iter().flatten().filter(|o| !n.outcomes.contains_key(*o));
            return open.map(|outcome| say!("the outcome {outcome}", outcome)).collect();
        }
        // A missing `else` is `branch-gap`; what is to be decided is not drawn yet.
        Kind::Subflow(_)
        | Kind::Listen(_)
        | Kind::Decision(_)
        | Kind::End(_)
        | Kind::Todo(_)
        | Kind::Note(_)
        | Kind::Unknown(_) => Vec::new(),
    };
    ports.into_iter().filter(|(_, open)| *open).map(|(port, _)| Said::as_it_is(port)).collect()
}
