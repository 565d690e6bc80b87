//! Labels and tags of a conversation, changed in its line; everything else in it stays as it was, known or not.

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

    /// The line with the change.
    ///
    /// # Errors
    /// When the line is no conversation.
    pub fn apply(&self, line: &str) -> Result<String, EditFault> {
        let reading = tree::read(line);
        let Some(mut json) = reading.json.filter(|_| crate::line(line).is_ok()) else {
            return Err(EditFault::NotConversation);
        };
        match self {
            Self::Expect(expect) => put(&mut json, "expect", expect.clone()),
            Self::Tags { add, remove } => {
                let before = json.get("tags").map_or(&[][..], Json::items).to_vec();
                let mut tags: Vec<Json> =
                    before.into_iter().filter(|tag| !remove.iter().any(|r| tag.as_text() == Some(r))).collect();
                for tag in add {
                    if !tags.iter().any(|known| known.as_text() == Some(tag)) {
                        tags.push(Json::text(tag));
                    }
                }
                put(&mut json, "tags", (!tags.is_empty()).then_some(Json::List(tags)));
            }
            Self::Label(name, value) => {
                let mut labels = json.get("labels").cloned().unwrap_or_else(Json::map);
                put(&mut labels, name, value.clone());
                let empty = labels.entries().is_empty();
                put(&mut json, "labels", (!empty).then_some(labels));
            }
        }
        Ok(tree::compact(&json))
    }
}

/// Sets an entry in its place, or before `turns`, or takes it away.
fn put(json: &mut Json, key: &str, value: Option<Json>) {
    let Json::Map(entries) = json else { return };
    let at = entries.iter().position(|(known, _)| known == key);
    match (at, value) {
        (Some(at), Some(value)) => entries[at].1 = value,
        (Some(at), None) => {
            entries.remove(at);
        }
        (None, Some(value)) => {
            let turns = entries.iter().position(|(known, _)| known == "turns").unwrap_or(entries.len());
            entries.insert(turns, (key.to_owned(), value));
        }
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        tree::read(text).json.unwrap()
    }

    #[test]
    fn f121_what_is_not_changed_stays() {
        let line = r#"{"id":"a","x_mine":{"deep":[1.50]},"tags":["one"],"turns":[{"who":"user","text":"hi","later":null},{"what":"?"}]}"#;
        let tags = Edit::Tags { add: vec!["two".to_owned(), "one".to_owned()], remove: vec!["none".to_owned()] };
        let labelled = Edit::Expect(Some(json(r#"{"handoff":false}"#))).apply(&tags.apply(line).unwrap()).unwrap();
        let expected = r#"{"id":"a","x_mine":{"deep":[1.5]},"tags":["one","two"],"expect":{"handoff":false},"turns":[{"who":"user","text":"hi","later":null},{"what":"?"}]}"#;
        assert_eq!(labelled, expected);
        let back = Edit::Expect(None)
            .apply(&Edit::Tags { add: vec![], remove: vec!["two".to_owned()] }.apply(&labelled).unwrap())
            .unwrap();
        assert_eq!(json(&back), json(line));
        let gold = Edit::Label("gold".to_owned(), Some(Json::Bool(true))).apply(line).unwrap();
        assert!(gold.contains(r#""labels":{"gold":true}"#));
        assert_eq!(json(&Edit::Label("gold".to_owned(), None).apply(&gold).unwrap()), json(line));
        assert_eq!(Edit::Expect(None).apply("{}"), Err(EditFault::NotConversation));
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
