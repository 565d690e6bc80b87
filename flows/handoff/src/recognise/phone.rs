//! Telephone numbers: international ones by their plus sign, national ones by how they are grouped, others where words say
//! so.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// Characters of the longest number as people write it.
const MOST: usize = 26;

/// A number as written: where it ends, its groups of digits, and how it begins.
struct Written {
    end: usize,
    digits: Vec<u8>,
    groups: Vec<usize>,
    plus: bool,
    bracket: bool,
    dotted: bool,
}

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let mut past = 0;
    for (at, byte) in text.bytes.iter().enumerate() {
        let begins = match byte {
            b'+' | b'(' => text.opens(at),
            b'0'..=b'9' => {
                let joined = matches!(text.before(at), Some(b'+' | b'(' | b'-' | b'/' | b'#' | b'$' | b'.' | b':'));
                text.opens_number(at) && !joined && !text.before(at).is_some_and(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if begins
            && at >= past
            && let Some(written) = written(text, at)
            && is_phone(text, at, &written)
        {
            out.push(Found { start: at, end: written.end, kind: Kind::Phone });
            past = written.end;
        }
    }
}

fn written(text: &Text<'_>, start: usize) -> Option<Written> {
    let mut made =
        Written { end: start, digits: Vec::new(), groups: Vec::new(), plus: false, bracket: false, dotted: false };
    let (mut at, mut open) = (start, true);
    while at < start + MOST {
        match text.byte(at) {
            Some(b'+') if at == start => made.plus = true,
            Some(byte) if byte.is_ascii_digit() => {
                if open {
                    made.groups.push(0);
                    open = false;
                }
                made.digits.push(byte);
                *made.groups.last_mut()? += 1;
                made.end = at + 1;
            }
            Some(b'(') if !made.bracket && text.byte(at + 1).is_some_and(|b| b.is_ascii_digit()) => {
                made.bracket = true;
                open = true;
            }
            Some(b')') if made.bracket && !open => open = true,
            Some(byte @ (b' ' | b'-' | b'.' | b'/')) => {
                let before = text.before(at).is_some_and(|b| b.is_ascii_digit() || b == b')');
                // A number that says itself that it is one may be parted by more than one sign.
                let most = if made.plus { 3 } else { 1 };
                let next = text.run(at, most, |b| matches!(b, b' ' | b'-' | b'.' | b'/'));
                let behind = text.byte(next).is_some_and(|b| b.is_ascii_digit() || b == b'(');
                if !before || !behind || made.digits.is_empty() {
                    break;
                }
                made.dotted |= byte == b'.' || byte == b'/';
                open = true;
                at = next - 1;
            }
            _ => break,
        }
        at += 1;
    }
    (made.digits.len() >= 7 && made.digits.len() <= 16 && text.closes_number(made.end)).then_some(made)
}

fn is_phone(text: &Text<'_>, start: usize, written: &Written) -> bool {
    let count = written.digits.len();
    if matches!(text.byte(written.end), Some(b'-' | b'/' | b':' | b'%')) && !text.closes_dash(written.end) {
        return false;
    }
    if written.plus {
        return (8..=15).contains(&count) && written.digits[0] != b'0';
    }
    let ordered = text.distance(Hint::Order, start) < text.distance(Hint::Phone, start).min(25);
    if ordered || is_date(written) {
        return false;
    }
    let behind_digits = start >= 2 && text.before(start) == Some(b' ') && text.bytes[start - 2].is_ascii_digit();
    if is_north_american(written) || (is_national(written) && !behind_digits) {
        return true;
    }
    (7..=13).contains(&count) && text.linked(Hint::Phone, start, written.end)
}

/// `212-555-0187`, `(212) 555-0187`, `1-800-555-0187`: area and exchange begin with 2 to 9.
fn is_north_american(written: &Written) -> bool {
    let digits = match (&written.groups[..], &written.digits[..]) {
        ([3, 3, 4], digits) => digits,
        ([1, 3, 3, 4], [b'1', digits @ ..]) => digits,
        ([3, 7], digits) if written.bracket => digits,
        _ => return false,
    };
    matches!(digits[0], b'2'..=b'9') && matches!(digits[3], b'2'..=b'9')
}

/// A number with its own trunk prefix: `020 7946 0958`, `07700 900123`, `01 23 45 67 89`, `030/1234567`, `0044 20 …`.
fn is_national(written: &Written) -> bool {
    let count = written.digits.len();
    let grouped = written.groups.len() >= 2 && written.groups[0] >= 2 && written.groups.iter().all(|group| *group >= 2);
    let pairs = written.groups.iter().all(|group| *group == 2);
    let parted = !written.dotted || written.groups.len() == 2 || (pairs && written.groups.len() == 5);
    let trunk = written.digits[0] == b'0' && (written.digits[1] != b'0' || count >= 12);
    let first = written.digits.last();
    let varied = written.digits.iter().skip(1).any(|digit| Some(digit) != first);
    trunk && grouped && parted && varied && (10..=15).contains(&count) && written.groups.len() <= 6
}

/// `01.02.2024 10`, `2024-02-01 10`: a date and what follows it.
fn is_date(written: &Written) -> bool {
    matches!(written.groups[..], [1..=2, 1..=2, 4, ..] | [4, 1..=2, 1..=2, ..] | [1..=2, 1..=2, 2]) && !written.bracket
}
