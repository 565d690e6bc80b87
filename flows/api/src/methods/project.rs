//! `project.*`: projects of other tools as flows.

use std::path::Path;

use flow_import::{IMPORTERS, Note};

use super::{Call, check, doc};
use crate::error::Error;
use crate::projects;
use crate::shown::{self, About};
use crate::types::{
    DocOpen, DocOpened, Nothing, ProjectFormat, ProjectImport, ProjectImported, ProjectNote, ProjectShown, Severity,
};

/// Of how many problems a conversation is looked for at once.
const SHOWN: usize = 5;

pub(super) fn formats(_: &Call<'_>, _: Nothing) -> Result<Vec<ProjectFormat>, Error> {
    let shown = IMPORTERS.iter().map(|format| ProjectFormat {
        id: format.id().to_owned(),
        title: format.title().to_owned(),
        about: format.about().to_owned(),
    });
    Ok(shown.collect())
}

/// Reads a project and opens the flow that it became, untitled and not saved.
pub(super) fn import(call: &Call<'_>, wanted: ProjectImport) -> Result<ProjectImported, Error> {
    let read = projects::read(Path::new(&wanted.path), wanted.format.as_deref(), None)?;
    let imported = read.imported;
    let opened = doc::open(call, DocOpen::Text { text: imported.flow, name: imported.id })?;
    let shown = shown(call, &opened)?;
    Ok(ProjectImported {
        format: imported.format.to_owned(),
        title: imported.title.to_owned(),
        opened,
        notes: imported.notes.into_iter().map(note).collect(),
        elements: u32::try_from(imported.tally.elements).unwrap_or(u32::MAX),
        shown: Some(shown).filter(|shown| !shown.is_empty()),
    })
}

/// Conversations in which the first problems of what was opened happen.
fn shown(call: &Call<'_>, opened: &DocOpened) -> Result<Vec<ProjectShown>, Error> {
    // What cannot be checked, such as a flow that calls others, is shown by its cards alone.
    let Ok(checked) = call.studio.with(opened.doc, crate::open::Open::checked) else { return Ok(Vec::new()) };
    let errors = opened.problems.iter().filter(|problem| matches!(problem.severity, Severity::Error));
    let mut found = Vec::new();
    for problem in errors.take(SHOWN) {
        let case = check::case_of(problem.witness.as_ref());
        let path = problem.path_to_it.clone().unwrap_or_default();
        let about =
            About { node: problem.node.as_deref(), trigger: problem.trigger.as_deref(), case: &case, path: &path };
        let conversation = shown::bounded(&checked, about);
        found.extend(problem.id.clone().zip(conversation).map(|(problem, conversation)| ProjectShown {
            problem,
            text: flow_conversations::write(&flow_conversations::json(&conversation)),
        }));
    }
    Ok(found)
}

fn note(note: Note) -> ProjectNote {
    ProjectNote {
        code: note.code.id().to_owned(),
        pointer: note.pointer,
        line: note.line,
        kept: note.kept.id().to_owned(),
        card: note.kept.card().map(str::to_owned),
        understood: !note.code.counts(),
        file: note.file,
        what: note.what,
    }
}
