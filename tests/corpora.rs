//! Conversations as files: imported, searched, labelled, tagged, audited; and the public corpora, where they are at hand.

mod edited;
mod public;
