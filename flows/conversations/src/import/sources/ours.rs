//! Conversations in the studio's own format: read line by line, and each told what is not understood in it.

use std::io::BufRead;

use flow_model::tree::Json;

use super::common;
use crate::import::{Head, Mapping, Note, Shape, Sink, Source, Stop};

/// The studio's own conversations.
pub struct Ours;

impl Source for Ours {
    fn kind(&self) -> &'static str {
        "conversations"
    }

    fn title(&self) -> &'static str {
        "Handoff Studio conversations"
    }

    fn about(&self) -> &'static str {
        "Lines in the studio's own format (`docs/format.md`). Nothing is mapped: each line is checked and kept as it is, and a repeated id gets a number behind it."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let values = common::first(head, Shape::Lines, None, 5);
        let good = values.iter().filter(|(_, value)| is_ours(value)).count();
        if good == 0 || good * 2 < values.len() {
            return None;
        }
        let confidence = if head.ends_with(&[".conversations.jsonl"]) { 100 } else { 98 };
        Some((confidence, "each line has an id and turns with the keys of the studio's own format".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        common::base(self, head)
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, _, json, sink| match crate::value(&json) {
            Ok((_, notes)) => {
                for (turn, why) in notes {
                    sink.note(Note::new(
                        line,
                        format!("turns[{turn}]"),
                        format!("{why}; it is kept, and passed over in a run"),
                    ))?;
                }
                sink.ready(line, json)
            }
            Err(fault) => sink.note(Note::new(line, "the line", format!("{fault}; it is left out"))),
        })
    }
}

/// Whether at least one turn says something in the studio's words, and none in those of others.
fn is_ours(value: &Json) -> bool {
    let Ok((conversation, notes)) = crate::value(value) else { return false };
    let turns = conversation.turns.len();
    turns > 0 && notes.len() * 2 <= turns
}
