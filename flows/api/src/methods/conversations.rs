//! `conversations.get`, `save`: the files beside the flow; for a flow without a file, those that it came with or that were
//! added.

use std::path::{Path, PathBuf};

use flow_conversations::Conversation;
use flow_model::tree;

use super::Call;
use crate::corpora;
use crate::error::{Code, Error};
use crate::files::{self, CONVERSATIONS, ENDING};
use crate::open::Open;
use crate::replays::Input;
use crate::types::{ConversationGet, ConversationSave, ConversationSaved, ConversationText};

/// The corpora of a flow: those of these names in its folder, or all that belong to it; what it came with, as long as it has
/// no file.
pub(super) fn inputs(open: &mut Open, files: Option<&[String]>) -> Vec<Input> {
    if let Some(folder) = open.folder() {
        let paths: Vec<PathBuf> = match files {
            Some(files) => files.iter().map(|file| folder.join(file)).collect(),
            None => files_of(open),
        };
        return paths.into_iter().map(Input::Path).collect();
    }
    let paths = files.unwrap_or(&[]).iter().map(Path::new).filter(|path| path.is_absolute());
    let inputs: Vec<Input> = paths.map(|path| Input::Path(path.to_path_buf())).collect();
    if !inputs.is_empty() {
        return inputs;
    }
    let name = open.shipped().map_or_else(String::new, |template| format!("{}{CONVERSATIONS}", template.id));
    vec![Input::Text(name, open.lines().join("\n"))]
}

pub(super) fn get(call: &Call<'_>, wanted: ConversationGet) -> Result<ConversationText, Error> {
    let inputs = call.studio.with(wanted.doc, |open| Ok(inputs(open, None)))?;
    let inputs = inputs.into_iter().filter(corpora::opens).collect();
    match corpora::line(inputs, &wanted.id)? {
        Some(text) => Ok(ConversationText { text }),
        None => Err(Error::bad(format!("there is no conversation {} any more", wanted.id))),
    }
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

/// Conversations for the tests of an export: those of a file beside the flow, none for an empty name, the flow's own
/// without one.
pub(super) fn tests(open: &mut Open, file: Option<&str>) -> Result<Vec<Conversation>, Error> {
    match file {
        None => Ok(own(open)),
        Some("") => Ok(Vec::new()),
        Some(file) => {
            let path = files_of(open).into_iter().find(|path| name(path) == file);
            let path = path.ok_or_else(|| Error::bad(format!("beside the flow is no file {file} of conversations")))?;
            Ok(read(&lines_of(&flow_store::read(&path)?)))
        }
    }
}

/// The flow's own conversations.
pub(super) fn own(open: &mut Open) -> Vec<Conversation> {
    match own_file(open) {
        Some(path) => read(&lines_of(&flow_store::read(&path).unwrap_or_default())),
        None => read(open.lines()),
    }
}

fn lines_of(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).lines().map(str::to_owned).collect()
}

fn read(lines: &[String]) -> Vec<Conversation> {
    lines.iter().filter_map(|line| flow_conversations::line(line).ok()).map(|(conversation, _)| conversation).collect()
}

fn own_file(open: &Open) -> Option<PathBuf> {
    Some(open.folder()?.join(format!("{}{CONVERSATIONS}", open.stem()?)))
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
