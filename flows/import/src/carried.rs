//! Exports of this studio that carry their flow.
//!
//! What must stay true: an export that nobody changed gives the very flow that it was made of. Where files were changed
//! since, they are read as any other project, once as they were and once as they are; what the two readings differ in goes
//! into the flow wherever the flow and the export said the same, and is told as a conflict everywhere else.

use std::collections::BTreeMap;

use flow_check::{Checked, valid};
use flow_export::source;
use flow_model::canonical;
use flow_model::diff::{self, Op};
use flow_model::document::{self, Document};
use flow_model::problem::Problem;
use flow_model::tree::{self, Json, compact};

use crate::note::{Code, Kept, Note, Tally};
use crate::{Format, ImportError, Imported, Project};

/// What an export says of itself.
struct Carried<'p> {
    project: &'p Project,
    root: String,
    id: String,
    sums: BTreeMap<String, String>,
}

/// Reads an export that carries its flow; `None` where the project is none, or is of another platform.
pub(crate) fn read(project: &Project, format: &'static dyn Format) -> Option<Result<Imported, ImportError>> {
    let carried = Carried::of(project, format.id())?;
    let document = carried.document(&carried.id)?.ok()?;
    let checked = valid(&document, &|id| carried.document(id)).ok()?;
    let (changed, gone) = carried.changed();
    if changed.is_empty() && gone.is_empty() {
        return Some(Ok(carried.imported(format, &document, Vec::new())));
    }
    Some(carried.merged(format, &document, &checked, &changed, gone))
}

/// The list of an export, and the folder of the export.
fn list(project: &Project) -> Option<(String, Json)> {
    let root = project.root_of(source::LIST)?.to_owned();
    let text = std::str::from_utf8(project.bytes(&format!("{root}{}", source::LIST))?).ok()?;
    Some((root, tree::read(text).json?))
}

/// The platform of a project that is an export of this studio.
pub(crate) fn platform(project: &Project) -> Option<String> {
    Some(list(project)?.1.get("platform")?.as_text()?.to_owned())
}

impl<'p> Carried<'p> {
    fn of(project: &'p Project, platform: &str) -> Option<Self> {
        let (root, list) = list(project)?;
        if list.get("platform")?.as_text()? != platform {
            return None;
        }
        let sum = |(path, sum): &(String, Json)| Some((path.clone(), sum.as_text()?.to_owned()));
        let sums = list.get("files")?.entries().iter().filter_map(sum).collect();
        let id = list.get("flow")?.as_text().filter(|id| flow_conditions::names::is_id(id))?.to_owned();
        Some(Self { project, root, id, sums })
    }

    fn bytes(&self, path: &str) -> Option<&'p [u8]> {
        self.project.bytes(&format!("{}{path}", self.root))
    }

    fn document(&self, id: &str) -> Option<Result<Document, Vec<Problem>>> {
        let id = Some(id).filter(|id| flow_conditions::names::is_id(id))?;
        self.bytes(&source::place(id)).map(document::read_bytes)
    }

    /// The files that are other than when they were exported, and those that are gone.
    fn changed(&self) -> (Vec<String>, Vec<String>) {
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for (path, sum) in &self.sums {
            match self.bytes(path) {
                Some(bytes) if source::sum(bytes) == *sum => {}
                Some(_) => changed.push(path.clone()),
                None => gone.push(path.clone()),
            }
        }
        let below = |path: &&str| {
            path.strip_prefix(self.root.as_str()).is_some_and(|path| {
                !self.sums.contains_key(path) && !path.starts_with(source::FOLDER) && !path.starts_with('.')
            })
        };
        changed.extend(
            self.project.paths().filter(below).filter_map(|path| path.get(self.root.len()..)).map(str::to_owned),
        );
        (changed, gone)
    }

    fn imported(&self, format: &'static dyn Format, document: &Document, notes: Vec<Note>) -> Imported {
        let files = self.project.len();
        let noted = notes.len().min(files);
        let folder = format!("{}{}", self.root, source::FOLDER);
        let called = self.project.within(&folder, ".flow.json");
        let called = called.filter_map(|path| {
            let id = path.rsplit('/').next()?.strip_suffix(".flow.json")?;
            let text = std::str::from_utf8(self.project.bytes(path)?).ok()?;
            (id != self.id).then(|| (id.to_owned(), text.to_owned()))
        });
        Imported {
            format: format.id(),
            title: format.title(),
            id: self.id.clone(),
            flow: canonical::text(&document.tree),
            called: called.collect(),
            notes,
            tally: Tally { elements: files, read: files - noted, noted, left_out: 0 },
        }
    }

    /// The project with the files of the export as they were.
    fn before(&self, platform: &str, checked: &Checked, changed: &[String], gone: &[String]) -> Option<Project> {
        let made = flow_export::platform(platform).ok()?.write(checked, &[]).ok()?;
        let mut files = self.project.files().clone();
        for path in changed.iter().chain(gone) {
            let whole = format!("{}{path}", self.root);
            match made.files.get(path) {
                Some(bytes) => files.insert(whole, bytes.clone()),
                None => files.remove(&whole),
            };
        }
        Some(Project::new(self.project.name(), files))
    }

    fn merged(
        &self,
        format: &'static dyn Format,
        document: &Document,
        checked: &Checked,
        changed: &[String],
        gone: Vec<String>,
    ) -> Result<Imported, ImportError> {
        let now = crate::read(self.project, format)?;
        let Some(Ok(then)) = self.before(format.id(), checked, changed, &gone).map(|then| crate::read(&then, format))
        else {
            return Ok(now);
        };
        let trees = [&then.flow, &now.flow].map(|flow| tree::read(flow).json.unwrap_or(Json::Null));
        let [then, now_tree] = trees;
        let mut mine = document.tree.clone();
        let (mut taken, mut notes) = (0, Vec::new());
        for op in diff::between(&then, &now_tree) {
            match take(&mut mine, &then, &op) {
                Taken::Yes => taken += 1,
                Taken::Nothing => {}
                Taken::No(what) => notes.push(note(Code::Conflict, "", what)),
            }
        }
        let unread = |path: &String| {
            let whole = format!("{}{path}", self.root);
            now.notes.iter().any(|note| note.code == Code::NotRead && note.file == whole)
        };
        let nothing = taken == 0 && notes.is_empty();
        for path in changed.iter().filter(|path| nothing || unread(path)) {
            let what = "it was changed since the export, and the flow does not come from it: the flow is what it was";
            notes.push(note(Code::Conflict, path, what.to_owned()));
        }
        notes.extend(now.notes.iter().filter(|note| note.code == Code::BadFile).cloned());
        for path in &gone {
            notes.push(note(Code::Missing, path, "the export had this file".to_owned()));
        }
        let text = canonical::text(&mine);
        match document::read(&text) {
            Ok(merged) => Ok(self.imported(format, &merged, notes)),
            Err(_) => Ok(self.imported(format, document, notes)),
        }
    }
}

fn note(code: Code, file: &str, what: String) -> Note {
    Note { code, file: file.to_owned(), pointer: String::new(), line: None, what, kept: Kept::Nothing }
}

enum Taken {
    Yes,
    /// It says nothing of what the flow means.
    Nothing,
    No(String),
}

/// Takes one change over, where the flow says what the export said.
fn take(mine: &mut Json, then: &Json, op: &Op) -> Taken {
    let (Op::Set { path, .. }
    | Op::Remove { path }
    | Op::Insert { path, .. }
    | Op::Move { path, .. }
    | Op::Rename { path, .. }) = op;
    let first = path.first().map_or("", String::as_str);
    let aside = |key: &str| matches!(key, "layout" | "x_import" | "id" | "title" | "why");
    if aside(first) || path.last().is_some_and(|key| aside(key)) || matches!(op, Op::Move { .. }) {
        return Taken::Nothing;
    }
    let (was, own) = (then.at(path), mine.at(path));
    let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), compact);
    let place = diff::pointer(path);
    let is = match op {
        Op::Set { value, .. } | Op::Insert { value, .. } => Some(value),
        _ => None,
    };
    let words = format!(
        "{place} was {} in the export and is {} now; the flow has {} there, which stays: change it by hand",
        shown(was),
        shown(is),
        shown(own)
    );
    // A card or entry that is new stands for itself; an entry of a card is the same in the flow and in the export.
    let new_entry = was.is_none() && own.is_none() && path.len() == 2;
    let same = new_entry || (was.is_some() && was == own);
    if same && diff::apply(mine, std::slice::from_ref(op)).is_ok() { Taken::Yes } else { Taken::No(words) }
}
