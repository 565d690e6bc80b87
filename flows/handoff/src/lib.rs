//! What a person receives: the envelope of a handoff, its redaction, and the exact request of each place where people answer.

pub mod draft;
pub mod envelope;
pub mod environment;
mod known;
pub mod moment;
pub mod redact;
pub mod request;
pub mod resume;
pub mod targets;
mod words;

pub use draft::{Draft, DraftClass, DraftField, Line, Reason, transcript};
pub use envelope::{Envelope, Redacted, envelope};
pub use environment::{Environment, EnvironmentFault};
pub use redact::Keys;
pub use request::{Content, Cut, Keep, Limit, Meter, Request};
pub use targets::says::rendered;
pub use targets::{Auth, Idempotency, Known, Maps, Return, SetupFile, TARGETS, Target, Wait, Withdrawal, target};
