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

/// Finds places in a document.
pub(super) struct Places<'a> {
    tree: &'a Json,
    indexes: Indexes<'a>,
}

impl<'a> Places<'a> {
    /// Prepared for the paths of these problems.
    pub(super) fn new(tree: &'a Json, problems: &[Problem]) -> Self {
        let mut indexes = Indexes::default();
        for (key, value) in tree.entries() {
            let meant = |problem: &Problem| problem.path.get(1..).is_some_and(|path| path.starts_with(key.as_str()));
            if value.entries().len() > MANY && problems.iter().any(meant) {
                let index = value.entries().iter().enumerate().map(|(i, (k, _))| (k.as_str(), i));
                indexes.insert(key.clone(), index.collect());
            }
        }
        Self { tree, indexes }
    }

    /// Sorts problems by the places of their paths; at one place errors come first.
    pub(super) fn sort(&self, problems: &mut [Problem]) {
        problems.sort_by_cached_key(|problem| {
            let start = problem.span.map_or(0, |span| span.start);
            let mut place = Vec::with_capacity(6);
            self.walk(&problem.path, |at, _, _| place.push(at.unwrap_or(usize::MAX)));
            (place, std::cmp::Reverse(problem.severity), start, problem.code)
        });
    }

    /// Walks down a path: for each step its place, the step, and the value in which it was taken.
    pub(super) fn walk(&self, path: &str, mut take: impl FnMut(Option<usize>, &str, Option<&'a Json>)) {
        let mut here = Some(self.tree);
        let mut index = None;
        for (depth, raw) in path.split('/').skip(1).enumerate() {
            let step = unescaped(raw);
            let at = match (here, index) {
                (Some(Json::Map(_)), Some(index)) => entry(index, &step),
                (Some(Json::Map(entries)), None) => entries.iter().position(|(k, _)| *k == *step),
                (Some(Json::List(items)), _) => step.parse::<usize>().ok().filter(|i| *i < items.len()),
                _ => None,
            };
            index = if depth == 0 { self.indexes.get(&*step) } else { None };
            take(at, &step, here);
            here = match (here, at) {
                (Some(Json::Map(entries)), Some(at)) => entries.get(at).map(|(_, v)| v),
                (Some(Json::List(items)), Some(at)) => items.get(at),
                _ => None,
            };
        }
    }
}

fn entry(index: &Index<'_>, key: &str) -> Option<usize> {
    index.get(key).copied()
}

/// A step of a pointer; nearly none is escaped.
fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { Cow::Owned(step.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(step) }
}
