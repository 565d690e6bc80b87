//! `shadowed-name`

use flow_conditions::say;
use flow_model::flow::Flow;
use flow_model::names::Names;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A declared signal or a score with the name of something that every flow has, or of one another.
    /// ## Why it matters
    /// Conditions with that name mean one of the two, and a reader may think of the other.
    /// ## Instead
    /// Give it another name.
    /// ## Example
    /// A signal `confidence`; a score and a signal both called `risk`.
    pub(super) struct ShadowedName = "shadowed-name", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let own = Names::of(&Flow::default());
    for id in subject.flow.signals.keys() {
        if own.get(id).is_some() {
            let message = say!("Every flow has a signal \"{id}\" of its own: give this one another name.", id);
            found.at(format!("/signals/{}", escape(id)), message);
        }
    }
    for id in subject.flow.scores.keys() {
        if own.get(id).is_some() || subject.flow.signals.contains_key(id) {
            let message = say!("There is a signal \"{id}\" already: give the score another name.", id);
            found.at(format!("/scores/{}", escape(id)), message);
        }
    }
}
