//! Every problem has an id that stays the same while the document around it moves.
//!
//! It is made of the code and of what the problem is about: cards, triggers and entries by their ids, rows of a list by
//! where they lead, a text in a list by itself. Neither places in the file nor words of the message go into it.

use flow_model::problem::Problem;
use flow_model::tree::Json;
use indexmap::IndexMap;

use super::order::Places;

/// What names a row, in this order: where it leads, and what it says.
const NAMES: [&str; 6] = ["to", "tier", "title", "text", "say", "when"];

/// Gives every problem its id. Problems that cannot be told apart are counted in the order in which they stand.
pub(super) fn name(places: &Places<'_>, problems: &mut [Problem]) {
    let mut seen: IndexMap<u64, u64> = IndexMap::with_capacity(problems.len());
    for problem in problems {
        let mut hash = Hash::default();
        hash.part(problem.code);
        places.walk(&problem.path, |at, step, inside| match (inside, at) {
            (Some(Json::List(items)), Some(at)) => row(items, at, &mut hash),
            _ => hash.part(step),
        });
        for (name, _) in problem.witness.iter().flatten().filter(|_| problem.code == "context-incomplete") {
            hash.part(name);
        }
        let count = seen.entry(hash.0).or_insert(0);
        *count += 1;
        if *count > 1 {
            hash.part(&count.to_string());
        }
        problem.id = format!("{:016x}", hash.0);
    }
}

/// A row: its name, and how many rows of that name stand before it.
fn row(items: &[Json], at: usize, hash: &mut Hash) {
    let own = items.get(at).and_then(named);
    let same = |item: &&Json| own.is_some() && named(item) == own;
    let before = items.iter().take(at).filter(same).count();
    match own {
        Some((key, name)) => {
            hash.part(key);
            hash.part(name);
            hash.part(&before.to_string());
        }
        None => hash.part(&at.to_string()),
    }
}

fn named(item: &Json) -> Option<(&'static str, &str)> {
    match item {
        Json::Text(text) => Some(("", text)),
        _ => NAMES.iter().find_map(|key| Some((*key, item.get(key)?.as_text()?))),
    }
}

/// FNV-1a with 64 bits: the same on every machine.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// Adds a part; parts are kept apart by a byte that no text holds.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
