//! Whether a run went as its conversation expects.

use flow_conditions::{phrase, say};
use flow_conversations::{Conversation, Expect, ExpectHandoff};
use flow_handoff::{Envelope, Keys};
use flow_model::tree::Json;

use crate::label;
use crate::outcome::{self, Kinds};
use crate::preview::Preview;
use crate::program::Program;
use crate::state::State;

/// Whether an expectation needs what only a preview writes down: texts or a payload.
#[must_use]
pub fn needs_preview(expect: &Expect) -> bool {
    let payload = |keys: &Vec<(String, Json)>| keys.iter().any(|(key, _)| key == "payload" || key == "absent");
    !expect.said.is_empty() || matches!(&expect.handoff, Some(ExpectHandoff::Keys(keys)) if payload(keys))
}

/// What does not go as expected, in words; texts and payloads are not looked at.
#[must_use]
pub fn of_state(program: &Program, state: &State, expect: &Expect) -> Vec<String> {
    let mut faults = Vec::new();
    let (kind, request) = outcome::kind(state);
    match (&expect.handoff, request) {
        (Some(ExpectHandoff::None), Some(_)) => faults.push(phrase!("a handoff, and none was expected").to_owned()),
        (Some(ExpectHandoff::Keys(_)), None) => {
            faults.push(say!("no handoff ({id}), and one was expected", id = kind.id()).text());
        }
        (Some(ExpectHandoff::Keys(keys)), Some(request)) => {
            let mut actual = outcome::request_entries(program, &state.requests[request]);
            actual.push(("kind".to_owned(), Json::text(kind.id())));
            let actual = Json::Map(actual);
            for (key, expected) in keys.iter().filter(|(key, _)| key != "payload" && key != "absent") {
                compare(key, expected, actual.get(key), &mut faults);
            }
        }
        _ => {}
    }
    if let Some(end) = &expect.end {
        let ended = (kind == Kinds::End).then_some(state.outcome.as_deref()).flatten();
        if ended != Some(end) {
            faults.push(
                say!("the outcome is {ended}, not the end \"{end}\"", ended = ended.unwrap_or(kind.id()), end).text(),
            );
        }
    }
    if let Some(open) = &expect.open {
        let here = label::here(program, state);
        if kind != Kinds::Open || here != *open {
            faults.push(say!("it is {id} at {here}, not open at {open}", id = kind.id(), here, open).text());
        }
    }
    faults
}

/// What does not go as expected, in words.
#[must_use]
pub fn of_preview(preview: &Preview<'_>, expect: &Expect, keys: &Keys) -> Vec<String> {
    let mut faults = of_state(preview.recorder.program, &preview.state, expect);
    for text in &expect.said {
        if !preview.recorder.said.iter().any(|said| said.contains(text.as_str())) {
            faults.push(say!("\"{text}\" is not said", text).text());
        }
    }
    if let (Some(ExpectHandoff::Keys(wanted)), Some(request)) = (&expect.handoff, outcome::kind(&preview.state).1)
        && let Some(Some(envelope)) = preview.envelopes(keys).get(request)
    {
        payload(wanted, envelope, &mut faults);
    }
    faults
}

fn payload(wanted: &[(String, Json)], envelope: &Envelope, faults: &mut Vec<String>) {
    let payload = envelope.json.get("payload");
    for (key, expected) in wanted {
        match key.as_str() {
            "payload" => {
                for (field, value) in expected.entries() {
                    compare(&format!("payload.{field}"), value, payload.and_then(|p| p.get(field)), faults);
                }
            }
            "absent" => {
                let there = |field: &&str| payload.and_then(|p| p.get(field)).is_some_and(|v| *v != Json::Null);
                for field in expected.items().iter().filter_map(Json::as_text).filter(there) {
                    faults.push(say!("payload.{field} is there, and was expected to be absent", field).text());
                }
            }
            _ => {}
        }
    }
}

fn compare(key: &str, expected: &Json, actual: Option<&Json>, faults: &mut Vec<String>) {
    let actual = actual.unwrap_or(&Json::Null);
    if actual != expected {
        let text = flow_model::tree::compact;
        faults.push(say!("{key} is {text}, not {text_2}", key, text = text(actual), text_2 = text(expected)).text());
    }
}

/// What does not go as expected: runs the conversation once more with everything written down where that is needed.
#[must_use]
pub fn check(program: &Program, state: &State, conversation: &Conversation, keys: &Keys) -> Vec<String> {
    let Some(expect) = &conversation.expect else { return Vec::new() };
    if needs_preview(expect) {
        return of_preview(&crate::preview::preview(program, conversation, false), expect, keys);
    }
    of_state(program, state, expect)
}
