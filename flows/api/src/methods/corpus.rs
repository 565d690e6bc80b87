//! `corpus.*`: the files beside a flow as sets, what was said in them, and what should have
//! happened. Files are read line by line, since they can be long.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flow_model::tree::{self, Json};
use flow_model::wire;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Call;
use super::conversations::{files_of, info, name};
use crate::error::{Code, Error};
use crate::files::CONVERSATIONS;
use crate::open::Open;
use crate::types::{
    ConversationInfo, ConversationSaved, CorpusFind, CorpusFound, CorpusLabel, CorpusSet, CorpusTag, InDoc,
};

/// The most that are listed.
const MOST: usize = 5000;

/// What tells a conversation from others; `T` is how much of its turns is read.
#[derive(Deserialize)]
struct Skimmed<T> {
    id: String,
    #[serde(default)]
    expect: Option<IgnoredAny>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    turns: T,
}

fn skimmed<T: DeserializeOwned>(line: &str) -> Option<Skimmed<T>> {
    serde_json::from_str(line).ok()
}

/// Where the lines of a set come from.
enum Source {
    File(PathBuf),
    Lines(String, Vec<String>),
}

impl Source {
    fn name(&self) -> String {
        match self {
            Self::File(path) => name(path),
            Self::Lines(name, _) => name.clone(),
        }
    }

    /// Hands over each line that is not empty.
    fn each(&self, take: &mut dyn FnMut(&str)) -> Result<(), Error> {
        let path = match self {
            Self::Lines(_, lines) => {
                lines.iter().filter(|line| !line.trim().is_empty()).for_each(|line| take(line));
                return Ok(());
            }
            Self::File(path) => path,
        };
        let mut read = BufReader::with_capacity(1 << 18, flow_store::open(path)?);
        let mut bytes = Vec::new();
        for first in std::iter::once(true).chain(std::iter::repeat(false)) {
            bytes.clear();
            if read.read_until(b'\n', &mut bytes).map_err(|error| unread(path, &error))? == 0 {
                return Ok(());
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = if first { line.strip_prefix('\u{feff}').unwrap_or(&line) } else { &line };
            if !line.trim().is_empty() {
                take(line.trim_end());
            }
        }
        Ok(())
    }
}

fn unread(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::Unreadable, format!("{}: {error}", path.display()))
}

fn sources(open: &mut Open) -> Vec<Source> {
    if open.folder().is_some() {
        return files_of(open).into_iter().map(Source::File).collect();
    }
    let lines = open.lines().clone();
    let file = shipped(open);
    if lines.is_empty() { Vec::new() } else { vec![Source::Lines(file, lines)] }
}

/// The name under which conversations without a file are listed.
fn shipped(open: &Open) -> String {
    open.shipped().map_or_else(String::new, |template| format!("{}{CONVERSATIONS}", template.id))
}

/// Every file of conversations with what is in it.
pub(super) fn sets(call: &Call<'_>, wanted: InDoc) -> Result<Vec<CorpusSet>, Error> {
    let sources = call.studio.with(wanted.doc, |open| Ok(sources(open)))?;
    sources.iter().map(set).collect()
}

fn set(source: &Source) -> Result<CorpusSet, Error> {
    let mut set = CorpusSet { file: source.name(), conversations: 0, labelled: 0, unreadable: 0, tags: Vec::new() };
    let mut tags: BTreeMap<String, u32> = BTreeMap::new();
    source.each(&mut |line| match skimmed::<IgnoredAny>(line) {
        None => set.unreadable += 1,
        Some(skimmed) => {
            set.conversations += 1;
            set.labelled += u32::from(skimmed.expect.is_some());
            for tag in skimmed.tags.unwrap_or_default() {
                *tags.entry(tag).or_default() += 1;
            }
        }
    })?;
    set.tags = tags.into_iter().map(|(tag, count)| CorpusTag { tag, count }).collect();
    set.tags.sort_by_key(|tag| std::cmp::Reverse(tag.count));
    Ok(set)
}

/// Conversations in which all words of a query stand.
pub(super) fn find(call: &Call<'_>, wanted: CorpusFind) -> Result<CorpusFound, Error> {
    let sources = call.studio.with(wanted.doc, |open| Ok(sources(open)))?;
    let query = wanted.query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<ConversationInfo> = Vec::new();
    let mut count = 0u32;
    let mut seen: HashSet<String> = HashSet::new();
    for source in &sources {
        let file = source.name();
        source.each(&mut |line| {
            let Some(skimmed) = skimmed::<Vec<Value>>(line) else { return };
            if !is_it(&skimmed, &words, wanted.tag.as_deref()) || !seen.insert(skimmed.id.clone()) {
                return;
            }
            count = count.saturating_add(1);
            if found.len() < MOST
                && let Ok((conversation, _)) = flow_conversations::line(line)
            {
                found.push(info(file.clone(), &conversation));
            }
        })?;
    }
    Ok(CorpusFound { count, conversations: found })
}

fn is_it(skimmed: &Skimmed<Vec<Value>>, words: &[&str], tag: Option<&str>) -> bool {
    let tags = skimmed.tags.as_deref().unwrap_or(&[]);
    if tag.is_some_and(|tag| tags.iter().all(|one| one != tag)) {
        return false;
    }
    if words.is_empty() {
        return true;
    }
    let mut text = skimmed.id.to_lowercase();
    let said = skimmed.turns.iter().filter_map(|turn| turn["text"].as_str());
    for part in said.chain(tags.iter().map(String::as_str)) {
        text.push('\n');
        text.push_str(&part.to_lowercase());
    }
    words.iter().all(|word| text.contains(word))
}

/// Keeps what should have happened with a conversation, in the file that has it; everything else of its line stays.
pub(super) fn label(call: &Call<'_>, wanted: CorpusLabel) -> Result<ConversationSaved, Error> {
    let expect = wanted.expect.map(|expect| wire::tree(&Value::Object(expect)));
    call.studio.with(wanted.doc, |open| {
        let Some(path) = files_of(open).into_iter().find(|path| name(path) == wanted.file) else {
            if open.folder().is_some() || shipped(open) != wanted.file {
                return Err(Error::bad(format!("there is no file {} beside the flow any more", wanted.file)));
            }
            let lines = open.lines();
            let labelled = relabelled(lines, &wanted.id, expect.as_ref())?;
            *lines = labelled;
            return Ok(ConversationSaved { file: None });
        };
        let stamp = flow_store::stamp(&path)?;
        let text = String::from_utf8(flow_store::read(&path)?).map_err(|_| {
            Error::new(Code::Failed, format!("{}: it is not UTF-8 text, so nothing was changed", path.display()))
        })?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let lines = relabelled(&lines, &wanted.id, expect.as_ref())?;
        flow_store::write_atomic(&path, (lines.join("\n") + "\n").as_bytes(), Some(&stamp))?;
        Ok(ConversationSaved { file: Some(wanted.file.clone()) })
    })
}

/// The lines with the label of one of them written anew.
fn relabelled(lines: &[String], id: &str, expect: Option<&Json>) -> Result<Vec<String>, Error> {
    let plain = |line: &str| line.trim_start_matches('\u{feff}').to_owned();
    let same = |line: &String| skimmed::<IgnoredAny>(&plain(line)).is_some_and(|found| found.id == id);
    let Some(at) = lines.iter().position(same) else {
        return Err(Error::bad(format!("there is no conversation {id} any more")));
    };
    let reading = tree::read(&plain(&lines[at]));
    let (Some(Json::Map(mut map)), true) = (reading.json, reading.faults.is_empty()) else {
        return Err(Error::bad(format!("the conversation {id} cannot be read, so it was not labelled")));
    };
    let old = map.iter().position(|(key, _)| key == "expect");
    match (old, expect) {
        (Some(old), Some(expect)) => map[old].1 = expect.clone(),
        (Some(old), None) => drop(map.remove(old)),
        // Before the turns, which are long.
        (None, Some(expect)) => {
            let place = map.iter().position(|(key, _)| key == "turns").unwrap_or(map.len());
            map.insert(place, ("expect".to_owned(), expect.clone()));
        }
        (None, None) => {}
    }
    let line = tree::compact(&Json::Map(map));
    flow_conversations::line(&line)
        .map_err(|fault| Error::bad(format!("{id} cannot be labelled like this: {fault}")))?;
    let mut lines = lines.to_vec();
    lines[at] = line;
    Ok(lines)
}
