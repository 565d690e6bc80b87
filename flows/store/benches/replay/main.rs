//! How fast a corpus is replayed, beside how fast sonic-rs deserialises the same lines: `cargo bench -p flow-store`.
//!
//! Both read the same 100,000 lines from memory, on one core, in turns. The structs that sonic-rs fills have the fields of
//! `flow_conversations`, with binary numbers in place of exact ones, which is to its advantage. With `HANDOFF_BIN` the
//! real `handoff replay` is timed too, reading them from a file. `HANDOFF_ONLY` names one of the ways, for a profile of it.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement reads files and the clock"
)]

mod corpus;
mod mirror;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::Keys;
use flow_predict::Matcher;
use flow_run::program::Program;
use flow_run::replay::against::{Against, Change, Side};
use flow_run::replay::stream::{Far, Hear, Job, Told, stream};
use flow_run::replay::{Each, Reader, Said, Whole};

const LINES: usize = 100_000;
const SEED: u64 = 7;
const ROUNDS: usize = 9;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Seconds of one pass with sonic-rs.
fn sonic(lines: &[String]) -> f64 {
    let begin = Instant::now();
    for line in lines {
        black_box(sonic_rs::from_str::<mirror::Conversation>(line).unwrap());
    }
    begin.elapsed().as_secs_f64()
}

/// Seconds of one pass of the reader alone.
fn reader(lines: &[String]) -> f64 {
    let begin = Instant::now();
    for line in lines {
        black_box(flow_conversations::line(line).unwrap());
    }
    begin.elapsed().as_secs_f64()
}

struct Ear;

impl Hear<Said> for Ear {
    fn told(&mut self, _: usize, line: u64, told: Told<Said>) {
        assert!(matches!(told, Told::Said(_)), "line {line}");
    }

    fn far(&mut self, _: Far) -> bool {
        true
    }
}

/// Seconds of one replay.
fn replay(text: &[u8], program: &Program, matcher: &Matcher, threads: usize) -> f64 {
    let fill = |conversation: &mut Conversation| drop(flow_predict::fill_with(conversation, matcher, true));
    let keys = Keys::default();
    let job = Whole { program, keys: &keys, fill: Some(&fill), each: Each::No };
    let begin = Instant::now();
    let mut reader = Reader::new(text, 0).wanting(job.wants());
    let summed = stream(&job, threads, &mut || reader.block(), &mut Ear).unwrap();
    black_box(summed.totals(program).summary(&[]));
    begin.elapsed().as_secs_f64()
}

/// Seconds of one replay of the columns that are kept of a file.
fn columns(folder: &Path, file: &Path, program: &Program, matcher: &Matcher, threads: usize) -> f64 {
    let fill = |conversation: &mut Conversation| drop(flow_predict::fill_with(conversation, matcher, true));
    let keys = Keys::default();
    let job = Whole { program, keys: &keys, fill: Some(&fill), each: Each::No };
    let begin = Instant::now();
    let corpus = flow_store::corpus(folder, file, &|| false).unwrap().unwrap();
    let mut blocks = corpus.blocks(0, &job.wants(), true);
    let summed = stream(&job, threads, &mut || blocks.block(), &mut Ear).unwrap();
    let summary = summed.totals(program).summary(&[]);
    assert_eq!(flow_model::tree::compact(&summary[0].1), LINES.to_string());
    begin.elapsed().as_secs_f64()
}

impl Hear<Box<Change>> for Ear {
    fn told(&mut self, _: usize, line: u64, told: Told<Box<Change>>) {
        assert!(matches!(told, Told::Said(_)), "line {line}");
    }

    fn far(&mut self, _: Far) -> bool {
        true
    }
}

/// Seconds of one replay with two versions, every payload compared, and how many pairs there were.
fn against(text: &[u8], before: &Program, after: &Program, threads: usize) -> (f64, i64) {
    let keys = Keys::default();
    let side = |program| Side { program, fill: None };
    let job = Against { before: side(before), after: side(after), keys: &keys, filled_alike: true };
    let begin = Instant::now();
    let mut reader = Reader::new(text, 0).wanting(job.wants());
    let summed = stream(&job, threads, &mut || reader.block(), &mut Ear).unwrap();
    let pairs = black_box(summed.sums()).compared;
    (begin.elapsed().as_secs_f64(), pairs)
}

/// A flow, and the same with another threshold and a shorter transcript.
fn versions(text: &str) -> [Checked; 2] {
    let other = text
        .replace(r#""unsure": { "value": 0.8,"#, r#""unsure": { "value": 0.4,"#)
        .replace("transcript.last(5)", "transcript.last(4)");
    assert_ne!(text, other);
    [text, &other].map(|text| flow_check::valid(&flow_model::document::read(text).unwrap(), &|_| None).unwrap())
}

/// Seconds of the program, from its start to its end.
fn program(binary: &Path, flow: &Path, file: &Path) -> f64 {
    let begin = Instant::now();
    let mut command = Command::new(binary);
    command.arg("replay").arg(flow).arg(file).arg("--json").stdout(Stdio::null());
    assert!(command.status().unwrap().success());
    begin.elapsed().as_secs_f64()
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

fn told(what: &str, seconds: &mut [f64], bytes: usize, base: f64) {
    let median = median(seconds);
    println!(
        "{what:<28} median {:>6.1} ms  ({:.1} to {:.1})  {:>5.0} MB/s  {:.2} of sonic-rs",
        median * 1e3,
        seconds[0] * 1e3,
        seconds[seconds.len() - 1] * 1e3,
        bytes as f64 / 1e6 / median,
        base / median,
    );
}

fn main() {
    let flow = root().join("flows/templates/banking_fee_dispute.flow.json");
    let source = root().join("tests/oracles/rasa/banking.conversations.jsonl");
    let lines = corpus::repeated(&std::fs::read_to_string(source).unwrap(), LINES, SEED);
    let bytes: usize = lines.iter().map(String::len).sum();
    let document = flow_model::document::read_bytes(&std::fs::read(&flow).unwrap()).unwrap();
    let checked = flow_check::valid(&document, &|_| None).unwrap();
    let compiled = Program::new(&checked);
    let matcher = Matcher::new(checked.flow());
    let file = std::env::temp_dir().join(format!("handoff-bench-{}.conversations.jsonl", std::process::id()));
    let binary = std::env::var_os("HANDOFF_BIN").map(PathBuf::from);
    std::fs::write(&file, lines.join("\n")).unwrap();
    println!("{LINES} conversations, {bytes} bytes, seed {SEED}, {ROUNDS} rounds in turns, one core");
    let text = lines.join("\n").into_bytes();
    let bare: Vec<String> = lines.iter().take(LINES / 10).map(|line| corpus::bare(line)).collect();
    let bare_text = bare.join("\n").into_bytes();
    let folder = tempfile::tempdir().unwrap();
    let only = std::env::var("HANDOFF_ONLY").ok();
    let runs = |what: &str| only.as_ref().is_none_or(|only| only == what);
    let mut times: [Vec<f64>; 7] = Default::default();
    let mut filled: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        if runs("sonic") {
            times[0].push(sonic(&lines));
        }
        if runs("read") {
            times[1].push(reader(&lines));
        }
        if runs("replay") {
            times[2].push(replay(&text, &compiled, &matcher, 1));
        }
        if runs("two") {
            times[3].push(replay(&text, &compiled, &matcher, 2));
        }
        if runs("columns") {
            times[4].push(columns(folder.path(), &file, &compiled, &matcher, 1));
        }
        if runs("columns-two") {
            times[5].push(columns(folder.path(), &file, &compiled, &matcher, 2));
        }
        if runs("filled") {
            filled[0].push(sonic(&bare));
            filled[1].push(replay(&bare_text, &compiled, &matcher, 1));
        }
        if let Some(binary) = &binary {
            times[6].push(program(binary, &flow, &file));
        }
    }
    if runs("against") {
        let own = root().join("flows/templates/banking_fee_dispute.conversations.jsonl");
        let heavy = corpus::repeated(&std::fs::read_to_string(own).unwrap(), LINES, SEED).join("\n").into_bytes();
        let [one, two] = versions(&std::fs::read_to_string(&flow).unwrap());
        let (one, two) = (Program::new(&one), Program::new(&two));
        for threads in [1, 2] {
            let mut rounds: Vec<(f64, i64)> = (0..3).map(|_| against(&heavy, &one, &two, threads)).collect();
            rounds.sort_by(|one, two| one.0.total_cmp(&two.0));
            let (seconds, pairs) = rounds[1];
            println!("two versions, {threads} threads: {:.0} ms, {pairs} pairs of payloads", seconds * 1e3);
        }
    }
    let base = median(&mut times[0]);
    let whats = [
        "sonic-rs deserialises",
        "conversations are read",
        "conversations are replayed",
        "on two threads",
        "replayed from columns",
        "columns on two threads",
        "handoff replay",
    ];
    for (what, seconds) in whats.iter().zip(&mut times) {
        if !seconds.is_empty() {
            told(what, seconds, bytes, base);
        }
    }
    if !filled[0].is_empty() {
        println!("{} conversations that have to be filled, {} bytes, one core", bare.len(), bare_text.len());
        let base = median(&mut filled[0]);
        told("sonic-rs deserialises", &mut filled[0], bare_text.len(), base);
        told("filled and replayed", &mut filled[1], bare_text.len(), base);
    }
    std::fs::remove_file(&file).unwrap();
}
