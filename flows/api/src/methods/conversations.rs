//! `conversations.get`, `save`: the files beside the flow; for a flow without a file, those that it came with or that were
//! added.

use std::path::{Path, PathBuf};

use flow_conversations::{Conversation, lines};
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
            put(&path, &[(conversation.id.to_string(), line)])?;
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
    match lines.iter_mut().find(|old| corpora::is_of(old, id)) {
        Some(old) => line.clone_into(old),
        None => lines.push(line.to_owned()),
    }
    lines
}

/// Puts lines into a file, each in place of the first with its id or at the end; every other byte stays, and what another
/// program wrote there meanwhile is never lost.
fn put(path: &Path, lines: &[(String, String)]) -> Result<(), Error> {
    let (before, stamp) = match flow_store::stamp(path) {
        Ok(stamp) => (flow_store::read(path)?, Some(stamp)),
        Err(flow_store::StoreError::NotFound(_)) => (Vec::new(), None),
        Err(error) => return Err(error.into()),
    };
    let text = String::from_utf8(before).map_err(|_| {
        Error::new(Code::Failed, format!("{}: it is not UTF-8 text, so nothing was added", path.display()))
    })?;
    let after = lines.iter().fold(text, |text, (id, line)| with_line(&text, id, line));
    flow_store::write_atomic(path, after.as_bytes(), stamp.as_ref())?;
    Ok(())
}

/// A file's text with a line in place of the first of this id, or at its end.
fn with_line(text: &str, id: &str, line: &str) -> String {
    let ending =
        if text.lines().next().is_some_and(|first| text[first.len()..].starts_with("\r\n")) { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + line.len() + 2);
    let mut put = false;
    for (number, old) in (1..).zip(text.split_inclusive('\n')) {
        let inner =
            lines::plain(number, old.strip_suffix('\n').unwrap_or(old)).filter(|inner| corpora::is_of(inner, id));
        match inner.and_then(|inner| old.split_once(inner)) {
            Some((head, tail)) if !put => {
                put = true;
                out.extend([head, line, tail]);
            }
            _ => out.push_str(old),
        }
    }
    if !put {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(ending);
        }
        out.push_str(line);
        out.push_str(ending);
    }
    out
}

/// A flow that gets its first file takes its conversations along. Those of the same id that are there already stay, and what
/// comes gets a free id; they are let go of when they are written, not before.
pub(super) fn settle(open: &mut Open) -> Result<(), Error> {
    let Some(path) = own_file(open) else { return Ok(()) };
    if open.lines().is_empty() {
        return Ok(());
    }
    let there = match flow_store::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(flow_store::StoreError::NotFound(_)) => String::new(),
        Err(error) => return Err(error.into()),
    };
    let lines = there.trim_start_matches('\u{feff}').lines();
    let mut ids: Vec<(String, String)> = lines
        .filter_map(|line| Some((flow_conversations::line(line).ok()?.0.id.to_string(), line.to_owned())))
        .collect();
    let mut added = Vec::new();
    for line in open.lines().iter() {
        let Ok((conversation, _)) = flow_conversations::line(line) else { continue };
        let id = conversation.id.to_string();
        if ids.iter().any(|(known, old)| *known == id && old == line) {
            continue;
        }
        let (id, line) = renamed(&ids, id, line);
        ids.push((id.clone(), line.clone()));
        added.push((id, line));
    }
    if !added.is_empty() {
        put(&path, &added)?;
    }
    open.lines().clear();
    Ok(())
}

/// A line under an id that none of these have.
fn renamed(ids: &[(String, String)], id: String, line: &str) -> (String, String) {
    let free = |id: &String| !ids.iter().any(|(known, _)| known == id);
    if free(&id) {
        return (id, line.to_owned());
    }
    let Some(own) = (2..).map(|n| format!("{id}~{n}")).find(free) else { return (id, line.to_owned()) };
    let Some(mut json) = tree::read(line).json else { return (id, line.to_owned()) };
    json.set("id", tree::Json::text(&own));
    (own, tree::compact(&json))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_put_in_place_of_its_own_and_every_other_byte_stays() {
        let one = r#"{"id":"a","turns":[]}"#;
        let two = r#"{"id":"b","turns":[],"x":1.50}"#;
        let new = r#"{"id":"a","tags":["t"],"turns":[]}"#;
        for (before, after) in [
            (format!("\u{feff}{one}\r\n{two}\r\n"), format!("\u{feff}{new}\r\n{two}\r\n")),
            (format!("{two}\r\n"), format!("{two}\r\n{new}\r\n")),
            (format!("{two}\n\nodd\n{one}"), format!("{two}\n\nodd\n{new}")),
            (two.to_owned(), format!("{two}\n{new}\n")),
            (String::new(), format!("{new}\n")),
            (format!("{one}\n{one}\n"), format!("{new}\n{one}\n")),
        ] {
            assert_eq!(with_line(&before, "a", new), after);
        }
    }

    #[test]
    fn what_comes_to_an_id_that_is_there_gets_a_free_one() {
        let line = r#"{"id":"a","turns":[]}"#;
        let there = |ids: &[&str]| ids.iter().map(|id| ((*id).to_owned(), String::new())).collect::<Vec<_>>();
        assert_eq!(renamed(&there(&["b"]), "a".to_owned(), line).1, line);
        assert_eq!(
            renamed(&there(&["a", "a~2"]), "a".to_owned(), line),
            ("a~3".to_owned(), r#"{"id":"a~3","turns":[]}"#.to_owned())
        );
    }
}
