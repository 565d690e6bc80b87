//! What guards ask of names, and what rules ask of cards.

use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as E};
use flow_conditions::parse::Parsed;
use flow_conditions::quick::Quick;
use flow_model::flow::{Handoff, Kind};
use indexmap::{IndexMap, IndexSet};

use super::cases::{Formula, Table, Var};
use super::effects::{by_turn_alone, by_waiting, queue_names};
use super::lists::What;
use super::live::Asked;
use super::sets::Test;
use super::triggers;
use crate::rules::Subject;

/// What can be asked of a card.
#[derive(Clone, Debug)]
pub(crate) enum Want {
    /// Whether a name can be unset there.
    Unset(String),
    /// Whether a condition can fail there, where this row of the routes is taken.
    Fails(Expr, Option<usize>),
}

/// What is asked, and of which card.
pub(crate) type Wants = Vec<(usize, Want)>;

/// The guards of a list, ready to be asked, and the names in them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) guards: Vec<Arc<Formula>>,
    pub(crate) vars: Vec<Var>,
}

impl Rows {
    fn of(guards: Vec<Arc<Formula>>) -> Arc<Self> {
        let mut vars = Vec::new();
        guards.iter().for_each(|guard| guard.vars(&mut vars));
        vars.sort_unstable();
        vars.dedup();
        Arc::new(Self { guards, vars })
    }
}

type ByNode = IndexMap<usize, Arc<Rows>, Quick>;

/// All guards of a flow.
#[derive(Debug)]
pub(crate) struct Guards {
    pub(crate) branches: ByNode,
    pub(crate) overflow: ByNode,
    pub(crate) turns: ByNode,
    pub(crate) routes: ByNode,
    pub(crate) triggers: Vec<Arc<Rows>>,
}

impl Guards {
    pub(crate) fn of(subject: &Subject<'_>, table: &Table<'_>) -> Self {
        let mut lists = [ByNode::default(), ByNode::default(), ByNode::default(), ByNode::default()];
        let unread = Arc::new(Formula::Free(Vec::new()));
        let read = |guard: &Arc<Parsed>| {
            if guard.is_sound() { subject.formula(table, guard) } else { Arc::clone(&unread) }
        };
        for list in subject.lists() {
            let place = match list.what {
                What::Branches { .. } => 0,
                What::Overflow => 1,
                What::Turns => 2,
                What::Routes => 3,
            };
            lists[place].insert(list.node, Rows::of(list.rows.iter().map(|row| read(&row.guard)).collect()));
        }
        let [branches, overflow, turns, routes] = lists;
        let trigger = |trigger| {
            let parsed = triggers::guard(subject, trigger);
            let formula = if parsed.is_sound() { Arc::new(table.formula(&parsed.expr)) } else { Arc::clone(&unread) };
            Rows::of(vec![formula])
        };
        let triggers = subject.flow.triggers.values().map(trigger).collect();
        Self { branches, overflow, turns, routes, triggers }
    }

    /// Every name that some guard asks about.
    pub(crate) fn vars(&self) -> impl Iterator<Item = Var> {
        let lists = [&self.branches, &self.overflow, &self.turns, &self.routes].into_iter().flat_map(IndexMap::values);
        lists.chain(&self.triggers).flat_map(|rows| &rows.vars).copied()
    }

    /// What is asked of the slots that are copied or copied to.
    pub(crate) fn tests(&self, subject: &Subject<'_>, table: &Table<'_>) -> IndexMap<Var, Vec<Test>> {
        let mut copied: IndexMap<Var, Vec<Test>> = IndexMap::new();
        for node in subject.flow.nodes.values() {
            let Kind::Set(set) = &node.kind else { continue };
            for (slot, source) in &set.assign {
                let Some(source) = source else { continue };
                let source = subject.book.payload(source);
                if let E::Name(name) = &source.expr.kind {
                    let both = [table.var(&format!("slots.{slot}")), table.var(name)];
                    copied.extend(both.into_iter().flatten().map(|var| (var, Vec::new())));
                }
            }
        }
        if copied.is_empty() {
            return copied;
        }
        let lists = [&self.branches, &self.overflow, &self.turns, &self.routes].into_iter().flat_map(IndexMap::values);
        for rows in lists.chain(&self.triggers) {
            rows.guards.iter().for_each(|guard| tests_in(guard, &mut copied));
        }
        copied
    }

    /// What the overflow rows of a handoff ask on arrival of what was known before.
    fn on_arrival(&self, node: usize, handoff: &Handoff, table: &Table<'_>) -> impl Iterator<Item = Var> {
        let vars = self.overflow.get(&node).map_or(&[][..], |rows| &rows.vars);
        let own = |var: &Var| table.role(*var).is_none_or(|role| !role.row_only());
        let read = |row: &str| table.var(row).is_some_and(|row| vars.contains(&row));
        let queue = queue_names(handoff).filter(move |(row, _)| read(row)).filter_map(|(_, name)| table.var(&name));
        vars.iter().copied().filter(own).chain(queue)
    }

    /// What each card asks of what was known before it.
    pub(crate) fn asked(&self, subject: &Subject<'_>, table: &Table<'_>, wants: &Wants) -> Asked {
        let mut asked: Asked = vec![Vec::new(); subject.graph.len()];
        let named: IndexSet<Var, Quick> = self.vars().collect();
        for (node, _, entry) in subject.nodes() {
            let mut add = |rows: Option<&Arc<Rows>>, waits: bool| {
                let fresh =
                    |var: &Var| waits && table.role(*var).is_some_and(|role| by_turn_alone(role) || by_waiting(role));
                asked[node].extend(rows.into_iter().flat_map(|rows| &rows.vars).filter(|var| !fresh(var)));
            };
            match &entry.kind {
                Kind::Listen(_) => add(self.branches.get(&node), true),
                Kind::Decision(_) => add(self.branches.get(&node), false),
                Kind::Handoff(handoff) => {
                    // Whether the tier is open decides at once.
                    let open = table.var(&format!("queue.{}.open", handoff.tier));
                    let decides = handoff.routes.is_empty() && handoff.mode.waits();
                    add(self.turns.get(&node), true);
                    add(self.routes.get(&node), false);
                    asked[node].extend(self.on_arrival(node, handoff, table).filter(|var| named.contains(var)));
                    asked[node].extend(open.filter(|open| decides && named.contains(open)));
                }
                Kind::Ask(ask) => asked[node].extend(table.var(&format!("slots.{}", ask.slot))),
                Kind::Set(set) => {
                    for source in set.assign.values().flatten() {
                        let names = subject.book.payload(source).expr.names();
                        asked[node].extend(names.iter().filter_map(|(name, _)| table.var(name)));
                    }
                }
                _ => {}
            }
        }
        for (node, want) in wants {
            match want {
                Want::Unset(name) => asked[*node].extend(table.var(name)),
                Want::Fails(expr, _) => table.formula(expr).vars(&mut asked[*node]),
            }
        }
        asked
    }
}

fn tests_in(guard: &Formula, found: &mut IndexMap<Var, Vec<Test>>) {
    match guard {
        Formula::Test(var, question) => {
            if let Some(tests) = found.get_mut(var)
                && !tests.contains(&question.test)
            {
                tests.push(question.test.clone());
            }
        }
        Formula::Not(inner) => tests_in(inner, found),
        Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|part| tests_in(part, found)),
        Formula::Known(_) | Formula::Free(_) => {}
    }
}
