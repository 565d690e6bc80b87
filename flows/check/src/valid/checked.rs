//! The proof that a flow is valid, as a type.

use std::sync::Arc;

use flow_model::canonical;
use flow_model::document::Document;
use flow_model::flow::Flow;
use flow_model::names::Names;
use flow_model::tree::Json;
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

/// A flow whose hard rules hold. Only [`super::valid`] makes one.
#[derive(Clone, Debug)]
pub struct Checked {
    flow: Arc<Flow>,
    tree: Arc<Json>,
    names: Arc<Names>,
    revision: String,
    subflows: IndexMap<String, Arc<Checked>>,
}

impl Checked {
    pub(super) fn new(document: &Document, names: Arc<Names>, subflows: IndexMap<String, Arc<Checked>>) -> Self {
        Self {
            flow: Arc::new(document.flow.clone()),
            tree: Arc::new(document.tree.clone()),
            names,
            revision: revision(&document.tree),
            subflows,
        }
    }

    /// The typed flow.
    #[must_use]
    pub fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// The document.
    #[must_use]
    pub fn tree(&self) -> &Json {
        &self.tree
    }

    /// Every name of the flow.
    #[must_use]
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// The first 12 hexadecimal digits of the SHA-256 of the canonical text.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// A flow that a `subflow` node calls, by its id.
    #[must_use]
    pub fn subflow(&self, id: &str) -> Option<&Arc<Checked>> {
        self.subflows.get(id)
    }

    /// The flows that are called, by id, in the order of their first call.
    pub fn subflows(&self) -> impl Iterator<Item = (&str, &Arc<Checked>)> {
        self.subflows.iter().map(|(id, flow)| (id.as_str(), flow))
    }
}

/// The revision of a document.
#[must_use]
fn revision(tree: &Json) -> String {
    let hash = Sha256::digest(canonical::text(tree).as_bytes());
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
