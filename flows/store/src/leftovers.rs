//! Names of files and folders in the making, and what a killed program left of them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long something in the making can take; what is older was left by a program that was killed.
const STALE: Duration = Duration::from_secs(600);

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A new hidden name beside `path`.
pub fn beside(path: &Path) -> PathBuf {
    let mut name = prefix(path.file_name().unwrap_or_else(|| OsStr::new("handoff")));
    name.push(format!("{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    folder(path).join(name)
}

/// The folder that holds `path`.
pub fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn prefix(name: &OsStr) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".handoff-");
    prefix
}

/// Removes what was left in the making beside `path`.
pub fn sweep(path: &Path) {
    let Some(name) = path.file_name() else { return };
    let prefix = prefix(name);
    let Ok(entries) = fs::read_dir(folder(path)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
            && name.as_encoded_bytes().ends_with(b".tmp");
        let old = || entry.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.elapsed().ok());
        if ours && old().is_some_and(|age| age > STALE) {
            remove(&entry.path());
        }
    }
}

/// Removes a file or a folder; that it cannot be removed changes nothing.
pub fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Removes its path when dropped, unless it was let go.
pub struct Guard {
    path: PathBuf,
    armed: bool,
}

impl Guard {
    /// Guards a path.
    pub fn new(path: PathBuf) -> Self {
        Self { path, armed: true }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path has become what it should be.
    pub fn keep(mut self) {
        self.armed = false;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.armed {
            remove(&self.path);
        }
    }
}
