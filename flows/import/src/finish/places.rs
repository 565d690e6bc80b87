//! Where things stand in their files, in words that people and editors can follow.

use std::collections::BTreeMap;

use flow_model::tree::escape;

use crate::note::Note;
use crate::part::Part;
use crate::source::{Place, Source, Told};

/// What was told, with file, pointer and line.
pub(super) fn notes(source: &Source<'_>, told: Vec<Told>) -> Vec<Note> {
    let mut wanted: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for one in &told {
        if let Place::Value(at) = one.place {
            wanted.entry(one.file).or_default().push(at);
        }
    }
    let found: BTreeMap<u32, Found> = wanted
        .into_iter()
        .map(|(file, mut numbers)| {
            numbers.sort_unstable();
            (file, find(source, file, &numbers))
        })
        .collect();
    let note = |one: Told| {
        let (pointer, line) = match one.place {
            Place::File => (String::new(), None),
            Place::Line(line) => (String::new(), Some(line)),
            Place::Value(at) => found.get(&one.file).and_then(|found| found.get(&at)).cloned().unwrap_or_default(),
        };
        let at = usize::try_from(one.file).unwrap_or(usize::MAX);
        let file = source.files.get_index(at).map_or(String::new(), |(path, _)| (*path).to_owned());
        Note { code: one.code, file, pointer, line, what: one.what, kept: one.kept }
    };
    let mut notes: Vec<(u32, Note)> = told.into_iter().map(|one| (one.file, note(one))).collect();
    notes.sort_by_key(|(file, note)| (*file, note.line));
    notes.into_iter().map(|(_, note)| note).collect()
}

/// Pointer and line by the number of a value.
type Found = BTreeMap<u32, (String, Option<u32>)>;

fn find(source: &Source<'_>, file: u32, numbers: &[u32]) -> Found {
    let mut found = Found::new();
    let at = usize::try_from(file).unwrap_or(usize::MAX);
    let Some((_, looked)) = source.files.get_index(at) else { return found };
    if let Some(Some(part)) = looked.tree.get() {
        pointers(part, &mut String::new(), numbers, &mut found);
    }
    let given = looked.tree_lines.get().filter(|lines| !lines.is_empty());
    let lines = match (given, looked.text.get()) {
        (Some(lines), _) => lines.clone(),
        (None, Some(text)) => lines_of_values(text),
        (None, None) => Vec::new(),
    };
    for (number, (_, line)) in &mut found {
        *line = usize::try_from(*number).ok().and_then(|number| lines.get(number)).copied();
    }
    found
}

fn pointers(part: &Part, pointer: &mut String, numbers: &[u32], found: &mut Found) {
    if numbers.binary_search(&part.at).is_ok() {
        found.insert(part.at, (pointer.clone(), None));
    }
    let length = pointer.len();
    for (at, inner) in part.items().iter().enumerate() {
        pointer.push_str(&format!("/{at}"));
        pointers(inner, pointer, numbers, found);
        pointer.truncate(length);
    }
    for (key, inner) in part.entries() {
        pointer.push('/');
        pointer.push_str(&escape(key));
        pointers(inner, pointer, numbers, found);
        pointer.truncate(length);
    }
}

/// The line on which each value of a JSON text begins, in the order of the values. The text is known to be JSON.
fn lines_of_values(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let (mut lines, mut line, mut at) = (Vec::new(), 1, 0);
    // Of each open bracket: whether it is an object, and whether a key comes next.
    let mut open: Vec<(bool, bool)> = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let begun = at;
        at += 1;
        match byte {
            b'\n' => line += 1,
            b'{' | b'[' => {
                lines.push(line);
                open.push((*byte == b'{', *byte == b'{'));
            }
            b'}' | b']' => {
                open.pop();
            }
            b',' => set_key(&mut open, true),
            b':' => set_key(&mut open, false),
            b' ' | b'\t' | b'\r' => {}
            b'"' => {
                at = end_of_text(bytes, at);
                if !matches!(open.last(), Some((true, true))) {
                    lines.push(line);
                }
            }
            _ if text.get(begun..).is_some_and(|rest| rest.starts_with('\u{feff}')) => at += 2,
            _ => {
                let end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                at += bytes.iter().skip(at).take_while(|byte| !end(byte)).count();
                lines.push(line);
            }
        }
    }
    lines
}

fn set_key(open: &mut [(bool, bool)], comes: bool) {
    if let Some((true, key)) = open.last_mut() {
        *key = comes;
    }
}

fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::lines_of_values;

    #[test]
    fn values_know_their_lines() {
        let text = "{\n\"a\": [1,\n \"x\\\"]\\n\",\n{}],\n\"b\":\n {\"c\": null, \"d\":\ntrue}\n}";
        //          0        1 2   3                4            5     6             7
        assert_eq!(lines_of_values(text), [1, 2, 2, 3, 4, 6, 6, 7]);
        assert_eq!(lines_of_values("\u{feff}[-1.5]"), [1, 1]);
    }
}
