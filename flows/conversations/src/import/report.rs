//! What was read, and what was not understood.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Something that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The line of the file, from 1.
    pub line: u64,
    /// What: a column, a value, a part of the record.
    pub what: String,
    /// Why, and what became of it.
    pub why: String,
}

impl Note {
    /// A note.
    pub fn new(line: u64, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { line, what: shortened(what.into()), why: why.into() }
    }
}

/// A long part is shown by its start.
fn shortened(text: String) -> String {
    const MOST: usize = 120;
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Conversations written.
    pub conversations: u64,
    /// Elements of their `turns`.
    pub turns: u64,
    /// Rows read.
    pub rows: u64,
    /// Rows that the mapping leaves out, by value.
    pub skipped: IndexMap<String, u64>,
    /// Columns with a value that the mapping does not speak of, with the number of such values.
    pub unused: IndexMap<String, u64>,
    /// Notes given.
    pub notes: u64,
}
