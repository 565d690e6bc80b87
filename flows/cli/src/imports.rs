//! `conversations import`.

use std::io::{self, BufWriter, Cursor, Read, Write};
use std::path::Path;

use flow_api::conversations::import::{Mapping, Note, Report};
use flow_api::imports::{self, Start, Waiting};
use flow_api::model::tree::{Json, compact, read};
use flow_api::{Code, Error, store};

use crate::Done;
use crate::args;
use crate::input::is_standard;
use crate::output::{Fault, json, line, out, place, plain, say};
use crate::replay::Far;

/// How many conversations are shown with a mapping.
const FIRST: usize = 5;

pub(crate) fn run(wanted: &args::ImportConversations) -> Done {
    let Opened { start, mut input, of } = open(&wanted.path)?;
    let (mapping, reason) = chosen(wanted, &start)?;
    if wanted.show_mapping {
        return show(&start, &mapping, &reason, wanted.json);
    }
    say(&format!("{}: {reason}", wanted.path.display()));
    let Some(path) = &wanted.out else { return Err(Fault::Wrong("--out names the file to write".to_owned())) };
    let mut inputs = vec![wanted.path.as_path()];
    inputs.extend(wanted.mapping.as_deref());
    place(path, &inputs)?;
    if let Some(own) = &wanted.save_mapping {
        place(own, &[&wanted.path, path])?;
        if own == path {
            return Err(Fault::Wrong("--out and --save-mapping name the same file".to_owned()));
        }
    }
    let mut notes = Vec::new();
    let mut heard = |note: &Note| {
        if wanted.json {
            notes.push(note_json(note));
        }
        say(&format!("{}:{}: {}: {}", wanted.path.display(), note.line, plain(&note.what), note.why));
    };
    let far = Far::new();
    let mut waiting = Waiting { stopped: &|| false, progress: &|progress| far.told(progress), heard: &mut heard };
    let report = if is_standard(path) {
        to_standard(&mapping, &mut input, of, &mut waiting)
    } else {
        imports::to_file(&mapping, &mut input, of, path, wanted.force, &mut waiting).map_err(Fault::from)
    };
    far.over();
    let report = report?;
    if let Some(path) = &wanted.save_mapping {
        store::write_atomic(path, imports::mapping_text(&mapping).as_bytes(), None).map_err(Error::from)?;
    }
    told(wanted, &report, notes)?;
    Ok(report.notes == 0)
}

/// A file to import.
struct Opened {
    start: Start,
    /// All of it, its start too.
    input: Box<dyn Read>,
    /// Its length, where that is known.
    of: Option<u64>,
}

fn open(path: &Path) -> Result<Opened, Fault> {
    let (name, mut input, of): (String, Box<dyn Read>, _) = if is_standard(path) {
        ("standard-input".to_owned(), Box::new(io::stdin()), None)
    } else {
        let file = store::open(path).map_err(Error::from)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (name, Box::new(file), store::length(path))
    };
    let start = imports::start(&name, &mut input)?;
    let whole = Cursor::new(start.bytes.clone()).chain(input);
    Ok(Opened { start, input: Box::new(whole), of })
}

fn chosen(wanted: &args::ImportConversations, start: &Start) -> Result<(Mapping, String), Fault> {
    if let Some(path) = &wanted.mapping {
        let bytes = store::read(path).map_err(Error::from)?;
        let mapping = imports::mapping(&String::from_utf8_lossy(&bytes))
            .map_err(|error| Fault::Wrong(format!("{}: {error}", path.display())))?;
        let reason = format!("read as {} by {}", mapping.kind, path.display());
        return Ok((mapping, reason));
    }
    let proposed = imports::proposed(start, wanted.kind.as_deref()).map_err(|error| match error.code {
        Code::Unreadable => Fault::Wrong(format!("{} (--as KIND)", error.message)),
        _ => Fault::from(error),
    });
    let (mapping, guess) = proposed?;
    Ok((mapping, format!("taken for {} ({} %): {}", guess.kind, guess.confidence, guess.reason)))
}

fn show(start: &Start, mapping: &Mapping, reason: &str, wants_json: bool) -> Done {
    let seen = imports::preview(start, mapping, FIRST)?;
    if wants_json {
        json(&Json::Map(vec![
            ("reason".to_owned(), Json::text(reason)),
            ("mapping".to_owned(), as_json(mapping)),
            ("columns".to_owned(), as_json(&seen.survey.columns)),
            ("speakers".to_owned(), as_json(&seen.survey.speakers)),
            ("calls".to_owned(), as_json(&seen.survey.calls)),
            ("conversations".to_owned(), Json::List(seen.conversations)),
            ("notes".to_owned(), Json::List(seen.notes.iter().map(note_json).collect())),
            ("report".to_owned(), as_json(&seen.report)),
        ]))?;
        return Ok(true);
    }
    out(&imports::mapping_text(mapping))?;
    say(&format!("{}: {reason}", start.head.name));
    for column in seen.survey.columns.iter().filter(|column| column.to.is_empty()) {
        say(&format!("not used: {} ({} values, such as {})", column.from, column.count, column.examples.join(" | ")));
    }
    for conversation in &seen.conversations {
        say(&compact(conversation));
    }
    for note in &seen.notes {
        say(&format!("{}: {}: {}", note.line, plain(&note.what), note.why));
    }
    Ok(true)
}

fn as_json(value: &impl serde::Serialize) -> Json {
    read(&serde_json::to_string(value).unwrap_or_default()).json.unwrap_or(Json::Null)
}

fn note_json(note: &Note) -> Json {
    Json::Map(vec![
        ("line".to_owned(), Json::int(i64::try_from(note.line).unwrap_or(i64::MAX))),
        ("what".to_owned(), Json::text(&note.what)),
        ("why".to_owned(), Json::text(&note.why)),
    ])
}

fn to_standard(
    mapping: &Mapping,
    input: &mut dyn Read,
    of: Option<u64>,
    waiting: &mut Waiting<'_>,
) -> Result<Report, Fault> {
    let mut output = BufWriter::new(io::stdout().lock());
    let closed = || Error::new(Code::Stopped, "standard output was closed");
    let report =
        imports::run(mapping, input, of, &mut |text| writeln!(output, "{text}").map_err(|_| closed()), waiting);
    match report {
        Err(error) if error.code == Code::Stopped => Err(Fault::Closed),
        Err(error) => Err(error.into()),
        Ok(report) => output.flush().map(|()| report).map_err(|_| Fault::Closed),
    }
}

/// The counts: on standard error where the conversations are on standard output.
fn told(wanted: &args::ImportConversations, report: &Report, notes: Vec<Json>) -> Result<(), Fault> {
    let to_standard = wanted.out.as_deref().is_some_and(is_standard);
    for (column, count) in &report.unused {
        say(&format!("not used: {column} ({count} values); the mapping does not speak of it"));
    }
    for (value, count) in &report.skipped {
        let value = if value.is_empty() { "(nothing)" } else { value };
        say(&format!("left out as the mapping says: {value} ({count} rows)"));
    }
    if wanted.json && !to_standard {
        let mut json_report = as_json(report);
        json_report.set("notes", Json::List(notes));
        return json(&json_report);
    }
    let words = format!(
        "{} conversations with {} turns of {} rows; {} things were not understood",
        report.conversations, report.turns, report.rows, report.notes
    );
    if to_standard {
        say(&words)
    } else {
        line(&words)?
    }
    Ok(())
}
