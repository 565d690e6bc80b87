//! Conversations beside a flow: listed, found, read, kept, labelled, tagged, and their handoffs judged.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::wire;

wire! {
    /// A word, and how many conversations have it.
    struct ConversationCount {
        /// The word.
        pub name: String,
        /// How many have it.
        pub count: u32,
    }

    /// A line of a file that is no conversation, or not all of it.
    struct ConversationLine {
        /// Its number, from 1.
        pub line: u32,
        /// What is wrong with it, and what becomes of it.
        pub why: String,
    }

    /// A file of conversations.
    struct ConversationSet {
        /// Its name; that of the shipped one for a flow that has no file.
        pub file: String,
        /// How many conversations it has.
        pub conversations: u32,
        /// How many of them say what should happen.
        pub labelled: u32,
        /// How many lines are no conversation.
        pub unreadable: u32,
        /// Lines that are no conversation, repeat an id, or have something that is passed over: the first of them.
        pub odd: Vec<ConversationLine>,
        /// How many of these there are.
        pub odd_count: u32,
        /// Its tags, the one that most have first.
        pub tags: Vec<ConversationCount>,
        /// Labels that are true or false, the one that most have first.
        pub labels: Vec<ConversationCount>,
        /// Why the file cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub fault: Option<String>,
        /// The same for programs, where it is a fault of the file: `not-found denied …`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub fault_code: Option<String>,
    }

    /// Which conversations are listed.
    struct ConversationList {
        /// The document.
        pub doc: u32,
        /// Words, `"several words"`, `intent:x`, `tag:x`, `has:handoff`, `confidence<0.5`; `-` before what must not be. All
        /// where it is empty.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        pub query: String,
        /// How many of those that are found come before.
        #[serde(default)]
        #[ts(optional, as = "Option<u32>")]
        pub from: u32,
        /// How many are given.
        pub most: u32,
    }

    /// A conversation of a list.
    struct ConversationInfo {
        /// Its id.
        pub id: String,
        /// The name of its file.
        pub file: String,
        /// Its line, from 1.
        pub line: u32,
        /// What was found in it, else what the customer says first.
        pub title: String,
        /// The index into its turns, where something was found in one of them.
        pub turn: Option<u32>,
        /// How many events it has.
        pub turns: u32,
        /// Its tags.
        pub tags: Vec<String>,
        /// Whether it says what should happen.
        pub expect: bool,
    }

    /// A part of a list.
    struct ConversationsListed {
        /// Conversations looked at, each id once.
        pub conversations: u32,
        /// How many of them were found.
        pub count: u32,
        /// Those of the part that was asked for.
        pub items: Vec<ConversationInfo>,
        /// The first line that cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub unread: Option<String>,
    }

    /// A conversation that is wanted.
    struct ConversationGet {
        /// The document.
        pub doc: u32,
        /// The conversation.
        pub id: String,
    }

    /// A conversation.
    struct ConversationText {
        /// Its line.
        pub text: String,
    }

    /// A conversation to keep.
    struct ConversationSave {
        /// The document.
        pub doc: u32,
        /// The conversation, as JSON on one line.
        pub line: String,
    }

    /// Where a conversation was kept.
    struct ConversationSaved {
        /// The name of the file; none until the flow has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub file: Option<String>,
    }

    /// What should have happened in conversations.
    struct ConversationLabel {
        /// The document.
        pub doc: u32,
        /// The conversations.
        pub ids: Vec<String>,
        /// The `expect` of a conversation as JSON; none takes it away.
        pub expect: Option<String>,
    }

    /// Tags of conversations.
    struct ConversationTag {
        /// The document.
        pub doc: u32,
        /// The conversations.
        pub ids: Vec<String>,
        /// Tags to add.
        pub add: Vec<String>,
        /// Tags to take away.
        pub remove: Vec<String>,
    }

    /// Conversations that were changed.
    struct ConversationsChanged {
        /// Their ids.
        pub ids: Vec<String>,
    }

    /// Handoffs to set against what should have happened.
    struct ConversationAudit {
        /// The document.
        pub doc: u32,
        /// Names of files of the flow's folder; all that belong to the flow without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A label that says whether there should have been one; `expect` without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub label: Option<String>,
        /// A number of the caller's, by which it can be stopped with `replay.stop`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A conversation of an audit.
    struct AuditedConversation {
        /// Its id.
        pub id: String,
        /// The name of its file.
        pub file: String,
        /// Its line, from 1.
        pub line: u32,
        /// Customer turns before the handoff, or of all of it.
        pub at_turn: u32,
        /// What the customer said last before it.
        pub said: String,
    }

    /// Conversations of an audit that went wrong in one way.
    struct AuditedConversations {
        /// How many there are.
        pub count: u32,
        /// The first of them.
        pub first: Vec<AuditedConversation>,
    }

    /// Handoffs that happened against those that should have.
    struct ConversationsAudited {
        /// Conversations looked at.
        pub conversations: u32,
        /// Those of which is known what should have happened.
        pub labelled: u32,
        /// Those with a handoff.
        pub happened: u32,
        /// Those that should have had one.
        pub expected: u32,
        /// Rightly handed off.
        pub both: u32,
        /// Rightly not handed off.
        pub neither: u32,
        /// Handed off, and nobody said whether it should have been.
        pub unlabelled: u32,
        /// The share of labelled conversations that went as they should have.
        pub agreement: Option<f64>,
        /// The share of labelled handoffs that was right.
        pub precision: Option<f64>,
        /// The share of needed handoffs that happened.
        pub recall: Option<f64>,
        /// Handed off, and should not have been.
        pub needless: AuditedConversations,
        /// Not handed off, and should have been.
        pub missed: AuditedConversations,
    }
}
