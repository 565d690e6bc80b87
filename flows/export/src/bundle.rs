//! What an export gives.

use std::collections::BTreeMap;
use std::fmt;

use flow_conditions::said::Said;
use flow_conditions::say;

use crate::archive;

/// Something of the flow that a platform cannot carry as it was meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loss {
    /// The node, where it is about one; those of a subflow as `flow/node`.
    pub node: Option<String>,
    /// What the flow means.
    pub meant: Said,
    /// What was written instead.
    pub written: Said,
    /// Why.
    pub why: Said,
}

/// The files of an export and what they do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Contents by path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the platform cannot carry.
    pub losses: Vec<Loss>,
    /// What was made sure of.
    pub checked: Vec<Said>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// Cards that are not decided yet.
    TodoCards(Vec<String>),
    /// A platform that does not exist.
    NoSuchPlatform(String, String),
    /// A platform for which no export is built yet.
    NotBuilt(&'static str, &'static str),
    /// A zip file that would be too big.
    TooBig,
    /// A text that stands in the studio and not in the flow could not be filled in.
    Template {
        /// Its path in the bundle.
        file: String,
        /// What the template engine says.
        why: String,
    },
}

impl ExportError {
    /// It in words.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::TodoCards(cards) => {
                say!("not decided yet, so nothing is exported: {cards}", cards = cards.join(", "))
            }
            Self::NoSuchPlatform(name, known) => say!("no platform is named {name}; there is {known}", name, known),
            Self::NotBuilt(title, id) => say!(
                "the export to {title} is not built yet; `handoff check FLOW --for {id}` says what it can carry",
                title,
                id
            ),
            Self::TooBig => say!("the export is too big for a zip file; write it to a folder"),
            Self::Template { file, why } => say!("the file {file} could not be written: {why}", file, why),
        }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl std::error::Error for ExportError {}
