//! Conversations of other tools. A source only finds the records of its file; what a column means is said by a mapping
//! that people see, correct and save, and what is not understood is reported with its line. Nothing is left out silently.

mod assemble;
mod columns;
mod csv;
mod dates;
mod draft;
mod fields;
mod head;
mod input;
mod mapping;
mod pieces;
mod report;
mod role;
pub mod rows;
mod sources;
mod speakers;
mod survey;
mod turn;
pub mod yaml;

use std::io::BufRead;

pub use head::{HEAD, Head};
pub use input::LIMIT;
pub use mapping::{
    CALLS, Column, DateOrder, Encoding, Guessed, Kept, MEANS, Mapping, MappingFault, Means, Shape, WhatCall,
};
pub use report::{Note, Report};
pub use role::{ROLES, Role};
pub use sources::SOURCES;
pub use survey::{ColumnSeen, Survey, ValueSeen};

use rows::Record;

/// Why reading ended before the end of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Somebody asked for it.
    Asked,
    /// The input cannot be read any further, in words.
    Unreadable(String),
}

/// What a file may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The id of the source.
    pub kind: &'static str,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// Why.
    pub reason: String,
}

/// What comes out of a file while it is read.
pub trait Sink {
    /// A conversation or one of its rows.
    ///
    /// # Errors
    /// When nothing more is wanted.
    fn record(&mut self, record: Record) -> Result<(), Stop>;

    /// A conversation that needs no mapping.
    ///
    /// # Errors
    /// When nothing more is wanted.
    fn ready(&mut self, line: u64, conversation: flow_model::tree::Json) -> Result<(), Stop> {
        self.record(Record { line, head: conversation, rows: None })
    }

    /// Something that was not understood.
    ///
    /// # Errors
    /// When nothing more is wanted.
    fn note(&mut self, note: Note) -> Result<(), Stop>;
}

/// A kind of file that conversations are read from.
pub trait Source: Sync {
    /// Its id, for `--as` and in mappings.
    fn kind(&self) -> &'static str;

    /// What people read.
    fn title(&self) -> &'static str;

    /// What it reads, and what becomes of it, in sentences.
    fn about(&self) -> &'static str;

    /// How sure it is, in percent, that the file is of this kind, and why; `None` when it is not.
    fn sniff(&self, head: &Head) -> Option<(u8, String)>;

    /// A mapping for the file, guessed from its start.
    fn propose(&self, head: &Head) -> Mapping;

    /// Reads the records. The input has been decoded.
    ///
    /// # Errors
    /// When it cannot be read or nothing more is wanted.
    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop>;
}

/// The source of a kind.
#[must_use]
pub fn source(kind: &str) -> Option<&'static dyn Source> {
    SOURCES.iter().copied().find(|source| source.kind() == kind)
}

/// What a file may be, the surest first.
#[must_use]
pub fn sniff(head: &Head) -> Vec<Guess> {
    let guess = |source: &&'static dyn Source| {
        source.sniff(head).map(|(confidence, reason)| Guess { kind: source.kind(), confidence, reason })
    };
    let mut guesses: Vec<Guess> = SOURCES.iter().filter_map(guess).collect();
    guesses.sort_by_key(|guess| std::cmp::Reverse(guess.confidence));
    guesses
}

/// What the file has: its columns and the values that decide who speaks, with where the mapping puts them.
#[must_use]
pub fn survey(source: &dyn Source, head: &Head, mapping: &Mapping) -> Survey {
    survey::of(source, head, mapping)
}

/// Reads conversations by a mapping. `take` gets each as a tree of one line of a conversations file with the line of its
/// source, `hear` what was not understood, as it is met.
///
/// # Errors
/// When the mapping says what cannot be, the input cannot be read, or `take` or `hear` want no more.
pub fn run(
    mapping: &Mapping,
    raw: &mut dyn BufRead,
    take: &mut dyn FnMut(u64, flow_model::tree::Json) -> Result<(), Stop>,
    hear: &mut dyn FnMut(&Note) -> Result<(), Stop>,
) -> Result<Report, Stop> {
    let known = source(&mapping.kind).ok_or_else(|| Stop::Unreadable(format!("there is no kind {}", mapping.kind)))?;
    mapping.faults().map_err(|fault| Stop::Unreadable(fault.to_string()))?;
    let mut assembler = assemble::Assembler::new(mapping, take, hear);
    let mut decoded = input::Decoded::new(raw, mapping.encoding);
    known.read(&mut decoded, mapping, &mut assembler)?;
    assembler.finish()
}
