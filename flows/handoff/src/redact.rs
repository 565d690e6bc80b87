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

/// What `hash` sends of a text; `None` without a key.
pub(crate) fn hashed(text: &str, keys: &Keys) -> Option<String> {
    hash(&Json::text(text), keys.hash.as_deref()?)
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
    /// As it is compared.
    plain: String,
    /// The same without what parts it, where it has digits and is long enough to be found so.
    parted: Option<String>,
    /// What stands in its place.
    pub(crate) instead: String,
}

impl Secret {
    fn new(field: usize, text: &str, instead: String) -> Self {
        let parted = Plain::of(text, true).text;
        let long = parted.chars().count() >= PARTED && parted.contains(|c: char| c.is_ascii_digit());
        let parted = (long && !parted.contains('\0')).then_some(parted);
        Self { field, text: text.to_owned(), plain: Plain::of(text, false).text, parted, instead }
    }

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
            out.push(Secret::new(field, text, instead));
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

/// Letters and digits from which on a value with digits is found however it is parted.
const PARTED: usize = 6;
/// Signs between two characters of such a value.
const SIGNS: usize = 3;

/// A text as it is compared: letters in lower case, digits of any script as those of ASCII, and where each stands.
struct Plain {
    text: String,
    /// For each byte, where its character begins and ends in the text as it was.
    places: Vec<(usize, usize)>,
}

impl Plain {
    /// `parted` leaves out the spaces, dashes and the like that may stand within a number.
    fn of(text: &str, parted: bool) -> Self {
        let mut made = Self { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        let mut signs = 0;
        for (at, c) in text.char_indices() {
            let place = (at, at + c.len_utf8());
            if is_unseen(c) {
                continue;
            }
            if parted && is_sign(c) {
                signs += 1;
                if signs == SIGNS + 1 {
                    made.push('\0', place);
                }
                continue;
            }
            signs = 0;
            let digit = plain_digit(c);
            made.push(digit.unwrap_or_else(|| c.to_lowercase().next().unwrap_or(c)), place);
        }
        made
    }

    fn push(&mut self, c: char, place: (usize, usize)) {
        self.text.push(c);
        self.places.resize(self.text.len(), place);
    }

    /// Where bytes of it stand in the text as it was.
    fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        Some((self.places.get(start)?.0, self.places.get(end.checked_sub(1)?)?.1))
    }
}

/// A digit of ASCII for a decimal digit that people type: full-width, Arabic, Devanagari or mathematical.
pub(crate) fn plain_digit(c: char) -> Option<char> {
    const FIRST: [u32; 4] = [0xff10, 0x0660, 0x06f0, 0x0966];
    let code = u32::from(c);
    let value = match code {
        0x30..=0x39 => code - 0x30,
        0x1_d7ce..=0x1_d7ff => (code - 0x1_d7ce) % 10,
        _ => FIRST.iter().find_map(|first| code.checked_sub(*first).filter(|value| *value < 10))?,
    };
    char::from_digit(value, 10)
}

/// Whether nobody sees a character: of no width, or one that says how others are drawn.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}')
}

/// Whether a character is a dash, however long.
pub(crate) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

fn is_sign(c: char) -> bool {
    c.is_whitespace() || is_dash(c) || matches!(c, '.' | '/' | '_' | ',' | '·')
}

/// Where secrets stand in a text as whole words: start, end and which, in order and apart from each other; the longest
/// where several begin. Large and small letters are one, and a value with digits may be parted otherwise.
#[must_use]
pub(crate) fn places(text: &str, secrets: &[Secret]) -> Vec<(usize, usize, usize)> {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if secrets.is_empty() {
        return Vec::new();
    }
    let (whole, parted) = (Plain::of(text, false), Plain::of(text, true));
    let mut all = Vec::new();
    for (which, secret) in secrets.iter().enumerate() {
        let (plain, own) = match &secret.parted {
            Some(own) => (&parted, own.as_str()),
            None => (&whole, secret.plain.as_str()),
        };
        if own.is_empty() {
            continue;
        }
        let (guard_start, guard_end) = (word(own.chars().next()), word(own.chars().next_back()));
        for (at, _) in plain.text.match_indices(own) {
            let Some((start, end)) = plain.place(at, at + own.len()) else { continue };
            let inside = (guard_start && word(text[..start].chars().next_back()))
                || (guard_end && word(text[end..].chars().next()));
            if !inside {
                all.push((start, end, which));
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
        let found = |text: &str| places(text, &all).iter().map(|(a, b, _)| text[*a..*b].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("it is t-1001"), ["t-1001"]);
        let mut long = Vec::new();
        let value = Json::text("QX-99-17-Alpha");
        secrets(0, &value, &redact(&value, Some("drop"), &Keys::default()), &mut long);
        for (text, wanted) in [
            ("qx-99-17-alpha", Some("qx-99-17-alpha")),
            ("my QX99 17 - ALPHA, yes", Some("QX99 17 - ALPHA")),
            ("(QX\u{2011}9917\u{200b}ALPHA)", Some("QX\u{2011}9917\u{200b}ALPHA")),
            ("ＱX-９９-17-ALPHA", None),
            ("QX-９９-17-ALPHA", Some("QX-９９-17-ALPHA")),
            ("QX-99-17-ALPHAS", None),
            ("QX and 99-17-ALPHA", None),
            ("QX     99-17-ALPHA", None),
        ] {
            let here: Vec<&str> = places(text, &long).iter().map(|(a, b, _)| &text[*a..*b]).collect();
            assert_eq!(here, wanted.into_iter().collect::<Vec<_>>(), "{text}");
        }
        let short = Json::text("abc");
        let mut none = Vec::new();
        secrets(0, &short, &redact(&short, Some("drop"), &Keys::default()), &mut none);
        assert!(none.is_empty());
    }
}
