//! A text as recognisers read it: digits of any script as those of ASCII, every space and dash as the plain one, without
//! characters that nobody sees. Most texts are so already and are not copied.

use std::borrow::Cow;

use crate::redact::{is_dash, is_unseen, plain_digit};

/// A plain text, and where its bytes stand in the text as it was.
pub(super) struct Plain<'a> {
    pub(super) text: Cow<'a, str>,
    /// For each byte, where its character begins and ends; empty where nothing was changed.
    places: Vec<(usize, usize)>,
}

/// What stands for a character; `None` leaves it out.
fn plain(c: char) -> Option<char> {
    match c {
        _ if c.is_ascii() => Some(c),
        _ if is_unseen(c) => None,
        _ if is_dash(c) => Some('-'),
        _ if c.is_whitespace() => Some(' '),
        _ => Some(plain_digit(c).unwrap_or(c)),
    }
}

impl<'a> Plain<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        if text.is_ascii() || text.chars().all(|c| plain(c) == Some(c)) {
            return Self { text: Cow::Borrowed(text), places: Vec::new() };
        }
        let (mut out, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
        for (at, c) in text.char_indices() {
            if let Some(plain) = plain(c) {
                out.push(plain);
                places.resize(out.len(), (at, at + c.len_utf8()));
            }
        }
        Self { text: Cow::Owned(out), places }
    }

    /// Where bytes of it stand in the text as it was.
    pub(super) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.places.get(start).map_or(start, |place| place.0);
        (first, end.checked_sub(1).and_then(|last| self.places.get(last)).map_or(end, |place| place.1))
    }
}
