//! Payment cards: 13 to 19 digits, in one piece or in groups, of a brand's range and with Luhn's check digit.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// Digits of the longest card.
const MOST: usize = 19;
/// Bytes between two groups.
const SIGNS: usize = 4;
/// Bytes within which a word says that a number behind letters is a card.
const NEAR: usize = 40;

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let mut past = 0;
    for start in text.numbers() {
        if start >= past
            && begins(text, start)
            && let Some(end) = card(text, start)
        {
            past = end;
            out.push(Found { start, end, kind: Kind::Card });
        }
    }
}

/// Whether a card may begin here: not within a longer number or word, and not behind the letters of a reference such as
/// `TX-`, unless a word says so.
fn begins(text: &Text<'_>, start: usize) -> bool {
    if !text.opens_number(start) || text.before(start) == Some(b'+') {
        return false;
    }
    let letters =
        start >= 2 && matches!(text.before(start), Some(b'-' | b'#')) && text.bytes[start - 2].is_ascii_alphabetic();
    !letters || text.near(Hint::Card, start, NEAR)
}

/// Where the longest card that begins here ends.
fn card(text: &Text<'_>, start: usize) -> Option<usize> {
    let mut written = Written { digits: Vec::with_capacity(MOST), groups: Vec::new(), plain: true, listed: false };
    let said = text.near(Hint::Card, start, NEAR);
    let (mut at, mut best) = (start, None);
    loop {
        let end = text.digits(at, MOST + 1);
        if end == at || written.digits.len() + end - at > MOST {
            return best;
        }
        written.groups.push(end - at);
        written.digits.extend(text.bytes[at..end].iter().map(|byte| byte - b'0'));
        let digits = &written.digits;
        // Nobody has sums with a fraction of so many digits in groups of four.
        let apart = if written.groups.len() >= 3 { text.closes(end) } else { text.closes_number(end) };
        if digits.len() >= 13 && apart && is_brand(digits) && luhn(digits) && (said || written.is_usual()) {
            best = Some(end);
        }
        at = text.run(end, SIGNS, is_sign);
        let signs = &text.bytes[end..at];
        written.plain &= matches!(signs, b" " | b"-");
        written.listed |= signs.iter().any(|sign| !matches!(sign, b' ' | b'\t' | b'\r' | b'\n'));
        if signs.is_empty() {
            return best;
        }
    }
}

/// What may stand between two groups of a card.
fn is_sign(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b'-' | b'.' | b'/' | b'_' | b',' | b'|' | b'\\' | b':' | b';' | b'*' | b'+')
}

/// Digits as they are grouped.
struct Written {
    digits: Vec<u8>,
    groups: Vec<usize>,
    /// One space or dash between any two.
    plain: bool,
    /// Something but spaces between some.
    listed: bool,
}

impl Written {
    /// Whether cards are written so: in one piece; in groups of two and more behind one of four, parted plainly; parted in any
    /// way in groups of four, or as American Express and Diners print them; digit by digit with spaces.
    fn is_usual(&self) -> bool {
        let Some((last, before)) = self.groups.split_last() else { return false };
        let all = |size: usize| before.iter().all(|group| *group == size) && *last <= size;
        let plain = self.plain && self.groups[0] >= 4 && self.groups.iter().all(|group| *group >= 2);
        let printed = matches!(self.groups[..], [4, 6, 4 | 5]);
        let single = all(1) && !self.listed && self.digits.len() >= 15;
        self.groups.len() == 1 || plain || all(4) || all(8) || printed || single
    }
}

/// Whether the digits are of a brand's range and length (ranges as the brands publish them, 2026-11-22).
fn is_brand(digits: &[u8]) -> bool {
    let prefix = |places: usize| digits.iter().take(places).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let (two, three, four, six) = (prefix(2), prefix(3), prefix(4), prefix(6));
    let length = digits.len();
    let visa = digits[0] == 4 && matches!(length, 13 | 16 | 19);
    let mastercard = length == 16 && (matches!(two, 51..=55) || matches!(four, 2221..=2720));
    let amex = length == 15 && matches!(two, 34 | 37);
    let diners = (length == 14 && (matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39)))
        || (matches!(length, 16..=19) && two == 36);
    let discover =
        length >= 16 && (four == 6011 || matches!(three, 644..=649) || two == 65 || matches!(six, 622_126..=622_925));
    let jcb = length >= 16 && matches!(four, 3528..=3589);
    let union_pay = length >= 16 && two == 62;
    let maestro = length >= 13 && matches!(four, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763);
    visa || mastercard || amex || diners || discover || jcb || union_pay || maestro
}

/// Luhn's check digit.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}
