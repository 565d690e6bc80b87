//! Conversations of other tools, as the window maps them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::wire;

wire! {
    /// A file that conversations may come from.
    struct ImportSniff {
        /// Its path.
        pub path: String,
    }

    /// A kind of file.
    struct ImportKind {
        /// Its id.
        pub id: String,
        /// What people read.
        pub title: String,
    }

    /// What a file may be.
    struct ImportGuess {
        /// The kind.
        pub kind: String,
        /// How sure that is, in percent.
        pub confidence: u32,
        /// Why.
        pub reason: String,
    }

    /// What a file may be, and everything that a mapping can say.
    struct ImportSniffed {
        /// The name of the file.
        pub name: String,
        /// Its length in bytes.
        pub bytes: f64,
        /// Tells whether it was changed since: for `import.run`.
        pub stamp: String,
        /// The surest first; empty where nothing is known.
        pub guesses: Vec<ImportGuess>,
        /// Every kind.
        pub kinds: Vec<ImportKind>,
        /// What a column can mean; `NAME` stands for a name of one's own.
        pub roles: Vec<String>,
        /// What a row can be.
        pub means: Vec<String>,
        /// What a call can be.
        pub calls: Vec<String>,
    }

    /// What a column means.
    struct ImportColumn {
        /// The column.
        pub from: String,
        /// What it means.
        pub to: String,
        /// How its values are kept: `plain`, `text`, `number`, `percent`, `bool`.
        #[serde(rename = "as")]
        pub kept: String,
    }

    /// What a value stands for.
    struct ImportValue {
        /// The value.
        pub value: String,
        /// What it stands for.
        pub means: String,
    }

    /// How a file becomes conversations; lists in place of maps, in the order of the file.
    struct ImportMapping {
        /// The kind of file.
        pub kind: String,
        /// What its bytes mean.
        pub encoding: String,
        /// Where its records are, in JSON.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub shape: Option<String>,
        /// The key of the list of records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub list: Option<String>,
        /// The key of the rows of a conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub rows: Option<String>,
        /// What stands between the columns of a table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub delimiter: Option<String>,
        /// Whether the first line of a table names its columns.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub header: Option<bool>,
        /// What conversations without an id are called.
        pub name: String,
        /// The order of dates: `dmy`, `mdy`, `ymd`.
        pub dates: String,
        /// Minutes that times without a zone are ahead of UTC.
        pub zone: i32,
        /// Whether rows that do not say their conversation are all of one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub together: Option<bool>,
        /// After so many seconds without a word another conversation begins.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub gap: Option<u32>,
        /// What columns mean.
        pub columns: Vec<ImportColumn>,
        /// What rows are, by the value of their `who` column.
        pub who: Vec<ImportValue>,
        /// What rows with another value are.
        pub others: String,
        /// What calls were.
        pub calls: Vec<ImportValue>,
        /// Intents by the name that the flow has for them.
        pub intents: Vec<ImportValue>,
    }

    /// A file to look at by a mapping, or by the one that is proposed.
    struct ImportPreview {
        /// Its path.
        pub path: String,
        /// The kind to propose a mapping for; the surest without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub kind: Option<String>,
        /// The mapping.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub mapping: Option<ImportMapping>,
        /// A saved mapping to read instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub mapping_path: Option<String>,
        /// How many conversations are shown.
        pub first: u32,
    }

    /// A column of the file.
    struct ImportColumnSeen {
        /// Its name.
        pub from: String,
        /// How many values it has at the start of the file.
        pub count: u32,
        /// Some of them, shortened.
        pub examples: Vec<String>,
    }

    /// A value of the file that decides what a row or a call is.
    struct ImportValueSeen {
        /// The value.
        pub value: String,
        /// How often it is there at the start of the file.
        pub count: u32,
        /// Words of such a row.
        pub example: String,
        /// What the mapping says it is.
        pub means: String,
    }

    /// Something that was not understood.
    struct ImportNote {
        /// The line, from 1.
        pub line: u32,
        /// What.
        pub what: String,
        /// Why, and what became of it.
        pub why: String,
    }

    /// How often something was there.
    struct ImportCount {
        /// What.
        pub name: String,
        /// How often.
        pub count: u32,
    }

    /// What was read.
    struct ImportReport {
        /// Conversations written.
        pub conversations: u32,
        /// Elements of their `turns`.
        pub turns: u32,
        /// Rows read.
        pub rows: u32,
        /// Things that were not understood.
        pub notes: u32,
        /// Rows that the mapping leaves out, by value.
        pub skipped: Vec<ImportCount>,
        /// Columns with values that the mapping does not speak of.
        pub unused: Vec<ImportCount>,
    }

    /// What comes of the start of a file.
    struct ImportPreviewed {
        /// What the file is taken for, and why.
        pub guess: ImportGuess,
        /// The mapping that was used.
        pub mapping: ImportMapping,
        /// Its columns.
        pub columns: Vec<ImportColumnSeen>,
        /// Who speaks in it.
        pub speakers: Vec<ImportValueSeen>,
        /// Its calls.
        pub calls: Vec<ImportValueSeen>,
        /// Its intents.
        pub intents: Vec<String>,
        /// The first conversations, a line each.
        pub conversations: Vec<String>,
        /// What was not understood, the first of it.
        pub notes: Vec<ImportNote>,
        /// Counts of the start.
        pub report: ImportReport,
        /// Whether the start is all of the file.
        pub whole: bool,
    }

    /// A file to import.
    struct ImportRun {
        /// Its path.
        pub path: String,
        /// The mapping.
        pub mapping: ImportMapping,
        /// The conversations file to write.
        pub out: String,
        /// Whether a file in the way is replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force: bool,
        /// What `import.sniff` said: a file that was changed since is not imported by a mapping that was made for what it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub stamp: Option<String>,
        /// Where to save the mapping.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub mapping_out: Option<String>,
        /// Whether a mapping in the way is replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force_mapping: bool,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A file that was imported.
    struct Imported {
        /// The conversations file.
        pub out: String,
        /// Counts.
        pub report: ImportReport,
        /// What was not understood, the first of it.
        pub notes: Vec<ImportNote>,
    }
}
