//! Projects of other tools as flows, as the window and the command line both import them.

use std::path::Path;

use flow_import::{Code as Why, Imported, Note, Project, Tally};
use flow_model::tree::Json;

use crate::error::{Code, Error};
use crate::files::{self, Loaded};

/// A project that was read, and the flow that it became.
pub struct Read {
    /// What was read.
    pub imported: Imported,
    /// The flow as a document, in the folder where it is to lie.
    pub loaded: Loaded,
}

/// Reads a project: a folder, a zip file or one file. `out` is where the flow is to lie, which gives it its id.
///
/// # Errors
/// When it cannot be read, or no importer knows it.
pub fn read(path: &Path, format: Option<&str>, out: Option<&Path>) -> Result<Read, Error> {
    let found = flow_store::project(path)?;
    let project = Project::new(found.name, found.files).with_skipped(found.skipped);
    let imported = flow_import::import(&project, format).map_err(|why| match why {
        flow_import::ImportError::NoSuchFormat(..) => Error::bad(why.to_string()),
        _ => Error::new(Code::Unreadable, why.to_string()),
    })?;
    let mut loaded = files::of_bytes(imported.flow.as_bytes())?;
    loaded.folder = out.map(files::folder_of);
    loaded.stem = out.and_then(files::stem_of);
    Ok(Read { imported, loaded })
}

/// Where a note stands, as editors follow it: `file:line`.
#[must_use]
pub fn place(note: &Note) -> String {
    match (note.file.as_str(), note.line) {
        ("", _) => String::new(),
        (file, Some(line)) => format!("{file}:{line}"),
        (file, None) => file.to_owned(),
    }
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn number(value: usize) -> Json {
    Json::int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn note_json(note: &Note) -> Json {
    let mut map = vec![entry("code", Json::text(note.code.id())), entry("file", Json::text(&note.file))];
    map.push(entry("pointer", Json::text(&note.pointer)));
    if let Some(line) = note.line {
        map.push(entry("line", Json::int(line.into())));
    }
    map.push(entry("what", Json::text(&note.what)));
    map.push(entry("kept", Json::text(note.kept.id())));
    if let Some(card) = note.kept.card() {
        map.push(entry("card", Json::text(card)));
    }
    map.push(entry("understood", Json::Bool(!note.code.counts())));
    Json::Map(map)
}

fn tally_json(tally: Tally) -> Json {
    Json::Map(vec![
        entry("elements", number(tally.elements)),
        entry("read", number(tally.read)),
        entry("noted", number(tally.noted)),
        entry("left_out", number(tally.left_out)),
    ])
}

/// The JSON of `handoff import --json`, without what `check` says.
#[must_use]
pub fn json(imported: &Imported, flow: &str, cards: usize) -> Json {
    Json::Map(vec![
        entry("format", Json::text(imported.format)),
        entry("flow", Json::text(flow)),
        entry("id", Json::text(&imported.id)),
        entry("cards", number(cards)),
        entry("notes", Json::List(imported.notes.iter().map(note_json).collect())),
        entry("tally", tally_json(imported.tally)),
    ])
}

/// Whether a note is worth a line of its own before the others: what is left out is only counted.
#[must_use]
pub fn is_aside(note: &Note) -> bool {
    note.code == Why::LeftOut
}
