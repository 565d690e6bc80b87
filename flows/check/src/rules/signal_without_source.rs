//! `signal-without-source`

use flow_conditions::say;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A declared signal without a `source`.
    /// ## Why it matters
    /// Nobody has said where its value comes from: in the real conversation it would always be unset, and every guard
    /// with it silently false.
    /// ## Instead
    /// Write where it comes from: the CRM, the channel, the order system.
    /// ## Example
    /// `"customer.tier": { "type": "text" }`
    pub(super) struct SignalWithoutSource = "signal-without-source", Error;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, signal) in &subject.flow.signals {
        if signal.source.as_deref().is_none_or(|source| source.trim().is_empty()) {
            let message = say!("Nothing says where \"{id}\" comes from: add its source.", id);
            found.at(format!("/signals/{}", escape(id)), message);
        }
    }
}
