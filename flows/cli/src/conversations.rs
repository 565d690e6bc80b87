//! Conversations of files.

use std::path::Path;

use flow_api::conversations::{self, Conversation, Notes};

use crate::input::Lines;
use crate::output::{Fault, say};

/// Splits `FILE#ID`. Names of files and ids may both hold a `#`: the longest file that exists wins.
fn split(argument: &str) -> (&str, Option<&str>) {
    if Path::new(argument).exists() {
        return (argument, None);
    }
    let splits = || argument.rmatch_indices('#').map(|(at, _)| (&argument[..at], Some(&argument[at + 1..])));
    let found = splits().find(|(file, _)| *file == "-" || Path::new(file).exists());
    found.or_else(|| splits().next_back()).unwrap_or((argument, None))
}

/// The conversation that `FILE[#ID]` names, or the first of the file.
pub(crate) fn named(argument: &str) -> Result<(Conversation, Notes), Fault> {
    let (file, id) = split(argument);
    let mut lines = Lines::open(Path::new(file))?;
    let mut broken = 0;
    while let Some((number, text)) = lines.next()? {
        let Some(text) = text.filter(|t| !t.trim().is_empty()) else { continue };
        match conversations::line(text) {
            Ok((conversation, notes)) if id.is_none_or(|id| *conversation.id == *id) => {
                for (turn, why) in &notes {
                    say(&format!("{file}:{number}: turns[{turn}] is passed over: {why}"));
                }
                return Ok((conversation, notes));
            }
            Ok(_) => {}
            Err(fault) => {
                broken += 1;
                say(&format!("{file}:{number}: {fault}"));
            }
        }
    }
    Err(Fault::Wrong(match id {
        Some(id) => format!("{file} has no conversation with the id {id}"),
        None if broken > 0 => format!("{file} has no conversation that can be read"),
        None => format!("{file} has no conversation"),
    }))
}

/// All conversations of a file that can be read, the first of each id.
pub(crate) fn all(file: &Path) -> Result<Vec<Conversation>, Fault> {
    let mut lines = Lines::open(file)?;
    let mut all: Vec<Conversation> = Vec::new();
    while let Some((number, text)) = lines.next()? {
        let Some(text) = text.filter(|t| !t.trim().is_empty()) else { continue };
        match conversations::line(text) {
            Ok((conversation, _)) => all.push(conversation),
            Err(fault) => say(&format!("{}:{number}: {fault}", file.display())),
        }
    }
    Ok(all)
}
