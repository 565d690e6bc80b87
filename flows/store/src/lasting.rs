//! Makes many files last at once. One after the other each of them waits for the disk alone. Where the system can write down
//! all of a disk in one go (Linux, syncfs(2)), many files wait once, with whatever else stands to be written there; elsewhere,
//! and where that fails, they wait side by side.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use flow_check::side;

use crate::file::sync_folder;

/// How many wait side by side, for the disk and not for a core.
const SIDE_BY_SIDE: usize = 16;

/// From so many files on all of the disk is written down: fewer are faster alone, whatever others write meanwhile.
pub(crate) const MANY: usize = 48;

/// What was written to these files of one disk lasts when this returns, and so do the names in these folders.
///
/// # Errors
/// When the disk could not take one of them.
pub(crate) fn all(written: &[PathBuf], folders: &BTreeSet<PathBuf>) -> io::Result<()> {
    if written.len() >= MANY && folders.first().is_some_and(|folder| disk(folder).is_ok()) {
        return Ok(());
    }
    files(written)?;
    self::folders(folders);
    Ok(())
}

/// As [`all`], for the names in these folders alone; where a folder cannot be synced, the system does it in its own time.
pub(crate) fn folders(folders: &BTreeSet<PathBuf>) {
    let folders: Vec<&PathBuf> = folders.iter().collect();
    side::each(SIDE_BY_SIDE, folders.len(), |number| sync_folder(folders[number]));
}

fn files(files: &[PathBuf]) -> io::Result<()> {
    // Windows makes only what may be written last.
    let last = |path: &PathBuf| OpenOptions::new().write(true).open(path)?.sync_all();
    side::each(SIDE_BY_SIDE, files.len(), |number| last(&files[number])).into_iter().collect()
}

#[cfg(target_os = "linux")]
fn disk(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(std::fs::File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn disk(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::PathBuf;

    use super::{MANY, all, disk, files};

    #[test]
    fn one_that_cannot_last_is_told_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let mut written: Vec<PathBuf> = (0..MANY).map(|number| folder.path().join(number.to_string())).collect();
        written.iter().for_each(|path| fs::write(path, "1").unwrap());
        files(&written).unwrap();
        all(&written, &BTreeSet::from([folder.path().to_path_buf()])).unwrap();
        // What is no file on a disk cannot be made to last.
        if cfg!(target_os = "linux") {
            for place in [0, 1, 20, MANY - 1] {
                let path = std::mem::replace(&mut written[place], PathBuf::from("/dev/null"));
                assert!(files(&written).is_err(), "{place}");
                // Where a disk cannot be written down as a whole, each file is asked for.
                assert!(all(&written, &BTreeSet::from([folder.path().join("gone")])).is_err(), "{place}");
                written[place] = path;
            }
        }
    }

    #[test]
    fn a_whole_disk_is_written_down_where_the_system_can() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(disk(folder.path()).is_ok(), cfg!(target_os = "linux"));
        assert!(disk(&folder.path().join("gone")).is_err());
    }
}
