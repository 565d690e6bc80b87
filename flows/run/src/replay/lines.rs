//! Lines of a file as blocks.

use std::io::{self, Read};

use flow_conversations::lines;
use flow_conversations::{Conversation, LineReader, Notes, Wants};

use crate::expect::needs_preview;

use super::stream::{Block, Item, Row, Unread, hash};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;

/// Whole lines of a file.
struct Lines {
    file: usize,
    wants: Wants,
    /// Number of the first one, from 1.
    first: u64,
    bytes: Vec<u8>,
}

impl Block for Lines {
    fn file(&self) -> usize {
        self.file
    }

    fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn rows(&self, only: Option<&[u64]>, take: &mut dyn FnMut(Row<'_>)) {
        if self.first == 1 && lines::is_utf16(&self.bytes) {
            return take(Row::Unread(1, Unread::Utf16));
        }
        let text = std::str::from_utf8(&self.bytes).ok();
        let mut desk = Desk { reader: LineReader::default(), into: Conversation::default(), notes: Notes::new() };
        let (mut number, mut from) = (self.first, 0);
        while from < self.bytes.len() {
            let end = memchr::memchr(b'\n', &self.bytes[from..]).map_or(self.bytes.len(), |at| from + at);
            if only.is_none_or(|only| only.binary_search(&number).is_ok()) {
                let line = match text {
                    Some(text) => text.get(from..end),
                    None => std::str::from_utf8(&self.bytes[from..end]).ok(),
                };
                match line {
                    Some(line) => desk.row(line, number, &self.wants, take),
                    None => take(Row::Unread(number, Unread::NotText)),
                }
            }
            from = end + 1;
            number += 1;
        }
    }
}

/// What lines are read into, one after the other.
struct Desk {
    reader: LineReader,
    into: Conversation,
    notes: Notes,
}

impl Desk {
    fn row(&mut self, line: &str, number: u64, wants: &Wants, take: &mut dyn FnMut(Row<'_>)) {
        let Some(line) = lines::plain(number, line) else { return };
        let mut read = self.reader.read(line, wants, &mut self.into, &mut self.notes);
        // What is expected of texts and payloads is held against everything that was said.
        if read.is_ok() && *wants != Wants::ALL && self.into.expect.as_deref().is_some_and(needs_preview) {
            read = self.reader.read(line, &Wants::ALL, &mut self.into, &mut self.notes);
        }
        match read {
            Err(fault) => take(Row::Unread(number, fault.into())),
            Ok(()) => {
                let id = hash(&self.into.id);
                take(Row::Read(Item { line: number, conversation: &mut self.into, notes: &self.notes }, id));
            }
        }
    }
}

/// Reads a file block by block.
pub struct Reader<R> {
    read: R,
    file: usize,
    chunk: usize,
    wants: Wants,
    next: u64,
    /// The last line that is passed over.
    passed: u64,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    over: bool,
}

impl<R: Read> Reader<R> {
    /// Reads what is the file of this number.
    pub fn new(read: R, file: usize) -> Self {
        Self { read, file, chunk: CHUNK, wants: Wants::ALL, next: 1, passed: 0, rest: Vec::new(), over: false }
    }

    /// Reads so many bytes at once.
    #[must_use]
    pub fn in_pieces_of(mut self, bytes: usize) -> Self {
        self.chunk = bytes;
        self
    }

    /// Leaves out what is not wanted.
    #[must_use]
    pub fn wanting(mut self, wants: Wants) -> Self {
        self.wants = wants;
        self
    }

    /// Begins behind a line, which is counted from 1.
    #[must_use]
    pub fn after(mut self, line: u64) -> Self {
        self.passed = line;
        self
    }

    fn pass_over(&mut self) -> io::Result<()> {
        while self.next <= self.passed && !self.over {
            let mut bytes = Vec::new();
            self.over = (&mut self.read).take(self.chunk as u64).read_to_end(&mut bytes)? < self.chunk;
            for end in memchr::memchr_iter(b'\n', &bytes) {
                self.next += 1;
                if self.next > self.passed {
                    self.rest = bytes.split_off(end + 1);
                    break;
                }
            }
        }
        Ok(())
    }

    /// The next lines; none at the end.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn block(&mut self) -> io::Result<Option<Box<dyn Block>>> {
        self.pass_over()?;
        let mut bytes = std::mem::take(&mut self.rest);
        let mut searched = 0;
        while !self.over {
            let before = bytes.len();
            bytes.reserve(self.chunk);
            let read = (&mut self.read).take(self.chunk as u64).read_to_end(&mut bytes)?;
            self.over = read < self.chunk;
            searched = searched.max(before);
            if let Some(at) = memchr::memrchr(b'\n', &bytes[searched..]) {
                if !self.over {
                    self.rest = bytes.split_off(searched + at + 1);
                }
                break;
            }
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let first = self.next;
        if first == 1 && lines::is_utf16(&bytes) {
            // Nothing of it can be read, which is told once.
            self.over = true;
            self.rest.clear();
        }
        self.next += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Ok(Some(Box::new(Lines { file: self.file, wants: self.wants, first, bytes })))
    }
}
