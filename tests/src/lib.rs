//! The tests of the whole: see `docs/architecture.md`. Everything is in the one test binary, `all.rs`.
