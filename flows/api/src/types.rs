//! What travels between the window and the core: parameters and results of every method. The window's types are generated
//! from these. Documents travel in wire form ([`flow_model::wire`]); what is only shown is plain JSON.

mod conversations;
mod export;
mod import;
mod keys;
mod preview;
mod project;
mod publish;
mod replay;
pub mod sent;
mod target;
mod why_not;

use flow_model::diff::Op;
use flow_model::tree::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use conversations::{
    AuditedConversation, AuditedConversations, ConversationAudit, ConversationCount, ConversationGet, ConversationInfo,
    ConversationLabel, ConversationLine, ConversationList, ConversationSave, ConversationSaved, ConversationSet,
    ConversationTag, ConversationText, ConversationsAudited, ConversationsChanged, ConversationsListed,
};
pub use export::{
    CertifiedLoss, ExportCarried, ExportCarriedSaid, ExportCases, ExportCertificate, ExportCertify, ExportChange,
    ExportCompared, ExportDifference, ExportFile, ExportFileText, ExportHow, ExportKnown, ExportLast, ExportManual,
    ExportNotCompared, ExportOfPlatform, ExportPlace, ExportPlaces, ExportPlatform, ExportRemember, ExportRun,
    ExportSource, ExportStop, Exported, ExportedFile, Loss,
};
pub use import::{
    ImportColumn, ImportColumnSeen, ImportCount, ImportGuess, ImportKind, ImportMapping, ImportNote, ImportPreview,
    ImportPreviewed, ImportReport, ImportRun, ImportSniff, ImportSniffed, ImportValue, ImportValueSeen, Imported,
};
pub use keys::{KeyFault, KeyKnown, KeysMake, KeysRemove};
pub use preview::{
    Atom, ComesBack, Cut, Envelope, HandoffMade, Idempotency, Meter, Outcome, Preview, Reason, RedactedField, Request,
    Step, WaitRead, Waiting, Withdraw,
};

pub use project::{ProjectFormat, ProjectImport, ProjectImported, ProjectNote};

pub use replay::{
    Coverage, ReplayAgainst, ReplayChange, ReplayCompared, ReplayExpect, ReplayField, ReplayFound, ReplayMoved,
    ReplayMoves, ReplayOther, ReplayOutcomes, ReplayPayload, ReplayPick, ReplayPicked, ReplayPoint, ReplayProgress,
    ReplayPromise, ReplayReached, ReplayReaching, ReplayRun, ReplaySample, ReplayShrink, ReplayShrunk, ReplaySlo,
    ReplayStop, ReplaySweep, ReplaySwept, ReplayTold, Replayed,
};

pub use publish::{
    CopyChange, CopyChanges, CopyRead, CopyText, CopyTrouble, PublishTo, Published, Register, RegisterEdit,
    RegisterFallback, RegisterField, RegisterReason, RegisterRow, RegisterRows, RegisterTest, RegisterTo,
    RegisterWaiting, WriteTo, Written,
};

pub use why_not::{PreviewTurn, PreviewVcon, SignalChange, TurnHandoff, TurnStep, TurnTold, Vcon, WhyNot};

macro_rules! wire {
    ($($(#[$meta:meta])* $kind:ident $name:ident $body:tt)+) => {
        $(
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
            #[serde(deny_unknown_fields)]
            $(#[$meta])*
            pub $kind $name $body
        )+
    };
}
pub use target::{TargetFile, TargetFiles, TargetPostman, TargetSetup};
pub(crate) use wire;

wire! {
    /// No parameters.
    #[derive(Default)]
    struct Nothing {}

    /// A flow that ships with the studio.
    struct Template {
        /// Its id.
        pub id: String,
        /// What people read.
        pub title: String,
        /// What it is for.
        pub description: String,
    }

    /// What the window needs when it starts.
    struct AppStart {
        /// The version of the studio.
        pub version: String,
        /// A file to open at once.
        pub open: Option<String>,
        /// Files that were open, the last one first.
        pub recent: Vec<String>,
        /// Flows that ship with the studio.
        pub templates: Vec<Template>,
        /// `light` or `dark`; the system's choice without.
        pub theme: Option<String>,
    }

    /// What is opened: a file, a copy of a shipped flow, or a text without a file.
    #[serde(untagged)]
    enum DocOpen {
        /// A file.
        Path {
            /// Where it is.
            path: String,
        },
        /// A shipped flow, as an untitled copy.
        Template {
            /// Its id.
            template: String,
        },
        /// A text, such as a pasted one.
        Text {
            /// The document.
            text: String,
            /// What to call it.
            name: String,
        },
    }

    /// An open document.
    struct DocOpened {
        /// Its number.
        pub doc: u32,
        /// Its file; none until it is saved.
        pub path: Option<String>,
        /// The document.
        #[ts(type = "Json")]
        pub tree: Json,
        /// Counts its changes.
        pub revision: u32,
        /// What is wrong with it.
        pub problems: Vec<Problem>,
        /// The edges that no values take; absent where there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<Drawn>>")]
        pub infeasible: Vec<Drawn>,
        /// It can be looked at only: its file may not be written, or another window edits it.
        pub readonly: bool,
        /// Work that was not saved when the studio ended is in it again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub recovered: Option<bool>,
    }

    /// An edge, by where it is drawn from.
    struct Drawn {
        /// The card.
        pub node: String,
        /// Its port, as steps and coverage write it: `branches[0]`, `errors.CODE`.
        pub port: String,
    }

    /// A change of a document.
    struct DocApply {
        /// The document.
        pub doc: u32,
        /// The change.
        #[ts(type = "Diff")]
        pub diff: Vec<Op>,
        /// The revision that it is based on.
        pub revision: u32,
    }

    /// The document after a change.
    struct DocApplied {
        /// The new revision.
        pub revision: u32,
        /// What is wrong with it now.
        pub problems: Vec<Problem>,
        /// The edges that no values take; absent where there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<Drawn>>")]
        pub infeasible: Vec<Drawn>,
    }

    /// Where to save.
    struct DocSave {
        /// The document.
        pub doc: u32,
        /// Another file than its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub path: Option<String>,
        /// Also over what another program wrote there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub overwrite: Option<bool>,
    }

    /// A document that was saved.
    struct DocSaved {
        /// Its file.
        pub path: String,
        /// When, as RFC 3339.
        pub saved_at: String,
    }

    /// A document.
    struct InDoc {
        /// Its number.
        pub doc: u32,
    }

    /// The canonical text of a document.
    struct DocText {
        /// The text.
        pub text: String,
    }

    /// What a rule finds.
    struct Explain {
        /// The code of the rule.
        pub code: String,
    }

    /// A manual page.
    struct Explained {
        /// As Markdown.
        pub markdown: String,
    }

    /// A platform that a flow can be checked for.
    struct CheckedPlatform {
        /// Its name on the command line.
        pub id: String,
        /// What people read.
        pub title: String,
        /// Whether it can be exported to.
        pub exported: bool,
    }

    /// A check for a platform.
    struct CheckPlatform {
        /// The document.
        pub doc: u32,
        /// The platform.
        pub r#for: String,
    }

    /// A sentence of the core with its parts, for a window that speaks another language.
    struct Sentence {
        /// Its English words, with `{name}` where a part stands, and `{{` and `}}` for braces.
        pub words: String,
        /// Its parts by name.
        pub parts: Vec<(String, SentencePart)>,
    }

    /// What stands in a sentence: somebody's own words, or a sentence again.
    #[serde(untagged)]
    enum SentencePart {
        /// Somebody's own words.
        Text(String),
        /// A sentence.
        Said(Sentence),
    }

    /// A safe change that removes a problem.
    struct Fix {
        /// What it does, in English.
        pub title: String,
        /// The same as a sentence with its parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub said: Option<Sentence>,
        /// The change.
        #[ts(type = "Diff")]
        pub diff: Vec<Op>,
    }

    /// How bad something is.
    #[derive(Copy)]
    #[serde(rename_all = "lowercase")]
    enum Severity {
        /// Wrong.
        Error,
        /// Probably not what is meant.
        Warning,
        /// Worth knowing.
        Info,
    }

    /// Something that is wrong with a document.
    struct Problem {
        /// The same for the same problem while the document around it moves; absent where the document cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub id: Option<String>,
        /// The code of the rule.
        pub code: String,
        /// How bad it is.
        pub severity: Severity,
        /// The card that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub node: Option<String>,
        /// The trigger that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub trigger: Option<String>,
        /// JSON pointer into the document.
        pub path: String,
        /// First UTF-16 unit and the one past the last, in the text at `path`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "readonly [number, number]")]
        pub span: Option<(u32, u32)>,
        /// What, why and what to do, in English.
        pub message: String,
        /// The same as a sentence with its parts; absent where its words have no other language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub said: Option<Sentence>,
        /// A case that shows it: name and value, `null` = unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "{ readonly [name: string]: Plain }")]
        pub witness: Option<serde_json::Map<String, Value>>,
        /// The cards from the start to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub path_to_it: Option<Vec<String>>,
        /// A safe way out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub fix: Option<Fix>,
        /// Line of a file that cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub line: Option<u32>,
        /// Column of a file that cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub column: Option<u32>,
    }

    /// What a problem says can happen; its keys are those of the problem.
    struct Shown {
        /// The document.
        pub doc: u32,
        /// The card that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub node: Option<String>,
        /// The trigger that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub trigger: Option<String>,
        /// The case that shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "{ readonly [name: string]: Plain }")]
        pub witness: Option<serde_json::Map<String, Value>>,
        /// The cards from the start to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub path_to_it: Option<Vec<String>>,
        /// A number of the caller's, by which the search can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// Problems to show as conversations, one after the other.
    struct AllShown {
        /// The document.
        pub doc: u32,
        /// The problems; each has an id.
        pub problems: Vec<Problem>,
        /// Cards that no values lead to, as the checks say.
        pub nowhere: Vec<String>,
        /// A number of the caller's, by which the search can be stopped.
        pub ticket: u32,
    }

    /// A problem as a conversation, or why there is none to show.
    struct ProblemShown {
        /// The problem's id.
        pub problem: String,
        /// The conversation, as a line of a conversations file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub text: Option<String>,
        /// Why there is none, in English.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub why: Option<String>,
        /// The same as a sentence with its parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub said: Option<Sentence>,
        /// Whether it is known that there is none, so that nobody need look for longer.
        pub never: bool,
    }

    /// Where a condition stands, since some names exist only there.
    #[derive(Default)]
    struct At {
        /// The card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub node: Option<String>,
        /// The trigger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub trigger: Option<String>,
        /// The list of the card, such as `overflow`; elsewhere the section of the document, such as `scores`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub row: Option<String>,
    }

    /// A condition that is being written.
    struct ConditionCheck {
        /// The document.
        pub doc: u32,
        /// The condition.
        pub text: String,
        /// Where it stands.
        pub at: At,
    }

    /// Something that is wrong with a condition.
    struct Fault {
        /// Its kind.
        pub code: String,
        /// What is wrong and what to write instead, in English.
        pub message: String,
        /// The same as a sentence with its parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub said: Option<Sentence>,
        /// First UTF-16 unit.
        pub start: u32,
        /// One past the last.
        pub end: u32,
        /// How bad it is.
        pub severity: Severity,
    }

    /// What there is to say about a condition.
    struct ConditionChecked {
        /// What is wrong.
        pub faults: Vec<Fault>,
        /// It in plain words; none where it cannot be read.
        pub words: Option<String>,
        /// It in canonical form; none where it cannot be read.
        pub canonical: Option<String>,
        /// A case in which it holds: name and value, `null` = unset.
        #[ts(type = "{ readonly [signal: string]: Plain } | null")]
        pub witness: Option<serde_json::Map<String, Value>>,
    }

    /// What can be written next is wanted.
    struct ConditionComplete {
        /// The document.
        pub doc: u32,
        /// The condition so far.
        pub text: String,
        /// Where the cursor stands, in UTF-16 units.
        pub offset: u32,
        /// Where the condition stands.
        pub at: At,
    }

    /// Something that can be written next.
    struct Completion {
        /// What the list shows.
        pub label: String,
        /// What it is.
        pub detail: Option<String>,
        /// What is written.
        pub insert: Option<String>,
        /// First UTF-16 unit of what it replaces.
        pub start: u32,
        /// One past the last.
        pub end: u32,
    }

    /// Places for all cards.
    struct Tidied {
        /// Each card with its upper left corner.
        #[ts(type = "ReadonlyArray<readonly [string, readonly [number, number]]>")]
        pub positions: Vec<(String, (i32, i32))>,
    }

    /// A conversation to run.
    struct PreviewRun {
        /// The document.
        pub doc: u32,
        /// The conversation.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        pub conversation: Value,
        /// A contact centre; all of them without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub target: Option<String>,
        /// An environment; the first of the folder without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub env: Option<String>,
        /// Another version of the flow, run in its place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub other: Option<ReplayOther>,
    }

    /// A text of a customer.
    struct GuessText {
        /// The document, for its intents.
        pub doc: u32,
        /// What the customer says.
        pub text: String,
    }

    /// What is guessed of a text.
    struct Guess {
        /// The intent whose examples are like it.
        pub intent: Option<String>,
        /// Not known for what is matched by examples.
        pub confidence: Option<f64>,
        /// Its mood, from -1 to 1.
        pub sentiment: Option<f64>,
    }
}

/// A declaration for the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its comment.
    pub docs: Option<String>,
    /// Its text.
    pub text: String,
}

macro_rules! declared {
    ($($name:ty),+ $(,)?) => {
        /// Every type of the window, in the order in which it is written.
        #[must_use]
        pub fn declarations(config: &ts_rs::Config) -> Vec<Declaration> {
            vec![$(Declaration { docs: <$name as TS>::docs(), text: <$name as TS>::decl(config) }),+]
        }
    };
}

declared! {
    Template, AppStart, DocOpen, Severity, Sentence, SentencePart, Fix, Problem, DocOpened, Drawn, DocApply, DocApplied, DocSave, DocSaved, InDoc, DocText,
    Explain, Explained, CheckedPlatform, CheckPlatform, Shown, AllShown, ProblemShown, At, ConditionCheck, Fault, ConditionChecked, ConditionComplete, Completion, Tidied,
    ConversationCount, ConversationLine, ConversationSet, ConversationList, ConversationInfo, ConversationsListed, ConversationGet, ConversationText, ConversationSave, ConversationSaved, ConversationLabel, ConversationTag, ConversationsChanged, ConversationAudit, AuditedConversation, AuditedConversations, ConversationsAudited, PreviewRun, Cut, Request,
    Meter, WaitRead, Withdraw, ComesBack, Idempotency, Atom, Step, Outcome, Reason, RedactedField, Envelope, HandoffMade, Waiting, Preview, GuessText, Guess, ExportPlatform,
    ReplayRun, ReplayProgress, ReplayStop, ReplayOutcomes, ReplayExpect, Coverage, ReplayTold, Replayed,
    ReplayReaching, ReplayFound, ReplayReached, ReplayShrink, ReplayShrunk, ReplayOther, ReplayAgainst, ReplayChange,
    ReplayMoved, ReplayMoves, ReplayField, ReplayPayload, ReplayPromise, ReplaySlo, ReplaySample, ReplayCompared,
    PreviewTurn, SignalChange, TurnStep, TurnHandoff, TurnTold, WhyNot, PreviewVcon, Vcon, ReplaySweep, ReplayPoint,
    ReplaySwept, ReplayPick, ReplayPicked, ExportKnown, ExportOfPlatform, ExportRemember, ExportRun, ExportStop, Loss,
    ExportChange, ExportedFile, ExportSource, ExportLast, ExportHow, ExportPlace, ExportCarried, ExportCarriedSaid, ExportPlaces, Exported,
    ExportFile, ExportFileText, ExportManual, ExportCertify, CertifiedLoss, ExportCases, ExportCompared,
    ExportNotCompared, ExportDifference, ExportCertificate,
    RegisterRows, RegisterReason, RegisterTo, RegisterWaiting, RegisterField, RegisterFallback, RegisterTest, RegisterEdit, RegisterRow, Register,
    WriteTo, Written, CopyText, CopyRead, CopyTrouble, CopyChange, CopyChanges, PublishTo, Published,
    ImportSniff, ImportKind, ImportGuess, ImportSniffed, ImportColumn, ImportValue, ImportMapping, ImportPreview, ImportColumnSeen, ImportValueSeen, ImportNote, ImportCount, ImportReport, ImportPreviewed, ImportRun, Imported,
    ProjectFormat, ProjectImport, ProjectNote, ProjectImported,
    TargetPostman, TargetSetup, TargetFile, TargetFiles, KeyFault, KeyKnown, KeysMake, KeysRemove, crate::error::Code, crate::error::FileFault, crate::error::Error,
}
