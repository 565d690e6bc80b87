//! `doc.*`: open, change, save.

use std::path::Path;

use flow_handoff::moment::rfc3339;
use flow_store::{Recent, StoreError};

use super::{Call, conversations};
use crate::error::Error;
use crate::open::Open;
use crate::templates::template;
use crate::types::{DocApplied, DocApply, DocOpen, DocOpened, DocSave, DocSaved, DocText, Drawn, InDoc, Problem};

pub(super) fn open(call: &Call<'_>, wanted: DocOpen) -> Result<DocOpened, Error> {
    let data = call.studio.data();
    let mut open = match &wanted {
        DocOpen::Path { path } => Open::file(Path::new(path)).inspect_err(|error| forget(call, path, error))?,
        DocOpen::Template { template: id } => {
            let found = template(id).ok_or_else(|| Error::bad(format!("no shipped flow is called {id}")))?;
            Open::template(found)?
        }
        DocOpen::Text { text, name } => Open::text(text, name)?,
    };
    call.studio.take_over(open.key());
    open.begin(&data.journals());
    remember(call, &open);
    let (problems, infeasible) = looked(&open);
    let mut opened = DocOpened {
        doc: 0,
        path: open.path(),
        tree: open.tree().clone(),
        revision: open.revision(),
        problems,
        infeasible,
        readonly: open.is_readonly(),
        recovered: open.is_recovered().then_some(true),
    };
    opened.doc = call.studio.keep(open);
    Ok(opened)
}

/// A file that is gone is not offered again.
fn forget(call: &Call<'_>, path: &str, error: &Error) {
    if error.message == StoreError::NotFound(path.into()).to_string() {
        let _ = call.studio.data().forget(path);
    }
}

/// What cannot be remembered does not keep anybody from working.
fn remember(call: &Call<'_>, open: &Open) {
    if let Some(path) = open.path() {
        let title = open.flow().title.clone().unwrap_or_else(|| open.flow().id.clone());
        let _ = call.studio.data().remember(Recent { path, title, opened: flow_store::now() });
    }
}

/// What is wrong with a document, and its edges that no values take.
fn looked(open: &Open) -> (Vec<Problem>, Vec<Drawn>) {
    let report = open.report();
    let drawn = report.infeasible.into_iter().map(|(node, port)| Drawn { node, port });
    (report.problems.iter().map(Problem::from).collect(), drawn.collect())
}

pub(super) fn apply(call: &Call<'_>, change: DocApply) -> Result<DocApplied, Error> {
    call.studio.with(change.doc, |open| {
        open.apply(&change.diff, change.revision)?;
        let (problems, infeasible) = looked(open);
        Ok(DocApplied { revision: open.revision(), problems, infeasible })
    })
}

pub(super) fn save(call: &Call<'_>, wanted: DocSave) -> Result<DocSaved, Error> {
    let journals = call.studio.data().journals();
    call.studio.with(wanted.doc, |open| {
        let path = open.save(wanted.path.as_deref(), wanted.overwrite.unwrap_or(false), &journals)?;
        remember(call, open);
        conversations::settle(open).map_err(|error| {
            let file = path.display();
            Error::new(
                error.code,
                format!("{file} is saved; its conversations are not, and are kept here: {}", error.message),
            )
        })?;
        Ok(DocSaved { path: path.to_string_lossy().into_owned(), saved_at: rfc3339(flow_store::now()) })
    })
}

/// What was not saved is let go of: the window asks before.
pub(super) fn close(call: &Call<'_>, wanted: InDoc) -> Result<(), Error> {
    call.studio.release(wanted.doc);
    Ok(())
}

pub(super) fn text(call: &Call<'_>, wanted: InDoc) -> Result<DocText, Error> {
    call.studio.with(wanted.doc, |open| Ok(DocText { text: open.canonical() }))
}
