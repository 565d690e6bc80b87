//! What is told of an import.

/// Why something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// It has no meaning here that is known.
    NotUnderstood,
    /// A condition that cannot be said here.
    Condition,
    /// It names something that is not there.
    Missing,
    /// What is there now means something a little different.
    Approximated,
    /// A file cannot be read.
    BadFile,
    /// A file that is no part of what is read.
    NotRead,
    /// Files of an export and the flow that it carries say different things.
    Conflict,
    /// A text in an encoding other than UTF-8.
    Encoding,
    /// Something of the platform's own, of no use in a flow: counted, not kept.
    LeftOut,
}

impl Code {
    /// A short name for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NotUnderstood => "not-understood",
            Self::Condition => "condition",
            Self::Missing => "missing",
            Self::Approximated => "approximated",
            Self::BadFile => "bad-file",
            Self::NotRead => "not-read",
            Self::Conflict => "conflict",
            Self::Encoding => "encoding",
            Self::LeftOut => "left-out",
        }
    }

    /// Whether it counts among what was not understood; the others are good to know.
    #[must_use]
    pub fn counts(self) -> bool {
        !matches!(self, Self::Encoding | Self::LeftOut)
    }
}

/// Where something that was not understood is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As a card of its own, or as what the card does.
    Card(String),
    /// As words or as `x_import` on a card.
    Note(String),
    /// In `x_import` of the document.
    Document,
    /// Nowhere.
    Nothing,
}

impl Kept {
    /// The card that it is kept with.
    #[must_use]
    pub fn card(&self) -> Option<&str> {
        match self {
            Self::Card(id) | Self::Note(id) => Some(id),
            Self::Document | Self::Nothing => None,
        }
    }

    /// A short name for programs.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Card(_) => "card",
            Self::Note(_) => "note",
            Self::Document => "document",
            Self::Nothing => "nothing",
        }
    }
}

/// Something that is told of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Why it is told.
    pub code: Code,
    /// The file; empty where it is about all of them.
    pub file: String,
    /// The JSON pointer of the place; empty for the whole file and for files that are not JSON.
    pub pointer: String,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What, in words.
    pub what: String,
    /// Where it is kept.
    pub kept: Kept,
}

/// What became of the elements of a project: its values, or the lines of files that are no trees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub elements: usize,
    /// Read into the flow.
    pub read: usize,
    /// Told as notes.
    pub noted: usize,
    /// Left out for a reason that is told.
    pub left_out: usize,
}
