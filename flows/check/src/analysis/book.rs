//! Every condition is parsed once, however many rules look at it.

use std::sync::{Arc, PoisonError, RwLock};

use flow_conditions::parse::{Parsed, parse, parse_payload};
use flow_conditions::quick::Quick;
use indexmap::{IndexMap, IndexSet};

type Shelf = IndexMap<String, Arc<Parsed>, Quick>;

/// Parsed conditions and expressions, by their text.
#[derive(Debug, Default)]
pub(crate) struct Book {
    conditions: RwLock<Shelf>,
    payloads: RwLock<Shelf>,
}

impl Book {
    /// A condition.
    pub(crate) fn condition(&self, source: &str) -> Arc<Parsed> {
        look_up(&self.conditions, source, parse)
    }

    /// The expression of a payload, an assignment or an input.
    pub(crate) fn payload(&self, source: &str) -> Arc<Parsed> {
        look_up(&self.payloads, source, parse_payload)
    }

    /// Every name in what was parsed so far; after validity was looked at, that is all of the document.
    pub(crate) fn names(&self) -> IndexSet<String, Quick> {
        let shelves = [&self.conditions, &self.payloads];
        let mut names: IndexSet<String, Quick> = IndexSet::default();
        for shelf in shelves {
            let shelf = shelf.read().unwrap_or_else(PoisonError::into_inner);
            for (name, _) in shelf.values().flat_map(|parsed| parsed.expr.names()) {
                if !names.contains(&*name) {
                    names.insert(name.to_string());
                }
            }
        }
        names
    }
}

/// Whoever comes second with the same text gets what the first one has put there, so that equal texts are one `Arc`.
fn look_up(shelf: &RwLock<Shelf>, source: &str, read: fn(&str) -> Parsed) -> Arc<Parsed> {
    if let Some(found) = shelf.read().unwrap_or_else(PoisonError::into_inner).get(source) {
        return Arc::clone(found);
    }
    let parsed = Arc::new(read(source));
    let mut shelf = shelf.write().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(shelf.entry(source.to_owned()).or_insert(parsed))
}
