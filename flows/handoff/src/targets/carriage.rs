//! The shapes in which context travels: a flat map of texts or scalars, JSON in a text, the fields of a record.
//!
//! A target takes the parts it needs from [`parts`], lets [`super::sized::fit`] cut them, and writes what is left by
//! [`flat`], [`nested`] or field by field.

use flow_model::tree::{Json, compact};

use super::sized::Part;
use crate::envelope::Envelope;
use crate::moment::rfc3339;
use crate::words;

/// What every target that has no record sends of the envelope beside the fields, in this order; those at the front are
/// never cut. `handoff_id` and `conversation_id` are the ids, `reasons` their names, `tier`, `priority`, `mode`,
/// `deadline`, `customer`, `locale`, `resume_token`, `context_url` (the address to open), `summary`, `told`, `trigger`,
/// `trigger_text`, `people`.
pub const OWN_POLICIES: &[(&str, &str)] = &[
    ("people", "drop"),
    ("told", "drop"),
    ("trigger_text", "shorten"),
    ("summary", "shorten"),
    ("contact", "shorten"),
    ("trigger_text", "drop"),
];

/// The own parts of an envelope and then its payload fields; an own part that a field of the same name brings stands
/// only once, as the field.
#[must_use]
pub fn parts(envelope: &Envelope) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut own = |name: &'static str, value: Option<Json>| {
        if let Some(value) = value.filter(|_| envelope.field(name).is_none()) {
            parts.push(Part::own(name, value));
        }
    };
    let text = |text: &Option<String>| text.as_ref().map(Json::text);
    own("handoff_id", Some(Json::text(&envelope.id)));
    own("conversation_id", Some(Json::text(&envelope.conversation)));
    own("reasons", Some(Json::List(envelope.reasons.iter().map(|reason| Json::text(&reason.name)).collect())));
    own("tier", Some(Json::text(&envelope.tier)));
    own("priority", Some(Json::int(envelope.priority.into())));
    own("mode", Some(Json::text(envelope.mode)));
    own("deadline", envelope.deadline.map(|at| Json::Text(rfc3339(at))));
    own("customer", text(&envelope.customer));
    own("locale", text(&envelope.locale));
    own("resume_token", text(&envelope.resume_token));
    own("context_url", text(&envelope.screen));
    own("summary", text(&envelope.summary));
    own("trigger", envelope.json.get("trigger").filter(|trigger| trigger.as_text().is_some()).cloned());
    own("trigger_text", text(&envelope.trigger_text));
    own("told", text(&envelope.told));
    let contact = |(name, value): &(String, Json)| (name.clone(), value.clone());
    own("contact", (!envelope.contact.is_empty()).then(|| Json::Map(envelope.contact.iter().map(contact).collect())));
    own("people", (!envelope.people.is_empty()).then(|| Json::List(envelope.people.clone())));
    parts.extend(envelope.payload.iter().map(Part::of));
    parts
}

/// What a note says beside the fields and may have to give way, and then the payload fields: for targets that are a record.
#[must_use]
pub fn noted(envelope: &Envelope) -> Vec<Part<'_>> {
    let own = ["handoff_id", "summary", "trigger_text", "told", "people"];
    parts(envelope).into_iter().filter(|part| !part.own || own.contains(&part.name)).collect()
}

/// What a flat map may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Texts, numbers and booleans.
    Scalars,
    /// Texts alone.
    Texts,
}

/// A value of a flat map: a list of scalars as words with commas, any other list or object as compact JSON.
#[must_use]
pub fn flat_value(value: &Json, values: Values) -> Json {
    match (value, values) {
        (Json::Text(_), _) | (Json::Number(_) | Json::Bool(_), Values::Scalars) => value.clone(),
        (Json::Bool(flag), Values::Texts) => Json::text(if *flag { "true" } else { "false" }),
        _ => Json::Text(words::plain(value)),
    }
}

/// Parts as a flat map: each under the key that `key` gives it (`None` leaves it out), with `truncated` (names with
/// commas) last where something was cut. Two parts of one key: the later one wins, in the place of the first.
#[must_use]
pub fn flat(parts: &[Part<'_>], cut: &[&str], values: Values, key: &dyn Fn(&str) -> Option<String>) -> Json {
    let mut map = Json::map();
    for part in parts {
        if let Some(key) = key(part.name) {
            map.set(&key, flat_value(&part.value, values));
        }
    }
    if let (false, Some(key)) = (cut.is_empty(), key("truncated")) {
        map.set(&key, Json::Text(cut.join(",")));
    }
    map
}

/// Parts as an object that keeps its lists and objects, with `truncated` (a list of names) last where something was cut.
#[must_use]
pub fn nested(parts: &[Part<'_>], cut: &[&str]) -> Json {
    let mut map = Json::map();
    for part in parts {
        map.set(part.name, part.value.clone().into_owned());
    }
    if !cut.is_empty() {
        map.set("truncated", Json::List(cut.iter().map(|name| Json::text(*name)).collect()));
    }
    map
}

/// [`nested`] as the text that goes into a field of JSON in a text: compact, since spaces count.
#[must_use]
pub fn nested_text(parts: &[Part<'_>], cut: &[&str]) -> String {
    compact(&nested(parts, cut))
}

/// A name as a key of letters, digits, `_` and `-` alone; every other character becomes `_`.
#[must_use]
pub fn plain_key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' }).collect()
}

/// The value of the `priority` map of a flow's target, else a usual name.
#[must_use]
pub fn priority<'a>(envelope: &Envelope, setup: &'a flow_model::flow::Target, usual: [&'a str; 5]) -> &'a str {
    let at = usize::from(envelope.priority.clamp(1, 5)) - 1;
    setup.priority.get(&envelope.priority.to_string()).map_or(usual[at], String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    #[test]
    fn a_flat_map_holds_scalars_and_what_was_cut() {
        let json = flow_model::tree::read(r#"{"a":1,"b":["x","y"],"c":{"d":[true]},"e":false}"#).json.unwrap();
        let parts: Vec<Part<'_>> = json
            .entries()
            .iter()
            .map(|(name, value)| Part { name, title: None, value: Cow::Borrowed(value), own: false })
            .collect();
        let key = |name: &str| (name != "e").then(|| format!("k.{name}"));
        assert_eq!(
            compact(&flat(&parts, &["z", "c"], Values::Scalars, &key)),
            r#"{"k.a":1,"k.b":"x, y","k.c":"{\"d\":[true]}","k.truncated":"z,c"}"#
        );
        let texts = flat(&parts, &[], Values::Texts, &|name| Some(plain_key(name)));
        assert_eq!(compact(&texts), r#"{"a":"1","b":"x, y","c":"{\"d\":[true]}","e":"false"}"#);
        assert_eq!(nested_text(&parts[..2], &["z"]), r#"{"a":1,"b":["x","y"],"truncated":["z"]}"#);
        assert_eq!(plain_key("a.b ü-c"), "a_b__-c");
    }
}
