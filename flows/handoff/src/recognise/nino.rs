//! National insurance numbers of the United Kingdom: two letters, six digits, a letter from A to D.

use super::text::Text;
use super::{Found, Kind};

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for start in text.words() {
        if let Some(end) = number(text, start) {
            out.push(Found { start, end, kind: Kind::Nino });
        }
    }
}

fn number(text: &Text<'_>, start: usize) -> Option<usize> {
    let mut all = Vec::with_capacity(9);
    let mut at = start;
    while all.len() < 9 {
        match text.byte(at)? {
            byte if byte.is_ascii_alphanumeric() => all.push(byte.to_ascii_uppercase()),
            b' ' | b'-'
                if matches!(all.len(), 2 | 4 | 6 | 8) && text.before(at).is_some_and(|b| b.is_ascii_alphanumeric()) => {
            }
            _ => return None,
        }
        at += 1;
    }
    let joined = text.before(start) == Some(b'-') || text.byte(at) == Some(b'-');
    let lower = text.bytes[start].is_ascii_lowercase() != text.bytes[at - 1].is_ascii_lowercase();
    (text.closes(at) && !joined && !lower && is_given_out(&all)).then_some(at)
}

/// Letters that HMRC gives out (manual NIM39110).
fn is_given_out(all: &[u8]) -> bool {
    const NEVER: &[&[u8]] = &[b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"];
    let first = all[0].is_ascii_alphabetic() && !b"DFIQUV".contains(&all[0]);
    let second = all[1].is_ascii_alphabetic() && !b"DFIOQUV".contains(&all[1]);
    let digits = all[2..8].iter().all(u8::is_ascii_digit);
    first && second && digits && matches!(all[8], b'A'..=b'D') && !NEVER.contains(&&all[..2])
}
