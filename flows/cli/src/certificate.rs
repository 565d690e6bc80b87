//! `export --certificate`: runs the export's policy module, where there is a Python, and writes what came of it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flow_api::certificates::{self, Cases, DECIDE, Ran};
use flow_api::check::Checked;
use flow_api::conversations::Conversation;
use flow_api::export::Bundle;
use flow_api::model::tree::{self, Json};

use crate::args::Export;
use crate::output::{Fault, say};

/// The names by which a Python is called, the likeliest first.
const PYTHONS: [&str; 2] = ["python3", "python"];

/// Writes the certificate and its conversations, where they are wanted; gives whether nothing differs.
pub(crate) fn write(wanted: &Export, checked: &Checked, real: &[Conversation], bundle: &Bundle) -> Result<bool, Fault> {
    if wanted.certificate.is_none() && wanted.cases.is_none() {
        return Ok(true);
    }
    let cases = certificates::cases(checked, real, wanted.edges);
    if let Some(file) = &wanted.cases {
        put(file, &cases.lines())?;
    }
    let Some(file) = &wanted.certificate else { return Ok(true) };
    let ran = match certificates::module(bundle) {
        Some(path) => decide(&wanted.out.join(path), &cases),
        None => Err("this export has no policy module".to_owned()),
    };
    let ran = ran.as_ref().map_err(String::as_str);
    let (made, alike) = certificates::certificate(&cases, &checked.flow().id, &wanted.to, bundle, ran);
    put(file, &tree::canonical(&made))?;
    if let Err(why) = ran {
        say(&format!("the certificate compares nothing: {why}"));
    } else if !alike {
        say(&format!("the export decides otherwise than the flow: see {}", file.display()));
    }
    Ok(alike)
}

fn put(file: &Path, text: &str) -> Result<(), Fault> {
    flow_api::store::write_atomic(file, text.as_bytes(), None)
        .map(|_| ())
        .map_err(|error| Fault::Wrong(error.to_string()))
}

/// What the module decides on every conversation, or why that is not known.
fn decide(module: &Path, cases: &Cases) -> Result<Ran, String> {
    let mut told = String::new();
    for python in PYTHONS {
        match run(python, module, &cases.lines()) {
            Ok(ran) => return Ok(ran),
            Err(why) if told.is_empty() => told = why,
            Err(_) => {}
        }
    }
    Err(told)
}

fn run(python: &str, module: &Path, lines: &str) -> Result<Ran, String> {
    // Nothing of the caller's Python setting counts, and nothing is left in the export's folder.
    let mut child = Command::new(python)
        .args(["-I", "-B", "-X", "utf8", "-c", DECIDE])
        .arg(module)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{python} cannot be run: {error}"))?;
    let input = child.stdin.take();
    let text = lines.to_owned();
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(|error| format!("{python} was lost: {error}"))?;
    let _ = writer.join();
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let read = |line: &str| tree::read(line).json.ok_or_else(|| format!("{python} answered {line}"));
    let mut answers = answer.lines().map(read);
    let said = String::from_utf8_lossy(&output.stderr);
    let broke = || format!("{python} broke: {}", said.lines().last().unwrap_or("it said nothing"));
    let first = answers.next().ok_or_else(broke)??;
    let by = first.get("by").and_then(Json::as_text).ok_or_else(broke)?.to_owned();
    let decisions = answers.collect::<Result<Vec<Json>, String>>()?;
    if decisions.len() != cases_in(lines) {
        return Err(broke());
    }
    Ok(Ran { by, decisions })
}

fn cases_in(lines: &str) -> usize {
    lines.lines().count()
}
