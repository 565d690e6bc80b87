//! What an export gives.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::archive;

/// Something of the flow that a platform cannot carry as it was meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// The node, where it is about one; those of a subflow as `flow/node`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What the flow means.
    pub meant: String,
    /// What was written instead.
    pub written: String,
    /// Why.
    pub why: String,
}

/// The files of an export and what they do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Contents by path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the platform cannot carry.
    pub losses: Vec<Loss>,
    /// What was made sure of.
    pub checked: Vec<String>,
}

impl Bundle {
    /// Its files as the bytes of one zip file, the same on every machine.
    ///
    /// # Errors
    /// More files or bytes than a plain zip file can have.
    pub fn zip(&self) -> Result<Vec<u8>, ExportError> {
        archive::zip(&self.files)
    }
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Cards that are not decided yet.
    #[error("not decided yet, so nothing is exported: {}", .0.join(", "))]
    TodoCards(Vec<String>),
    /// A platform that does not exist.
    #[error("no platform is named {0}; there is {1}")]
    NoSuchPlatform(String, String),
    /// A platform for which no export is built yet.
    #[error("the export to {0} is not built yet; `handoff check FLOW --for {1}` says what it can carry")]
    NotBuilt(&'static str, &'static str),
    /// A zip file that would be too big.
    #[error("the export is too big for a zip file; write it to a folder")]
    TooBig,
    /// A text that stands in the studio and not in the flow could not be filled in.
    #[error("the file {file} could not be written: {why}")]
    Template {
        /// Its path in the bundle.
        file: String,
        /// What the template engine says.
        why: String,
    },
}
