//! Rasa's names. A flow's intents, entities and calls are any text; Rasa's may hold letters, digits and `_` alone, and
//! some are taken. The way back stands in `actions/names.py`.

use std::collections::BTreeSet;

use indexmap::IndexMap;

/// Intents that Rasa itself gives a meaning to.
const TAKEN_INTENTS: [&str; 6] = ["back", "restart", "session_start", "out_of_scope", "nlu_fallback", "none"];

/// Letters, digits and `_`, not starting with a digit; every other character becomes `_`.
pub fn identifier(text: &str) -> String {
    let mut name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

/// The flow's names and Rasa's, in document order.
pub fn legal<'a>(names: impl IntoIterator<Item = &'a str>, taken: &[&str]) -> IndexMap<String, String> {
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut map = IndexMap::new();
    for name in names {
        if map.contains_key(name) {
            continue;
        }
        let wanted = identifier(name);
        let mut legal = wanted.clone();
        let mut count = 2;
        while !used.insert(legal.clone()) {
            legal = format!("{wanted}_{count}");
            count += 1;
        }
        map.insert(name.to_owned(), legal);
    }
    map
}

/// The intents' names.
pub fn intents<'a>(names: impl IntoIterator<Item = &'a str>) -> IndexMap<String, String> {
    legal(names.into_iter().filter(|name| *name != "none"), &TAKEN_INTENTS)
}

#[cfg(test)]
mod tests {
    use super::intents;

    #[test]
    fn names_are_legal_and_different() {
        let map = intents(["fee-dispute", "fee dispute", "restart", "2nd", "none", "fee-dispute"]);
        let legal: Vec<&str> = map.values().map(String::as_str).collect();
        assert_eq!(legal, ["fee_dispute", "fee_dispute_2", "restart_2", "_2nd"]);
    }
}
