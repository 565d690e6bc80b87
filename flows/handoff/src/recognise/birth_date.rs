//! Dates of birth: a date that is said to be one.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "mär",
    "okt",
    "dez",
];

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    if text.hints(Hint::Birth).is_empty() {
        return;
    }
    let mut past = 0;
    for start in text.words() {
        if start < past || !text.opens_number(start) {
            continue;
        }
        if let Some(end) = date(text, start)
            && text.linked(Hint::Birth, start, end)
        {
            past = end;
            out.push(Found { start, end, kind: Kind::BirthDate });
        }
    }
}

/// Where the date that begins here ends.
fn date(text: &Text<'_>, start: usize) -> Option<usize> {
    if !text.bytes[start].is_ascii_digit() {
        return month_first(text, start);
    }
    let first = text.digits(start, 9);
    if first - start == 8 {
        let own = &text.text[start..first];
        let fits = day(&own[..2], &own[2..4], &own[4..]) || day(&own[6..], &own[4..6], &own[..4]);
        return (fits && text.closes_number(first)).then_some(first);
    }
    numbers(text, start, first).or_else(|| day_first(text, start, first))
}

/// `12/03/1984`, `1984-03-12`, `12. 3. 84`.
fn numbers(text: &Text<'_>, start: usize, first: usize) -> Option<usize> {
    let sign = text.byte(first).filter(|byte| matches!(byte, b'/' | b'-' | b'.'))?;
    let space = |at: usize| at + usize::from(sign == b'.' && text.byte(at) == Some(b' '));
    let second = space(first + 1);
    let second_end = text.digits(second, 3);
    if text.byte(second_end) != Some(sign) {
        return None;
    }
    let third = space(second_end + 1);
    let end = text.digits(third, 5);
    let part = |from: usize, to: usize| &text.text[from..to];
    let (a, b, c) = (part(start, first), part(second, second_end), part(third, end));
    let fits = day(a, b, c) || day(b, a, c) || day(c, b, a);
    (fits && text.closes_number(end)).then_some(end)
}

/// `12 March 1984`, `12th of March, 1984`, `12. März 1984`.
fn day_first(text: &Text<'_>, start: usize, first: usize) -> Option<usize> {
    let mut at = first;
    if let Some("st" | "nd" | "rd" | "th") = text.text.get(at..at + 2) {
        at += 2;
    }
    at = text.run(at, 2, |byte| matches!(byte, b'.' | b' '));
    if text.text.get(at..at + 3).is_some_and(|of| of.eq_ignore_ascii_case("of ")) {
        at += 3;
    }
    let month = month(text, at)?;
    let year = text.run(month, 2, |byte| matches!(byte, b'.' | b',' | b' '));
    let end = text.digits(year, 5);
    (day(&text.text[start..first], "1", &text.text[year..end]) && text.closes(end)).then_some(end)
}

/// `March 12th, 1984`.
fn month_first(text: &Text<'_>, start: usize) -> Option<usize> {
    let month = month(text, start)?;
    let at = text.run(month, 2, |byte| matches!(byte, b'.' | b' '));
    let end = text.digits(at, 3);
    let own = &text.text[at..end];
    let mut next = end;
    if let Some("st" | "nd" | "rd" | "th") = text.text.get(next..next + 2) {
        next += 2;
    }
    let year = text.run(next, 2, |byte| matches!(byte, b',' | b' '));
    let end = text.digits(year, 5);
    (day(own, "1", &text.text[year..end]) && text.closes(end)).then_some(end)
}

/// Where the name of a month that begins here ends.
fn month(text: &Text<'_>, at: usize) -> Option<usize> {
    let end = text.run(at, 12, |byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    let word = text.text.get(at..end)?.to_lowercase();
    MONTHS.contains(&word.as_str()).then_some(end)
}

/// Whether these are a day, a month and a year of two or four digits in which somebody alive can have been born.
fn day(day: &str, month: &str, year: &str) -> bool {
    let within = |text: &str, least: u32, most: u32| text.parse::<u32>().is_ok_and(|n| (least..=most).contains(&n));
    let year = match year.len() {
        2 => within(year, 0, 99),
        4 => within(year, 1890, 2100),
        _ => false,
    };
    year && day.len() <= 2 && month.len() <= 2 && within(day, 1, 31) && within(month, 1, 12)
}
