#![allow(clippy::disallowed_methods, reason = "the cases are files")]

use std::time::{Duration, UNIX_EPOCH};

use super::*;

/// A folder with two files: conversations, repeated ones, broken and empty lines.
struct Folder {
    folder: tempfile::TempDir,
}

fn line(id: &str, words: &str) -> String {
    format!("{{\"id\":\"{id}\",\"turns\":[{{\"who\":\"user\",\"text\":\"{words}\"}}]}}\n")
}

impl Folder {
    fn new() -> Self {
        let own = Self { folder: tempfile::tempdir().unwrap() };
        let mut one = String::from("\u{feff}");
        for i in 0..300 {
            one +=
                &line(&format!("c{}", if i % 7 == 3 { i - 1 } else { i }), if i % 3 == 0 { "apple" } else { "pear" });
            one += if i % 11 == 0 { "\n" } else { "" };
        }
        own.write("a.conversations.jsonl", &(one + "{broken\n"));
        let two: String = (200..420).map(|i| line(&format!("c{i}"), "apple or pear")).collect();
        own.write("b.conversations.jsonl", two.trim_end());
        own
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn inputs(&self) -> Vec<Input> {
        ["a.conversations.jsonl", "b.conversations.jsonl"].map(|name| Input::Path(self.path(name))).into()
    }

    fn asked(&self, indexes: &Indexes, text: &str, from: usize, most: usize) -> Searched {
        let query = super::super::query_or_all(text).unwrap();
        indexes.search(self.inputs(), text, &query, Part { from, most, once: true }).unwrap()
    }

    /// What reading everything again finds.
    fn expected(&self, text: &str, from: usize, most: usize) -> Searched {
        let query = super::super::query_or_all(text).unwrap();
        let mut searched = search(self.inputs(), &query, Part { from, most, once: true }).unwrap();
        searched.unread.truncate(1);
        searched
    }
}

#[test]
fn every_part_is_what_reading_everything_again_finds() {
    let folder = Folder::new();
    for most in [None, Some(256), Some(64), Some(3)] {
        let indexes = Indexes { most, ..Indexes::default() };
        for text in ["", "apple", "pear", "id:c7", "nothing"] {
            for from in [0, 250, 1, 199, 40, 400, 10_000] {
                for part in [0, 1, 7, 60] {
                    let (found, expected) =
                        (folder.asked(&indexes, text, from, part), folder.expected(text, from, part));
                    assert_eq!(found, expected, "{text:?} {from} {part} {most:?}");
                }
            }
        }
        assert_eq!(indexes.kept().len(), KEPT);
        if let Some(most) = most {
            assert!(indexes.kept().iter().all(|index| index.marks.len() <= most));
        }
    }
}

#[test]
fn a_part_reads_no_other_part() {
    let folder = Folder::new();
    let indexes = Indexes::default();
    folder.asked(&indexes, "", 0, 1);
    let expected = folder.expected("", 300, 20);
    // What nobody asks for is made unreadable behind its back: same length, same moment.
    let path = folder.path("a.conversations.jsonl");
    let moment = std::fs::metadata(&path).unwrap().modified().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, "x".repeat(text.len())).unwrap();
    std::fs::File::options().append(true).open(&path).unwrap().set_modified(moment).unwrap();
    assert_eq!(folder.asked(&indexes, "", 300, 20), expected);
    // What is asked for is looked at, and then everything is.
    assert_eq!(folder.asked(&indexes, "", 0, 20), folder.expected("", 0, 20));
    assert_eq!(folder.asked(&indexes, "", 0, 20).conversations, 220);
}

#[test]
fn a_file_that_was_changed_is_searched_anew() {
    let folder = Folder::new();
    let indexes = Indexes::default();
    let before = folder.asked(&indexes, "apple", 0, 1000);
    let path = folder.path("b.conversations.jsonl");
    // Longer.
    folder.write("b.conversations.jsonl", &(std::fs::read_to_string(&path).unwrap() + "\n" + &line("new", "apple")));
    let after = folder.asked(&indexes, "apple", 0, 1000);
    assert_eq!((after.count, after.hits.last().unwrap().id.as_str()), (before.count + 1, "new"));
    // As long, at another moment.
    folder.write("b.conversations.jsonl", &std::fs::read_to_string(&path).unwrap().replace("\"new\"", "\"old\""));
    let moment = UNIX_EPOCH + Duration::from_secs(1);
    std::fs::File::options().append(true).open(&path).unwrap().set_modified(moment).unwrap();
    assert_eq!(folder.asked(&indexes, "apple", 0, 1000).hits.last().unwrap().id, "old");
    // Only one search of a query stays.
    assert_eq!(indexes.kept().len(), 1);
    // Gone.
    std::fs::remove_file(&path).unwrap();
    let query = super::super::query_or_all("apple").unwrap();
    assert!(indexes.search(folder.inputs(), "apple", &query, Part { from: 0, most: 9, once: true }).is_err());
}
