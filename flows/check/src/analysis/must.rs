//! What holds at a node whichever way a run came there: a fact that edges establish, end or leave alone.

use std::collections::VecDeque;

use super::triggers::Fate;
use crate::rules::Subject;

/// What an edge does to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It holds afterwards.
    Holds,
    /// Nothing is known of it afterwards.
    Ends,
    /// It is as before.
    Keeps,
}

impl Effect {
    pub(crate) fn apply(self, before: bool) -> bool {
        match self {
            Self::Holds => true,
            Self::Ends => false,
            Self::Keeps => before,
        }
    }
}

/// A fact, followed through the flow.
pub(crate) struct Must {
    open: Vec<bool>,
    edges: Vec<Effect>,
    triggers: Vec<Effect>,
    at: Vec<Option<bool>>,
}

impl Must {
    /// Follows a fact that does not hold at the start.
    pub(crate) fn of(subject: &Subject<'_>, edge: impl Fn(usize) -> Effect, trigger: impl Fn(usize) -> Effect) -> Self {
        Self::by(subject, subject.dead().iter().map(|dead| !dead).collect(), edge, trigger)
    }

    /// The same along the edges that values take.
    pub(crate) fn taken(
        subject: &Subject<'_>,
        edge: impl Fn(usize) -> Effect,
        trigger: impl Fn(usize) -> Effect,
    ) -> Self {
        Self::by(subject, (0..subject.graph.edges.len()).map(|e| subject.ways().takes(e)).collect(), edge, trigger)
    }

    fn by(
        subject: &Subject<'_>,
        open: Vec<bool>,
        edge: impl Fn(usize) -> Effect,
        trigger: impl Fn(usize) -> Effect,
    ) -> Self {
        let graph = &subject.graph;
        let edges = (0..graph.edges.len()).map(edge).collect();
        let triggers = (0..graph.within.len()).map(trigger).collect();
        let mut must = Self { open, edges, triggers, at: Vec::new() };
        let mut at: Vec<Option<bool>> = vec![None; graph.len()];
        let mut open: VecDeque<usize> = graph.start.into_iter().collect();
        open.iter().for_each(|start| at[*start] = Some(false));
        while let Some(node) = open.pop_front() {
            let before = at[node].unwrap_or(false);
            must.each_way(subject, node, &mut |to, effect| {
                let after = effect.apply(before);
                if at[to].is_none_or(|old| old && !after) {
                    at[to] = Some(after);
                    open.push_back(to);
                }
            });
        }
        must.at = at;
        must
    }

    fn each_way(&self, subject: &Subject<'_>, node: usize, go: &mut dyn FnMut(usize, Effect)) {
        for (number, edge) in subject.graph.leaving(node).filter(|(number, _)| self.open[*number]) {
            go(edge.to, self.edges[number]);
        }
        for trigger in subject.graph.triggers_at(node).filter(|t| subject.triggers()[*t] == Fate::Fires) {
            if let Some(to) = subject.graph.trigger_to[trigger] {
                go(to, self.triggers[trigger]);
            }
        }
    }

    /// Whether the fact holds on every way to a node.
    pub(crate) fn at(&self, node: usize) -> bool {
        self.at[node].unwrap_or(true)
    }

    /// The shortest way to a node on which the fact does not hold.
    pub(crate) fn way_without(&self, subject: &Subject<'_>, node: usize) -> Option<Vec<usize>> {
        let start = subject.graph.start?;
        let first = start * 2;
        let mut before: Vec<Option<usize>> = vec![None; subject.graph.len() * 2];
        let mut open = VecDeque::from([first]);
        while let Some(here) = open.pop_front() {
            if here == node * 2 {
                let mut path = vec![node];
                let mut step = here;
                while let Some(up) = before[step].filter(|_| step != first) {
                    path.push(up / 2);
                    step = up;
                }
                path.reverse();
                return Some(path);
            }
            self.each_way(subject, here / 2, &mut |to, effect| {
                let next = to * 2 + usize::from(effect.apply(here % 2 == 1));
                if next != first && before[next].is_none() {
                    before[next] = Some(here);
                    open.push_back(next);
                }
            });
        }
        None
    }
}
