//! The history of a document that is being edited, so that a crash loses at most what was not yet synced: one file a
//! document, its first line the document as it was, each further line a change.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flow_model::tree::{self, Json};

use crate::error::StoreError;
use crate::file::{MAX_BYTES, create, hash, sync_folder};
use crate::leftovers::{self, Guard};

const ENDING: &str = "journal.jsonl";

/// A history that is being written.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

/// What a crash left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The key under which it was opened, mostly the path of the document.
    pub key: String,
    /// What the caller wrote at its start: the document as it was.
    pub base: Json,
    /// The changes since, in order.
    pub changes: Vec<Json>,
    /// Whether the last change was cut off.
    pub torn: bool,
}

impl Journal {
    /// Begins the history of a document anew, in place of what was there; [`Journal::recover`] comes first.
    ///
    /// # Errors
    /// When another window has it open, or the folder cannot be written.
    pub fn open(folder: &Path, key: &str, base: &Json) -> Result<Self, StoreError> {
        let path = path(folder, key);
        let at = |error| StoreError::new(&path, error);
        fs::create_dir_all(folder).map_err(at)?;
        if path.exists() {
            lock(&File::open(&path).map_err(at)?, &path)?;
        }
        leftovers::sweep(&path);
        let temporary = Guard::new(leftovers::beside(&path));
        let mut file = create(temporary.path()).map_err(at)?;
        lock(&file, &path)?;
        let head = Json::Map(vec![
            ("journal".to_owned(), Json::int(1)),
            ("key".to_owned(), Json::text(key)),
            ("base".to_owned(), base.clone()),
        ]);
        file.write_all((tree::compact(&head) + "\n").as_bytes()).map_err(at)?;
        file.sync_all().map_err(at)?;
        fs::rename(temporary.path(), &path).map_err(at)?;
        temporary.keep();
        sync_folder(folder);
        Ok(Self { path, file })
    }

    /// Adds a change; with `sync` it and all before it survive a crash of the machine, else of the program.
    ///
    /// # Errors
    /// When there is no space.
    pub fn append(&mut self, change: &Json, sync: bool) -> Result<(), StoreError> {
        let at = |error| StoreError::new(&self.path, error);
        self.file.write_all((tree::compact(change) + "\n").as_bytes()).map_err(at)?;
        if sync { self.file.sync_data().map_err(at) } else { Ok(()) }
    }

    /// Makes all that was added survive a crash of the machine.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.file.sync_data().map_err(|error| StoreError::new(&self.path, error))
    }

    /// The document is saved or closed: its history is not needed any more.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn clear(self) -> Result<(), StoreError> {
        fs::remove_file(&self.path).map_err(|error| StoreError::new(&self.path, error))
    }

    /// What a crash left of the document of that key; `None` where it left nothing, or another window has it open.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn recover(folder: &Path, key: &str) -> Result<Option<Recovered>, StoreError> {
        let path = path(folder, key);
        if path.exists() { Ok(left(&path)?.filter(|found| found.key == key)) } else { Ok(None) }
    }

    /// All that crashes left, by the time of the last change, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all_left(folder: &Path) -> Result<Vec<Recovered>, StoreError> {
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(folder).map_err(|error| StoreError::new(folder, error))?;
        let mut paths: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().ends_with(ENDING))
            .map(|entry| (entry.metadata().and_then(|meta| meta.modified()).ok(), entry.path()))
            .collect();
        paths.sort();
        Ok(paths.iter().rev().filter_map(|(_, path)| left(path).ok().flatten()).collect())
    }

    /// Throws away what a crash left.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn forget(folder: &Path, key: &str) -> Result<(), StoreError> {
        let path = path(folder, key);
        if path.exists() { fs::remove_file(&path).map_err(|error| StoreError::new(&path, error)) } else { Ok(()) }
    }
}

fn path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{}.{ENDING}", &hash(key.as_bytes())[..32]))
}

fn lock(file: &File, path: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_path_buf())),
        Err(TryLockError::Error(error)) => match error.kind() {
            // A disk that knows no locks: two windows are then told apart by the stamp when they save.
            std::io::ErrorKind::Unsupported => Ok(()),
            _ => Err(StoreError::new(path, error)),
        },
    }
}

fn left(path: &Path) -> Result<Option<Recovered>, StoreError> {
    let file = File::open(path).map_err(|error| StoreError::new(path, error))?;
    if matches!(lock(&file, path), Err(StoreError::InUse(_))) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    (&file).take(MAX_BYTES).read_to_end(&mut bytes).map_err(|error| StoreError::new(path, error))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.split_inclusive('\n');
    let Some(head) = lines.next().and_then(whole) else { return Ok(None) };
    let (Some(key), Some(base)) = (head.get("key").and_then(Json::as_text), head.get("base")) else { return Ok(None) };
    let mut found = Recovered { key: key.to_owned(), base: base.clone(), changes: Vec::new(), torn: false };
    for line in lines {
        match whole(line) {
            Some(change) => found.changes.push(change),
            None => {
                found.torn = true;
                break;
            }
        }
    }
    Ok(Some(found))
}

/// A line that was written to its end.
fn whole(line: &str) -> Option<Json> {
    let reading = tree::read(line.strip_suffix('\n')?);
    if reading.is_json() { reading.json } else { None }
}
