//! The invariants of `docs/architecture.md` that no type holds: each is a test here, named after it.

mod crates;
mod interface;
mod lists;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::handoff::root;

/// The files of the repository below a folder with one of these endings: those in git and those about to be.
fn files(below: &str, endings: &[&str]) -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "--", below])
        .current_dir(root())
        .output();
    let names = match listed {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap(),
        // Sources without git, such as a release archive.
        _ => walk(&root().join(below)).join("\n"),
    };
    let mut files: Vec<PathBuf> = names
        .lines()
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .map(|name| root().join(name))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.dedup();
    files
}

fn walk(folder: &Path) -> Vec<String> {
    let skipped = ["target", "node_modules", "dist", ".git"];
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            names.push(path.strip_prefix(root()).unwrap().to_string_lossy().into_owned());
        } else if !skipped.contains(&&*entry.file_name().to_string_lossy()) {
            names.extend(walk(&path));
        }
    }
    names
}

fn read(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Fails with all findings at once.
fn none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}
