//! A fuzz smoke: the shipped flows and conversations, damaged at random, through everything that reads them. Nothing may
//! panic, what is written must be read back the same, and a flow that passes validity must run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use flow_api::handoff::Keys;
use flow_api::model::tree::Json;
use flow_api::model::{canonical, diff, document, flow};
use flow_api::run::program::Program;
use flow_api::run::replay::Replay;
use flow_api::templates::TEMPLATES;

use crate::say;

pub mod imports;

/// Samples that are run whatever the time.
pub const FLOOR: u64 = 200;

/// Bits of the language, put where they do not belong.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e9",
    "0.1234567891",
    "\\u0000",
    "\\ud800",
    "💬",
    "{x}",
    "{{",
    "&&",
    "||",
    "!",
    "(",
    ")",
    " in ",
    "has(",
    "const.",
    "slots.",
    "queue.",
    "\"*\"",
    "\"\"",
    "\u{202e}",
    "group:",
    "99999999999999999999",
];

struct Random(u64);

impl Random {
    /// xorshift64*
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }
}

/// Runs for so many seconds and at least so many samples, from a seed on; `what` is how a sample is asked for again.
pub fn run(
    seconds: u64,
    floor: u64,
    seed: u64,
    what: &str,
    one: impl Fn(u64) -> Result<(), String>,
) -> std::io::Result<bool> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut passed, mut failed) = (0_u64, 0_u64);
    std::panic::set_hook(Box::new(|_| {}));
    while passed + failed < floor || Instant::now() < until {
        let sample = seed.wrapping_add(passed + failed);
        let outcome = catch_unwind(AssertUnwindSafe(|| one(sample)));
        let fault = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some(fault),
            Err(panic) => Some(format!("it panicked: {}", words(panic.as_ref()))),
        };
        match fault {
            None => passed += 1,
            Some(fault) => {
                failed += 1;
                say(&format!("sample {sample}: {fault} (xtask fuzz{what} --seconds 0 --seed {sample})"));
            }
        }
    }
    let _ = std::panic::take_hook();
    say(&format!("{passed} passed, {failed} failed"));
    Ok(failed == 0)
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}

/// One damaged flow with its conversations.
pub fn one(sample: u64) -> Result<(), String> {
    let mut random = Random(sample.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let template = &TEMPLATES[random.below(TEMPLATES.len())];
    let text = if random.below(4) == 0 { template.text.to_owned() } else { damaged(template.text, &mut random) };
    let Ok(mut read) = document::read(&text) else { return Ok(()) };
    if random.below(2) == 0 {
        reshaped(&mut read.tree, &mut random);
        read.flow = flow::read(&read.tree);
    }
    let written = canonical::text(&read.tree);
    let again = match document::read(&written) {
        Ok(again) => again,
        // The damage may have hit what makes it a flow document.
        Err(problems) if problems.iter().all(|p| matches!(p.code, "wrong-format" | "too-new")) => return Ok(()),
        Err(_) => return Err("what was written cannot be read".to_owned()),
    };
    if canonical::text(&again.tree) != written {
        return Err("writing twice differs".to_owned());
    }
    let _ = flow_api::check::check(&read, &|_| None);
    for platform in flow_api::export::CAPABILITIES {
        let _ = flow_api::export::findings(&read.flow, &read.tree, platform);
    }
    let Ok(checked) = flow_api::check::valid(&read, &|_| None) else { return Ok(()) };
    let program = Program::new(&checked);
    let keys = Keys::default();
    let mut replay = Replay::new(&program, &keys, None).with_each();
    for (number, line) in (1_u64..).zip(template.conversations.lines()) {
        let line = if random.below(2) == 0 { damaged(line, &mut random) } else { line.to_owned() };
        replay.line(&line, number);
    }
    let _ = replay.summary();
    for platform in flow_api::export::PLATFORMS {
        let _ = platform.write(&checked, &[]);
    }
    Ok(())
}

/// A text with a few bytes cut, doubled, swapped or put in.
fn damaged(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(chars.len());
        let to = (at + 1 + random.below(20)).min(chars.len());
        match random.below(4) {
            0 => drop(chars.drain(at..to)),
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let piece: Vec<char> = chars[at..to].to_vec();
                chars.splice(at..at, piece);
            }
            _ => {
                let other = random.below(chars.len());
                if at < chars.len() && other < chars.len() {
                    chars.swap(at, other);
                }
            }
        }
        if chars.is_empty() {
            break;
        }
    }
    chars.into_iter().collect()
}

/// A tree with an entry removed, doubled or replaced, and the way back checked.
fn reshaped(tree: &mut Json, random: &mut Random) {
    let mut path = Vec::new();
    let mut here = &*tree;
    for _ in 0..=random.below(5) {
        match here {
            Json::Map(map) if !map.is_empty() => {
                let (key, value) = &map[random.below(map.len())];
                path.push(key.clone());
                here = value;
            }
            Json::List(items) if !items.is_empty() => {
                let at = random.below(items.len());
                path.push(at.to_string());
                here = &items[at];
            }
            _ => break,
        }
    }
    let values = [Json::Null, Json::Bool(true), Json::int(-3), Json::text("x"), Json::map(), Json::List(Vec::new())];
    let op = if random.below(3) == 0 {
        diff::Op::Remove { path }
    } else {
        diff::Op::Set { path, value: values[random.below(values.len())].clone(), at: None }
    };
    let before = tree.clone();
    if let Ok(back) = diff::apply(tree, &[op]) {
        let mut undone = tree.clone();
        assert!(diff::apply(&mut undone, &back).is_ok() && undone == before, "a change cannot be undone");
    }
}
