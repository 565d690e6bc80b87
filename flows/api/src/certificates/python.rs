//! Runs the policy module of an export, or an interpreter that plays it, where there is a Python.

use std::ffi::OsStr;

use flow_conditions::say;
use flow_export::Bundle;
use flow_model::tree::{self, Json};
use flow_store::{Answered, Running, Scratch, StoreError, run_program};

use super::{Cases, DECIDE, Ran, module, played};
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

/// What a program answered: what ran it, and a decision a line.
pub(super) struct Answer {
    pub(super) by: String,
    pub(super) decisions: Vec<Json>,
}

/// What an export decides on every conversation, or why that is not known: its policy module, or an interpreter of its
/// platform where it decides by itself.
///
/// # Errors
/// When it is stopped.
pub fn decide(bundle: &Bundle, cases: &Cases, deciding: &Deciding<'_>) -> Result<Result<Ran, String>, Error> {
    if let Some(player) = played::player(bundle) {
        return played::decide(player, bundle, cases, deciding);
    }
    let Some(text) = module(bundle).and_then(|path| bundle.files.get(path)) else {
        return Ok(Err(say!("this export has no policy module").text()));
    };
    let scratch = match Scratch::of([("policy.py", text.as_slice())]) {
        Ok(scratch) => scratch,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let answer = ask(DECIDE, &[scratch.path().join("policy.py").as_os_str()], &cases.lines(), deciding)?;
    Ok(answer.map(|answer| Ran { by: answer.by, decisions: answer.decisions, played: None }))
}

/// Has a program of Python answer line by line, by the first Python that can.
///
/// # Errors
/// When it is stopped.
pub(super) fn ask(
    program: &str,
    given: &[&OsStr],
    lines: &str,
    deciding: &Deciding<'_>,
) -> Result<Result<Answer, String>, Error> {
    let mut told = String::new();
    for python in PYTHONS {
        match run(python, program, given, lines, deciding)? {
            Ok(answer) => return Ok(Ok(answer)),
            Err(why) if told.is_empty() => told = why,
            Err(_) => {}
        }
    }
    Ok(Err(told))
}

fn run(
    python: &str,
    program: &str,
    given: &[&OsStr],
    lines: &str,
    deciding: &Deciding<'_>,
) -> Result<Result<Answer, String>, Error> {
    // Nothing of the caller's Python setting counts, and nothing is left in the export's folder.
    let fixed = ["-I", "-B", "-X", "utf8", "-c", program].map(OsStr::new);
    let arguments: Vec<&OsStr> = fixed.into_iter().chain(given.iter().copied()).collect();
    // The first line says what runs.
    let answered = &|lines: usize| (deciding.decided)(lines.saturating_sub(1));
    let running = Running { input: lines, stopped: deciding.stopped, answered };
    match run_program(python, &arguments, &running) {
        Ok(answered) => Ok(read(python, &answered, lines.lines().count())),
        Err(StoreError::Interrupted) => Err(StoreError::Interrupted.into()),
        Err(StoreError::NotFound(_)) => {
            Ok(Err(say!("{python} cannot be run: there is no such program", python).text()))
        }
        Err(error) => Ok(Err(say!("{python} cannot be run: {error}", python, error).text())),
    }
}

fn read(python: &str, answered: &Answered, cases: usize) -> Result<Answer, String> {
    let one =
        |line: &String| tree::read(line).json.ok_or_else(|| say!("{python} answered {line}", python, line).text());
    let broke = || match answered.complaints.lines().last() {
        Some(why) => say!("{python} broke: {why}", python, why).text(),
        None => say!("{python} broke: it said nothing", python).text(),
    };
    let mut answers = answered.lines.iter().map(one);
    let first = answers.next().ok_or_else(broke)??;
    let by = first.get("by").and_then(Json::as_text).ok_or_else(broke)?.to_owned();
    let decisions = answers.collect::<Result<Vec<Json>, String>>()?;
    if decisions.len() == cases { Ok(Answer { by, decisions }) } else { Err(broke()) }
}
