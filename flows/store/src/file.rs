//! One file: read whole, written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::leftovers::{self, Guard};

/// The most that is read of a file.
pub const MAX_BYTES: u64 = 256 * 1_048_576;

/// What a file was when it was read or written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Nanoseconds since 1970 at which it was changed, in decimal; empty where the system does not say.
    pub modified: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub hash: String,
}

/// What a file looks like without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its length.
    pub bytes: u64,
    /// Nanoseconds since 1970 at which it was changed; none where the system does not say.
    pub modified: Option<u128>,
}

/// Looks at a file without reading it.
///
/// # Errors
/// When there is none, or its folder may not be looked into.
pub fn glance(path: &Path) -> Result<Glance, StoreError> {
    let meta = fs::metadata(path).map_err(|error| StoreError::new(path, error))?;
    let modified = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    Ok(Glance { bytes: meta.len(), modified: modified.map(|t| t.as_nanos()) })
}

/// A file that is open.
pub type Opened = File;

/// Opens a file for reading.
///
/// # Errors
/// When there is none, it may not be read, or it is a folder or a pipe, which would be waited for without end.
pub fn open(path: &Path) -> Result<Opened, StoreError> {
    let at = |error| StoreError::new(path, error);
    let meta = fs::metadata(path).map_err(at)?;
    if meta.is_dir() {
        return Err(StoreError::IsFolder(path.to_path_buf()));
    }
    // What a shell hands over (`<(…)`) and the standard streams have somebody at their other end.
    let handed_over = ["/dev/", "/proc/"].iter().any(|place| path.starts_with(place));
    if !meta.is_file() && !handed_over {
        return Err(StoreError::NotAFile(path.to_path_buf()));
    }
    File::open(path).map_err(at)
}

/// Reads a file whole.
///
/// # Errors
/// As [`open`], and when it is larger than [`MAX_BYTES`].
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    let at = |error| StoreError::new(path, error);
    let file = open(path)?;
    let meta = file.metadata().map_err(at)?;
    let too_big = || StoreError::TooBig { path: path.to_path_buf(), most: MAX_BYTES };
    if meta.len() > MAX_BYTES {
        return Err(too_big());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(at)?;
    if bytes.len() as u64 > MAX_BYTES { Err(too_big()) } else { Ok(bytes) }
}

/// The stamp of a file as it is now.
///
/// # Errors
/// As [`read`].
pub fn stamp(path: &Path) -> Result<Stamp, StoreError> {
    Ok(stamp_of(path, &read(path)?))
}

pub(crate) fn stamp_of(path: &Path, bytes: &[u8]) -> Stamp {
    let modified = fs::metadata(path).and_then(|m| m.modified()).ok();
    let modified = modified.and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    Stamp {
        modified: modified.map(|t| t.as_nanos().to_string()).unwrap_or_default(),
        bytes: bytes.len() as u64,
        hash: hash(bytes),
    }
}

/// How long a file is, in bytes; none where it is no file whose length is known.
#[must_use]
pub fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|meta| meta.len())
}

/// Whether a file may be looked at only.
#[must_use]
pub fn is_read_only(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.permissions().readonly())
}

/// SHA-256 in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file whole, in one step: at any moment it is either what it was or what it should be. With `expected`, it is
/// written only where its content is still that of the stamp.
///
/// # Errors
/// When it was changed meanwhile, is read-only, or there is no space; it is then as it was, and nothing is left behind.
pub fn write_atomic(path: &Path, bytes: &[u8], expected: Option<&Stamp>) -> Result<Stamp, StoreError> {
    write_by(path, bytes, expected, create)
}

/// Writes as [`write_atomic`]; a file that is new nobody but its owner can read, from its first moment on.
pub(crate) fn write_private(path: &Path, bytes: &[u8], expected: Option<&Stamp>) -> Result<(), StoreError> {
    write_by(path, bytes, expected, create_private).map(|_| ())
}

fn write_by(
    path: &Path,
    bytes: &[u8],
    expected: Option<&Stamp>,
    create: fn(&Path) -> std::io::Result<File>,
) -> Result<Stamp, StoreError> {
    let real = real(path)?;
    let at = |error| StoreError::new(path, error);
    let before = match fs::metadata(&real) {
        Ok(meta) if meta.is_dir() => return Err(StoreError::IsFolder(path.to_path_buf())),
        Ok(meta) => Some(meta.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(at(error)),
    };
    if before.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(StoreError::ReadOnly(path.to_path_buf()));
    }
    leftovers::sweep(&real);
    let temporary = Guard::new(leftovers::beside(&real));
    let mut file = create(temporary.path()).map_err(|error| no_folder(path, error))?;
    file.write_all(bytes).map_err(at)?;
    if let Some(permissions) = before {
        file.set_permissions(permissions).map_err(at)?;
    }
    file.sync_all().map_err(at)?;
    drop(file);
    if let Some(stamp) = expected {
        unchanged(path, &real, stamp)?;
    }
    fs::rename(temporary.path(), &real).map_err(at)?;
    temporary.keep();
    sync_folder(&leftovers::folder(&real));
    Ok(stamp_of(&real, bytes))
}

/// A new file that nobody else has.
pub(crate) fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).read(true).create_new(true).open(path)
}

/// As [`create`], for nobody but its owner.
pub(crate) fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).read(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// A link is followed, so that saving never replaces it by a file.
pub(crate) fn real(path: &Path) -> Result<PathBuf, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() => match fs::canonicalize(path) {
            Ok(real) => Ok(real),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_path_buf()),
            Err(error) => Err(StoreError::new(path, error)),
        },
        _ if path.file_name().is_none() => Err(StoreError::IsFolder(path.to_path_buf())),
        _ => Ok(path.to_path_buf()),
    }
}

fn no_folder(path: &Path, error: std::io::Error) -> StoreError {
    let folder = leftovers::folder(path);
    match error.kind() {
        ErrorKind::NotFound => StoreError::NotFound(folder),
        ErrorKind::PermissionDenied => StoreError::Denied(folder),
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(folder),
        _ => StoreError::new(path, error),
    }
}

fn unchanged(path: &Path, real: &Path, expected: &Stamp) -> Result<(), StoreError> {
    match stamp(real) {
        Ok(now) if now.hash == expected.hash => Ok(()),
        Ok(_) | Err(StoreError::TooBig { .. }) => Err(StoreError::ChangedOnDisk(path.to_path_buf())),
        Err(StoreError::NotFound(_)) => Err(StoreError::GoneFromDisk(path.to_path_buf())),
        Err(other) => Err(other),
    }
}

/// Makes a rename last; where a folder cannot be synced, the system does it in its own time.
pub(crate) fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
