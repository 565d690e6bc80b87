//! Files of conversations: listed, searched, labelled, tagged, and their handoffs set against what should have happened. A file is read
//! line by line; what is changed in it is its line alone.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use flow_conversations::audit::Audit;
use flow_conversations::edit::Edit;
use flow_conversations::search::{Found, Query};
use flow_conversations::{Conversation, LineFault, Notes};
use flow_run::replay::stream::{Seen, hash};
use flow_store::Output;

use crate::error::{Code, Error};
use crate::replays::{Input, Waiting, repeated};

mod index;
mod pace;
mod sets;

pub(crate) use index::Indexes;
use pace::Pace;
pub use sets::{Set, sets};

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its file.
    pub file: String,
    /// From 1.
    pub line: u64,
    /// In words.
    pub why: String,
}

/// A conversation that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many events it has.
    pub turns: usize,
    /// Whether it says what should happen.
    pub expect: bool,
    /// Where it was found.
    pub found: Found,
}

/// Which part of what is found is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many come before it.
    pub from: usize,
    /// How many it has.
    pub most: usize,
    /// Whether of conversations with one id the first alone counts, as in a replay.
    pub once: bool,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Conversations looked at.
    pub conversations: u64,
    /// How many were found.
    pub count: u64,
    /// Those of the part that is wanted.
    pub hits: Vec<Hit>,
    /// Lines that could not be read.
    pub unread: Vec<Unread>,
}

/// Something to do with a line; whether there should be more.
type EachLine<'f> = dyn FnMut(u64, &[u8]) -> Result<ControlFlow<()>, Error> + 'f;

/// Does something with each line of a file: its number, its bytes with their end.
fn lines(name: &str, input: Box<dyn Read>, each: &mut EachLine<'_>) -> Result<(), Error> {
    let mut reader = BufReader::with_capacity(1 << 18, input);
    let mut buffer = Vec::new();
    for number in 1_u64.. {
        buffer.clear();
        let read = reader.read_until(b'\n', &mut buffer);
        let read = read.map_err(|error| Error::new(Code::Failed, format!("{name}, line {number}: {error}")))?;
        if read == 0 || each(number, &buffer)?.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// The conversation of a line; nothing of an empty one.
fn conversation(number: u64, bytes: &[u8]) -> Option<Result<(Conversation, Notes), String>> {
    let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let Ok(text) = std::str::from_utf8(bytes) else { return Some(Err("it is not UTF-8 text".to_owned())) };
    if text.trim().is_empty() {
        return None;
    }
    Some(flow_conversations::line(text.trim_end_matches(['\r', '\n'])).map_err(|fault: LineFault| fault.to_string()))
}

/// Looks at every conversation of every input, in order.
fn look(
    inputs: Vec<Input>,
    unread: &mut Vec<Unread>,
    mut pace: Pace<'_>,
    each: &mut dyn FnMut(&str, u64, &Conversation),
) -> Result<(), Error> {
    for input in inputs {
        let name = input.name();
        lines(&name, input.open()?, &mut |number, bytes| {
            pace.line(bytes.len())?;
            match conversation(number, bytes) {
                Some(Ok((conversation, _))) => {
                    pace.conversation();
                    each(&name, number, &conversation);
                }
                Some(Err(why)) => unread.push(Unread { file: name.clone(), line: number, why }),
                None => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(())
}

/// Reads a query.
///
/// # Errors
/// What is wrong with it.
pub fn query(text: &str) -> Result<Query, Error> {
    Query::parse(text).map_err(|fault| Error::bad(fault.to_string()))
}

/// Reads a query; one without a word finds all.
pub(crate) fn query_or_all(text: &str) -> Result<Query, Error> {
    if text.trim().is_empty() { Ok(Query::default()) } else { query(text) }
}

/// Whether there is something to read.
pub(crate) fn opens(input: &Input) -> bool {
    match input {
        Input::Path(path) => flow_store::open(path).is_ok(),
        Input::Text(..) | Input::Read(..) => true,
    }
}

fn hit(file: &str, line: u64, conversation: &Conversation, found: Found) -> Hit {
    Hit {
        id: conversation.id.to_string(),
        file: file.to_owned(),
        line,
        tags: conversation.tags.clone(),
        turns: conversation.turns.len(),
        expect: conversation.expect.is_some(),
        found,
    }
}

/// Finds conversations.
///
/// # Errors
/// When a file cannot be read.
pub fn search(inputs: Vec<Input>, query: &Query, part: Part) -> Result<Searched, Error> {
    let mut searched = Searched::default();
    let mut unread = Vec::new();
    let mut seen = Seen::default();
    look(inputs, &mut unread, Pace::unheard(), &mut |file, line, conversation| {
        if part.once && !seen.insert(hash(&conversation.id)) {
            return;
        }
        searched.conversations += 1;
        let Some(found) = query.find(conversation) else { return };
        searched.count += 1;
        if searched.count > part.from as u64 && searched.hits.len() < part.most {
            searched.hits.push(hit(file, line, conversation, found));
        }
    })?;
    Ok(Searched { unread, ..searched })
}

/// The line of a conversation: the first with this id.
///
/// # Errors
/// When a file cannot be read.
pub fn line(inputs: Vec<Input>, id: &str) -> Result<Option<String>, Error> {
    let mut found = None;
    for input in inputs {
        let name = input.name();
        lines(&name, input.open()?, &mut |number, bytes| match conversation(number, bytes) {
            Some(Ok((conversation, _))) if *conversation.id == *id => {
                let text = String::from_utf8_lossy(bytes);
                found = Some(text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']).to_owned());
                Ok(ControlFlow::Break(()))
            }
            _ => Ok(ControlFlow::Continue(())),
        })?;
        if found.is_some() {
            break;
        }
    }
    Ok(found)
}

/// Sets handoffs that happened against those that should have, by `expect` or by a label. Of conversations with one id the
/// first counts, as in a replay. Lines are told with what is found, not on the way.
///
/// # Errors
/// When a file cannot be read, or it is stopped.
pub fn audit(inputs: Vec<Input>, label: Option<&str>, waiting: &Waiting<'_>) -> Result<(Audit, Vec<Unread>), Error> {
    let pace = Pace::of(&inputs, waiting);
    let mut audit = Audit::default();
    let mut unread = Vec::new();
    let mut again = Vec::new();
    let mut seen = Seen::default();
    look(inputs, &mut unread, pace, &mut |file, line, conversation| match seen.insert(hash(&conversation.id)) {
        true => audit.add(conversation, file, line, label),
        false => again.push(Unread { file: file.to_owned(), line, why: repeated(&conversation.id) }),
    })?;
    unread.extend(again);
    Ok((audit, unread))
}

/// Which conversations are changed.
pub enum Which<'a> {
    /// All.
    All,
    /// Those of these ids.
    Ids(&'a BTreeSet<String>),
    /// Those that a query finds.
    Found(&'a Query),
}

impl Which<'_> {
    fn is(&self, conversation: &Conversation) -> bool {
        match self {
            Self::All => true,
            Self::Ids(ids) => ids.contains(&*conversation.id),
            Self::Found(query) => query.find(conversation).is_some(),
        }
    }
}

/// The line with the changes; `None` where it is not meant or stays as it is.
fn changed(number: u64, bytes: &[u8], which: &Which<'_>, edits: &[Edit]) -> Option<(String, Option<String>)> {
    let Some(Ok((conversation, _))) = conversation(number, bytes) else { return None };
    if !which.is(&conversation) {
        return None;
    }
    let before = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    let after = edits.iter().try_fold(before.to_owned(), |line, edit| edit.apply(&line)).ok()?;
    Some((conversation.id.to_string(), (after != before).then_some(after)))
}

/// Changes conversations of a file; the ids of those that were meant. The file is replaced only where something changes.
///
/// # Errors
/// When a change cannot be, or the file cannot be read or written.
pub fn edit(path: &Path, which: &Which<'_>, edits: &[Edit]) -> Result<Vec<String>, Error> {
    faults(edits)?;
    let name = path.display().to_string();
    let mut output = Output::begin(path, true)?;
    let (mut ids, mut changes) = (Vec::new(), 0);
    lines(&name, Box::new(flow_store::open(path)?), &mut |number, bytes| {
        let after = changed(number, bytes, which, edits).and_then(|(id, after)| {
            ids.push(id);
            after
        });
        let Some(after) = after else {
            output.bytes(bytes)?;
            return Ok(ControlFlow::Continue(()));
        };
        changes += 1;
        if number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            output.bytes(b"\xef\xbb\xbf")?;
        }
        output.bytes(after.as_bytes())?;
        let end = bytes.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |at| at + 1);
        output.bytes(&bytes[end..])?;
        Ok(ControlFlow::Continue(()))
    })?;
    if changes > 0 {
        output.finish()?;
    }
    Ok(ids)
}

/// The same in lines that have no file.
///
/// # Errors
/// When a change cannot be.
pub fn edit_lines(all: &mut [String], which: &Which<'_>, edits: &[Edit]) -> Result<Vec<String>, Error> {
    faults(edits)?;
    let mut ids = Vec::new();
    for line in all {
        if let Some((id, after)) = changed(0, line.as_bytes(), which, edits) {
            ids.push(id);
            if let Some(after) = after {
                *line = after;
            }
        }
    }
    Ok(ids)
}

fn faults(edits: &[Edit]) -> Result<(), Error> {
    edits.iter().try_for_each(|edit| edit.faults().map_err(|fault| Error::bad(fault.to_string())))
}
