//! What a person receives: the envelope of a handoff, its redaction, and the exact request of each place where people answer.

mod clean;
mod differ;
pub mod draft;
pub mod envelope;
pub mod environment;
mod known;
pub mod moment;
pub mod postman;
mod pseudonym;
pub mod recognise;
pub mod redact;
pub mod request;
pub mod resume;
mod secret_names;
mod sweep;
pub mod targets;
pub mod vcon;
mod veil;
mod words;

pub use clean::Rail;
pub use differ::{Differs, How, differing};
pub use draft::{Draft, DraftClass, DraftField, Line, Reason, transcript};
pub use envelope::{Envelope, Redacted, envelope, envelope_for};
pub use environment::{Environment, EnvironmentFault};
pub use redact::Keys;
pub use request::{Content, Cut, Keep, Limit, Meter, Request};
pub use targets::says::rendered;
pub use targets::{Auth, Idempotency, Known, Maps, Return, SetupFile, TARGETS, Target, Wait, Withdrawal, target};
pub use veil::Veil;
