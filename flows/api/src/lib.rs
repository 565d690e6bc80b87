//! The one surface of the core: the window and the command line both go through it.

pub mod certificates;
pub mod corpora;
pub mod error;
pub mod exports;
pub mod files;
pub mod imports;
pub mod keys;
pub mod manual;
mod methods;
mod open;
pub mod projects;
pub mod publishing;
pub mod replays;
pub mod report;
pub mod requests;
pub mod runs;
pub mod schemas;
pub mod shown;
mod studio;
pub mod templates;
pub mod types;

pub use error::{Code, Error};
pub use methods::{METHODS, Method, fits};
pub use studio::{Config, Studio};

/// The version of the studio.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use {
    flow_check as check, flow_conversations as conversations, flow_export as export, flow_handoff as handoff,
    flow_import as import, flow_layout as layout, flow_model as model, flow_predict as predict,
    flow_publish as publish, flow_run as run, flow_store as store,
};
