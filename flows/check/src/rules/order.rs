//! Problems stand in the order of the document.

use std::borrow::Cow;

use flow_model::problem::Problem;
use flow_model::tree::Json;
use indexmap::IndexMap;

/// Objects with more entries than this get an index.
const MANY: usize = 16;

/// Sorts problems by the places of their paths; at one place errors come first.
pub(super) fn sort(tree: &Json, problems: &mut [Problem]) {
    let mut indexes: IndexMap<String, IndexMap<&str, usize>> = IndexMap::new();
    for (key, value) in tree.entries() {
        if value.entries().len() > MANY {
            indexes
                .insert(key.clone(), value.entries().iter().enumerate().map(|(i, (k, _))| (k.as_str(), i)).collect());
        }
    }
    problems.sort_by_cached_key(|problem| {
        let start = problem.span.map_or(0, |span| span.start);
        (place(tree, &indexes, &problem.path), std::cmp::Reverse(problem.severity), start, problem.code)
    });
}

fn place(tree: &Json, indexes: &IndexMap<String, IndexMap<&str, usize>>, path: &str) -> Vec<usize> {
    let mut here = Some(tree);
    let mut place = Vec::with_capacity(6);
    let mut index = None;
    for (depth, raw) in path.split('/').skip(1).enumerate() {
        let step = unescaped(raw);
        let at = match (here, index) {
            (Some(Json::Map(_)), Some(index)) => entry(index, &step),
            (Some(Json::Map(entries)), None) => entries.iter().position(|(k, _)| *k == *step),
            (Some(Json::List(items)), _) => step.parse::<usize>().ok().filter(|i| *i < items.len()),
            _ => None,
        };
        index = if depth == 0 { indexes.get(&*step) } else { None };
        place.push(at.unwrap_or(usize::MAX));
        here = match (here, at) {
            (Some(Json::Map(entries)), Some(at)) => entries.get(at).map(|(_, v)| v),
            (Some(Json::List(items)), Some(at)) => items.get(at),
            _ => None,
        };
    }
    place
}

fn entry(index: &IndexMap<&str, usize>, key: &str) -> Option<usize> {
    index.get(key).copied()
}

/// A step of a pointer; nearly none is escaped.
fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { Cow::Owned(step.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(step) }
}
