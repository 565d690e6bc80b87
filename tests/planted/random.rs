//! Flows with guards drawn by lot: whatever their fixes take away, the flow does the same afterwards.

use std::fmt::Write;

use flow_check::{fix_all, valid};
use flow_handoff::Keys;
use flow_model::document::{self, Document};
use flow_model::problem::Severity;
use flow_model::tree::compact;
use flow_run::program::Program;
use flow_run::replay::{Line, Replay};
use serde_json::{Value, json};

use super::fixes::{check, errors};

const FLOWS: u64 = 250;

/// Numbers drawn by lot, the same on every machine.
struct Lot(u64);

impl Lot {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }

    fn of<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.below(list.len())]
    }
}

const GUARDS: [&str; 16] = [
    "confidence < 0.5",
    "confidence < 0.8",
    "confidence >= 0.5",
    "!(confidence < 0.8)",
    "confidence < 0.3 && confidence > 0.7",
    "intent == \"fee\"",
    "intent in [\"fee\", \"cancel\"]",
    "intent != \"fee\"",
    "!(intent == \"fee\")",
    "turn > 1",
    "turn > 2 && turn < 2",
    "turn >= 0",
    "nlu.ok || !nlu.ok",
    "has(sentiment)",
    "!has(sentiment)",
    "sentiment < 0",
];

fn rows(lot: &mut Lot, most: usize, to: &[&str]) -> Vec<Value> {
    (0..lot.below(most + 1)).map(|_| json!({ "when": lot.of(&GUARDS), "to": lot.of(to) })).collect()
}

fn flow(lot: &mut Lot) -> Value {
    let (cards, all) = (["again", "sorry", "other"], ["again", "sorry", "other", "h", "choice"]);
    let mut main = json!({ "kind": "listen", "branches": rows(lot, 5, &all) });
    let mut choice = json!({ "kind": "decision", "branches": rows(lot, 4, &["again", "sorry", "h"]) });
    if lot.below(4) > 0 {
        main["else"] = json!("sorry");
    }
    if lot.below(4) > 0 {
        choice["else"] = json!("other");
    }
    let (turns, overflow) = (rows(lot, 3, &cards), rows(lot, 3, &cards));
    let mut names = serde_json::Map::new();
    for (port, rows) in [("main.branches", &main["branches"]), ("choice.branches", &choice["branches"])] {
        for (i, row) in rows.as_array().unwrap().iter().enumerate() {
            if row["to"] == "h" && lot.below(3) > 0 {
                names.insert(format!("{port}[{i}]"), json!(format!("reason_{}", names.len())));
            }
        }
    }
    let mut triggers = serde_json::Map::new();
    for i in 0..lot.below(4) {
        let mut trigger = json!({ "when": lot.of(&GUARDS), "to": lot.of(&["h", "again"]) });
        for name in ["one", "two"] {
            if lot.below(2) > 0 {
                trigger["because"][name] = json!({ "when": lot.of(&GUARDS), "title": name });
            }
        }
        triggers.insert(format!("t{i}"), trigger);
    }
    let end = |outcome: &str| json!({ "kind": "end", "outcome": outcome });
    let say = |text: &str| json!({ "kind": "message", "text": text, "next": "main" });
    let handoff = json!({ "kind": "handoff", "context": "c", "tier": "t", "reasons": names, "say": "One moment, please.",
        "waiting": { "turns": turns }, "overflow": overflow,
        "resumed": "other", "resolved": "done", "timeout": "gone", "closed": "gone", "failed": "gone" });
    json!({ "format": "handoff-flow/1", "id": "drawn",
        "intents": { "fee": { "examples": ["a fee"] }, "cancel": { "examples": ["never mind"] } },
        "tiers": { "t": { "title": "Desk" } },
        "contexts": { "c": { "summary": "{reasons}", "fields": { "why": { "from": "handoff.reasons" } } } },
        "triggers": triggers,
        "nodes": { "start": { "kind": "start", "next": "main" }, "main": main, "choice": choice,
            "again": say("Once more."), "sorry": say("Sorry?"), "other": say("Anything else?"), "h": handoff,
            "done": end("resolved"), "gone": end("unserved") } })
}

fn conversations(lot: &mut Lot) -> String {
    let mut lines = String::new();
    for id in 0..40 {
        let mut turns = Vec::new();
        for _ in 0..1 + lot.below(5) {
            let mut turn = json!({ "who": "user", "text": "hm", "intent": lot.of(&["fee", "cancel", "none"]) });
            if lot.below(3) > 0 {
                turn["confidence"] = json!(f64::from(u8::try_from(lot.below(11)).unwrap()) / 10.0);
            }
            turn["sentiment"] = if lot.below(2) > 0 { json!(-0.5) } else { Value::Null };
            turns.push(turn);
            match lot.below(6) {
                0 => turns.push(json!({ "agent": "resumed" })),
                1 => turns.push(json!({ "queue": "t", "wait": 400 })),
                _ => {}
            }
        }
        writeln!(lines, "{}", json!({ "id": format!("c{id}"), "turns": turns })).unwrap();
    }
    lines
}

/// What a flow does in conversations, without the names of its ports; nothing where it is not valid.
pub fn deeds(document: &Document, conversations: &str) -> Option<Vec<String>> {
    let program = Program::new(&valid(document, &|_| None).ok()?);
    let keys = Keys::default();
    let mut replay = Replay::new(&program, &keys, None).with_each();
    let lines = conversations.lines().zip(1..).map(|(text, number)| match replay.line(text, number) {
        Line::Replayed(done) => compact(&done.each.unwrap()),
        _ => String::new(),
    });
    Some(lines.collect())
}

#[test]
fn fixes_keep_their_promise_in_flows_drawn_by_lot() {
    let (mut fixed, mut compared) = (0, 0);
    for seed in 1..=FLOWS {
        let mut lot = Lot(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let text = flow(&mut lot).to_string();
        let talk = conversations(&mut lot);
        let mut document = document::read(&text).unwrap();
        let before = check(&document);
        let was = deeds(&document, &talk);
        let (applied, after) = fix_all(&mut document, before.clone(), &check);
        let new: Vec<_> = errors(&after).difference(&errors(&before)).cloned().collect();
        let told: Vec<_> = applied.iter().map(|p| format!("{} {}", p.code, p.path)).collect();
        assert!(new.is_empty(), "flow {seed}: new errors {new:?} by {told:?}\n{text}");
        assert!(after.iter().all(|p| p.fix.is_none()), "flow {seed}: a fix is left after {told:?}\n{text}");
        let (again, _) = fix_all(&mut document, after.clone(), &check);
        assert!(again.is_empty(), "flow {seed}: a second run changes something\n{text}");
        let is = deeds(&document, &talk);
        if let (Some(was), Some(is)) = (&was, &is) {
            compared += usize::from(!applied.is_empty());
            assert_eq!(was, is, "flow {seed}: the flow does something else after {told:?}\n{text}");
        }
        let broken = after.iter().any(|p| p.severity == Severity::Error && p.code == "unknown-name");
        assert!(!broken && was.is_some() == is.is_some(), "flow {seed}: no flow is left\n{text}");
        fixed += applied.len();
    }
    assert!(fixed > 400 && compared > 100, "{fixed} fixes, {compared} flows compared");
}
