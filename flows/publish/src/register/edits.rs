//! The places of the document behind the cells of a row, so that a cell is edited where it stands.

use flow_model::flow::{Handoff, Trigger};
use flow_model::tree::Json;

use super::Unit;
use crate::ways::Edge;

/// A place of the document that can be edited from a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The cell: `title reason to mode say told waiting fields fallback promise owner why`.
    pub cell: &'static str,
    /// What it is, in words.
    pub label: String,
    /// Where it stands.
    pub path: Vec<String>,
    /// How it is edited: `words text condition seconds share whole tier node mode context redact`.
    pub form: &'static str,
    /// Whether it may be taken away.
    pub optional: bool,
    /// What stands there now; `null` where nothing does.
    pub value: Json,
}

struct Collector<'a> {
    tree: &'a Json,
    edits: Vec<Edit>,
}

impl Collector<'_> {
    /// Adds a place, unless what it would stand in is not there.
    fn add(&mut self, cell: &'static str, label: &str, form: &'static str, optional: bool, path: &[&str]) {
        let Some((_, parent)) = path.split_last() else { return };
        if !matches!(self.tree.at(parent), Some(Json::Map(_) | Json::List(_))) {
            return;
        }
        let value = self.tree.at(path).cloned().unwrap_or(Json::Null);
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        self.edits.push(Edit { cell, label: label.to_owned(), path, form, optional, value });
    }
}

impl Unit<'_> {
    fn collector(&self) -> Collector<'_> {
        Collector { tree: &self.document.tree, edits: Vec::new() }
    }

    pub(super) fn edits_of_trigger(&self, id: &str, trigger: &Trigger) -> Vec<Edit> {
        if !self.prefix.is_empty() {
            return Vec::new();
        }
        let mut all = self.collector();
        all.add("reason", "title of the trigger", "text", true, &["triggers", id, "title"]);
        all.add("reason", "when it fires", "condition", false, &["triggers", id, "when"]);
        for name in trigger.because.keys() {
            let here = ["triggers", id, "because", name];
            let short = matches!(self.document.tree.at(&here), Some(Json::Text(_)));
            if short {
                all.add("reason", &format!("when it is because of {name}"), "condition", false, &here);
            } else {
                let below = |key| ["triggers", id, "because", name, key];
                all.add("reason", &format!("words for {name}"), "text", true, &below("title"));
                all.add("reason", &format!("when it is because of {name}"), "condition", false, &below("when"));
            }
        }
        all.add("why", "why there is the trigger", "text", true, &["triggers", id, "why"]);
        all.add("owner", "owner of the trigger", "text", true, &["triggers", id, "owner"]);
        all.edits
    }

    pub(super) fn edits_of_edge(&self, edge: &Edge<'_>) -> Vec<Edit> {
        if !self.prefix.is_empty() {
            return Vec::new();
        }
        let mut all = self.collector();
        let Some(row) = edge.row() else { return Vec::new() };
        let at = |key: &'static str| row.iter().map(String::as_str).chain([key]).collect::<Vec<_>>();
        if self.document.tree.at(&at("when")).is_some() {
            all.add("reason", "when the way is taken", "condition", false, &at("when"));
            all.add("why", "why there is the way", "text", true, &at("why"));
        }
        all.edits
    }

    pub(super) fn edits_of_handoff(&self, id: &str, handoff: &Handoff) -> Vec<Edit> {
        let mut all = self.collector();
        let node = ["nodes", id];
        let at = |key: &'static str| [node[0], node[1], key];
        all.add("title", "title of the card", "text", true, &at("title"));
        all.add("mode", "how it is handed over", "mode", true, &at("mode"));
        self.edits_of_tiers(id, handoff, &mut all);
        all.add("say", "what the customer hears", "words", true, &at("say"));
        self.edits_of_wait(id, handoff, &mut all);
        self.edits_of_context(handoff, &mut all);
        for (port, label) in
            [("closed", "when the queue is closed"), ("timeout", "when nobody answers"), ("failed", "when it fails")]
        {
            all.add("fallback", label, "node", true, &[node[0], node[1], port]);
        }
        for i in 0..handoff.overflow.len() {
            let i = i.to_string();
            all.add(
                "fallback",
                "when the wait is too long",
                "condition",
                false,
                &[node[0], id, "overflow", &i, "when"],
            );
            all.add("fallback", "where it leads then", "node", false, &[node[0], id, "overflow", &i, "to"]);
        }
        all.add("promise", "the longest wait", "seconds", true, &at("max_wait"));
        all.add("promise", "an answer within", "seconds", true, &at("answer_within"));
        all.add("owner", "owner of the card", "text", true, &at("owner"));
        all.add("why", "why there is the card", "text", true, &at("why"));
        all.edits
    }

    fn edits_of_tiers(&self, id: &str, handoff: &Handoff, all: &mut Collector<'_>) {
        for i in 0..handoff.routes.len() {
            let i = i.to_string();
            let at = |key: &'static str| ["nodes", id, "routes", &i, key].map(str::to_owned);
            for (label, form, optional, key) in [
                ("when this tier gets it", "condition", false, "when"),
                ("who gets it then", "tier", false, "tier"),
                ("priority then", "whole", true, "priority"),
            ] {
                let path = at(key);
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                all.add("to", label, form, optional, &path);
            }
        }
        all.add("to", "who gets it", "tier", false, &["nodes", id, "tier"]);
        all.add("to", "priority", "whole", true, &["nodes", id, "priority"]);
        let mut tiers: Vec<&str> = handoff.routes.iter().map(|route| route.tier.as_str()).collect();
        tiers.push(&handoff.tier);
        let mut seen: Vec<&str> = Vec::new();
        for tier in tiers {
            if seen.contains(&tier) {
                continue;
            }
            seen.push(tier);
            let title = crate::places::tier(self.flow, tier);
            let within = format!("{title}: answered within");
            all.add("promise", &within, "seconds", true, &["tiers", tier, "slo", "answer_within"]);
            all.add("promise", &format!("{title}: share"), "share", true, &["tiers", tier, "slo", "share"]);
        }
    }

    fn edits_of_wait(&self, id: &str, handoff: &Handoff, all: &mut Collector<'_>) {
        for (i, say) in handoff.waiting.say.iter().enumerate() {
            let i = i.to_string();
            let after = crate::hours::duration(say.after);
            for (label, form, optional, key) in [
                (format!("words after {after}"), "words", false, "text"),
                ("seconds until they are said".to_owned(), "seconds", false, "after"),
                ("seconds until they are said again".to_owned(), "seconds", true, "every"),
            ] {
                all.add("waiting", &label, form, optional, &["nodes", id, "waiting", "say", &i, key]);
            }
        }
        all.add("waiting", "answer to what the customer adds", "words", true, &["nodes", id, "waiting", "else_say"]);
        for i in 0..handoff.waiting.turns.len() {
            let i = i.to_string();
            let at = |key: &'static str| ["nodes", id, "waiting", "turns", key].map(str::to_owned);
            for (label, form, key) in
                [("when a turn leads away", "condition", "when"), ("where it leads then", "node", "to")]
            {
                let mut path = at(key).to_vec();
                path.insert(4, i.clone());
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                all.add("waiting", label, form, false, &path);
            }
        }
    }

    fn edits_of_context(&self, handoff: &Handoff, all: &mut Collector<'_>) {
        all.add("told", "what the customer is told is sent", "words", true, &["contexts", &handoff.context, "told"]);
        let own = self.flow.contexts.get(&handoff.context);
        for field in own.map_or_else(Vec::new, |context| context.fields.keys().collect()) {
            let label = format!("what happens to {field}");
            let path = ["contexts", &handoff.context, "fields", field, "redact"];
            all.add("fields", &label, "redact", true, &path);
        }
    }
}
