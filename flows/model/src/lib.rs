//! The flow document: one lossless tree, its canonical form, its changes, and what it means as typed values.

pub mod canonical;
pub mod diff;
pub mod document;
pub mod flow;
pub mod hours;
pub mod names;
pub mod problem;
pub mod schema;
pub mod shape;
pub mod template;
pub mod tree;
pub mod wire;

pub use document::Document;
pub use flow::Flow;
pub use flow_conditions::said::Said;
pub use problem::{Fix, Problem, Severity};
