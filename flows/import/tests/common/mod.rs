//! What every importer's tests need: projects of texts and of folders, and what holds for each import.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]
#![allow(dead_code, reason = "each test uses its own part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flow_import::{Imported, Project, import};
use flow_model::{Flow, document};

/// A project of files.
pub fn project(name: &str, files: &[(&str, &[u8])]) -> Project {
    let file = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), bytes.to_vec());
    Project::new(name, files.iter().map(file).collect::<BTreeMap<_, _>>())
}

/// The files of a folder.
pub fn folder(path: &Path) -> Project {
    fn walk(at: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            match entry.path() {
                path if path.is_dir() => walk(&path, &format!("{name}/"), files),
                path => drop(files.insert(name, std::fs::read(path).unwrap())),
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(path, "", &mut files);
    Project::new(path.file_stem().unwrap_or_default().to_string_lossy(), files)
}

/// Real projects beside the checkout, which are not shipped; none where they are not at hand, which is said.
pub fn shared(below: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("HANDOFF_SHARED").map_or(root, PathBuf::from).join("platforms").join(below);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Imports, and holds what is true of every import: the document is valid, every element is read, told or counted, and what
/// is said to be kept with a card is kept with one that is there.
pub fn imported(project: &Project, kind: &str) -> (Imported, Flow) {
    let made = import(project, None).unwrap_or_else(|error| panic!("{}: {error}", project.name()));
    assert_eq!(made.format, kind, "{}", project.name());
    let read = document::read(&made.flow).unwrap();
    let problems = flow_check::valid(&read, &|_| None).err().unwrap_or_default();
    let faults: Vec<_> = problems.iter().filter(|problem| problem.severity == flow_model::Severity::Error).collect();
    assert!(faults.is_empty(), "{}: {faults:?}\n{}", project.name(), made.flow);
    let tally = made.tally;
    assert_eq!(tally.elements, tally.read + tally.noted + tally.left_out, "{}", project.name());
    for note in &made.notes {
        assert!(!note.what.is_empty(), "{note:?}");
        if let Some(card) = note.kept.card() {
            assert!(read.flow.nodes.contains_key(card), "{}: {note:?}", project.name());
        }
    }
    assert_eq!(import(project, None).unwrap(), made, "the same project gives the same bytes");
    (made, read.flow)
}
