//! What can go wrong with files, each with the way out.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file.
    #[error("{}: there is no such file", .0.display())]
    NotFound(PathBuf),
    /// It is a folder.
    #[error("{}: it is a folder, not a file", .0.display())]
    IsFolder(PathBuf),
    /// It is a pipe, a socket or a device.
    #[error("{}: it is no file but a pipe or a device; name `-` and hand its content over as standard input", .0.display())]
    NotAFile(PathBuf),
    /// Links that lead to each other.
    #[error("{}: it is a link that leads back to itself", .0.display())]
    LinkLoop(PathBuf),
    /// It is not a folder.
    #[error("{}: it is a file, not a folder; name another folder", .0.display())]
    NotAFolder(PathBuf),
    /// It is too big.
    #[error("{}: it is larger than {} MB, the most that is read", .path.display(), .most / 1_048_576)]
    TooBig {
        /// The file.
        path: PathBuf,
        /// The most that is read, in bytes.
        most: u64,
    },
    /// It may not be read or written.
    #[error("{}: permission denied; choose another place or change its permissions", .0.display())]
    Denied(PathBuf),
    /// It may not be written.
    #[error("{}: it is read-only; save under another name or make it writable", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("{}: the disk is full, so nothing was changed; free some space or choose another place", .0.display())]
    DiskFull(PathBuf),
    /// Somebody else changed it.
    #[error("{}: it was changed by another program since it was read; reload it, or save under another name", .0.display())]
    ChangedOnDisk(PathBuf),
    /// Somebody else removed it.
    #[error("{}: it was removed by another program since it was read; save it again or under another name", .0.display())]
    GoneFromDisk(PathBuf),
    /// Files that no export wrote are in the places of new ones.
    #[error("{}: the folder holds {}, which no export wrote; choose another folder, or have it replaced", .folder.display(), some(.files))]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// Those files.
        files: Vec<String>,
    },
    /// Files of a former export were changed by hand.
    #[error("{}: {} changed since the last export; keep a copy elsewhere, then have it replaced", .folder.display(), some(.files))]
    Edited {
        /// The folder.
        folder: PathBuf,
        /// Those files.
        files: Vec<String>,
    },
    /// Something that is no file stands in the place of a new file, or no folder in the place of a folder.
    #[error("{}: {other} is in the way of the export and is never replaced; move it, or choose another folder", .folder.display())]
    NoPlace {
        /// The folder.
        folder: PathBuf,
        /// What stands there.
        other: String,
    },
    /// A file of an export has a name that leads elsewhere.
    #[error("\"{0}\" is no name for a file within a folder")]
    BadName(String),
    /// The user stopped it.
    #[error("stopped; nothing was left behind")]
    Interrupted,
    /// A file stands in the place of a new one.
    #[error("{}: there is such a file already; choose another name, or have it replaced (`--force`)", .0.display())]
    Exists(PathBuf),
    /// It cannot be read as a project of another tool.
    #[error("{}: {why}", .path.display())]
    NoProject {
        /// The folder or file.
        path: PathBuf,
        /// Why, and the way out.
        why: String,
    },
    /// Another window edits it.
    #[error("{}: another window is editing it", .0.display())]
    InUse(PathBuf),
    /// Anything else.
    #[error("{}: {source}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// How many names are told at most.
const TOLD: usize = 5;

/// Some names of files, and how many more there are.
fn some(files: &[String]) -> String {
    let told = files.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
    match files.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

impl StoreError {
    /// The error of an operation on a path.
    #[must_use]
    pub fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::NotFound => Self::NotFound(path),
            ErrorKind::PermissionDenied => Self::Denied(path),
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(path),
            ErrorKind::IsADirectory => Self::IsFolder(path),
            ErrorKind::NotADirectory => Self::NotAFolder(path),
            // The kind of this error has no stable name yet.
            _ if source.to_string().contains("levels of symbolic links") => Self::LinkLoop(path),
            _ => Self::Other { path, source },
        }
    }

    /// The file or folder that it is about.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::NotFound(path)
            | Self::IsFolder(path)
            | Self::NotAFile(path)
            | Self::LinkLoop(path)
            | Self::NotAFolder(path)
            | Self::Denied(path)
            | Self::ReadOnly(path)
            | Self::DiskFull(path)
            | Self::ChangedOnDisk(path)
            | Self::GoneFromDisk(path)
            | Self::Exists(path)
            | Self::InUse(path)
            | Self::TooBig { path, .. }
            | Self::NoProject { path, .. }
            | Self::Other { path, .. } => Some(path),
            Self::NotOurs { folder, .. } | Self::Edited { folder, .. } | Self::NoPlace { folder, .. } => Some(folder),
            Self::BadName(_) | Self::Interrupted => None,
        }
    }

    /// A short name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not-found",
            Self::IsFolder(_) => "is-folder",
            Self::NotAFile(_) => "not-a-file",
            Self::LinkLoop(_) => "link-loop",
            Self::NotAFolder(_) => "not-a-folder",
            Self::TooBig { .. } => "too-big",
            Self::Denied(_) => "denied",
            Self::ReadOnly(_) => "read-only",
            Self::DiskFull(_) => "disk-full",
            Self::ChangedOnDisk(_) => "changed-on-disk",
            Self::GoneFromDisk(_) => "gone-from-disk",
            Self::NotOurs { .. } => "not-ours",
            Self::Edited { .. } => "edited",
            Self::NoPlace { .. } => "no-place",
            Self::BadName(_) => "bad-name",
            Self::Interrupted => "interrupted",
            Self::Exists(_) => "exists",
            Self::InUse(_) => "in-use",
            Self::NoProject { .. } => "no-project",
            Self::Other { .. } => "io",
        }
    }
}
