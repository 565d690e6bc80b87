//! `conversations.search`, `label`, `tag`, `audit`: of the files beside a flow, or of those that it came with.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::path::Path;

use flow_conversations::edit::Edit;
use flow_model::tree;

use super::{Call, Written, conversations};
use crate::corpora::{self, Hit, Which};
use crate::error::Error;
use crate::files;
use crate::open::Open;
use crate::replays::Input;
use crate::types::{
    ConversationAudit, ConversationHit, ConversationLabel, ConversationSearch, ConversationTag, ConversationsAudited,
    ConversationsChanged, ConversationsFound,
};

fn inputs(open: &mut Open) -> Vec<Input> {
    if open.folder().is_some() {
        return conversations::files_of(open).into_iter().map(Input::Path).collect();
    }
    let name = open.shipped().map_or_else(String::new, |t| format!("{}{}", t.id, files::CONVERSATIONS));
    vec![Input::Text(name, open.lines().join("\n"))]
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(super) fn search(call: &Call<'_>, wanted: ConversationSearch) -> Result<ConversationsFound, Error> {
    let inputs = call.studio.with(wanted.doc, |open| Ok(inputs(open)))?;
    let searched = corpora::search(inputs, &wanted.query, wanted.most as usize)?;
    let hit = |hit: Hit| ConversationHit {
        id: hit.id,
        file: conversations::name(Path::new(&hit.file)),
        line: count(hit.line),
        turn: hit.found.turn.map(|turn| count(turn as u64)),
        excerpt: hit.found.excerpt,
        tags: hit.tags,
    };
    Ok(ConversationsFound {
        conversations: count(searched.conversations),
        count: count(searched.count),
        unread: count(searched.unread.len() as u64),
        hits: searched.hits.into_iter().map(hit).collect(),
    })
}

/// Changes conversations wherever they are kept.
fn change(call: &Call<'_>, doc: u32, ids: Vec<String>, edits: &[Edit]) -> Result<ConversationsChanged, Error> {
    let ids: BTreeSet<String> = ids.into_iter().collect();
    let which = Which::Ids(&ids);
    call.studio.with(doc, |open| {
        if open.folder().is_none() {
            return Ok(ConversationsChanged { ids: corpora::edit_lines(open.lines(), &which, edits)? });
        }
        let mut changed = Vec::new();
        for path in conversations::files_of(open) {
            changed.extend(corpora::edit(&path, &which, edits)?);
        }
        Ok(ConversationsChanged { ids: changed })
    })
}

pub(super) fn label(call: &Call<'_>, wanted: ConversationLabel) -> Result<ConversationsChanged, Error> {
    let expect = wanted.expect.as_deref().map(|text| {
        let reading = tree::read(text);
        reading.json.filter(|_| reading.faults.is_empty()).ok_or_else(|| Error::bad("expect is no JSON"))
    });
    change(call, wanted.doc, wanted.ids, &[Edit::Expect(expect.transpose()?)])
}

pub(super) fn tag(call: &Call<'_>, wanted: ConversationTag) -> Result<ConversationsChanged, Error> {
    change(call, wanted.doc, wanted.ids, &[Edit::Tags { add: wanted.add, remove: wanted.remove }])
}

pub(super) fn audit(call: &Call<'_>, wanted: ConversationAudit) -> Result<Written<ConversationsAudited>, Error> {
    let inputs = call.studio.with(wanted.doc, |open| Ok(inputs(open)))?;
    let (mut audit, _) = corpora::audit(inputs, wanted.label.as_deref())?;
    for judged in audit.needless.iter_mut().chain(&mut audit.missed) {
        judged.file = conversations::name(Path::new(&judged.file));
    }
    Ok(Written(flow_model::wire::plain(&audit.json()), PhantomData))
}
