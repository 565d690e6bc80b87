//! The copy deck: every text of a flow as a table for those who edit words and no cards, and the way back, which changes
//! words alone and tells whatever else it finds.

mod changes;
mod sheets;
mod texts;

use flow_model::diff::Diff;
use flow_model::tree::Json;
use thiserror::Error;

pub use changes::{Change, Changes, Trouble, changes, diff};
pub use texts::{Text, Who, texts};

/// The columns of a deck. `text` is the one to edit; `original` says which words were edited.
pub const COLUMNS: [&str; 8] = ["id", "place", "for", "text", "original", "limit", "placeholders", "why"];

/// How a deck is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180, UTF-8.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl Form {
    /// The form that the name of a file says; none for any other ending.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// Why there is no deck.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeckError {
    /// A spreadsheet's cell does not take so much. Source: Excel specifications and limits, read 2026-11-22.
    #[error("the text {0} has more than 32,767 characters, which no cell of a workbook takes: write the deck as CSV")]
    TooLong(String),
    /// The workbook cannot be made.
    #[error("the workbook cannot be made: {0}; write the deck as CSV")]
    Workbook(String),
    /// It is no workbook.
    #[error("this is no workbook that can be read ({0}): save it as .xlsx or .csv")]
    NoWorkbook(String),
    /// It is no table of text.
    #[error("line {line}: this is no CSV in UTF-8 ({why}): save it as CSV UTF-8")]
    NoCsv {
        /// Where.
        line: u64,
        /// Why.
        why: String,
    },
    /// A column is missing.
    #[error("the deck has no column \"{0}\" in its first line: keep the first line as it was written")]
    NoColumn(&'static str),
    /// It has too many rows.
    #[error("the deck has more than {0} rows")]
    TooLarge(usize),
}

/// A row of a deck that comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Back {
    /// Its line or row, from 1.
    pub line: u64,
    /// The id.
    pub id: String,
    /// The words as they are wanted.
    pub text: String,
    /// The words as they were when the deck was written.
    pub original: String,
}

/// Writes a deck.
///
/// # Errors
/// A text that no cell takes.
pub fn write(document: &Json, form: Form) -> Result<Vec<u8>, DeckError> {
    let texts = texts(document);
    match form {
        Form::Csv => Ok(sheets::csv(&texts)),
        Form::Xlsx => sheets::xlsx(&texts),
    }
}

/// Reads a deck that comes back.
///
/// # Errors
/// What it is not.
pub fn read(bytes: &[u8], form: Form) -> Result<Vec<Back>, DeckError> {
    match form {
        Form::Csv => sheets::from_csv(bytes),
        Form::Xlsx => sheets::from_xlsx(bytes),
    }
}

/// The words that a deck brings back, as changes of the document: those without trouble, and those that are `taken` by
/// their id all the same.
#[must_use]
pub fn applied(changes: &Changes, taken: &[String]) -> Diff {
    diff(changes, taken)
}
