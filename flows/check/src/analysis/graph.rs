//! The graph of a flow: nodes by their place in the document, edges as they are drawn, triggers as ways from every card
//! where a customer can be.

use std::borrow::Cow;

use flow_model::flow::{Exit, Flow, Kind, Node, Trigger};
use indexmap::IndexSet;

/// How a node is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// `next`
    Next,
    /// `branches[i]`
    Branch(usize),
    /// `else`
    Else,
    /// `filled`
    Filled,
    /// `failed`
    Failed,
    /// `ok`
    Ok,
    /// `errors.CODE`, `error`
    Error,
    /// `timeout`
    Timeout,
    /// `sent`
    Sent,
    /// `resumed`
    Resumed,
    /// `resolved`
    Resolved,
    /// `escalated`
    Escalated,
    /// `closed`
    Closed,
    /// `turns[i]`
    Turn(usize),
    /// `overflow[i]`
    Overflow(usize),
    /// `idle[i]`
    Idle(usize),
    /// `returns.ID`
    Return,
    /// `outcomes.ID`
    Outcome,
}

/// One edge.
#[derive(Clone, Debug)]
pub(crate) struct Edge<'a> {
    /// The node it leaves.
    pub(crate) from: usize,
    /// The node it leads to.
    pub(crate) to: usize,
    /// How.
    pub(crate) way: Way,
    /// The port as steps and coverage write it.
    pub(crate) port: Cow<'static, str>,
    /// Pointer of the target below the node.
    pub(crate) path: Cow<'static, str>,
    /// The node that it leaves.
    pub(crate) node: &'a Node,
}

/// Where a trigger acts.
#[derive(Debug)]
pub(crate) struct Within<'a> {
    everywhere: bool,
    ids: IndexSet<&'a str>,
    groups: IndexSet<&'a str>,
    not_ids: IndexSet<&'a str>,
    not_groups: IndexSet<&'a str>,
    nowhere: bool,
}

impl<'a> Within<'a> {
    fn new(trigger: &'a Trigger) -> Self {
        let mut within = Self {
            everywhere: !trigger.within.is_empty() && trigger.within.iter().all(|w| w.starts_with('!')),
            ids: IndexSet::new(),
            groups: IndexSet::new(),
            not_ids: IndexSet::new(),
            not_groups: IndexSet::new(),
            nowhere: false,
        };
        for entry in &trigger.within {
            let (not, name) = entry.strip_prefix('!').map_or((false, entry.as_str()), |name| (true, name));
            match (not, name, name.strip_prefix("group:")) {
                (false, "*", _) => within.everywhere = true,
                (true, "*", _) => within.nowhere = true,
                (false, _, Some(group)) => drop(within.groups.insert(group)),
                (true, _, Some(group)) => drop(within.not_groups.insert(group)),
                (false, id, None) => drop(within.ids.insert(id)),
                (true, id, None) => drop(within.not_ids.insert(id)),
            }
        }
        within
    }

    /// Whether the trigger acts at a node.
    pub(crate) fn names(&self, id: &str, group: Option<&str>) -> bool {
        let chosen = self.everywhere || self.ids.contains(id) || group.is_some_and(|g| self.groups.contains(g));
        let excluded = self.nowhere || self.not_ids.contains(id) || group.is_some_and(|g| self.not_groups.contains(g));
        chosen && !excluded
    }
}

/// The graph.
#[derive(Debug)]
pub(crate) struct Graph<'a> {
    /// The flow.
    pub(crate) flow: &'a Flow,
    /// Edges, those of a node side by side in the order of its keys.
    pub(crate) edges: Vec<Edge<'a>>,
    first: Vec<usize>,
    entering: Vec<Vec<usize>>,
    /// Where each trigger acts.
    pub(crate) within: Vec<Within<'a>>,
    /// Where each trigger leads.
    pub(crate) trigger_to: Vec<Option<usize>>,
    /// The start.
    pub(crate) start: Option<usize>,
}

impl<'a> Graph<'a> {
    /// The graph of a flow; edges to nodes that do not exist are left out.
    pub(crate) fn of(flow: &'a Flow) -> Self {
        let mut edges = Vec::with_capacity(flow.nodes.len() * 2);
        let mut first = Vec::with_capacity(flow.nodes.len() + 1);
        let mut entering = vec![Vec::new(); flow.nodes.len()];
        for (from, node) in flow.nodes.values().enumerate() {
            first.push(edges.len());
            for Exit { port, to, path } in node.exits() {
                let Some(to) = flow.nodes.get_index_of(to) else { continue };
                entering[to].push(edges.len());
                edges.push(Edge { from, to, way: way(&node.kind, &port), port, path, node });
            }
        }
        first.push(edges.len());
        let within = flow.triggers.values().map(Within::new).collect();
        let trigger_to = flow.triggers.values().map(|t| flow.nodes.get_index_of(&t.to)).collect();
        let start = flow.nodes.values().position(|n| matches!(n.kind, Kind::Start(_)));
        Self { flow, edges, first, entering, within, trigger_to, start }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.flow.nodes.len()
    }

    /// The edges that leave a node, with their numbers.
    pub(crate) fn leaving(&self, node: usize) -> impl Iterator<Item = (usize, &Edge<'a>)> {
        let range = match (self.first.get(node), self.first.get(node + 1)) {
            (Some(from), Some(to)) => *from..*to,
            _ => 0..0,
        };
        range.map(|i| (i, &self.edges[i]))
    }

    /// The numbers of the edges that enter a node.
    pub(crate) fn entering(&self, node: usize) -> &[usize] {
        self.entering.get(node).map_or(&[], Vec::as_slice)
    }

    /// The id of a node.
    pub(crate) fn id(&self, node: usize) -> &'a str {
        self.flow.nodes.get_index(node).map_or("", |(id, _)| id)
    }

    /// A node.
    pub(crate) fn node(&self, node: usize) -> Option<&'a Node> {
        self.flow.nodes.get_index(node).map(|(_, node)| node)
    }

    /// Whether a customer's turn can come while the run is at this node, so that triggers act there. A flow that is
    /// called is taken to wait.
    pub(crate) fn waits(&self, node: usize) -> bool {
        matches!(self.node(node).map(|n| &n.kind), Some(Kind::Listen(_) | Kind::Ask(_) | Kind::Subflow(_)))
    }

    /// The triggers that act at a node.
    pub(crate) fn triggers_at(&self, node: usize) -> impl Iterator<Item = usize> {
        let id = self.id(node);
        let group = self.node(node).and_then(|n| n.group.as_deref());
        let waits = self.waits(node);
        (0..self.within.len()).filter(move |t| waits && self.within[*t].names(id, group))
    }
}

fn way(kind: &Kind, port: &str) -> Way {
    let index =
        || port.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).and_then(|i| i.parse().ok()).unwrap_or(0);
    match port.split(['[', '.']).next().unwrap_or("") {
        "branches" => Way::Branch(index()),
        "turns" => Way::Turn(index()),
        "overflow" => Way::Overflow(index()),
        "idle" => Way::Idle(index()),
        "returns" => Way::Return,
        "outcomes" => Way::Outcome,
        "errors" | "error" => Way::Error,
        "else" if matches!(kind, Kind::Subflow(_)) => Way::Outcome,
        "else" => Way::Else,
        "filled" => Way::Filled,
        "failed" => Way::Failed,
        "ok" => Way::Ok,
        "timeout" => Way::Timeout,
        "sent" => Way::Sent,
        "resumed" => Way::Resumed,
        "resolved" => Way::Resolved,
        "escalated" => Way::Escalated,
        "closed" => Way::Closed,
        _ => Way::Next,
    }
}
