//! Addresses of computers, of version 4 and 6.

use core::net::Ipv6Addr;

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

/// Characters of the longest address of version 6.
const MOST: usize = 45;

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for start in text.numbers() {
        if let Some(end) = four(text, start) {
            out.push(Found { start, end, kind: Kind::Ip });
        }
    }
    six(text, out);
}

fn four(text: &Text<'_>, start: usize) -> Option<usize> {
    let joined = matches!(text.before(start), Some(b'.' | b'-' | b':'))
        && start >= 2
        && text.bytes[start - 2].is_ascii_alphanumeric();
    if !text.opens(start) || joined || text.near(Hint::Version, start, 2) {
        return None;
    }
    let mut at = start;
    for part in 0..4 {
        let end = text.digits(at, 4);
        let digits = &text.text[at..end];
        let leads = digits.len() > 1 && digits.starts_with('0');
        if leads || !digits.parse::<u16>().is_ok_and(|value| value < 256) {
            return None;
        }
        at = end;
        if part < 3 {
            if text.byte(at) != Some(b'.') {
                return None;
            }
            at += 1;
        }
    }
    let goes_on = matches!(text.byte(at), Some(b'.' | b'-')) && text.byte(at + 1).is_some_and(|b| b.is_ascii_digit());
    (text.closes(at) && !goes_on).then_some(at)
}

fn six(text: &Text<'_>, out: &mut Vec<Found>) {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let mut at = 0;
    while at < text.bytes.len() {
        if !is_part(text.bytes[at]) {
            at += 1;
            continue;
        }
        let end = text.run(at, usize::MAX, is_part);
        let own = text.text[at..end].trim_end_matches('.');
        let own = if own.ends_with(':') && !own.ends_with("::") { &own[..own.len() - 1] } else { own };
        let groups = own.split(':').filter(|group| !group.is_empty()).count();
        let telling = groups >= 2 && own.bytes().any(|byte| byte.is_ascii_digit()) && own.contains(':');
        if own.len() <= MOST
            && telling
            && text.opens(at)
            && text.closes(at + own.len())
            && own.parse::<Ipv6Addr>().is_ok()
        {
            out.push(Found { start: at, end: at + own.len(), kind: Kind::Ip });
        }
        at = end;
    }
}
