//! `corpus.sets`: the files beside a flow, with what is in each. They are read line by line, since they can be long.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Call;
use super::conversations::{files_of, name};
use crate::error::{Code, Error};
use crate::files::CONVERSATIONS;
use crate::open::Open;
use crate::types::{CorpusSet, CorpusTag, InDoc};

/// What is counted of a conversation, without reading all of it.
#[derive(Deserialize)]
struct Skimmed {
    #[serde(rename = "id")]
    _id: String,
    #[serde(default)]
    expect: Option<IgnoredAny>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(rename = "turns")]
    _turns: Vec<IgnoredAny>,
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
    source.each(&mut |line| match serde_json::from_str::<Skimmed>(line) {
        Err(_) => set.unreadable += 1,
        Ok(skimmed) => {
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
