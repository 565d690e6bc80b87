//! `empty-text`

use super::{Found, Subject};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A text that says nothing.
    /// ## Why it matters
    /// The customer gets an empty message, or none where one was meant.
    /// ## Instead
    /// Write what is to be said, or remove the card or the row.
    /// ## Example
    /// `"text": ""`
    pub(super) struct EmptyText = "empty-text", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for said in subject.said().iter().filter(|s| s.text.trim().is_empty()) {
        if subject.document.tree.at(&flow_model::tree::steps(&said.path)).is_some() {
            found.at(said.path.clone(), say!("This text says nothing: write it, or remove it."));
        }
    }
}
