//! Medicare beneficiary identifiers of the United States: eleven places, each with letters or digits of its own.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for start in text.words() {
        if let Some((end, parted)) = identifier(text, start)
            && (parted || text.linked(Hint::Mbi, start, end) || text.near(Hint::Mbi, start, 60))
        {
            out.push(Found { start, end, kind: Kind::Mbi });
        }
    }
}

/// Where an identifier ends, and whether dashes part it as on the card, 4-3-4.
fn identifier(text: &Text<'_>, start: usize) -> Option<(usize, bool)> {
    let mut all = Vec::with_capacity(11);
    let (mut at, mut dashes) = (start, 0);
    while all.len() < 11 {
        match text.byte(at)? {
            byte if byte.is_ascii_alphanumeric() => all.push(byte.to_ascii_uppercase()),
            b'-' if matches!((all.len(), dashes), (4, 0) | (7, 1)) => dashes += 1,
            _ => return None,
        }
        at += 1;
    }
    let joined = text.before(start) == Some(b'-') || text.byte(at) == Some(b'-');
    let fits = all.iter().enumerate().all(|(place, byte)| fits(place, *byte));
    (text.closes(at) && !joined && fits && dashes != 1).then_some((at, dashes == 2))
}

/// What a place may hold (CMS, "Understanding the MBI format", 2024): never S, L, O, I, B or Z.
fn fits(place: usize, byte: u8) -> bool {
    let letter = byte.is_ascii_uppercase() && !b"SLOIBZ".contains(&byte);
    let digit = byte.is_ascii_digit();
    match place {
        0 => matches!(byte, b'1'..=b'9'),
        1 | 4 | 7 | 8 => letter,
        2 | 5 => letter || digit,
        _ => digit,
    }
}
