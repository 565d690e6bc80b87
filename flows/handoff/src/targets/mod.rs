//! Places where people answer: one file each, one line in [`TARGETS`]. No platform is known here.
//!
//! A target says everything about itself behind [`Target`]: the exact requests, limits, set-up files, wait, withdrawal and
//! return. What it shares with others stands beside it: [`sized`] makes a body fit, [`carriage`] has the three shapes in
//! which context travels (a flat map, JSON in a text, the fields of a record), [`note`] writes it for people to read, and
//! [`says`] holds the types of the rest.

mod amazon_connect;
#[cfg(test)]
pub(crate) mod any;
mod bot_framework;
pub mod carriage;
mod genesys;
pub mod names;
pub mod note;
mod salesforce;
mod salesforce_case;
mod salesforce_messaging;
pub mod says;
pub mod sent;
#[cfg(test)]
mod setup_tests;
pub mod sized;
mod sunshine;
pub mod taken;
#[cfg(test)]
mod tests;
mod twilio_flex;
mod zendesk;

use flow_model::flow::{self, Flow};

use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Limit, Request};
pub use says::{Auth, Idempotency, Known, Maps, Return, SetupFile, Wait, Withdrawal};

/// A place where people answer.
///
/// Names: an id of the environment or an answer of a request before stands as `{{name}}` where it has no value yet;
/// `{{handoff_id}}` and `{{conversation_id}}` are never left so. Secrets never stand anywhere: a header that carries one
/// is empty, and [`Target::secrets`] names it.
pub trait Target: Sync {
    /// As a flow's `targets` name it.
    fn id(&self) -> &'static str;

    /// What people read.
    fn title(&self) -> &'static str;

    /// Whether what is sent stands in a chat: there, card numbers, passwords, keys and tokens are blocked, never masked.
    fn chat(&self) -> bool;

    /// How a handoff of this mode (`transfer`, `copilot`, `ticket`, `callback`) is carried, in words. Every mode goes
    /// somewhere; where the target has nothing of its own for it, this says what is made instead.
    fn carries(&self, mode: &str) -> &'static str;

    /// The exact request of an envelope, with those that follow in its `then`, in order; each says how its body is to be
    /// read and what later ones take from its answer.
    /// Asked for by `request`, which sees to it that no two values have one place.
    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request;

    /// Its limits, each with its source.
    fn limits(&self) -> &'static [Limit];

    /// How the wait is read, and whether before or only after the request.
    fn wait(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Wait;

    /// How a request that nobody has taken yet is withdrawn.
    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal;

    /// How control comes back: each event with what it means and what of it becomes which key of the resume envelope.
    fn returns(&self) -> &'static [Return];

    /// What keeps a request that is sent twice from being two; the key is always the id of the handoff.
    fn idempotency(&self) -> Idempotency;

    /// How it wants to know who asks.
    fn auth(&self) -> Auth;

    /// Names of the secrets that its requests need; their values are never in a file.
    fn secrets(&self) -> &'static [&'static str];

    /// Files that set the contact centre up for what this flow sends: its fields, tiers and classes. Names of the
    /// environment stay `{{name}}` where it has no value. The same flow gives the same bytes.
    fn setup_files(&self, flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile>;

    /// The places that a flow's `fields` may name; one that ends with a dot is followed by a name. Empty where any will do.
    fn places(&self) -> &'static [&'static str] {
        &[]
    }

    /// The map into which it writes what has no place of its own; `None` where that is a note.
    fn keyed(&self) -> Option<taken::Keyed> {
        None
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

impl dyn Target + '_ {
    /// The exact request of an envelope: see [`Target::written`]. Where two values would have one place, one of them is
    /// moved, and `cut` says which.
    #[must_use]
    pub fn request(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let Some((envelope, setup, moved)) = taken::settled(self, envelope, setup, environment) else {
            return self.written(envelope, setup, environment);
        };
        let mut request = self.written(&envelope, &setup, environment);
        request.cut.splice(0..0, moved);
        request
    }
}

/// All targets, in the order in which they are shown.
pub const TARGETS: &[&dyn Target] = &[
    &zendesk::Zendesk,
    &sunshine::Sunshine,
    &salesforce_case::SalesforceCase,
    &salesforce_messaging::SalesforceMessaging,
    &twilio_flex::TwilioFlex,
    &genesys::Genesys,
    &amazon_connect::AmazonConnect,
    &bot_framework::BotFramework,
];

/// The target of an id.
#[must_use]
pub fn target(id: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.id() == id)
}
