//! Which cards pages, flows and symbolic targets are.

use std::collections::BTreeSet;

use super::{FlowParts, Here, Reader};
use crate::{Card, Code, Kept, Part};
use flow_model::tree::Json;

/// Targets that are no pages (read from fourteen exported agents, 2026-04).
const SYMBOLS: [&str; 8] = [
    "Start Page",
    "Current Page",
    "Previous Page",
    "End Flow",
    "End Session",
    "END_FLOW_WITH_FAILURE",
    "END_FLOW_WITH_CANCELLATION",
    "END_FLOW_WITH_HUMAN_ESCALATION",
];

impl<'s> Reader<'s, '_> {
    /// The card where a flow is entered.
    pub(super) fn flow_entry(&mut self, flow: &str) -> String {
        self.draft.card_id(&format!("flow:{flow}"), flow)
    }

    /// The card where a page is entered.
    fn page_entry(&mut self, flow: &str, page: &str) -> String {
        self.draft.card_id(&format!("page:{flow}/{page}"), page)
    }

    /// The cards of a page, or of a flow's start page.
    pub(super) fn here(&mut self, flow: &str, page: Option<&str>, part: &Part) -> Here {
        let key = page.map_or_else(|| format!("flow:{flow}"), |page| format!("page:{flow}/{page}"));
        let name = page.unwrap_or(flow).to_owned();
        let entry = match page {
            Some(page) => self.page_entry(flow, page),
            None => self.flow_entry(flow),
        };
        let decides = self.routes_of(flow, part).iter().any(|(route, _)| route.peek("intent").is_none());
        let plain = page.is_none()
            || (part.get("entryFulfillment").is_none_or(is_bare)
                && part.at(&["form", "parameters"]).is_none_or(|list| list.items().is_empty()));
        let mut other = |end: &str, first: bool| {
            if first { entry.clone() } else { self.draft.card_id(&format!("{key}:{end}"), &format!("{name} {end}")) }
        };
        let wait = other("waits", plain && !decides);
        let after = if decides { other("goes on", plain) } else { wait.clone() };
        Here { flow: flow.to_owned(), key, name, entry, after, wait }
    }

    /// The cards that each flow comes back to.
    pub(super) fn find_callers(&mut self) {
        let mut found: Vec<(String, String, Option<String>)> = Vec::new();
        for (flow, FlowParts { part, pages, .. }) in &self.flows {
            let mut calls = |part: &'s Part, page: Option<&String>| {
                let routes = self.routes_of(flow, part).into_iter().map(|(route, _)| route);
                for route in routes.chain(part.list("eventHandlers")) {
                    if let Some(called) = route.peek("targetFlow") {
                        found.push((called.to_owned(), flow.clone(), page.cloned()));
                    }
                }
            };
            calls(part, None);
            pages.iter().for_each(|(page, part)| calls(part, Some(page)));
        }
        let mut known: BTreeSet<(String, String, Option<String>)> = BTreeSet::new();
        found.retain(|one| known.insert(one.clone()));
        for (called, flow, page) in found {
            let parts = &self.flows[&flow];
            let part = page.as_ref().map_or(parts.part, |page| parts.pages[page]);
            let back = self.here(&flow, page.as_deref(), part).after;
            let known = self.callers.entry(called).or_default();
            if !known.contains(&back) {
                known.push(back);
            }
        }
    }

    /// The card that a route or handler leads to; none where it stays on its page.
    pub(super) fn target(&mut self, here: &Here, part: &Part, card: &str) -> Option<String> {
        if let Some(flow) = part.text("targetFlow").map(str::to_owned) {
            return Some(self.flow_call(here, &flow));
        }
        let page = part.text("targetPage")?.to_owned();
        let known = self.flows.get(&here.flow).is_some_and(|flow| flow.pages.contains_key(&page));
        if known || !SYMBOLS.contains(&page.as_str()) {
            return Some(self.page_entry(&here.flow, &page));
        }
        Some(match page.as_str() {
            "Start Page" => self.flow_entry(&here.flow),
            "Current Page" => here.entry.clone(),
            "Previous Page" => {
                let what = "the previous page is not known before a conversation runs; it stays on this page";
                self.source.note(part, Code::Approximated, what, Kept::Card(card.to_owned()));
                here.wait.clone()
            }
            "End Flow" => self.back(here),
            "END_FLOW_WITH_HUMAN_ESCALATION" => self.people(&here.flow, None),
            "END_FLOW_WITH_FAILURE" => self.end("failed"),
            "END_FLOW_WITH_CANCELLATION" => self.end("cancelled"),
            _ => self.end("ended"),
        })
    }

    /// The slot in which a flow that several pages call keeps which of them it was; none for others.
    fn came_from(&mut self, flow: &str) -> Option<String> {
        let several = self.callers.get(flow).is_some_and(|callers| callers.len() > 1);
        several.then(|| {
            let slot = self.draft.slot_of(&format!("came from:{flow}"), &format!("came to {flow} from"));
            self.draft.wants(&slot, "text");
            slot
        })
    }

    /// The card that calls a flow.
    fn flow_call(&mut self, here: &Here, flow: &str) -> String {
        let entry = self.flow_entry(flow);
        let Some(slot) = self.came_from(flow) else { return entry };
        let id = self.draft.card_id(&format!("{}:into {flow}", here.key), &format!("{} to {flow}", here.name));
        let from = Json::Text(crate::conditions::text(&here.after));
        self.grouped(here, &id, Card::new("set").with("assign", Json::Map(vec![(slot, from)])).text("next", entry));
        id
    }

    /// A flow that ends goes back to the page that called it.
    fn back(&mut self, here: &Here) -> String {
        let callers = self.callers.get(&here.flow).cloned().unwrap_or_default();
        match (callers.as_slice(), self.came_from(&here.flow)) {
            ([], _) => self.end("ended"),
            ([one], _) | ([one, ..], None) => one.clone(),
            (all, Some(slot)) => {
                let id = self.draft.card_id(&format!("back:{}", here.flow), &format!("{} ends", here.flow));
                let row = |to: &String| (format!("slots.{slot} == {}", crate::conditions::text(to)), to.clone());
                let rows: Vec<(String, String)> = all.iter().map(row).collect();
                let otherwise = self.end("ended");
                self.grouped(here, &id, Card::new("decision").branches(&rows).text("else", otherwise));
                id
            }
        }
    }

    pub(super) fn end(&mut self, outcome: &str) -> String {
        let id = self.draft.card_id(&format!("end:{outcome}"), outcome);
        self.draft.put(&id, Card::new("end").text("outcome", outcome));
        id
    }

    /// A person takes over: one card for the escalation of a flow, or one of its own with what is sent along.
    pub(super) fn people(&mut self, flow: &str, own: Option<(&str, &Part, &str)>) -> String {
        let (key, name) = match own {
            Some((key, ..)) => (key.to_owned(), "to a person".to_owned()),
            None => (format!("people:{flow}"), "to a person".to_owned()),
        };
        let id = self.draft.card_id(&key, &name);
        if self.draft.has_card(&id) {
            return id;
        }
        let context = self.draft.context("handed_over");
        let tier = self.draft.tier("people");
        let mut card = Card::new("handoff").text("group", group(flow)).text("context", context).text("tier", tier);
        if let Some((_, metadata, next)) = own {
            card = card.text("resolved", next).text("resumed", next);
            let words: Vec<String> = metadata
                .entries()
                .iter()
                .map(|(key, value)| format!("{key}: {}", flow_model::tree::compact(&value.take())))
                .collect();
            if !words.is_empty() {
                card = card.text("why", format!("Sent along: {}", words.join("; ")));
            }
        } else {
            card = card.with("say", Json::text("Let me connect you with a person."));
        }
        self.draft.put(&id, card);
        id
    }
}

/// Whether a fulfilment does nothing.
pub(super) fn is_bare(part: &Part) -> bool {
    part.entries().iter().all(|(_, part)| part.items().is_empty() && part.entries().is_empty() && !part.is_element())
}

/// The group of a flow's cards.
pub(super) fn group(flow: &str) -> String {
    crate::draft::legal(flow)
}
