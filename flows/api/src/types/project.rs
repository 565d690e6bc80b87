//! Projects of other tools, as the window imports them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DocOpened, wire};

wire! {
    /// A kind of project that can be imported.
    struct ProjectFormat {
        /// Its id.
        pub id: String,
        /// What people read.
        pub title: String,
        /// What is read of it.
        pub about: String,
    }

    /// A project to import.
    struct ProjectImport {
        /// Its folder, zip file or file.
        pub path: String,
        /// The kind; the surest without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub format: Option<String>,
    }

    /// Something that is told of an import.
    struct ProjectNote {
        /// Why it is told: `not-understood`, `condition`, `missing` …
        pub code: String,
        /// The file; empty where it is about all of them.
        pub file: String,
        /// The JSON pointer of the place in it.
        pub pointer: String,
        /// The line, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub line: Option<u32>,
        /// What, in words.
        pub what: String,
        /// Where it is kept: `card`, `note`, `document`, `nothing`.
        pub kept: String,
        /// The card that it is kept with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub card: Option<String>,
        /// Whether it was understood, and is only good to know.
        pub understood: bool,
    }

    /// A project as an open flow, untitled.
    struct ProjectImported {
        /// The kind of project.
        pub format: String,
        /// What people read of the kind.
        pub title: String,
        /// The flow, open.
        pub opened: DocOpened,
        /// What was not understood, and what is good to know.
        pub notes: Vec<ProjectNote>,
        /// Values of the project that were looked at.
        pub elements: u32,
    }
}
