//! The ways between cards, in words: why a conversation takes an edge, and how it came to where the edge begins.

use std::collections::BTreeMap;

use flow_model::Flow;
use flow_model::flow::{Branch, Handoff, Idle, Kind};

use crate::hours::{counted, duration};
use crate::places::{self, quoted};
use crate::spoken::condition;

/// How many cards are looked back through for the reason behind an edge.
const BACK: usize = 8;
/// How many reasons are named behind an edge.
const MOST: usize = 4;

/// An edge that leads to a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge<'a> {
    /// The card that it leaves.
    pub(crate) from: &'a str,
    /// Its port.
    pub(crate) port: String,
    /// Pointer of the target below the card.
    pub(crate) path: String,
}

impl Edge<'_> {
    /// The path of the row of a list or map that the edge is, such as `branches/0`; none where it is a port by itself.
    pub(crate) fn row(&self) -> Option<Vec<String>> {
        let plain = self.port.starts_with("errors.") || self.port.starts_with("outcomes.");
        let row = self.path.strip_suffix("/to").filter(|_| !plain)?;
        let steps = flow_model::tree::steps(&format!("/{row}"));
        Some(["nodes".to_owned(), self.from.to_owned()].into_iter().chain(steps).collect())
    }
}

/// Every edge of a flow by the card that it leads to, in document order.
pub(crate) struct Ways<'a> {
    flow: &'a Flow,
    into: BTreeMap<&'a str, Vec<Edge<'a>>>,
}

impl<'a> Ways<'a> {
    /// The edges of a flow.
    pub(crate) fn of(flow: &'a Flow) -> Self {
        let mut into: BTreeMap<&str, Vec<Edge<'_>>> = BTreeMap::new();
        for (from, node) in &flow.nodes {
            for exit in node.exits() {
                let edge = Edge { from, port: exit.port.into_owned(), path: exit.path.into_owned() };
                into.entry(exit.to).or_default().push(edge);
            }
        }
        Self { flow, into }
    }

    /// The edges that lead to a card.
    pub(crate) fn entering(&self, node: &str) -> &[Edge<'a>] {
        self.into.get(node).map_or(&[], Vec::as_slice)
    }

    /// Why an edge is taken, with what led to a card that only passes on.
    pub(crate) fn reason(&self, edge: &Edge<'_>) -> String {
        let words = port(self.flow, edge.from, &edge.port);
        if !passes_on(self.flow, edge.from) {
            return words;
        }
        let mut found = Vec::new();
        self.behind(edge.from, &mut vec![edge.from.to_owned()], &mut found);
        let more = found.len() > MOST;
        found.truncate(MOST);
        if found.is_empty() {
            return words;
        }
        format!("{words}, which comes when {}{}", found.join("; or when "), if more { "; or otherwise" } else { "" })
    }

    fn behind(&self, node: &str, seen: &mut Vec<String>, found: &mut Vec<String>) {
        for (id, trigger) in self.flow.triggers.iter().filter(|(_, trigger)| trigger.to == node) {
            let title = quoted(&places::trigger(self.flow, id));
            found.push(format!("{title} fires ({})", condition(self.flow, &trigger.when)));
        }
        for edge in self.entering(node) {
            if seen.len() > BACK || found.len() > MOST || seen.iter().any(|id| id == edge.from) {
                continue;
            }
            if passes_on(self.flow, edge.from) {
                seen.push(edge.from.to_owned());
                self.behind(edge.from, seen, found);
            } else {
                let from = quoted(&places::node(self.flow, edge.from));
                found.push(format!("at {from} {}", port(self.flow, edge.from, &edge.port)));
            }
        }
    }

    /// The cards that a conversation passes from here on when all goes well, up to a person, an end or a question that
    /// leads on in more than one way.
    pub(crate) fn onward(&self, node: &str) -> Vec<&'a str> {
        let mut path: Vec<&str> = Vec::new();
        let mut next = self.flow.nodes.get_key_value(node);
        while let Some((id, card)) = next.filter(|(id, _)| path.len() < BACK && !path.contains(&id.as_str())) {
            path.push(id);
            let to = match &card.kind {
                Kind::Start(n) => n.next.as_ref(),
                Kind::Message(n) => n.next.as_ref(),
                Kind::Set(n) => n.next.as_ref(),
                Kind::Todo(n) => n.next.as_ref(),
                Kind::Ask(n) => n.filled.as_ref(),
                _ => None,
            };
            next = to.and_then(|to| self.flow.nodes.get_key_value(to.as_str()));
        }
        path
    }
}

/// A card that says or notes something and goes on, whatever happens.
fn passes_on(flow: &Flow, id: &str) -> bool {
    let kind = flow.nodes.get(id).map(|node| &node.kind);
    matches!(kind, Some(Kind::Start(_) | Kind::Message(_) | Kind::Set(_) | Kind::Todo(_)))
}

fn row<'a, T>(list: &'a [T], port: &str) -> Option<&'a T> {
    let number = port.split_once('[')?.1.strip_suffix(']')?;
    list.get(number.parse::<usize>().ok()?)
}

fn branch(flow: &Flow, list: &[Branch], port: &str) -> String {
    row(list, port).map_or_else(|| port.to_owned(), |branch| condition(flow, &branch.when))
}

fn silence(list: &[Idle], port: &str) -> String {
    row(list, port).map_or_else(|| port.to_owned(), |idle| format!("after {} of silence", duration(idle.after)))
}

/// Why a port of a card is taken, in words.
pub(crate) fn port(flow: &Flow, from: &str, port: &str) -> String {
    let Some(node) = flow.nodes.get(from) else { return port.to_owned() };
    let head = port.split(['[', '.']).next().unwrap_or(port);
    let name = quoted(&places::node(flow, from));
    match (&node.kind, head) {
        (Kind::Listen(n), "branches") => branch(flow, &n.branches, port),
        (Kind::Decision(n), "branches") => branch(flow, &n.branches, port),
        (Kind::Listen(n), "idle") => silence(&n.idle, port),
        (Kind::Ask(n), "idle") => silence(&n.idle, port),
        (Kind::Listen(_), "else") => "the customer says anything else".to_owned(),
        (Kind::Decision(_), "else") => "nothing else applies".to_owned(),
        (Kind::Ask(n), "filled") => format!("{} is given", quoted(&places::slot(flow, &n.slot))),
        (Kind::Ask(n), "failed") => {
            let tries = counted(i64::from(n.attempts), "try");
            format!("{} is not given in {tries}", quoted(&places::slot(flow, &n.slot)))
        }
        (Kind::Action(n), head) => {
            let call = quoted(&places::call(flow, &n.call));
            match (head, n.time_limit) {
                ("ok", _) => format!("{call} goes well"),
                ("errors", _) => {
                    let code = port.strip_prefix("errors.").unwrap_or(port);
                    let title = flow.calls.get(&n.call).and_then(|call| call.errors.get(code));
                    format!("{call} fails: {}", title.map_or(code, String::as_str))
                }
                ("error", _) => format!("{call} fails"),
                ("timeout", Some(limit)) => format!("{call} does not answer within {}", duration(limit)),
                _ => format!("{call} does not answer"),
            }
        }
        (Kind::Handoff(n), _) => handoff(flow, n, head, port),
        (Kind::Subflow(_), "outcomes") => {
            format!("{name} ends with {}", quoted(port.strip_prefix("outcomes.").unwrap_or(port)))
        }
        (Kind::Subflow(_), _) => format!("{name} ends in another way"),
        (Kind::Start(_), _) => "at the beginning".to_owned(),
        (Kind::Set(_), _) => format!("after {name}"),
        (Kind::Todo(_), _) => format!("after {name}, which is not decided yet"),
        _ => format!("after {name} is said"),
    }
}

fn handoff(flow: &Flow, n: &Handoff, head: &str, port: &str) -> String {
    let tier = quoted(&places::tier(flow, &n.tier));
    let kept = |keeps: bool| if keeps { "; the customer keeps the place" } else { "" };
    match head {
        "overflow" => row(&n.overflow, port).map_or_else(
            || port.to_owned(),
            |row| format!("the wait is too long: {}{}", condition(flow, &row.when), kept(row.keep_place)),
        ),
        "turns" => row(&n.waiting.turns, port).map_or_else(
            || port.to_owned(),
            |row| format!("while the customer waits, {}{}", condition(flow, &row.when), kept(row.keep_place)),
        ),
        "returns" => {
            let id = port.strip_prefix("returns.").unwrap_or(port);
            let title = n.returns.get(id).and_then(|way| way.title.clone());
            format!("the person hands back with {}", quoted(&title.unwrap_or_else(|| places::plain(id))))
        }
        "sent" => "the request has gone out".to_owned(),
        "resumed" => "the person hands back to the AI".to_owned(),
        "resolved" => "the person has solved it".to_owned(),
        "escalated" => format!("the person at {tier} passes it on"),
        "timeout" => match n.max_wait {
            Some(wait) => format!("nobody answers within {}", duration(wait)),
            None => "nobody answers".to_owned(),
        },
        "closed" => format!("{tier} is closed"),
        "failed" => "the request does not get through".to_owned(),
        _ => port.to_owned(),
    }
}
