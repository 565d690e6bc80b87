//! How long it takes from a changed signal to the new preview, as the window asks for it: `cargo bench -p flow-api`.
//!
//! A conversation of 50 customer turns that reaches a person at its end, in each shipped flow; every run changes one signal
//! of one turn. Beside it the answer to why the last turn led to a person, and the recognisers over hostile texts.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement reads the clock"
)]

use std::hint::black_box;
use std::time::Instant;

use flow_api::handoff::recognise::recognise;
use flow_api::{Config, Studio};
use serde_json::{Value, json};

const TURNS: usize = 50;
const RUNS: usize = 200;
const FLOWS: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

/// Customers who say something that most flows only listen to, and at last ask for a person.
fn conversation(confidence: f64) -> Value {
    let turn = |at: usize| {
        let text =
            format!("Number {at}: I was wondering about the order TX-9988{at:04}, it is not what I expected at all.");
        let sure = if at == TURNS / 2 { confidence } else { 0.9 };
        let intent = if at == TURNS { json!("request_human") } else { Value::Null };
        json!({ "who": "user", "text": text, "intent": intent, "confidence": sure, "sentiment": 0.1 })
    };
    json!({ "id": "long", "customer": { "id": "c-1" }, "turns": (1..=TURNS).map(turn).collect::<Vec<_>>() })
}

fn told(what: &str, seconds: &mut [f64]) {
    seconds.sort_by(f64::total_cmp);
    let at = |part: usize| seconds[(seconds.len() - 1) * part / 100] * 1e3;
    println!("{what:<44} median {:>8.2} ms  95th {:>8.2} ms  slowest {:>8.2} ms", at(50), at(95), at(100));
}

fn timed<T>(act: impl FnOnce() -> T) -> (f64, T) {
    let begin = Instant::now();
    let made = black_box(act());
    (begin.elapsed().as_secs_f64(), made)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::new(Config { data: folder.path().join("data"), keys: flow_api::keys::Keyring::none() });
    for name in FLOWS {
        let opened = studio.call("doc.open", json!({ "template": name })).unwrap();
        let doc = &opened["doc"];
        let mut all = Vec::new();
        let mut handoffs = 0;
        for run in 0..RUNS {
            let changed = conversation((run % 100) as f64 / 100.0);
            let params = json!({ "doc": doc, "conversation": changed });
            let (seconds, preview) = timed(|| studio.call("preview.run", params).unwrap());
            handoffs += preview["handoffs"].as_array().unwrap().len();
            all.push(seconds);
        }
        told(&format!("{name}, {:.1} requests a run", handoffs as f64 / RUNS as f64), &mut all);
        let params = json!({ "doc": doc, "conversation": conversation(0.9), "turn": TURNS });
        let (seconds, answer) = timed(|| studio.call("preview.why_not", params).unwrap());
        println!("    why not, {} changes run: {:.2} ms", answer["tried"], seconds * 1e3);
    }
    let size = 10_000_000;
    for piece in [
        "I was charged twice for order TX-99881234. ",
        "4111 ",
        "1 ",
        "a@",
        "eyJ.",
        "password is ",
        "cvv 12 ",
        "+1(",
        "é",
    ] {
        let text = piece.repeat(size / piece.len());
        let mut all: Vec<f64> = (0..3).map(|_| timed(|| recognise(&text, "")).0).collect();
        told(&format!("10 MB of {piece:?}"), &mut all);
    }
}
