//! Texts that stand for all texts, as far as equality, prefixes, suffixes and containment can tell them apart.
//!
//! Why these are enough: take any text that equals none of the literals. Its longest true prefix, its longest true suffix
//! and its true contained parts, written one after the other with a character between them that no literal has, answer
//! every test as the text does. A prefix test that holds of it has no such character, so it is a prefix of the first
//! part; a containment test lies within one of the parts, and each part lies within the text.

use std::collections::BTreeSet;

use super::lower::Test;
use crate::ast::TextTest;
use crate::value::Value;

/// One text for each way the tests can be answered, likely ones first; `None` when there are too many.
pub(super) fn candidates(tests: &[Test], most: usize) -> Option<Vec<String>> {
    let mut equal = BTreeSet::new();
    let (mut prefixes, mut suffixes, mut parts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for test in tests {
        match test {
            Test::Compare(_, Value::Text(text)) => {
                equal.insert(&**text);
            }
            Test::In(values) => equal.extend(values.iter().filter_map(|value| match value {
                Value::Text(text) => Some(&**text),
                _ => None,
            })),
            Test::Ask(TextTest::StartsWith, part) => {
                prefixes.insert(part.as_str());
            }
            Test::Ask(TextTest::EndsWith, part) => {
                suffixes.insert(part.as_str());
            }
            Test::Ask(TextTest::Contains, part) => {
                parts.insert(part.as_str());
            }
            _ => {}
        }
    }
    let subsets = 1_usize.checked_shl(u32::try_from(parts.len()).ok()?).filter(|_| parts.len() < 16)?;
    let count = (prefixes.len() + 1).checked_mul(suffixes.len() + 1)?.checked_mul(subsets)?;
    if count.checked_add(equal.len())? > most {
        return None;
    }
    let mut found: Vec<String> = equal.iter().map(|text| (*text).to_owned()).collect();
    // A text that says something makes the better case.
    found.sort_by_key(String::is_empty);
    let all = || equal.iter().chain(&prefixes).chain(&suffixes).chain(&parts).copied();
    let gap = fresh(all())?;
    found.extend(plain(tests, gap));
    let (prefixes, suffixes) = (with_none(&prefixes), with_none(&suffixes));
    let parts: Vec<&str> = parts.into_iter().collect();
    for set in 0..subsets {
        let chosen: Vec<&str> =
            parts.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, part)| *part).collect();
        for prefix in &prefixes {
            for suffix in &suffixes {
                found.push(joined(prefix, &chosen, suffix, gap));
            }
        }
    }
    Some(found)
}

fn with_none<'a>(set: &BTreeSet<&'a str>) -> Vec<&'a str> {
    std::iter::once("").chain(set.iter().copied()).collect()
}

/// Prefix, contained parts and suffix, with the fresh character between them.
pub(super) fn joined(prefix: &str, parts: &[&str], suffix: &str, gap: char) -> String {
    let mut text = prefix.to_owned();
    text.push(gap);
    for part in parts {
        text.push_str(part);
        text.push(gap);
    }
    text.push_str(suffix);
    text
}

/// A character that stands in none of the texts; a common one where there is one.
pub(super) fn fresh<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<char> {
    let common = " -_.,~+#".chars().chain('a'..='z').chain('0'..='9');
    common.chain('\u{a1}'..='\u{ffff}').find(|c| !texts.clone().any(|text| text.contains(*c)))
}

/// A text that reads like one, if it answers as a text of which nothing holds.
fn plain(tests: &[Test], gap: char) -> Option<String> {
    let nothing = Value::Text(gap.to_string().into());
    ["something else", "hello", "xyz"].into_iter().map(str::to_owned).find(|text| {
        let value = Value::Text(text.as_str().into());
        tests.iter().all(|test| test.holds(Some(&value)) == test.holds(Some(&nothing)))
    })
}
