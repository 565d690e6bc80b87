//! A whole folder, written in one step: it is either what it was or what it should be.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::StoreError;
use crate::file::{create, hash, read, sync_folder};
use crate::leftovers::{self, Guard};

/// The file that says what an export wrote: a line a file, its SHA-256, two spaces and its name.
pub const MARKER: &str = ".handoff-export";

/// Bytes that are written before it is looked whether the user stopped it.
const PIECE: usize = 1 << 20;

/// Writes files into a folder, replacing what a former export wrote there. Names use `/`.
///
/// # Errors
/// When the folder holds anything that no export wrote or that was changed since, when it cannot be written, or when
/// `interrupted` becomes true; the folder is then as it was, and nothing is left behind.
pub fn write_folder_atomic(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    interrupted: &AtomicBool,
) -> Result<(), StoreError> {
    names(files)?;
    let target = resolve(folder)?;
    restore(&target);
    let former = former(folder, &target)?;
    let parents = Parents::make(&leftovers::folder(&target)).map_err(|error| StoreError::new(folder, error))?;
    leftovers::sweep(&target);
    let inside = former.is_some() && must_stay(&target);
    let stage = if inside { leftovers::beside(&target.join("export")) } else { leftovers::beside(&target) };
    fs::create_dir(&stage).map_err(|error| StoreError::new(folder, error))?;
    let stage = Guard::new(stage);
    fill(folder, stage.path(), files, interrupted)?;
    if inside {
        move_in(folder, &target, &stage, files, former.as_ref())?;
    } else {
        swap(folder, &target, stage, former.is_some())?;
    }
    parents.keep();
    sync_folder(&leftovers::folder(&target));
    Ok(())
}

/// Names stay within the folder and are different, on systems too that do not tell capitals apart.
fn names(files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    let mut seen = BTreeMap::new();
    for (name, _) in files {
        let part = |part: &str| {
            let odd = |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
            !part.is_empty() && part != "." && part != ".." && !part.contains(odd)
        };
        let good = name.split('/').all(part) && name != MARKER;
        if !good || seen.insert(name.to_lowercase(), ()).is_some() {
            return Err(StoreError::BadName(name.clone()));
        }
    }
    let under = |name: &String| name.match_indices('/').any(|(at, _)| seen.contains_key(&name.to_lowercase()[..at]));
    match files.iter().find(|(name, _)| name.is_ascii() && under(name)) {
        Some((name, _)) => Err(StoreError::BadName(name.clone())),
        None => Ok(()),
    }
}

/// The folder with links followed and `.` written out.
fn resolve(folder: &Path) -> Result<PathBuf, StoreError> {
    match fs::canonicalize(folder) {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(StoreError::NotAFolder(folder.to_path_buf())),
        Err(error) if error.kind() == ErrorKind::NotFound && folder.file_name().is_some() => Ok(folder.to_path_buf()),
        Err(error) => Err(StoreError::new(folder, error)),
    }
}

fn old_name(target: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".handoff-old");
    target.with_file_name(name)
}

/// A program killed between the two steps of a swap left the former folder aside.
fn restore(target: &Path) {
    let old = old_name(target);
    if old.is_dir() {
        if target.exists() {
            leftovers::remove(&old);
        } else {
            let _ = fs::rename(&old, target);
        }
    }
}

/// Name and hash of each file that a former export wrote; `None` where there is no folder yet.
fn former(folder: &Path, target: &Path) -> Result<Option<BTreeMap<String, String>>, StoreError> {
    if !target.is_dir() {
        return Ok(None);
    }
    let mut marked = BTreeMap::new();
    if let Ok(text) = read(&target.join(MARKER)) {
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((hash, name)) = line.split_once("  ") {
                marked.insert(name.to_owned(), hash.to_owned());
            }
        }
    }
    let mut open = vec![(target.to_path_buf(), String::new())];
    while let Some((here, prefix)) = open.pop() {
        let mut entries: Vec<_> = fs::read_dir(&here)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| StoreError::new(folder, error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|error| StoreError::new(folder, error))?;
            let known = marked.get(&name);
            if kind.is_dir() {
                let leads = marked.keys().any(|file| file.starts_with(&format!("{name}/")));
                if leads || stale(&name) {
                    open.push((entry.path(), format!("{name}/")));
                } else {
                    return Err(StoreError::NotOurs { folder: folder.to_path_buf(), other: format!("{name}/") });
                }
            } else if name == MARKER || stale(&name) {
                continue;
            } else if let Some(known) = known {
                if hash(&read(&entry.path())?) != *known {
                    return Err(StoreError::Edited { folder: folder.to_path_buf(), file: name });
                }
            } else {
                return Err(StoreError::NotOurs { folder: folder.to_path_buf(), other: name });
            }
        }
    }
    Ok(Some(marked))
}

/// What a killed export left within the folder itself.
fn stale(name: &str) -> bool {
    name.starts_with(".export.handoff-")
}

/// A folder that is a mounted disk, or in which the program was started, is filled and not replaced.
fn must_stay(target: &Path) -> bool {
    let within = std::env::current_dir().and_then(fs::canonicalize).is_ok_and(|here| here.starts_with(target));
    within || target.file_name().is_none() || other_disk(target)
}

#[cfg(unix)]
fn other_disk(target: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| fs::metadata(path).map(|meta| meta.dev()).ok();
    disk(target) != disk(&leftovers::folder(target))
}

#[cfg(not(unix))]
fn other_disk(_: &Path) -> bool {
    false
}

fn fill(folder: &Path, stage: &Path, files: &[(String, Vec<u8>)], interrupted: &AtomicBool) -> Result<(), StoreError> {
    let at = |error| StoreError::new(folder, error);
    let mut marker = String::new();
    let mut all: Vec<&(String, Vec<u8>)> = files.iter().collect();
    all.sort();
    for (name, bytes) in all {
        let path = stage.join(name);
        fs::create_dir_all(leftovers::folder(&path)).map_err(at)?;
        write(&path, bytes, interrupted, folder)?;
        marker.push_str(&format!("{}  {name}\n", hash(bytes)));
    }
    write(&stage.join(MARKER), marker.as_bytes(), interrupted, folder)
}

fn write(path: &Path, bytes: &[u8], interrupted: &AtomicBool, folder: &Path) -> Result<(), StoreError> {
    let at = |error| StoreError::new(folder, error);
    let mut file = create(path).map_err(at)?;
    for piece in bytes.chunks(PIECE) {
        stopped(interrupted)?;
        file.write_all(piece).map_err(at)?;
    }
    stopped(interrupted)?;
    file.sync_all().map_err(at)
}

fn stopped(interrupted: &AtomicBool) -> Result<(), StoreError> {
    if interrupted.load(Ordering::Relaxed) { Err(StoreError::Interrupted) } else { Ok(()) }
}

fn swap(folder: &Path, target: &Path, stage: Guard, there: bool) -> Result<(), StoreError> {
    let at = |error| StoreError::new(folder, error);
    if !there {
        fs::rename(stage.path(), target).map_err(at)?;
        stage.keep();
        return Ok(());
    }
    let old = old_name(target);
    if let Ok(meta) = fs::metadata(target) {
        fs::set_permissions(stage.path(), meta.permissions()).map_err(at)?;
    }
    fs::rename(target, &old).map_err(at)?;
    if let Err(error) = fs::rename(stage.path(), target) {
        let _ = fs::rename(&old, target);
        return Err(at(error));
    }
    stage.keep();
    leftovers::remove(&old);
    Ok(())
}

/// Moves what is staged within the folder to its place, then removes what the former export had and this one has not.
fn move_in(
    folder: &Path,
    target: &Path,
    stage: &Guard,
    files: &[(String, Vec<u8>)],
    former: Option<&BTreeMap<String, String>>,
) -> Result<(), StoreError> {
    let at = |error| StoreError::new(folder, error);
    for (name, _) in files {
        let to = target.join(name);
        fs::create_dir_all(leftovers::folder(&to)).map_err(at)?;
        fs::rename(stage.path().join(name), to).map_err(at)?;
    }
    fs::rename(stage.path().join(MARKER), target.join(MARKER)).map_err(at)?;
    let gone = former.into_iter().flat_map(BTreeMap::keys).filter(|old| files.iter().all(|(name, _)| name != *old));
    for name in gone {
        leftovers::remove(&target.join(name));
        let mut up = leftovers::folder(&target.join(name));
        while up != target && fs::remove_dir(&up).is_ok() {
            up = leftovers::folder(&up);
        }
    }
    Ok(())
}

/// Folders above the target that were made for it, and go again when it is not made.
struct Parents(Vec<PathBuf>);

impl Parents {
    fn make(parent: &Path) -> std::io::Result<Self> {
        let mut made = Self(Vec::new());
        let missing: Vec<&Path> = parent.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(path)?;
            made.0.push(path.to_path_buf());
        }
        Ok(made)
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}
