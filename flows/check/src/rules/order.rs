//! Problems stand in the order of the document.

use std::borrow::Cow;

use flow_conditions::quick::Quick;
use flow_model::problem::Problem;
use flow_model::tree::Json;
use indexmap::IndexMap;

/// Objects with more entries than this get an index.
const MANY: usize = 16;

/// The places of the entries of an object.
type Index<'a> = IndexMap<&'a str, usize, Quick>;
type Indexes<'a> = IndexMap<String, Index<'a>, Quick>;

/// Sorts problems by the places of their paths; at one place errors come first.
pub(super) fn sort(tree: &Json, problems: &mut [Problem]) {
    let mut indexes = Indexes::default();
    for (key, value) in tree.entries() {
        let meant = |problem: &Problem| problem.path.get(1..).is_some_and(|path| path.starts_with(key.as_str()));
        if value.entries().len() > MANY && problems.iter().any(meant) {
            indexes
                .insert(key.clone(), value.entries().iter().enumerate().map(|(i, (k, _))| (k.as_str(), i)).collect());
        }
    }
    problems.sort_by_cached_key(|problem| {
        let start = problem.span.map_or(0, |span| span.start);
        (place(tree, &indexes, &problem.path), std::cmp::Reverse(problem.severity), start, problem.code)
    });
}

fn place(tree: &Json, indexes: &Indexes<'_>, path: &str) -> Vec<usize> {
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

fn entry(index: &Index<'_>, key: &str) -> Option<usize> {
    index.get(key).copied()
}

/// A step of a pointer; nearly none is escaped.
fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { Cow::Owned(step.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(step) }
}
