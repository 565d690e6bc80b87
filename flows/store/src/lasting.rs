//! Makes many files last at once. One after the other each of them waits for the disk alone; side by side they share the
//! waiting, as the system writes down in one go what is asked of it meanwhile.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use flow_check::side;

use crate::file::sync_folder;

/// How many wait side by side, for the disk and not for a core.
const SIDE_BY_SIDE: usize = 16;

/// What was written to these files lasts when this returns.
///
/// # Errors
/// When the disk could not take one of them.
pub(crate) fn files(files: &[File]) -> io::Result<()> {
    side::each(SIDE_BY_SIDE, files.len(), |number| files[number].sync_all()).into_iter().collect()
}

/// As [`files`], for the names in these folders; where a folder cannot be synced, the system does it in its own time.
pub(crate) fn folders(folders: &BTreeSet<PathBuf>) {
    let folders: Vec<&PathBuf> = folders.iter().collect();
    side::each(SIDE_BY_SIDE, folders.len(), |number| sync_folder(folders[number]));
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::files;

    #[test]
    fn one_that_cannot_last_is_told_wherever_it_stands() {
        let mut all: Vec<File> = (0..40).map(|_| tempfile::tempfile().unwrap()).collect();
        files(&all).unwrap();
        // What is no file on a disk cannot be made to last.
        if cfg!(target_os = "linux") {
            for place in [0, 1, 20, 39] {
                let file = std::mem::replace(&mut all[place], File::open("/dev/null").unwrap());
                assert!(files(&all).is_err(), "{place}");
                all[place] = file;
            }
        }
    }
}
