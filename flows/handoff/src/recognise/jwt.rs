//! JSON Web Tokens: three parts in base64url, of which the first two begin as JSON objects do.

use super::text::Text;
use super::{Found, Kind};

pub(super) const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let mut past = 0;
    for (start, _) in text.text.match_indices("eyJ") {
        if start < past || text.before(start).is_some_and(|byte| is_base64url(byte) || byte == b'.') {
            continue;
        }
        past = text.run(start, usize::MAX, |byte| is_base64url(byte) || byte == b'.');
        let own = text.text[start..past].trim_end_matches('.');
        let parts: Vec<&str> = own.splitn(6, '.').collect();
        let is_object = |part: &&str| part.len() >= 8 && part.starts_with("ey");
        if let [head, body, ..] = parts[..]
            && is_object(&head)
            && (is_object(&body) || parts.len() == 5)
            && matches!(parts.len(), 2 | 3 | 5)
        {
            out.push(Found { start, end: start + own.len(), kind: Kind::Jwt });
        }
    }
}
