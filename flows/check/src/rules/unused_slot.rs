//! `unused-slot`

use flow_conditions::say;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A slot that nothing reads: no condition, text, field, input, contact or called flow.
    /// ## Why it matters
    /// The customer may be asked for something that nobody uses, and data is kept without need.
    /// ## Instead
    /// Send it with the handoff, or stop asking for it.
    /// ## Example
    /// A slot `birthday` that is asked for and stands in no context.
    pub(super) struct UnusedSlot = "unused-slot", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let used = subject.used_names();
    let all_entities = subject.sends_entities();
    for (id, slot) in &subject.flow.slots {
        if all_entities && slot.entity.is_some() {
            continue;
        }
        if !used.contains(format!("slots.{id}").as_str()) && !subject.shares(|callee| callee.slots.contains(id)) {
            found.at(
                format!("/slots/{}", escape(id)),
                say!("Nothing reads the slot \"{id}\": send it with a handoff, or remove it.", id),
            );
        }
    }
}
