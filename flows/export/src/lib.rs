//! Flows as projects of the platforms where bots run: one folder a platform.
//!
//! What must stay true: the same flow gives the same bytes on every machine; what a platform cannot carry is a [`Loss`]
//! and never dropped in silence; no platform names a contact centre.

pub mod amazon_connect;
pub mod amazon_lex;
pub mod archive;
mod bundle;
mod capabilities;
mod carried;
mod case;
pub mod composer;
mod constants;
pub mod copilot_studio;
pub mod dialogflow_cx;
mod findings;
pub mod names;
mod platform;
pub mod policy;
mod private;
mod prose;
pub mod rasa;
pub mod rasa_calm;
pub mod source;
mod threshold;
mod tree;
mod uses;

pub use bundle::{Bundle, ExportError, Loss};
pub use capabilities::{CAPABILITIES, Capabilities, Carried, FEATURES, Feature, How, capabilities};
pub use carried::CarriedUse;
pub use case::{Case, CaseTurn, cases};
pub use findings::{findings, losses, losses_of};
pub use platform::{PLATFORMS, Platform, platform};
pub use uses::{Use, uses};
