//! What a contact centre is given beside its requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::wire;

wire! {
    /// A Postman collection and environment of a previewed conversation.
    struct TargetPostman {
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
        /// A folder to write it to; without one it is only shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
        /// Whether files in the way are replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force: bool,
    }

    /// The files that set contact centres up for a flow.
    struct TargetSetup {
        /// The document.
        pub doc: u32,
        /// A contact centre; those that the flow speaks of without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub target: Option<String>,
        /// An environment; the first of the folder without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub env: Option<String>,
        /// A folder to write it to; without one it is only shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
        /// Whether files in the way are replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force: bool,
    }

    /// A file for a contact centre.
    struct TargetFile {
        /// Its path, with `/` between folders.
        pub path: String,
        /// Its content; none where it is no text.
        pub text: Option<String>,
        /// Its length.
        pub bytes: u32,
    }

    /// Files for a contact centre.
    struct TargetFiles {
        /// The files.
        pub files: Vec<TargetFile>,
        /// The folder that they were written to.
        pub written: Option<String>,
    }
}
