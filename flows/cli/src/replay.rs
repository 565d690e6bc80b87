//! `replay`.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use flow_api::conversations::{Conversation, LineFault};
use flow_api::model::tree::{Json, compact};
use flow_api::predict::{self, Matcher};
use flow_api::run::program::Program;
use flow_api::run::replay::{Fill, Line, Replay};

use crate::Done;
use crate::args;
use crate::input::{self, Lines};
use crate::output::{Fault, json, line, say};

/// Lines that fell short of being read, counted so that the exit code tells.
#[derive(Default)]
struct Tally {
    unread: u64,
    faults: u64,
}

pub(crate) fn run(wanted: &args::Replay) -> Done {
    let began = Instant::now();
    let (_, checked) = input::valid(&wanted.flow, wanted.json)?;
    let other = wanted.against.as_ref().map(|path| input::valid(path, wanted.json)).transpose()?;
    for file in &wanted.files {
        Lines::open(file)?;
    }
    let program = Program::new(&checked);
    let matcher = Matcher::new(checked.flow());
    let fill = |conversation: &mut Conversation| {
        predict::fill(conversation, &matcher);
    };
    let fill: Option<&Fill<'_>> = if wanted.no_fill { None } else { Some(&fill) };
    let keys = input::keys();
    let mut tally = Tally::default();
    if let Some((_, other)) = &other {
        let theirs = Program::new(other);
        let before = Replay::new(&program, &keys, fill).with_outcomes();
        let after = Replay::new(&theirs, &keys, fill).with_outcomes();
        against(wanted, before, after, &mut tally)?;
        return Ok(tally.unread == 0);
    }
    let mut replay = Replay::new(&program, &keys, fill);
    if wanted.each {
        replay = replay.with_each();
    }
    each_line(&wanted.files, &mut replay, wanted, &mut tally)?;
    let mut summary = replay.summary();
    let seconds = format!("{:.3}", began.elapsed().as_secs_f64());
    let seconds = flow_api::model::tree::Number::from_text(&seconds);
    summary.push(("seconds".to_owned(), Json::Number(seconds)));
    let summary = Json::Map(summary);
    match (wanted.json, wanted.each) {
        (true, false) => json(&summary)?,
        (true, true) => say(&compact(&summary)),
        (false, _) => print(&summary)?,
    }
    Ok(tally.unread == 0 && !replay.fell_short())
}

/// Reads every line of every file in order and gives it to `take`.
fn lines(
    files: &[PathBuf],
    take: &mut dyn FnMut(&str, u64, &str) -> Result<(), Fault>,
    tally: &mut Tally,
) -> Result<(), Fault> {
    for file in files {
        let name = file.display().to_string();
        let mut lines = Lines::open(file)?;
        while let Some((number, text)) = lines.next()? {
            match text {
                Some(text) => take(&name, number, text)?,
                None => {
                    tally.unread += 1;
                    say(&format!("{name}:{number}: it is not UTF-8 text"));
                }
            }
        }
    }
    Ok(())
}

/// Says what is wrong with a line; true when it was replayed.
fn told(name: &str, number: u64, line: &Line, tally: &mut Tally) -> bool {
    let mut unread = |words: String| {
        tally.unread += 1;
        say(&format!("{name}:{number}: {words}"));
    };
    match line {
        Line::Blank => false,
        Line::Unreadable(fault @ (LineFault::NotJson { .. } | LineFault::NotConversation(_))) => {
            unread(fault.to_string());
            false
        }
        Line::Repeated(id) => {
            unread(format!("the id {id} was seen before, so it is not replayed"));
            false
        }
        Line::Replayed(replayed) => {
            for (turn, why) in &replayed.notes {
                unread(format!("{}: turns[{turn}] is passed over: {why}", replayed.id));
            }
            for fault in &replayed.faults {
                tally.faults += 1;
                say(&format!("{name}:{number}: {}: {fault}", replayed.id));
            }
            true
        }
    }
}

fn each_line(
    files: &[PathBuf],
    replay: &mut Replay<'_, '_>,
    wanted: &args::Replay,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut counted = Tally::default();
    lines(
        files,
        &mut |name, number, text| {
            let line = replay.line(text, number);
            if told(name, number, &line, &mut counted)
                && let Line::Replayed(replayed) = line
                && let Some(each) = replayed.each
            {
                let text = if wanted.json { compact(&each) } else { sentence(&each) };
                writeln!(output, "{text}").map_err(|_| Fault::Closed)?;
            }
            Ok(())
        },
        tally,
    )?;
    output.flush().map_err(|_| Fault::Closed)?;
    tally.unread += counted.unread;
    tally.faults += counted.faults;
    Ok(())
}

fn sentence(each: &Json) -> String {
    let id = each.get("id").and_then(Json::as_text).unwrap_or("");
    format!("{id}\t{}", compact(each.get("outcome").unwrap_or(&Json::Null)))
}

fn against(
    wanted: &args::Replay,
    mut before: Replay<'_, '_>,
    mut after: Replay<'_, '_>,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let mut same: i64 = 0;
    let mut changed = Vec::new();
    let mut counted = Tally::default();
    lines(
        &wanted.files,
        &mut |name, number, text| {
            let one = before.line(text, number);
            let two = after.line(text, number);
            if !told(name, number, &one, &mut counted) {
                return Ok(());
            }
            if let (Line::Replayed(one), Line::Replayed(two)) = (one, two) {
                if one.outcome == two.outcome {
                    same += 1;
                } else {
                    changed.push(Json::Map(vec![
                        ("id".to_owned(), Json::text(&*one.id)),
                        ("before".to_owned(), one.outcome.unwrap_or(Json::Null)),
                        ("after".to_owned(), two.outcome.unwrap_or(Json::Null)),
                    ]));
                }
            }
            Ok(())
        },
        tally,
    )?;
    tally.unread += counted.unread;
    if wanted.json {
        let map = vec![("same".to_owned(), Json::int(same)), ("changed".to_owned(), Json::List(changed))];
        return json(&Json::Map(map));
    }
    for change in &changed {
        line(&compact(change))?;
    }
    line(&format!("{same} as before, {} changed", changed.len()))
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
