//! What the start of a file has: columns with examples, and the values that decide who speaks.

use std::io::BufRead;

use flow_model::tree::Json;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::mapping::{Mapping, Means, WhatCall};
use super::role::Role;
use super::rows::{self, Record};
use super::{Head, Note, Sink, Source, Stop};

/// How many rows are looked at.
const ROWS: usize = 5000;
/// How many columns and values are shown.
const SHOWN: usize = 300;
/// How deep keys of objects are columns of their own.
const DEPTH: usize = 3;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSeen {
    /// Its name, as a mapping has it in `from`.
    pub from: String,
    /// How many values were seen.
    pub count: u64,
    /// Values of it, shortened.
    pub examples: Vec<String>,
    /// What the mapping says it means.
    pub to: Vec<String>,
    #[serde(skip)]
    pub(super) values: Vec<Json>,
}

/// A value that decides what a row or a call is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueSeen<M> {
    /// The value.
    pub value: String,
    /// How often it was seen.
    pub count: u64,
    /// Words of such a row.
    pub example: String,
    /// What the mapping says it is.
    pub means: M,
}

/// What the start of a file has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Columns, in the order of the file.
    pub columns: Vec<ColumnSeen>,
    /// Values of the `who` column.
    pub speakers: Vec<ValueSeen<Means>>,
    /// Names of calls.
    pub calls: Vec<ValueSeen<WhatCall>>,
    /// Intents.
    pub intents: Vec<String>,
    /// Rows looked at.
    pub rows: u64,
}

impl Survey {
    /// The column of a name.
    pub(super) fn column(&self, from: &str) -> Option<&ColumnSeen> {
        self.columns.iter().find(|column| column.from == from)
    }
}

/// Looks at the start of a file by a mapping.
pub fn of(source: &dyn Source, head: &Head, mapping: &Mapping) -> Survey {
    let mut seen = Seen::new(mapping);
    let mut input: &mut dyn BufRead = &mut head.text.as_bytes();
    // What is wrong with the file is told when it is read; here it only has to end.
    let _ = source.read(&mut input, mapping, &mut seen);
    seen.survey(mapping)
}

struct Seen {
    columns: Columns,
    prefix: Option<String>,
    found: IndexMap<String, (u64, Vec<Json>)>,
    speakers: IndexMap<String, (u64, String)>,
    calls: IndexMap<String, (u64, String)>,
    intents: Vec<String>,
    rows: usize,
}

impl Seen {
    fn new(mapping: &Mapping) -> Self {
        Self {
            columns: Columns::new(mapping),
            prefix: mapping.rows.as_ref().map(|rows| format!("{rows}[].")),
            found: IndexMap::new(),
            speakers: IndexMap::new(),
            calls: IndexMap::new(),
            intents: Vec::new(),
            rows: 0,
        }
    }

    fn look(&mut self, json: &Json, prefix: &str, depth: usize) {
        for (key, value) in json.entries() {
            let name = format!("{prefix}{key}");
            if depth == 0
                && prefix.is_empty()
                && self.prefix.as_ref().is_some_and(|rows| rows.strip_suffix("[].") == Some(key))
            {
                continue;
            }
            let inner = matches!(value, Json::Map(map) if !map.is_empty());
            // Dots of a key would be read as a path, so such objects stay whole.
            if inner && depth < DEPTH && !key.contains('.') {
                self.look(value, &format!("{name}."), depth + 1);
            } else if self.found.len() < SHOWN || self.found.contains_key(&name) {
                let (count, values) = self.found.entry(name).or_default();
                if !rows::is_blank(value) {
                    *count += 1;
                    if values.len() < 50 {
                        values.push(value.clone());
                    }
                }
            }
        }
    }

    fn row(&mut self, row: &Json) {
        self.rows += 1;
        let prefix = self.prefix.clone().unwrap_or_default();
        self.look(row, &prefix, 0);
        let cells = super::columns::Cells::new(self.columns.of_row(), row);
        let text = short(&cells.text(&Role::Text).unwrap_or_default());
        let who = cells.text(&Role::Who);
        let call = cells.text(&Role::Call);
        let intent = cells.text(&Role::Turn("intent"));
        for (values, value) in [(&mut self.speakers, who), (&mut self.calls, call)] {
            let Some(value) = value.map(|v| v.trim().to_owned()) else { continue };
            if values.len() < SHOWN || values.contains_key(&value) {
                let (count, example) = values.entry(value).or_default();
                *count += 1;
                if example.is_empty() {
                    example.clone_from(&text);
                }
            }
        }
        if let Some(intent) = intent.filter(|intent| !self.intents.contains(intent) && self.intents.len() < SHOWN) {
            self.intents.push(intent);
        }
    }

    fn survey(self, mapping: &Mapping) -> Survey {
        let to = |from: &str| mapping.columns.iter().filter(|c| c.from == from).map(|c| c.to.clone()).collect();
        let columns = self.found.into_iter().map(|(from, (count, values))| ColumnSeen {
            to: to(&from),
            from,
            count,
            examples: examples(&values),
            values,
        });
        let means = |value: &str| {
            let exact = mapping.who.get(value).copied();
            let alike = || mapping.who.iter().find(|(k, _)| k.eq_ignore_ascii_case(value)).map(|(_, means)| *means);
            exact.or_else(alike).unwrap_or(mapping.others)
        };
        let speakers = self.speakers.into_iter();
        let calls = self.calls.into_iter();
        Survey {
            columns: columns.collect(),
            speakers: speakers
                .map(|(value, (count, example))| ValueSeen { means: means(&value), value, count, example })
                .collect(),
            calls: calls
                .map(|(value, (count, example))| ValueSeen { means: mapping.call(&value), value, count, example })
                .collect(),
            intents: self.intents,
            rows: self.rows as u64,
        }
    }
}

/// The first three values that differ.
fn examples(values: &[Json]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values {
        let shown = short(&rows::shown(value));
        if found.len() < 3 && !found.contains(&shown) {
            found.push(shown);
        }
    }
    found
}

fn short(text: &str) -> String {
    const MOST: usize = 80;
    let line: String = text.chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() { line + "…" } else { line }
}

impl Sink for Seen {
    fn record(&mut self, record: Record) -> Result<(), Stop> {
        match &record.rows {
            Some(rows) => {
                self.look(&record.head, "", 0);
                rows.iter().for_each(|(_, row)| self.row(row));
            }
            None => self.row(&record.head),
        }
        if self.rows >= ROWS { Err(Stop::Asked) } else { Ok(()) }
    }

    fn note(&mut self, _: Note) -> Result<(), Stop> {
        Ok(())
    }
}
