//! YAML files as trees whose values know their lines.

use flow_conversations::import::yaml::{self, Node};
use flow_model::tree::Json;

use crate::source::Parsed;

/// Whether a path is one of a YAML file.
pub(crate) fn is_yaml(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".yml") || path.ends_with(".yaml")
}

/// Whether a line of a file begins so.
pub(crate) fn has_line(bytes: &[u8], word: &str) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).starts_with(word.as_bytes()))
}

/// A file as a tree; an empty one is an empty tree. Several documents in one file are read as one.
pub(crate) fn parse(text: &str) -> Result<Parsed, (u32, String)> {
    let (documents, fault) = yaml::read(text);
    if let Some((line, why)) = fault {
        return Err((u32::try_from(line).unwrap_or(u32::MAX), why));
    }
    let Some((first, more)) = documents.split_first() else {
        return Ok(Parsed { json: Json::map(), lines: vec![1] });
    };
    let (mut json, mut lines) = (first.json(), Vec::new());
    begins(first, &mut lines);
    for document in more {
        match (&mut json, document.json()) {
            (Json::Map(all), Json::Map(entries)) => {
                all.extend(entries);
                document.entries().iter().for_each(|(_, node)| begins(node, &mut lines));
            }
            (_, Json::Null) => {}
            // What is no map beside others stands in a list of its own.
            (_, other) => {
                json = Json::List(vec![std::mem::replace(&mut json, Json::Null), other]);
                lines.clear();
            }
        }
    }
    Ok(Parsed { json, lines })
}

fn begins(node: &Node, lines: &mut Vec<u32>) {
    lines.push(u32::try_from(node.line).unwrap_or(u32::MAX));
    node.items().iter().chain(node.entries().iter().map(|(_, node)| node)).for_each(|node| begins(node, lines));
}
