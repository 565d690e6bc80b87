//! Conversations of files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flow_api::conversations::{self, Conversation, Notes};

use crate::input;
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
    let mut lines = input::lines(Path::new(file))?;
    let mut broken = 0;
    while let Some((number, text)) = lines.next_text().map_err(|error| unread(Path::new(file), &error))? {
        match text.and_then(|text| Ok(conversations::line(text)?)) {
            Ok((conversation, notes)) if id.is_none_or(|id| *conversation.id == *id) => {
                for (turn, why) in &notes {
                    say(&format!("{file}:{number}: {}", conversations::note(*turn, why)));
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

fn unread(file: &Path, error: &std::io::Error) -> Fault {
    Fault::Wrong(format!("{}: {error}", file.display()))
}

/// The file of `FILE[#ID]`.
pub(crate) fn file(argument: &str) -> &Path {
    Path::new(split(argument).0)
}

/// Conversations of files, and whether all of their lines were understood.
pub(crate) struct Files {
    pub(crate) all: Vec<Conversation>,
    pub(crate) well: bool,
}

/// All conversations of files that can be read, the first of each id; all else is told.
pub(crate) fn all(files: &[PathBuf]) -> Result<Files, Fault> {
    let mut made = Files { all: Vec::new(), well: true };
    let mut seen = BTreeSet::new();
    for file in files {
        made.add(file, &mut seen)?;
        if made.all.is_empty() {
            say(&format!("{}: it has no conversation that can be read", file.display()));
        }
    }
    Ok(made)
}

impl Files {
    fn add(&mut self, file: &Path, seen: &mut BTreeSet<String>) -> Result<(), Fault> {
        let mut lines = input::lines(file)?;
        let mut told = |number: u64, words: &str| {
            self.well = false;
            say(&format!("{}:{number}: {words}", file.display()));
        };
        while let Some((number, text)) = lines.next_text().map_err(|error| unread(file, &error))? {
            match text.and_then(|text| Ok(conversations::line(text)?)) {
                Ok((conversation, _)) if !seen.insert(conversation.id.to_string()) => {
                    told(number, &format!("the id {} was seen before, so it is left out", conversation.id));
                }
                Ok((conversation, notes)) => {
                    for (turn, why) in &notes {
                        told(number, &format!("{}: {}", conversation.id, conversations::note(*turn, why)));
                    }
                    self.all.push(conversation);
                }
                Err(fault) => told(number, &fault.to_string()),
            }
        }
        Ok(())
    }
}
