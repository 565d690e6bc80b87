//! Cards that do nothing but lead on are left out: decisions without branches, which importers put where a place of the
//! project has a name of its own.

use std::collections::BTreeMap;

use flow_model::tree::Json;
use indexmap::IndexMap;

use crate::draft::Draft;
use crate::note::Kept;
use crate::source::Source;

/// Keys whose texts are ids of cards.
const PORTS: [&str; 15] = [
    "next",
    "to",
    "else",
    "filled",
    "failed",
    "ok",
    "error",
    "timeout",
    "sent",
    "resumed",
    "resolved",
    "escalated",
    "closed",
    "errors",
    "outcomes",
];

/// Leaves such cards out; what belonged to them belongs to the card that they lead to.
pub(super) fn collapse(draft: &mut Draft, source: &Source<'_>) {
    let Some(nodes) = draft.sections.get_mut("nodes") else { return };
    let leads: BTreeMap<String, String> = nodes.iter().filter_map(|(id, card)| leads_on(id, card)).collect();
    let gone: BTreeMap<String, String> =
        leads.keys().filter_map(|id| Some((id.clone(), end_of(id, &leads)?))).collect();
    if gone.is_empty() {
        return;
    }
    nodes.retain(|id, _| !gone.contains_key(id));
    for section in ["nodes", "triggers"] {
        let entries: Option<&mut IndexMap<String, Json>> = draft.sections.get_mut(section);
        for entry in entries.into_iter().flat_map(|entries| entries.values_mut()) {
            redirect(entry, false, &gone);
        }
    }
    let to = |id: &mut String| {
        if let Some(end) = gone.get(id) {
            id.clone_from(end);
        }
    };
    source.owners.borrow_mut().iter_mut().for_each(|(_, _, card)| to(card));
    for told in source.told.borrow_mut().iter_mut() {
        if let Kept::Card(card) | Kept::Note(card) = &mut told.kept {
            to(card);
        }
    }
}

fn leads_on(id: &str, card: &Json) -> Option<(String, String)> {
    let known = |key: &str| matches!(key, "kind" | "group" | "branches" | "else");
    let plain = card.entries().iter().all(|(key, _)| known(key));
    let decides = card.get("kind")?.as_text()? == "decision";
    let empty = card.get("branches").is_none_or(|rows| rows.items().is_empty());
    let to = card.get("else")?.as_text()?;
    (plain && decides && empty && to != id).then(|| (id.to_owned(), to.to_owned()))
}

/// Where it leads in the end; none where it leads back to itself.
fn end_of(id: &str, leads: &BTreeMap<String, String>) -> Option<String> {
    let mut at = leads.get(id)?;
    for _ in 0..leads.len() {
        match leads.get(at) {
            Some(next) => at = next,
            None => return Some(at.clone()),
        }
    }
    None
}

fn redirect(json: &mut Json, port: bool, gone: &BTreeMap<String, String>) {
    match json {
        Json::Text(text) if port => {
            if let Some(to) = gone.get(text) {
                text.clone_from(to);
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| redirect(item, false, gone)),
        Json::Map(entries) if port => entries.iter_mut().for_each(|(_, value)| redirect(value, true, gone)),
        Json::Map(entries) => {
            for (key, value) in entries {
                match value {
                    // The cards at which a trigger is heard.
                    Json::List(cards) if key == "within" => {
                        cards.iter_mut().for_each(|card| redirect(card, true, gone))
                    }
                    _ => redirect(value, PORTS.contains(&key.as_str()), gone),
                }
            }
        }
        _ => {}
    }
}
