//! Files of a folder by their ending.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// The files of a folder whose names end so, by name.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(folder).map_err(|error| StoreError::new(folder, error))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    Ok(files)
}
