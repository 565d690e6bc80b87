//! `conversations.*`: the files beside the flow; for a flow without a file, those that it came with or that were added.

use std::path::{Path, PathBuf};

use flow_conversations::{Conversation, Event};
use flow_model::tree;

use super::Call;
use crate::error::{Code, Error};
use crate::files::{self, CONVERSATIONS, ENDING};
use crate::open::Open;
use crate::types::{ConversationGet, ConversationInfo, ConversationSave, ConversationSaved, ConversationText, InDoc};

/// The most that are listed.
const MOST: usize = 5000;
/// The longest title, in characters.
const TITLE: usize = 90;

/// A line with the name of its file and its number there, from 1.
type Line = (String, usize, String);

/// The conversations that can be read; where there is none, why not.
pub(super) fn list(call: &Call<'_>, wanted: InDoc) -> Result<Vec<ConversationInfo>, Error> {
    call.studio.with(wanted.doc, |open| {
        let mut seen = std::collections::BTreeSet::new();
        let mut found = Vec::new();
        let (lines, mut refused) = lines(open);
        for (file, number, line) in lines {
            let conversation = match flow_conversations::line(&line) {
                Ok((conversation, _)) => conversation,
                Err(fault) => {
                    let words = || format!("{file}, line {number}: {fault}");
                    refused.get_or_insert_with(|| Error::new(Code::Unreadable, words()));
                    continue;
                }
            };
            if seen.insert(conversation.id.to_string()) {
                found.push(info(file, &conversation));
            }
            if found.len() >= MOST {
                break;
            }
        }
        match refused {
            Some(why) if found.is_empty() => Err(why),
            _ => Ok(found),
        }
    })
}

fn info(file: String, conversation: &Conversation) -> ConversationInfo {
    let said = conversation.turns.iter().find_map(|turn| match &turn.event {
        Event::User(user) => user.text.text().filter(|text| !text.is_empty()).map(ToString::to_string),
        _ => None,
    });
    ConversationInfo {
        id: conversation.id.to_string(),
        file,
        title: said.map_or_else(String::new, |text| text.chars().take(TITLE).collect()),
        turns: u32::try_from(conversation.turns.len()).unwrap_or(u32::MAX),
        expect: conversation.expect.is_some(),
    }
}

pub(super) fn get(call: &Call<'_>, wanted: ConversationGet) -> Result<ConversationText, Error> {
    call.studio.with(wanted.doc, |open| {
        let is_it = |line: &str| flow_conversations::line(line).is_ok_and(|(found, _)| *found.id == *wanted.id);
        let found = lines(open).0.into_iter().find(|(_, _, line)| is_it(line));
        match found {
            Some((_, _, text)) => Ok(ConversationText { text }),
            None => Err(Error::bad(format!("there is no conversation {} any more", wanted.id))),
        }
    })
}

pub(super) fn save(call: &Call<'_>, wanted: ConversationSave) -> Result<ConversationSaved, Error> {
    let line = one_line(&wanted.line)?;
    let (conversation, _) = flow_conversations::line(&line)
        .map_err(|fault| Error::bad(format!("the conversation cannot be kept: {fault}")))?;
    call.studio.with(wanted.doc, |open| match own_file(open) {
        Some(path) => {
            put(&path, &conversation.id, &line)?;
            Ok(ConversationSaved { file: Some(name(&path)) })
        }
        None => {
            let kept = std::mem::take(open.lines());
            *open.lines() = with(kept, &conversation.id, &line);
            Ok(ConversationSaved { file: None })
        }
    })
}

fn one_line(text: &str) -> Result<String, Error> {
    let reading = tree::read(text);
    match reading.json {
        Some(json) if reading.faults.is_empty() => Ok(tree::compact(&json)),
        _ => Err(Error::bad("the conversation is no JSON")),
    }
}

/// The lines with one of them replaced, or the new one at the end.
fn with(mut lines: Vec<String>, id: &str, line: &str) -> Vec<String> {
    let same = |old: &String| flow_conversations::line(old).is_ok_and(|(found, _)| *found.id == *id);
    match lines.iter_mut().find(|old| same(old)) {
        Some(old) => line.clone_into(old),
        None => lines.push(line.to_owned()),
    }
    lines
}

/// Puts a line into a file; what another program wrote there meanwhile is never lost.
fn put(path: &Path, id: &str, line: &str) -> Result<(), Error> {
    let (before, stamp) = match flow_store::stamp(path) {
        Ok(stamp) => (flow_store::read(path)?, Some(stamp)),
        Err(flow_store::StoreError::NotFound(_)) => (Vec::new(), None),
        Err(error) => return Err(error.into()),
    };
    let text = String::from_utf8(before).map_err(|_| {
        Error::new(Code::Failed, format!("{}: it is not UTF-8 text, so nothing was added", path.display()))
    })?;
    let lines = with(text.lines().map(str::to_owned).collect(), id, line);
    flow_store::write_atomic(path, (lines.join("\n") + "\n").as_bytes(), stamp.as_ref())?;
    Ok(())
}

/// A flow that gets its first file takes its conversations along, unless there are some already.
pub(super) fn settle(open: &mut Open) {
    let lines = std::mem::take(open.lines());
    let Some(path) = own_file(open) else { return };
    if !lines.is_empty() && matches!(flow_store::stamp(&path), Err(flow_store::StoreError::NotFound(_))) {
        let _ = flow_store::write_atomic(&path, (lines.join("\n") + "\n").as_bytes(), None);
    }
}

/// The flow's own conversations, for the tests of an export.
pub(super) fn own(open: &mut Open) -> Vec<Conversation> {
    let lines = match own_file(open) {
        Some(path) => of_file(&path).unwrap_or_default().into_iter().map(|(_, _, line)| line).collect(),
        None => open.lines().clone(),
    };
    lines.iter().filter_map(|line| flow_conversations::line(line).ok()).map(|(conversation, _)| conversation).collect()
}

fn own_file(open: &Open) -> Option<PathBuf> {
    Some(open.folder()?.join(format!("{}{CONVERSATIONS}", open.stem()?)))
}

/// All lines, and what is wrong with the first file that cannot be read.
fn lines(open: &mut Open) -> (Vec<Line>, Option<Error>) {
    if open.folder().is_some() {
        let (mut found, mut refused) = (Vec::new(), None);
        for path in files_of(open) {
            match of_file(&path) {
                Ok(lines) => found.extend(lines),
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        return (found, refused);
    }
    let file = open.shipped().map_or_else(String::new, |template| format!("{}{CONVERSATIONS}", template.id));
    (open.lines().iter().enumerate().map(|(at, line)| (file.clone(), at + 1, line.clone())).collect(), None)
}

/// The flow's own file first, then those of the folder that belong to no other flow.
pub(super) fn files_of(open: &Open) -> Vec<PathBuf> {
    let Some(folder) = open.folder() else { return Vec::new() };
    let flows: Vec<String> =
        flow_store::list(folder, ENDING).unwrap_or_default().iter().map(|path| name(path)).collect();
    let own = open.stem().map(|stem| format!("{stem}{CONVERSATIONS}"));
    let others = |path: &PathBuf| {
        let name = name(path);
        let flow = name.strip_suffix(CONVERSATIONS).map(|stem| format!("{stem}{ENDING}"));
        Some(&name) == own.as_ref() || flow.is_none_or(|flow| !flows.contains(&flow))
    };
    files::conversation_files(Some(folder), open.stem()).into_iter().filter(others).collect()
}

pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn of_file(path: &Path) -> Result<Vec<Line>, Error> {
    let bytes = flow_store::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let file = name(path);
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(numbered.map(|(at, line)| (file.clone(), at + 1, line.to_owned())).collect())
}
