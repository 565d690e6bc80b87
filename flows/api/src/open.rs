//! An open document: the tree as the window has it, where it is saved, and its history for the case of a crash.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use flow_check::Checked;
use flow_model::diff::{self, Op};
use flow_model::document::{self, Document};
use flow_model::problem::Problem;
use flow_model::tree::{Json, MAX_DEPTH};
use flow_model::{Flow, canonical, flow, wire};
use flow_store::{Journal, Recovered, Stamp, StoreError};

use crate::error::{Code, Error};
use crate::files::{self, Loaded};
use crate::methods::export::Made;
use crate::runs::Runner;
use crate::templates::Template;

/// An open document.
#[derive(Debug)]
pub(crate) struct Open {
    loaded: Loaded,
    revision: u32,
    path: Option<PathBuf>,
    stamp: Option<Stamp>,
    key: String,
    journal: Option<Journal>,
    readonly: bool,
    recovered: bool,
    /// Conversations of a document without a file.
    lines: Vec<String>,
    template: Option<&'static Template>,
    proof: Option<Result<Checked, Vec<Problem>>>,
    /// The flow made ready to run, once a revision.
    runner: Option<Arc<Runner>>,
    /// The export that was made last.
    made: Option<Arc<Made>>,
}

impl Open {
    /// A document of a file.
    pub(crate) fn file(path: &Path) -> Result<Self, Error> {
        let path =
            std::path::absolute(path).map_err(|e| Error::new(Code::Failed, format!("{}: {e}", path.display())))?;
        let stamp = flow_store::stamp(&path)?;
        let loaded = files::load(&path)?;
        let mut open = Self::of(loaded, path.to_string_lossy().into_owned());
        open.readonly = flow_store::is_read_only(&path);
        open.path = Some(path);
        open.stamp = Some(stamp);
        Ok(open)
    }

    /// An untitled copy of a shipped flow.
    pub(crate) fn template(template: &'static Template) -> Result<Self, Error> {
        let loaded = files::of_bytes(template.text.as_bytes())?;
        let mut open = Self::of(loaded, format!("untitled:{}", template.id));
        open.lines = template.lines();
        open.template = Some(template);
        Ok(open)
    }

    /// A document without a file.
    pub(crate) fn text(text: &str, name: &str) -> Result<Self, Error> {
        Ok(Self::of(files::of_bytes(text.as_bytes())?, format!("text:{name}")))
    }

    fn of(loaded: Loaded, key: String) -> Self {
        Self {
            loaded,
            revision: 1,
            path: None,
            stamp: None,
            key,
            journal: None,
            readonly: false,
            recovered: false,
            lines: Vec::new(),
            template: None,
            proof: None,
            runner: None,
            made: None,
        }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn tree(&self) -> &Json {
        &self.loaded.document.tree
    }

    pub(crate) fn flow(&self) -> &Flow {
        &self.loaded.document.flow
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    pub(crate) fn revision(&self) -> u32 {
        self.revision
    }

    pub(crate) fn path(&self) -> Option<String> {
        self.path.as_ref().map(|path| path.to_string_lossy().into_owned())
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.loaded.folder.as_deref()
    }

    pub(crate) fn stem(&self) -> Option<&str> {
        self.loaded.stem.as_deref()
    }

    pub(crate) fn is_readonly(&self) -> bool {
        self.readonly
    }

    pub(crate) fn is_recovered(&self) -> bool {
        self.recovered
    }

    pub(crate) fn shipped(&self) -> Option<&'static Template> {
        self.template
    }

    /// Conversations of a document without a file.
    pub(crate) fn lines(&mut self) -> &mut Vec<String> {
        &mut self.lines
    }

    /// The export that was made last.
    pub(crate) fn made(&mut self) -> &mut Option<Arc<Made>> {
        &mut self.made
    }

    pub(crate) fn report(&self) -> flow_check::Report {
        self.loaded.report()
    }

    /// The flow, proved valid; proved once a revision.
    pub(crate) fn checked(&mut self) -> Result<Checked, Error> {
        let proof = self.proof.get_or_insert_with(|| self.loaded.valid());
        proof.clone().map_err(|problems| Error::invalid(&problems))
    }

    /// The flow, made ready to run.
    pub(crate) fn runner(&mut self) -> Result<Arc<Runner>, Error> {
        if let Some(runner) = &self.runner {
            return Ok(runner.clone());
        }
        let runner = Arc::new(Runner::new(&self.checked()?));
        self.runner = Some(runner.clone());
        Ok(runner)
    }

    /// Finds unsaved work that a crash left, and begins the history of this document.
    pub(crate) fn begin(&mut self, journals: &Path) {
        if self.readonly {
            return;
        }
        let left = Journal::recover(journals, &self.key).ok().flatten().filter(|left| !left.changes.is_empty());
        let base = self.base();
        let work = left.and_then(|left| self.regained(&left).map(|(document, stamp)| (left, document, stamp)));
        let base = work.as_ref().map_or(base, |(left, _, _)| left.base.clone());
        match Journal::open(journals, &self.key, &base) {
            Ok(journal) => self.journal = Some(journal),
            // Two windows never overwrite each other: the second one only looks.
            Err(StoreError::InUse(_)) => {
                self.readonly = true;
                return;
            }
            // A disk without room for a history does not keep anybody from working.
            Err(_) => {}
        }
        if let Some((left, document, stamp)) = work {
            for change in &left.changes {
                self.note(change);
            }
            self.loaded.document = document;
            self.stamp = stamp.or(self.stamp.take());
            self.recovered = true;
        }
    }

    /// The document with the work that a crash left, and what the file was at its start.
    fn regained(&self, left: &Recovered) -> Option<(Document, Option<Stamp>)> {
        let mut tree = left.base.get("tree")?.clone();
        if self.key.starts_with("text:") && tree != *self.tree() {
            return None;
        }
        for change in &left.changes {
            let diff: Vec<Op> = serde_json::from_value(wire::plain(change)).ok()?;
            if diff::apply(&mut tree, &diff).is_err() {
                break;
            }
        }
        if tree == *self.tree() {
            return None;
        }
        let stamp = left.base.get("stamp").and_then(Json::as_text).and_then(|text| serde_json::from_str(text).ok());
        let flow = flow::read(&tree);
        Some((Document { tree, flow, problems: Vec::new() }, stamp))
    }

    fn base(&self) -> Json {
        let stamp = self.stamp.as_ref().and_then(|stamp| serde_json::to_string(stamp).ok());
        Json::Map(vec![
            ("tree".to_owned(), self.tree().clone()),
            ("stamp".to_owned(), stamp.map_or(Json::Null, Json::Text)),
        ])
    }

    /// A history that cannot be written on ends here; what is open stays open.
    fn note(&mut self, change: &Json) {
        if let Some(journal) = &mut self.journal
            && journal.append(change, true).is_err()
        {
            self.journal = None;
        }
    }

    /// Changes the document, whole or not at all.
    pub(crate) fn apply(&mut self, diff: &[Op], revision: u32) -> Result<(), Error> {
        let whole = matches!(diff, [Op::Set { path, .. }] if path.is_empty());
        if revision != self.revision && !whole {
            let message = format!("the change is of revision {revision}, the document of {}", self.revision);
            return Err(Error::new(Code::OutOfStep, message));
        }
        if diff.iter().any(too_deep) {
            return Err(Error::bad(format!("values may be nested {MAX_DEPTH} deep")));
        }
        let tree = &mut self.loaded.document.tree;
        let back = diff::apply(tree, diff).map_err(|e| Error::new(Code::OutOfStep, e.to_string()))?;
        match self.reread(diff) {
            Ok((flow, problems)) => {
                self.loaded.document.flow = flow;
                self.loaded.document.problems = problems;
            }
            Err(problems) => {
                let _ = diff::apply(&mut self.loaded.document.tree, &back);
                return Err(Error::unreadable(&problems));
            }
        }
        self.revision += 1;
        (self.proof, self.runner) = (None, None);
        if let Ok(change) = serde_json::to_value(diff) {
            self.note(&wire::tree(&change));
        }
        Ok(())
    }

    /// What the tree means now. Faults of reading can only come and go with changes of certain kinds; then it is read as
    /// if from its file.
    fn reread(&self, diff: &[Op]) -> Result<(Flow, Vec<Problem>), Vec<Problem>> {
        let document = &self.loaded.document;
        if document.problems.is_empty() && !diff.iter().any(may_not_be_readable) {
            return Ok((flow::read(&document.tree), Vec::new()));
        }
        let read = document::read(&canonical::text(&document.tree))?;
        Ok((flow::read(&document.tree), read.problems))
    }

    /// Saves the canonical text; the path that it has now.
    pub(crate) fn save(&mut self, path: Option<&str>, overwrite: bool, journals: &Path) -> Result<PathBuf, Error> {
        let given = path.map(|p| std::path::absolute(p).map_err(|e| Error::new(Code::Failed, format!("{p}: {e}"))));
        let target = match (given.transpose()?, &self.path) {
            (Some(path), _) => path,
            (None, Some(path)) => path.clone(),
            (None, None) => return Err(Error::bad("the flow has no file yet: choose where to save it")),
        };
        let same = self.path.as_ref() == Some(&target);
        if same && self.readonly {
            return Err(StoreError::ReadOnly(target).into());
        }
        let expected = if same && !overwrite { self.stamp.as_ref() } else { None };
        let text = canonical::text(self.tree());
        let stamp = flow_store::write_atomic(&target, text.as_bytes(), expected)?;
        self.stamp = Some(stamp);
        self.forget();
        self.recovered = false;
        if !same {
            self.move_to(&target);
        }
        self.begin_anew(journals);
        Ok(target)
    }

    fn move_to(&mut self, target: &Path) {
        self.loaded.folder = Some(files::folder_of(target));
        self.loaded.stem = files::stem_of(target);
        self.key = target.to_string_lossy().into_owned();
        self.path = Some(target.to_path_buf());
        self.readonly = false;
        // Called flows lie beside the file, so the proof may be another.
        (self.proof, self.runner) = (None, None);
    }

    fn begin_anew(&mut self, journals: &Path) {
        self.journal = Journal::open(journals, &self.key, &self.base()).ok();
    }

    /// Lets go of the history: it is saved, or not wanted.
    pub(crate) fn forget(&mut self) {
        if let Some(journal) = self.journal.take() {
            let _ = journal.clear();
        }
    }

    /// The canonical text.
    pub(crate) fn canonical(&self) -> String {
        canonical::text(self.tree())
    }
}

fn depth(json: &Json) -> usize {
    match json {
        Json::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Map(map) => 1 + map.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

fn value_of(op: &Op) -> Option<(&[String], &Json)> {
    match op {
        Op::Set { path, value, .. } | Op::Insert { path, value } => Some((path, value)),
        _ => None,
    }
}

fn too_deep(op: &Op) -> bool {
    value_of(op).is_some_and(|(path, value)| path.len() + depth(value) > MAX_DEPTH)
}

fn may_not_be_readable(op: &Op) -> bool {
    let (Op::Set { path, .. }
    | Op::Remove { path }
    | Op::Insert { path, .. }
    | Op::Move { path, .. }
    | Op::Rename { path, .. }) = op;
    let head = path.first().is_none_or(|first| matches!(first.as_str(), "format" | "needs"));
    head || value_of(op).is_some_and(|(_, value)| has_duplicates(value))
}

fn has_duplicates(json: &Json) -> bool {
    match json {
        Json::List(items) => items.iter().any(has_duplicates),
        Json::Map(map) => {
            let mut keys: Vec<&str> = map.iter().map(|(key, _)| key.as_str()).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair[0] == pair[1]) || map.iter().any(|(_, value)| has_duplicates(value))
        }
        _ => false,
    }
}
