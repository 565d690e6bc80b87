//! The files of a project as they are read: each is parsed once, and every value knows what became of it.

use std::cell::{OnceCell, RefCell};

use flow_model::tree::{self, Json};
use indexmap::IndexMap;

use crate::lines::Lines;
use crate::note::{Code, Kept};
use crate::part::{Fate, Part};
use crate::{ImportError, Project, encoding};

/// A tree that an importer parsed itself, such as YAML.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree.
    pub json: Json,
    /// The line, from 1, on which each value begins, in the order in which they begin; may end early.
    pub lines: Vec<u32>,
}

/// A file that was looked at.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    pub(crate) text: OnceCell<String>,
    pub(crate) tree: OnceCell<Option<Part>>,
    pub(crate) tree_lines: OnceCell<Vec<u32>>,
    pub(crate) lines: OnceCell<Lines>,
    /// Someone said why it is not read.
    pub(crate) left: OnceCell<&'static str>,
}

/// What is told of a place that is not looked up yet.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) code: Code,
    pub(crate) file: u32,
    pub(crate) place: Place,
    pub(crate) what: String,
    pub(crate) kept: Kept,
}

/// Where something stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The whole file.
    File,
    /// The value of this number.
    Value(u32),
    /// A line.
    Line(u32),
}

/// The files of a project, as an importer reads them.
#[derive(Debug)]
pub struct Source<'p> {
    project: &'p Project,
    pub(crate) files: IndexMap<&'p str, Looked>,
    pub(crate) told: RefCell<Vec<Told>>,
    /// The card of a part, by file and number.
    pub(crate) owners: RefCell<Vec<(u32, u32, String)>>,
}

impl<'p> Source<'p> {
    pub(crate) fn new(project: &'p Project) -> Self {
        let files = project.paths().map(|path| (path, Looked::default())).collect();
        Self { project, files, told: RefCell::default(), owners: RefCell::default() }
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> &'p Project {
        self.project
    }

    fn number(&self, path: &str) -> Option<(u32, &Looked)> {
        let (at, _, looked) = self.files.get_full(path)?;
        Some((u32::try_from(at).unwrap_or(u32::MAX), looked))
    }

    /// The text of a file, in whatever encoding it is; another than UTF-8 is told. Looking at it counts nothing as read.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        let (number, looked) = self.number(path)?;
        Some(looked.text.get_or_init(|| {
            let (text, other) = encoding::text(self.project.bytes(path).unwrap_or_default());
            if let Some(encoding) = other {
                let what = format!("it is not UTF-8 and was read as {encoding}");
                self.tell(Code::Encoding, number, Place::File, what, Kept::Nothing);
            }
            text
        }))
    }

    /// A JSON file; none where it is not there or cannot be read, which is told with its line.
    #[must_use]
    pub fn json(&self, path: &str) -> Option<&Part> {
        self.parsed(path, |text| {
            let reading = tree::read(text);
            let fault = reading.faults.first().cloned();
            match reading.json {
                Some(json) if fault.as_ref().is_none_or(|f| f.kind != tree::FaultKind::NotJson) => {
                    Ok(Parsed { json, lines: Vec::new() })
                }
                _ => Err(fault.map_or((1, "it is no JSON".to_owned()), |f| {
                    (u32::try_from(f.line).unwrap_or(u32::MAX), f.message)
                })),
            }
        })
    }

    /// A file that is parsed into a tree by the importer; `parse` answers with a line and words where it cannot.
    pub fn parsed(&self, path: &str, parse: impl FnOnce(&str) -> Result<Parsed, (u32, String)>) -> Option<&Part> {
        let text = self.text(path)?;
        let (number, looked) = self.number(path)?;
        let made = looked.tree.get_or_init(|| match parse(text) {
            Ok(Parsed { json, lines }) => {
                let _ = looked.tree_lines.set(lines);
                Some(Part::of(json, number, &mut 0))
            }
            Err((line, why)) => {
                let what = format!("it cannot be read and was left out: {why}");
                self.tell(Code::BadFile, number, Place::Line(line), what, Kept::Nothing);
                None
            }
        });
        made.as_ref()
    }

    /// As [`Source::json`], for a file without which nothing can be read.
    ///
    /// # Errors
    /// Where it is not there or cannot be read.
    pub fn needed(&self, path: &str, way: &str) -> Result<&Part, ImportError> {
        if self.project.bytes(path).is_none() {
            return Err(ImportError::Missing { file: path.to_owned(), way: way.to_owned() });
        }
        let unreadable = || ImportError::Unreadable { file: path.to_owned(), line: None, why: way.to_owned() };
        self.json(path).ok_or_else(|| self.unreadable().unwrap_or_else(unreadable))
    }

    /// Why the file that was looked at last and cannot be read cannot be read; none where all could.
    #[must_use]
    pub fn unreadable(&self) -> Option<ImportError> {
        let told = self.told.borrow();
        let last = told.iter().rev().find(|told| told.code == Code::BadFile)?;
        let line = if let Place::Line(line) = last.place { Some(line) } else { None };
        let path = usize::try_from(last.file).ok().and_then(|at| self.files.get_index(at)).map(|(path, _)| *path);
        Some(ImportError::Unreadable { file: path?.to_owned(), line, why: last.what.clone() })
    }

    /// A file of lines.
    #[must_use]
    pub fn lines(&self, path: &str) -> Option<&Lines> {
        let text = self.text(path)?;
        let (number, looked) = self.number(path)?;
        Some(looked.lines.get_or_init(|| Lines::of(text, number)))
    }

    /// A file is of no use here, such as a picture; the reason is told once for all.
    pub fn leave(&self, path: &str, reason: &'static str) {
        if let Some((_, looked)) = self.number(path) {
            let _ = looked.left.set(reason);
        }
    }

    /// Tells what a part means that cannot be said here; all of it that nobody looked at counts as told. What only means
    /// something a little different is read all the same: the rest of such a part is told by itself.
    pub fn note(&self, part: &Part, code: Code, what: impl Into<String>, kept: Kept) {
        if code != Code::Approximated || part.parts().next().is_none() {
            part.mark(Fate::Noted);
        }
        self.tell(code, part.file, Place::Value(part.at), what.into(), kept);
    }

    /// Tells something of a line.
    pub fn note_line(&self, lines: &Lines, line: u32, code: Code, what: impl Into<String>, kept: Kept) {
        lines.mark(line, Fate::Noted);
        self.tell(code, lines.file, Place::Line(line), what.into(), kept);
    }

    /// Tells something of a whole file, or of the project where there is no such file.
    pub fn note_file(&self, path: &str, code: Code, what: impl Into<String>, kept: Kept) {
        let number = self.number(path).map_or(u32::MAX, |(number, _)| number);
        self.tell(code, number, Place::File, what.into(), kept);
    }

    /// A part belongs to a card: what nobody looks at in it is kept there.
    pub fn owner(&self, part: &Part, card: &str) {
        self.owners.borrow_mut().push((part.file, part.at, card.to_owned()));
    }

    fn tell(&self, code: Code, file: u32, place: Place, what: String, kept: Kept) {
        self.told.borrow_mut().push(Told { code, file, place, what, kept });
    }
}
