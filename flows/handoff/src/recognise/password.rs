//! Passwords and PINs: what is said to be one.

use super::text::{Text, is_word};
use super::words::{self, Hint};
use super::{Found, Kind};

/// Characters of a password that is looked for.
const MOST: usize = 128;
/// What begins with these is made of four to eight digits.
const DIGITS: &[&str] = &["pin", "otp", "one time", "one-time", "verification", "login", "einmal", "tan"];
/// Words that ask for what follows.
const ASKING: &[&str] =
    &["what", "which", "enter", "type", "tell", "give", "send", "provide", "was", "welches", "nennen", "geben", "wie"];

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    for (start, end) in text.hints(Hint::Password) {
        let named = text.text[*start..*end].to_ascii_lowercase();
        let is_pin = DIGITS.iter().any(|word| named.starts_with(word));
        if let Some((start, end)) = said(text, *end, is_pin).or_else(|| asked(text, *end, is_pin)) {
            out.push(Found { start, end, kind: Kind::Password });
        }
    }
}

/// `password: x`, `password = x`, `"password": "x"`, `my password is x`, `password for the portal is x`.
fn said(text: &Text<'_>, from: usize, is_pin: bool) -> Option<(usize, usize)> {
    let mut at = from;
    let mut sure = false;
    let mut joined = false;
    let mut purpose = false;
    for _ in 0..8 {
        at = text.run(at, 8, |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'*' | b')' | b'('));
        if sure && text.byte(at) == Some(b'\n') {
            let end = text.run(at + 1, MOST, |byte| !byte.is_ascii_whitespace());
            let alone = matches!(text.byte(end), None | Some(b'\n'));
            return if alone { secret(text, at + 1, is_pin, sure).map(|end| (at + 1, end)) } else { None };
        }
        match text.byte(at)? {
            b':' | b'=' => {
                (sure, joined) = (true, true);
                at += 1;
            }
            byte if is_word(byte) && !sure => {
                let end = text.run(at, MOST, is_word);
                let word = text.text.get(at..end)?;
                let is = ["is", "was", "ist", "lautet", "war"].iter().any(|is| word.eq_ignore_ascii_case(is));
                purpose |= ["for", "to", "of", "für", "zu"].iter().any(|of| word.eq_ignore_ascii_case(of));
                if !is && !purpose && !words::only_links(word) {
                    break;
                }
                if joined && !is {
                    break;
                }
                joined |= is;
                at = end;
            }
            _ => break,
        }
    }
    let end = if joined { secret(text, at, is_pin, sure)? } else { return None };
    Some((at, end))
}

/// The answer to a question: the line before asks for a password, and this one is a single word.
fn asked(text: &Text<'_>, from: usize, is_pin: bool) -> Option<(usize, usize)> {
    let rest = text.run(from, 160, |byte| byte != b'\n');
    let line = text.text.get(from..rest)?;
    let said = line.trim_matches(['?', ' ', ':']);
    if text.byte(rest) != Some(b'\n') || said.contains(['.', '!', '?']) || said.len() > 40 {
        return None;
    }
    let begin = text.text[..from].rfind(['\n', '.', '!', '?']).map_or(0, |at| at + 1);
    let question = text.text.get(begin.max(from.saturating_sub(160))..from)?;
    let asks = question.split(|c: char| !c.is_alphanumeric()).any(|w| ASKING.iter().any(|a| w.eq_ignore_ascii_case(a)));
    if !asks {
        return None;
    }
    let start = rest + 1;
    let end = text.run(start, MOST + 1, |byte| !byte.is_ascii_whitespace());
    let alone = text.bytes[end..].iter().take(64).all(u8::is_ascii_whitespace) && text.bytes.len() - end <= 64;
    let own = text.text.get(start..end)?;
    let telling = own.bytes().any(|byte| !byte.is_ascii_alphabetic() && byte != b'\'') && own.len() >= 4;
    let pin = own.bytes().all(|byte| byte.is_ascii_digit()) && (4..=8).contains(&own.len());
    (alone && own.len() <= MOST && if is_pin { pin } else { telling }).then_some((start, end))
}

/// Where the password that begins here ends, if it is one.
fn secret(text: &Text<'_>, at: usize, is_pin: bool, sure: bool) -> Option<usize> {
    let end = text.run(at, MOST, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'<' | b'>' | b'|'));
    let all = text.text.get(at..end)?.trim_end_matches(['.', ',', ';', ')', '\'', '?']);
    let own = all.trim_end_matches('!');
    // A sign at the end belongs to what has other signs or digits too.
    let plain = own.chars().all(char::is_alphabetic);
    let end = at + if plain { own.len() } else { all.len() };
    if is_pin {
        let digits = own.bytes().all(|byte| byte.is_ascii_digit());
        return (digits && (4..=8).contains(&own.len())).then_some(end);
    }
    if plain && (words::is_common(own) || own.len() < 4) {
        return None;
    }
    let inner = own.chars().skip(1).any(char::is_uppercase) && own.chars().any(char::is_lowercase);
    let quoted = matches!(text.before(at), Some(b'"' | b'\''));
    let last = matches!(text.byte(end), None | Some(b'.' | b',' | b'\n' | b'!'));
    let likely = !plain || inner || quoted || (last && own.len() >= 6);
    (own.len() >= 3 && (sure || likely)).then_some(end)
}
