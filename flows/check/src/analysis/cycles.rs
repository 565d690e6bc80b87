//! Cycles: which nodes lie on one, and whether a cycle stays one where an `ask` waits again because its slot is cleared
//! on the way.

use flow_conditions::quick::Quick;
use flow_model::flow::Kind;
use indexmap::{IndexMap, IndexSet};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::graph::{Graph, Way};

/// How often a component may be split by choosing between an `ask` and the card that clears its slot. Flows that need
/// more are taken to have a cycle: nothing is proved for them.
const MOST_SPLITS: usize = 512;

/// The strongly connected components with a cycle, each sorted, in the order of their first node.
fn components(size: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(size, edges.len());
    for _ in 0..size {
        graph.add_node(());
    }
    let mut itself = vec![false; size];
    for (from, to) in edges {
        graph.add_edge(NodeIndex::new(*from), NodeIndex::new(*to), ());
        if from == to {
            itself[*from] = true;
        }
    }
    let mut found: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|c| c.into_iter().map(NodeIndex::index).collect::<Vec<_>>())
        .filter(|c| c.len() > 1 || c.first().is_some_and(|n| itself[*n]))
        .collect();
    for component in &mut found {
        component.sort_unstable();
    }
    found.sort();
    found
}

/// Components of the graph with these edges only.
pub(crate) fn components_of(graph: &Graph<'_>, edges: &[usize]) -> Vec<Vec<usize>> {
    let pairs: Vec<(usize, usize)> = edges.iter().map(|e| (graph.edges[*e].from, graph.edges[*e].to)).collect();
    components(graph.len(), &pairs)
}

/// The slots that a node clears.
pub(crate) fn cleared<'a>(graph: &Graph<'a>, node: usize) -> impl Iterator<Item = &'a str> {
    let assign = match graph.node(node).map(|n| &n.kind) {
        Some(Kind::Set(set)) => Some(&set.assign),
        _ => None,
    };
    assign.into_iter().flatten().filter(|(_, value)| value.is_none()).map(|(slot, _)| slot.as_str())
}

/// A cycle that nothing breaks: the edges of its component.
pub(crate) struct Search<'g, 'a> {
    pub(crate) graph: &'g Graph<'a>,
    /// Whether a component counts, by its edges.
    pub(crate) counts: &'g dyn Fn(&[usize]) -> bool,
}

/// A part of the graph that holds an unbroken cycle, and no edge that is not on some cycle of it.
pub(crate) struct Knot {
    /// Its nodes, in the order of the document.
    pub(crate) nodes: Vec<usize>,
    /// Its edges.
    pub(crate) edges: Vec<usize>,
}

impl Search<'_, '_> {
    /// One part for each component of these edges that holds a cycle on which no `ask` that it goes through has its slot
    /// cleared, or where it is filled again before the `ask` is come to.
    pub(crate) fn unbroken(&self, edges: &[usize]) -> Vec<Knot> {
        let mut splits = 0;
        self.split(edges).into_iter().filter_map(|(_, inside)| self.cyclic(inside, &mut splits)).collect()
    }

    /// Each component with the edges inside it.
    fn split(&self, edges: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
        let components = components_of(self.graph, edges);
        let mut owner = vec![usize::MAX; self.graph.len()];
        for (number, component) in components.iter().enumerate() {
            for node in component {
                owner[*node] = number;
            }
        }
        let mut inside = vec![Vec::new(); components.len()];
        for edge in edges {
            let (from, to) = (owner[self.graph.edges[*edge].from], owner[self.graph.edges[*edge].to]);
            if from != usize::MAX && from == to {
                inside[from].push(*edge);
            }
        }
        components.into_iter().zip(inside).collect()
    }

    /// The unbroken part of these edges, which lie in one component.
    fn cyclic(&self, edges: Vec<usize>, splits: &mut usize) -> Option<Knot> {
        if !(self.counts)(&edges) {
            return None;
        }
        let Some(slot) = self.contested(&edges) else { return Some(self.knot(edges)) };
        *splits += 1;
        if *splits > MOST_SPLITS || self.refilled(&edges, slot) {
            return Some(self.knot(edges));
        }
        let clears = |n: usize| cleared(self.graph, n).any(|s| s == slot);
        let without_ask: Vec<usize> = edges.iter().copied().filter(|e| !self.passes_ask(*e, slot)).collect();
        let without_clearing: Vec<usize> =
            edges.iter().copied().filter(|e| !clears(self.graph.edges[*e].from)).collect();
        self.any(&without_ask, splits).or_else(|| self.any(&without_clearing, splits))
    }

    fn any(&self, edges: &[usize], splits: &mut usize) -> Option<Knot> {
        self.split(edges).into_iter().find_map(|(_, inside)| self.cyclic(inside, splits))
    }

    fn knot(&self, edges: Vec<usize>) -> Knot {
        let mut nodes: Vec<usize> = edges.iter().map(|e| self.graph.edges[*e].from).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Knot { nodes, edges }
    }

    /// Whether a slot that is cleared on the way is set to something again before its `ask` is come to.
    fn refilled(&self, edges: &[usize], slot: &str) -> bool {
        let sets = |n: usize| match self.graph.node(n).map(|n| &n.kind) {
            Some(Kind::Set(set)) => set.assign.get(slot).is_some_and(Option::is_some),
            _ => false,
        };
        let clears = |n: usize| cleared(self.graph, n).any(|s| s == slot);
        let mut open: Vec<usize> = edges.iter().map(|e| self.graph.edges[*e].from).filter(|n| sets(*n)).collect();
        if open.is_empty() {
            return false;
        }
        let inside: IndexSet<usize, Quick> = edges.iter().copied().collect();
        let mut seen = vec![false; self.graph.len()];
        while let Some(node) = open.pop() {
            if clears(node) || std::mem::replace(&mut seen[node], true) {
                continue;
            }
            for (number, edge) in self.graph.leaving(node).filter(|(number, _)| inside.contains(number)) {
                if self.passes_ask(number, slot) {
                    return true;
                }
                open.push(edge.to);
            }
        }
        false
    }

    fn passes_ask(&self, edge: usize, slot: &str) -> bool {
        let edge = &self.graph.edges[edge];
        edge.way == Way::Filled && matches!(&edge.node.kind, Kind::Ask(ask) if ask.slot == slot)
    }

    /// A slot that is both asked for and cleared among these edges.
    fn contested(&self, edges: &[usize]) -> Option<&str> {
        let mut asked: IndexMap<&str, ()> = IndexMap::new();
        for edge in edges {
            let edge = &self.graph.edges[*edge];
            if let (Way::Filled, Kind::Ask(ask)) = (edge.way, &edge.node.kind) {
                asked.insert(&ask.slot, ());
            }
        }
        if asked.is_empty() {
            return None;
        }
        edges.iter().flat_map(|e| cleared(self.graph, self.graph.edges[*e].from)).find(|slot| asked.contains_key(slot))
    }
}

/// A shortest cycle through an edge, as nodes from the one that it leaves; that one is not repeated.
pub(crate) fn through(graph: &Graph<'_>, edges: &[usize], edge: usize) -> Vec<usize> {
    let (first, second) = (graph.edges[edge].from, graph.edges[edge].to);
    if first == second {
        return vec![first];
    }
    let mut next: IndexMap<usize, Vec<usize>> = IndexMap::new();
    for edge in edges {
        next.entry(graph.edges[*edge].from).or_default().push(graph.edges[*edge].to);
    }
    let mut before: IndexMap<usize, usize> = IndexMap::new();
    let mut queue = std::collections::VecDeque::from([second]);
    while let Some(node) = queue.pop_front() {
        for to in next.get(&node).map_or(&[][..], Vec::as_slice) {
            if *to == first {
                let mut path = vec![node];
                while let Some(up) = path.last().filter(|n| **n != second).and_then(|n| before.get(n)) {
                    path.push(*up);
                }
                path.push(first);
                path.reverse();
                return path;
            }
            if *to != second && !before.contains_key(to) {
                before.insert(*to, node);
                queue.push_back(*to);
            }
        }
    }
    vec![first]
}
