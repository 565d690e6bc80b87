//! Sets of conversations: what lies beside a flow.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::wire;

wire! {
    /// A tag, and how many conversations of a file have it.
    struct CorpusTag {
        /// The tag.
        pub tag: String,
        /// How many have it.
        pub count: u32,
    }

    /// A file of conversations.
    struct CorpusSet {
        /// Its name; that of the shipped one for a flow that has no file.
        pub file: String,
        /// How many conversations it has.
        pub conversations: u32,
        /// How many of them say what should happen.
        pub labelled: u32,
        /// How many lines are no conversation.
        pub unreadable: u32,
        /// Its tags, the one that most have first.
        pub tags: Vec<CorpusTag>,
    }
}
