//! National provider identifiers of the United States: ten digits with Luhn's check digit behind 80840, beside the word.

use super::card::luhn;
use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// Bytes within which the word may stand.
const NEAR: usize = 40;

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for start in text.numbers() {
        let end = text.digits(start, 11);
        let shaped = end - start == 10 && matches!(text.bytes[start], b'1' | b'2');
        if shaped
            && text.opens_number(start)
            && text.closes_number(end)
            && is_checked(&text.bytes[start..end])
            && (text.near(Hint::Npi, start, NEAR) || text.linked(Hint::Npi, start, end))
        {
            out.push(Found { start, end, kind: Kind::Npi });
        }
    }
}

fn is_checked(digits: &[u8]) -> bool {
    let all: Vec<u8> = [8, 0, 8, 4, 0].into_iter().chain(digits.iter().map(|byte| byte - b'0')).collect();
    luhn(&all)
}
