//! `import.*`: conversations of other tools by a mapping that is shown and corrected.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_conversations::import::{self, CALLS, MEANS, Mapping, Note, Report, Role, SOURCES};
use flow_store::StoreError;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Call;
use crate::error::Error;
use crate::imports::{self, Waiting};
use crate::replays::Progress;
use crate::types::{
    ImportColumnSeen, ImportCount, ImportGuess, ImportKind, ImportMapping, ImportNote, ImportPreview, ImportPreviewed,
    ImportReport, ImportRun, ImportSniff, ImportSniffed, ImportValueSeen, Imported, ReplayStop,
};

/// The most that is shown of what was not understood.
const SHOWN: usize = 1000;
fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A word of a mapping as it is written.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn sniff(_: &Call<'_>, wanted: ImportSniff) -> Result<ImportSniffed, Error> {
    let path = Path::new(&wanted.path);
    let start = imports::start_of(path)?;
    let guesses = import::sniff(&start.head).into_iter();
    let kinds =
        SOURCES.iter().map(|source| ImportKind { id: source.kind().to_owned(), title: source.title().to_owned() });
    let ids = |words: &[(&str, &str)]| words.iter().map(|(id, _)| (*id).to_owned()).collect();
    Ok(ImportSniffed {
        name: start.head.name.clone(),
        stamp: stamp(path)?,
        bytes: flow_store::length(path).unwrap_or(start.bytes.len() as u64) as f64,
        guesses: guesses.map(guess).collect(),
        kinds: kinds.collect(),
        roles: Role::all(),
        means: ids(MEANS),
        calls: ids(CALLS),
    })
}

/// Tells a file from what it becomes when it is changed, without reading it.
fn stamp(path: &Path) -> Result<String, Error> {
    let glance = flow_store::glance(path)?;
    Ok(format!("{}-{}", glance.bytes, glance.modified.unwrap_or(0)))
}

fn guess(guess: import::Guess) -> ImportGuess {
    ImportGuess { kind: guess.kind.to_owned(), confidence: u32::from(guess.confidence), reason: guess.reason }
}

pub(super) fn preview(_: &Call<'_>, wanted: ImportPreview) -> Result<ImportPreviewed, Error> {
    let start = imports::start_of(Path::new(&wanted.path))?;
    let given = match (&wanted.mapping, &wanted.mapping_path) {
        (Some(mapping), _) => Some(from_wire(mapping)?),
        (None, Some(path)) => {
            let bytes = flow_store::read(Path::new(path))?;
            Some(imports::mapping(&String::from_utf8_lossy(&bytes))?)
        }
        (None, None) => None,
    };
    let kind = given.as_ref().map(|mapping| mapping.kind.as_str()).or(wanted.kind.as_deref());
    let (proposed, taken) = imports::proposed(&start, kind)?;
    let mapping = given.unwrap_or(proposed);
    let seen = imports::preview(&start, &mapping, wanted.first as usize)?;
    let columns = seen.survey.columns.iter().map(|column| ImportColumnSeen {
        from: column.from.clone(),
        count: count(column.count),
        examples: column.examples.clone(),
    });
    Ok(ImportPreviewed {
        guess: guess(taken),
        mapping: to_wire(&mapping)?,
        columns: columns.collect(),
        speakers: seen.survey.speakers.iter().map(|s| value_seen(&s.value, s.count, &s.example, &s.means)).collect(),
        calls: seen.survey.calls.iter().map(|s| value_seen(&s.value, s.count, &s.example, &s.means)).collect(),
        intents: seen.survey.intents.clone(),
        conversations: seen.conversations.iter().map(flow_conversations::write).collect(),
        notes: seen.notes.iter().take(SHOWN).map(note).collect(),
        report: report(&seen.report),
        whole: start.whole,
    })
}

fn value_seen(value: &str, times: u64, example: &str, means: &impl Serialize) -> ImportValueSeen {
    ImportValueSeen { value: value.to_owned(), count: count(times), example: example.to_owned(), means: word(means) }
}

fn note(note: &Note) -> ImportNote {
    ImportNote { line: count(note.line), what: note.what.clone(), why: note.why.clone() }
}

fn report(report: &Report) -> ImportReport {
    let counts = |counts: &indexmap::IndexMap<String, u64>| {
        counts.iter().map(|(name, times)| ImportCount { name: name.clone(), count: count(*times) }).collect()
    };
    ImportReport {
        conversations: count(report.conversations),
        turns: count(report.turns),
        rows: count(report.rows),
        notes: count(report.notes),
        skipped: counts(&report.skipped),
        unused: counts(&report.unused),
    }
}

/// The keys of a mapping that are maps there and lists here.
const LISTS: [&str; 3] = ["who", "calls", "intents"];

fn to_wire(mapping: &Mapping) -> Result<ImportMapping, Error> {
    let wrong = |why: serde_json::Error| Error::bad(format!("the mapping cannot be shown: {why}"));
    let mut value = serde_json::to_value(mapping).map_err(wrong)?;
    if let Value::Object(map) = &mut value {
        for key in LISTS {
            let entries = map.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
            let list = entries.into_iter().map(|(value, means)| json!({ "value": value, "means": means }));
            map.insert(key.to_owned(), list.collect());
        }
        for column in map.get_mut("columns").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(column) = column.as_object_mut() {
                column.entry("as").or_insert_with(|| json!("plain"));
            }
        }
    }
    serde_json::from_value(value).map_err(wrong)
}

fn from_wire(mapping: &ImportMapping) -> Result<Mapping, Error> {
    let wrong = |why: serde_json::Error| Error::bad(format!("the mapping cannot be read: {why}"));
    let mut value = serde_json::to_value(mapping).map_err(wrong)?;
    if let Value::Object(map) = &mut value {
        for key in LISTS {
            let list = map.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
            let entries = list
                .into_iter()
                .filter_map(|entry| Some((entry.get("value")?.as_str()?.to_owned(), entry.get("means")?.clone())));
            map.insert(key.to_owned(), Value::Object(entries.collect::<Map<_, _>>()));
        }
    }
    imports::mapping(&value.to_string())
}

pub(super) fn run(call: &Call<'_>, wanted: ImportRun) -> Result<Imported, Error> {
    let mapping = from_wire(&wanted.mapping)?;
    // What stands in its place is known before anything is written.
    let kept = wanted.mapping_out.as_ref().map(|path| flow_store::Output::begin(Path::new(path), wanted.force_mapping));
    let kept = kept.transpose()?;
    let flag = wanted.ticket.map(|ticket| call.studio.begin(ticket));
    let made = made(call, &wanted, &mapping, flag.as_deref());
    if let Some(ticket) = wanted.ticket {
        call.studio.end(ticket);
    }
    let (report_made, notes) = made?;
    if let Some(mut kept) = kept {
        kept.bytes(imports::mapping_text(&mapping).as_bytes())?;
        kept.finish()?;
    }
    Ok(Imported { out: wanted.out, report: report(&report_made), notes })
}

fn made(
    call: &Call<'_>,
    wanted: &ImportRun,
    mapping: &Mapping,
    flag: Option<&AtomicBool>,
) -> Result<(Report, Vec<ImportNote>), Error> {
    let path = Path::new(&wanted.path);
    if wanted.stamp.as_ref().is_some_and(|then| !stamp(path).is_ok_and(|now| now == *then)) {
        // Where it is gone, that is told.
        flow_store::open(path)?;
        return Err(StoreError::ChangedOnDisk(path.to_path_buf()).into());
    }
    let mut notes = Vec::new();
    let stopped = || flag.is_some_and(|flag| flag.load(Ordering::Relaxed));
    let progress = |far: Progress| {
        (call.progress)(json!({
            "bytes": far.bytes, "of": far.of, "conversations": far.conversations, "seconds": far.seconds, "left": far.left,
        }));
    };
    let mut heard = |told: &Note| {
        if notes.len() < SHOWN {
            notes.push(note(told));
        }
    };
    let mut waiting = Waiting { stopped: &stopped, progress: &progress, heard: &mut heard };
    let mut input = flow_store::open(path)?;
    let of = flow_store::length(path);
    let report = imports::to_file(mapping, &mut input, of, Path::new(&wanted.out), wanted.force, &mut waiting)?;
    Ok((report, notes))
}

pub(super) fn stop(call: &Call<'_>, wanted: ReplayStop) -> Result<(), Error> {
    call.studio.begin(wanted.ticket).store(true, Ordering::Relaxed);
    Ok(())
}
