//! Stories, test stories and end-to-end tests of Rasa, as YAML. Words come from `user`, intents from `intent`; what the bot says
//! is known by the names of its responses only.

use std::io::{BufRead, Read};

use flow_model::tree::Json;

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::yaml::{self, Node};
use crate::import::{Head, LIMIT, Mapping, Means, Note, Sink, Source, Stop, WhatCall, survey};

/// Stories of Rasa.
pub struct RasaStories;

impl Source for RasaStories {
    fn kind(&self) -> &'static str {
        "rasa-stories"
    }

    fn title(&self) -> &'static str {
        "Rasa stories and tests (YAML)"
    }

    fn about(&self) -> &'static str {
        "Stories, test stories and end-to-end tests. Marked words become entities; responses are shown by their name, since stories do not hold their words; a choice is read as its first part. Rules are no conversations, and told."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let has = |start: &str| head.text.lines().any(|line| line.trim_end() == start);
        let step = ["- story:", "- test_case:", "steps:"].iter().any(|step| head.text.contains(step));
        if (has("stories:") || has("test_cases:")) && step {
            return Some((95, "it has stories or test_cases with steps of Rasa".to_owned()));
        }
        None
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        mapping.rows = Some("steps".to_owned());
        let mut mapping = mapping
            .with(&[
                ("name", "conversation"),
                ("steps[].what", "who"),
                ("steps[].text", "text"),
                ("steps[].intent", "intent"),
                ("steps[].entities", "entities"),
                ("steps[].action", "call"),
            ])
            .hears(&[
                ("user", Means::User),
                ("bot", Means::Bot),
                ("action", Means::Call),
                ("slot_was_set", Means::Skip),
                ("slot_was_not_set", Means::Skip),
                ("active_loop", Means::Skip),
                ("checkpoint", Means::Skip),
            ]);
        for (name, what) in [("utter_*", WhatCall::Bot), ("action_listen", WhatCall::Skip)] {
            mapping.calls.insert(name.to_owned(), what);
        }
        let seen = survey::of(self, head, &mapping);
        common::requests(&seen, &mut mapping);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, _: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        let mut bytes = Vec::new();
        let read = input.take(LIMIT as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| Stop::Unreadable(error.to_string()))?;
        if bytes.len() > LIMIT {
            return sink.note(Note::new(1, "the file", "it is longer than 64 MB of YAML, so it is left out"));
        }
        let text = String::from_utf8_lossy(&bytes);
        let (documents, fault) = yaml::read(&text);
        if let Some((line, why)) = fault {
            sink.note(Note::new(line, "the YAML", format!("it cannot be read on from here: {why}")))?;
        }
        for document in &documents {
            file(document, sink)?;
        }
        Ok(())
    }
}

fn file(document: &Node, sink: &mut dyn Sink) -> Result<(), Stop> {
    for (key, value) in document.entries() {
        match key.as_str() {
            "stories" | "test_cases" => {
                for story in value.items() {
                    one(story, sink)?;
                }
            }
            "version" | "metadata" | "fixtures" => {}
            other => sink.note(Note::new(value.line, other, "it holds no conversations, so it is left out"))?,
        }
    }
    Ok(())
}

fn one(story: &Node, sink: &mut dyn Sink) -> Result<(), Stop> {
    let name = ["story", "test_case"].iter().find_map(|key| story.get(key)).and_then(Node::text).unwrap_or_default();
    let mut rows = Vec::new();
    for step in story.get("steps").map_or(&[][..], Node::items) {
        // A choice is read as its first part.
        if let Some(choice) = step.get("or") {
            sink.note(Note::new(step.line, "or", "it is a choice; the first of it is read"))?;
            if let Some(first) = choice.items().first() {
                rows.push((first.line, row(first)));
            }
            continue;
        }
        let row = row(step);
        if row.get("what").is_none() {
            let keys: Vec<&str> = step.entries().iter().map(|(key, _)| key.as_str()).collect();
            sink.note(Note::new(step.line, keys.join(", "), "such a step is not known, so it is left out"))?;
            continue;
        }
        rows.push((step.line, row));
    }
    let head = object(vec![("name", Some(Json::Text(name.to_owned())))]);
    sink.record(Record { line: story.line, head, rows: Some(rows) })
}

fn row(step: &Node) -> Json {
    let json = step.json();
    let intent = at(&json, "intent");
    if let Some(text) = text_at(&json, "user").or_else(|| intent.is_some().then(String::new)) {
        let (text, mut entities) = marked(text.trim());
        entities.extend(at(&json, "entities").map_or(Vec::new(), |e| named(&e)));
        return object(vec![
            ("what", Some(Json::text("user"))),
            ("text", (!text.is_empty()).then_some(Json::Text(text))),
            ("intent", intent),
            ("entities", (!entities.is_empty()).then_some(Json::Map(entities))),
        ]);
    }
    for (key, what) in [("bot", "bot"), ("utter", "bot"), ("action", "action")] {
        if let Some(value) = at(&json, key) {
            let into = if what == "bot" { "text" } else { "action" };
            return object(vec![("what", Some(Json::text(what))), (into, Some(value))]);
        }
    }
    let silent = ["slot_was_set", "slot_was_not_set", "active_loop", "checkpoint"];
    let found = silent.iter().find(|key| json.get(key).is_some());
    object(vec![("what", found.map(|key| Json::text(*key)))])
}

/// A step's list of entities: `- name: value`, or the name alone.
fn named(entities: &Json) -> Vec<(String, Json)> {
    let one = |item: &Json| match item {
        Json::Text(name) => vec![(name.clone(), Json::Bool(true))],
        Json::Map(map) if item.get("entity").is_none() => map.clone(),
        other => crate::import::fields::named(&Json::List(vec![other.clone()])).unwrap_or_default(),
    };
    entities.items().iter().flat_map(one).collect()
}

/// The words of `[TX998877](transaction_id)` and `[big]{"entity": "size", "value": "L"}`, and what is marked in them.
fn marked(text: &str) -> (String, Vec<(String, Json)>) {
    let (mut words, mut found, mut rest) = (String::new(), Vec::new(), text);
    while let Some(open) = rest.find('[') {
        words.push_str(&rest[..open]);
        let behind = &rest[open + 1..];
        let Some((value, entity, after)) = mark(behind) else {
            words.push('[');
            rest = behind;
            continue;
        };
        words.push_str(value);
        found.push(entity);
        rest = after;
    }
    words.push_str(rest);
    (words, found)
}

type Mark<'t> = (&'t str, (String, Json), &'t str);

fn mark(text: &str) -> Option<Mark<'_>> {
    let (value, after) = text.split_once(']')?;
    if let Some((name, after)) = after.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        // `(entity:value)` is the older way to say another value.
        let (name, said) = name.split_once(':').unwrap_or((name, value));
        return Some((value, (name.to_owned(), Json::text(said)), after));
    }
    let end = after.starts_with('{').then(|| after.find('}'))??;
    let json = flow_model::tree::read(&after[..=end]).json?;
    let said = json.get("value").cloned().unwrap_or_else(|| Json::text(value));
    Some((value, (text_at(&json, "entity")?, said), &after[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_words_are_entities() {
        let (words, found) = marked(
            r#"from [Berlin](city) to [big B]{"entity": "city", "role": "to", "value": "Bonn"} [x] on [y](d:z)"#,
        );
        assert_eq!(words, "from Berlin to big B [x] on y");
        let expected = [("city", "Berlin"), ("city", "Bonn"), ("d", "z")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), Json::text(value))));
    }
}
