//! `replay`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_api::Code;
use flow_api::check::Checked;
use flow_api::keys;
use flow_api::model::tree::{Json, compact};
use flow_api::replays::{self, Each, Heard, How, Input, Progress, SweepWanted, Waiting};

use crate::Done;
use crate::args;
use crate::input;
use crate::output::{Fault, json, line, say};

/// Seconds between two lines that say how far it is.
const OFTEN: f64 = 0.5;

pub(crate) fn run(wanted: &args::Replay) -> Done {
    let sources = std::iter::once(&wanted.flow).chain(&wanted.against).chain(&wanted.files);
    if sources.filter(|path| input::is_standard(path)).count() > 1 {
        return Err(Fault::Wrong("only one of flows and conversations can come from standard input".to_owned()));
    }
    let (_, checked) = input::valid(&wanted.flow, wanted.json)?;
    let other = wanted.against.as_ref().map(|path| input::valid(path, wanted.json)).transpose()?;
    let inputs = inputs(wanted)?;
    let flows: Vec<&Checked> = std::iter::once(&checked).chain(other.as_ref().map(|(_, other)| other)).collect();
    let keys = keys::for_replay(&crate::keys::ring()?, &flows);
    let how = How { fill: !wanted.no_fill, threads: wanted.threads, keys: &keys, cache: wanted.cache.as_deref() };
    let mut output = BufWriter::new(io::stdout().lock());
    let mut closed = false;
    let mut heard = |name: &str, number: u64, heard: Heard<'_>| {
        let told = match heard {
            Heard::Unread(words) => format!("{name}:{number}: {words}"),
            Heard::Fault(id, words) => format!("{name}:{number}: {id}: {words}"),
            Heard::Each(text) => {
                closed |= writeln!(output, "{text}").is_err();
                return !closed;
            }
        };
        say(&told);
        true
    };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst));
    let far = Far::new();
    let mut waiting = Waiting {
        stopped: &|| stop.load(Ordering::SeqCst),
        progress: &|progress| far.told(progress),
        heard: &mut heard,
    };
    let done = verb(wanted, &checked, other.as_ref().map(|(_, other)| other), inputs, how, &mut waiting);
    far.over();
    let done = done.map_err(|error| match error.code {
        Code::Stopped => Fault::FallsShort("stopped before its end".to_owned()),
        _ => error.into(),
    })?;
    if closed || output.flush().is_err() {
        return Err(Fault::Closed);
    }
    drop(output);
    far.nothing(&wanted.files);
    done.print(wanted)
}

fn inputs(wanted: &args::Replay) -> Result<Vec<Input>, Fault> {
    let open = |path: &std::path::PathBuf| {
        if input::is_standard(path) {
            return Ok(Input::Read(path.display().to_string(), Box::new(io::stdin())));
        }
        flow_api::store::open(path).map_err(|error| Fault::Wrong(error.to_string()))?;
        Ok(Input::Path(path.clone()))
    };
    wanted.files.iter().map(open).collect()
}

/// What is printed at the end, and whether all went well.
struct Ended {
    what: What,
    well: bool,
}

enum What {
    Summary(Json),
    Reached(Json),
    Shrunk(Vec<String>, Vec<String>),
    Compared(Json),
    Swept(Json),
}

fn verb(
    wanted: &args::Replay,
    checked: &Checked,
    other: Option<&Checked>,
    inputs: Vec<Input>,
    how: How<'_>,
    waiting: &mut Waiting<'_>,
) -> Result<Ended, flow_api::Error> {
    if let Some(other) = other {
        let compared = replays::against(checked, other, inputs, how, waiting)?;
        return Ok(Ended { well: compared.ran.unread == 0, what: What::Compared(compared.json) });
    }
    if let Some(constant) = &wanted.sweep {
        let range = SweepWanted {
            constant: constant.clone(),
            from: wanted.from.clone(),
            to: wanted.to.clone(),
            steps: wanted.steps,
        };
        let swept = replays::sweep(checked, inputs, how, &range, waiting)?;
        return Ok(Ended { well: swept.ran.unread == 0, what: What::Swept(swept.json) });
    }
    if let Some(what) = &wanted.reaching {
        let (found, ran) = replays::reaching(checked, inputs, how, what, waiting)?;
        return Ok(Ended { well: ran.unread == 0, what: What::Reached(reached(what, &found)) });
    }
    if let Some(id) = &wanted.shrink {
        let id = Some(id.as_str()).filter(|id| !id.is_empty());
        let (made, ran) = replays::shrunk(checked, inputs, how, id, waiting)?;
        let words = |small: &replays::Shrunk| {
            let turns = small.conversation.turns.len();
            format!("{}: {} of {} turns still fail: {}", small.of, turns, small.turns, small.faults.join("; "))
        };
        let told = made.iter().map(words).collect();
        let line = |small: &replays::Shrunk| {
            flow_api::conversations::write(&flow_api::conversations::json(&small.conversation))
        };
        let lines = made.iter().map(line).collect();
        return Ok(Ended { well: ran.unread == 0, what: What::Shrunk(lines, told) });
    }
    let each = match (wanted.each, wanted.json) {
        (false, _) => Each::No,
        (true, true) => Each::Json,
        (true, false) => Each::Words,
    };
    let replayed = replays::replay(checked, inputs, how, each, waiting)?;
    Ok(Ended { well: replayed.ran.unread == 0 && !replayed.fell_short, what: What::Summary(replayed.summary) })
}

fn reached(what: &str, found: &[replays::Found]) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let whole = |n: u64| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
    let list = found.iter().map(|found| {
        Json::Map(vec![
            entry("id", Json::text(&found.id)),
            entry("file", Json::text(&found.file)),
            entry("line", whole(found.line)),
        ])
    });
    Json::Map(vec![
        entry("reaching", Json::text(what)),
        entry("count", whole(found.len() as u64)),
        entry("conversations", Json::List(list.collect())),
    ])
}

impl Ended {
    fn print(self, wanted: &args::Replay) -> Done {
        match &self.what {
            What::Summary(summary) => match (wanted.json, wanted.each) {
                (true, false) => json(summary)?,
                (true, true) => say(&compact(summary)),
                (false, _) => print(summary)?,
            },
            What::Reached(told) if !wanted.json => {
                for found in told.get("conversations").map_or(&[][..], Json::items) {
                    line(found.get("id").and_then(Json::as_text).unwrap_or(""))?;
                }
            }
            What::Shrunk(lines, told) => {
                told.iter().for_each(|words| say(words));
                for text in lines {
                    line(text)?;
                }
            }
            What::Compared(told) if !wanted.json => compared(told)?,
            What::Swept(told) if !wanted.json => swept(told)?,
            What::Reached(told) | What::Compared(told) | What::Swept(told) => json(told)?,
        }
        Ok(self.well)
    }
}

fn print(summary: &Json) -> Result<(), Fault> {
    for (key, value) in summary.entries() {
        if key == "coverage" {
            for (what, counts) in value.entries() {
                let all = counts.entries();
                let reached = all.iter().filter(|(_, n)| compact(n) != "0").count();
                line(&format!("{:<14} {reached} of {} {what}", "coverage", all.len()))?;
            }
            continue;
        }
        line(&format!("{key:<14} {}", compact(value)))?;
    }
    Ok(())
}

fn items<'a>(told: &'a Json, key: &str) -> &'a [Json] {
    told.get(key).map_or(&[], Json::items)
}

fn compared(told: &Json) -> Result<(), Fault> {
    for change in items(told, "changed") {
        line(&compact(change))?;
    }
    for (kind, moved) in told.get("moves").map_or(&[][..], Json::entries) {
        let count = moved.get("count").map_or_else(String::new, compact);
        if count != "0" {
            line(&format!("{kind:<14} {count}"))?;
        }
    }
    for key in ["payload", "slo"] {
        line(&format!("{key:<14} {}", told.get(key).map_or_else(String::new, compact)))?;
    }
    let same = told.get("same").map_or_else(String::new, compact);
    line(&format!("{same} as before, {} changed", items(told, "changed").len()))
}

fn swept(told: &Json) -> Result<(), Fault> {
    let text = |point: &Json, key: &str| point.get(key).map_or_else(String::new, compact);
    line(&format!(
        "{:>12} {:>10} {:>10} {:>10}",
        text(told, "constant").trim_matches('"'),
        "handoffs",
        "missed",
        "needless"
    ))?;
    for point in items(told, "points") {
        let [value, handoffs, missed, needless] =
            ["value", "handoffs", "missed", "needless"].map(|key| text(point, key));
        line(&format!("{value:>12} {handoffs:>10} {missed:>10} {needless:>10}"))?;
    }
    let how = if text(told, "exact") == "true" { "every value is accounted for" } else { "an even grid" };
    line(&format!("{} conversations, {} labelled; {how}", text(told, "conversations"), text(told, "labelled")))
}

/// Says how far it is, on a terminal, on one line that is written over.
pub(crate) struct Far {
    terminal: bool,
    last: std::cell::Cell<Option<f64>>,
    conversations: std::cell::Cell<u64>,
}

impl Far {
    pub(crate) fn new() -> Self {
        Self {
            terminal: io::stderr().is_terminal(),
            last: std::cell::Cell::default(),
            conversations: std::cell::Cell::default(),
        }
    }

    pub(crate) fn told(&self, progress: Progress) {
        self.conversations.set(progress.conversations);
        if !self.terminal || progress.seconds - self.last.get().unwrap_or(0.0) < OFTEN {
            return;
        }
        self.last.set(Some(progress.seconds));
        let share = progress
            .of
            .map_or_else(String::new, |of| format!(" {:.0} %", 100.0 * progress.bytes as f64 / of.max(1) as f64));
        let left = progress.left.map_or_else(String::new, |left| format!(", {left:.0} s left"));
        let _ = write!(io::stderr(), "\r\x1b[K{} conversations{share}{left}", progress.conversations);
    }

    /// Says that there was no conversation, where there was none: a summary of nothing looks like one that went well.
    fn nothing(&self, files: &[std::path::PathBuf]) {
        if self.conversations.get() == 0 {
            let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            say(&format!("no conversation was found in {}", files.join(", ")));
        }
    }

    pub(crate) fn over(&self) {
        if self.last.get().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
