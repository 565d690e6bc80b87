//! Exports: the platforms, what is asked for and what comes of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::wire;

wire! {
    /// A platform.
    struct ExportPlatform {
        /// Its name on the command line.
        pub id: String,
        /// What people read.
        pub title: String,
        /// What is made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub description: Option<String>,
    }

    /// An export that is wanted.
    struct ExportRun {
        /// The document.
        pub doc: u32,
        /// The platform.
        pub platform: String,
        /// A folder to write it to, or a file that ends in `.zip`; without one it is only shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
        /// Whether files in the way are replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force: bool,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
        /// An environment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub env: Option<String>,
    }

    /// An export that is not wanted any more.
    struct ExportStop {
        /// The number it was asked for with.
        pub ticket: u32,
    }

    /// What a platform cannot carry.
    struct Loss {
        /// The card.
        pub node: Option<String>,
        /// What the flow means.
        pub meant: String,
        /// What was written instead.
        pub written: String,
        /// Why.
        pub why: String,
    }

    /// A file of an export.
    struct ExportedFile {
        /// Its path, with `/` between folders.
        pub path: String,
        /// Its content; none where it is no text or too long to be shown.
        pub text: Option<String>,
        /// Its length.
        pub bytes: u32,
    }

    /// An export.
    struct Exported {
        /// The files.
        pub files: Vec<ExportedFile>,
        /// What the platform cannot carry.
        pub losses: Vec<Loss>,
        /// What was made sure of.
        pub checked: Vec<String>,
        /// The folder that it was written to.
        pub written: Option<String>,
    }
}
