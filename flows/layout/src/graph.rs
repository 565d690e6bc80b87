//! The cards and the ways between them, by number.

use std::collections::BTreeMap;

use flow_model::Flow;
use flow_model::flow::Kind;

/// Cards in document order; no way leads to its own card, and none is there twice.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Where each card leads, in the order of its ports.
    pub next: Vec<Vec<usize>>,
    /// Where each card is entered from.
    pub before: Vec<Vec<usize>>,
    /// Cards at which a conversation begins: the start, then what triggers lead to.
    pub roots: Vec<usize>,
}

impl Graph {
    /// The graph of a flow.
    pub fn of(flow: &Flow) -> Self {
        let numbers: BTreeMap<&str, usize> = flow.nodes.keys().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
        let mut ways = Vec::new();
        for (from, node) in flow.nodes.values().enumerate() {
            ways.extend(node.exits().iter().filter_map(|exit| Some((from, *numbers.get(exit.to)?))));
        }
        let starts = flow.nodes.values().enumerate().filter(|(_, n)| matches!(n.kind, Kind::Start(_))).map(|(i, _)| i);
        let triggered = flow.triggers.values().filter_map(|trigger| numbers.get(trigger.to.as_str()).copied());
        Self::new(flow.nodes.len(), &ways, starts.chain(triggered).collect())
    }

    /// A graph of so many cards.
    pub fn new(cards: usize, ways: &[(usize, usize)], roots: Vec<usize>) -> Self {
        let mut graph = Self { next: vec![Vec::new(); cards], before: vec![Vec::new(); cards], roots };
        for (from, to) in ways {
            if from != to && !graph.next[*from].contains(to) {
                graph.next[*from].push(*to);
                graph.before[*to].push(*from);
            }
        }
        graph
    }

    /// How many cards there are.
    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// The cards that hang together, each group with the number of its first card; groups by their first card, those of
    /// the start first.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut group = vec![usize::MAX; self.len()];
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for first in self.roots.iter().copied().take(1).chain(0..self.len()) {
            if group[first] != usize::MAX {
                continue;
            }
            let number = groups.len();
            let mut members = vec![first];
            group[first] = number;
            let mut at = 0;
            while at < members.len() {
                let card = members[at];
                for near in self.next[card].iter().chain(&self.before[card]) {
                    if group[*near] == usize::MAX {
                        group[*near] = number;
                        members.push(*near);
                    }
                }
                at += 1;
            }
            members.sort_unstable();
            groups.push(members);
        }
        groups
    }
}
