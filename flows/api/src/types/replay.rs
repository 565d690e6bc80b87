//! Replays of a corpus, as the window asks for them and shows them. The JSON is that of the command line.

use flow_model::diff::Op;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::wire;

wire! {
    /// A corpus to replay.
    struct ReplayRun {
        /// The document.
        pub doc: u32,
        /// Names of files of the flow's folder, or whole paths; all that belong to the flow without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
        /// Whether sentiment and intent stay unset where a turn lacks them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub no_fill: Option<bool>,
    }

    /// How far a replay is: what the progress of `conversations.audit` and every `replay.*` method tells.
    struct ReplayProgress {
        /// Bytes that are done.
        pub bytes: f64,
        /// Of so many.
        pub of: Option<f64>,
        /// Conversations that are done.
        pub conversations: f64,
        /// Seconds since it began.
        pub seconds: f64,
        /// Seconds that it will still take.
        pub left: Option<f64>,
    }

    /// Work that is not wanted any more.
    struct ReplayStop {
        /// The number it was asked for with.
        pub ticket: u32,
    }

    /// What runs came to, each a count.
    struct ReplayOutcomes {
        /// A person has it, or will.
        pub handoff: u32,
        /// It ended.
        pub end: u32,
        /// The customer left.
        pub abandoned: u32,
        /// It waits.
        pub open: u32,
        /// A runtime error.
        pub error: u32,
    }

    /// Conversations that say what should happen.
    struct ReplayExpect {
        /// How many went so.
        pub passed: u32,
        /// The ids of those that did not.
        pub failed: Vec<String>,
    }

    /// How often; what never happened is there with 0.
    struct Coverage {
        /// Nodes that were entered, by id.
        #[ts(type = "{ readonly [node: string]: number }")]
        pub nodes: Map<String, Value>,
        /// Edges that were taken: `node.port`, `trigger.ID`.
        #[ts(type = "{ readonly [edge: string]: number }")]
        pub edges: Map<String, Value>,
        /// Rows that held: `node.branches[0]`, `node.else`, `node.routes[0]`, `node.routes.else`.
        #[ts(type = "{ readonly [row: string]: number }")]
        pub branches: Map<String, Value>,
        /// Reasons that held when their trigger fired: `TRIGGER.REASON`.
        #[ts(type = "{ readonly [reason: string]: number }")]
        pub because: Map<String, Value>,
    }

    /// What is wrong with a line, or what did not go as expected.
    struct ReplayTold {
        /// The file.
        pub file: String,
        /// The line, from 1.
        pub line: u32,
        /// The conversation, where its expectation failed.
        pub id: Option<String>,
        /// In words.
        pub message: String,
    }

    /// A corpus that was replayed.
    struct Replayed {
        /// Conversations that were replayed.
        pub conversations: u32,
        /// Customer turns.
        pub turns: u32,
        /// What they came to.
        pub outcomes: ReplayOutcomes,
        /// Handoffs by trigger.
        #[ts(type = "{ readonly [trigger: string]: number }")]
        pub by_trigger: Map<String, Value>,
        /// Handoffs by tier.
        #[ts(type = "{ readonly [tier: string]: number }")]
        pub by_tier: Map<String, Value>,
        /// Handoffs by node.
        #[ts(type = "{ readonly [node: string]: number }")]
        pub by_node: Map<String, Value>,
        /// Expectations.
        pub expect: ReplayExpect,
        /// What was reached.
        pub coverage: Coverage,
        /// Seconds that it took.
        pub seconds: f64,
        /// Lines that could not be read and expectations that failed, the first thousand.
        pub told: Vec<ReplayTold>,
        /// Lines, and elements of their turns, that could not be read.
        pub unread: u32,
    }

    /// Something that conversations may reach.
    struct ReplayReaching {
        /// The document.
        pub doc: u32,
        /// A node, or what else coverage counts, as it is named there.
        pub what: String,
        /// As for `replay.run`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A conversation, by where it stands.
    struct ReplayFound {
        /// Its id.
        pub id: String,
        /// The file.
        pub file: String,
        /// Its line there, from 1.
        pub line: u32,
    }

    /// The conversations that reach something.
    struct ReplayReached {
        /// How many do.
        pub count: u32,
        /// The first thousand.
        pub conversations: Vec<ReplayFound>,
    }

    /// A failing conversation to make small.
    struct ReplayShrink {
        /// The document.
        pub doc: u32,
        /// Its id.
        pub id: String,
        /// As for `replay.run`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A failing conversation made small.
    struct ReplayShrunk {
        /// Its id: that of the long one with `-shrunk`.
        pub id: String,
        /// Its line, for `conversations.save`.
        pub text: String,
        /// How many events it has.
        pub turns: u32,
        /// How many the long one has.
        pub before: u32,
        /// What does not go as expected, in words.
        pub faults: Vec<String>,
    }

    /// Another version of a flow.
    #[serde(untagged)]
    enum ReplayOther {
        /// A file.
        Path {
            /// Where it is.
            path: String,
        },
        /// Another open document.
        Doc {
            /// Its number.
            doc: u32,
        },
        /// The document as it was saved last, or as it is shipped.
        Saved {
            /// Always true.
            saved: bool,
        },
        /// A text.
        Text {
            /// The document.
            text: String,
        },
    }

    /// Two versions to compare over the same conversations.
    struct ReplayAgainst {
        /// The document.
        pub doc: u32,
        /// The other version.
        pub other: ReplayOther,
        /// Whether the other version is the one before; else it is the one after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub former: Option<bool>,
        /// As for `replay.run`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A conversation whose outcome changes.
    struct ReplayChange {
        /// Its id.
        pub id: String,
        /// The outcome before.
        #[ts(type = "Outcome")]
        pub before: Value,
        /// The outcome after.
        #[ts(type = "Outcome")]
        pub after: Value,
    }

    /// Conversations that change in one way.
    struct ReplayMoved {
        /// How many.
        pub count: u32,
        /// Their ids.
        pub ids: Vec<String>,
    }

    /// Who comes to a person how; one conversation can move in two ways.
    struct ReplayMoves {
        /// At an earlier turn.
        pub earlier: ReplayMoved,
        /// At a later turn.
        pub later: ReplayMoved,
        /// At another node or tier, or in another mode.
        pub elsewhere: ReplayMoved,
        /// With another priority or reason, or the request fares otherwise.
        pub otherwise: ReplayMoved,
        /// No more.
        pub no_more: ReplayMoved,
        /// Newly.
        pub newly: ReplayMoved,
        /// Neither before nor after, and it ends differently.
        pub ending: ReplayMoved,
    }

    /// A field of payloads.
    struct ReplayField {
        /// Payloads that only have it before.
        pub gone: u32,
        /// Payloads that only have it after.
        pub new: u32,
        /// Payloads in which it has another value.
        pub other: u32,
    }

    /// How payloads differ of those that come to a person before and after.
    struct ReplayPayload {
        /// Pairs that were compared.
        pub compared: u32,
        /// Pairs that differ.
        pub differ: u32,
        /// How, by field.
        #[ts(type = "{ readonly [field: string]: ReplayField }")]
        pub fields: Map<String, Value>,
    }

    /// Requests beside what their tier promises.
    struct ReplayPromise {
        /// In time.
        pub kept: u32,
        /// Too late.
        pub broken: u32,
        /// Of tiers that promise nothing.
        pub none: u32,
        /// Seconds of the longest wait.
        pub longest: Option<f64>,
        /// Seconds of the mean wait.
        pub mean: Option<f64>,
    }

    /// Requests before and after.
    struct ReplaySlo {
        /// Before.
        pub before: ReplayPromise,
        /// After.
        pub after: ReplayPromise,
    }

    /// A change to read.
    struct ReplaySample {
        /// The conversation.
        pub id: String,
        /// Its file.
        pub file: String,
        /// Its line there, from 1.
        pub line: u32,
        /// In which ways it moves.
        #[ts(type = "readonly (keyof ReplayMoves)[]")]
        pub moves: Vec<String>,
        /// What the customer said last.
        pub text: Option<String>,
        /// The outcome before.
        #[ts(type = "Outcome")]
        pub before: Value,
        /// The outcome after.
        #[ts(type = "Outcome")]
        pub after: Value,
    }

    /// Two versions compared.
    struct ReplayCompared {
        /// Conversations with the same outcome.
        pub same: u32,
        /// The others.
        pub changed: Vec<ReplayChange>,
        /// Who comes to a person how.
        pub moves: ReplayMoves,
        /// What the person gets.
        pub payload: ReplayPayload,
        /// How long customers wait.
        pub slo: ReplaySlo,
        /// Some of each kind of change.
        pub sample: Vec<ReplaySample>,
        /// Seconds that it took.
        pub seconds: f64,
    }

    /// A constant to move over its range.
    struct ReplaySweep {
        /// The document.
        pub doc: u32,
        /// The constant: `unsure` or `const.unsure`.
        pub constant: String,
        /// The smallest value, as text; its own `min` without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub from: Option<String>,
        /// The largest value, as text; its own `max` without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub to: Option<String>,
        /// How many points at the most; 101 without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub steps: Option<u32>,
        /// As for `replay.run`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub files: Option<Vec<String>>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// What happens at a value of a constant.
    struct ReplayPoint {
        /// The value; of all those at which the same happens, the one with the fewest digits.
        pub value: f64,
        /// It is so from here to the next point.
        pub from: f64,
        /// Whether at that very value too, and not only right behind it.
        pub at_from: bool,
        /// Conversations that come to a person.
        pub handoffs: u32,
        /// Those that should, as they are labelled, and do not.
        pub missed: u32,
        /// Those that should not and do.
        pub needless: u32,
    }

    /// A constant that was moved.
    struct ReplaySwept {
        /// Its name in conditions.
        pub constant: String,
        /// Its value in the flow.
        pub value: f64,
        /// The smallest value that was tried.
        pub from: f64,
        /// The largest value that was tried.
        pub to: f64,
        /// Whether every value was accounted for; else only those of the points were tried.
        pub exact: bool,
        /// At how many values something changes.
        pub changes: u32,
        /// Conversations that were run.
        pub conversations: u32,
        /// Those of which it is known whether a person was expected.
        pub labelled: u32,
        /// The curve.
        pub points: Vec<ReplayPoint>,
        /// Where fewest are missed and needless together; none where nothing is labelled.
        pub best: Option<ReplayPoint>,
        /// Seconds that it took.
        pub seconds: f64,
    }

    /// A value of a constant to write into the flow.
    struct ReplayPick {
        /// The document.
        pub doc: u32,
        /// The constant: `unsure` or `const.unsure`.
        pub constant: String,
        /// The value, as text.
        pub value: String,
    }

    /// The change that writes it, for `doc.apply`.
    struct ReplayPicked {
        /// The change.
        #[ts(type = "Diff")]
        pub diff: Vec<Op>,
    }
}
