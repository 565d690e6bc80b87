//! A text with the words that say what stands beside them.

use super::words::{self, Hint};

/// Bytes within which a word says what a value beside it is.
const NEAR: usize = 48;
/// Bytes between a value and the word that follows it, as in `123 is my cvv`.
const AFTER: usize = 20;
/// Bytes of the line before that a word may be away.
const LINE_BEFORE: usize = 160;

pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// Start and end of the words of each hint.
    hints: Vec<Vec<(usize, usize)>>,
}

/// Letters, digits, the underscore, and all that is no ASCII.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a character keeps a number beside it from being one of its own. Scripts that write without spaces do not.
fn holds(character: char) -> bool {
    character == '_' || (character.is_alphanumeric() && character < '\u{2e80}')
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), hints: words::hints(text) }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).and_then(|at| self.byte(at))
    }

    /// Whether a word could begin here.
    pub(super) fn opens(&self, at: usize) -> bool {
        match self.before(at) {
            Some(byte) if byte >= 0x80 => {
                let head = (1..=4.min(at)).find_map(|back| self.text.get(at - back..at));
                !head.and_then(|head| head.chars().next()).is_some_and(holds)
            }
            byte => !byte.is_some_and(is_word),
        }
    }

    /// Whether a word could end here.
    pub(super) fn closes(&self, at: usize) -> bool {
        match self.byte(at) {
            Some(byte) if byte >= 0x80 => !self.text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(holds),
            byte => !byte.is_some_and(is_word),
        }
    }

    /// Whether a number that begins here is no part of a longer one, such as the digits behind a decimal point.
    pub(super) fn opens_number(&self, at: usize) -> bool {
        let point = matches!(self.before(at), Some(b'.' | b','));
        self.opens(at) && !(point && at >= 2 && self.bytes[at - 2].is_ascii_digit())
    }

    /// Whether a number that ends here is no part of a longer one.
    pub(super) fn closes_number(&self, at: usize) -> bool {
        let point = matches!(self.byte(at), Some(b'.' | b','));
        self.closes(at) && !(point && self.byte(at + 1).is_some_and(|next| next.is_ascii_digit()))
    }

    /// Whether a dash, slash or the like here is followed by nothing of a number or word.
    pub(super) fn closes_dash(&self, at: usize) -> bool {
        !self.byte(at + 1).is_some_and(is_word)
    }

    /// Where the digits that begin here end, at most `most` further on.
    pub(super) fn digits(&self, at: usize, most: usize) -> usize {
        self.run(at, most, |byte| byte.is_ascii_digit())
    }

    /// Where bytes of one sort that begin here end, at most `most` further on.
    pub(super) fn run(&self, at: usize, most: usize, is: impl Fn(u8) -> bool) -> usize {
        let most = at.saturating_add(most).min(self.bytes.len());
        (at..most).find(|at| !is(self.bytes[*at])).unwrap_or(most)
    }

    /// Starts of runs of digits.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        let starts = |at: usize| !self.before(at).is_some_and(|byte| byte.is_ascii_digit());
        (0..self.bytes.len()).filter(move |at| self.bytes[*at].is_ascii_digit() && starts(*at))
    }

    /// Starts of words.
    pub(super) fn words(&self) -> impl Iterator<Item = usize> {
        (0..self.bytes.len()).filter(|at| self.bytes[*at].is_ascii_alphanumeric() && self.opens(*at))
    }

    /// The places of a hint's words, in order.
    pub(super) fn hints(&self, hint: Hint) -> &[(usize, usize)] {
        &self.hints[hint as usize]
    }

    /// The last word of a hint that ends at or before a place.
    fn last(&self, hint: Hint, at: usize) -> Option<(usize, usize)> {
        let hints = self.hints(hint);
        let past = hints.partition_point(|(_, end)| *end <= at);
        past.checked_sub(1).map(|last| hints[last])
    }

    /// Whether a word of a hint stands at most so many bytes before.
    pub(super) fn near(&self, hint: Hint, at: usize, within: usize) -> bool {
        self.last(hint, at).is_some_and(|(_, end)| at - end <= within)
    }

    /// Whether the value at these bytes is said to be of a hint: `cvv: 123`, `my cvv is 123`, `123 is my cvv`, or the
    /// line before speaks of it and the value begins this one.
    pub(super) fn linked(&self, hint: Hint, start: usize, end: usize) -> bool {
        self.linked_before(hint, start) || self.linked_after(hint, end)
    }

    pub(super) fn linked_before(&self, hint: Hint, start: usize) -> bool {
        let Some((_, said)) = self.last(hint, start) else { return false };
        let away = start - said;
        if away > LINE_BEFORE + NEAR {
            return false;
        }
        let between = &self.text[said..start];
        match between.rsplit_once('\n') {
            None => away <= NEAR && words::only_links(between),
            Some((line, own)) => line.len() <= LINE_BEFORE && own.len() <= NEAR && words::only_links(own),
        }
    }

    fn linked_after(&self, hint: Hint, end: usize) -> bool {
        let hints = self.hints(hint);
        let next = hints.partition_point(|(start, _)| *start < end);
        let Some((start, _)) = hints.get(next) else { return false };
        let away = start - end;
        away <= AFTER && away > 2 && {
            let between = &self.text[end..*start];
            between.starts_with(' ') && words::only_links(between) && words::says_is(between)
        }
    }

    /// How far back the last word of a hint is, `usize::MAX` without one.
    pub(super) fn distance(&self, hint: Hint, at: usize) -> usize {
        self.last(hint, at).map_or(usize::MAX, |(_, end)| at - end)
    }
}
