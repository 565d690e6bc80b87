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
}

/// All targets, in the order in which they are shown.
pub const TARGETS: &[&dyn Target] = &[&zendesk::Zendesk];

/// The target of an id.
#[must_use]
pub fn target(id: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.id() == id)
}
