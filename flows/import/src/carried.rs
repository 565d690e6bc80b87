//! Exports of this studio that carry their flow.
//!
//! What must stay true: an export that nobody changed gives the very flow that it was made of. Where files were changed
//! since, they are read as any other project, once as they were and once as they are; what the two readings differ in goes
//! into the flow wherever the flow and the export said the same, and is told as a conflict everywhere else.

use std::collections::{BTreeMap, HashSet};

use flow_check::{Checked, valid};
use flow_export::{Platform, source};
use flow_model::canonical;
use flow_model::diff::{self, Op};
use flow_model::document::{self, Document};
use flow_model::problem::{Problem, Severity};
use flow_model::tree::{self, Json, compact};

use crate::note::{Code, Kept, Note, Tally};
use crate::{Format, IMPORTERS, ImportError, Imported, Project};

/// Of how many changed files it is asked what each by itself changes.
const MOST_APART: usize = 40;
/// How often changes are tried without those that were at fault.
const ROUNDS: u32 = 20;

/// What an export says of itself.
struct Carried<'p> {
    project: &'p Project,
    platform: &'static dyn Platform,
    root: String,
    id: String,
    sums: BTreeMap<String, String>,
}

/// Reads an export that carries its flow, of whatever platform it is; `None` where the project is none, is of another kind
/// than is wanted, or carries a flow that cannot be read any more.
pub(crate) fn read(project: &Project, wanted: Option<&str>) -> Option<Result<Imported, ImportError>> {
    let carried = Carried::of(project, wanted)?;
    let document = carried.document(&carried.id)?.ok()?;
    let checked = valid(&document, &|id| carried.document(id)).ok()?;
    let (changed, gone) = carried.changed();
    if changed.is_empty() && gone.is_empty() {
        return Some(Ok(carried.imported(&document, Vec::new())));
    }
    Some(carried.merged(&document, &checked, &changed, gone))
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

/// What is told where a project is an export of this studio that does not give its flow: its folder is gone, or broken.
pub(crate) fn lost(project: &Project) -> Option<Note> {
    const LOST: &str = "the flow was read from the files of the platform, which say less: how long people wait and what follows, \
        what a person is told, hours, scores, and what code and services decide are not in them";
    if let Some(root) = project.root_of(source::LIST) {
        let what = format!("the flow in this folder cannot be used, because it is broken or of another kind: {LOST}");
        return Some(note(Code::BadFile, &format!("{root}{}", source::LIST), what));
    }
    let marks = ["written by Handoff Studio", "written from the flow `"];
    let readme = project.root_of("README.md").map(|root| format!("{root}README.md"))?;
    let text = String::from_utf8_lossy(project.bytes(&readme)?).split_whitespace().collect::<Vec<_>>().join(" ");
    let what = format!(
        "an export of this studio without its folder {}: {LOST}; take that folder along, and the very flow comes back",
        source::FOLDER
    );
    marks.iter().any(|mark| text.contains(mark)).then(|| note(Code::Approximated, &readme, what))
}

impl<'p> Carried<'p> {
    fn of(project: &'p Project, wanted: Option<&str>) -> Option<Self> {
        let (root, list) = list(project)?;
        let platform = flow_export::platform(list.get("platform")?.as_text()?).ok()?;
        if wanted.is_some_and(|wanted| wanted != platform.id()) {
            return None;
        }
        let sum = |(path, sum): &(String, Json)| Some((path.clone(), sum.as_text()?.to_owned()));
        let sums = list.get("files")?.entries().iter().filter_map(sum).collect();
        let id = list.get("flow")?.as_text().filter(|id| flow_conditions::names::is_id(id))?.to_owned();
        Some(Self { project, platform, root, id, sums })
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

    fn imported(&self, document: &Document, notes: Vec<Note>) -> Imported {
        let files = self.project.len();
        let noted = notes.len().min(files);
        let folder = format!("{}{}", self.root, source::FOLDER);
        let called = self.project.within(&folder, ".flow.json");
        // What is no flow of this name is none that anything calls.
        let called = called.filter_map(|path| {
            let id = path.rsplit('/').next()?.strip_suffix(".flow.json").filter(|id| *id != self.id)?;
            let document = document::read_bytes(self.project.bytes(path)?).ok()?;
            (document.flow.id == id).then(|| (id.to_owned(), canonical::text(&document.tree)))
        });
        Imported {
            format: self.platform.id(),
            title: self.platform.title(),
            id: self.id.clone(),
            flow: canonical::text(&document.tree),
            called: called.collect(),
            notes,
            tally: Tally { elements: files, read: files - noted, noted, left_out: 0 },
        }
    }

    /// What the project reads as with these files of the export as they were.
    fn before<'f>(
        &self,
        format: &'static dyn Format,
        made: &BTreeMap<String, Vec<u8>>,
        paths: impl Iterator<Item = &'f String>,
    ) -> Option<Json> {
        let mut files = self.project.files().clone();
        for path in paths {
            let whole = format!("{}{path}", self.root);
            match made.get(path) {
                Some(bytes) => files.insert(whole, bytes.clone()),
                None => files.remove(&whole),
            };
        }
        let read = crate::read(&Project::new(self.project.name(), files), format).ok()?;
        tree::read(&read.flow).json
    }

    /// The flow with what the importer of the platform reads otherwise than before.
    fn merged(
        &self,
        document: &Document,
        checked: &Checked,
        changed: &[String],
        gone: Vec<String>,
    ) -> Result<Imported, ImportError> {
        let Some(format) = IMPORTERS.iter().copied().find(|format| format.id() == self.platform.id()) else {
            return Ok(self.imported(document, self.untaken(changed, gone)));
        };
        let now = crate::read(self.project, format)?;
        let made = self.platform.write(checked, &[]).ok().map(|made| made.files);
        let then = made.as_ref().and_then(|made| self.before(format, made, changed.iter().chain(&gone)));
        // What cannot be held against what it was is read by itself.
        let (Some(made), Some(then)) = (made, then) else { return Ok(now) };
        let now_tree = tree::read(&now.flow).json.unwrap_or(Json::Null);
        let (mine, taken, mut notes) = self.taken(document, &then, diff::between(&then, &now_tree));
        let unread = |path: &String| {
            let whole = format!("{}{path}", self.root);
            now.notes.iter().any(|note| note.code == Code::NotRead && note.file == whole)
        };
        let nothing = taken == 0 && notes.is_empty();
        // A file that reads the same as before says nothing that came into the flow.
        let mute = |path: &String| {
            let without = (changed.len() <= MOST_APART).then(|| self.before(format, &made, std::iter::once(path)));
            without.flatten().is_some_and(|without| diff::between(&without, &now_tree).iter().all(is_aside))
        };
        let untaken: Vec<String> =
            changed.iter().filter(|path| nothing || unread(path) || mute(path)).cloned().collect();
        notes.extend(self.untaken(&untaken, gone));
        notes.extend(now.notes.iter().filter(|note| note.code == Code::BadFile).cloned());
        let merged = document::read(&canonical::text(&mine));
        Ok(self.imported(merged.as_ref().unwrap_or(document), notes))
    }

    /// The flow with the changes that it takes and stays valid with, how many those are, and what is told of the others.
    fn taken(&self, document: &Document, then: &Json, mut ops: Vec<Op>) -> (Json, usize, Vec<Note>) {
        let mut refused: Vec<Op> = Vec::new();
        for round in 1.. {
            let (mut mine, mut taken, mut notes) = (document.tree.clone(), Vec::new(), Vec::new());
            for (at, op) in ops.iter().enumerate() {
                match take(&mut mine, then, op) {
                    Taken::Yes => taken.push(at),
                    Taken::Nothing => {}
                    Taken::No(what) => notes.push(note(Code::Conflict, "", what)),
                }
            }
            let faults = self.faults(&mine);
            if faults.is_empty() || taken.is_empty() {
                notes.extend(refused.iter().map(|op| note(Code::Conflict, "", refusal(then, op))));
                return (mine, taken.len(), notes);
            }
            let places = Places::of(&faults);
            let at_fault: HashSet<usize> = taken.iter().copied().filter(|at| places.meet(path_of(&ops[*at]))).collect();
            // What is taken away is missed elsewhere; where nothing is found, nothing is taken.
            let is_away = |at: &usize| !matches!(ops[*at], Op::Set { .. } | Op::Insert { .. });
            let away: HashSet<usize> = taken.iter().copied().filter(is_away).collect();
            let out = match (at_fault.is_empty(), away.is_empty()) {
                _ if round > ROUNDS => taken.into_iter().collect(),
                (false, _) => at_fault,
                (true, false) => away,
                (true, true) => taken.into_iter().collect(),
            };
            let mut at = 0..;
            refused.extend(ops.extract_if(.., |_| at.next().is_some_and(|at| out.contains(&at))));
        }
        (document.tree.clone(), 0, Vec::new())
    }

    /// Where a tree is not valid as a flow.
    fn faults(&self, tree: &Json) -> Vec<Vec<String>> {
        let Ok(document) = document::read(&canonical::text(tree)) else { return vec![Vec::new()] };
        let problems = valid(&document, &|id| self.document(id)).err().unwrap_or_default();
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| tree::steps(&problem.path)).collect()
    }

    /// Files that were changed or taken away, and say nothing to the flow.
    fn untaken(&self, changed: &[String], gone: Vec<String>) -> Vec<Note> {
        let what = "it was changed since the export, and the flow does not come from it: the flow is what it was";
        let changed = changed.iter().map(|path| note(Code::Conflict, path, what.to_owned()));
        let gone = gone.iter().map(|path| note(Code::Missing, path, "the export had this file".to_owned()));
        changed.chain(gone).collect()
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

fn path_of(op: &Op) -> &[String] {
    let (Op::Set { path, .. }
    | Op::Remove { path }
    | Op::Insert { path, .. }
    | Op::Move { path, .. }
    | Op::Rename { path, .. }) = op;
    path
}

/// Whether a change says nothing of what the flow means.
fn is_aside(op: &Op) -> bool {
    let aside = |key: &str| matches!(key, "layout" | "x_import" | "id" | "title" | "why");
    let path = path_of(op);
    let first = path.first().map_or("", String::as_str);
    aside(first) || path.last().is_some_and(|key| aside(key)) || matches!(op, Op::Move { .. })
}

/// Where faults stand.
struct Places<'f> {
    faults: HashSet<&'f [String]>,
    /// All that a fault stands in, itself as well.
    around: HashSet<&'f [String]>,
}

impl<'f> Places<'f> {
    fn of(faults: &'f [Vec<String>]) -> Self {
        let around = faults.iter().flat_map(|fault| (0..=fault.len()).filter_map(|end| fault.get(..end)));
        Self { faults: faults.iter().map(Vec::as_slice).collect(), around: around.collect() }
    }

    /// Whether a fault stands in what a change made, or around it.
    fn meet(&self, path: &[String]) -> bool {
        self.around.contains(path)
            || (0..=path.len()).any(|end| path.get(..end).is_some_and(|around| self.faults.contains(around)))
    }
}

/// What is told of a change that the flow is not valid with.
fn refusal(then: &Json, op: &Op) -> String {
    let path = path_of(op);
    let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), compact);
    format!(
        "{} was {} in the export and is {} now, which leads to something that the flow does not have: change it by hand",
        diff::pointer(path),
        shown(then.at(path)),
        shown(is(op))
    )
}

/// What stands there after a change.
fn is(op: &Op) -> Option<&Json> {
    match op {
        Op::Set { value, .. } | Op::Insert { value, .. } => Some(value),
        _ => None,
    }
}

/// Takes one change over, where the flow says what the export said.
fn take(mine: &mut Json, then: &Json, op: &Op) -> Taken {
    let path = path_of(op);
    if is_aside(op) {
        return Taken::Nothing;
    }
    let (was, own) = (then.at(path), mine.at(path));
    let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), compact);
    let place = diff::pointer(path);
    let words = format!(
        "{place} was {} in the export and is {} now; the flow has {} there, which stays: change it by hand",
        shown(was),
        shown(is(op)),
        shown(own)
    );
    // A card or entry that is new stands for itself; an entry of a card is the same in the flow and in the export.
    let new_entry = was.is_none() && own.is_none() && path.len() == 2;
    let same = new_entry || (was.is_some() && was == own);
    if same && diff::apply(mine, std::slice::from_ref(op)).is_ok() { Taken::Yes } else { Taken::No(words) }
}
