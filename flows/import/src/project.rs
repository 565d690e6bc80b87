//! The files of a project.

use std::collections::BTreeMap;

/// A project: its files by relative path, with `/` between folders, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
    skipped: Vec<(String, String)>,
}

impl Project {
    /// A project by the name of its folder or file.
    #[must_use]
    pub fn new(name: impl Into<String>, files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { name: name.into(), files, skipped: Vec::new() }
    }

    /// The same project with what was not read of its folder, and why.
    #[must_use]
    pub fn with_skipped(mut self, skipped: Vec<(String, String)>) -> Self {
        self.skipped = skipped;
        self
    }

    /// The name of its folder or file, without an ending.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many files it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// The paths of its files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// All files.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// The bytes of a file.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// What was not read of its folder, and why.
    #[must_use]
    pub fn skipped(&self) -> &[(String, String)] {
        &self.skipped
    }

    /// The folder, with its `/`, in which a file of this name lies: the one that is least deep. Capitals do not matter.
    #[must_use]
    pub fn root_of(&self, file: &str) -> Option<&str> {
        let depth = |path: &&str| path.matches('/').count();
        let root = |path: &'_ str| {
            let at = path.len().checked_sub(file.len())?;
            let (folder, name) = (path.get(..at)?, path.get(at..)?);
            (name.eq_ignore_ascii_case(file) && (folder.is_empty() || folder.ends_with('/'))).then_some(at)
        };
        let found = self.paths().filter(|path| root(path).is_some()).min_by_key(depth)?;
        found.get(..root(found)?)
    }

    /// The files whose paths begin and end so.
    pub fn within<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .range(folder.to_owned()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(folder))
            .filter(move |path| path.ends_with(ending))
    }
}
