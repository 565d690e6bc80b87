//! `wait-without-word`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A queue where a customer may wait longer than a minute and nothing is said meanwhile.
    /// ## Why it matters
    /// Silence is taken for a broken line.
    /// ## Instead
    /// Add a row to `waiting.say`.
    /// ## Example
    /// `max_wait` 900 without `waiting`.
    pub(super) struct WaitWithoutWord = "wait-without-word", Info;
}

/// A minute is borne without a word.
const BORNE: f64 = 60.0;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        let long = n.max_wait.is_none_or(|wait| wait.to_f64() > BORNE);
        if n.mode.waits() && long && n.waiting.say.is_empty() {
            found.at(subject.path(number), say!("A customer may wait here for long without a word: add waiting.say."));
        }
    }
}
