//! One lossless JSON tree: order, exact numbers, unknown keys. A document is this tree; everything else is derived from
//! it, so that nothing an author wrote is lost by reading and writing.

mod read;
mod write;

use flow_conditions::said::Said;
use flow_conditions::say;
use std::str::FromStr;

use flow_conditions::decimal::Decimal;

pub use read::{Fault, FaultKind, MAX_DEPTH, Reading, read};
pub use write::{WIDTH, canonical, compact};

/// A number as written, in canonical form where it can be brought there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// From the text of a JSON number; exponents are written out where the result is exact.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        match Decimal::parse_json(text) {
            Some(decimal) => Self(decimal.to_string().into()),
            None => Self(text.into()),
        }
    }

    /// The canonical text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The exact value, unless it has more digits than a [`Decimal`] holds.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        Decimal::from_str(&self.0).ok()
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Self(value.to_string().into())
    }
}

/// The entries of an object, in the author's order.
pub type Map = Vec<(String, Json)>;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Map),
}

impl Json {
    /// An empty object.
    #[must_use]
    pub fn map() -> Self {
        Self::Map(Vec::new())
    }

    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A whole number.
    #[must_use]
    pub fn int(value: i64) -> Self {
        Self::Number(Number::from(Decimal::from_i64(value)))
    }

    /// The entry `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.entries().iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The entries, empty for anything but an object.
    #[must_use]
    pub fn entries(&self) -> &[(String, Json)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items, empty for anything but an array.
    #[must_use]
    pub fn items(&self) -> &[Json] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a number.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => number.decimal(),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value at a path of keys and indexes.
    #[must_use]
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Json> {
        path.iter().try_fold(self, |here, step| match here {
            Self::Map(_) => here.get(step.as_ref()),
            Self::List(items) => items.get(index(step.as_ref())?),
            _ => None,
        })
    }

    /// The value at a path, to be changed.
    pub fn at_mut<S: AsRef<str>>(&mut self, path: &[S]) -> Option<&mut Json> {
        let mut here = self;
        for step in path {
            here = match here {
                Self::Map(entries) => &mut entries.iter_mut().find(|(k, _)| k == step.as_ref())?.1,
                Self::List(items) => items.get_mut(index(step.as_ref())?)?,
                _ => return None,
            };
        }
        Some(here)
    }

    /// Sets an entry of an object, keeping its place or appending it.
    pub fn set(&mut self, key: &str, value: Json) {
        if let Self::Map(entries) = self {
            match entries.iter_mut().find(|(k, _)| k == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
    }

    /// What kind of value it is, in words.
    #[must_use]
    pub fn kind_in_words(&self) -> Said {
        match self {
            Self::Null => Said::as_it_is("null"),
            Self::Bool(_) => say!("true or false"),
            Self::Number(_) => say!("a number"),
            Self::Text(_) => say!("a text"),
            Self::List(_) => say!("a list"),
            Self::Map(_) => say!("an object"),
        }
    }
}

/// The index that a step of a path names: digits without a leading zero.
#[must_use]
pub fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || (!step.starts_with('0') && step.bytes().all(|b| b.is_ascii_digit()));
    if plain { step.parse().ok() } else { None }
}

/// One step of a JSON pointer, escaped as RFC 6901 wants it.
#[must_use]
pub fn escape(step: &str) -> String {
    if step.contains(['~', '/']) { step.replace('~', "~0").replace('/', "~1") } else { step.to_owned() }
}

/// The steps of a JSON pointer.
#[must_use]
pub fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect()
}
