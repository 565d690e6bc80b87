//! What the rules ask of the ways through a flow: only what simpler analyses leave open.

use std::sync::Arc;

use flow_conditions::ast::Expr;
use flow_model::flow::Kind;
use indexmap::IndexMap;

use super::asks::{Want, Wants};
use super::feasible::{Answer, Feasible, follow};
use super::reach::{Open, Reach};
use super::triggers::Fate;
use crate::rules::{Subject, context_incomplete, placeholder_unset};

/// The ways of a flow, and the answers.
#[derive(Debug)]
pub(crate) struct Ways {
    /// As the flow runs by itself.
    pub(crate) own: Feasible,
    /// As a flow that others call runs, where that makes a difference.
    called: Option<Feasible>,
    reach: Reach,
    possible: Option<Reach>,
    asked: IndexMap<(usize, String), usize>,
}

fn key(want: &Want) -> String {
    match want {
        Want::Unset(name) => name.clone(),
        Want::Fails(expr, row) => format!("{row:?} {}", flow_conditions::print::print(expr)),
    }
}

impl Ways {
    pub(crate) fn of(subject: &Subject<'_>) -> Self {
        let mut wants: Wants = Vec::new();
        let mut asked = IndexMap::new();
        let mut ask = |node: usize, want: Want| {
            asked.entry((node, key(&want))).or_insert_with(|| {
                wants.push((node, want));
                wants.len() - 1
            });
        };
        for (node, _, entry) in subject.nodes() {
            if let Kind::Handoff(handoff) = &entry.kind {
                for name in context_incomplete::unset(subject, node, handoff).into_iter().flat_map(|(_, names)| names) {
                    ask(node, Want::Unset(name));
                }
            }
        }
        for open in subject.unproved() {
            ask(open.node, Want::Fails(open.part.as_ref().clone(), open.row));
        }
        for (node, name) in placeholder_unset::open(subject) {
            ask(node, Want::Unset(name));
        }
        let own = follow(subject, false, &wants);
        let shut = |e: usize| !own.taken[e] && !subject.dead()[e] && subject.reach().has(subject.graph.edges[e].from);
        let called = (0..own.taken.len()).any(shut).then(|| follow(subject, true, &wants));
        let reach = reach(subject, &own);
        let possible = called.as_ref().map(|called| self::reach(subject, called));
        Self { own, called, reach, possible, asked }
    }

    /// The way to a card that is shown: one that values take, else one along the edges.
    pub(crate) fn shown(&self, edges: &Reach, node: usize) -> Vec<usize> {
        let found = [&self.reach, self.possible(), edges].into_iter().find(|reach| reach.has(node));
        found.map(|reach| reach.path(node)).unwrap_or_default()
    }

    /// What it can come to, called by another flow or not.
    pub(crate) fn possible(&self) -> &Reach {
        self.possible.as_ref().unwrap_or(&self.reach)
    }

    /// Whether values take an edge, called by another flow or not.
    pub(crate) fn takes(&self, edge: usize) -> bool {
        self.called.as_ref().unwrap_or(&self.own).taken[edge]
    }

    /// Whether the bounds were met, so that more may be infeasible than is said.
    pub(crate) fn bounded(&self) -> bool {
        self.own.bounded || self.called.as_ref().is_some_and(|called| called.bounded)
    }

    fn answer(&self, node: usize, key: String) -> Answer {
        // Where the flow by itself does not come, a caller may lead.
        let found = self.called.as_ref().filter(|_| !self.reach.has(node)).unwrap_or(&self.own);
        self.asked.get(&(node, key)).map_or(Answer::Perhaps, |at| found.answers[*at].clone())
    }

    /// Whether a name can be unset on coming to a card.
    pub(crate) fn unset(&self, node: usize, name: &str) -> Answer {
        self.answer(node, name.to_owned())
    }

    /// Whether a condition can fail on coming to a card, where this row of the routes is taken.
    pub(crate) fn fails(&self, node: usize, part: &Arc<Expr>, row: Option<usize>) -> Answer {
        self.answer(node, key(&Want::Fails(part.as_ref().clone(), row)))
    }
}

fn reach(subject: &Subject<'_>, found: &Feasible) -> Reach {
    let fires = |t: usize| found.fired[t] && subject.triggers()[t] == Fate::Fires;
    Reach::by(&subject.graph, &Open { edge: &|e| found.taken[e], trigger: &fires })
}
