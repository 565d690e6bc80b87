//! What the studio remembers from one start to the next, in a folder that the caller names.

use std::fs;
use std::path::{Path, PathBuf};

use flow_model::tree::{self, Json};

use crate::error::StoreError;
use crate::file::{read, write_atomic};

/// How many recent files are remembered.
const MOST: usize = 20;

/// A file that was open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Where it is.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Seconds since 1970 at which it was opened.
    pub opened: i64,
}

/// The folder of what is remembered.
#[derive(Clone, Debug)]
pub struct Data {
    folder: PathBuf,
}

impl Data {
    /// In a folder, which is made when something is to be remembered.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// The folder of histories, for [`crate::Journal`].
    #[must_use]
    pub fn journals(&self) -> PathBuf {
        self.folder.join("history")
    }

    /// The folder of long corpora, for [`crate::corpus`].
    #[must_use]
    pub fn corpora(&self) -> PathBuf {
        self.folder.join("corpora")
    }

    /// The folder of files that are kept under a name.
    pub(crate) fn keeping(&self) -> PathBuf {
        self.folder.join("kept")
    }

    /// Files that were open, the last one first.
    #[must_use]
    pub fn recent(&self) -> Vec<Recent> {
        let all = self.all("recent.json");
        let text = |json: &Json, key: &str| json.get(key).and_then(Json::as_text).map(str::to_owned);
        let file = |json: &Json| {
            let opened = json.get("opened").and_then(Json::as_decimal).and_then(|d| d.to_i64());
            Some(Recent { path: text(json, "path")?, title: text(json, "title")?, opened: opened.unwrap_or(0) })
        };
        all.get("files").map_or(&[][..], Json::items).iter().filter_map(file).collect()
    }

    /// Puts a file first.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remember(&self, file: Recent) -> Result<(), StoreError> {
        let mut files = self.recent();
        files.retain(|old| old.path != file.path);
        files.insert(0, file);
        files.truncate(MOST);
        self.write_recent(&files)
    }

    /// Takes a file out.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn forget(&self, path: &str) -> Result<(), StoreError> {
        let mut files = self.recent();
        let before = files.len();
        files.retain(|old| old.path != path);
        if files.len() == before { Ok(()) } else { self.write_recent(&files) }
    }

    /// All settings.
    #[must_use]
    pub fn settings(&self) -> Json {
        self.all("settings.json")
    }

    /// Changes one setting; `null` takes it out.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn set(&self, key: &str, value: Json) -> Result<(), StoreError> {
        let mut all = self.settings();
        match (&mut all, &value) {
            (Json::Map(entries), Json::Null) => entries.retain(|(name, _)| name != key),
            _ => all.set(key, value),
        }
        self.write("settings.json", &all)
    }

    fn write_recent(&self, files: &[Recent]) -> Result<(), StoreError> {
        let file = |file: &Recent| {
            Json::Map(vec![
                ("path".to_owned(), Json::text(&file.path)),
                ("title".to_owned(), Json::text(&file.title)),
                ("opened".to_owned(), Json::int(file.opened)),
            ])
        };
        self.write("recent.json", &Json::Map(vec![("files".to_owned(), Json::List(files.iter().map(file).collect()))]))
    }

    /// An object; a file that cannot be understood counts as empty and is put aside, so that nothing is overwritten.
    pub(crate) fn all(&self, name: &str) -> Json {
        let path = self.folder.join(name);
        let Ok(bytes) = read(&path) else { return Json::map() };
        let reading = tree::read(&String::from_utf8_lossy(&bytes));
        match (reading.is_json(), reading.json) {
            (true, Some(json @ Json::Map(_))) => json,
            _ => {
                let _ = fs::rename(&path, path.with_extension("json.broken"));
                Json::map()
            }
        }
    }

    pub(crate) fn write(&self, name: &str, json: &Json) -> Result<(), StoreError> {
        fs::create_dir_all(&self.folder).map_err(|error| StoreError::new(&self.folder, error))?;
        write_atomic(&self.folder.join(name), tree::canonical(json).as_bytes(), None).map(|_| ())
    }
}
