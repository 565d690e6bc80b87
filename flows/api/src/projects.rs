//! Projects of other tools as flows, as the window and the command line both import them.

use std::path::Path;

use flow_import::{Code as Why, Imported, Note, Project, Tally};
use flow_model::tree::Json;
use flow_store::Found;

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
    made(flow_store::project(path)?, format, out)
}

/// The same of what comes from nowhere else, such as standard input: a zip file, or the one file that a project is.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(bytes: Vec<u8>, format: Option<&str>, out: Option<&Path>) -> Result<Read, Error> {
    let stem = out.and_then(files::stem_of).unwrap_or_else(|| "imported".to_owned());
    let file = format!("{stem}.{}", ending(&bytes, format));
    made(flow_store::project_of(Path::new(&file), bytes)?, format, out)
}

/// What the name of a file would end in that has no name: importers go by names too.
fn ending(bytes: &[u8], format: Option<&str>) -> &'static str {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let begun = text.trim_start_matches('\u{feff}').trim_start();
    let is = |word: &str| begun.starts_with(word);
    match format {
        _ if bytes.starts_with(b"PK") => "zip",
        Some("mermaid") => "mmd",
        Some("csv-outline") => "csv",
        Some("drawio") => "drawio",
        _ if is("{") || is("[") => "json",
        _ if is("<") => "drawio",
        _ if ["graph", "flowchart", "stateDiagram", "%%", "---"].into_iter().any(is) => "mmd",
        _ if text.lines().any(|line| line.starts_with("version:")) => "yml",
        _ => "csv",
    }
}

fn made(found: Found, format: Option<&str>, out: Option<&Path>) -> Result<Read, Error> {
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
