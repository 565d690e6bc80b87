//! The register, the copy deck and the page, as the window and the command line both ask for them.

use std::path::Path;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_model::diff::{self, Diff};
use flow_model::tree::Json;
use flow_publish::deck::{self, Change, Changes, DeckError, Form};
use flow_publish::page::{self, MOST_CONVERSATIONS, Wanted};
use flow_publish::register::{self, Register};
use flow_publish::tried;

use crate::error::{Code, Error};
use crate::files::Loaded;

/// The register of a flow, valid or not. Conversations are replayed where the flow can run.
#[must_use]
pub fn register(loaded: &Loaded, conversations: &[Conversation]) -> Register {
    let tried = match loaded.valid() {
        Ok(checked) if !conversations.is_empty() => tried::replayed(&checked, conversations),
        _ => conversations.iter().map(tried::expected).collect(),
    };
    register::rows(&loaded.document, &|id| loaded.open(id), &tried)
}

/// A page, and how many of the conversations it does not show: it shows `most`, [`MOST_CONVERSATIONS`] without.
#[must_use]
pub fn page(
    checked: &Checked,
    conversations: Vec<Conversation>,
    date: Option<String>,
    most: Option<usize>,
) -> (String, usize) {
    let left = conversations.len().saturating_sub(most.unwrap_or(MOST_CONVERSATIONS));
    let wanted = Wanted { conversations, most, date, keys: flow_handoff::Keys::default() };
    (page::page(checked, &wanted), left)
}

impl From<DeckError> for Error {
    fn from(error: DeckError) -> Self {
        Self::new(Code::Failed, error.to_string())
    }
}

/// The form of a deck by the name of its file.
///
/// # Errors
/// A name with another ending.
pub fn form(path: &Path) -> Result<Form, Error> {
    let name = path.to_string_lossy();
    Form::of(&name).ok_or_else(|| Error::bad(format!("{name}: a deck is a .csv or .xlsx file")))
}

/// Writes the deck of a document into a file, whole or not at all.
///
/// # Errors
/// A text that no cell takes, or a file that cannot be written.
pub fn write_deck(tree: &Json, path: &Path) -> Result<usize, Error> {
    let bytes = deck::write(tree, form(path)?)?;
    flow_store::write_atomic(path, &bytes, None)?;
    Ok(bytes.len())
}

/// Reads a deck and compares it with the document.
///
/// # Errors
/// A file that cannot be read or is no deck.
pub fn read_deck(tree: &Json, path: &Path) -> Result<Changes, Error> {
    let bytes = flow_store::read(path)?;
    let rows = deck::read(&bytes, form(path)?)
        .map_err(|error| Error::new(Code::Failed, format!("{}: {error}", path.display())))?;
    Ok(deck::changes(tree, &rows))
}

/// The change of a document that a deck asks for; with `taken`, also of these ids.
#[must_use]
pub fn words(changes: &Changes, taken: &[String]) -> Diff {
    deck::applied(changes, taken)
}

/// Whether a change is among those that are applied.
#[must_use]
pub fn is_applied(change: &Change, taken: &[String]) -> bool {
    change.path.is_some() && (change.troubles.is_empty() || taken.contains(&change.id))
}

/// The words of a deck in a document.
///
/// # Errors
/// When the document is another than the one that was compared.
pub fn put_words(tree: &mut Json, changes: &Changes, taken: &[String]) -> Result<(), Error> {
    diff::apply(tree, &words(changes, taken))
        .map(|_| ())
        .map_err(|error| Error::new(Code::OutOfStep, error.to_string()))
}

/// The JSON of `handoff copy --in --json`.
#[must_use]
pub fn changes_json(changes: &Changes, taken: &[String]) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let number = |n: usize| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
    let change = |change: &Change| {
        let troubles = change.troubles.iter().map(|trouble| {
            let mut map =
                vec![entry("code", Json::text(trouble.id())), entry("message", Json::Text(trouble.words().text()))];
            if let deck::Trouble::Placeholders { lost, new } = trouble {
                map.push(entry("lost", Json::List(lost.iter().map(Json::text).collect())));
                map.push(entry("new", Json::List(new.iter().map(Json::text).collect())));
            }
            Json::Map(map)
        });
        Json::Map(vec![
            entry("id", Json::text(&change.id)),
            entry("place", Json::text(&change.place)),
            entry("line", Json::int(i64::try_from(change.line).unwrap_or(i64::MAX))),
            entry("before", Json::text(&change.before)),
            entry("after", Json::text(&change.after)),
            entry("troubles", Json::List(troubles.collect())),
            entry("applied", Json::Bool(is_applied(change, taken))),
        ])
    };
    Json::Map(vec![
        entry("changes", Json::List(changes.changes.iter().map(change).collect())),
        entry("same", number(changes.same)),
        entry("missing", Json::List(changes.missing.iter().map(Json::text).collect())),
    ])
}
