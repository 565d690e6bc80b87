//! How many seconds can pass between the customer's turn that asked and coming to a card. Customer turns (silence among
//! them: it is the customer who takes the time) and time with a person cost nothing; simple ways are followed, up to a bound in each knot of cycles.

use flow_model::flow::Kind;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::graph::{Edge, Graph, Way};

/// How many steps are taken to find long ways through one knot of cycles.
const MOST_STEPS: usize = 20_000;

/// What an edge costs; `None` where the count starts anew behind it. Leaving a person costs nothing, and what passed before
/// stays counted.
fn cost(edge: &Edge<'_>) -> Option<f64> {
    match (&edge.node.kind, edge.way) {
        (Kind::Listen(_), _) => None,
        (Kind::Action(n), _) => Some(n.time_limit.map_or(0.0, |limit| limit.to_f64())),
        (Kind::Handoff(n), Way::Timeout) => Some(n.max_wait.map_or(0.0, |wait| wait.to_f64())),
        (Kind::Handoff(_), Way::Turn(_)) => None,
        _ => Some(0.0),
    }
}

/// The most seconds that can have passed on coming to a node, and the node before it on that way, where any had passed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Longest {
    pub(crate) seconds: f64,
    before: Option<usize>,
}

impl Longest {
    fn raise(&mut self, seconds: f64, before: usize) {
        if seconds > self.seconds {
            *self = Self { seconds, before: Some(before) };
        }
    }
}

/// The nodes on which the time of a node passed, the first being where the count begins; `None` where it is not known.
pub(crate) fn way(most: &[Longest], node: usize) -> Option<Vec<usize>> {
    let mut way = vec![node];
    while let Some(before) = most[way[way.len() - 1]].before {
        if way.contains(&before) {
            return None;
        }
        way.push(before);
    }
    way.reverse();
    Some(way)
}

/// The most seconds that can have passed on coming to each node.
pub(crate) fn longest(graph: &Graph<'_>, open: &dyn Fn(usize) -> bool) -> Vec<Longest> {
    let mut whole: DiGraph<(), ()> = DiGraph::with_capacity(graph.len(), graph.edges.len());
    for _ in 0..graph.len() {
        whole.add_node(());
    }
    let counted: Vec<(usize, f64)> =
        (0..graph.edges.len()).filter(|e| open(*e)).filter_map(|e| Some((e, cost(&graph.edges[e])?))).collect();
    let mut leaving: Vec<Vec<(usize, f64)>> = vec![Vec::new(); graph.len()];
    for (number, seconds) in &counted {
        let edge = &graph.edges[*number];
        whole.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
        leaving[edge.from].push((edge.to, *seconds));
    }
    let components = kosaraju_scc(&whole);
    let mut owner = vec![0; graph.len()];
    for (number, component) in components.iter().enumerate() {
        for node in component {
            owner[node.index()] = number;
        }
    }
    let mut most = vec![Longest::default(); graph.len()];
    let mut on_way = vec![false; graph.len()];
    for (number, component) in components.iter().enumerate().rev() {
        if component.len() > 1 {
            let inside = Knot { leaving: &leaving, owner: &owner, number };
            inside.spread(&component.iter().map(|n| n.index()).collect::<Vec<_>>(), &mut on_way, &mut most);
        }
        for node in component {
            for (to, seconds) in &leaving[node.index()] {
                if owner[*to] != number {
                    let passed = most[node.index()].seconds + seconds;
                    most[*to].raise(passed, node.index());
                }
            }
        }
    }
    most
}

/// A component with cycles.
struct Knot<'a> {
    leaving: &'a [Vec<(usize, f64)>],
    owner: &'a [usize],
    number: usize,
}

impl Knot<'_> {
    /// Raises what can have passed at the nodes by the simple ways inside.
    fn spread(&self, nodes: &[usize], on_way: &mut [bool], most: &mut [Longest]) {
        let entries: Vec<(usize, f64)> = nodes.iter().map(|n| (*n, most[*n].seconds)).collect();
        let mut steps = 0;
        for (node, seconds) in entries {
            self.walk(node, seconds, on_way, most, &mut steps);
        }
    }

    fn walk(&self, first: usize, seconds: f64, on_way: &mut [bool], most: &mut [Longest], steps: &mut usize) {
        let mut stack: Vec<(usize, f64, usize)> = vec![(first, seconds, 0)];
        on_way[first] = true;
        while let Some((node, seconds, next)) = stack.last().copied() {
            let way = self.leaving[node].get(next).copied();
            if let Some(top) = stack.last_mut() {
                top.2 += 1;
            }
            *steps += 1;
            match way {
                Some((to, cost)) if *steps < MOST_STEPS => {
                    if self.owner[to] == self.number && !on_way[to] {
                        most[to].raise(seconds + cost, node);
                        on_way[to] = true;
                        stack.push((to, seconds + cost, 0));
                    }
                }
                _ => {
                    on_way[node] = false;
                    stack.pop();
                }
            }
        }
    }
}
