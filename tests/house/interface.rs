//! The direction of the interface, and what its sources may not hold.

use std::path::{Component, Path, PathBuf};

use super::{files, none, read, shown};
use crate::handoff::root;

/// From the bottom up. `panels` and `canvas` stand side by side and meet in `shell`.
const RANKS: &[&[&str]] = &[
    &["bindings", "text", "design"],
    &["document"],
    &["kinds", "platform"],
    &["panels", "canvas"],
    &["shell"],
    &["main.ts", "app.d.ts", "vite-env.d.ts"],
];

fn rank(place: &str) -> Option<usize> {
    RANKS.iter().position(|names| names.contains(&place))
}

fn sources() -> Vec<PathBuf> {
    files("ui/src", &[".ts", ".svelte"])
}

/// Those that ship: tests may name what they forbid.
fn shipped() -> impl Iterator<Item = PathBuf> {
    sources().into_iter().filter(|path| !shown(path).ends_with(".test.ts"))
}

/// The first folder (or the file) below `ui/src`.
fn place(path: &Path) -> String {
    let below = path.strip_prefix(root().join("ui/src")).unwrap_or(path);
    below.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a source imports: line, whether types alone, and from where.
fn imports(text: &str) -> Vec<(usize, bool, String)> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let Some(from) = line.split_once(" from ").map(|(_, f)| f).or_else(|| line.trim().strip_prefix("import "))
        else {
            continue;
        };
        let Some(quote) = from.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        if let Some(name) = from[1..].split(quote).next() {
            found.push((i + 1, line.trim_start().starts_with("import type"), name.to_owned()));
        }
    }
    found
}

fn resolve(from: &Path, name: &str) -> PathBuf {
    let mut path = from.parent().unwrap().to_path_buf();
    for part in Path::new(name).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path
}

#[test]
fn interface_imports_follow_the_direction() {
    let mut wrong = Vec::new();
    for path in sources() {
        let own = place(&path);
        let Some(height) = rank(&own) else {
            wrong.push(format!("{}: {own} has no rank: add it to RANKS", shown(&path)));
            continue;
        };
        for (line, types, name) in imports(&read(&path)).into_iter().filter(|(_, _, name)| name.starts_with('.')) {
            let other = place(&resolve(&path, &name));
            // A type leaves no edge in the program; side by side, two folders agree by types, and by
            // those of the canvas what is lit on it.
            let limit = if types { height + 1 } else { height };
            let agreed = own == "panels" && name.ends_with("canvas/types");
            if other != own && !agreed && rank(&other).is_none_or(|r| r >= limit) {
                wrong.push(format!("{}:{line}: {own} imports {name}", shown(&path)));
            }
        }
    }
    none("direction of ui", &wrong);
}

#[test]
fn only_platform_knows_the_window_toolkit() {
    let mut wrong = Vec::new();
    for path in shipped() {
        if place(&path) != "platform" && (read(&path).contains("@tauri-apps") || read(&path).contains("__TAURI")) {
            wrong.push(shown(&path));
        }
    }
    none("the toolkit outside of platform/", &wrong);
}

#[test]
fn text_of_documents_is_never_markup() {
    let mut wrong = Vec::new();
    for path in shipped() {
        let text = read(&path);
        for word in
            ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function("]
        {
            if text.contains(word) {
                wrong.push(format!("{}: {word}", shown(&path)));
            }
        }
    }
    none("text that becomes markup or code", &wrong);
}

#[test]
fn typescript_says_its_types_and_names() {
    let mut wrong = Vec::new();
    for path in sources() {
        for (i, line) in read(&path).lines().enumerate() {
            let any = [": any", "<any", "as any", "any[]"].iter().any(|word| {
                line.match_indices(word).any(|(at, _)| {
                    let end = line[at + word.len()..].chars().next();
                    !end.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '('))
                })
            });
            let named = line.trim_start().starts_with("export default");
            let hushed = line.contains("@ts-ignore") || line.contains("@ts-nocheck");
            if (any && !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*')) || named || hushed {
                wrong.push(format!("{}:{}: {}", shown(&path), i + 1, line.trim()));
            }
        }
    }
    none("any, default exports, silenced checks", &wrong);
}
