//! The structs of `flow_conversations` as serde fills them: the same fields, texts shared, absent told from null.
#![allow(dead_code, reason = "filled, and never read")]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value as given.
#[derive(Default)]
pub enum Given {
    #[default]
    Absent,
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    Odd,
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Given, E> {
                Ok(Given::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Given, E> {
                Ok(Given::Bool(value))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Given, E> {
                Ok(Given::Number(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Given, E> {
                Ok(Given::Number(value as f64))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Given, E> {
                Ok(Given::Number(value as f64))
            }

            fn visit_str<E>(self, value: &str) -> Result<Given, E> {
                Ok(Given::Text(Arc::from(value)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Given, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Given::Odd)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Given::Odd)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Names with values, in order.
#[derive(Default)]
pub struct Named(Vec<(String, Given)>);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Named;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Named(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A conversation.
#[derive(Deserialize)]
pub struct Conversation {
    id: Arc<str>,
    start: Option<String>,
    #[serde(default)]
    customer: Named,
    expect: Option<BTreeMap<String, Given>>,
    labels: Option<BTreeMap<String, Given>>,
    turns: Vec<Turn>,
}

/// A customer's turn: the corpus has no other events, so sonic-rs need not tell them apart.
#[derive(Deserialize)]
pub struct Turn {
    who: Arc<str>,
    t: Option<f64>,
    #[serde(default)]
    text: Given,
    #[serde(default)]
    intent: Given,
    #[serde(default)]
    confidence: Given,
    #[serde(default)]
    sentiment: Given,
    #[serde(default)]
    frustration: Given,
    #[serde(default)]
    channel: Given,
    nlu: Option<String>,
    #[serde(default)]
    entities: Named,
    #[serde(default)]
    signals: Named,
}
