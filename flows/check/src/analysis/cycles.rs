//! Cycles: which nodes lie on one, and whether a cycle stays one where an `ask` waits again because its slot is cleared
//! on the way.

use flow_model::flow::Kind;
use indexmap::IndexMap;
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

impl Search<'_, '_> {
    /// The components of these edges that hold a cycle on which no `ask` that it goes through has its slot cleared.
    pub(crate) fn unbroken(&self, edges: &[usize]) -> Vec<Vec<usize>> {
        let mut splits = 0;
        let mut found = Vec::new();
        for (component, inside) in self.split(edges) {
            if self.cyclic(inside, &mut splits) {
                found.push(component);
            }
        }
        found
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

    /// Whether these edges, which lie in one component, hold an unbroken cycle.
    fn cyclic(&self, edges: Vec<usize>, splits: &mut usize) -> bool {
        if !(self.counts)(&edges) {
            return false;
        }
        let Some(slot) = self.contested(&edges) else { return true };
        *splits += 1;
        if *splits > MOST_SPLITS {
            return true;
        }
        let asks = |e: usize| self.passes_ask(e, slot);
        let clears = |n: usize| cleared(self.graph, n).any(|s| s == slot);
        let without_ask: Vec<usize> = edges.iter().copied().filter(|e| !asks(*e)).collect();
        let without_clearing: Vec<usize> =
            edges.iter().copied().filter(|e| !clears(self.graph.edges[*e].from)).collect();
        self.any(&without_ask, splits) || self.any(&without_clearing, splits)
    }

    fn any(&self, edges: &[usize], splits: &mut usize) -> bool {
        self.split(edges).into_iter().any(|(_, inside)| self.cyclic(inside, splits))
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

/// A shortest cycle through the first node of a component, as nodes; the first is not repeated.
pub(crate) fn walk(graph: &Graph<'_>, edges: &[usize], component: &[usize]) -> Vec<usize> {
    let Some(first) = component.first().copied() else { return Vec::new() };
    let mut next: IndexMap<usize, Vec<usize>> = IndexMap::new();
    for edge in edges {
        let edge = &graph.edges[*edge];
        if component.binary_search(&edge.from).is_ok() && component.binary_search(&edge.to).is_ok() {
            next.entry(edge.from).or_default().push(edge.to);
        }
    }
    let mut before: IndexMap<usize, usize> = IndexMap::new();
    let mut queue = std::collections::VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        for to in next.get(&node).map_or(&[][..], Vec::as_slice) {
            if *to == first {
                let mut path = vec![node];
                while let Some(up) = path.last().filter(|n| **n != first).and_then(|n| before.get(n)) {
                    path.push(*up);
                }
                path.reverse();
                return path;
            }
            if !before.contains_key(to) {
                before.insert(*to, node);
                queue.push_back(*to);
            }
        }
    }
    vec![first]
}
