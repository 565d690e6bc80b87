//! Changes of a document as values. The window and the core apply the same ones, held equal by one set of cases.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::tree::Json;

/// One change. Paths are keys and indexes from the root. To the window it travels with its values in wire form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub enum Op {
    /// Sets the entry or item at a path; a new key goes to place `at`, or to the end.
    Set {
        /// Where.
        path: Vec<String>,
        /// What.
        value: Json,
        /// Place of a new key among its siblings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
    },
    /// Removes an entry or item.
    Remove {
        /// Where.
        path: Vec<String>,
    },
    /// Inserts an item into a list before the index that ends the path.
    Insert {
        /// Where.
        path: Vec<String>,
        /// What.
        value: Json,
    },
    /// Moves an entry or item to another place among its siblings.
    Move {
        /// Which.
        path: Vec<String>,
        /// The place it has afterwards.
        to: usize,
    },
    /// Gives an entry another key, keeping its place.
    Rename {
        /// Which.
        path: Vec<String>,
        /// The new key.
        key: String,
    },
}

/// Changes that belong together.
pub type Diff = Vec<Op>;

/// Why a change cannot be applied. Nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiffError {
    /// The path leads nowhere.
    #[error("there is nothing at {0}: the document changed in the meantime; read it again")]
    Missing(String),
    /// A key is taken.
    #[error("the key at {0} exists already: choose another")]
    Taken(String),
}

/// Applies all of a diff, or nothing.
///
/// # Errors
/// When a path leads nowhere or a key is taken.
pub fn apply(root: &mut Json, diff: &[Op]) -> Result<Diff, DiffError> {
    let mut inverse = Vec::with_capacity(diff.len());
    for op in diff {
        match apply_one(root, op) {
            Ok(back) => inverse.push(back),
            Err(error) => {
                for back in inverse.iter().rev() {
                    let _ = apply_one(root, back);
                }
                return Err(error);
            }
        }
    }
    inverse.reverse();
    Ok(inverse)
}

fn missing(path: &[String]) -> DiffError {
    DiffError::Missing(pointer(path))
}

/// A path as JSON pointer.
#[must_use]
pub fn pointer(path: &[String]) -> String {
    path.iter().map(|s| format!("/{}", crate::tree::escape(s))).collect()
}

fn apply_one(root: &mut Json, op: &Op) -> Result<Op, DiffError> {
    match op {
        Op::Set { path, value, at } => set(root, path, value, *at),
        Op::Remove { path } => remove(root, path),
        Op::Insert { path, value } => insert(root, path, value),
        Op::Move { path, to } => shift(root, path, *to),
        Op::Rename { path, key } => rename(root, path, key),
    }
}

fn parent<'a, 'p>(root: &'a mut Json, path: &'p [String]) -> Result<(&'a mut Json, &'p str), DiffError> {
    let (last, up) = path.split_last().ok_or_else(|| missing(path))?;
    Ok((root.at_mut(up).ok_or_else(|| missing(path))?, last))
}

fn index(last: &str, len: usize, path: &[String]) -> Result<usize, DiffError> {
    crate::tree::index(last).filter(|i| *i < len).ok_or_else(|| missing(path))
}

fn set(root: &mut Json, path: &[String], value: &Json, at: Option<usize>) -> Result<Op, DiffError> {
    if path.is_empty() {
        let old = std::mem::replace(root, value.clone());
        return Ok(Op::Set { path: Vec::new(), value: old, at: None });
    }
    let (parent, last) = parent(root, path)?;
    match parent {
        Json::Map(map) => match map.iter_mut().find(|(k, _)| k == last) {
            Some((_, old)) => {
                let old = std::mem::replace(old, value.clone());
                Ok(Op::Set { path: path.to_vec(), value: old, at: None })
            }
            None => {
                let place = at.unwrap_or(map.len()).min(map.len());
                map.insert(place, (last.to_owned(), value.clone()));
                Ok(Op::Remove { path: path.to_vec() })
            }
        },
        Json::List(items) => {
            let i = index(last, items.len(), path)?;
            let old = std::mem::replace(&mut items[i], value.clone());
            Ok(Op::Set { path: path.to_vec(), value: old, at: None })
        }
        _ => Err(missing(path)),
    }
}

fn remove(root: &mut Json, path: &[String]) -> Result<Op, DiffError> {
    let (parent, last) = parent(root, path)?;
    match parent {
        Json::Map(map) => {
            let place = map.iter().position(|(k, _)| k == last).ok_or_else(|| missing(path))?;
            let (_, value) = map.remove(place);
            Ok(Op::Set { path: path.to_vec(), value, at: Some(place) })
        }
        Json::List(items) => {
            let i = index(last, items.len(), path)?;
            Ok(Op::Insert { path: path.to_vec(), value: items.remove(i) })
        }
        _ => Err(missing(path)),
    }
}

fn insert(root: &mut Json, path: &[String], value: &Json) -> Result<Op, DiffError> {
    let (parent, last) = parent(root, path)?;
    let Json::List(items) = parent else { return Err(missing(path)) };
    let i = index(last, items.len() + 1, path)?;
    items.insert(i, value.clone());
    Ok(Op::Remove { path: path.to_vec() })
}

fn shift(root: &mut Json, path: &[String], to: usize) -> Result<Op, DiffError> {
    let (parent, last) = parent(root, path)?;
    match parent {
        Json::Map(map) => {
            let from = map.iter().position(|(k, _)| k == last).ok_or_else(|| missing(path))?;
            let entry = map.remove(from);
            map.insert(to.min(map.len()), entry);
            Ok(Op::Move { path: path.to_vec(), to: from })
        }
        Json::List(items) => {
            let from = index(last, items.len(), path)?;
            let item = items.remove(from);
            let place = to.min(items.len());
            items.insert(place, item);
            let mut back = path.to_vec();
            if let Some(step) = back.last_mut() {
                *step = place.to_string();
            }
            Ok(Op::Move { path: back, to: from })
        }
        _ => Err(missing(path)),
    }
}

fn rename(root: &mut Json, path: &[String], key: &str) -> Result<Op, DiffError> {
    let (parent, last) = parent(root, path)?;
    let Json::Map(map) = parent else { return Err(missing(path)) };
    let mut back = path.to_vec();
    if let Some(step) = back.last_mut() {
        *step = key.to_owned();
    }
    if key != last && map.iter().any(|(k, _)| k == key) {
        return Err(DiffError::Taken(pointer(&back)));
    }
    let place = map.iter().position(|(k, _)| k == last).ok_or_else(|| missing(path))?;
    map[place].0 = key.to_owned();
    Ok(Op::Rename { path: back, key: last.to_owned() })
}

/// The changes that make `new` of `old`, by key; lists that differ are replaced whole.
#[must_use]
pub fn between(old: &Json, new: &Json) -> Diff {
    let mut diff = Vec::new();
    walk(old, new, &mut Vec::new(), &mut diff);
    diff
}

fn walk(old: &Json, new: &Json, path: &mut Vec<String>, diff: &mut Diff) {
    let (Json::Map(from), Json::Map(to)) = (old, new) else {
        if old != new {
            diff.push(Op::Set { path: path.clone(), value: new.clone(), at: None });
        }
        return;
    };
    let at = |path: &Vec<String>, key: &String| {
        let mut whole = path.clone();
        whole.push(key.clone());
        whole
    };
    let mut order: Vec<&String> = Vec::new();
    for (key, _) in from {
        if to.iter().any(|(k, _)| k == key) {
            order.push(key);
        } else {
            diff.push(Op::Remove { path: at(path, key) });
        }
    }
    for (place, (key, value)) in to.iter().enumerate() {
        match from.iter().find(|(k, _)| k == key) {
            None => {
                diff.push(Op::Set { path: at(path, key), value: value.clone(), at: Some(place) });
                order.insert(place.min(order.len()), key);
            }
            Some((_, before)) => {
                if order.get(place) != Some(&key) {
                    diff.push(Op::Move { path: at(path, key), to: place });
                    order.retain(|k| *k != key);
                    order.insert(place.min(order.len()), key);
                }
                path.push(key.clone());
                walk(before, value, path, diff);
                path.pop();
            }
        }
    }
}
