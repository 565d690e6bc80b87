//! `conversations.sets`, `list`, `label`, `tag`, `audit`: of the files beside a flow, or of those that it came with.

use std::collections::BTreeSet;
use std::path::Path;

use flow_conversations::audit::{Audit, Judged};
use flow_conversations::edit::Edit;
use flow_model::tree;

use super::{Call, conversations, replay};
use crate::corpora::{self, Hit, Part, Set, Which};
use crate::error::Error;
use crate::types::{
    AuditedConversation, AuditedConversations, ConversationAudit, ConversationCount, ConversationInfo,
    ConversationLabel, ConversationLine, ConversationList, ConversationSet, ConversationTag, ConversationsAudited,
    ConversationsChanged, ConversationsListed, InDoc,
};

/// The most that is shown of a list of an audit.
const SHOWN: usize = 1000;

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn short(file: &str) -> String {
    conversations::name(Path::new(file))
}

pub(super) fn sets(call: &Call<'_>, wanted: InDoc) -> Result<Vec<ConversationSet>, Error> {
    let inputs = call.studio.with(wanted.doc, |open| {
        let has_none = open.folder().is_none() && open.lines().is_empty();
        Ok(if has_none { Vec::new() } else { conversations::inputs(open, None) })
    })?;
    Ok(corpora::sets(inputs).into_iter().map(set).collect())
}

fn set(set: Set) -> ConversationSet {
    let counts = |list: Vec<(String, u64)>| {
        list.into_iter().map(|(name, n)| ConversationCount { name, count: count(n) }).collect()
    };
    ConversationSet {
        file: short(&set.file),
        conversations: count(set.conversations),
        labelled: count(set.labelled),
        unreadable: count(set.unreadable),
        odd: set.odd.into_iter().map(|odd| ConversationLine { line: count(odd.line), why: odd.why }).collect(),
        odd_count: count(set.odd_count),
        tags: counts(set.tags),
        labels: counts(set.labels),
        fault: set.fault,
        fault_code: set.fault_code,
    }
}

pub(super) fn list(call: &Call<'_>, wanted: ConversationList) -> Result<ConversationsListed, Error> {
    let query = corpora::query_or_all(&wanted.query)?;
    let inputs = call.studio.with(wanted.doc, |open| Ok(conversations::inputs(open, None)))?;
    // A file that cannot be opened is told with the sets; it does not hide the others.
    let inputs = inputs.into_iter().filter(corpora::opens).collect();
    let part = Part { from: wanted.from as usize, most: wanted.most as usize, once: true };
    let searched = call.studio.indexes().search(inputs, &wanted.query, &query, part)?;
    let info = |hit: Hit| ConversationInfo {
        id: hit.id,
        file: short(&hit.file),
        line: count(hit.line),
        title: hit.found.excerpt,
        turn: hit.found.turn.map(|turn| count(turn as u64)),
        turns: count(hit.turns as u64),
        tags: hit.tags,
        expect: hit.expect,
    };
    let unread = searched.unread.first().map(|odd| format!("{}, line {}: {}", short(&odd.file), odd.line, odd.why));
    Ok(ConversationsListed {
        conversations: count(searched.conversations),
        count: count(searched.count),
        items: searched.hits.into_iter().map(info).collect(),
        unread,
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

pub(super) fn audit(call: &Call<'_>, wanted: ConversationAudit) -> Result<ConversationsAudited, Error> {
    let inputs = call.studio.with(wanted.doc, |open| Ok(conversations::inputs(open, wanted.files.as_deref())))?;
    let (audit, _) = replay::waited(call, wanted.ticket, &mut |_, _, _| true, |waiting| {
        corpora::audit(inputs, wanted.label.as_deref(), waiting)
    })?;
    Ok(audited(&audit))
}

fn audited(audit: &Audit) -> ConversationsAudited {
    // Tenths of a percent, as the command line has them too.
    let share = |tenths: Option<u64>| tenths.map(|tenths| f64::from(count(tenths)) / 1000.0);
    ConversationsAudited {
        conversations: count(audit.conversations),
        labelled: count(audit.labelled),
        happened: count(audit.happened),
        expected: count(audit.expected),
        both: count(audit.both),
        neither: count(audit.neither),
        unlabelled: count(audit.unlabelled),
        agreement: share(audit.agreement()),
        precision: share(audit.precision()),
        recall: share(audit.recall()),
        needless: judged(&audit.needless),
        missed: judged(&audit.missed),
    }
}

fn judged(list: &[Judged]) -> AuditedConversations {
    let one = |judged: &Judged| AuditedConversation {
        id: judged.id.clone(),
        file: short(&judged.file),
        line: count(judged.line),
        at_turn: judged.at_turn,
        said: judged.said.clone(),
    };
    AuditedConversations { count: count(list.len() as u64), first: list.iter().take(SHOWN).map(one).collect() }
}
