//! `assist-silent`

use flow_conditions::say;
use flow_model::flow::{Kind, Mode};

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A copilot handoff without a row of `assist`.
    /// ## Why it matters
    /// The AI stays beside the person and suggests nothing.
    /// ## Instead
    /// Add what it can suggest, or hand over by `transfer`.
    /// ## Example
    /// `"mode": "copilot"` alone.
    pub(super) struct AssistSilent = "assist-silent", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode == Mode::Copilot && n.assist.is_empty() {
            found.at(
                subject.path(number),
                say!("The AI stays beside the person and suggests nothing: add assist, or use transfer."),
            );
        }
    }
}
