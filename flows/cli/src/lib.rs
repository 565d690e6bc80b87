//! The arguments of `handoff`, for the command itself and for its page of the manual.

pub mod args;
