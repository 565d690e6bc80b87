//! Conversations as test scripts of the adaptive runtime (`Microsoft.Test.Script`).
//!
//! A script plays a conversation up to the first event that is no message, and asserts after each turn where the bot
//! stands and, once people are asked, what they are told.

use flow_model::tree::Json as Told;

use super::json::{Json, map, named, text};
use super::lower::Plan;
use super::words::quoted;
use crate::case::{Case, CaseTurn};
use crate::names::{Legal, Names};
use crate::tree::Tree;

/// Scripts at the most.
const MOST: usize = 200;

const FILES: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_' || c == '-',
    instead: '_',
    begins: |c| c.is_ascii_alphanumeric(),
    lead: "t_",
    longest: 60,
    bytes: char::len_utf8,
    folds: true,
    single: false,
    taken: &[],
};

/// Every script by its path.
pub fn scripts(plan: &Plan<'_>, cases: &[Case]) -> Vec<(String, Json)> {
    let names = Names::of(cases.iter().map(|case| case.id.as_str()), &FILES);
    let playable = cases.iter().filter(|case| !case.turns.is_empty()).take(MOST);
    let one = |case: &Case| {
        let told = &case.whole.as_ref()?.told;
        let path = format!("tests/{}.test.dialog", names.get(&case.id)?);
        Some((path, script(plan, case, told)))
    };
    playable.filter_map(one).collect()
}

fn script(plan: &Plan<'_>, case: &Case, told: &Told) -> Json {
    let mut steps = vec![activity(vec![
        ("type", text("conversationUpdate")),
        ("membersAdded", Tree::List(vec![map([("id", text("customer"))])])),
        ("channelData", map([("handoff", map([("customer", of_told(told.get("customer")))]))])),
    ])];
    let events = told.get("turns").map(Told::items).unwrap_or_default();
    let turns = events.iter().filter(|event| event.get("who").and_then(Told::as_text) == Some("user"));
    let mut requests = case.whole.iter().flat_map(|whole| &whole.requests);
    for (turn, event) in case.turns.iter().zip(turns) {
        steps.push(said(plan, event));
        let request = if turn.hands_off { requests.next() } else { None };
        steps.extend(asserted(plan, turn, request));
    }
    let mocks = answers(plan, events);
    map([
        ("$kind", text("Microsoft.Test.Script")),
        ("description", text(crate::prose::one_line(&case.id))),
        ("dialog", text(&*plan.bot)),
        ("settingMocks", Tree::List(vec![settings(plan)])),
        ("httpRequestMocks", Tree::List(mocks)),
        ("script", Tree::List(steps)),
    ])
}

fn activity(entries: Vec<(&'static str, Json)>) -> Json {
    map([("$kind", text("Microsoft.Test.UserActivity")), ("activity", map(entries))])
}

fn of_told(told: Option<&Told>) -> Json {
    match told {
        None | Some(Told::Null) => Tree::Null,
        Some(Told::Bool(value)) => Tree::Bool(*value),
        Some(Told::Number(number)) => Tree::Exact(number.text().to_owned()),
        Some(Told::Text(words)) => text(&**words),
        Some(Told::List(items)) => items.iter().map(|item| of_told(Some(item))).collect(),
        Some(Told::Map(entries)) => named(entries.iter().map(|(key, value)| (key.clone(), of_told(Some(value))))),
    }
}

/// A turn as a message: what a recognizer and a channel would tell of it stands in its data.
fn said(plan: &Plan<'_>, event: &Told) -> Json {
    const TOLD: [&str; 8] =
        ["intent", "confidence", "sentiment", "frustration", "channel", "nlu", "entities", "signals"];
    // What a turn does not say is not known of it, whatever the recognizer would make of the words.
    let told = TOLD.iter().filter_map(|key| match (event.get(key), *key) {
        (None | Some(Told::Null), "entities") => Some(((*key).to_owned(), map([]))),
        (None, "frustration" | "nlu" | "signals") => None,
        (Some(Told::Map(entries)), kind @ ("entities" | "signals")) => {
            let names = if kind == "entities" { &plan.entities } else { &plan.signals };
            let known = entries.iter().map(|(name, value)| (Plan::told(names, name).to_owned(), of_told(Some(value))));
            Some(((*key).to_owned(), named(known)))
        }
        (value, _) => Some(((*key).to_owned(), of_told(value))),
    });
    activity(vec![
        ("type", text("message")),
        ("text", of_told(event.get("text"))),
        ("channelData", map([("handoff", named(told))])),
    ])
}

/// Where the bot stands after a turn.
fn asserted(plan: &Plan<'_>, turn: &CaseTurn, request: Option<&Told>) -> Option<Json> {
    let mut all = Vec::new();
    if let Some((flow, node)) = &turn.waits {
        all.push(format!("{} == {}", plan.at(flow), quoted(node)));
    }
    if let Some(tier) = request.and_then(|request| request.get("tier")?.as_text()) {
        all.push(format!("conversation.handoff.tier == {}", quoted(tier)));
    }
    let assertions: Json = all.into_iter().map(text).collect();
    let some = !matches!(&assertions, Tree::List(list) if list.is_empty());
    some.then(|| map([("$kind", text("Microsoft.Test.MemoryAssertions")), ("assertions", assertions)]))
}

fn settings(plan: &Plan<'_>) -> Json {
    let one = |(_, key): (&str, &str)| map([("property", text(format!("calls.{key}"))), ("value", text(address(key)))]);
    let kind = text("Microsoft.Test.SettingStringMock");
    map([("$kind", kind), ("assignments", plan.calls.iter().map(one).collect())])
}

fn address(key: &str) -> String {
    format!("http://calls.test/{key}")
}

/// What each call answers, in the order of the conversation.
fn answers(plan: &Plan<'_>, events: &[Told]) -> Vec<Json> {
    let call_of = |named: &str| {
        let nodes = plan.policy.flows.iter().flat_map(|(_, flow)| &flow.nodes);
        let of = nodes.filter_map(|(node, card)| match &card.kind {
            flow_model::flow::Kind::Action(action) if node == named || action.call == named => {
                Some(action.call.as_str())
            }
            _ => None,
        });
        of.into_iter().next()
    };
    let mut all = Vec::new();
    for (call, key) in plan.calls.iter() {
        let own = events
            .iter()
            .filter(|event| event.get("action").and_then(Told::as_text).and_then(call_of).is_some_and(|of| of == call));
        let answers: Vec<Json> = own.map(answer).collect();
        if answers.is_empty() {
            continue;
        }
        all.push(map([
            ("$kind", text("Microsoft.Test.HttpRequestSequenceMock")),
            ("method", text("POST")),
            ("url", text(address(key))),
            ("responses", Tree::List(answers)),
        ]));
    }
    all
}

fn answer(event: &Told) -> Json {
    let status = match event.get("status").and_then(Told::as_text) {
        Some("error") => 422,
        Some("timeout") => 504,
        _ => 200,
    };
    let content = ["code", "message", "data"].into_iter().filter_map(|key| Some((key, of_told(Some(event.get(key)?)))));
    let content: Json = map(content);
    map([("statusCode", Tree::Count(status)), ("contentType", text("String")), ("content", text(content.pretty()))])
}
