//! The hasher of maps that are asked millions of times and whose order nobody sees: the standard one would take an eighth
//! of the time of a check.

use std::hash::BuildHasherDefault;

/// For maps in document order, and for those that are never walked.
pub type Quick = BuildHasherDefault<ahash::AHasher>;
