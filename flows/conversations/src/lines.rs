//! Lines of a file of conversations, wherever it is read: what ends a line, what stands before the first, and what is no line
//! at all is said here alone.

use std::io::{self, BufRead, Read};

use crate::event::Conversation;
use crate::read::{LineFault, Notes};

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is no UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// The whole file is UTF-16.
    #[error(
        "the file is UTF-16, so none of it is read: save it as UTF-8, or let `handoff conversations import` make a new file of it"
    )]
    Utf16,
    /// It is no conversation.
    #[error("{0}")]
    Line(#[from] LineFault),
}

/// Whether a file of conversations that begins so is UTF-16: by its mark, or by the zero beside its first sign.
#[must_use]
pub fn is_utf16(start: &[u8]) -> bool {
    matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..])
}

/// What a line of this number, from 1, says without the mark before a file's first sign and what stands before the end of
/// the line; `None` where that is nothing.
#[must_use]
pub fn plain(number: u64, line: &str) -> Option<&str> {
    let line = if number == 1 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
    let line = line.strip_suffix('\r').unwrap_or(line);
    (line.as_bytes().first() == Some(&b'{') || !line.trim().is_empty()).then_some(line)
}

/// The same of bytes, with or without the end of the line.
///
/// # Errors
/// Where they are no text.
pub fn text(number: u64, bytes: &[u8]) -> Result<Option<&str>, Unread> {
    if number == 1 && is_utf16(bytes) {
        return Err(Unread::Utf16);
    }
    let text = std::str::from_utf8(without_end(bytes)).map_err(|_| Unread::NotText)?;
    Ok(plain(number, text))
}

/// A line without what ends it.
#[must_use]
pub fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// All of its bytes, with those that end it; none where it is longer than what is read of one.
    pub bytes: &'a [u8],
    /// Whether it is longer.
    pub too_long: bool,
}

impl<'a> Line<'a> {
    /// What it says; `None` where that is nothing.
    ///
    /// # Errors
    /// Where it is no text.
    pub fn text(self) -> Result<Option<&'a str>, Unread> {
        text(self.number, self.bytes)
    }

    /// Its conversation; `None` where it says nothing.
    #[must_use]
    pub fn conversation(self) -> Option<Result<(Conversation, Notes), Unread>> {
        match self.text() {
            Ok(text) => text.map(|text| Ok(crate::line(text)?)),
            Err(why) => Some(Err(why)),
        }
    }
}

/// Lines one after the other, in memory that does not grow with the file.
pub struct Lines<R> {
    input: R,
    number: u64,
    most: u64,
    over: bool,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The lines of an input.
    pub fn new(input: R) -> Self {
        Self { input, number: 0, most: u64::MAX, over: false, buffer: Vec::new() }
    }

    /// Passes over what of a line is longer than so many bytes.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most = bytes as u64 + 1;
        self
    }

    /// The number of the line that was read last.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line.
    ///
    /// # Errors
    /// Where it cannot be read, with its number.
    pub fn line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let number = self.number + 1;
        let wrong = |error: io::Error| io::Error::new(error.kind(), format!("line {number}: {error}"));
        let read = Read::take(&mut self.input, self.most).read_until(b'\n', &mut self.buffer).map_err(wrong)?;
        if read == 0 {
            return Ok(None);
        }
        let too_long = read as u64 == self.most && self.buffer.last() != Some(&b'\n');
        if too_long {
            self.buffer.clear();
            self.skip().map_err(wrong)?;
        }
        self.number = number;
        Ok(Some(Line { number, bytes: &self.buffer, too_long }))
    }

    /// The next line that says something: its number and its text. Where the whole file cannot be read that is told once.
    ///
    /// # Errors
    /// As [`Lines::line`].
    pub fn next_text(&mut self) -> io::Result<Option<(u64, Result<&str, Unread>)>> {
        loop {
            if self.over || self.line()?.is_none() {
                return Ok(None);
            }
            match text(self.number, &self.buffer) {
                Ok(None) => {}
                Err(why) => {
                    self.over = why == Unread::Utf16;
                    return Ok(Some((self.number, Err(why))));
                }
                Ok(Some(_)) => break,
            }
        }
        let told = text(self.number, &self.buffer).map(Option::unwrap_or_default);
        Ok(Some((self.number, told)))
    }

    /// What the lines are read from.
    pub fn into_inner(self) -> R {
        self.input
    }

    fn skip(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(bytes.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, Result<String, Unread>)> {
        let mut lines = Lines::new(bytes);
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next_text().unwrap() {
            found.push((number, line.map(str::to_owned)));
        }
        found
    }

    #[test]
    fn marks_and_ends_of_lines_are_no_part_of_them() {
        let said = |number, text: &str| (number, Ok(text.to_owned()));
        assert_eq!(all(b"\xef\xbb\xbf{1}\r\n\n \t\r\n{2}\n{3}"), [said(1, "{1}"), said(4, "{2}"), said(5, "{3}")]);
        assert_eq!(all(b"\n\xef\xbb\xbf{1}"), [said(2, "\u{feff}{1}")]);
        assert_eq!(all(b"{1}\nna\xefve\n{3}"), [said(1, "{1}"), (2, Err(Unread::NotText)), said(3, "{3}")]);
    }

    #[test]
    fn a_file_in_utf_16_is_told_once() {
        let text = "{\"id\":\"a\"}\r\n{\"id\":\"\u{10a}\"}\r\n";
        for mark in ["", "\u{feff}"] {
            let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert_eq!(all(&little), [(1, Err(Unread::Utf16))]);
            assert_eq!(all(&big), [(1, Err(Unread::Utf16))]);
        }
        assert!(!is_utf16(b"{") && !is_utf16(b"") && !is_utf16(b"\0\0\0") && !is_utf16("\u{feff}{".as_bytes()));
    }

    #[test]
    fn lines_past_the_limit_are_passed_over() {
        let mut lines = Lines::new(&b"xxxxxxx\nnext\r\nlast"[..]).at_most(6);
        let mut found = Vec::new();
        while let Some(line) = lines.line().unwrap() {
            found.push((line.number, without_end(line.bytes).to_vec(), line.too_long));
        }
        assert_eq!(found, [(1, vec![], true), (2, b"next".to_vec(), false), (3, b"last".to_vec(), false)]);
    }
}
