//! The list of what is generated, and how it is written or compared.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::{bindings, manual, say, sentences};

/// Folders in which nothing but generated files stands.
const OWN: &[&str] = &["docs/manual/rules", "docs/manual/platforms", "docs/manual/targets", "ui/src/bindings"];

/// Every generated file by its path from the root.
fn files(root: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    files.insert("ui/src/bindings/rpc.ts".to_owned(), bindings::text());
    for schema in flow_api::schemas::SCHEMAS {
        files.insert(schema.path.to_owned(), (schema.text)());
    }
    files.insert("ui/src/bindings/sentences.ts".to_owned(), sentences::text(root)?);
    manual::pages(&mut files);
    Ok(files)
}

/// Writes what differs, or with `check` only says so; whether all is as it should be.
pub(crate) fn run(root: &Path, check: bool) -> io::Result<bool> {
    let files = files(root)?;
    let mut fresh = true;
    for (path, text) in &files {
        let place = root.join(path);
        if fs::read_to_string(&place).is_ok_and(|old| old == *text) {
            continue;
        }
        fresh = false;
        if check {
            say(&format!("{path} is stale"));
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&place, text)?;
        say(&format!("wrote {path}"));
    }
    for path in left_over(root, &files)? {
        fresh = false;
        if check {
            say(&format!("{path} is generated no more"));
        } else {
            fs::remove_file(root.join(&path))?;
            say(&format!("removed {path}"));
        }
    }
    if check && !fresh {
        say("run `npm run gen` and commit what it writes");
    }
    Ok(fresh || !check)
}

/// Files of the generated folders that nothing generates any more.
fn left_over(root: &Path, files: &BTreeMap<String, String>) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in OWN {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            if !files.contains_key(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
