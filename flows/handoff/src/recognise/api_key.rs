//! Keys of programming interfaces: by the beginnings that their makers give them so that they can be found, and behind the
//! words for them.

use super::jwt::is_base64url;
use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// What may follow a beginning.
#[derive(Clone, Copy)]
enum Rest {
    /// Letters and digits.
    Plain,
    /// Capital letters and digits.
    Upper,
    /// Hexadecimal digits.
    Hex,
    /// Letters, digits, dashes and underscores.
    Dashed,
    /// As dashed, and points.
    Pointed,
}

/// Beginnings, what follows, and the fewest characters of that (as secret scanners publish them, 2026-11-22).
const KEYS: &[(&str, Rest, usize)] = &[
    ("sk-ant-", Rest::Dashed, 20),
    ("sk-proj-", Rest::Dashed, 20),
    ("sk-", Rest::Dashed, 32),
    ("sk_live_", Rest::Plain, 16),
    ("sk_test_", Rest::Plain, 16),
    ("rk_live_", Rest::Plain, 16),
    ("rk_test_", Rest::Plain, 16),
    ("whsec_", Rest::Plain, 24),
    ("AKIA", Rest::Upper, 16),
    ("ASIA", Rest::Upper, 16),
    ("ghp_", Rest::Plain, 36),
    ("gho_", Rest::Plain, 36),
    ("ghu_", Rest::Plain, 36),
    ("ghs_", Rest::Plain, 36),
    ("ghr_", Rest::Plain, 36),
    ("github_pat_", Rest::Dashed, 22),
    ("glpat-", Rest::Dashed, 20),
    ("xoxb-", Rest::Dashed, 20),
    ("xoxp-", Rest::Dashed, 20),
    ("xoxa-", Rest::Dashed, 20),
    ("xoxr-", Rest::Dashed, 20),
    ("xoxs-", Rest::Dashed, 20),
    ("xapp-", Rest::Dashed, 20),
    ("AIza", Rest::Dashed, 35),
    ("ya29.", Rest::Dashed, 20),
    ("SG.", Rest::Pointed, 60),
    ("SK", Rest::Hex, 32),
    ("npm_", Rest::Plain, 36),
    ("pypi-", Rest::Dashed, 50),
    ("hf_", Rest::Plain, 30),
    ("shpat_", Rest::Hex, 32),
    ("shpss_", Rest::Hex, 32),
    ("dop_v1_", Rest::Hex, 64),
    ("key-", Rest::Hex, 32),
    ("EAACEdEose0cBA", Rest::Plain, 20),
];

impl Rest {
    const fn has(self, byte: u8) -> bool {
        match self {
            Self::Plain => byte.is_ascii_alphanumeric(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Dashed => is_base64url(byte),
            Self::Pointed => is_base64url(byte) || byte == b'.',
        }
    }
}

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let mut past = 0;
    for start in text.words() {
        if start < past || text.before(start).is_some_and(is_base64url) {
            continue;
        }
        let end = known(text, start).or_else(|| named(text, start));
        if let Some(end) = end {
            past = end;
            out.push(Found { start, end, kind: Kind::ApiKey });
        }
    }
    private(text, out);
}

fn known(text: &Text<'_>, start: usize) -> Option<usize> {
    KEYS.iter().find_map(|(head, rest, fewest)| {
        let body = start + head.len();
        if text.bytes.get(start..body)? != head.as_bytes() {
            return None;
        }
        let end = text.run(body, usize::MAX, |byte| rest.has(byte));
        let exact = !matches!(rest, Rest::Hex | Rest::Upper) || end - body == *fewest;
        let digit = text.bytes[body..end].iter().any(u8::is_ascii_digit);
        (end - body >= *fewest && exact && digit && text.closes(end)).then_some(end)
    })
}

/// A long word of letters and digits that is said to be a key.
fn named(text: &Text<'_>, start: usize) -> Option<usize> {
    if text.hints(Hint::Key).is_empty() || !text.linked_before(Hint::Key, start) {
        return None;
    }
    let end = text.run(start, usize::MAX, |byte| is_base64url(byte) || matches!(byte, b'.' | b'/' | b'+' | b'='));
    let own = text.text[start..end].trim_end_matches('.');
    let mixed = own.bytes().any(|b| b.is_ascii_digit()) && own.bytes().any(|b| b.is_ascii_alphabetic());
    (own.len() >= 16 && mixed).then_some(start + own.len())
}

/// Private keys in PEM; one whose end is missing goes to the end of the text.
fn private(text: &Text<'_>, out: &mut Vec<Found>) {
    const BEGIN: &str = "-----BEGIN ";
    const TITLE: &str = "PRIVATE KEY-----";
    let mut from = 0;
    while let Some(start) = text.text[from..].find(BEGIN).map(|at| from + at) {
        let title = text.run(start + BEGIN.len(), 40, |byte| byte != b'\n');
        from = start + BEGIN.len();
        if !text.text.is_char_boundary(title) || !text.text[start..title].contains(TITLE) {
            continue;
        }
        let rest = &text.text[title..];
        let end = rest
            .find("-----END ")
            .map(|at| title + at + text.text[title + at..].find(TITLE).map_or(9, |t| t + TITLE.len()));
        let end = end.unwrap_or(text.bytes.len());
        out.push(Found { start, end, kind: Kind::ApiKey });
        from = end;
    }
}
