//! Moments as people and programs write them, to milliseconds since 1970.

use super::mapping::DateOrder;
use crate::read::{days, days_in};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// German and French names whose first three letters differ from English.
const OTHER_MONTHS: [(&str, i64); 12] = [
    ("mär", 3),
    ("mrz", 3),
    ("mai", 5),
    ("okt", 10),
    ("dez", 12),
    ("fév", 2),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aoû", 8),
    ("déc", 12),
    ("ene", 1),
];

/// A moment: seconds, milliseconds or microseconds since 1970, RFC 3339, or a date with a time in the given order; without
/// a zone it is `zone` minutes ahead of UTC.
#[must_use]
pub fn moment(text: &str, order: DateOrder, zone: i32) -> Option<i64> {
    let text = text.trim();
    if let Some(moment) = since_1970(text) {
        return Some(moment);
    }
    let tokens = tokens(text);
    let (date, rest) = date(&tokens, order)?;
    let (time, offset) = time(rest)?;
    let offset = offset.unwrap_or(i64::from(zone));
    Some(date * 86_400_000 + time - offset * 60_000)
}

/// Digits alone, with or without a fraction: their number tells seconds from milliseconds.
fn since_1970(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    match whole.len() {
        9..=11 => {
            let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
            Some(value * 1000 + millis.parse::<i64>().ok()?)
        }
        12..=14 => Some(value),
        15..=17 => Some(value / 1000),
        _ => None,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Number(i64, usize),
    Word(&'t str),
    Mark(char),
}

/// Numbers, words and marks; spaces of any kind and marks of direction are passed over.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let alike: fn(char) -> bool = if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if first.is_alphabetic() {
            char::is_alphabetic
        } else {
            |_| false
        };
        let end = rest.find(|c| !alike(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (token, behind) = rest.split_at(end);
        rest = behind;
        if first.is_ascii_digit() {
            found.push(Token::Number(token.parse().unwrap_or(i64::MAX), token.len()));
        } else if first.is_alphabetic() {
            found.push(Token::Word(token));
        } else if !first.is_whitespace() && !is_direction(first) {
            found.push(Token::Mark(first));
        }
    }
    found
}

/// Marks that only say in which direction a text runs.
#[must_use]
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn month(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    let other = OTHER_MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, number)| *number);
    let english = || MONTHS.iter().position(|start| word.starts_with(start)).and_then(|at| i64::try_from(at + 1).ok());
    other.or_else(english)
}

/// Days since 1970, and what stands behind the date.
fn date<'t, 's>(tokens: &'s [Token<'t>], order: DateOrder) -> Option<(i64, &'s [Token<'t>])> {
    let mut numbers: Vec<(i64, usize)> = Vec::new();
    let mut named = None;
    let mut used = 0;
    for token in tokens {
        if numbers.len() + usize::from(named.is_some()) == 3 {
            break;
        }
        used += 1;
        match token {
            Token::Number(number, digits) => numbers.push((*number, *digits)),
            // Weekdays and "de" stand among the parts of a date.
            Token::Word(word) => named = named.or_else(|| month(word)),
            Token::Mark('.' | '/' | '-' | ',') => {}
            Token::Mark(_) => return None,
        }
    }
    let (year, month, day) = match (named, numbers.as_slice()) {
        (Some(month), [(a, 4), (b, _)]) => (*a, month, *b),
        (Some(month), [(a, _), b]) => (full(*b)?, month, *a),
        (None, [(a, 4), (b, _), (c, _)]) => (*a, *b, *c),
        (None, [(a, _), (b, _), c]) if order == DateOrder::Dmy => (full(*c)?, *b, *a),
        (None, [(a, _), (b, _), c]) if order == DateOrder::Mdy => (full(*c)?, *a, *b),
        (None, [a, (b, _), (c, _)]) => (full(*a)?, *b, *c),
        _ => return None,
    };
    let real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day) && (1..=9999).contains(&year);
    real.then(|| (days(year, month, day), &tokens[used..]))
}

/// A year of two digits is one of 1970 to 2069.
fn full((year, digits): (i64, usize)) -> Option<i64> {
    match digits {
        4 => Some(year),
        2 if year >= 70 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// Milliseconds of the day and the minutes ahead of UTC, where they are given.
fn time(tokens: &[Token<'_>]) -> Option<(i64, Option<i64>)> {
    let mut rest = tokens;
    while let [Token::Mark(',' | '-') | Token::Word("T" | "t" | "at" | "um" | "à"), behind @ ..] = rest {
        rest = behind;
    }
    let [Token::Number(hour, _), behind @ ..] = rest else { return rest.is_empty().then_some((0, None)) };
    let (mut hour, mut minute, mut millis) = (*hour, 0, 0);
    rest = behind;
    if let [Token::Mark(':' | '.') | Token::Word("h"), Token::Number(value, _), behind @ ..] = rest {
        (minute, rest) = (*value, behind);
    }
    if let [Token::Mark(':' | '.'), Token::Number(value, _), behind @ ..] = rest {
        (millis, rest) = (value * 1000, behind);
        if *value > 60 {
            return None;
        }
    }
    if let [Token::Mark('.' | ','), Token::Number(value, digits), behind @ ..] = rest {
        let fraction: String = format!("{value:0digits$}").chars().chain("000".chars()).take(3).collect();
        millis += fraction.parse::<i64>().ok()?;
        rest = behind;
    }
    let words: String =
        rest.iter().take_while(|t| matches!(t, Token::Word(_) | Token::Mark('.'))).filter_map(word).collect();
    let words = words.to_lowercase();
    let half = if ["pm", "p", "nachm", "μμ"].contains(&words.as_str()) {
        Some(12)
    } else if ["am", "a", "vorm", "πμ"].contains(&words.as_str()) {
        Some(0)
    } else {
        None
    };
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    if hour > 23 || minute > 59 {
        return None;
    }
    Some((hour * 3_600_000 + minute * 60_000 + millis, offset(rest, half.is_some())?))
}

fn word<'t>(token: &Token<'t>) -> Option<&'t str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

/// `Z`, `UTC`, `+01:00`; `Some(None)` where nothing is said, `None` where something else is.
fn offset(tokens: &[Token<'_>], has_half: bool) -> Option<Option<i64>> {
    let behind: Vec<&Token<'_>> = match has_half {
        true => tokens.iter().skip_while(|t| matches!(t, Token::Word(_) | Token::Mark('.'))).collect(),
        false => tokens.iter().collect(),
    };
    let signed = |sign: char, minutes: i64| if sign == '-' { -minutes } else { minutes };
    match behind.as_slice() {
        [] => Some(None),
        [Token::Word(zone)] if ["z", "utc", "gmt"].contains(&zone.to_lowercase().as_str()) => Some(Some(0)),
        [rest @ .., Token::Mark(sign @ ('+' | '-')), Token::Number(h, 1 | 2)] if utc(rest) => {
            Some(Some(signed(*sign, h * 60)))
        }
        [rest @ .., Token::Mark(sign @ ('+' | '-')), Token::Number(hm, 4)] if utc(rest) => {
            Some(Some(signed(*sign, hm / 100 * 60 + hm % 100)))
        }
        [rest @ .., Token::Mark(sign @ ('+' | '-')), Token::Number(h, 2), Token::Mark(':'), Token::Number(m, 2)]
            if utc(rest) =>
        {
            Some(Some(signed(*sign, h * 60 + m)))
        }
        _ => None,
    }
}

fn utc(tokens: &[&Token<'_>]) -> bool {
    tokens.iter().all(|token| matches!(token, Token::Word("UTC" | "GMT")))
}

/// What a date says of the order that it is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Nothing: it would be the same moment in another one.
    Nothing,
    /// It would be another moment with day and month the other way around.
    Either,
    /// It can be read in this order alone.
    This,
}

/// What a date that can be read in an order says of it.
#[must_use]
pub fn says(text: &str, order: DateOrder) -> Says {
    let other = match order {
        DateOrder::Dmy => DateOrder::Mdy,
        DateOrder::Mdy => DateOrder::Dmy,
        DateOrder::Ymd => return Says::Nothing,
    };
    match (moment(text, order, 0), moment(text, other, 0)) {
        (one, two) if one == two => Says::Nothing,
        (_, None) => Says::This,
        _ => Says::Either,
    }
}

/// The order that all of the dates allow, and whether another one would do as well.
#[must_use]
pub fn order<'t>(dates: impl Iterator<Item = &'t str>) -> (DateOrder, bool) {
    let dates: Vec<&str> = dates.collect();
    let all = |order: DateOrder| !dates.is_empty() && dates.iter().all(|date| moment(date, order, 0).is_some());
    let month_first = dates.iter().any(|d| d.to_lowercase().contains('m') && d.contains('/'));
    let orders = if month_first { [DateOrder::Mdy, DateOrder::Dmy] } else { [DateOrder::Dmy, DateOrder::Mdy] };
    let fit: Vec<DateOrder> = orders.into_iter().filter(|order| all(*order)).collect();
    if fit.is_empty() && all(DateOrder::Ymd) {
        return (DateOrder::Ymd, false);
    }
    let differ = |a: DateOrder, b: DateOrder| dates.iter().any(|d| moment(d, a, 0) != moment(d, b, 0));
    let unsure = fit.iter().skip(1).any(|other| differ(fit[0], *other));
    (fit.first().copied().unwrap_or_default(), unsure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_many_tools_are_read() {
        use DateOrder::{Dmy, Mdy, Ymd};
        let expected = 1_735_689_540_000; // 2024-12-31T23:59:00Z
        for (text, order, zone) in [
            ("1735689540", Dmy, 0),
            ("1735689540.000", Dmy, 0),
            ("1735689540000", Dmy, 0),
            ("1735689540000000", Dmy, 0),
            ("2024-12-31T23:59:00Z", Mdy, 0),
            ("2024-12-31T23:59:00.000+00:00", Dmy, 60),
            ("2025-01-01 00:59:00 +0100", Dmy, 0),
            ("2025-01-01 00:59", Dmy, 60),
            ("2024-12-31 23:59:00 UTC", Dmy, 60),
            ("12/31/24, 11:59\u{202f}PM", Mdy, 0),
            ("31/12/2024, 11:59 p. m.", Dmy, 0),
            ("31.12.24, 23:59", Dmy, 0),
            ("\u{200e}31.12.2024, 23:59:00", Dmy, 0),
            ("31-12-2024 23:59", Dmy, 0),
            ("24/12/31 23:59", Ymd, 0),
            ("Dec 31, 2024, 11:59:00 pm", Dmy, 0),
            ("Tue, 31 Dec 2024 23:59:00 GMT", Dmy, 60),
            ("31. Dez. 2024 23:59", Dmy, 0),
            ("2024/12/31 23.59", Dmy, 0),
        ] {
            assert_eq!(moment(text, order, zone), Some(expected), "{text}");
        }
        assert_eq!(moment("2024-12-31", Dmy, 0), Some(1_735_603_200_000));
        assert_eq!(moment("1700000000.25", Dmy, 0), Some(1_700_000_000_250));
        for bad in [
            "",
            "soon",
            "31/31/24, 10:00",
            "12",
            "2024-02-30 10:00",
            "1/2/24 25:00",
            "1/2/24 13:00 PM",
            "1/2/24 10:00 x",
        ] {
            assert_eq!(moment(bad, Dmy, 0), None, "{bad}");
        }
    }

    #[test]
    fn the_order_of_dates_is_found_where_it_can_be() {
        for (dates, expected) in [
            (vec!["1/13/24, 9:00 AM", "2/1/24, 9:00 AM"], (DateOrder::Mdy, false)),
            (vec!["13/1/24, 9:00", "2/1/24, 9:00"], (DateOrder::Dmy, false)),
            (vec!["1/2/24, 9:00"], (DateOrder::Dmy, true)),
            (vec!["1/2/24, 9:00 AM"], (DateOrder::Mdy, true)),
            (vec!["2024-01-02T09:00:00Z"], (DateOrder::Dmy, false)),
            (vec!["2/2/24, 9:00"], (DateOrder::Dmy, false)),
            (vec!["99/12/31 9:00"], (DateOrder::Ymd, false)),
        ] {
            assert_eq!(order(dates.iter().copied()), expected, "{dates:?}");
        }
    }
}
