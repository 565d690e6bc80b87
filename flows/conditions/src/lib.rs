//! The condition language: parse with recovery, check types and ranges, evaluate exactly, print canonically, and reason
//! about regions of values. A typed profile of CEL; `docs/format.md` section 3 is its meaning.

pub mod ast;
pub mod complete;
pub mod decimal;
pub mod eval;
pub mod fault;
pub mod named;
pub mod names;
pub mod parse;
pub mod print;
pub mod quick;
pub mod regions;
pub mod said;
#[cfg(test)]
mod testing;
mod token;
pub mod types;
pub mod value;
pub mod words;
