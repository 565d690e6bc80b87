//! Keys in a file of one's own, for machines without a keyring and for tests: JSON of names and secrets that nobody but its
//! owner may read.

use std::path::{Path, PathBuf};

use flow_model::tree::{self, Json};

use super::{KeyFault, KeyStore, Manner, Place};
use crate::error::StoreError;
use crate::file::{Stamp, read, stamp_of, write_private};

/// A file of keys; it is made with the first key.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
}

impl From<StoreError> for KeyFault {
    fn from(error: StoreError) -> Self {
        Self::File(error.to_string())
    }
}

impl KeyFile {
    /// In this file.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// What the file says, and its stamp; nothing where there is no file.
    fn all(&self) -> Result<(Json, Option<Stamp>), KeyFault> {
        private(&self.path)?;
        let bytes = match read(&self.path) {
            Ok(bytes) => bytes,
            Err(StoreError::NotFound(_)) => return Ok((Json::map(), None)),
            Err(error) => return Err(error.into()),
        };
        let stamp = stamp_of(&self.path, &bytes);
        let reading = tree::read(&String::from_utf8_lossy(&bytes));
        match (reading.is_json(), reading.json) {
            (true, Some(json @ Json::Map(_))) => Ok((json, Some(stamp))),
            _ => Err(KeyFault::File(format!(
                "{}: it is no file of keys, which is a JSON object of names and secrets; name another in HANDOFF_KEYS_FILE",
                self.path.display()
            ))),
        }
    }

    fn save(&self, json: &Json, stamp: Option<&Stamp>) -> Result<(), KeyFault> {
        Ok(write_private(&self.path, tree::canonical(json).as_bytes(), stamp)?)
    }
}

impl KeyStore for KeyFile {
    fn place(&self) -> Place {
        Place::File(self.path.clone())
    }

    fn read(&self, names: &[&str], _: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
        let (json, _) = self.all()?;
        // What is no text is damaged, and not absent: a key must not be made over it.
        let secret = |json: &Json| json.as_text().map_or_else(Vec::new, |text| text.as_bytes().to_vec());
        Ok(names.iter().map(|name| json.get(name).map(secret)).collect())
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeyFault> {
        let (mut json, stamp) = self.all()?;
        json.set(name, Json::Text(String::from_utf8_lossy(secret).into_owned()));
        self.save(&json, stamp.as_ref())
    }

    fn remove(&self, name: &str) -> Result<bool, KeyFault> {
        let (json, stamp) = self.all()?;
        let Json::Map(mut entries) = json else { return Ok(false) };
        let before = entries.len();
        entries.retain(|(key, _)| key != name);
        if entries.len() == before {
            return Ok(false);
        }
        self.save(&Json::Map(entries), stamp.as_ref()).map(|()| true)
    }
}

/// A file that its group or others may read or write keeps no secret.
#[cfg(unix)]
fn private(path: &Path) -> Result<(), KeyFault> {
    use std::os::unix::fs::PermissionsExt as _;

    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() && meta.permissions().mode() & 0o077 != 0 => {
            Err(KeyFault::OpenToOthers { path: path.to_path_buf(), mode: meta.permissions().mode() & 0o777 })
        }
        _ => Ok(()),
    }
}

/// The folders of a user are theirs alone there.
#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), KeyFault> {
    Ok(())
}
