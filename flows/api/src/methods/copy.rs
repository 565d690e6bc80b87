//! `copy.*`: every text of a flow, out and back in.

use std::path::Path;

use flow_publish::deck::{Change, Trouble, texts as all};

use super::Call;
use crate::error::Error;
use crate::publishing;
use crate::types::{CopyChange, CopyChanges, CopyRead, CopyText, CopyTrouble, InDoc, WriteTo, Written};

pub(super) fn texts(call: &Call<'_>, wanted: InDoc) -> Result<Vec<CopyText>, Error> {
    let texts = call.studio.with(wanted.doc, |open| Ok(all(open.tree())))?;
    let shown = |text: flow_publish::deck::Text| CopyText {
        placeholders: text.placeholders(),
        who: text.who.id().to_owned(),
        id: text.id,
        path: text.path,
        place: text.place,
        text: text.text,
        limit: text.limit,
        why: text.why,
    };
    Ok(texts.into_iter().map(shown).collect())
}

pub(super) fn write(call: &Call<'_>, wanted: WriteTo) -> Result<Written, Error> {
    let tree = call.studio.with(wanted.doc, |open| Ok(open.tree().clone()))?;
    let bytes = publishing::write_deck(&tree, Path::new(&wanted.path))?;
    Ok(Written { path: wanted.path, bytes: u32::try_from(bytes).unwrap_or(u32::MAX) })
}

/// What a deck brings back; the window applies the change as any other, so that one step undoes it.
pub(super) fn read(call: &Call<'_>, wanted: CopyRead) -> Result<CopyChanges, Error> {
    let tree = call.studio.with(wanted.doc, |open| Ok(open.tree().clone()))?;
    let changes = publishing::read_deck(&tree, Path::new(&wanted.path))?;
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let shown = |change: &Change| CopyChange {
        id: change.id.clone(),
        place: change.place.clone(),
        line: u32::try_from(change.line).unwrap_or(u32::MAX),
        before: change.before.clone(),
        after: change.after.clone(),
        troubles: change.troubles.iter().map(told).collect(),
        applied: publishing::is_applied(change, &wanted.take),
        known: change.path.is_some(),
    };
    Ok(CopyChanges {
        changes: changes.changes.iter().map(shown).collect(),
        same: small(changes.same),
        missing: changes.missing.clone(),
        diff: publishing::words(&changes, &wanted.take),
    })
}

fn told(trouble: &Trouble) -> CopyTrouble {
    CopyTrouble {
        code: trouble.id().to_owned(),
        message: trouble.words().text(),
        said: crate::report::said(&trouble.words()),
    }
}
