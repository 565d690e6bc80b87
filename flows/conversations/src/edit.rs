//! Labels and tags of a conversation, changed in its line; everything else in it stays as it was, known or not.

use std::ops::Range;

use flow_model::tree::{self, Json};
use thiserror::Error;

/// Why a line cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditFault {
    /// It is no conversation.
    #[error("it is no conversation that can be read")]
    NotConversation,
    /// What should have happened cannot be.
    #[error("expect: {0}")]
    Expect(&'static str),
}

/// A change of conversations.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// What should have happened; `None` takes it away.
    Expect(Option<Json>),
    /// Tags to add and to take away.
    Tags {
        /// To add, where they are not there.
        add: Vec<String>,
        /// To take away.
        remove: Vec<String>,
    },
    /// A label; `None` takes it away.
    Label(String, Option<Json>),
}

impl Edit {
    /// Whether it can be made at all.
    ///
    /// # Errors
    /// What cannot be.
    pub fn faults(&self) -> Result<(), EditFault> {
        let Self::Expect(Some(expect)) = self else { return Ok(()) };
        let Json::Map(entries) = expect else {
            return Err(EditFault::Expect(
                "it is an object such as {\"handoff\": false} or {\"handoff\": {\"tier\": \"tier1\"}}",
            ));
        };
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("handoff", Json::Map(_) | Json::Bool(_)) => {}
                ("handoff", _) => {
                    return Err(EditFault::Expect("handoff is false, true, or an object of what it should be"));
                }
                ("end" | "open", Json::Text(_)) => {}
                ("end" | "open", _) => return Err(EditFault::Expect("end and open are texts")),
                ("said", Json::List(texts)) if texts.iter().all(|text| text.as_text().is_some()) => {}
                ("said", _) => return Err(EditFault::Expect("said is a list of texts")),
                (other, _) if other.starts_with("x_") => {}
                _ => return Err(EditFault::Expect("there is handoff, end, open and said")),
            }
        }
        Ok(())
    }

    /// The line with the change: bytes that it does not speak of stay as they are.
    ///
    /// # Errors
    /// When the line is no conversation.
    pub fn apply(&self, line: &str) -> Result<String, EditFault> {
        let reading = tree::read(line);
        let Some(json) = reading.json.filter(|_| crate::line(line).is_ok()) else {
            return Err(EditFault::NotConversation);
        };
        let object = Object::of(line);
        Ok(match self {
            Self::Expect(expect) if json.get("expect") == expect.as_ref() => line.to_owned(),
            Self::Expect(expect) => object.put("expect", expect.as_ref().map(tree::compact)),
            Self::Tags { add, remove } => {
                let before = json.get("tags").map_or(&[][..], Json::items);
                let mut tags: Vec<Json> =
                    before.iter().filter(|tag| !remove.iter().any(|r| tag.as_text() == Some(r))).cloned().collect();
                for tag in add {
                    if !tags.iter().any(|known| known.as_text() == Some(tag)) {
                        tags.push(Json::text(tag));
                    }
                }
                if tags == before {
                    return Ok(line.to_owned());
                }
                object.put("tags", (!tags.is_empty()).then(|| tree::compact(&Json::List(tags))))
            }
            Self::Label(name, value) => {
                let known = json.get("labels").filter(|labels| matches!(labels, Json::Map(_)));
                if known.and_then(|labels| labels.get(name)) == value.as_ref() {
                    return Ok(line.to_owned());
                }
                let before = known.and_then(|_| object.value("labels")).unwrap_or("{}");
                let labels = Object::of(before).put(name, value.as_ref().map(tree::compact));
                let empty = Object::of(&labels).entries.is_empty();
                object.put("labels", (!empty).then_some(labels))
            }
        })
    }
}

/// An object as it is written, and where its entries stand.
struct Object<'t> {
    text: &'t str,
    entries: Vec<Entry>,
    /// Where it ends: at its brace.
    end: usize,
}

struct Entry {
    key: String,
    /// From the quote of its key.
    start: usize,
    value: Range<usize>,
}

impl<'t> Object<'t> {
    /// Of a text that is an object of JSON.
    fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let (mut entries, mut end) = (Vec::new(), text.len());
        let (mut depth, mut at) = (0_usize, 0);
        // The key of the entry at hand, and where it and its value begin.
        let (mut key, mut colon): (Option<Range<usize>>, Option<usize>) = (None, None);
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    let begins = at;
                    at = closing(bytes, at);
                    if depth == 1 && colon.is_none() {
                        key = Some(begins..at + 1);
                    }
                }
                b':' if depth == 1 && colon.is_none() => colon = Some(at + 1),
                b'{' | b'[' => depth += 1,
                b',' | b'}' | b']' => {
                    if depth == 1
                        && let (Some(key), Some(from)) = (key.take(), colon.take())
                    {
                        entries.push(entry(text, &key, from..at));
                    }
                    depth = depth.saturating_sub(usize::from(bytes[at] != b','));
                    if depth == 0 {
                        end = at;
                        break;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { text, entries, end }
    }

    /// The value of a key, as it is written.
    fn value(&self, key: &str) -> Option<&'t str> {
        self.entries.iter().rfind(|entry| entry.key == key).map(|entry| &self.text[entry.value.clone()])
    }

    /// With an entry in its place, or before `turns`, or without it.
    fn put(&self, key: &str, value: Option<String>) -> String {
        let places = || (0..self.entries.len()).filter(|at| self.entries[*at].key == key);
        let mut out = String::with_capacity(self.text.len() + 64);
        let mut done = 0;
        match value {
            Some(value) if places().next().is_some() => {
                for entry in places().map(|at| &self.entries[at]) {
                    out.push_str(&self.text[done..entry.value.start]);
                    out.push_str(&value);
                    done = entry.value.end;
                }
            }
            Some(value) => {
                let own = format!("{}:{value}", tree::compact(&Json::text(key)));
                let turns = self.entries.iter().find(|entry| entry.key == "turns").map(|entry| entry.start);
                let (at, own) = match (turns, self.entries.last()) {
                    (Some(turns), _) => (turns, format!("{own},")),
                    (None, Some(last)) => (last.value.end, format!(",{own}")),
                    (None, None) => (self.end, own),
                };
                out.push_str(&self.text[..at]);
                out.push_str(&own);
                done = at;
            }
            None => {
                // The comma goes with it: the one behind, or of the last ones the one before.
                let last = self.entries.iter().rposition(|entry| entry.key != key);
                for at in places() {
                    let entry = &self.entries[at];
                    let (from, to) = match (self.entries.get(at + 1), last) {
                        (Some(next), Some(last)) if at < last => (entry.start, next.start),
                        (None, Some(last)) => (self.entries[last].value.end, entry.value.end),
                        (None, None) => (self.entries[0].start, entry.value.end),
                        // The last of those behind what stays takes all of them.
                        _ => continue,
                    };
                    out.push_str(&self.text[done..from]);
                    done = to;
                }
            }
        }
        out.push_str(&self.text[done..]);
        out
    }
}

fn entry(text: &str, key: &Range<usize>, value: Range<usize>) -> Entry {
    let name = tree::read(&text[key.clone()]).json.and_then(|json| json.as_text().map(str::to_owned));
    let inner = &text[value.clone()];
    let start = value.start + inner.len() - inner.trim_start().len();
    let end = start + inner.trim().len();
    Entry { key: name.unwrap_or_default(), start: key.start, value: start..end }
}

/// The quote that ends the text that begins here.
fn closing(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        tree::read(text).json.unwrap()
    }

    fn tags(add: &[&str], remove: &[&str]) -> Edit {
        let own = |tags: &[&str]| tags.iter().map(ToString::to_string).collect();
        Edit::Tags { add: own(add), remove: own(remove) }
    }

    #[test]
    fn f121_what_is_not_changed_stays() {
        let line = r#"{ "id":"caf\u00e9", "x_mine":{"deep":[1.50, 2e1]},"tags" : ["one"] ,"turns":[{"who":"user","text":"a \"}, \\","later":null},{"what":"?"}]}"#;
        let expect = Edit::Expect(Some(json(r#"{"handoff":false}"#)));
        let labelled = expect.apply(&tags(&["two", "one"], &["none"]).apply(line).unwrap()).unwrap();
        let expected = line
            .replace(r#"["one"]"#, r#"["one","two"]"#)
            .replace(r#""turns""#, r#""expect":{"handoff":false},"turns""#);
        assert_eq!(labelled, expected);
        assert_eq!(expect.apply(&labelled).unwrap(), labelled);
        let back = Edit::Expect(None).apply(&tags(&[], &["two"]).apply(&labelled).unwrap()).unwrap();
        assert_eq!(back, line);
        assert_eq!(tags(&["one"], &["two"]).apply(line).unwrap(), line);
        assert_eq!(tags(&[], &["one"]).apply(line).unwrap(), line.replace(r#""tags" : ["one"] ,"#, ""));
        let twice = r#"{"id":"a","turns":[],"expect":{"end":"x"},"expect":{"end":"y"}}"#;
        assert_eq!(Object::of(twice).put("expect", None), r#"{"id":"a","turns":[]}"#);
        assert_eq!(Edit::Expect(None).apply("{}"), Err(EditFault::NotConversation));
    }

    #[test]
    fn f121_other_labels_stay_as_they_are_written() {
        let label = |name: &str, value: Option<Json>| Edit::Label(name.to_owned(), value);
        let bare = r#"{"turns":[],"id":"a"}"#;
        let gold = label("go\"ld", Some(Json::Bool(true))).apply(bare).unwrap();
        assert_eq!(gold, r#"{"labels":{"go\"ld":true},"turns":[],"id":"a"}"#);
        assert_eq!(label("go\"ld", None).apply(&gold).unwrap(), bare);
        let line = r#"{"id":"a","turns":[],"labels":{ "score": 1.50, "who":"J\u00f6rg" }}"#;
        let made = label("score", Some(json("2"))).apply(&label("new", Some(Json::Null)).apply(line).unwrap()).unwrap();
        assert_eq!(made, r#"{"id":"a","turns":[],"labels":{ "score": 2, "who":"J\u00f6rg","new":null }}"#);
        assert_eq!(
            label("score", None).apply(line).unwrap(),
            r#"{"id":"a","turns":[],"labels":{ "who":"J\u00f6rg" }}"#
        );
        let last = label("who", None).apply(&label("score", None).apply(line).unwrap()).unwrap();
        assert_eq!(last, r#"{"id":"a","turns":[]}"#);
    }

    #[test]
    fn what_cannot_be_expected_is_refused() {
        for (expect, good) in [
            (r#"{"handoff":{"tier":"one"},"said":["x"],"x_note":1}"#, true),
            (r#"{"end":"done"}"#, true),
            (r#"{"handoff":"yes"}"#, false),
            (r#"{"said":"x"}"#, false),
            (r#"{"hand":false}"#, false),
            ("[]", false),
        ] {
            assert_eq!(Edit::Expect(Some(json(expect))).faults().is_ok(), good, "{expect}");
        }
    }
}
