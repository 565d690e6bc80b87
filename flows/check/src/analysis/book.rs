//! Every condition is parsed once, however many rules look at it.

use std::cell::RefCell;
use std::sync::Arc;

use flow_conditions::parse::{Parsed, parse, parse_payload};
use flow_conditions::quick::Quick;
use indexmap::{IndexMap, IndexSet};

type Shelf = IndexMap<String, Arc<Parsed>, Quick>;

/// Parsed conditions and expressions, by their text.
#[derive(Debug, Default)]
pub(crate) struct Book {
    conditions: RefCell<Shelf>,
    payloads: RefCell<Shelf>,
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
    pub(crate) fn names(&self) -> IndexSet<String> {
        let (conditions, payloads) = (self.conditions.borrow(), self.payloads.borrow());
        let all = conditions.values().chain(payloads.values());
        all.flat_map(|parsed| parsed.expr.names()).map(|(name, _)| name.to_string()).collect()
    }
}

fn look_up(map: &RefCell<Shelf>, source: &str, read: fn(&str) -> Parsed) -> Arc<Parsed> {
    if let Some(found) = map.borrow().get(source) {
        return Arc::clone(found);
    }
    let parsed = Arc::new(read(source));
    map.borrow_mut().insert(source.to_owned(), Arc::clone(&parsed));
    parsed
}
