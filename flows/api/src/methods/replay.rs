//! `replay.*`: the same engine and the same JSON as on the command line.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_check::Checked;
use flow_handoff::Keys;
use flow_model::{tree::Json, wire};
use serde_json::{Value, json};

use super::{Call, Written, conversations};
use crate::error::Error;
use crate::files;
use crate::keys;
use crate::open::Open;
use crate::replays::{self, Each, Found, Heard, How, Input, Progress, SweepWanted, Waiting};
use crate::types::{
    ReplayAgainst, ReplayCompared, ReplayFound, ReplayOther, ReplayPick, ReplayPicked, ReplayReached, ReplayReaching,
    ReplayRun, ReplayShrink, ReplayShrunk, ReplayStop, ReplaySweep, ReplaySwept, ReplayTold, Replayed,
};

/// The most that is shown of a list.
const SHOWN: usize = 1000;
/// Blocks between two reports of how far it is would be many for a small corpus and few for a large one: seconds.
const OFTEN: f64 = 0.1;

fn how<'a>(keys: &'a Keys, cache: &'a Path, no_fill: Option<bool>) -> How<'a> {
    How { fill: !no_fill.unwrap_or(false), threads: None, keys, cache: Some(cache) }
}

/// The flow and the conversations that are asked for.
fn corpus(call: &Call<'_>, doc: u32, files: Option<&[String]>) -> Result<(Checked, Vec<Input>), Error> {
    call.studio.with(doc, |open| Ok((open.checked()?, conversations::inputs(open, files))))
}

/// Runs work that can be stopped and tells how far it is.
pub(super) fn waited<T>(
    call: &Call<'_>,
    ticket: Option<u32>,
    heard: &mut dyn FnMut(&str, u64, Heard<'_>) -> bool,
    work: impl FnOnce(&mut Waiting<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let flag = ticket.map(|ticket| call.studio.begin(ticket));
    let flag: Option<&AtomicBool> = flag.as_deref();
    let told = RefCell::new(None);
    let progress = |far: Progress| {
        let mut last = told.borrow_mut();
        if last.is_none_or(|last| far.seconds - last >= OFTEN) {
            *last = Some(far.seconds);
            (call.progress)(shown(far));
        }
    };
    let stopped = || flag.is_some_and(|flag| flag.load(Ordering::Relaxed));
    let result = work(&mut Waiting { stopped: &stopped, progress: &progress, heard });
    if let Some(ticket) = ticket {
        call.studio.end(ticket);
    }
    result
}

fn shown(far: Progress) -> Value {
    json!({
        "bytes": far.bytes, "of": far.of, "conversations": far.conversations, "seconds": far.seconds, "left": far.left,
    })
}

fn short(file: &str) -> String {
    conversations::name(Path::new(file))
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(super) fn run(call: &Call<'_>, wanted: ReplayRun) -> Result<Written<Replayed>, Error> {
    let (checked, inputs) = corpus(call, wanted.doc, wanted.files.as_deref())?;
    let mut told = Vec::new();
    let mut hear = |file: &str, line: u64, heard: Heard<'_>| {
        let (id, message) = match heard {
            Heard::Unread(words) => (None, words),
            Heard::Fault(id, words) => (Some(id.to_string()), words),
            Heard::Each(_) => return true,
        };
        if told.len() < SHOWN {
            told.push(ReplayTold { file: short(file), line: count(line), id, message: message.to_owned() });
        }
        true
    };
    let replayed = waited(call, wanted.ticket, &mut hear, |waiting| {
        replays::replay(
            &checked,
            inputs,
            how(&keys::for_replay(call.studio.keys(), &[&checked]), &call.studio.data().corpora(), wanted.no_fill),
            Each::No,
            waiting,
        )
    })?;
    let mut summary = wire::plain(&replayed.summary);
    if let Some(map) = summary.as_object_mut() {
        map.insert("told".to_owned(), json!(told));
        map.insert("unread".to_owned(), json!(replayed.ran.unread));
    }
    Ok(Written(summary, PhantomData))
}

pub(super) fn stop(call: &Call<'_>, wanted: ReplayStop) -> Result<(), Error> {
    call.studio.begin(wanted.ticket).store(true, Ordering::Relaxed);
    Ok(())
}

pub(super) fn reaching(call: &Call<'_>, wanted: ReplayReaching) -> Result<ReplayReached, Error> {
    let (checked, inputs) = corpus(call, wanted.doc, wanted.files.as_deref())?;
    let (found, _) = waited(call, wanted.ticket, &mut |_, _, _| true, |waiting| {
        replays::reaching(
            &checked,
            inputs,
            how(&Keys::default(), &call.studio.data().corpora(), None),
            &wanted.what,
            waiting,
        )
    })?;
    let shown = |found: &Found| ReplayFound { id: found.id.clone(), file: short(&found.file), line: count(found.line) };
    Ok(ReplayReached { count: count(found.len() as u64), conversations: found.iter().take(SHOWN).map(shown).collect() })
}

pub(super) fn shrink(call: &Call<'_>, wanted: ReplayShrink) -> Result<ReplayShrunk, Error> {
    let (checked, inputs) = corpus(call, wanted.doc, wanted.files.as_deref())?;
    let (made, _) = waited(call, wanted.ticket, &mut |_, _, _| true, |waiting| {
        replays::shrunk(
            &checked,
            inputs,
            how(&keys::for_replay(call.studio.keys(), &[&checked]), &call.studio.data().corpora(), None),
            Some(&wanted.id),
            waiting,
        )
    })?;
    let Some(small) = made.into_iter().next() else {
        return Err(Error::bad(format!("there is no conversation {}", wanted.id)));
    };
    Ok(ReplayShrunk {
        id: small.conversation.id.to_string(),
        text: flow_conversations::write(&flow_conversations::json(&small.conversation)),
        turns: count(small.conversation.turns.len() as u64),
        before: count(small.turns as u64),
        faults: small.faults,
    })
}

/// Another version of a document, proved valid.
pub(super) fn other(call: &Call<'_>, doc: u32, other: &ReplayOther) -> Result<Checked, Error> {
    let valid = |loaded: &files::Loaded| loaded.valid().map_err(|problems| Error::invalid(&problems));
    let beside = |text: &[u8]| {
        let mut loaded = files::of_bytes(text)?;
        loaded.folder = call.studio.with(doc, |open| Ok(open.folder().map(Path::to_path_buf)))?;
        valid(&loaded)
    };
    match other {
        ReplayOther::Doc { doc } => call.studio.with(*doc, Open::checked),
        ReplayOther::Path { path } => valid(&files::load(Path::new(path))?),
        ReplayOther::Text { text } => beside(text.as_bytes()),
        ReplayOther::Saved { .. } => {
            let (path, shipped) = call.studio.with(doc, |open| Ok((open.path(), open.shipped())))?;
            match (path, shipped) {
                (Some(path), _) => valid(&files::load(Path::new(&path))?),
                (None, Some(template)) => beside(template.text.as_bytes()),
                (None, None) => Err(Error::bad("the flow was not saved yet, so there is nothing to compare it with")),
            }
        }
    }
}

pub(super) fn against(call: &Call<'_>, wanted: ReplayAgainst) -> Result<Written<ReplayCompared>, Error> {
    let (checked, inputs) = corpus(call, wanted.doc, wanted.files.as_deref())?;
    let other = other(call, wanted.doc, &wanted.other)?;
    let (before, after) = if wanted.former.unwrap_or(false) { (other, checked) } else { (checked, other) };
    let compared = waited(call, wanted.ticket, &mut |_, _, _| true, |waiting| {
        replays::against(
            &before,
            &after,
            inputs,
            how(&keys::for_replay(call.studio.keys(), &[&before, &after]), &call.studio.data().corpora(), None),
            waiting,
        )
    })?;
    Ok(plain(&compared.json))
}

fn plain<T>(json: &Json) -> Written<T> {
    Written(wire::plain(json), PhantomData)
}

pub(super) fn sweep(call: &Call<'_>, wanted: ReplaySweep) -> Result<Written<ReplaySwept>, Error> {
    let (checked, inputs) = corpus(call, wanted.doc, wanted.files.as_deref())?;
    let steps = wanted.steps.map(|steps| steps as usize);
    let range = SweepWanted { constant: wanted.constant, from: wanted.from, to: wanted.to, steps };
    let swept = waited(call, wanted.ticket, &mut |_, _, _| true, |waiting| {
        replays::sweep(&checked, inputs, how(&Keys::default(), &call.studio.data().corpora(), None), &range, waiting)
    })?;
    Ok(plain(&swept.json))
}

pub(super) fn pick(call: &Call<'_>, wanted: ReplayPick) -> Result<ReplayPicked, Error> {
    call.studio.with(wanted.doc, |open| {
        let diff = replays::picked(open.flow(), &wanted.constant, &wanted.value)?;
        Ok(ReplayPicked { diff })
    })
}
