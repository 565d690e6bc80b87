//! A corpus kept in columns beside its file, so that replaying it again need not read JSON. It is made once and holds the
//! length, the moment of the last change and the SHA-256 of the file it was made of: where length and moment are still the
//! same it is taken as it is, where they are not the content is compared, and where that differs it is made anew.
//!
//! Lines that cannot be read, and those of which not all is understood, stand in the columns as they are: what is to be told of
//! them needs the line.

mod blocks;
mod read;
mod write;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::file::{Glance, glance, hash, open};
use crate::leftovers::{self, Guard};

pub use read::{Blocks, Corpus};

/// Files that are shorter are read quickly enough as they are.
pub const WORTH_KEEPING: u64 = 4 << 20;

/// What every version of columns begins with.
const FAMILY: &str = "handoff-corpus/";
/// What the columns are and how they are read; another version is made anew.
const VERSION: &str = "handoff-corpus/4";

/// What a file was when its columns were made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    bytes: u64,
    modified: String,
    hash: String,
}

impl Source {
    /// The file as it is now; its content is not looked at.
    fn look(path: &Path) -> Result<Self, StoreError> {
        let Glance { bytes, modified } = glance(path)?;
        let modified = modified.map_or_else(String::new, |modified| modified.to_string());
        Ok(Self { bytes, modified, hash: String::new() })
    }
}

/// Reads, and hashes what it reads.
struct Hashing<R> {
    read: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn content(path: &Path) -> Result<String, StoreError> {
    let mut hashing = Hashing { read: open(path)?, hash: Sha256::new() };
    io::copy(&mut hashing, &mut io::sink()).map_err(|error| StoreError::new(path, error))?;
    Ok(hex(hashing.hash))
}

/// A file under the name that it has whoever asks for it.
fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Where the columns of a file are kept.
fn place(folder: &Path, path: &Path) -> PathBuf {
    let name = hash(whole(path).as_os_str().as_encoded_bytes());
    folder.join(format!("{}.arrow", &name[..32]))
}

/// Removes what was kept of files that are not there any more, and what an older version kept: nobody asks for it again, and
/// it holds their texts. What is not known to be of this program stays.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let named = path.extension().is_some_and(|ending| ending == "arrow")
            && path.file_stem().is_some_and(|stem| stem.len() == 32);
        let useless = |origin: Option<&str>| match origin {
            None => true,
            Some("") => false,
            Some(origin) => matches!(fs::exists(origin), Ok(false)),
        };
        if named && read::origin(&path).is_some_and(|origin| useless(origin.as_deref())) {
            leftovers::remove(&path);
        }
    }
}

/// The columns of a file, made where they are not there yet; none where it is too short to be worth it, or is changed
/// meanwhile. `stopped` is asked now and then while they are made.
///
/// # Errors
/// When the file cannot be read, the folder cannot be written, or it is stopped.
pub fn corpus(folder: &Path, path: &Path, stopped: &dyn Fn() -> bool) -> Result<Option<Corpus>, StoreError> {
    corpus_from(folder, path, WORTH_KEEPING, stopped)
}

/// Lets go of the columns of a file, which are not what was written: they are made anew the next time.
pub fn forget_corpus(folder: &Path, path: &Path) {
    // What cannot be removed is replaced when it is made anew.
    let _ = fs::remove_file(place(folder, path));
}

/// As [`corpus`], of files from so many bytes on.
///
/// # Errors
/// As [`corpus`].
pub fn corpus_from(
    folder: &Path,
    path: &Path,
    shortest: u64,
    stopped: &dyn Fn() -> bool,
) -> Result<Option<Corpus>, StoreError> {
    let now = Source::look(path)?;
    if now.bytes < shortest || !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return Ok(None);
    }
    let place = place(folder, path);
    if let Some(kept) = Corpus::open(&place) {
        let untouched =
            kept.source.bytes == now.bytes && kept.source.modified == now.modified && !now.modified.is_empty();
        if untouched || (kept.source.bytes == now.bytes && kept.source.hash == content(path)?) {
            return Ok(Some(kept));
        }
    }
    fs::create_dir_all(folder).map_err(|error| StoreError::new(folder, error))?;
    leftovers::sweep(&place);
    sweep(folder);
    let temporary = Guard::new(leftovers::beside(&place));
    if !write::write(path, temporary.path(), now, stopped)? {
        return Ok(None);
    }
    fs::rename(temporary.path(), &place).map_err(|error| StoreError::new(&place, error))?;
    temporary.keep();
    Ok(Corpus::open(&place))
}

/// A file that is read while it is hashed.
fn hashing(path: &Path) -> Result<Hashing<File>, StoreError> {
    Ok(Hashing { read: open(path)?, hash: Sha256::new() })
}
