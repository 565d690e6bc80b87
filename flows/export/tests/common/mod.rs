//! What the tests of exports share: flows of the repository and of texts, and golden exports.
#![allow(dead_code, reason = "each file of tests takes what it needs")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flow_check::{Checked, valid};
use flow_conversations::line;
use flow_export::{Bundle, Case, cases};
use flow_model::document::read_bytes;

/// The templates, by their ids.
pub const TEMPLATES: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A flow that stands beside those that it calls.
pub fn checked(path: &Path) -> Checked {
    let folder = path.parent().unwrap().to_owned();
    let document = read_bytes(&std::fs::read(path).unwrap()).unwrap();
    valid(&document, &move |id| Some(read_bytes(&std::fs::read(folder.join(format!("{id}.flow.json"))).ok()?)))
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()))
}

/// One of the flows that try the platforms.
pub fn odd(name: &str) -> Checked {
    checked(&root().join(format!("tests/platforms/{name}.flow.json")))
}

/// A template with its conversations.
pub fn template(name: &str) -> (Checked, Vec<Case>) {
    let folder = root().join("flows/templates");
    let flow = checked(&folder.join(format!("{name}.flow.json")));
    let lines = std::fs::read_to_string(folder.join(format!("{name}.conversations.jsonl"))).unwrap();
    let conversations: Vec<_> = lines.lines().filter_map(|text| Some(line(text).ok()?.0)).collect();
    let cases = cases(&flow, &conversations);
    (flow, cases)
}

/// A flow that stands in the test.
pub fn small(text: &str) -> Checked {
    valid(&read_bytes(text.as_bytes()).unwrap(), &|_| None).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// Holds an export against the files below `tests/golden`; those that are not `shown` have tests of their own.
/// `GOLDEN=accept cargo test -p flow-export` writes what is now exported.
pub fn golden(place: &str, bundle: &Bundle, shown: impl Fn(&str) -> bool) {
    let folder = root().join("tests/golden").join(place);
    let files: BTreeMap<&String, &Vec<u8>> = bundle.files.iter().filter(|(path, _)| shown(path)).collect();
    if std::env::var_os("GOLDEN").is_some_and(|word| word == "accept") {
        let _ = std::fs::remove_dir_all(&folder);
        for (path, bytes) in &files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    let known = files_below(&folder);
    for (path, bytes) in &files {
        let same = known.get(*path) == Some(*bytes);
        assert!(same, "{place}/{path} differs; accept with GOLDEN=accept cargo test -p flow-export");
    }
    let stray: Vec<_> = known.keys().filter(|path| !files.contains_key(*path)).collect();
    assert!(stray.is_empty(), "golden files of {place} that nothing exports: {stray:?}");
}
