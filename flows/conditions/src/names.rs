//! Ids, reserved words, and the nearest name to a misspelt one.

/// The words of the language and the words that CEL keeps for its hosts: none of them is an id.
pub const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// The most characters an id can have.
pub const MAX_ID: usize = 64;

/// Whether this is one of the words that no id can be.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Whether this is an id: `[A-Za-z_][A-Za-z0-9_]{0,63}` and not a reserved word.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.len() <= MAX_ID
        && !is_reserved(text)
}

/// The candidate most like `word`, if one is like it at all.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let most = (word.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && !candidate.is_empty())
        .map(|candidate| (likeness(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The distance of two words; a word that is the last part of a dotted name stands very near to it.
fn likeness(word: &str, candidate: &str) -> usize {
    if word == candidate {
        return 0;
    }
    let tail = candidate.strip_suffix(word).is_some_and(|head| head.ends_with('.'));
    if tail { 1 } else { distance(word, candidate) }
}

/// Edits (insert, delete, replace, swap neighbours) between two words.
fn distance(left: &str, right: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().take(80).collect(), right.chars().take(80).collect());
    let mut rows = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_for_the_search() {
        assert!(RESERVED.is_sorted());
        assert!(RESERVED.iter().all(|word| is_reserved(word)));
    }

    #[test]
    fn ids_match_the_pattern() {
        for good in ["a", "_", "A9_", "to_tier1", &"x".repeat(64)] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "9a", "a.b", "a-b", "ä", "in", "const", "while", "true", &"x".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn finds_the_name_that_was_meant() {
        let names = ["confidence", "sentiment", "slots.transaction_id", "intent"];
        for (word, meant) in [
            ("confidense", Some("confidence")),
            ("Intent", Some("intent")),
            ("transaction_id", Some("slots.transaction_id")),
            ("zzz", None),
        ] {
            assert_eq!(nearest(word, names), meant);
        }
    }
}
