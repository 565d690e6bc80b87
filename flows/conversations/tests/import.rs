//! Files of other tools as data: `tests/cases/import/<case>`; `<case>.expected` says what it is taken for, the mapping that is
//! proposed, the conversations and what was not understood. `<case>.mapping.json` corrects the mapping first, where it exists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and its cases are files"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use flow_conversations::import::{self, Guessed, Head, Mapping, Note, Report, SOURCES, Stop};
use flow_model::tree::{Json, canonical, compact, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/import")
}

/// The files that are imported: all but what is said of them.
fn cases() -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let own = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        !name.ends_with(".expected") && !name.ends_with(".mapping.json") && name != "README.md"
    };
    let mut cases: Vec<PathBuf> = all.filter(own).collect();
    cases.sort();
    cases
}

fn shown(mapping: &Mapping) -> String {
    canonical(&read(&serde_json::to_string(mapping).unwrap()).json.unwrap())
}

fn imported(mapping: &Mapping, bytes: &[u8]) -> (Vec<String>, Vec<Note>, Report) {
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    let mut input = bytes;
    let report = import::run(
        mapping,
        &mut input,
        &mut |_, json| {
            lines.push(compact(&json));
            Ok(())
        },
        &mut |note| {
            notes.push(note.clone());
            Ok(())
        },
    );
    (lines, notes, report.unwrap())
}

fn said_of(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let head = Head::new(name, &bytes, true);
    let mut said = String::new();
    let guesses = import::sniff(&head);
    for guess in &guesses {
        writeln!(said, "{} {} %: {}", guess.kind, guess.confidence, guess.reason).unwrap();
    }
    let Some(best) = guesses.first() else { return "nothing that is known\n".to_owned() };
    let source = import::source(best.kind).unwrap();
    let mut mapping = source.propose(&head);
    write!(said, "\n{}", shown(&mapping)).unwrap();
    let corrected = path.with_file_name(format!("{name}.mapping.json"));
    if let Ok(text) = std::fs::read_to_string(corrected) {
        mapping = serde_json::from_str(&text).unwrap();
        said.push_str("corrected\n");
    }
    let (lines, notes, report) = imported(&mapping, &bytes);
    said.push('\n');
    for line in &lines {
        let (conversation, faults) = flow_conversations::line(line).unwrap_or_else(|e| panic!("{name}: {e}\n{line}"));
        assert!(best.kind == "conversations" || faults.is_empty(), "{name}: {faults:?}\n{line}");
        assert!(!conversation.turns.is_empty());
        writeln!(said, "{line}").unwrap();
    }
    said.push('\n');
    for note in &notes {
        writeln!(said, "{}: {} | {}", note.line, note.what.escape_debug(), note.why).unwrap();
    }
    writeln!(said, "\n{}", serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!((report.conversations, report.notes), (lines.len() as u64, notes.len() as u64), "{name}");
    said
}

#[test]
fn f122_files_of_other_tools_are_recognised_and_imported() {
    let accept = std::env::var_os("GOLDEN").is_some_and(|word| word == "accept");
    let mut wrong = String::new();
    for path in cases() {
        let expected = PathBuf::from(format!("{}.expected", path.display()));
        let actual = said_of(&path);
        if accept {
            std::fs::write(&expected, &actual).unwrap();
        }
        let before = std::fs::read_to_string(&expected).unwrap_or_default();
        if before != actual {
            writeln!(wrong, "{} says\n{before}\nbut it is\n{actual}", expected.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\naccept with: GOLDEN=accept cargo test -p flow-conversations --test import");
}

#[test]
fn every_kind_has_a_case_that_is_taken_for_it() {
    let taken = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        import::sniff(&Head::new(name, &std::fs::read(path).unwrap(), true)).first().map(|guess| guess.kind)
    };
    let found: BTreeSet<&str> = cases().iter().filter_map(taken).collect();
    let all: BTreeSet<&str> = SOURCES.iter().map(|source| source.kind()).collect();
    assert_eq!(found, all);
}

#[test]
fn f123_a_mapping_is_data_that_is_saved_and_read_again() {
    for path in cases() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let head = Head::new(name, &bytes, true);
        for guess in import::sniff(&head) {
            let mut mapping = import::source(guess.kind).unwrap().propose(&head);
            // What was saved is somebody's word, so nothing of it is a guess any more.
            mapping.guessed = Guessed::default();
            let again: Mapping = serde_json::from_str(&shown(&mapping)).unwrap();
            assert_eq!(again, mapping, "{name} as {}", guess.kind);
            assert_eq!(mapping.faults(), Ok(()));
        }
    }
    let unknown = serde_json::from_str::<Mapping>(r#"{"kind":"csv","columns":[],"colums":[]}"#);
    assert!(unknown.unwrap_err().to_string().contains("colums"));
}

#[test]
fn what_was_imported_is_the_same_when_it_is_imported_again() {
    for path in cases() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let head = Head::new(name, &bytes, true);
        let Some(best) = import::sniff(&head).into_iter().next() else { continue };
        let (lines, _, _) = imported(&import::source(best.kind).unwrap().propose(&head), &bytes);
        let text = lines.join("\n");
        if text.is_empty() {
            continue;
        }
        let again = Head::new("again.conversations.jsonl", text.as_bytes(), true);
        assert_eq!(import::sniff(&again)[0].kind, "conversations", "{name}\n{text}");
        let ours = import::source("conversations").unwrap().propose(&again);
        assert_eq!(imported(&ours, text.as_bytes()).0, lines, "{name}");
    }
}

/// Whatever the kind is told to be and wherever the file ends, nothing panics, and every line that is written is a
/// conversation.
#[test]
fn any_file_as_any_kind_ends_with_a_report() {
    let all: Vec<(String, Vec<u8>)> = cases()
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    for (name, bytes) in &all {
        let ends = [bytes.len(), bytes.len() / 2, bytes.len() / 3, 1, 0];
        for source in SOURCES {
            for end in ends {
                let bytes = &bytes[..end];
                let mapping = source.propose(&Head::new(name, bytes, true));
                for line in imported(&mapping, bytes).0 {
                    flow_conversations::line(&line)
                        .unwrap_or_else(|e| panic!("{name} as {}: {e}\n{line}", source.kind()));
                }
            }
        }
    }
}

#[test]
fn f125_a_table_of_any_size_is_read_in_its_order() {
    let mut table = String::from("conversation_id,speaker,text\n");
    let long = "fee ".repeat(3 << 20);
    for number in 0..200 {
        writeln!(table, "c{},user,word {number}", number % 50).unwrap();
    }
    writeln!(table, "big,user,\"{long}\"").unwrap();
    let head = Head::new("t.csv", &table.as_bytes()[..4096], false);
    let mapping = import::source("csv").unwrap().propose(&head);
    let (lines, notes, _) = imported(&mapping, table.as_bytes());
    assert!(notes.is_empty(), "{notes:?}");
    let ids: Vec<String> = lines.iter().map(|line| flow_conversations::line(line).unwrap().0.id.to_string()).collect();
    let expected: Vec<String> = (0..50).map(|number| format!("c{number}")).chain(["big".to_owned()]).collect();
    assert_eq!(ids, expected);
    assert!(lines.last().unwrap().len() > 12 << 20);
}

#[test]
fn reading_ends_when_it_is_asked_to() {
    let text = "text,category\none two,x\nthree four,y\nfive six,z\n";
    let mapping = import::source("csv").unwrap().propose(&Head::new("t.csv", text.as_bytes(), true));
    let mut seen = 0;
    let mut take = |_: u64, _: Json| {
        seen += 1;
        if seen == 2 { Err(Stop::Asked) } else { Ok(()) }
    };
    let ended = import::run(&mapping, &mut text.as_bytes(), &mut take, &mut |_| Ok(()));
    assert_eq!((ended, seen), (Err(Stop::Asked), 2));
}

/// Each row of a table becomes a turn, is left out by the mapping under its value, or is told with its line.
#[test]
fn f124_nothing_is_left_out_in_silence() {
    let rows =
        ["user,hi,0.5", "bot,hello,", "system,joined,", "alien,?,", "user,,", "user,again,high", ",nobody,", "bot,,"];
    let text = format!("who,text,confidence,extra\n{}", rows.map(|row| format!("{row},1\n")).concat());
    let mut mapping = import::source("csv").unwrap().propose(&Head::new("t.csv", text.as_bytes(), true));
    mapping.columns.retain(|column| column.from != "extra");
    let (lines, notes, report) = imported(&mapping, text.as_bytes());
    assert_eq!(lines.len(), 1);
    assert_eq!((report.rows, report.turns, report.skipped["system"], report.unused["extra"]), (8, 3, 1, 8));
    assert_eq!(notes.iter().map(|note| note.line).collect::<Vec<_>>(), [5, 6, 7, 8, 9]);
    assert!(notes[2].what.contains("high"), "a value that is left out of a turn that stays: {:?}", notes[2]);
}
