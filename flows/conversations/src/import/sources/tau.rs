//! Logs of tau-bench: its result files (a list of runs with `traj` and `info`), and logs with `turns` of speakers `user`, `bot`,
//! `api_call` and `tool`. Shapes as of its repository at 59a200c6 (2024).

use std::io::BufRead;

use flow_model::tree::{self, Json};

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Sink, Source, Stop, WhatCall};

/// Logs of tau-bench.
pub struct Tau;

/// The call by which its agents ask for a person.
const TRANSFER: &str = "transfer_to_human_agents";

impl Source for Tau {
    fn kind(&self) -> &'static str {
        "tau-bench"
    }

    fn title(&self) -> &'static str {
        "tau-bench logs"
    }

    fn about(&self) -> &'static str {
        "Result files of tau-bench (`traj`, `info`) and logs with `turns`: calls with what they were given and gave, `transfer_to_human_agents` as a request. The actions of the task say whether there should have been a handoff (`expect`)."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let (_, values) = common::values(head, 3)?;
        let first = values.first()?;
        if first.get("traj").is_some() && first.get("info").is_some() {
            return Some((96, "its runs have the keys traj and info of tau-bench's results".to_owned()));
        }
        let named = text_at(first, "corpus").is_some_and(|corpus| corpus.starts_with("tau-bench"));
        let calls =
            first.get("turns")?.items().iter().any(|turn| text_at(turn, "speaker").as_deref() == Some("api_call"));
        match (named, calls || first.get("should_transfer").is_some()) {
            (true, _) => Some((97, "its corpus is tau-bench, and its turns have speakers".to_owned())),
            (false, true) => Some((75, "its turns have the speakers of tau-bench logs".to_owned())),
            (false, false) => None,
        }
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        mapping.shape = common::shape(head);
        mapping.rows = Some("turns".to_owned());
        let mut mapping = mapping
            .with(&[
                ("conversation_id", "conversation"),
                ("should_transfer", "expect.handoff"),
                ("should_transfer", "labels.should_transfer"),
                ("transferred", "labels.transferred"),
                ("reward", "labels.reward"),
                ("corpus", "labels.corpus"),
                ("user_id", "customer.id"),
                ("instruction", "labels.instruction"),
                ("turns[].speaker", "who"),
                ("turns[].text", "text"),
                ("turns[].api", "call"),
                ("turns[].arguments", "inputs"),
            ])
            .hears(&[
                ("user", Means::User),
                ("bot", Means::Bot),
                ("api_call", Means::Call),
                ("tool", Means::Result),
                ("system", Means::Skip),
                ("stop", Means::Skip),
            ]);
        mapping.calls.insert(TRANSFER.to_owned(), WhatCall::Request);
        mapping.calls.insert("think".to_owned(), WhatCall::Skip);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, _, json, sink| {
            let (head, rows): (Json, Vec<Json>) = match (json.get("traj"), json.get("turns")) {
                (Some(Json::List(traj)), _) => (of_run(&json), traj.iter().flat_map(of_message).collect()),
                (None, Some(Json::List(turns))) => (json.clone(), turns.iter().flat_map(stopped).collect()),
                _ => return sink.note(Note::new(line, "a log", "it has neither traj nor turns, so it is left out")),
            };
            sink.record(Record { line, head, rows: Some(rows.into_iter().map(|row| (line, row)).collect()) })
        })
    }
}

/// What the task says of a run: its own actions tell whether a person should have been asked for.
fn of_run(run: &Json) -> Json {
    let actions = run.at(&["info", "task", "actions"]).map(Json::items);
    let should =
        actions.map(|actions| actions.iter().any(|action| text_at(action, "name").as_deref() == Some(TRANSFER)));
    let part = |key: &str| text_at(run, key).unwrap_or_else(|| "0".to_owned());
    object(vec![
        ("conversation_id", Some(Json::Text(format!("tau-{}-{}", part("task_id"), part("trial"))))),
        ("reward", at(run, "reward")),
        ("should_transfer", should.map(Json::Bool)),
        ("user_id", at(run, "info.task.user_id")),
        ("instruction", at(run, "info.task.instruction")),
    ])
}

/// A message of a run: the words of the assistant and its calls are turns of their own.
fn of_message(message: &Json) -> Vec<Json> {
    let role = text_at(message, "role").unwrap_or_default();
    let content = at(message, "content");
    let speaker = |name: &str| Some(Json::text(name));
    match role.as_str() {
        "user" => stopped(&object(vec![("speaker", speaker("user")), ("text", content)])),
        "assistant" => {
            let mut rows = Vec::new();
            if content.is_some() {
                rows.push(object(vec![("speaker", speaker("bot")), ("text", content)]));
            }
            let calls = message.get("tool_calls").map_or(&[][..], Json::items);
            rows.extend(calls.iter().map(|call| {
                object(vec![
                    ("speaker", speaker("api_call")),
                    ("api", at(call, "function.name")),
                    ("arguments", at(call, "function.arguments")),
                ])
            }));
            rows
        }
        "tool" => vec![object(vec![("speaker", speaker("tool")), ("text", content.map(|c| Json::Text(plain(&c))))])],
        other => vec![object(vec![("speaker", speaker(other)), ("text", content)])],
    }
}

/// By these words the simulated customer ends a conversation; they are no words of a customer.
const STOP: &str = "###STOP###";

/// A turn without the mark of its end, which is a row of its own.
fn stopped(turn: &Json) -> Vec<Json> {
    let text = text_at(turn, "text").unwrap_or_default();
    let Some(said) = text.trim_end().strip_suffix(STOP) else { return vec![turn.clone()] };
    let mut rows = Vec::new();
    if !said.trim().is_empty() {
        let mut turn = turn.clone();
        turn.set("text", Json::text(said.trim_end()));
        rows.push(turn);
    }
    rows.push(object(vec![("speaker", Some(Json::text("stop")))]));
    rows
}

fn plain(json: &Json) -> String {
    json.as_text().map_or_else(|| tree::compact(json), str::to_owned)
}
