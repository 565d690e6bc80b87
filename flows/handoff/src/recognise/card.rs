//! Payment cards: 13 to 19 digits, in one piece or in groups, of a brand's range and with Luhn's check digit.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// Digits of the longest card.
const MOST: usize = 19;
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
    let mut digits = Vec::with_capacity(MOST);
    let (mut at, mut best) = (start, None);
    loop {
        let end = text.digits(at, MOST + 1);
        let group = end - at;
        let first = digits.is_empty();
        if digits.len() + group > MOST || (first && group < 4) || group < 2 {
            return best;
        }
        digits.extend(text.bytes[at..end].iter().map(|byte| byte - b'0'));
        if digits.len() >= 13 && text.closes_number(end) && is_brand(&digits) && luhn(&digits) {
            best = Some(end);
        }
        at = match (text.byte(end), text.byte(end + 1)) {
            (Some(b' ' | b'-'), _) => end + 1,
            // A space that keeps its line together.
            (Some(0xc2), Some(0xa0)) => end + 2,
            _ => return best,
        };
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
