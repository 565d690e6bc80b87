//! `unused-signal`

use flow_conditions::say;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A declared signal that nothing reads.
    /// ## Why it matters
    /// Somebody has to deliver it, for nothing.
    /// ## Instead
    /// Use it, or remove it.
    /// ## Example
    /// `customer.ltv`, which no guard and no context mentions.
    pub(super) struct UnusedSignal = "unused-signal", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let used = subject.used_names();
    for id in subject.flow.signals.keys() {
        if !used.contains(id.as_str()) && !subject.shares(|callee| callee.signals.contains(id)) {
            found.at(
                format!("/signals/{}", escape(id)),
                say!("Nothing reads the signal \"{id}\": use it, or remove it.", id),
            );
        }
    }
}
