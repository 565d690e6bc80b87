//! The tests of the whole: the house rules, bad input, the contract of the command line, properties of documents.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod bad_input;
mod cli;
mod corpora;
mod documents;
mod handoff;
mod house;
mod planted;
mod platforms;
mod shown;
