//! Files of conversations: listed, searched, labelled, tagged, and their handoffs set against what should have happened. A file is read
//! line by line; what is changed in it is its line alone.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use flow_conversations::Conversation;
use flow_conversations::audit::Audit;
use flow_conversations::edit::Edit;
use flow_conversations::lines::{Line, Lines, Unread};
use flow_conversations::search::{Found, Query};
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

/// What stands before the first sign of some files.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadLine {
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
    pub unread: Vec<UnreadLine>,
}

fn lines(input: Box<dyn Read>) -> Lines<BufReader<Box<dyn Read>>> {
    Lines::new(BufReader::with_capacity(1 << 18, input))
}

fn failed(name: &str, error: &std::io::Error) -> Error {
    Error::new(Code::Failed, format!("{name}, {error}"))
}

/// Something to do with a line; whether there should be more.
type EachLine<'f> = dyn FnMut(Line<'_>) -> Result<ControlFlow<()>, Error> + 'f;

/// Does something with each line of a file; where none of it can be read, with the first alone.
fn each_line(name: &str, input: Box<dyn Read>, each: &mut EachLine<'_>) -> Result<(), Error> {
    let mut lines = lines(input);
    while let Some(line) = lines.line().map_err(|error| failed(name, &error))? {
        if each(line)?.is_break() || line.text() == Err(Unread::Utf16) {
            break;
        }
    }
    Ok(())
}

/// Looks at every conversation of every input, in order.
fn look(
    inputs: Vec<Input>,
    unread: &mut Vec<UnreadLine>,
    mut pace: Pace<'_>,
    each: &mut dyn FnMut(&str, u64, &Conversation),
) -> Result<(), Error> {
    for input in inputs {
        let name = input.name();
        each_line(&name, input.open()?, &mut |line| {
            pace.line(line.bytes.len())?;
            match line.conversation() {
                Some(Ok((conversation, _))) => {
                    pace.conversation();
                    each(&name, line.number, &conversation);
                }
                Some(Err(why)) => {
                    unread.push(UnreadLine { file: name.clone(), line: line.number, why: why.to_string() });
                }
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
        each_line(&name, input.open()?, &mut |line| match line.text() {
            Ok(Some(line)) if is_of(line, id) => {
                found = Some(line.to_owned());
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
pub fn audit(
    inputs: Vec<Input>,
    label: Option<&str>,
    waiting: &Waiting<'_>,
) -> Result<(Audit, Vec<UnreadLine>), Error> {
    let pace = Pace::of(&inputs, waiting);
    let mut audit = Audit::default();
    let mut unread = Vec::new();
    let mut again = Vec::new();
    let mut seen = Seen::default();
    look(inputs, &mut unread, pace, &mut |file, line, conversation| match seen.insert(hash(&conversation.id)) {
        true => audit.add(conversation, file, line, label),
        false => again.push(UnreadLine { file: file.to_owned(), line, why: repeated(&conversation.id) }),
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

/// Whether a line is a conversation with this id.
pub(crate) fn is_of(line: &str, id: &str) -> bool {
    flow_conversations::line(line).is_ok_and(|(conversation, _)| *conversation.id == *id)
}

/// The id of a line that is meant, and the line with the changes where it does not stay as it is.
fn changed(before: &str, which: &Which<'_>, edits: &[Edit]) -> Option<(String, Option<String>)> {
    let (conversation, _) = flow_conversations::line(before).ok()?;
    if !which.is(&conversation) {
        return None;
    }
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
    let mut lines = lines(Box::new(flow_store::open(path)?));
    while let Some(line) = lines.line().map_err(|error| failed(&name, &error))? {
        let before = match line.text() {
            Err(why @ Unread::Utf16) => return Err(Error::new(Code::Unreadable, format!("{name}: {why}"))),
            text => text.ok().flatten(),
        };
        let meant = before.and_then(|before| Some((before, changed(before, which, edits)?)));
        let after = meant.and_then(|(before, (id, after))| {
            ids.push(id);
            Some((before, after?))
        });
        let Some((before, after)) = after else {
            output.bytes(line.bytes)?;
            continue;
        };
        changes += 1;
        let head = if line.number == 1 && line.bytes.starts_with(MARK) { MARK.len() } else { 0 };
        output.bytes(&line.bytes[..head])?;
        output.bytes(after.as_bytes())?;
        output.bytes(&line.bytes[head + before.len()..])?;
    }
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
        if let Some((id, after)) = changed(line, which, edits) {
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
