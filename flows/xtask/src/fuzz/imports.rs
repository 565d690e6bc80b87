//! Projects of other tools, damaged at random: bytes, values and whole files. Nothing may panic, take long or fill the memory;
//! what is imported is a flow that is valid, and everything of the project is read, told or counted.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use flow_api::check::valid;
use flow_api::export::{PLATFORMS, archive, source};
use flow_api::import::{IMPORTERS, Project, import};
use flow_api::model::Severity;
use flow_api::model::document;
use flow_api::model::tree::{self, Json};
use flow_api::templates::TEMPLATES;

use super::{Random, damaged, reshaped};
use crate::say;

/// How many samples are run whatever the time, how long an import works at most without optimisation, and how much memory the whole run has.
const FLOOR: u64 = 60;
const LONGEST: Duration = Duration::from_secs(20);
const MEMORY: u64 = 3 << 30;
/// Files beyond this are damaged as bytes.
const TREE: usize = 400_000;

type Files = BTreeMap<String, Vec<u8>>;

/// Small projects of kinds that the studio does not export.
const OTHERS: &[(&str, &str)] = &[
    ("bot.vf", include_str!("../../../import/tests/data/first.vf")),
    ("later.vf", include_str!("../../../import/tests/data/later.vf")),
    (
        "flow.mmd",
        "flowchart TD\n  A([Start]) --> B{Sure?}\n  B -- yes --> C[Say hi]\n  B -->|no| D((End))\n  subgraph g\n  C --> D\n  end\n",
    ),
    ("outline.csv", "id,text,condition,next\na,Hello,,b\nb,Which?,intent == \"x\",c\nb,,,a\nc,Bye,,\n"),
    (
        "drawing.drawio",
        "<mxfile><diagram name=\"p\"><mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\
         <mxCell id=\"a\" value=\"Start\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"0\" y=\"0\"/></mxCell>\
         <mxCell id=\"b\" value=\"Hi\" style=\"rhombus\" vertex=\"1\" parent=\"1\"/>\
         <mxCell id=\"e\" value=\"go\" edge=\"1\" source=\"a\" target=\"b\" parent=\"1\"/></root></mxGraphModel></diagram></mxfile>",
    ),
];

/// Runs for so many seconds, from a seed on.
pub fn run(seconds: u64, seed: u64, projects: Option<&Path>, keep: Option<&Path>) -> std::io::Result<bool> {
    let mut samples = shipped();
    for folder in projects.into_iter().flat_map(std::fs::read_dir).flatten() {
        match flow_api::store::project(&folder?.path()) {
            Ok(found) => samples.push(found.files),
            Err(error) => say(&format!("left out: {error}")),
        }
    }
    let zip = std::env::temp_dir().join(format!("fuzz-imports-{}.zip", std::process::id()));
    let done = super::run(seconds, FLOOR, seed, " --imports", |sample| {
        let (files, outcome) = one(sample, &samples, &zip);
        match (&outcome, keep) {
            (Err(_), Some(folder)) => kept(&folder.join(sample.to_string()), &files).and(outcome),
            _ => outcome,
        }
    });
    let _ = std::fs::remove_file(&zip);
    done
}

/// Exports of the shipped flows, with the flow that they carry and without, and small projects of other kinds.
fn shipped() -> Vec<Files> {
    let mut samples = Vec::new();
    for (at, template) in TEMPLATES.iter().enumerate() {
        let Ok(read) = document::read(template.text) else { continue };
        let Ok(checked) = valid(&read, &|_| None) else { continue };
        for (number, platform) in PLATFORMS.iter().enumerate() {
            let Ok(mut bundle) = platform.write(&checked, &[]) else { continue };
            if (at + number) % 2 == 0 {
                source::carry(&mut bundle, platform.id(), &checked);
            }
            samples.push(bundle.files.into_iter().collect());
        }
    }
    samples.extend(OTHERS.iter().map(|(name, text)| BTreeMap::from([((*name).to_owned(), text.as_bytes().to_vec())])));
    samples
}

/// Writes a project down, to be looked at.
fn kept(folder: &Path, files: &Files) -> Result<(), String> {
    let write = |(path, bytes): (&String, &Vec<u8>)| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).and_then(|()| std::fs::write(path, bytes))
    };
    files.iter().try_for_each(write).map_err(|error| error.to_string())
}

/// A damaged project, and what came of its import.
fn one(sample: u64, samples: &[Files], zip: &Path) -> (Files, Result<(), String>) {
    let mut random = Random(sample.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut files = samples[random.below(samples.len())].clone();
    for _ in 0..=random.below(4) {
        damage(&mut files, samples, &mut random);
    }
    if random.below(8) == 0 {
        match zipped(&files, zip, &mut random) {
            Ok(Some(found)) => files = found,
            Ok(None) => return (files, Ok(())),
            Err(fault) => return (files, Err(fault)),
        }
    }
    let kind = match random.below(4) {
        0 => Some(IMPORTERS[random.below(IMPORTERS.len())].id()),
        _ => None,
    };
    let outcome = imported(&Project::new("fuzz", files.clone()), kind);
    (files, outcome)
}

/// What holds of every import.
fn imported(project: &Project, kind: Option<&str>) -> Result<(), String> {
    let begun = worked();
    let made = import(project, kind);
    if let Some(took) = worked().zip(begun).map(|(now, begun)| now.saturating_sub(begun)).filter(|took| *took > LONGEST)
    {
        return Err(format!("it worked {:.1} s", took.as_secs_f64()));
    }
    if let Some(most) = memory().filter(|most| *most > MEMORY) {
        return Err(format!("{} MB of memory were used", most >> 20));
    }
    let Ok(made) = made else { return Ok(()) };
    let read = document::read(&made.flow).map_err(|_| "the flow cannot be read".to_owned())?;
    let problems = valid(&read, &|_| None).err().unwrap_or_default();
    let fault = problems.iter().find(|problem| problem.severity == Severity::Error);
    // A flow that an export carries may call others, which lie beside it.
    if let Some(fault) = fault.filter(|fault| !fault.code.starts_with("subflow")) {
        return Err(format!("{} is not valid: {} {}", made.format, fault.path, fault.message));
    }
    let tally = made.tally;
    if tally.elements != tally.read + tally.noted + tally.left_out {
        return Err(format!("the tally does not add up: {tally:?}"));
    }
    let lost = made.notes.iter().find(|note| note.kept.card().is_some_and(|card| !read.flow.nodes.contains_key(card)));
    match lost {
        Some(note) => Err(format!("{} is kept with a card that is not there", note.what)),
        None => Ok(()),
    }
}

/// One file is damaged, taken away, doubled, or takes the place of another one.
fn damage(files: &mut Files, samples: &[Files], random: &mut Random) {
    let paths: Vec<String> = files.keys().cloned().collect();
    let Some(path) = paths.get(random.below(paths.len())).cloned() else { return };
    match random.below(12) {
        0 => drop(files.remove(&path)),
        1 => {
            let other = paths[random.below(paths.len())].clone();
            if let Some(bytes) = files.get(&path).cloned() {
                files.insert(other, bytes);
            }
        }
        2 => {
            let foreign = &samples[random.below(samples.len())];
            if let Some((name, bytes)) = foreign.iter().nth(random.below(foreign.len())) {
                files.insert(name.clone(), bytes.clone());
            }
        }
        _ => {
            if let Some(bytes) = files.get_mut(&path) {
                *bytes = spoilt(&path, bytes, random);
            }
        }
    }
}

fn spoilt(path: &str, bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return torn(bytes, random) };
    match random.below(6) {
        0 => torn(bytes, random),
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => damaged(text, random).into_bytes(),
        _ if bytes.len() > TREE => damaged(text, random).into_bytes(),
        _ if path.ends_with(".yml") || path.ends_with(".yaml") || path.ends_with(".lg") || path.ends_with(".lu") => {
            lines(text, random).into_bytes()
        }
        _ => match tree::read(text).json {
            Some(mut json) => {
                for _ in 0..=random.below(3) {
                    match random.below(3) {
                        0 => reshaped(&mut json, random),
                        1 => crossed(&mut json, random),
                        _ => grown(&mut json, random),
                    }
                }
                tree::canonical(&json).into_bytes()
            }
            None => lines(text, random).into_bytes(),
        },
    }
}

/// Bytes that are cut off, flipped or doubled.
fn torn(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match random.below(3) {
        0 => bytes.truncate(random.below(bytes.len() + 1)),
        1 if !bytes.is_empty() => {
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
        _ => {
            let half = bytes.get(random.below(bytes.len() + 1)..).unwrap_or_default().to_vec();
            bytes.extend(half);
        }
    }
    bytes
}

/// Lines that are taken away, doubled, moved in or out, or swapped.
fn lines(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=random.below(4) {
        if lines.is_empty() {
            break;
        }
        let (at, other) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(5) {
            0 => drop(lines.remove(at)),
            1 => {
                let end = (at + 1 + random.below(12)).min(lines.len());
                let block = lines[at..end].to_vec();
                lines.splice(other..other, block);
            }
            2 => lines[at] = format!("  {}", lines[at]),
            3 => lines[at] = lines[at].strip_prefix("  ").unwrap_or("").to_owned(),
            _ => {
                // The value of another line.
                let value = lines[other].split_once(": ").map(|(_, value)| value.to_owned());
                if let (Some((key, _)), Some(value)) = (lines[at].split_once(": "), value) {
                    lines[at] = format!("{key}: {value}");
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// A text takes the place of another one, so that references lead elsewhere.
fn crossed(json: &mut Json, random: &mut Random) {
    let mut texts = Vec::new();
    gather(json, &mut texts);
    let Some(text) = texts.get(random.below(texts.len())).cloned() else { return };
    let mut left = random.below(texts.len());
    replace(json, &mut left, &text);
}

fn gather(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::Text(text) => found.push(text.clone()),
        Json::List(items) => items.iter().for_each(|item| gather(item, found)),
        Json::Map(map) => map.iter().for_each(|(_, value)| gather(value, found)),
        _ => {}
    }
}

fn replace(json: &mut Json, left: &mut usize, with: &str) {
    match json {
        Json::Text(text) => {
            if *left == 0 {
                with.clone_into(text);
            }
            *left = left.wrapping_sub(1);
        }
        Json::List(items) => items.iter_mut().for_each(|item| replace(item, left, with)),
        Json::Map(map) => map.iter_mut().for_each(|(_, value)| replace(value, left, with)),
        _ => {}
    }
}

/// A list has its items many times.
fn grown(json: &mut Json, random: &mut Random) {
    let mut here = json;
    for _ in 0..=random.below(8) {
        here = match here {
            Json::Map(map) if !map.is_empty() => {
                let at = random.below(map.len());
                &mut map[at].1
            }
            Json::List(items) if !items.is_empty() => {
                if random.below(4) == 0 {
                    let copies = items.clone();
                    while items.len() < 60 {
                        items.extend(copies.iter().cloned());
                    }
                    return;
                }
                let at = random.below(items.len());
                &mut items[at]
            }
            _ => return,
        };
    }
}

/// The project as a zip file whose bytes are damaged; none where it is refused.
fn zipped(files: &Files, path: &Path, random: &mut Random) -> Result<Option<Files>, String> {
    let Ok(bytes) = archive::zip(files) else { return Ok(None) };
    let bytes = if random.below(3) == 0 { bytes } else { torn(&bytes, random) };
    std::fs::write(path, bytes).map_err(|error| error.to_string())?;
    Ok(flow_api::store::project(path).ok().map(|found| found.files))
}

/// How long this thread has worked, however busy the machine is; none where the system does not say so.
fn worked() -> Option<Duration> {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    status.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The most memory that this program ever had, where the system says so.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
