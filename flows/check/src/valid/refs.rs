//! Every id that is named exists and is of the right kind.

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Flow, Kind};
use flow_model::problem::{Problem, Severity};
use flow_model::shape::What;

use super::walk::Walk;

impl Walk<'_> {
    /// A reference at the current place.
    pub(super) fn reference(&mut self, id: &str, what: What) {
        let flow = &self.doc.flow;
        if what == What::Node {
            return self.node_reference(id);
        }
        let exists = match what {
            What::Field => self.fields.contains(id),
            What::Flow => !id.is_empty(),
            _ => exists(flow, what, id),
        };
        if exists {
            return;
        }
        let near = match what {
            What::Field => self.hints.did_you_mean(id, self.fields.iter().copied()),
            What::Flow => None,
            _ => self.hints.did_you_mean(id, ids(flow, what)),
        };
        let way = near.unwrap_or_else(|| say!("Add it to {section}, or choose another.", section = section(what)));
        self.error("unknown-name", say!("There is no {noun} \"{id}\". {way}", noun = noun(what), id, way));
    }

    fn node_reference(&mut self, id: &str) {
        match self.doc.flow.nodes.get(id) {
            Some(node) if matches!(node.kind, Kind::Note(_)) => {
                self.error(
                    "type-mismatch",
                    say!("\"{id}\" is a note, which is never executed: lead to another card.", id),
                );
            }
            Some(_) => {}
            None => {
                let near = self.hints.did_you_mean(id, self.doc.flow.nodes.keys().map(String::as_str));
                let way = near.unwrap_or_else(|| say!("Add it, or lead to another card."));
                self.error("unknown-name", say!("There is no card \"{id}\". {way}", id, way));
            }
        }
    }

    /// An entry of `within`: an id, `group:x`, `*`, each also with `!`.
    pub(super) fn within(&mut self, entry: &str) {
        let name = entry.strip_prefix('!').unwrap_or(entry);
        if name == "*" {
            return;
        }
        if let Some(group) = name.strip_prefix("group:") {
            if !self.groups.contains(group) {
                let near = self.hints.did_you_mean(group, self.groups.iter().copied());
                let way = near.unwrap_or_else(|| say!("Give it to a card first."));
                let message = say!("No card has the group \"{group}\". {way}", group, way);
                self.out.push(Problem::new("unknown-group", Severity::Warning, self.path.clone(), message));
            }
            return;
        }
        self.node_reference(name);
    }

    /// `node.port`: the key of a reason.
    pub(super) fn edge(&mut self, edge: &str) {
        let (node, port) = edge.split_once('.').unwrap_or((edge, ""));
        let Some(found) = self.doc.flow.nodes.get(node) else { return self.node_reference(node) };
        if !has_port(&found.kind, port) {
            let kind = found.kind_id();
            self.error(
                "unknown-name",
                say!("\"{edge}\" is no edge: a card of kind {kind} has no port \"{port}\".", edge, kind, port),
            );
        }
    }
}

fn indexed(port: &str, list: &str, length: usize) -> bool {
    port.strip_prefix(list)
        .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']')?.parse::<usize>().ok())
        .is_some_and(|i| i < length)
}

/// Whether a card of this kind can be left by this port, drawn or not.
fn has_port(kind: &Kind, port: &str) -> bool {
    let keyed = |list: &str| port.strip_prefix(list).is_some_and(|rest| rest.starts_with('.'));
    match kind {
        Kind::Start(_) | Kind::Message(_) | Kind::Set(_) | Kind::Todo(_) => port == "next",
        Kind::Listen(n) => {
            port == "else" || indexed(port, "branches", n.branches.len()) || indexed(port, "idle", n.idle.len())
        }
        Kind::Decision(n) => port == "else" || indexed(port, "branches", n.branches.len()),
        Kind::Ask(n) => matches!(port, "filled" | "failed") || indexed(port, "idle", n.idle.len()),
        Kind::Action(_) => matches!(port, "ok" | "error" | "timeout") || keyed("errors"),
        Kind::Handoff(n) => {
            matches!(port, "sent" | "resumed" | "resolved" | "escalated" | "timeout" | "closed" | "failed")
                || indexed(port, "overflow", n.overflow.len())
                || indexed(port, "turns", n.waiting.turns.len())
                || keyed("returns")
        }
        Kind::Subflow(_) => port == "else" || keyed("outcomes"),
        Kind::Unknown(_) => true,
        Kind::End(_) | Kind::Note(_) => false,
    }
}

fn exists(flow: &Flow, what: What, id: &str) -> bool {
    match what {
        What::Node => flow.nodes.contains_key(id),
        What::Slot => flow.slots.contains_key(id),
        What::Call => flow.calls.contains_key(id),
        What::Tier => flow.tiers.contains_key(id),
        What::Context => flow.contexts.contains_key(id),
        What::Target => flow.targets.contains_key(id),
        What::Class => flow.classes.contains_key(id),
        What::Hours => flow.hours.contains_key(id),
        What::Intent => flow.intents.contains_key(id) || id == "none",
        What::Field | What::Flow => true,
    }
}

fn ids(flow: &Flow, what: What) -> Box<dyn Iterator<Item = &str> + '_> {
    match what {
        What::Node => Box::new(flow.nodes.keys().map(String::as_str)),
        What::Slot => Box::new(flow.slots.keys().map(String::as_str)),
        What::Call => Box::new(flow.calls.keys().map(String::as_str)),
        What::Tier => Box::new(flow.tiers.keys().map(String::as_str)),
        What::Context => Box::new(flow.contexts.keys().map(String::as_str)),
        What::Target => Box::new(flow.targets.keys().map(String::as_str)),
        What::Class => Box::new(flow.classes.keys().map(String::as_str)),
        What::Hours => Box::new(flow.hours.keys().map(String::as_str)),
        What::Intent => Box::new(flow.intents.keys().map(String::as_str)),
        What::Field | What::Flow => Box::new(std::iter::empty()),
    }
}

fn noun(what: What) -> Said {
    match what {
        What::Node => say!("card"),
        What::Slot => say!("slot"),
        What::Call => say!("call"),
        What::Tier => say!("tier"),
        What::Context => say!("context"),
        What::Target => say!("target"),
        What::Class => say!("class"),
        What::Hours => say!("calendar"),
        What::Field => say!("field of a context"),
        What::Intent => say!("intent"),
        What::Flow => say!("flow"),
    }
}

fn section(what: What) -> Said {
    match what {
        What::Node => say!("the nodes"),
        What::Slot => say!("the slots"),
        What::Call => say!("the calls"),
        What::Tier => say!("the tiers"),
        What::Context => say!("the contexts"),
        What::Target => say!("the targets"),
        What::Class => say!("the classes"),
        What::Hours => say!("the hours"),
        What::Field => say!("a context's fields"),
        What::Intent => say!("the intents"),
        What::Flow => say!("the folder"),
    }
}
