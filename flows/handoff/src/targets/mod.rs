//! Places where people answer: one file each, one line in [`TARGETS`]. No platform is known here.

mod sized;
mod zendesk;

use flow_model::flow;

use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Limit, Request};

/// A place where people answer.
pub trait Target: Sync {
    /// As a flow's `targets` name it.
    fn id(&self) -> &'static str;

    /// What people read.
    fn title(&self) -> &'static str;

    /// The exact request of an envelope, with those that follow.
    fn request(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request;

    /// Its limits, each with its source.
    fn limits(&self) -> &'static [Limit];

    /// The places that a flow's `fields` may name; one that ends with a dot is followed by a name. Empty where any will do.
    fn places(&self) -> &'static [&'static str] {
        &[]
    }

    /// The names that every request takes from the environment, beside those that the flow writes.
    fn environment(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it has a place that a flow's `fields` name.
    fn has_place(&self, place: &str) -> bool {
        let is = |known: &&str| {
            if known.ends_with('.') { place.len() > known.len() && place.starts_with(*known) } else { place == *known }
        };
        self.places().is_empty() || self.places().iter().any(is)
    }
}

/// All targets, in the order in which they are shown.
pub const TARGETS: &[&dyn Target] = &[&zendesk::Zendesk];

/// The target of an id.
#[must_use]
pub fn target(id: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.id() == id)
}
