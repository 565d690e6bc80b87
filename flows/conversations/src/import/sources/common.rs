//! What sources share: the shape of a JSON file, its first values, and the proposal for columns nobody knows.

use flow_model::tree::{self, Json};

use crate::import::head::Head;
use crate::import::mapping::{Column, Kept, Mapping, Means, Shape};
use crate::import::report::Note;
use crate::import::rows::{self, Record};
use crate::import::survey::{self, ColumnSeen, Survey};
use crate::import::{Sink, Source, Stop, dates, pieces, speakers};

/// Where the values of a JSON file are; `None` where it is no JSON.
pub fn shape(head: &Head) -> Option<Shape> {
    let text = head.text.trim_start();
    if text.starts_with('[') {
        let first = text.lines().next().unwrap_or("");
        let is_line = tree::read(first).is_json() && text.lines().nth(1).is_some_and(|next| tree::read(next).is_json());
        return Some(if is_line { Shape::Lines } else { Shape::List });
    }
    if !text.starts_with('{') {
        return None;
    }
    // A broken first line is no reason to take the file for one value.
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(5);
    let whole = lines().filter(|line| line.trim_start().starts_with('{') && tree::read(line).is_json()).count();
    Some(if whole > 0 && whole * 2 >= lines().count() { Shape::Lines } else { Shape::Values })
}

/// The first values of a JSON file, with the key beside which they stand.
pub fn first(head: &Head, shape: Shape, list: Option<&str>, most: usize) -> Vec<(Option<String>, Json)> {
    struct Quiet;
    impl Sink for Quiet {
        fn record(&mut self, _: Record) -> Result<(), Stop> {
            Ok(())
        }
        fn note(&mut self, _: Note) -> Result<(), Stop> {
            Ok(())
        }
    }
    let mut found = Vec::new();
    let mut bytes = head.text.as_bytes();
    let _ = pieces::read(&mut bytes, shape, list, &mut Quiet, &mut |_, key, json, _| {
        found.push((key.map(str::to_owned), json));
        if found.len() >= most { Err(Stop::Asked) } else { Ok(()) }
    });
    found
}

/// The first values where the file is JSON in a shape of its own.
pub fn values(head: &Head, most: usize) -> Option<(Shape, Vec<Json>)> {
    let shape = shape(head)?;
    Some((shape, first(head, shape, None, most).into_iter().map(|(_, json)| json).collect()))
}

/// A mapping with what the head says of encoding and name.
pub fn base(source: &dyn Source, head: &Head) -> Mapping {
    let mut mapping = Mapping::new(source.kind());
    mapping.encoding = head.encoding;
    head.stem().clone_into(&mut mapping.name);
    mapping
}

/// Reads a JSON file by the shape of its mapping.
pub fn read(
    input: &mut dyn std::io::BufRead,
    mapping: &Mapping,
    sink: &mut dyn Sink,
    each: &mut pieces::Each<'_>,
) -> Result<(), Stop> {
    pieces::read(input, mapping.shape.unwrap_or_default(), mapping.list.as_deref(), sink, each)
}

/// An object of named values, without those that are not there.
pub fn object(entries: Vec<(&str, Option<Json>)>) -> Json {
    Json::Map(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

/// The value at a name, as its own.
pub fn at(json: &Json, name: &str) -> Option<Json> {
    rows::find(json, name).filter(|value| !rows::is_blank(value)).cloned()
}

/// The text at a name; numbers as they are written.
pub fn text_at(json: &Json, name: &str) -> Option<String> {
    rows::find(json, name).filter(|value| !rows::is_blank(value)).map(rows::shown)
}

/// A list of scalars in a row is one column, so that names of people do not become columns.
pub fn is_scalar(json: &Json) -> bool {
    !matches!(json, Json::List(_) | Json::Map(_))
}

/// Roles of which a file has one column.
const SINGLE: [&str; 15] = [
    "conversation",
    "who",
    "text",
    "intent",
    "confidence",
    "sentiment",
    "frustration",
    "channel",
    "time",
    "t",
    "entities",
    "signals",
    "call",
    "inputs",
    "status",
];

/// Proposes columns by their names and values, then what speakers and dates are.
pub fn guess(source: &dyn Source, head: &Head, mapping: &mut Mapping) {
    let survey = survey::of(source, head, mapping);
    let mut taken: Vec<String> = mapping.columns.iter().map(|column| column.to.clone()).collect();
    let rank = |column: &ColumnSeen| speakers::rank(&column.from);
    let mut order: Vec<&ColumnSeen> = survey.columns.iter().filter(|column| column.count > 0).collect();
    order.sort_by_key(|column| rank(column));
    let mut chosen: Vec<(&str, &'static str)> = Vec::new();
    for column in order {
        let Some(role) = speakers::role(&column.from).filter(|role| fits(role, column)) else { continue };
        let single = SINGLE.contains(&role) || role.contains('.');
        if single && taken.iter().any(|known| known == role) {
            continue;
        }
        taken.push(role.to_owned());
        chosen.push((&column.from, role));
    }
    if mapping.rows.is_some()
        && !taken.iter().any(|role| role == "conversation")
        && let Some(id) =
            survey.columns.iter().find(|column| ["id", "_id", "uuid", "key"].contains(&column.from.as_str()))
    {
        chosen.push((&id.from, "conversation"));
    }
    if !taken.iter().any(|role| role == "text")
        && let Some(column) = wordy(&survey, &chosen)
    {
        chosen.push((&column.from, "text"));
    }
    for column in &survey.columns {
        let known = mapping.columns.iter().any(|known| known.from == column.from);
        if let (false, Some((from, role))) = (known, chosen.iter().find(|(from, _)| *from == column.from)) {
            let kept = speakers::kept(from, role, &column.values);
            mapping.columns.push(Column { from: (*from).to_owned(), to: (*role).to_owned(), kept });
        }
    }
    let has = |to: &str| mapping.columns.iter().any(|column| column.to == to);
    mapping.together = mapping.rows.is_none() && has("who") && !has("conversation");
    labels(&survey, mapping);
    people(source, head, mapping);
    moments(&survey, mapping);
}

/// Whether values of a column can be what its name says.
fn fits(role: &str, column: &ColumnSeen) -> bool {
    let distinct = || {
        let mut shown: Vec<String> = column.values.iter().map(rows::shown).collect();
        shown.sort_unstable();
        shown.dedup();
        shown
    };
    let most =
        |good: &dyn Fn(&Json) -> bool| column.values.iter().filter(|v| good(v)).count() * 2 >= column.values.len();
    match role {
        "who" => distinct().len() <= 12 || distinct().iter().any(|value| speakers::speaker(value) != Means::Report),
        "time" => column.values.iter().any(|value| {
            let text = rows::shown(value);
            [crate::import::DateOrder::Dmy, crate::import::DateOrder::Mdy]
                .iter()
                .any(|o| dates::moment(&text, *o, 0).is_some())
        }),
        "t" | "confidence" => most(&|value| crate::import::fields::number(value, false).is_some()),
        "sentiment" => most(&|value| crate::import::fields::sentiment(value, false).is_some()),
        "request" | "expect.handoff" => column.values.iter().all(|value| crate::import::fields::truth(value).is_some()),
        "text" | "intent" | "conversation" => column.values.iter().all(is_scalar),
        "customer" | "labels" | "signals" | "entities" => {
            column.values.iter().all(|v| crate::import::fields::named(v).is_some())
        }
        _ => true,
    }
}

/// The column with the longest words that nobody knows.
fn wordy<'s>(survey: &'s Survey, chosen: &[(&str, &str)]) -> Option<&'s ColumnSeen> {
    let length = |column: &ColumnSeen| {
        let texts: Vec<&str> = column.values.iter().filter_map(Json::as_text).collect();
        let spaced = texts.iter().filter(|text| text.trim().contains(' ')).count();
        let sum: usize = texts.iter().map(|text| text.chars().count()).sum();
        if spaced * 2 < texts.len() || texts.is_empty() { 0 } else { sum / texts.len() }
    };
    let free = survey.columns.iter().filter(|column| chosen.iter().all(|(from, _)| *from != column.from));
    free.max_by_key(|column| length(column)).filter(|column| length(column) >= 8)
}

/// What nobody knows says something of the whole conversation, unless rows of one conversation could differ in it.
fn labels(survey: &Survey, mapping: &mut Mapping) {
    let grouped = mapping.columns.iter().any(|column| column.to == "conversation");
    for column in &survey.columns {
        let known = mapping.columns.iter().any(|c| c.from == column.from);
        let of_row = column.from.contains("[].") || mapping.together || (mapping.rows.is_none() && grouped);
        let plain = column.values.iter().all(is_scalar);
        let long = column.values.iter().any(|value| rows::shown(value).chars().count() > 200);
        if known || of_row || !plain || long || column.count == 0 {
            continue;
        }
        let ours = ["labels.", "customer."].iter().any(|group| column.from.starts_with(group));
        let to = if ours { column.from.clone() } else { format!("labels.{}", column.from) };
        let kept = speakers::kept(&column.from, &to, &column.values);
        mapping.columns.push(Column { from: column.from.clone(), to, kept });
    }
}

/// What the speakers are, by their names.
pub fn people(source: &dyn Source, head: &Head, mapping: &mut Mapping) {
    let survey = survey::of(source, head, mapping);
    if !mapping.columns.iter().any(|column| column.to == "who") {
        mapping.others = Means::User;
        return;
    }
    for speaker in &survey.speakers {
        if !mapping.who.contains_key(&speaker.value) && mapping.who.len() < 40 {
            mapping.who.insert(speaker.value.clone(), speakers::speaker(&speaker.value));
        }
    }
    // Where nobody else answers, "system" is the bot.
    let answers = mapping.who.values().any(|means| [Means::Bot, Means::Agent, Means::Report].contains(means));
    if let (false, Some(system)) =
        (answers, mapping.who.keys().find(|name| name.eq_ignore_ascii_case("system")).cloned())
    {
        mapping.who.insert(system, Means::Bot);
    }
    requests(&survey, mapping);
}

/// Calls that ask for a person.
pub fn requests(survey: &Survey, mapping: &mut Mapping) {
    for call in survey.calls.iter().filter(|call| speakers::is_request(&call.value)) {
        mapping.calls.entry(call.value.clone()).or_insert(crate::import::WhatCall::Request);
    }
}

/// The order of dates, by the values of the columns of moments.
pub fn moments(survey: &Survey, mapping: &mut Mapping) {
    let is_moment = |column: &&Column| column.to == "time" || column.to == "start";
    let texts: Vec<String> = mapping
        .columns
        .iter()
        .filter(is_moment)
        .filter_map(|column| survey.column(&column.from))
        .flat_map(|column| column.values.iter().map(rows::shown))
        .collect();
    mapping.dated(texts.iter().map(String::as_str));
}

/// A column of a mapping.
pub fn column(from: &str, to: &str) -> Column {
    Column { from: from.to_owned(), to: to.to_owned(), kept: Kept::Plain }
}
