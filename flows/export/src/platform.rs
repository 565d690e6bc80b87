//! The platforms, listed once.

use std::collections::BTreeMap;
use std::sync::Arc;

use flow_model::flow::{Flow, Kind};

use crate::bundle::{Bundle, ExportError, Loss};
use crate::case::Case;
use crate::rasa::Rasa;

/// A flow and the flows that it calls, by id.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The flow.
    pub flow: &'a Flow,
    /// What its `subflow` cards, and theirs, name.
    pub subflows: &'a BTreeMap<String, Arc<Flow>>,
}

impl<'a> Source<'a> {
    /// The flow and everything it calls, in the order of first mention.
    ///
    /// # Errors
    /// A subflow that was not handed over.
    pub fn flows(&self) -> Result<Vec<(&'a str, &'a Flow)>, ExportError> {
        let mut found: Vec<(&'a str, &'a Flow)> = vec![(self.flow.id.as_str(), self.flow)];
        let mut next = 0;
        while let Some((_, flow)) = found.get(next).copied() {
            next += 1;
            for node in flow.nodes.values() {
                let Kind::Subflow(called) = &node.kind else { continue };
                if found.iter().any(|(id, _)| *id == called.flow) {
                    continue;
                }
                let Some((id, callee)) = self.subflows.get_key_value(&called.flow) else {
                    return Err(ExportError::SubflowMissing(called.flow.clone()));
                };
                found.push((id, callee));
            }
        }
        Ok(found)
    }

    /// Refuses cards that are not decided yet.
    ///
    /// # Errors
    /// Names every `todo` card.
    pub fn decided(&self) -> Result<(), ExportError> {
        let mut cards = Vec::new();
        for (id, flow) in self.flows()? {
            let todo = flow.nodes.iter().filter(|(_, node)| matches!(node.kind, Kind::Todo(_)));
            cards.extend(todo.map(|(node, _)| if id == self.flow.id { node.clone() } else { format!("{id}/{node}") }));
        }
        if cards.is_empty() { Ok(()) } else { Err(ExportError::TodoCards(cards)) }
    }
}

/// A platform where bots run.
pub trait Platform: Sync {
    /// Its name on the command line.
    fn id(&self) -> &'static str;
    /// What it cannot carry of a flow, half-drawn ones too.
    fn limits(&self, flow: &Flow) -> Vec<Loss>;
    /// The project.
    ///
    /// # Errors
    /// Cards that are not decided yet.
    fn write(&self, source: Source<'_>, cases: &[Case]) -> Result<Bundle, ExportError>;
}

/// Every platform.
pub const PLATFORMS: &[&dyn Platform] = &[&Rasa];

/// A platform by its name.
///
/// # Errors
/// A name that no platform has.
pub fn platform(id: &str) -> Result<&'static dyn Platform, ExportError> {
    PLATFORMS.iter().copied().find(|platform| platform.id() == id).ok_or_else(|| {
        let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.id()).collect();
        ExportError::NoSuchPlatform(id.to_owned(), known.join(", "))
    })
}
