//! Sentences that people read, as their English words and the parts that stand in them: another language has words of its
//! own for the same parts.
//!
//! What must stay true: the English words are written out where a sentence is made, by [`say!`](crate::say), so that they
//! can be listed; `flow-xtask gen` does, and the window's tests ask for each of them in every language.

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    /// Its English words, with `{name}` where a part stands, and `{{` and `}}` for braces.
    pub words: &'static str,
    /// Its parts by name.
    pub parts: Vec<(&'static str, Part)>,
}

/// What stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Somebody's own words, a name, a number: the same in every language.
    Text(String),
    /// A sentence, or a piece of one.
    Said(Said),
}

/// A sentence in these words: `say!("{card} leads nowhere by {ports}", card, ports = list.join(", "))`. Does not compile
/// where a part is missing or stands nowhere.
#[macro_export]
macro_rules! say {
    (@part $name:ident) => { $crate::said::Part::from(&$name) };
    (@part $name:ident $value:expr) => { $crate::said::Part::from(&$value) };
    ($words:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const { assert!($crate::said::fits($words, &[$(stringify!($name)),*]), "the parts are not those of the words") };
        $crate::said::Said { words: $words, parts: vec![$((stringify!($name), $crate::say!(@part $name $($value)?))),*] }
    }};
}

/// Words in a table: the very text, marked so that they are listed. Braces mean nothing in them.
#[macro_export]
macro_rules! phrase {
    ($words:literal) => {{
        const { assert!($crate::said::fits($words, &[]), "a phrase has no parts") };
        $words
    }};
}

impl Said {
    /// The words of what has no other language.
    pub const AS_IT_IS: &str = "{text}";

    /// Words that have no other language: somebody's own.
    #[must_use]
    pub fn as_it_is(text: impl Into<String>) -> Self {
        Self { words: Self::AS_IT_IS, parts: vec![("text", Part::Text(text.into()))] }
    }

    /// Words without parts, from a table of [`phrase!`](crate::phrase)s.
    #[must_use]
    pub const fn phrase(words: &'static str) -> Self {
        Self { words, parts: Vec::new() }
    }

    /// It in English.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.words.len() + 32);
        let mut rest = self.words;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let twice = rest.as_bytes().get(at) == rest.as_bytes().get(at + 1);
            if twice {
                text.push_str(&rest[at..=at]);
                rest = &rest[at + 2..];
                continue;
            }
            let behind = &rest[at + 1..];
            let name = behind.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or("");
            let part = rest[at..].starts_with('{') && !name.is_empty() && behind[name.len()..].starts_with('}');
            if !part {
                // A brace around anything but a name is itself.
                text.push_str(&rest[at..=at]);
                rest = behind;
                continue;
            }
            match self.parts.iter().find(|(part, _)| *part == name) {
                Some((_, Part::Text(part))) => text.push_str(part),
                Some((_, Part::Said(part))) => text.push_str(&part.text()),
                None => {}
            }
            rest = &behind[name.len() + 1..];
        }
        text.push_str(rest);
        text
    }

    /// Several of them one behind the other, put together by `between`.
    #[must_use]
    pub fn joined(all: impl IntoIterator<Item = Self>, between: impl Fn(Self, Self) -> Self) -> Option<Self> {
        all.into_iter().reduce(between)
    }
}

impl From<Said> for Part {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl From<&Said> for Part {
    fn from(said: &Said) -> Self {
        Self::Said(said.clone())
    }
}

impl<T: std::fmt::Display> From<T> for Part {
    fn from(value: T) -> Self {
        Self::Text(value.to_string())
    }
}

/// Whether each part of some words has its name here, and each name its place.
#[must_use]
pub const fn fits(words: &str, names: &[&str]) -> bool {
    let words = words.as_bytes();
    let mut seen = 0;
    let mut used = [false; 16];
    let mut at = 0;
    while at < words.len() {
        let twice = at + 1 < words.len() && words[at] == words[at + 1];
        if (words[at] == b'{' || words[at] == b'}') && twice {
            at += 2;
            continue;
        }
        if words[at] == b'}' {
            return false;
        }
        if words[at] == b'{' {
            let mut end = at + 1;
            while end < words.len() && words[end] != b'}' {
                end += 1;
            }
            let Some(number) = named(words, at + 1, end, names) else { return false };
            if !used[number] {
                used[number] = true;
                seen += 1;
            }
            at = end;
        }
        at += 1;
    }
    seen == names.len()
}

/// Which of the names stands between two places.
const fn named(words: &[u8], from: usize, to: usize, names: &[&str]) -> Option<usize> {
    let mut number = 0;
    while number < names.len() && number < 16 {
        let name = names[number].as_bytes();
        let mut same = name.len() == to - from;
        let mut at = 0;
        while same && at < name.len() {
            same = name[at] == words[from + at];
            at += 1;
        }
        if same {
            return Some(number);
        }
        number += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_its_words_with_its_parts() {
        let card = "\"A {x}\"";
        let said = say!("{card} takes {{{name}}} {count} times; {card}.", card, name = "b", count = 3);
        assert_eq!(said.text(), "\"A {x}\" takes {b} 3 times; \"A {x}\".");
        let ways = ["one", "two"].map(|way| say!("the way {way}", way));
        let all = Said::joined(ways, |first, more| say!("{first} and {more}", first, more)).unwrap();
        assert_eq!(say!("Draw {all}.", all).text(), "Draw the way one and the way two.");
        assert_eq!(Said::as_it_is("{}").text(), "{}");
        assert_eq!(Said::phrase("a {\"b\": 1} of {c:d|e}").text(), "a {\"b\": 1} of {c:d|e}");
    }

    #[test]
    fn parts_and_names_are_the_same() {
        assert!(fits("a {{b}} {c}", &["c"]));
        for (words, names) in [("{a}", &[][..]), ("a", &["a"]), ("{a}", &["b"]), ("{a} }", &["a"]), ("{a", &["ab"])] {
            assert!(!fits(words, names), "{words}");
        }
    }
}
