//! Social security numbers of the United States: 3-2-4 with dashes; without dashes where words say so.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for start in text.numbers() {
        if let Some((end, dashes)) = shape(text, start)
            && (dashes || text.linked(Hint::Ssn, start, end))
        {
            out.push(Found { start, end, kind: Kind::Ssn });
        }
    }
}

/// Where nine digits in the shape of a number end, and whether dashes part them.
fn shape(text: &Text<'_>, start: usize) -> Option<(usize, bool)> {
    let first = text.digits(start, 10);
    let sign = text.byte(first);
    let (digits, end) = match (first - start, sign) {
        (9, _) => (text.bytes[start..first].to_vec(), first),
        (3, Some(sign @ (b'-' | b' ' | b'.'))) => {
            let second = text.digits(first + 1, 3);
            let third = text.digits(second + 1, 5);
            if second - first != 3 || text.byte(second) != Some(sign) || third - second != 5 {
                return None;
            }
            let parts = [&text.bytes[start..first], &text.bytes[first + 1..second], &text.bytes[second + 1..third]];
            (parts.concat(), third)
        }
        _ => return None,
    };
    let joined =
        matches!(text.before(start), Some(b'-' | b'+')) || (text.byte(end) == Some(b'-') && !text.closes_dash(end));
    let apart = text.opens_number(start) && text.closes_number(end) && !joined;
    (apart && is_given_out(&digits)).then_some((end, end - start == 11 && sign == Some(b'-')))
}

/// Whether the numbers of area, group and person are ones that are given out (Social Security Administration: no area 000,
/// 666 or from 900 on, no group 00, no 0000), and not one that was printed on a sample.
fn is_given_out(digits: &[u8]) -> bool {
    const SAMPLES: &[&[u8]] = &[b"078051120", b"219099999"];
    let same = digits.iter().all(|digit| *digit == digits[0]);
    let (area, group, person) = (&digits[..3], &digits[3..5], &digits[5..]);
    let known = area != b"000" && area != b"666" && area[0] != b'9' && group != b"00" && person != b"0000";
    known && !same && !SAMPLES.contains(&digits)
}
