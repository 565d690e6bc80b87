//! Lines of a file as blocks.

use std::io::{self, Read};

use flow_conversations::{Conversation, Notes};

use super::stream::{Block, Item, Row, Unread, hash};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;

/// Whole lines of a file.
struct Lines {
    file: usize,
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
        let text = std::str::from_utf8(&self.bytes).ok();
        let (mut number, mut from) = (self.first, 0);
        let mut scratch = Conversation::default();
        while from < self.bytes.len() {
            let end = self.bytes[from..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |at| from + at);
            if only.is_none_or(|only| only.binary_search(&number).is_ok()) {
                let line = match text {
                    Some(text) => text.get(from..end),
                    None => std::str::from_utf8(&self.bytes[from..end]).ok(),
                };
                row(line, number, &mut scratch, take);
            }
            from = end + 1;
            number += 1;
        }
    }
}

fn row(line: Option<&str>, number: u64, scratch: &mut Conversation, take: &mut dyn FnMut(Row<'_>)) {
    let Some(line) = line else { return take(Row::Unread(number, Unread::NotText)) };
    let line = if number == 1 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
    if line.trim().is_empty() {
        return;
    }
    match flow_conversations::line(line) {
        Err(fault) => take(Row::Unread(number, fault.into())),
        Ok((conversation, notes)) => {
            *scratch = conversation;
            given(scratch, number, &notes, take);
        }
    }
}

fn given(conversation: &mut Conversation, line: u64, notes: &Notes, take: &mut dyn FnMut(Row<'_>)) {
    let id = hash(&conversation.id);
    take(Row::Read(Item { line, conversation, notes }, id));
}

/// Reads a file block by block.
pub struct Reader<R> {
    read: R,
    file: usize,
    next: u64,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    over: bool,
}

impl<R: Read> Reader<R> {
    /// Reads what is the file of this number.
    pub fn new(read: R, file: usize) -> Self {
        Self { read, file, next: 1, rest: Vec::new(), over: false }
    }

    /// The next lines; none at the end.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn block(&mut self) -> io::Result<Option<Box<dyn Block>>> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut searched = 0;
        while !self.over {
            let before = bytes.len();
            bytes.reserve(CHUNK);
            let read = (&mut self.read).take(CHUNK as u64).read_to_end(&mut bytes)?;
            self.over = read < CHUNK;
            searched = searched.max(before);
            if let Some(at) = bytes[searched..].iter().rposition(|b| *b == b'\n') {
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
        self.next += bytes.iter().filter(|b| **b == b'\n').count() as u64;
        Ok(Some(Box::new(Lines { file: self.file, first, bytes })))
    }
}
