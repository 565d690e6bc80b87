//! A file that is written piece by piece and appears whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::StoreError;
use crate::file::{create, real, sync_folder};
use crate::leftovers::{self, Guard};

/// A file in the making: it stands beside its place under a hidden name until [`Output::finish`].
pub struct Output {
    path: PathBuf,
    real: PathBuf,
    guard: Guard,
    file: BufWriter<File>,
    before: Option<Before>,
}

/// What stood in the place when the making began.
struct Before {
    permissions: fs::Permissions,
    length: u64,
    modified: Option<SystemTime>,
}

impl Output {
    /// Begins a file.
    ///
    /// # Errors
    /// When the place is a folder or read-only, its folder is not there, or, unless `replace`, a file stands there.
    pub fn begin(path: &Path, replace: bool) -> Result<Self, StoreError> {
        let real = real(path)?;
        let before = match fs::metadata(&real) {
            Ok(meta) if meta.is_dir() => return Err(StoreError::IsFolder(path.to_path_buf())),
            Ok(meta) if meta.permissions().readonly() => return Err(StoreError::ReadOnly(path.to_path_buf())),
            Ok(_) if !replace => return Err(StoreError::Exists(path.to_path_buf())),
            Ok(meta) => {
                Some(Before { length: meta.len(), modified: meta.modified().ok(), permissions: meta.permissions() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::new(path, error)),
        };
        leftovers::sweep(&real);
        let guard = Guard::new(leftovers::beside(&real));
        let file = create(guard.path()).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::NotFound(leftovers::folder(path)),
            _ => StoreError::new(path, error),
        })?;
        Ok(Self { path: path.to_path_buf(), real, guard, file: BufWriter::with_capacity(1 << 18, file), before })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// When it cannot be written; nothing is then left behind.
    pub fn line(&mut self, text: &str) -> Result<(), StoreError> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|error| StoreError::new(&self.path, error))
    }

    /// Adds bytes as they are.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(bytes).map_err(|error| StoreError::new(&self.path, error))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be written, or the file that it replaces was changed meanwhile.
    pub fn finish(self) -> Result<(), StoreError> {
        let at = |error| StoreError::new(&self.path, error);
        let file = self.file.into_inner().map_err(|error| at(error.into_error()))?;
        if let Some(before) = &self.before {
            let now = fs::metadata(&self.real).map_err(|_| StoreError::GoneFromDisk(self.path.clone()))?;
            if now.len() != before.length || now.modified().ok() != before.modified {
                return Err(StoreError::ChangedOnDisk(self.path.clone()));
            }
            file.set_permissions(before.permissions.clone()).map_err(at)?;
        }
        file.sync_all().map_err(at)?;
        drop(file);
        fs::rename(self.guard.path(), &self.real).map_err(at)?;
        self.guard.keep();
        sync_folder(&leftovers::folder(&self.real));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let mut output = Output::begin(&path, false).unwrap();
        output.line("one").unwrap();
        assert!(!path.exists());
        drop(output);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut output = Output::begin(&path, false).unwrap();
        output.line("one").unwrap();
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
        assert!(matches!(Output::begin(&path, false), Err(StoreError::Exists(_))));
        let mut output = Output::begin(&path, true).unwrap();
        output.line("two").unwrap();
        fs::write(&path, "somebody else").unwrap();
        assert!(matches!(output.finish(), Err(StoreError::ChangedOnDisk(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else");
        assert!(matches!(Output::begin(folder.path(), true), Err(StoreError::IsFolder(_))));
        assert!(matches!(Output::begin(&folder.path().join("no/a"), true), Err(StoreError::NotFound(_))));
    }
}
