//! The public conformance cases of CEL against the conditions of a flow: each passes, or lies outside the profile for a
//! reason that is checked, or fails. The list becomes a page of the manual.

mod case;
mod engine;
mod grammar;
mod page;
mod profile;
mod textproto;

use std::fs;
use std::io;
use std::path::Path;

use case::{Case, Expected};
use engine::Made;
use flow_conditions::value::Value;
use profile::Reason;

use crate::say;

/// The page.
const PAGE: &str = "docs/manual/cel.md";

/// How a case ended.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Passed,
    Skipped(Reason),
    Failed(String),
}

/// A file of cases with their verdicts, in order.
struct File {
    name: String,
    cases: Vec<(Case, Verdict)>,
}

/// Runs every case of a folder and writes the page, or with `check` says whether it is fresh; whether all is well.
pub(crate) fn run(root: &Path, folder: &Path, check: bool) -> io::Result<bool> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    paths.retain(|entry| entry.path().extension().is_some_and(|ending| ending == "textproto"));
    paths.sort_by_key(fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in paths {
        let name = entry.file_name().to_string_lossy().trim_end_matches(".textproto").to_owned();
        let message = textproto::read(&fs::read_to_string(entry.path())?)
            .map_err(|fault| io::Error::other(format!("{name}: {fault}")))?;
        let cases = case::cases(&message).into_iter().map(|case| (verdict(&case), case));
        files.push(File { name, cases: cases.map(|(verdict, case)| (case, verdict)).collect() });
    }
    let mut fine = !files.is_empty();
    for file in &files {
        for (case, verdict) in &file.cases {
            if let Verdict::Failed(why) = verdict {
                fine = false;
                say(&format!("{}/{}/{}: `{}`: {why}", file.name, case.section, case.name, case.expr));
            }
        }
    }
    let text = page::text(&files);
    say(page::summary(&files).trim_end());
    let place = root.join(PAGE);
    if fs::read_to_string(&place).is_ok_and(|old| old == text) {
        return Ok(fine);
    }
    if check {
        say(&format!("{PAGE} is stale: run `cargo run -p flow-xtask -- cel FOLDER` and commit what it writes"));
        return Ok(false);
    }
    fs::write(&place, text)?;
    say(&format!("wrote {PAGE}"));
    Ok(fine)
}

fn verdict(case: &Case) -> Verdict {
    let expr = match grammar::read(&case.expr) {
        Ok(expr) => expr,
        Err(fault) => return Verdict::Failed(fault),
    };
    let made = engine::run(case);
    let Some(reason) = profile::reason(case, &expr) else { return in_profile(case, &made) };
    if let Made::Torn(why) = made {
        return Verdict::Failed(why.to_owned());
    }
    if lies_outside(case, reason, &made) {
        Verdict::Skipped(reason)
    } else {
        Verdict::Failed(format!("called `{}`, and made: {made:?}", reason.id()))
    }
}

/// Whether the engine bears out that a case is not one of the profile.
fn lies_outside(case: &Case, reason: Reason, made: &Made) -> bool {
    match (reason, made) {
        // The exact result is one that 64 bits do not hold: CEL's error is about nothing else.
        (Reason::Overflow, Made::Value(Some(Value::Number(number)), _)) => number.to_string().parse::<i64>().is_err(),
        (Reason::Overflow, _) => false,
        // What is written is what is looked up, and no name begins with a dot.
        (Reason::Package, Made::Value(value, _)) => {
            let whole = case.values.iter().find(|(name, _)| *name == case.expr);
            *value == whole.and_then(|(_, outcome)| engine::value(outcome))
        }
        (Reason::Package, _) => case.expr.contains('.'),
        (_, made) => matches!(made, Made::Refused(_)),
    }
}

fn in_profile(case: &Case, made: &Made) -> Verdict {
    let Expected::Value(expected, kind) = &case.expected else {
        return Verdict::Failed(format!("an error was expected, and made: {made:?}"));
    };
    match made {
        Made::Refused(why) => Verdict::Failed(format!("refused: {why}")),
        Made::Torn(why) => Verdict::Failed((*why).to_owned()),
        Made::Value(value, ty) => {
            let right = expected.as_ref().is_none_or(|expected| engine::same(value.as_ref(), expected))
                && kind.is_none_or(|kind| engine::same_type(ty.as_ref(), kind));
            if right {
                Verdict::Passed
            } else {
                Verdict::Failed(format!("{expected:?} was expected, and made: {made:?}"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
