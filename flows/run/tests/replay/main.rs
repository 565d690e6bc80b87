//! Replays of a corpus: any number of threads tells the same, and the same as one conversation after the other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

mod moved;
mod random;
mod small;

use std::convert::Infallible;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::Keys;
use flow_model::document;
use flow_model::tree::{Json, compact};
use flow_predict::Matcher;
use flow_run::program::Program;
use flow_run::replay::stream::{Far, Hear, Job, Summed, Told, stream};
use flow_run::replay::{Each, Line, Reader, Replay, Said, Whole};

const TEMPLATES: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn flow(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("flows/templates/{name}.flow.json"))).unwrap()
}

fn checked(text: &str) -> Checked {
    flow_check::valid(&document::read(text).unwrap(), &|_| None).unwrap()
}

fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(format!("flows/templates/{name}.conversations.jsonl"))).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Writes down everything that is told.
struct Ear<S> {
    told: Vec<(u64, String)>,
    say: fn(&S) -> String,
    stop_after: usize,
    blocks: usize,
}

impl<S> Hear<S> for Ear<S> {
    fn told(&mut self, _: usize, line: u64, told: Told<S>) {
        let words = match told {
            Told::Unread(why) => why.to_string(),
            Told::Repeated(id) => format!("repeated {id}"),
            Told::Note(id, at, why) => format!("{id} {at} {why}"),
            Told::Said(said) => (self.say)(&said),
        };
        self.told.push((line, words));
    }

    fn far(&mut self, _: Far) -> bool {
        self.blocks += 1;
        self.blocks < self.stop_after
    }
}

type Heard = Vec<(u64, String)>;

fn streamed<J: Job>(job: &J, threads: usize, bytes: &[u8], say: fn(&J::Said) -> String) -> (Summed<J::Desk>, Heard) {
    let mut reader = Reader::new(bytes, 0).in_pieces_of(4096).wanting(job.wants());
    let mut ear = Ear { told: Vec::new(), say, stop_after: usize::MAX, blocks: 0 };
    let next = &mut || Ok::<_, Infallible>(reader.block().unwrap());
    let summed = stream(job, threads, next, &mut ear).unwrap();
    (summed, ear.told)
}

fn said(said: &Said) -> String {
    format!("{} {:?} {}", said.id, said.faults, said.each.as_deref().unwrap_or(""))
}

/// A corpus of several blocks: every conversation many times under other ids, with repeated ids far apart, lines that are
/// broken, empty or no text, and elements that are not understood.
fn corpus(name: &str) -> Vec<u8> {
    let lines = lines(name);
    let mut bytes = Vec::from(&b"\xef\xbb\xbf"[..]);
    for round in 0..4 {
        for (i, line) in lines.iter().enumerate() {
            let id = line.replacen("\"id\":\"", &format!("\"id\":\"{round}-"), 1);
            let id = id.replacen("\"id\": \"", &format!("\"id\": \"{round}-"), 1);
            bytes.extend_from_slice(match (round * 7 + i) % 11 {
                0 => line.as_bytes(),
                1 => &id.as_bytes()[..id.len() / 2],
                2 => b"\xff\xfe broken",
                3 => b"   ",
                _ => id.as_bytes(),
            });
            bytes.extend_from_slice(if i % 5 == 0 { b"\r\n" } else { b"\n" });
        }
        let _ = writeln!(Text(&mut bytes), r#"{{"id":"odd-{round}","turns":[{{"what":1}},{{"clock":-1}}]}}"#);
    }
    bytes
}

struct Text<'a>(&'a mut Vec<u8>);

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[test]
fn f84_any_number_of_threads_tells_the_same() {
    for name in TEMPLATES {
        let checked = checked(&flow(name));
        let program = Program::new(&checked);
        let matcher = Matcher::new(checked.flow());
        let fill = |conversation: &mut Conversation| drop(flow_predict::fill(conversation, &matcher));
        let keys = Keys::default();
        let bytes = corpus(name);
        for each in [Each::Json, Each::No] {
            let job = Whole { program: &program, keys: &keys, fill: Some(&fill), each };
            let told = |threads| {
                let (summed, told) = streamed(&job, threads, &bytes, said);
                (compact(&Json::Map(summed.totals(&program).summary(&[]))), told)
            };
            let one = told(1);
            for threads in [2, 3, 8] {
                assert_eq!(told(threads), one, "{name} with {threads} threads");
            }
        }
    }
}

#[test]
fn a_stream_tells_what_one_line_after_the_other_does() {
    for name in TEMPLATES {
        let checked = checked(&flow(name));
        let program = Program::new(&checked);
        let keys = Keys::default();
        let bytes = corpus(name);
        let job = Whole { program: &program, keys: &keys, fill: None, each: Each::Json };
        let (summed, told) = streamed(&job, 2, &bytes, said);
        let mut replay = Replay::new(&program, &keys, None).with_each();
        let mut expected = Vec::new();
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
        for (number, line) in (1..).zip(text.split(|b| *b == b'\n')) {
            let Ok(line) = std::str::from_utf8(line) else {
                expected.push((number, "it is not UTF-8 text".to_owned()));
                continue;
            };
            match replay.line(line.strip_suffix('\r').unwrap_or(line), number) {
                Line::Blank => {}
                Line::Unreadable(why) => expected.push((number, why.to_string())),
                Line::Repeated(id) => expected.push((number, format!("repeated {id}"))),
                Line::Replayed(r) => {
                    expected.extend(r.notes.iter().map(|(at, why)| (number, format!("{} {at} {why}", r.id))));
                    let each = r.each.as_ref().map(compact).unwrap();
                    expected.push((number, format!("{} {:?} {each}", r.id, r.faults)));
                }
            }
        }
        assert_eq!(told, expected, "{name}");
        let failed: Vec<String> = Vec::new();
        let totals = summed.totals(&program).summary(&failed);
        for ((key, one), (_, two)) in totals.iter().zip(replay.summary()).filter(|((key, _), _)| key != "expect") {
            assert_eq!(compact(one), compact(&two), "{name}: {key}");
        }
        // Without a line each, conversations that a flow cannot tell apart are run once.
        let job = Whole { each: Each::No, ..job };
        let (summed, _) = streamed(&job, 2, &bytes, said);
        assert_eq!(compact(&Json::Map(summed.totals(&program).summary(&[]))), compact(&Json::Map(totals)), "{name}");
    }
}

#[test]
fn a_stream_stops_when_it_is_told_to() {
    let checked = checked(&flow(TEMPLATES[0]));
    let program = Program::new(&checked);
    let keys = Keys::default();
    let job = Whole { program: &program, keys: &keys, fill: None, each: Each::No };
    let bytes = corpus(TEMPLATES[0]);
    for threads in [1, 3] {
        let mut reader = Reader::new(bytes.as_slice(), 0).in_pieces_of(4096);
        let mut ear = Ear { told: Vec::new(), say: said, stop_after: 2, blocks: 0 };
        let next = &mut || Ok::<_, Infallible>(reader.block().unwrap());
        let summed = stream(&job, threads, next, &mut ear).unwrap();
        assert!(summed.stopped);
        assert_eq!(ear.blocks, 2);
    }
}

#[test]
fn a_source_that_fails_ends_the_replay() {
    let checked = checked(&flow(TEMPLATES[0]));
    let program = Program::new(&checked);
    let keys = Keys::default();
    let job = Whole { program: &program, keys: &keys, fill: None, each: Each::No };
    for threads in [1, 2] {
        let mut ear = Ear { told: Vec::new(), say: said, stop_after: usize::MAX, blocks: 0 };
        let result = stream(&job, threads, &mut || Err("gone"), &mut ear);
        assert!(matches!(result, Err("gone")));
    }
}
