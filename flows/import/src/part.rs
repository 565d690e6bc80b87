//! A file as a tree whose values know what became of them.

use std::cell::Cell;
use std::collections::HashMap;

use flow_model::tree::Json;

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nobody looked at it.
    Unread,
    /// It is in the flow.
    Read,
    /// It was told.
    Noted,
    /// It is of no use here, for this reason.
    Left(&'static str),
}

/// A value of a file, with what became of it.
#[derive(Debug)]
pub struct Part {
    /// Which file.
    pub(crate) file: u32,
    /// Its number in the file: values are counted as they begin, from 0.
    pub(crate) at: u32,
    pub(crate) fate: Cell<Fate>,
    value: Value,
}

/// What a value is.
#[derive(Debug)]
pub enum Value {
    /// `null`, `true`, `false`, a number or a text.
    Scalar(Json),
    /// A list.
    List(Vec<Part>),
    /// An object.
    Map(Vec<(String, Part)>),
}

/// A key that was not met: itself, or with a number. Each key comes with how often it was met.
fn unmet(key: String, met: &mut HashMap<String, usize>) -> String {
    let Some(count) = met.get(&key) else {
        met.insert(key.clone(), 1);
        return key;
    };
    let mut number = count + 1;
    while met.contains_key(&format!("{key} ({number})")) {
        number += 1;
    }
    let free = format!("{key} ({number})");
    met.insert(key, number);
    met.insert(free.clone(), 1);
    free
}

impl Part {
    /// A value of a file. A key that stands in an object again has a number: a document has each key once, the first one
    /// counts, and what nobody looks for is told.
    pub(crate) fn of(json: Json, file: u32, next: &mut u32) -> Self {
        let at = *next;
        *next += 1;
        let value = match json {
            Json::List(items) => Value::List(items.into_iter().map(|item| Self::of(item, file, next)).collect()),
            Json::Map(map) => {
                let mut met = HashMap::new();
                Value::Map(map.into_iter().map(|(key, v)| (unmet(key, &mut met), Self::of(v, file, next))).collect())
            }
            scalar => Value::Scalar(scalar),
        };
        Self { file, at, fate: Cell::new(Fate::Unread), value }
    }

    /// What it is.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// An entry of an object; a value that is `null` is not there.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Part> {
        let found = self.entries().iter().find(|(name, _)| name == key).map(|(_, part)| part)?;
        if matches!(found.value, Value::Scalar(Json::Null)) { None } else { Some(found) }
    }

    /// What stands at keys within keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Part> {
        keys.iter().try_fold(self, |here, key| here.get(key))
    }

    /// The entries of an object.
    #[must_use]
    pub fn entries(&self) -> &[(String, Part)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn items(&self) -> &[Part] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list at a key.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Part] {
        self.get(key).map_or(&[], Part::items)
    }

    /// The text at a key, read.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// Its own text, read.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(Json::Text(text)) => {
                self.fate.set(Fate::Read);
                Some(text)
            }
            _ => None,
        }
    }

    /// The text at a key, without counting it as read.
    #[must_use]
    pub fn peek(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.value {
            Value::Scalar(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number at a key as it is written, read; a text that is a number counts as one.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        let part = self.get(key)?;
        let text = match &part.value {
            Value::Scalar(Json::Number(number)) => number.text(),
            Value::Scalar(Json::Text(text)) => text.trim(),
            _ => return None,
        };
        let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
        part.fate.set(Fate::Read);
        Some(number)
    }

    /// The yes or no at a key, read; none where it is neither.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        let part = self.get(key)?;
        let flag = match &part.value {
            Value::Scalar(Json::Bool(flag)) => *flag,
            // YAML writes them in capitals, too.
            Value::Scalar(Json::Text(text)) => text.to_ascii_lowercase().parse().ok()?,
            _ => return None,
        };
        part.fate.set(Fate::Read);
        Some(flag)
    }

    /// A scalar in plain words, read: a text without quotes, a number or yes and no as written.
    #[must_use]
    pub fn plain(&self) -> Option<String> {
        let text = match &self.value {
            Value::Scalar(Json::Text(text)) => text.clone(),
            Value::Scalar(Json::Number(number)) => number.text().to_owned(),
            Value::Scalar(Json::Bool(flag)) => flag.to_string(),
            _ => return None,
        };
        self.fate.set(Fate::Read);
        Some(text)
    }

    /// The whole of it as JSON, read.
    #[must_use]
    pub fn take(&self) -> Json {
        self.mark(Fate::Read);
        self.json()
    }

    /// The whole of it as JSON, without counting it as read.
    #[must_use]
    pub fn json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => scalar.clone(),
            Value::List(items) => Json::List(items.iter().map(Self::json).collect()),
            Value::Map(entries) => Json::Map(entries.iter().map(|(key, part)| (key.clone(), part.json())).collect()),
        }
    }

    /// What stands at these keys was read, all of it.
    pub fn seen(&self, keys: &[&str]) {
        for key in keys {
            if let Some(part) = self.get(key) {
                part.mark(Fate::Read);
            }
        }
    }

    /// What stands at these keys is of no use here; the reason is told once for all.
    pub fn leave(&self, keys: &[&str], reason: &'static str) {
        for key in keys {
            if let Some(part) = self.get(key) {
                part.mark(Fate::Left(reason));
            }
        }
    }

    /// All of it that nobody has looked at yet is of no use here.
    pub fn leave_rest(&self, reason: &'static str) {
        self.mark(Fate::Left(reason));
    }

    /// Gives every value within that nobody has looked at this fate.
    pub(crate) fn mark(&self, fate: Fate) {
        if self.fate.get() == Fate::Unread {
            self.fate.set(fate);
        }
        for part in self.parts() {
            part.mark(fate);
        }
    }

    /// The values within.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        let (items, entries) = (self.items(), self.entries());
        items.iter().chain(entries.iter().map(|(_, part)| part))
    }

    /// Whether it counts as an element: a value that says something.
    pub(crate) fn is_element(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if *scalar != Json::Null)
    }

    /// Whether an element within was looked at by nobody.
    pub(crate) fn has_unread(&self) -> bool {
        (self.is_element() && self.fate.get() == Fate::Unread) || self.parts().any(Self::has_unread)
    }

    /// Whether nobody looked at any element within.
    pub(crate) fn is_unread(&self) -> bool {
        (!self.is_element() || self.fate.get() == Fate::Unread) && self.parts().all(Self::is_unread)
    }
}
