//! What stands in a folder where an export was written, beside what is to be written there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::error::StoreError;
use crate::file::{hash, read};
use crate::folder::{former, not_a_folder, resolve};

/// Who a file in the folder of an export is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The last export, as it was written.
    Export,
    /// The last export, and somebody changed it since.
    Edited,
    /// No export.
    Others,
}

/// A file in the folder of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Who it is from.
    pub from: From,
}

/// What stands in a folder in the places of these files and of those of the last export, by name; nothing where no
/// export was written into it, or it is gone.
///
/// # Errors
/// When the folder or the list in it cannot be read.
pub fn standing(folder: &Path, names: &[&str]) -> Result<Option<BTreeMap<String, Standing>>, StoreError> {
    let target = resolve(folder)?;
    let former = former(&target)?;
    if former.is_empty() {
        return Ok(None);
    }
    let all: BTreeSet<&str> = names.iter().copied().chain(former.keys().map(String::as_str)).collect();
    let mut found = BTreeMap::new();
    for name in all {
        let path = target.join(name);
        let is_file = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file());
        // What lies behind a link is not looked at: an export does not write there either.
        if !is_file || not_a_folder(&target, name).is_some() {
            continue;
        }
        let Ok(bytes) = read(&path) else { continue };
        let from = match former.get(name) {
            Some(hashes) if hashes.contains(&hash(&bytes)) => From::Export,
            Some(_) => From::Edited,
            None => From::Others,
        };
        found.insert(name.to_owned(), Standing { bytes, from });
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::{Writing, write_folder_atomic};

    #[test]
    fn what_stands_in_a_folder_is_the_exports_or_edited_or_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("bot");
        assert_eq!(standing(&out, &["a"]).unwrap(), None, "there is no folder");
        let writing = Writing { force: false, stopped: &|| false, written: &|_| {} };
        let files = ["a", "b/c", "d"].map(|name| (name.to_owned(), name.as_bytes().to_vec()));
        write_folder_atomic(&out, &files, &writing).unwrap();
        fs::write(out.join("b/c"), "mine").unwrap();
        fs::write(out.join("e"), "theirs").unwrap();
        fs::write(out.join("f"), "nobody asks for it").unwrap();
        fs::remove_file(out.join("d")).unwrap();
        let found = standing(&out, &["a", "e", "../outside"]).unwrap().unwrap();
        let told: Vec<(&str, &[u8], From)> =
            found.iter().map(|(name, file)| (name.as_str(), file.bytes.as_slice(), file.from)).collect();
        let expected =
            [("a", &b"a"[..], From::Export), ("b/c", &b"mine"[..], From::Edited), ("e", &b"theirs"[..], From::Others)];
        assert_eq!(told, expected);
        let strange = tempfile::tempdir().unwrap();
        assert_eq!(standing(strange.path(), &["a"]).unwrap(), None, "no export was written there");
        assert!(matches!(standing(&out.join("a"), &[]), Err(StoreError::NotAFolder(_))));
    }
}
