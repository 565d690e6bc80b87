//! What other tools do by themselves: code, services, models.

use flow_model::tree::{Json, compact};
use indexmap::IndexMap;

use super::Ports;
use super::nodes::{Build, Node, Scope};
use crate::draft::legal;
use crate::rasa::say::is_handoff;
use crate::{Card, Code, Kept};

/// How much of what is kept in words is shown.
const SHOWN: usize = 1200;

impl<'s> Build<'_, '_, 's> {
    /// What code, a service or a model does: a call. What asks for a person, by its name, is a handoff.
    pub(super) fn call(&mut self, node: &Node<'s>, scope: &Scope, kind: &str, ports: &Ports, next: &str) {
        let data = node.data;
        let title =
            ["name", "title", "functionName", "label"].iter().find_map(|key| data.text(key)).unwrap_or("").to_owned();
        let url = data.get("url").map(|url| self.words(url)).unwrap_or_default();
        let method = data.text("method").unwrap_or("").to_owned();
        let name =
            [kind, &title, &method, &url].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        data.leave(&["headers"], "headers of requests, which may hold what is secret");
        data.leave(&["selectedAction", "selectedIntegration", "bodyType", "tls", "httpMethod"], "settings of requests");
        let fail = ports.fail.as_ref().map_or_else(|| next.to_owned(), |to| self.target(scope, to));
        if is_handoff(&title) || is_handoff(kind) {
            let card = self.draft.people(&title, next);
            self.put(node, scope, 0, &node.id, card);
            let what = "it is taken for a request for a person by its name";
            self.tell(node.part, Code::Approximated, what, Kept::Card(node.id.clone()));
            return;
        }
        let call = self.draft.call(&name);
        let mut ok = self.ways(node, scope, ports, next);
        let mut outputs: IndexMap<String, String> = IndexMap::new();
        for mapping in data.list("mappings") {
            mapping.leave(&["path"], "where in an answer a value stands");
            if let Some(variable) = mapping.text("var").filter(|variable| !variable.is_empty()) {
                let slot = self.vocabulary.slot(self.draft, variable);
                outputs.insert(legal(variable), slot);
            }
        }
        if !outputs.is_empty() {
            let keeps = self.role(node, scope, "answers");
            let assign = outputs.iter().map(|(name, slot)| (slot.clone(), Json::Text(format!("{}.{name}", node.id))));
            self.put(
                node,
                scope,
                1,
                &keeps,
                Card::new("set").with("assign", Json::Map(assign.collect())).text("next", &ok),
            );
            ok = keeps;
            let kinds = outputs.iter().map(|(name, slot)| (name.clone(), Json::text(self.draft.kind_of(slot))));
            let kinds = Json::Map(kinds.collect());
            if let Some(entry) = self.draft.known("calls", &call) {
                entry.set("outputs", kinds);
            }
        }
        let card = Card::new("action").text("call", &call).text("ok", ok).text("error", &fail).text("timeout", fail);
        self.put(node, scope, 0, &node.id, card);
        for key in ["code", "body", "content", "prompt"] {
            if let Some(part) = data.get(key) {
                let text = part.plain().unwrap_or_else(|| compact(&part.take()));
                if !text.trim().is_empty() {
                    self.cards.remark(&node.id, &format!("{key}: {}", text.chars().take(SHOWN).collect::<String>()));
                }
            }
        }
        let what = format!("what {kind} does, the other tool alone knows; here a call gives its answer");
        self.tell(node.part, Code::Approximated, &what, Kept::Card(node.id.clone()));
    }

    /// Where a call goes on that has ways of its own.
    fn ways(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports, next: &str) -> String {
        let ways: Vec<(String, Option<String>)> =
            ports.others.iter().filter(|(_, target)| target.is_some()).cloned().collect();
        if ways.is_empty() {
            return next.to_owned();
        }
        let id = self.role(node, scope, "ways");
        let mut rows = Vec::new();
        for (at, (key, target)) in ways.iter().enumerate() {
            let name = if key.is_empty() { format!("way {}", at + 1) } else { key.clone() };
            let signal = self.draft.undecided(&format!("{} {name}", node.id), "voiceflow");
            let to = target.as_ref().map_or_else(|| next.to_owned(), |to| self.target(scope, to));
            rows.push((signal, to));
        }
        self.put(node, scope, 3, &id, Card::new("decision").branches(&rows).text("else", next));
        let what = "which way it goes on, the other tool alone knows: signals stand for it";
        self.tell(node.part, Code::Condition, what, Kept::Card(id.clone()));
        id
    }
}
