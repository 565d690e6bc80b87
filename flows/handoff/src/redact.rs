//! What happens to classified data before anything is measured or sent. Fails closed: what cannot be done as told is not
//! sent at all.

use flow_model::tree::{Json, compact};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What stands in place of a value that could not be redacted as told.
pub const FAILED: &str = "<REDACTION_FAILED>";

/// A text up to this many characters is masked whole.
const SHORT: usize = 8;

/// Values shorter than this are too common to be looked for in texts.
const FINDABLE: usize = 4;

/// Keys that the caller gives. Printing them tells whether they are there, and no more.
#[derive(Clone, Default)]
pub struct Keys {
    /// For `hash`; without it such a field is not sent.
    pub hash: Option<Vec<u8>>,
    /// For resume tokens; without it there is none.
    pub resume: Option<Vec<u8>>,
}

impl Keys {
    /// One key for both.
    #[must_use]
    pub fn one(key: &[u8]) -> Self {
        Self { hash: Some(key.to_vec()), resume: Some(key.to_vec()) }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let there = |key: &Option<Vec<u8>>| if key.is_some() { "there" } else { "none" };
        write!(f, "Keys {{ hash: {}, resume: {} }}", there(&self.hash), there(&self.resume))
    }
}

/// How a value goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it is.
    Open,
    /// Changed.
    Changed {
        /// `mask`, `hash` or `failed`.
        how: &'static str,
        /// What is sent.
        value: Json,
    },
    /// Not at all.
    Gone {
        /// `drop` or `block`.
        how: &'static str,
    },
}

/// Redacts one value.
#[must_use]
pub fn redact(value: &Json, rule: Option<&str>, keys: &Keys) -> Outcome {
    let failed = || Outcome::Changed { how: "failed", value: Json::text(FAILED) };
    match rule {
        None | Some("none") => Outcome::Open,
        Some("mask") => Outcome::Changed { how: "mask", value: each(value, &|scalar| Json::Text(mask(scalar))) },
        Some("hash") => match keys.hash.as_deref().and_then(|key| hash(value, key)) {
            Some(digest) => Outcome::Changed { how: "hash", value: Json::Text(digest) },
            None => failed(),
        },
        Some("drop") => Outcome::Gone { how: "drop" },
        Some("block") => Outcome::Gone { how: "block" },
        Some(_) => failed(),
    }
}

fn each(value: &Json, change: &dyn Fn(&str) -> Json) -> Json {
    match value {
        Json::Null => Json::Null,
        Json::Bool(flag) => change(if *flag { "true" } else { "false" }),
        Json::Number(number) => change(number.text()),
        Json::Text(text) => change(text),
        Json::List(items) => Json::List(items.iter().map(|item| each(item, change)).collect()),
        Json::Map(map) => Json::Map(map.iter().map(|(k, v)| (k.clone(), each(v, change))).collect()),
    }
}

/// Four asterisks, and the last four characters of a long text.
#[must_use]
pub fn mask(text: &str) -> String {
    let length = text.chars().count();
    let tail: String = if length > SHORT { text.chars().skip(length - 4).collect() } else { String::new() };
    format!("****{tail}")
}

/// HMAC-SHA-256 in hexadecimal of a text, or of any other value as compact JSON.
fn hash(value: &Json, key: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    match value {
        Json::Text(text) => mac.update(text.as_bytes()),
        _ => mac.update(compact(value).as_bytes()),
    }
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A value that must not stand in any text that goes out.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The field whose value it is.
    pub field: usize,
    text: String,
    /// What stands in its place.
    pub(crate) instead: String,
}

impl Secret {
    /// Whether a text is this value and nothing more.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether the same stands in its place, whichever field it is of.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (&self.text, &self.instead) == (&other.text, &other.instead)
    }
}

/// The texts of a redacted value, and what stands in their place, the longest first.
pub fn secrets(field: usize, value: &Json, outcome: &Outcome, out: &mut Vec<Secret>) {
    let (how, sent) = match outcome {
        Outcome::Open => return,
        Outcome::Changed { how, value } => (*how, Some(value)),
        Outcome::Gone { how } => (*how, None),
    };
    let mut add = |text: &str| {
        if text.chars().count() >= FINDABLE {
            let instead = match (how, sent) {
                ("mask", _) => mask(text),
                ("hash", Some(Json::Text(digest))) => digest.clone(),
                ("drop", _) => "[left out]".to_owned(),
                ("block", _) => "[blocked]".to_owned(),
                _ => FAILED.to_owned(),
            };
            out.push(Secret { field, text: text.to_owned(), instead });
        }
    };
    leaves(value, &mut add);
    out.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
    out.dedup_by(|a, b| a.text == b.text);
}

fn leaves(value: &Json, add: &mut dyn FnMut(&str)) {
    match value {
        Json::Text(text) => add(text),
        Json::Number(number) => add(number.text()),
        Json::List(items) => items.iter().for_each(|item| leaves(item, add)),
        Json::Map(map) => map.iter().for_each(|(_, v)| leaves(v, add)),
        Json::Null | Json::Bool(_) => {}
    }
}

/// Where secrets stand in a text as whole words: start, end and which, in order and apart from each other; the longest
/// where several begin.
#[must_use]
pub(crate) fn places(text: &str, secrets: &[Secret]) -> Vec<(usize, usize, usize)> {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut all = Vec::new();
    for (which, secret) in secrets.iter().enumerate() {
        let own = secret.text.as_str();
        let (guard_start, guard_end) = (word(own.chars().next()), word(own.chars().next_back()));
        for (at, _) in text.match_indices(own) {
            let end = at + own.len();
            let inside = (guard_start && word(text[..at].chars().next_back()))
                || (guard_end && word(text[end..].chars().next()));
            if !inside {
                all.push((at, end, which));
            }
        }
    }
    all.sort_by_key(|(start, end, which)| (*start, std::cmp::Reverse(*end), *which));
    let mut past = 0;
    all.retain(|(start, end, _)| {
        let apart = *start >= past;
        past = if apart { *end } else { past };
        apart
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(how: &'static str, text: &str) -> Outcome {
        Outcome::Changed { how, value: Json::text(text) }
    }

    #[test]
    fn each_rule_does_what_it_says() {
        let keys = Keys::one(b"key");
        let value = Json::text("The quick brown fox jumps over the lazy dog");
        assert_eq!(redact(&value, None, &keys), Outcome::Open);
        assert_eq!(redact(&value, Some("none"), &keys), Outcome::Open);
        assert_eq!(redact(&value, Some("mask"), &keys), changed("mask", "**** dog"));
        assert_eq!(
            redact(&value, Some("hash"), &keys),
            changed("hash", "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"),
        );
        assert_eq!(redact(&value, Some("drop"), &keys), Outcome::Gone { how: "drop" });
        assert_eq!(redact(&value, Some("block"), &keys), Outcome::Gone { how: "block" });
    }

    #[test]
    fn what_cannot_be_done_is_not_sent() {
        let value = Json::text("secret value");
        assert_eq!(redact(&value, Some("hash"), &Keys::default()), changed("failed", FAILED));
        assert_eq!(redact(&value, Some("blur"), &Keys::default()), changed("failed", FAILED));
    }

    #[test]
    fn short_texts_are_masked_whole() {
        for (text, masked) in [("", "****"), ("12345678", "****"), ("123456789", "****6789"), ("äöüäöüäöü", "****üäöü")]
        {
            assert_eq!(mask(text), masked);
        }
        let list = flow_model::tree::read(r#"["T-1234567",{"n":1234567890,"b":true,"u":null}]"#).json.unwrap();
        let Outcome::Changed { value, .. } = redact(&list, Some("mask"), &Keys::default()) else {
            panic!("not masked")
        };
        assert_eq!(compact(&value), r#"["****4567",{"n":"****7890","b":"****","u":null}]"#);
    }

    #[test]
    fn secrets_leave_texts_as_whole_words() {
        let mut all = Vec::new();
        let value = Json::text("T-1001");
        secrets(3, &value, &redact(&value, Some("mask"), &Keys::default()), &mut all);
        let text = "T-1001, T-10011 and T-1001.";
        assert_eq!(places(text, &all), [(0, 6, 0), (20, 26, 0)]);
        assert_eq!((all[0].field, all[0].instead.as_str()), (3, "****"));
        let short = Json::text("abc");
        let mut none = Vec::new();
        secrets(0, &short, &redact(&short, Some("drop"), &Keys::default()), &mut none);
        assert!(none.is_empty());
    }
}
