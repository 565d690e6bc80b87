//! `project.*`: projects of other tools as flows.

use std::path::Path;

use flow_import::{IMPORTERS, Note};

use super::{Call, doc};
use crate::error::Error;
use crate::projects;
use crate::types::{DocOpen, Nothing, ProjectFormat, ProjectImport, ProjectImported, ProjectNote};

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
    Ok(ProjectImported {
        format: imported.format.to_owned(),
        title: imported.title.to_owned(),
        opened,
        notes: imported.notes.into_iter().map(note).collect(),
        elements: u32::try_from(imported.tally.elements).unwrap_or(u32::MAX),
    })
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
