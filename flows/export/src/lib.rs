//! Flows as projects of the platforms where bots run: one folder a platform.
//!
//! What must stay true: the same flow gives the same bytes on every machine; what a platform cannot carry is a [`Loss`]
//! and never dropped in silence; no platform names a contact centre.

mod bundle;
mod case;
mod platform;
pub mod rasa;

pub use bundle::{Bundle, ExportError, Loss};
pub use case::{Case, CaseTurn, cases};
pub use platform::{PLATFORMS, Platform, platform};
