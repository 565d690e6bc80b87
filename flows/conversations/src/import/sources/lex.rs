//! Test sets of Amazon Lex V2: a table of utterances with the intent and slots that should come out. Columns by the
//! developer guide, "Creating a test set from a CSV file for Test Workbench" (read 2026-11-22).

use std::io::BufRead;

use flow_model::tree::Json;

use super::common;
use super::csv::rows;
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Sink, Source, Stop, csv, survey};

/// Test sets of Amazon Lex V2.
pub struct Lex;

/// The columns that every test set has, under either of their names.
const NEEDED: [&[&str]; 3] =
    [&["Source", "Conversation Participant"], &["Input", "Expected Transcription"], &["Expected Output Intent"]];

impl Source for Lex {
    fn kind(&self) -> &'static str {
        "lex-test-set"
    }

    fn title(&self) -> &'static str {
        "Amazon Lex test set (CSV)"
    }

    fn about(&self) -> &'static str {
        "Test sets for the Test Workbench: utterances with the intent and slots (`Name = value`) that should come out. Rows without a conversation number stand alone."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let first = head.text.lines().find(|line| !line.trim().is_empty())?;
        let has = |names: &&[&str]| names.iter().any(|name| first.contains(name));
        let all = NEEDED.iter().all(has);
        all.then(|| (96, "its columns are Source, Input and Expected Output Intent of a Lex test set".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        mapping.delimiter = csv::delimiter(&head.text).map(|(delimiter, _)| delimiter);
        let seen = survey::of(self, head, &mapping);
        for column in &seen.columns {
            let to = match column.from.as_str() {
                "Conversation #" | "Conversation Number" => "conversation",
                "Source" | "Conversation Participant" => "who",
                "Input" | "Expected Transcription" => "text",
                "Expected Output Intent" => "intent",
                "Line #" | "Line Number" => "ignore",
                name if name.contains("Expected Output Slot") => "entities",
                _ => continue,
            };
            mapping.columns.push(common::column(&column.from, to));
        }
        mapping.hears(&[("User", Means::User), ("Agent", Means::Bot)])
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        let prompt = |row: &Json| {
            let source = row.get("Source").or_else(|| row.get("Conversation Participant"));
            source.and_then(Json::as_text).is_some_and(|who| who.trim().eq_ignore_ascii_case("agent"))
        };
        rows(input, mapping, sink, &mut |line, mut row, sink| {
            // An empty number, "-" and "N/A" say that an utterance stands alone; a number is one within this file.
            for column in ["Conversation #", "Conversation Number"] {
                if let Some(Json::Text(number)) = row.get(column).cloned() {
                    let number = number.trim();
                    let alone = ["", "-", "N/A", "n/a", "NA"].contains(&number);
                    let id = if alone { String::new() } else { format!("{}/{number}", mapping.name) };
                    row.set(column, Json::Text(id));
                }
            }
            if prompt(&row) {
                // A prompt repeats the intent of its conversation, which nobody said.
                row.set("Expected Output Intent", Json::text(""));
            }
            sink.record(Record { line, head: row, rows: None })
        })
    }
}
