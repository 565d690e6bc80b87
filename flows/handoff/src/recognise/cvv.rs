//! Security codes of cards: three or four digits that are said to be one, or that follow a card.

use super::text::Text;
use super::words::{self, Hint};
use super::{Found, Kind};

/// Bytes behind a card within which its code may stand.
const BEHIND: usize = 48;

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let cards: Vec<usize> = out.iter().filter(|one| one.kind == Kind::Card).map(|one| one.end).collect();
    for start in text.numbers() {
        let end = text.digits(start, 5);
        if !(3..=4).contains(&(end - start)) || !stands_alone(text, start, end, &cards) {
            continue;
        }
        let behind = |start: usize| {
            let past = cards.partition_point(|card| *card <= start);
            past.checked_sub(1).is_some_and(|last| follows(text, cards[last], start))
        };
        if text.linked(Hint::Cvv, start, end) || behind(start) {
            out.push(Found { start, end, kind: Kind::Cvv });
        }
    }
}

fn stands_alone(text: &Text<'_>, start: usize, end: usize, cards: &[usize]) -> bool {
    let joined = |byte: Option<u8>| matches!(byte, Some(b'/' | b'-' | b'$' | b'%' | 0xa3 | 0xac));
    let goes_on =
        matches!(text.byte(end), Some(b'/' | b'-' | b'%')) && text.byte(end + 1).is_some_and(|b| b.is_ascii_digit());
    // A comma behind a card is no decimal one.
    let opens = text.opens_number(start) || cards.binary_search(&start.saturating_sub(1)).is_ok();
    opens && text.closes_number(end) && !joined(text.before(start)) && !goes_on
}

/// Whether nothing but when the card ends, and words for it, stands between a card and a place.
fn follows(text: &Text<'_>, card: usize, start: usize) -> bool {
    const BETWEEN: &[&str] = &[
        "exp",
        "expires",
        "expiry",
        "expiration",
        "date",
        "valid",
        "thru",
        "until",
        "ends",
        "gültig",
        "bis",
        "and",
        "und",
    ];
    if start - card > BEHIND || start == card {
        return false;
    }
    let between = &text.text[card..start];
    let known = |word: &str| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        (digits && matches!(word.len(), 2 | 4))
            || BETWEEN.iter().any(|known| word.eq_ignore_ascii_case(known))
            || words::only_links(word)
    };
    // Four digits that follow alone are more likely a year or an amount than a code.
    let four = text.digits(start, 5) - start == 4;
    let dated = between.contains('/');
    !between.contains(['\n', '$', '?']) && (!four || dated) && between.split(|c: char| !c.is_alphanumeric()).all(known)
}
