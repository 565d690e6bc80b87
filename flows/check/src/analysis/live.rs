//! Which names are still asked about on the way on from a card: of the others nothing need be remembered.

use std::borrow::Cow;

use flow_conditions::quick::Quick;
use flow_model::flow::Kind;
use flow_model::names::Role;
use indexmap::{IndexMap, IndexSet};

use super::cases::{Table, Var};
use super::effects::{by_turn_alone, by_waiting};
use super::graph::{Graph, Way};
use crate::rules::Subject;

/// More words than this are not kept; names that do not fit are not followed.
const MOST_WORDS: usize = 2_000_000;

/// The names asked about, for each card.
#[derive(Debug)]
pub(crate) struct Live {
    /// The bit of each name, if it is followed.
    bits: Vec<u32>,
    words: usize,
    at: Vec<u64>,
}

/// What each card asks, before anything that it does.
pub(crate) type Asked = Vec<Vec<Var>>;

impl Live {
    /// From what the cards and the triggers ask.
    pub(crate) fn of(subject: &Subject<'_>, table: &Table<'_>, asked: &Asked, triggers: &[Vec<Var>]) -> Self {
        let graph = &subject.graph;
        let mut universe: IndexSet<Var, Quick> = IndexSet::default();
        universe.extend(asked.iter().chain(triggers).flatten().copied().filter(|v| (*v as usize) < table.len()));
        let most = (MOST_WORDS / graph.len().max(1)).max(1) * 64;
        universe.truncate(most);
        let words = universe.len().div_ceil(64).max(1);
        let mut bits = vec![u32::MAX; table.len()];
        for (bit, var) in universe.iter().enumerate() {
            bits[*var as usize] = u32::try_from(bit).unwrap_or(u32::MAX);
        }
        let mut live = Self { bits, words, at: vec![0; words * graph.len()] };
        if !universe.is_empty() {
            live.spread(subject, table, asked, triggers);
        }
        live
    }

    fn bit(&self, var: Var) -> Option<usize> {
        self.bits.get(var as usize).filter(|bit| **bit != u32::MAX).map(|bit| *bit as usize)
    }

    /// Whether a name is asked about on the way on from a card.
    pub(crate) fn has(&self, node: usize, var: Var) -> bool {
        self.bit(var).is_some_and(|bit| self.at[node * self.words + bit / 64] >> (bit % 64) & 1 == 1)
    }

    fn mask(&self, table: &Table<'_>, changed: impl Fn(Var, &Role) -> bool) -> Vec<u64> {
        let mut mask = vec![0; self.words];
        for (at, bit) in self.bits.iter().enumerate().filter(|(_, bit)| **bit != u32::MAX) {
            let var = Var::try_from(at).unwrap_or(Var::MAX);
            if table.role(var).is_some_and(|role| changed(var, role)) {
                mask[*bit as usize / 64] |= 1 << (bit % 64);
            }
        }
        mask
    }

    fn vars(&self, vars: &[Var]) -> Vec<u64> {
        let mut mask = vec![0; self.words];
        self.mark(vars, &mut mask);
        mask
    }

    fn mark(&self, vars: &[Var], mask: &mut [u64]) {
        for bit in vars.iter().filter_map(|var| self.bit(*var)) {
            mask[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn spread(&mut self, subject: &Subject<'_>, table: &Table<'_>, asked: &Asked, triggers: &[Vec<Var>]) {
        let graph = &subject.graph;
        let turn = self.mask(table, |_, role| by_turn_alone(role) || by_waiting(role));
        let killed = self.killed(subject, table, &turn);
        let (kinds, kind_of) = kinds(graph);
        let asked_then: Vec<Vec<u64>> = triggers.iter().map(|vars| self.vars(vars)).collect();
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); kinds.len()];
        for (node, kind) in kind_of.iter().enumerate() {
            if let Some(kind) = kind {
                waiting[*kind].push(node);
            }
        }
        let mut by_kind = vec![vec![0_u64; self.words]; kinds.len()];
        let mut leads: IndexMap<usize, Vec<usize>, Quick> = IndexMap::default();
        let persons = persons(graph);
        for (kind, list) in kinds.iter().enumerate() {
            for trigger in list {
                // A trigger asks even where what it leads to asks nothing.
                for (at, own) in by_kind[kind].iter_mut().enumerate() {
                    *own |= asked_then[*trigger][at] & !turn[at];
                }
                if let Some(to) = graph.trigger_to[*trigger] {
                    leads.entry(to).or_default().push(kind);
                }
            }
            for node in &persons {
                leads.entry(*node).or_default().push(kind);
            }
        }
        let mut open: Vec<usize> = (0..graph.len()).collect();
        let mut queued = vec![true; graph.len()];
        let mut bits = vec![0_u64; self.words];
        while let Some(node) = open.pop() {
            queued[node] = false;
            bits.fill(0);
            self.mark(&asked[node], &mut bits);
            let kill = &killed[node];
            for (_, edge) in graph.leaving(node) {
                let all = matches!(
                    (&edge.node.kind, edge.way),
                    (Kind::Ask(_), Way::Filled) | (Kind::Listen(_), Way::Idle(_))
                );
                for (at, bits) in bits.iter_mut().enumerate() {
                    let there = self.at[edge.to * self.words + at];
                    *bits |= if all || kill.is_empty() { there } else { there & !kill[at] };
                }
            }
            if let Some(kind) = kind_of[node] {
                for (own, more) in bits.iter_mut().zip(&by_kind[kind]) {
                    *own |= more;
                }
            }
            let own = &mut self.at[node * self.words..][..self.words];
            if own.iter().zip(&bits).all(|(old, new)| old == new) {
                continue;
            }
            own.copy_from_slice(&bits);
            for edge in graph.entering(node) {
                let from = graph.edges[*edge].from;
                if !std::mem::replace(&mut queued[from], true) {
                    open.push(from);
                }
            }
            // What is asked behind a trigger, or behind a person who was waited for, is asked wherever a customer can be.
            for kind in leads.get(&node).map_or(&[][..], Vec::as_slice) {
                let mut grown = false;
                for (at, known) in by_kind[*kind].iter_mut().enumerate() {
                    let new = *known | (bits[at] & !turn[at]);
                    grown |= new != *known;
                    *known = new;
                }
                for node in waiting[*kind].iter().filter(|_| grown) {
                    if !std::mem::replace(&mut queued[*node], true) {
                        open.push(*node);
                    }
                }
            }
        }
    }

    /// What each card gives a new value before it leads on; empty where that is nothing.
    fn killed<'t>(&self, subject: &Subject<'_>, table: &Table<'_>, turn: &'t [u64]) -> Vec<Cow<'t, [u64]>> {
        let errors =
            self.mask(table, |_, role| matches!(role, Role::ErrorCode | Role::ErrorAction | Role::ErrorMessage));
        let mut outputs: IndexMap<usize, Vec<Var>, Quick> = IndexMap::default();
        for at in 0..self.bits.len() {
            let var = Var::try_from(at).unwrap_or(Var::MAX);
            if let (Some(Role::Output(node, _)), true) = (table.role(var), self.bit(var).is_some()) {
                outputs.entry(*node).or_default().push(var);
            }
        }
        let one = |(number, _, node): (usize, &str, &flow_model::flow::Node)| match &node.kind {
            Kind::Listen(_) | Kind::Ask(_) => Cow::Borrowed(turn),
            Kind::Set(set) => {
                let slots = set.assign.keys().filter_map(|slot| table.var(&format!("slots.{slot}")));
                Cow::Owned(self.vars(&slots.collect::<Vec<_>>()))
            }
            Kind::Action(_) => {
                let mut own = errors.clone();
                self.mark(outputs.get(&number).map_or(&[][..], Vec::as_slice), &mut own);
                Cow::Owned(own)
            }
            _ => Cow::Borrowed(&[][..]),
        };
        subject.nodes().map(one).collect()
    }
}

/// The sets of triggers that act together, and which of them acts at each card.
pub(crate) fn kinds(graph: &Graph<'_>) -> (IndexSet<Vec<usize>>, Vec<Option<usize>>) {
    let mut kinds = IndexSet::new();
    let kind = |node| graph.waits(node).then(|| kinds.insert_full(graph.triggers_at(node).collect()).0);
    let kind_of = (0..graph.len()).map(kind).collect();
    (kinds, kind_of)
}

/// Where a person leads on to who was waited for elsewhere.
fn persons(graph: &Graph<'_>) -> Vec<usize> {
    let keeps = |kind: &Kind| matches!(kind, Kind::Handoff(h) if h.overflow.iter().chain(&h.waiting.turns).any(|row| row.keep_place));
    let mut found: IndexSet<usize> = IndexSet::new();
    for edge in graph.edges.iter().filter(|edge| keeps(&edge.node.kind)) {
        if matches!(edge.way, Way::Resumed | Way::Resolved | Way::Escalated | Way::Return | Way::Failed) {
            found.insert(edge.to);
        }
    }
    found.into_iter().collect()
}
