//! Conversations of other tools, as the window and the command line both import them: look at the start of a file, propose a
//! mapping, show what comes of it, write the conversations.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flow_conversations::import::{self, Guess, HEAD, Head, Mapping, Note, Report, SOURCES, Stop, Survey};
use flow_model::tree::{self, Json};
use flow_store::{Output, Stopwatch};

use crate::error::{Code, Error};
use crate::replays::Progress;

/// The start of a file.
pub struct Start {
    /// What it is recognised by.
    pub head: Head,
    /// Its first bytes.
    pub bytes: Vec<u8>,
    /// Whether they are all.
    pub whole: bool,
}

/// Reads the start of something.
///
/// # Errors
/// When it cannot be read.
pub fn start(name: &str, input: &mut dyn Read) -> Result<Start, Error> {
    let mut bytes = Vec::new();
    let read = input.take(HEAD as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::new(Code::Failed, format!("{name}: {error}")))?;
    let whole = bytes.len() <= HEAD;
    let shown = &bytes[..bytes.len().min(HEAD)];
    let head = Head::new(name, shown, whole);
    Ok(Start { head, bytes, whole })
}

/// The start of a file.
///
/// # Errors
/// When it cannot be read.
pub fn start_of(path: &Path) -> Result<Start, Error> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    start(&name, &mut flow_store::open(path)?)
}

/// A mapping for a file, and what the file is taken for.
///
/// # Errors
/// When nothing is known that it could be, or there is no such kind.
pub fn proposed(start: &Start, kind: Option<&str>) -> Result<(Mapping, Guess), Error> {
    let kinds = || SOURCES.iter().map(|source| source.kind()).collect::<Vec<_>>().join(", ");
    let guesses = import::sniff(&start.head);
    let guess = match kind {
        Some(kind) => {
            let source = import::source(kind)
                .ok_or_else(|| Error::bad(format!("{kind} is no kind of file; there is {}", kinds())))?;
            let known = guesses.into_iter().find(|guess| guess.kind == kind);
            known.unwrap_or_else(|| Guess {
                kind: source.kind(),
                confidence: 0,
                reason: "it was asked for, and does not look like it".to_owned(),
            })
        }
        None => guesses.into_iter().next().ok_or_else(|| {
            let name = &start.head.name;
            Error::new(
                Code::Unreadable,
                format!("{name}: it does not look like any kind of file that is known; name one: {}", kinds()),
            )
        })?,
    };
    let source = import::source(guess.kind).ok_or_else(|| Error::bad("there is no such kind"))?;
    Ok((source.propose(&start.head), guess))
}

/// Reads a mapping.
///
/// # Errors
/// When it is no mapping, with the place.
pub fn mapping(text: &str) -> Result<Mapping, Error> {
    let mapping: Mapping =
        serde_json::from_str(text).map_err(|fault| Error::bad(format!("the mapping cannot be read: {fault}")))?;
    if import::source(&mapping.kind).is_none() {
        return Err(Error::bad(format!(
            "the mapping is for files of the kind {}, which there is none of",
            mapping.kind
        )));
    }
    mapping.faults().map_err(|fault| Error::bad(format!("the mapping cannot be used: {fault}")))?;
    Ok(mapping)
}

/// A mapping as it is saved.
#[must_use]
pub fn mapping_text(mapping: &Mapping) -> String {
    let text = serde_json::to_string(mapping).unwrap_or_default();
    tree::read(&text).json.map_or(text, |json| tree::canonical(&json))
}

/// What comes of the start of a file.
pub struct Previewed {
    /// Its columns and speakers.
    pub survey: Survey,
    /// The first conversations.
    pub conversations: Vec<Json>,
    /// What was not understood.
    pub notes: Vec<Note>,
    /// Counts of the start.
    pub report: Report,
}

/// Imports the start of a file by a mapping.
///
/// # Errors
/// When the mapping cannot be used.
pub fn preview(start: &Start, mapping: &Mapping, first: usize) -> Result<Previewed, Error> {
    let source =
        import::source(&mapping.kind).ok_or_else(|| Error::bad(format!("there is no kind {}", mapping.kind)))?;
    let mut bytes = start.bytes.as_slice();
    if !start.whole {
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes = &bytes[..end];
    }
    let last = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let (mut conversations, mut notes) = (Vec::new(), Vec::new());
    let mut input = bytes;
    let ran = import::run(
        mapping,
        &mut input,
        &mut |_, conversation| {
            if conversations.len() < first {
                conversations.push(conversation);
            }
            Ok(())
        },
        &mut |note| {
            // That a start ends early says nothing about the file.
            if start.whole || note.line < last {
                notes.push(note.clone());
            }
            Ok(())
        },
    );
    let report = ran.map_err(stopped)?;
    Ok(Previewed { survey: import::survey(source, &start.head, mapping), conversations, notes, report })
}

/// Whoever waits for an import.
pub struct Waiting<'a> {
    /// Whether it should stop.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how far it is.
    pub progress: &'a dyn Fn(Progress),
    /// Hears what was not understood.
    pub heard: &'a mut dyn FnMut(&Note),
}

fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Asked => Error::new(Code::Stopped, "stopped; nothing was left behind"),
        Stop::Unreadable(why) => Error::new(Code::Failed, why),
    }
}

/// Counts what is read.
struct Counted<'r> {
    inner: &'r mut dyn Read,
    bytes: &'r Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

/// How many bytes lie between two reports of how far it is.
const STEP: u64 = 1 << 20;

/// Imports something of `of` bytes; `take` gets each line of the conversations file.
///
/// # Errors
/// When it cannot be read or written, or was stopped.
pub fn run(
    mapping: &Mapping,
    input: &mut dyn Read,
    of: Option<u64>,
    take: &mut dyn FnMut(&str) -> Result<(), Error>,
    waiting: &mut Waiting<'_>,
) -> Result<Report, Error> {
    let bytes = Cell::new(0);
    let clock = Stopwatch::start();
    let (mut conversations, mut next, mut refused) = (0, STEP, None);
    let mut reader = BufReader::with_capacity(1 << 18, Counted { inner: input, bytes: &bytes });
    let Waiting { stopped: wants_stop, progress, heard } = waiting;
    let ran = import::run(
        mapping,
        &mut reader,
        &mut |_, conversation| {
            conversations += 1;
            if bytes.get() >= next {
                next = bytes.get() + STEP;
                let seconds = clock.seconds();
                let left = of.map(|of| seconds * of.saturating_sub(bytes.get()) as f64 / bytes.get().max(1) as f64);
                progress(Progress { bytes: bytes.get(), of, conversations, seconds, left });
            }
            if wants_stop() {
                return Err(Stop::Asked);
            }
            take(&tree::compact(&conversation)).map_err(|error| {
                refused = Some(error);
                Stop::Asked
            })
        },
        &mut |note| {
            heard(note);
            if wants_stop() { Err(Stop::Asked) } else { Ok(()) }
        },
    );
    match (ran, refused) {
        (_, Some(error)) => Err(error),
        (ran, None) => ran.map_err(stopped),
    }
}

/// Imports something into a conversations file, which appears whole or not at all.
///
/// # Errors
/// As [`run`], and when a file stands there and may not be replaced.
pub fn to_file(
    mapping: &Mapping,
    input: &mut dyn Read,
    of: Option<u64>,
    out: &Path,
    replace: bool,
    waiting: &mut Waiting<'_>,
) -> Result<Report, Error> {
    let mut output = Output::begin(out, replace)?;
    let report = run(mapping, input, of, &mut |line| Ok(output.line(line)?), waiting)?;
    output.finish()?;
    Ok(report)
}
