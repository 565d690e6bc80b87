//! E-mail addresses.

use super::text::Text;
use super::{Found, Kind};

/// Bytes of the part before the sign, and of the part behind it (RFC 5321, 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for (at, _) in text.text.match_indices('@') {
        if let Some((start, end)) = address(text, at) {
            out.push(Found { start, end, kind: Kind::Email });
        }
    }
}

fn address(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"'%+-_~.".contains(&byte);
    let first = at.saturating_sub(LOCAL);
    let mut start = (first..at).rev().take_while(|place| is_local(text.bytes[*place])).last()?;
    let begins = |place: usize| {
        let first = text.text.get(place..at).and_then(|local| local.chars().next());
        first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-'))
    };
    while start < at && !begins(start) {
        start += 1;
    }
    let local = &text.text[start..at];
    if local.is_empty() || local.ends_with('.') || local.contains("..") {
        return None;
    }
    let is_domain = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'-');
    let mut end = text.run(at + 1, DOMAIN, is_domain);
    while !text.text.is_char_boundary(end) {
        end -= 1;
    }
    let domain = text.text[at + 1..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    let labels = || domain.split('.');
    let whole = labels().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let top = labels().next_back().unwrap_or("");
    let named = top.starts_with("xn--") || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic));
    (whole && named && labels().count() >= 2).then_some((start, at + 1 + domain.len()))
}
