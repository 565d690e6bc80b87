//! What a search found, remembered by where it stands, so that a part of a long list is read without reading its files again.
//! What must stay true: a list never shows what a file does not hold any more. A file of another length or moment of change
//! is searched anew, and so is one in which a line that was found is not there as it was.
//!
//! Memory does not grow with the files: of many that are found every second, fourth, … is remembered, and what lies between is
//! read from there.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flow_conversations::Conversation;
use flow_conversations::lines::Line;
use flow_conversations::search::{Found, Query};
use flow_run::replay::stream::{Seen, hash};
use flow_store::{Glance, Opened, StoreError};

use super::{Hit, Part, Searched, UnreadLine, each_line, hit, search};
use crate::error::Error;
use crate::replays::Input;

/// Places that are remembered at the most.
const MARKS: usize = 1 << 14;
/// Searches that are remembered.
const KEPT: usize = 4;
/// Bytes that are read at once where one line is wanted.
const LITTLE: usize = 1 << 14;

/// The searches that were made last.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    kept: Mutex<VecDeque<Arc<Index>>>,
    hasher: RandomState,
    /// Places that a search remembers at the most, for tests.
    most: Option<usize>,
}

/// What was searched for, and in which files as they were then.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    query: String,
    files: Vec<(PathBuf, Glance)>,
}

impl Key {
    /// None where something is no file, or its moment of change is not known.
    fn of(inputs: &[Input], query: &str) -> Option<Self> {
        let file = |input: &Input| match input {
            Input::Path(path) => {
                let glance = flow_store::glance(path).ok().filter(|glance| glance.modified.is_some())?;
                Some((path.clone(), glance))
            }
            Input::Text(..) | Input::Read(..) => None,
        };
        let files = inputs.iter().map(file).collect::<Option<Vec<_>>>()?;
        Some(Self { query: query.to_owned(), files })
    }

    fn still_holds(&self) -> bool {
        self.files.iter().all(|(path, glance)| flow_store::glance(path).is_ok_and(|now| now == *glance))
    }
}

/// Where a conversation stands that was found.
#[derive(Clone, Copy, Debug)]
struct Mark {
    file: usize,
    /// Where its line begins, in bytes.
    at: u64,
    /// Its number, from 1.
    line: u64,
    /// The hash of its bytes.
    print: u64,
}

/// What a search found.
#[derive(Debug)]
struct Index {
    key: Key,
    /// Every so many of them is marked.
    step: u64,
    marks: Vec<Mark>,
    /// Lines that repeat an id, of each file as bits.
    again: Vec<Vec<u64>>,
    conversations: u64,
    count: u64,
    unread: Option<UnreadLine>,
}

impl Index {
    fn mark(&mut self, most: usize, mark: Mark) {
        if self.marks.len() >= most {
            let mut number = 0_usize;
            self.marks.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.step *= 2;
        }
        if self.count.is_multiple_of(self.step) {
            self.marks.push(mark);
        }
    }

    fn repeat(&mut self, file: usize, line: u64) {
        let Ok(word) = usize::try_from(line / 64) else { return };
        let bits = &mut self.again[file];
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        bits[word] |= 1 << (line % 64);
    }

    fn repeats(&self, file: usize, line: u64) -> bool {
        let word = usize::try_from(line / 64).ok().and_then(|word| self.again[file].get(word));
        word.is_some_and(|word| word >> (line % 64) & 1 == 1)
    }

    fn searched(&self, hits: Vec<Hit>) -> Searched {
        Searched {
            conversations: self.conversations,
            count: self.count,
            hits,
            unread: self.unread.iter().cloned().collect(),
        }
    }

    /// Those of a part; nothing where a file does not hold any more what was found in it.
    fn hits(&self, query: &Query, part: Part, print: &dyn Fn(&[u8]) -> u64) -> Result<Option<Vec<Hit>>, Error> {
        let mut hits = Vec::new();
        let from = part.from as u64;
        let first = from / self.step;
        let mut number = first * self.step;
        let mut cursor = Cursor::new(&self.key.files);
        for mark in self.marks.iter().skip(usize::try_from(first).unwrap_or(usize::MAX)) {
            cursor.go(mark)?;
            let (end, mut is_marked) = ((number + self.step).min(self.count), true);
            while number < end && hits.len() < part.most {
                if !cursor.line()? || (is_marked && print(&cursor.buffer) != mark.print) {
                    return Ok(None);
                }
                is_marked = false;
                let Some((found, conversation)) = self.found(&cursor, query) else { continue };
                if number >= from {
                    hits.push(hit(&cursor.name(), cursor.number, &conversation, found));
                }
                number += 1;
            }
            if hits.len() >= part.most {
                break;
            }
        }
        Ok(Some(hits))
    }

    /// The conversation of the line, where it is one that is found.
    fn found(&self, cursor: &Cursor<'_>, query: &Query) -> Option<(Found, Conversation)> {
        if self.repeats(cursor.file, cursor.number) {
            return None;
        }
        let line = Line { number: cursor.number, bytes: &cursor.buffer, too_long: false };
        let (conversation, _) = line.conversation()?.ok()?;
        Some((query.find(&conversation)?, conversation))
    }
}

/// A line of several files that follow each other.
struct Cursor<'i> {
    files: &'i [(PathBuf, Glance)],
    file: usize,
    reader: Option<BufReader<Opened>>,
    /// Where the next line begins.
    at: u64,
    /// The number of the line that was read.
    number: u64,
    buffer: Vec<u8>,
}

impl<'i> Cursor<'i> {
    fn new(files: &'i [(PathBuf, Glance)]) -> Self {
        Self { files, file: 0, reader: None, at: 0, number: 0, buffer: Vec::new() }
    }

    fn path(&self) -> &'i Path {
        self.files.get(self.file).map_or(Path::new(""), |(path, _)| path)
    }

    fn name(&self) -> String {
        self.path().display().to_string()
    }

    fn failed(&self, error: std::io::Error) -> Error {
        StoreError::new(self.path(), error).into()
    }

    /// To the beginning of a line.
    fn go(&mut self, mark: &Mark) -> Result<(), Error> {
        let forward = i64::try_from(mark.at).ok().zip(i64::try_from(self.at).ok()).map(|(to, from)| to - from);
        match (&mut self.reader, forward) {
            (Some(reader), Some(by)) if self.file == mark.file => {
                reader.seek_relative(by).map_err(|error| self.failed(error))?;
            }
            _ => {
                self.file = mark.file;
                let mut reader = BufReader::with_capacity(LITTLE, flow_store::open(self.path())?);
                reader.seek(SeekFrom::Start(mark.at)).map_err(|error| self.failed(error))?;
                self.reader = Some(reader);
            }
        }
        self.at = mark.at;
        self.number = mark.line - 1;
        Ok(())
    }

    /// Reads the next line, of the next file where one is at its end; false at the end of all.
    fn line(&mut self) -> Result<bool, Error> {
        loop {
            if self.file >= self.files.len() {
                return Ok(false);
            }
            if self.reader.is_none() {
                self.reader = Some(BufReader::with_capacity(LITTLE, flow_store::open(self.path())?));
            }
            let Some(reader) = &mut self.reader else { return Ok(false) };
            self.buffer.clear();
            let read = reader.read_until(b'\n', &mut self.buffer);
            let read = read.map_err(|error| self.failed(error))?;
            if read > 0 {
                self.at += read as u64;
                self.number += 1;
                return Ok(true);
            }
            self.file += 1;
            self.reader = None;
            self.at = 0;
            self.number = 0;
        }
    }
}

impl Indexes {
    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<Arc<Index>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds conversations, each id once. `text` is what the query was read from.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn search(&self, inputs: Vec<Input>, text: &str, query: &Query, part: Part) -> Result<Searched, Error> {
        let Some(key) = Key::of(&inputs, text).filter(|_| part.once) else { return search(inputs, query, part) };
        let known = self.kept().iter().find(|index| index.key == key).cloned();
        let print = |bytes: &[u8]| self.hasher.hash_one(bytes);
        if let Some(index) = known {
            if let Some(hits) = index.hits(query, part, &print)? {
                return Ok(index.searched(hits));
            }
            self.kept().retain(|kept| !Arc::ptr_eq(kept, &index));
        }
        let (index, hits) = self.build(key, query, part)?;
        let searched = index.searched(hits);
        // What was changed while it was read is searched again the next time.
        if index.key.still_holds() {
            let mut kept = self.kept();
            kept.retain(|other| other.key.query != index.key.query || !same_files(&other.key, &index.key));
            kept.push_front(Arc::new(index));
            kept.truncate(KEPT);
        }
        Ok(searched)
    }

    fn build(&self, key: Key, query: &Query, part: Part) -> Result<(Index, Vec<Hit>), Error> {
        let files = key.files.clone();
        let again = vec![Vec::new(); files.len()];
        let mut index = Index { key, step: 1, marks: Vec::new(), again, conversations: 0, count: 0, unread: None };
        let (mut hits, mut seen) = (Vec::new(), Seen::default());
        for (file, (path, _)) in files.iter().enumerate() {
            let name = path.display().to_string();
            let mut at = 0;
            each_line(&name, Box::new(flow_store::open(path)?), &mut |read| {
                let (begins, line) = (at, read.number);
                at += read.bytes.len() as u64;
                match read.conversation() {
                    None => {}
                    Some(Err(why)) => {
                        let unread = || UnreadLine { file: name.clone(), line, why: why.to_string() };
                        index.unread.get_or_insert_with(unread);
                    }
                    Some(Ok((conversation, _))) if !seen.insert(hash(&conversation.id)) => index.repeat(file, line),
                    Some(Ok((conversation, _))) => {
                        index.conversations += 1;
                        let Some(found) = query.find(&conversation) else { return Ok(ControlFlow::Continue(())) };
                        let print = self.hasher.hash_one(read.bytes);
                        index.mark(self.most.unwrap_or(MARKS), Mark { file, at: begins, line, print });
                        index.count += 1;
                        if index.count > part.from as u64 && hits.len() < part.most {
                            hits.push(hit(&name, line, &conversation, found));
                        }
                    }
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok((index, hits))
    }
}

fn same_files(one: &Key, two: &Key) -> bool {
    one.files.iter().map(|(path, _)| path).eq(two.files.iter().map(|(path, _)| path))
}

#[cfg(test)]
mod tests;
