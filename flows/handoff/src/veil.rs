//! Texts of a conversation for everybody to read: a page, a list. Stricter than an envelope, which goes to one person: nothing
//! is sent on purpose here.

use crate::clean::{Cleaner, Rail};
use crate::draft::{Draft, DraftField};
use crate::pseudonym::Pseudonym;
use crate::redact::Keys;

/// What is kept out of the texts of a conversation.
#[derive(Clone, Debug)]
pub struct Veil {
    draft: Draft,
    keys: Keys,
}

impl Veil {
    /// `fields` are those of its envelopes and what slots with a class hold: what is redacted of them is kept out.
    #[must_use]
    pub fn new(flow: &str, conversation: &str, fields: Vec<DraftField>, keys: &Keys) -> Self {
        let classed = fields.into_iter().filter(|field| field.redact.is_some()).collect();
        let (flow, conversation) = (flow.to_owned(), conversation.to_owned());
        Self { draft: Draft { flow, conversation, classed, ..Draft::default() }, keys: keys.clone() }
    }

    /// A text without what it may not show; `before` is what was said before it.
    #[must_use]
    pub fn text(&self, text: &str, before: &str) -> String {
        Cleaner::new(&self.draft, &self.keys, Rail::Record).shown(text, before)
    }

    /// The id of the conversation, or what stands for it everywhere.
    #[must_use]
    pub fn id(&self) -> String {
        Pseudonym::of(&self.draft, &self.keys)
            .map_or_else(|| self.draft.conversation.clone(), |own| own.id().to_owned())
    }
}
