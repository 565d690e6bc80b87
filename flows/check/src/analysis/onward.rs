//! What follows a card without a word of the customer, and the cards where a conversation begins.
//!
//! What must stay true: ways are followed only as far as [`MOST_AHEAD`] cards; beyond, nothing is found.

use std::collections::VecDeque;

use flow_conditions::quick::Quick;
use flow_model::flow::Kind;
use indexmap::IndexMap;

use super::graph::Edge;
use crate::rules::Subject;

/// How many cards are looked at from one card on.
const MOST_AHEAD: usize = 400;

/// Cards that follow, nearest first, each with the one before it.
#[derive(Debug)]
pub(crate) struct Onward {
    before: IndexMap<usize, usize, Quick>,
}

impl Onward {
    /// The cards that follow this one, itself included, up to where the customer has the floor, a person is asked for, a
    /// flow is called or the run ends; those are among them.
    pub(crate) fn of(subject: &Subject<'_>, first: usize) -> Self {
        let quiet = |node: usize| {
            matches!(
                subject.graph.node(node).map(|n| &n.kind),
                Some(
                    Kind::Start(_)
                        | Kind::Message(_)
                        | Kind::Set(_)
                        | Kind::Decision(_)
                        | Kind::Action(_)
                        | Kind::Todo(_)
                )
            )
        };
        Self::through(subject, first, &|edge| quiet(edge.from))
    }

    /// The cards that follow this one by the edges that may be taken.
    pub(crate) fn through(subject: &Subject<'_>, first: usize, may: &dyn Fn(&Edge<'_>) -> bool) -> Self {
        let mut before = IndexMap::default();
        before.insert(first, first);
        let mut open = VecDeque::from([first]);
        while let Some(node) = open.pop_front() {
            for (_, edge) in subject.graph.leaving(node).filter(|(e, edge)| !subject.dead()[*e] && may(edge)) {
                if before.len() < MOST_AHEAD && !before.contains_key(&edge.to) {
                    before.insert(edge.to, node);
                    open.push_back(edge.to);
                }
            }
        }
        Self { before }
    }

    /// The cards, nearest first.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = usize> {
        self.before.keys().copied()
    }

    /// Whether a card is among them.
    pub(crate) fn has(&self, node: usize) -> bool {
        self.before.contains_key(&node)
    }

    /// The nearest of these cards.
    pub(crate) fn first(&self, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        self.nodes().find(|node| wanted(*node))
    }

    /// The cards from the first to this one.
    pub(crate) fn way(&self, node: usize) -> Vec<usize> {
        let mut way = vec![node];
        while let Some(up) = way.last().and_then(|here| self.before.get(here).filter(|up| *up != here)) {
            way.push(*up);
        }
        way.reverse();
        way
    }
}

/// The cards where a conversation begins: those that first wait for the customer after the start.
pub(crate) fn hubs(subject: &Subject<'_>) -> Vec<usize> {
    let Some(start) = subject.graph.start else { return Vec::new() };
    Onward::of(subject, start).nodes().filter(|n| subject.graph.waits(*n)).collect()
}
