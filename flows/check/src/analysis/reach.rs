//! Which nodes a run can come to, and the shortest way there.

use std::collections::VecDeque;

use super::graph::Graph;

/// Which edges and triggers count.
pub(crate) struct Open<'a> {
    /// By the number of the edge.
    pub(crate) edge: &'a dyn Fn(usize) -> bool,
    /// By the number of the trigger.
    pub(crate) trigger: &'a dyn Fn(usize) -> bool,
}

/// What can be reached from the start.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    before: Vec<Option<usize>>,
    start: Option<usize>,
}

impl Reach {
    /// All that edges and triggers lead to.
    pub(crate) fn by_edges(graph: &Graph<'_>) -> Self {
        Self::by(graph, &Open { edge: &|_| true, trigger: &|_| true })
    }

    /// All that these lead to. A trigger leads on as soon as one node is reached where it acts.
    pub(crate) fn by(graph: &Graph<'_>, open: &Open<'_>) -> Self {
        let mut reach = Self { before: vec![None; graph.len()], start: graph.start };
        let mut fired = vec![false; graph.within.len()];
        let mut waiting: VecDeque<usize> = graph.start.into_iter().collect();
        while let Some(node) = waiting.pop_front() {
            let mut enter = |reach: &mut Self, to: usize| {
                if !reach.has(to) {
                    reach.before[to] = Some(node);
                    waiting.push_back(to);
                }
            };
            for (number, edge) in graph.leaving(node) {
                if (open.edge)(number) {
                    enter(&mut reach, edge.to);
                }
            }
            if fired.iter().all(|f| *f) {
                continue;
            }
            for trigger in graph.triggers_at(node) {
                if !fired[trigger] && (open.trigger)(trigger) {
                    fired[trigger] = true;
                    if let Some(to) = graph.trigger_to[trigger] {
                        enter(&mut reach, to);
                    }
                }
            }
        }
        reach
    }

    /// Whether a run can come to a node.
    pub(crate) fn has(&self, node: usize) -> bool {
        self.start == Some(node) || self.before.get(node).is_some_and(Option::is_some)
    }

    /// The last nodes of the way to this one, so many at the most, itself included, and whether they are the whole way.
    pub(crate) fn tail(&self, node: usize, most: usize) -> (Vec<usize>, bool) {
        let mut tail = vec![node];
        let mut here = node;
        while self.start != Some(here) && tail.len() < most {
            let Some(before) = self.before[here] else { break };
            tail.push(before);
            here = before;
        }
        tail.reverse();
        (tail, self.start == Some(here))
    }

    /// The nodes from the start to this one, both included; empty where it cannot be reached.
    pub(crate) fn path(&self, node: usize) -> Vec<usize> {
        if !self.has(node) {
            return Vec::new();
        }
        let mut path = vec![node];
        let mut here = node;
        while self.start != Some(here) {
            let Some(before) = self.before[here] else { break };
            path.push(before);
            here = before;
        }
        path.reverse();
        path
    }
}
