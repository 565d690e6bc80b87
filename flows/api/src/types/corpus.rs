//! Sets of conversations: what lies beside a flow, what was said in it, and what should have happened.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{ConversationInfo, wire};

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

    /// Conversations that are looked for.
    struct CorpusFind {
        /// The document.
        pub doc: u32,
        /// Words that must all stand in what was said, in the id or in the tags, in capitals or not.
        pub query: String,
        /// A tag that they must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub tag: Option<String>,
    }

    /// Conversations that were found.
    struct CorpusFound {
        /// How many there are.
        pub count: u32,
        /// The first five thousand.
        pub conversations: Vec<ConversationInfo>,
    }

    /// What should have happened in a conversation.
    struct CorpusLabel {
        /// The document.
        pub doc: u32,
        /// The file that has it, as it is listed.
        pub file: String,
        /// The conversation.
        pub id: String,
        /// What is expected, as its `expect` has it; nothing takes it away.
        #[ts(type = "{ readonly [key: string]: Plain } | null")]
        pub expect: Option<Map<String, Value>>,
    }
}
