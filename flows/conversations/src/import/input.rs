//! Bytes as text: encodings, lines of any length in bounded memory.

use std::io::{self, BufRead, Read};

use super::Stop;
use super::mapping::Encoding;
use crate::lines;

/// The longest record that is read, in bytes; a longer one is reported and passed over.
pub const LIMIT: usize = 64 << 20;

/// A reader as UTF-8, without its byte order mark.
pub struct Decoded<'r> {
    inner: &'r mut dyn BufRead,
    encoding: Encoding,
    started: bool,
    out: Vec<u8>,
    at: usize,
    /// Bytes of a character that are not all there yet.
    rest: Vec<u8>,
}

impl<'r> Decoded<'r> {
    /// A reader of bytes in an encoding.
    pub fn new(inner: &'r mut dyn BufRead, encoding: Encoding) -> Self {
        Self { inner, encoding, started: false, out: Vec::new(), at: 0, rest: Vec::new() }
    }

    /// Decodes the next bytes into `out`.
    fn more(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.is_empty() {
            let bytes = self.inner.fill_buf()?;
            let read = bytes.len();
            if read == 0 {
                if !self.rest.is_empty() {
                    self.rest.clear();
                    self.out.extend("\u{fffd}".bytes());
                }
                return Ok(());
            }
            self.rest.extend(bytes);
            self.inner.consume(read);
            let used = decode(self.encoding, &self.rest, &mut self.out);
            self.rest.drain(..used);
            if !self.started && !self.out.is_empty() {
                self.started = true;
                if self.out.starts_with("\u{feff}".as_bytes()) {
                    self.out.drain(..3);
                }
            }
        }
        Ok(())
    }

    /// UTF-8 is handed on as it is, but for the mark at its start.
    fn plain(&mut self) -> io::Result<()> {
        if !self.started {
            self.started = true;
            let mut start = [0; 3];
            let mut have = 0;
            while have < 3 {
                let read = self.inner.read(&mut start[have..])?;
                if read == 0 {
                    break;
                }
                have += read;
            }
            self.out.extend(if start[..have] == *"\u{feff}".as_bytes() { &[] } else { &start[..have] });
        }
        Ok(())
    }
}

/// Decodes as many whole characters as there are; how many bytes that took.
fn decode(encoding: Encoding, bytes: &[u8], out: &mut Vec<u8>) -> usize {
    let mut push = |c: char| out.extend(c.encode_utf8(&mut [0; 4]).bytes());
    match encoding {
        Encoding::Utf8 => {
            out.extend(bytes);
            bytes.len()
        }
        Encoding::Windows1252 => {
            bytes.iter().for_each(|byte| push(windows_1252(*byte)));
            bytes.len()
        }
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if encoding == Encoding::Utf16Le { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
            };
            let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
            let waits = units.last().is_some_and(|last| (0xd800..0xdc00).contains(last));
            let whole = &units[..units.len() - usize::from(waits)];
            char::decode_utf16(whole.iter().copied()).for_each(|c| push(c.unwrap_or('\u{fffd}')));
            whole.len() * 2
        }
    }
}

/// Bytes 0x80 to 0x9f are characters of their own; the five that are not defined are shown as such.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let length = bytes.len().min(into.len());
        into[..length].copy_from_slice(&bytes[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Decoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.encoding == Encoding::Utf8 {
            self.plain()?;
            if self.at >= self.out.len() {
                return self.inner.fill_buf();
            }
        } else if self.at >= self.out.len() {
            self.more()?;
        }
        Ok(&self.out[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        if self.encoding == Encoding::Utf8 && self.at >= self.out.len() {
            self.inner.consume(amount);
        } else {
            self.at += amount;
        }
    }
}

/// Why a line is not there whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It is there.
    Whole,
    /// It is longer than [`LIMIT`].
    TooLong,
}

/// Lines in bounded memory.
pub struct Lines<'r>(lines::Lines<&'r mut dyn BufRead>);

impl<'r> Lines<'r> {
    /// The lines of an input.
    pub fn new(input: &'r mut dyn BufRead) -> Self {
        Self(lines::Lines::new(input).at_most(LIMIT))
    }

    /// The number of the line that was read last, from 1.
    pub fn number(&self) -> u64 {
        self.0.number()
    }

    /// The next line without its end.
    pub fn next(&mut self) -> Result<Option<(&[u8], Cut)>, Stop> {
        let line = self.0.line().map_err(|error| Stop::Unreadable(error.to_string()))?;
        let cut = |line: &lines::Line<'_>| if line.too_long { Cut::TooLong } else { Cut::Whole };
        Ok(line.map(|line| (lines::without_end(line.bytes), cut(&line))))
    }
}

/// A text, and whether it held bytes that are no UTF-8; they are shown as `�`.
pub fn text(bytes: &[u8]) -> (std::borrow::Cow<'_, str>, bool) {
    let text = String::from_utf8_lossy(bytes);
    let broken = matches!(text, std::borrow::Cow::Owned(_));
    (text, broken)
}

/// What is said about bytes that are no UTF-8.
pub const BROKEN: &str =
    "some of its bytes are no UTF-8 and are shown as \u{fffd}; \"encoding\" of the mapping can say what they are";

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], encoding: Encoding) -> String {
        let mut text = String::new();
        // One byte at a time, so that no character comes whole.
        let mut slow = io::BufReader::with_capacity(1, bytes);
        Decoded::new(&mut slow, encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn encodings_are_read_bit_by_bit_and_marks_are_left_out() {
        assert_eq!(decoded(b"\xef\xbb\xbfna\xc3\xafve", Encoding::Utf8), "naïve");
        assert_eq!(decoded(b"ab", Encoding::Utf8), "ab");
        assert_eq!(decoded(b"na\xefve \x80", Encoding::Windows1252), "naïve €");
        let text = "\u{feff}naïve 🙂";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&le, Encoding::Utf16Le), "naïve 🙂");
        assert_eq!(decoded(&be, Encoding::Utf16Be), "naïve 🙂");
        assert_eq!(decoded(&le[..le.len() - 1], Encoding::Utf16Le), "naïve \u{fffd}");
    }
}
