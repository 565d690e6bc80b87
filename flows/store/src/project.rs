//! The files of another tool's project: a folder, a zip file, or one file. What they may be is bounded before anything is
//! made of them, so that no archive fills the memory and no name leads out of its folder; nothing is ever written.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;

use crate::error::StoreError;
use crate::file;

/// How many files are read at the most.
pub const MOST_FILES: usize = 10_000;
/// How many bytes are read at the most, of all files together.
pub const MOST_BYTES: u64 = 128 * 1_048_576;
/// How many folders may lie within each other.
pub const MOST_FOLDERS: usize = 24;
/// A file of a zip file that is longer than [`FREE`] may be so many times as long as it is packed: what people write packs
/// no better than this.
const RATIO: u64 = 250;
/// The bytes that a packed file may have whatever its ratio.
const FREE: u64 = 1_048_576;
/// Folders of tools, which belong to no project.
const PASSED_OVER: &[&str] = &[".git", ".hg", ".svn", "node_modules", "__MACOSX", "__pycache__", ".venv"];
/// The bits of a Unix mode that say what a file is.
const KIND: u32 = 0o170_000;
/// Those of a link.
const LINK: u32 = 0o120_000;

/// The files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The name of the folder or file, without its ending.
    pub name: String,
    /// Contents by path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What was not read, and why.
    pub skipped: Vec<(String, String)>,
}

/// Reads a project.
///
/// # Errors
/// When it cannot be read, or has more files, bytes or folders than a project has.
pub fn project(path: &Path) -> Result<Found, StoreError> {
    let meta = fs::metadata(path).map_err(|error| StoreError::new(path, error))?;
    if !meta.is_dir() {
        return project_of(path, file::read(path)?);
    }
    // The name of a folder is whole: it has no ending.
    let whole = fs::canonicalize(path).ok().and_then(|p| p.file_name().map(|n| n.to_string_lossy().into_owned()));
    let mut reading = Reading::new(path, whole.unwrap_or_default());
    reading.folder(path, "", 0)?;
    Ok(reading.found)
}

/// A project of the bytes of one file of this name: of all that a zip file holds, or of the file itself.
///
/// # Errors
/// As [`project`].
pub fn project_of(path: &Path, bytes: Vec<u8>) -> Result<Found, StoreError> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut reading = Reading::new(path, stem.unwrap_or_default());
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        reading.archive(bytes)?;
    } else {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        reading.more(bytes.len() as u64)?;
        reading.found.files.insert(name, bytes);
    }
    Ok(reading.found)
}

struct Reading<'a> {
    path: &'a Path,
    found: Found,
    bytes: u64,
}

impl<'a> Reading<'a> {
    fn new(path: &'a Path, name: String) -> Self {
        Self { path, found: Found { name, ..Found::default() }, bytes: 0 }
    }

    fn refused(&self, why: impl Into<String>) -> StoreError {
        StoreError::NoProject { path: self.path.to_path_buf(), why: why.into() }
    }

    /// Makes room for a file.
    fn more(&mut self, bytes: u64) -> Result<(), StoreError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            let most = MOST_BYTES / 1_048_576;
            return Err(self.refused(format!(
                "its files have more than {most} MB together, the most that is read; name a folder or file within it"
            )));
        }
        if self.found.files.len() >= MOST_FILES {
            return Err(self.refused(format!(
                "it has more than {MOST_FILES} files, the most that is read; name a folder or file within it"
            )));
        }
        Ok(())
    }

    fn skip(&mut self, path: String, why: &str) -> Result<(), StoreError> {
        if self.found.skipped.len() >= MOST_FILES {
            return Err(self
                .refused(format!("it has more than {MOST_FILES} entries that are no files; name a folder within it")));
        }
        self.found.skipped.push((path, why.to_owned()));
        Ok(())
    }

    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), StoreError> {
        if depth > MOST_FOLDERS {
            return Err(self.refused(format!(
                "{prefix} lies in more than {MOST_FOLDERS} folders within each other; name a folder within it"
            )));
        }
        let at = |error| StoreError::new(folder, error);
        let mut entries: Vec<fs::DirEntry> = Vec::new();
        for entry in fs::read_dir(folder).map_err(at)? {
            if entries.len() >= 2 * MOST_FILES {
                return Err(self.refused(format!(
                    "{} has more than {} entries, the most that are read; name a folder or file within it",
                    folder.display(),
                    2 * MOST_FILES
                )));
            }
            entries.push(entry.map_err(at)?);
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(at)?;
            if PASSED_OVER.contains(&name.as_str()) {
                self.skip(path, "a folder of tools, which belongs to no project")?;
            } else if kind.is_symlink() {
                self.skip(path, "a link, which is not followed; put the file itself there")?;
            } else if kind.is_dir() {
                self.folder(&entry.path(), &format!("{path}/"), depth + 1)?;
            } else if kind.is_file() {
                let length = entry.metadata().map_err(at)?.len();
                self.more(length)?;
                let bytes = file::read(&entry.path())?;
                self.found.files.insert(path, bytes);
            } else {
                self.skip(path, "neither a file nor a folder")?;
            }
        }
        Ok(())
    }

    fn archive(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        let damaged = |error: zip::result::ZipError| format!("the zip file cannot be read: {error}; pack it again");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| self.refused(damaged(error)))?;
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).map_err(|error| self.refused(damaged(error)))?;
            let name = match entry.name() {
                Ok(name) => name.replace('\\', "/"),
                Err(error) => return Err(self.refused(damaged(error))),
            };
            self.leads_within(&name)?;
            if entry.is_dir() || name.ends_with('/') {
                continue;
            }
            if entry.unix_mode().is_some_and(|mode| mode & KIND == LINK) {
                self.skip(name, "a link, which is not followed; put the file itself there")?;
                continue;
            }
            if name.split('/').any(|part| PASSED_OVER.contains(&part)) {
                self.skip(name, "in a folder of tools, which belongs to no project")?;
                continue;
            }
            let (packed, mut bytes) = (entry.compressed_size(), Vec::new());
            let most = FREE.max(packed.saturating_mul(RATIO));
            let room = MOST_BYTES.saturating_sub(self.bytes);
            let read = (&mut entry).take(most.min(room) + 1).read_to_end(&mut bytes);
            if let Err(error) = read {
                return Err(self.refused(format!("{name} cannot be unpacked: {error}; pack it again")));
            }
            if bytes.len() as u64 > most {
                return Err(self.refused(format!(
                    "{name} unpacks to more than {RATIO} times its size, as no text does; unpack the file yourself if you \
                     trust it, and name the folder"
                )));
            }
            self.more(bytes.len() as u64)?;
            if self.found.files.insert(name.clone(), bytes).is_some() {
                return Err(self.refused(format!("it has two files named {name}; pack it again")));
            }
        }
        Ok(())
    }

    /// A name of a zip file leads to a place within the folder that it is unpacked to.
    fn leads_within(&self, name: &str) -> Result<(), StoreError> {
        let shown = name.escape_debug();
        let drive = name.as_bytes().get(1) == Some(&b':');
        if name.starts_with('/') || drive || name.split('/').any(|part| part == "..") || name.contains('\0') {
            return Err(self.refused(format!(
                "the zip file names {shown}, which leads out of its folder; nothing of it was read, do not trust it"
            )));
        }
        if name.split('/').count() > MOST_FOLDERS + 1 {
            return Err(self.refused(format!(
                "{} lies in more than {MOST_FOLDERS} folders within each other",
                shown.to_string().chars().take(80).collect::<String>()
            )));
        }
        Ok(())
    }
}
