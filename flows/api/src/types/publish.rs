//! The register, the copy deck and the page. The JSON of the register is that of the command line, so every key is listed.

use flow_model::diff::Op;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Sentence, wire};

wire! {
    /// Which register is wanted.
    struct RegisterRows {
        /// The document.
        pub doc: u32,
        /// Whether the flow's own conversations are replayed, so that each way names those that take it.
        pub replay: bool,
    }

    /// Every way to a person.
    struct Register {
        /// Id of the flow.
        pub flow: String,
        /// Title of the flow, or its id.
        pub title: String,
        /// The ways.
        pub rows: Vec<RegisterRow>,
    }

    /// One way to a person.
    struct RegisterRow {
        /// The handoff card, `caller/callee` in a called flow.
        pub node: String,
        /// What people call it.
        pub title: String,
        /// `trigger.ID`, or `node.port` of the edge; empty where nothing leads there.
        pub way: String,
        /// What kind of way it is.
        #[ts(type = "\"trigger\" | \"edge\" | \"escalation\" | \"overflow\" | \"turn\" | \"fallback\" | \"hand-back\" | \"nothing\"")]
        pub kind: String,
        /// The card that the edge leaves.
        pub from: Option<String>,
        /// Where it comes from, in words.
        pub r#where: String,
        /// Why, in words.
        pub reason: String,
        /// The reasons that the person receives.
        pub reasons: Vec<RegisterReason>,
        /// `transfer`, `copilot`, `ticket` or `callback`.
        pub mode: String,
        /// The tier that takes the rest.
        pub tier: Option<String>,
        /// The priority there.
        pub priority: Option<u32>,
        /// When people are there, in words.
        pub hours: Option<String>,
        /// Every tier, those of the routes first.
        pub to: Vec<RegisterTo>,
        /// What the customer hears, as written.
        pub say: Option<String>,
        /// What the customer is told is sent.
        pub told: Option<String>,
        /// What the customer hears, with what is told in its place.
        pub hears: String,
        /// What the customer hears while waiting.
        pub waiting: Vec<RegisterWaiting>,
        /// Title of the context.
        pub context: String,
        /// What is sent.
        pub fields: Vec<RegisterField>,
        /// Where it goes when nobody takes it.
        pub fallback: Vec<RegisterFallback>,
        /// What is promised beyond the tiers, in words.
        pub promise: Option<String>,
        /// Who answers for it.
        pub owner: Option<String>,
        /// Why there is the way and the card.
        pub why: Vec<String>,
        /// Conversations that show it.
        pub tests: Vec<RegisterTest>,
        /// Places of the document behind the cells.
        pub edits: Vec<RegisterEdit>,
    }

    /// A reason as the person receives it.
    struct RegisterReason {
        /// Its name.
        pub name: String,
        /// What people read.
        pub title: String,
        /// When it is one, in words.
        pub when: Option<String>,
    }

    /// A tier to which a handoff may go.
    struct RegisterTo {
        /// Its id.
        pub tier: String,
        /// What people read.
        pub title: String,
        /// When, in words; none for the one that takes the rest.
        pub when: Option<String>,
        /// 1 is the most urgent.
        pub priority: u32,
        /// When people are there, in words.
        pub hours: String,
        /// What is promised, in words.
        pub promise: Option<String>,
    }

    /// Words while waiting.
    struct RegisterWaiting {
        /// When, in words.
        pub when: String,
        /// The words, or where it leads.
        pub text: String,
    }

    /// A field that is sent.
    struct RegisterField {
        /// Its name.
        pub name: String,
        /// What people read.
        pub title: String,
        /// Where it comes from, as written.
        pub from: String,
        /// Whether it must be there.
        pub required: bool,
        /// The class of its data.
        pub class: Option<String>,
        /// What people read of the class.
        pub class_title: Option<String>,
        /// `none`, `mask`, `hash`, `drop` or `block`.
        pub redact: String,
    }

    /// Where a conversation goes when nobody takes it.
    struct RegisterFallback {
        /// The port.
        pub port: String,
        /// When, in words.
        pub when: String,
        /// The card; none where the port is not drawn.
        pub to: Option<String>,
        /// What follows, in words.
        pub leads: String,
    }

    /// A conversation that shows a way.
    struct RegisterTest {
        /// Its id.
        pub id: String,
        /// Whether its expectation names the way.
        pub expects: bool,
        /// Whether its replay takes the way.
        pub reaches: bool,
    }

    /// A place of the document that is edited from a cell.
    struct RegisterEdit {
        /// The cell.
        pub cell: String,
        /// What it is, in words.
        pub label: String,
        /// Where it stands.
        pub path: Vec<String>,
        /// How it is edited.
        #[ts(type = "\"words\" | \"text\" | \"condition\" | \"seconds\" | \"share\" | \"whole\" | \"tier\" | \"node\" | \"mode\" | \"redact\"")]
        pub form: String,
        /// Whether it may be taken away.
        pub optional: bool,
        /// What stands there now; `null` where nothing does.
        #[ts(type = "Plain")]
        pub value: serde_json::Value,
    }

    /// Where something is written.
    struct WriteTo {
        /// The document.
        pub doc: u32,
        /// The file.
        pub path: String,
    }

    /// Something that was written.
    struct Written {
        /// The file.
        pub path: String,
        /// Its length.
        pub bytes: u32,
    }

    /// A text of the flow.
    struct CopyText {
        /// Its id: the pointer of its place.
        pub id: String,
        /// Where it stands.
        pub path: Vec<String>,
        /// What it is, in words.
        pub place: String,
        /// `customer`, `person` or `customer and person`.
        pub who: String,
        /// The words.
        pub text: String,
        /// The names in braces.
        pub placeholders: Vec<String>,
        /// The longest that it may be, in words.
        pub limit: Option<String>,
        /// Why it is there.
        pub why: Option<String>,
    }

    /// A deck that comes back.
    struct CopyRead {
        /// The document.
        pub doc: u32,
        /// The file.
        pub path: String,
        /// Ids whose words are taken although there is trouble with them.
        pub take: Vec<String>,
    }

    /// What a deck brings back.
    struct CopyChanges {
        /// Texts that are wanted with other words.
        pub changes: Vec<CopyChange>,
        /// How many stay as they are.
        pub same: u32,
        /// Ids of texts that the deck does not have.
        pub missing: Vec<String>,
        /// The change of the document: what is without trouble, and what was taken.
        #[ts(type = "Diff")]
        pub diff: Vec<Op>,
    }

    /// A text that is wanted with other words.
    struct CopyChange {
        /// Its id.
        pub id: String,
        /// What it is, in words.
        pub place: String,
        /// The line or row of the deck, from 1.
        pub line: u32,
        /// The words as they are.
        pub before: String,
        /// The words as they are wanted.
        pub after: String,
        /// Why they are not taken without being told to; empty where they are.
        pub troubles: Vec<CopyTrouble>,
        /// Whether they are among the changes of the document.
        pub applied: bool,
        /// Whether the flow has the text at all.
        pub known: bool,
    }

    /// Why words are not taken.
    struct CopyTrouble {
        /// `unknown-id`, `changed-since`, `placeholders`, `unreadable`, `empty` or `twice`.
        pub code: String,
        /// In English.
        pub message: String,
        /// The same as a sentence with its parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub said: Option<Sentence>,
    }

    /// Which page is wanted.
    struct PublishTo {
        /// The document.
        pub doc: u32,
        /// The file.
        pub path: String,
        /// Ids of the conversations that can be played; all of the flow's own without.
        pub conversations: Option<Vec<String>>,
        /// A date that the page names.
        pub date: Option<String>,
    }

    /// A page that was written.
    struct Published {
        /// The file.
        pub path: String,
        /// Its length.
        pub bytes: u32,
        /// How many conversations can be played.
        pub conversations: u32,
        /// How many were left out.
        pub left: u32,
    }
}
