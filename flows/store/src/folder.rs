//! A whole folder of files: all of them, or what was there before.
//!
//! A folder that is not there yet is made beside its place and renamed into it. One that is there stays the same folder,
//! so that a terminal or a server that works in it goes on, and so do the files that no export wrote. What stands there as
//! it is to be is left alone; the other files are staged within it and then renamed into their places one by one; should
//! that fail in the middle, the former ones are put back. A program killed in just that moment leaves whole files, old and
//! new, of which the list in the folder knows both: the next export takes all of them for its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::file::{create, hash, read, sync_folder};
use crate::lasting;
use crate::leftovers::{self, Guard};
use crate::placing::{Folders, NEW, Placing, place};

/// The file that says what an export wrote: a line a file, its SHA-256, two spaces and its name.
pub const MARKER: &str = ".handoff-export";

/// Bytes that are written before it is looked whether the user stopped it.
const PIECE: usize = 1 << 20;

/// How a folder is written.
pub struct Writing<'a> {
    /// Files in the way are replaced: those changed by hand since the former export, and those that no export wrote.
    pub force: bool,
    /// Asked again and again; `true` stops it.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how many of the files are written.
    pub written: &'a dyn Fn(usize),
}

/// Writes files into a folder, replacing and removing what a former export wrote there. Names use `/`. What no export
/// wrote stays.
///
/// # Errors
/// When a file is in the way and not to be replaced, the folder cannot be written, or it is stopped; the folder is then
/// as it was, and nothing is left behind.
pub fn write_folder_atomic(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    writing: &Writing<'_>,
) -> Result<(), StoreError> {
    names(files)?;
    let target = resolve(folder)?;
    let former = former(&target)?;
    let stands = standing(folder, &target, files, &former, writing)?;
    let new: Vec<&(String, Vec<u8>)> = files.iter().filter(|(name, _)| !stands.contains(name.as_str())).collect();
    let marker = list(files);
    if new.is_empty() && read(&target.join(MARKER)).is_ok_and(|known| known == marker.as_bytes()) {
        (writing.written)(files.len());
        return Ok(());
    }
    let parents = Folders::make(&leftovers::folder(&target)).map_err(|error| StoreError::new(folder, error))?;
    leftovers::sweep(&target);
    let there = target.is_dir();
    if there {
        leftovers::sweep(&target.join(STAGE));
    }
    let stage = leftovers::beside(&if there { target.join(STAGE) } else { target.clone() });
    fs::create_dir(&stage).map_err(|error| StoreError::new(folder, error))?;
    let stage = Guard::new(stage);
    let told = |done: usize| (writing.written)(stands.len() + done);
    let staging = Writing { written: &told, ..*writing };
    fill(folder, &stage.path().join(NEW), &new, &marker, &staging)?;
    let placed = if there {
        place(&Placing { target: &target, stage: stage.path(), files, new: &new, former: &former, marker: &marker })
    } else {
        fs::rename(stage.path().join(NEW), &target)
    };
    placed.map_err(|error| StoreError::new(folder, error))?;
    parents.keep();
    sync_folder(&leftovers::folder(&target));
    Ok(())
}

/// Names in the making within a folder begin like this one.
const STAGE: &str = "export";

/// Names stay within the folder and are different, on systems too that do not tell capitals apart.
fn names(files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    let mut seen = BTreeMap::new();
    for (name, _) in files {
        if !is_name(name) || seen.insert(name.to_lowercase(), ()).is_some() {
            return Err(StoreError::BadName(name.clone()));
        }
    }
    let under = |name: &String| name.match_indices('/').any(|(at, _)| seen.contains_key(&name.to_lowercase()[..at]));
    match files.iter().find(|(name, _)| name.is_ascii() && under(name)) {
        Some((name, _)) => Err(StoreError::BadName(name.clone())),
        None => Ok(()),
    }
}

/// Whether a name stays within its folder on every system.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let odd = |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        !part.is_empty() && part != "." && part != ".." && !part.contains(odd)
    };
    name.split('/').all(part) && name != MARKER
}

/// The folder with links followed and `.` written out.
pub(crate) fn resolve(folder: &Path) -> Result<PathBuf, StoreError> {
    match fs::canonicalize(folder) {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(StoreError::NotAFolder(folder.to_path_buf())),
        Err(error) if error.kind() == ErrorKind::NotFound && folder.file_name().is_some() => Ok(folder.to_path_buf()),
        Err(error) => Err(StoreError::new(folder, error)),
    }
}

/// The hashes that each file of a former export may have: two where an export was killed in the middle.
pub(crate) type Former = BTreeMap<String, BTreeSet<String>>;

/// What a former export wrote; nothing where there was none.
pub(crate) fn former(target: &Path) -> Result<Former, StoreError> {
    let mut former = Former::new();
    let text = match read(&target.join(MARKER)) {
        Ok(text) => text,
        Err(StoreError::NotFound(_) | StoreError::NotAFolder(_)) => return Ok(former),
        Err(error) => return Err(error),
    };
    for line in String::from_utf8_lossy(&text).lines() {
        // A list that somebody wrote leads nowhere else.
        if let Some((hash, name)) = line.split_once("  ").filter(|(_, name)| is_name(name)) {
            former.entry(name.to_owned()).or_default().insert(hash.to_owned());
        }
    }
    Ok(former)
}

/// Finds what cannot be replaced: files changed by hand, and others in the places of new ones. Gives the files that stand
/// there already as they are to be.
fn standing<'f>(
    folder: &Path,
    target: &Path,
    files: &'f [(String, Vec<u8>)],
    former: &Former,
    writing: &Writing<'_>,
) -> Result<BTreeSet<&'f str>, StoreError> {
    let mut stands = BTreeSet::new();
    if fs::symlink_metadata(target).is_err() {
        return Ok(stands);
    }
    let folder = || folder.to_path_buf();
    let (mut edited, mut foreign) = (Vec::new(), Vec::new());
    let new: BTreeMap<&str, &'f (String, Vec<u8>)> = files.iter().map(|file| (file.0.as_str(), file)).collect();
    let all: BTreeSet<&str> = new.keys().copied().chain(former.keys().map(String::as_str)).collect();
    for name in all {
        if (writing.stopped)() {
            return Err(StoreError::Interrupted);
        }
        if let Some(above) = not_a_folder(target, name) {
            // A new file has no place there; a former one is there no more.
            if new.contains_key(name) {
                return Err(StoreError::NoPlace { folder: folder(), other: above });
            }
            continue;
        }
        let path = target.join(name);
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        if !meta.is_file() && new.contains_key(name) && !(meta.is_symlink() && writing.force) {
            return Err(StoreError::NoPlace { folder: folder(), other: name.to_owned() });
        }
        if !meta.is_file() {
            continue;
        }
        let now = read(&path).ok();
        if let (Some(now), Some((name, bytes))) = (&now, new.get(name))
            && now == bytes
        {
            stands.insert(name.as_str());
            continue;
        }
        let ours = now.as_deref().is_some_and(|now| former.get(name).is_some_and(|all| all.contains(&hash(now))));
        if !ours && !writing.force {
            if former.contains_key(name) { edited.push(name.to_owned()) } else { foreign.push(name.to_owned()) }
        }
    }
    if !foreign.is_empty() {
        return Err(StoreError::NotOurs { folder: folder(), files: foreign });
    }
    if edited.is_empty() { Ok(stands) } else { Err(StoreError::Edited { folder: folder(), files: edited }) }
}

/// The first part of a name above its last that is there and is no folder; a link to a folder leads elsewhere.
pub(crate) fn not_a_folder(target: &Path, name: &str) -> Option<String> {
    name.match_indices('/').map(|(at, _)| &name[..at]).find_map(|above| {
        let meta = fs::symlink_metadata(target.join(above)).ok()?;
        (!meta.is_dir()).then(|| above.to_owned())
    })
}

/// The list of an export's files.
fn list(files: &[(String, Vec<u8>)]) -> String {
    let mut all: Vec<&(String, Vec<u8>)> = files.iter().collect();
    all.sort();
    all.iter().map(|(name, bytes)| format!("{}  {name}\n", hash(bytes))).collect()
}

/// Writes files into a folder of their own, with the list of all of them. All of it lasts when this returns.
fn fill(
    folder: &Path,
    stage: &Path,
    files: &[&(String, Vec<u8>)],
    marker: &str,
    writing: &Writing<'_>,
) -> Result<(), StoreError> {
    let at = |error| StoreError::new(folder, error);
    fs::create_dir(stage).map_err(at)?;
    let mut folders = BTreeSet::from([stage.to_path_buf()]);
    let mut written = Vec::with_capacity(files.len() + 1);
    for (number, (name, bytes)) in files.iter().enumerate() {
        (writing.written)(number);
        let path = stage.join(name);
        let within = leftovers::folder(&path);
        if !folders.contains(&within) {
            fs::create_dir_all(&within).map_err(|error| StoreError::new(&folder.join(name), error))?;
            folders.extend(within.ancestors().take_while(|above| *above != stage).map(Path::to_path_buf));
        }
        write(&path, bytes, writing, &folder.join(name))?;
        written.push(path);
    }
    let list = stage.join(MARKER);
    write(&list, marker.as_bytes(), writing, &folder.join(MARKER))?;
    written.push(list);
    lasting::all(&written, &folders).map_err(at)?;
    go_on(writing)?;
    (writing.written)(files.len());
    Ok(())
}

/// Writes a file; an error names the place that it was to have.
fn write(path: &Path, bytes: &[u8], writing: &Writing<'_>, place: &Path) -> Result<(), StoreError> {
    let at = |error| StoreError::new(place, error);
    let mut file = create(path).map_err(at)?;
    for piece in bytes.chunks(PIECE) {
        go_on(writing)?;
        file.write_all(piece).map_err(at)?;
    }
    go_on(writing)
}

fn go_on(writing: &Writing<'_>) -> Result<(), StoreError> {
    if (writing.stopped)() { Err(StoreError::Interrupted) } else { Ok(()) }
}
