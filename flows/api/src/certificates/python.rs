//! Runs the policy module of an export, where there is a Python.

use std::ffi::OsStr;

use flow_export::Bundle;
use flow_model::tree::{self, Json};
use flow_store::{Answered, Running, Scratch, StoreError, run_program};

use super::{Cases, DECIDE, Ran, module};
use crate::error::Error;

/// The names by which a Python is called, the likeliest first.
const PYTHONS: [&str; 2] = ["python3", "python"];

/// Whoever waits for the module: asked whether to stop, told how many conversations are decided.
pub struct Deciding<'a> {
    /// Whether it should stop.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how many are decided.
    pub decided: &'a dyn Fn(usize),
}

/// What the module of an export decides on every conversation, or why that is not known.
///
/// # Errors
/// When it is stopped.
pub fn decide(bundle: &Bundle, cases: &Cases, deciding: &Deciding<'_>) -> Result<Result<Ran, String>, Error> {
    let Some(text) = module(bundle).and_then(|path| bundle.files.get(path)) else {
        return Ok(Err("this export has no policy module".to_owned()));
    };
    let scratch = match Scratch::new("policy.py", text) {
        Ok(scratch) => scratch,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let lines = cases.lines();
    let mut told = String::new();
    for python in PYTHONS {
        match run(python, scratch.path().as_os_str(), &lines, deciding)? {
            Ok(ran) => return Ok(Ok(ran)),
            Err(why) if told.is_empty() => told = why,
            Err(_) => {}
        }
    }
    Ok(Err(told))
}

fn run(python: &str, module: &OsStr, lines: &str, deciding: &Deciding<'_>) -> Result<Result<Ran, String>, Error> {
    // Nothing of the caller's Python setting counts, and nothing is left in the export's folder.
    let fixed = ["-I", "-B", "-X", "utf8", "-c", DECIDE].map(OsStr::new);
    let arguments: Vec<&OsStr> = fixed.into_iter().chain([module]).collect();
    // The first line says what runs.
    let answered = &|lines: usize| (deciding.decided)(lines.saturating_sub(1));
    let running = Running { input: lines, stopped: deciding.stopped, answered };
    match run_program(python, &arguments, &running) {
        Ok(answered) => Ok(read(python, &answered, lines.lines().count())),
        Err(StoreError::Interrupted) => Err(StoreError::Interrupted.into()),
        Err(StoreError::NotFound(_)) => Ok(Err(format!("{python} cannot be run: there is no such program"))),
        Err(error) => Ok(Err(format!("{python} cannot be run: {error}"))),
    }
}

fn read(python: &str, answered: &Answered, cases: usize) -> Result<Ran, String> {
    let one = |line: &String| tree::read(line).json.ok_or_else(|| format!("{python} answered {line}"));
    let broke = || format!("{python} broke: {}", answered.complaints.lines().last().unwrap_or("it said nothing"));
    let mut answers = answered.lines.iter().map(one);
    let first = answers.next().ok_or_else(broke)??;
    let by = first.get("by").and_then(Json::as_text).ok_or_else(broke)?.to_owned();
    let decisions = answers.collect::<Result<Vec<Json>, String>>()?;
    if decisions.len() == cases { Ok(Ran { by, decisions }) } else { Err(broke()) }
}
