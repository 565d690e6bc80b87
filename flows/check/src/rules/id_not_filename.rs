//! `id-not-filename`

use super::{Found, Subject};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A flow whose `id` is not the name of its file.
    /// ## Why it matters
    /// Other flows call it by its id, and find it by the name of its file.
    /// ## Instead
    /// Rename the file to `<id>.flow.json`, or change the id.
    /// ## Example
    /// `fees.flow.json` with `"id": "banking_fees"`.
    pub(super) struct IdNotFilename = "id-not-filename", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let id = &subject.flow.id;
    if let Some(file) = subject.file
        && !id.is_empty()
        && file != id
    {
        found.at(
            "/id",
            say!(
                "The flow is \"{id}\" and its file \"{file}\": name the file {id}.flow.json, or change the id.",
                id,
                file
            ),
        );
    }
}
