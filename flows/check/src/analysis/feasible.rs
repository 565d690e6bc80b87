//! Which edges values can take, guards and assignments taken together along the ways since the customer's last turn.
//!
//! What must stay true: an edge is left out only if nothing can take it. A card keeps a few sets of facts, one for each
//! way there; beyond [`MOST_WAYS`] sets, and beyond [`MOST_QUESTIONS`] questions, nothing more is claimed.

use std::collections::VecDeque;
use std::sync::Arc;

use flow_conditions::ast::{Comparison, Expr, Kind as E, Literal, Span};
use flow_conditions::regions::{Satisfiable, satisfiable};
use flow_model::flow::Kind;
use flow_model::names::{Reach, Role};
use indexmap::IndexSet;

use super::graph::{Edge, Way};
use super::lists::What;
use super::proof;
use super::triggers::{self, Fate};
use crate::rules::Subject;

/// How many sets of facts a card keeps.
const MOST_WAYS: usize = 4;
/// How many questions are asked in all.
const MOST_QUESTIONS: usize = 1_000;
/// How many earlier rows that did not hold are kept as facts.
const MOST_DENIED: usize = 6;

/// Something that holds.
#[derive(Clone, Debug, PartialEq)]
struct Fact {
    expr: Arc<Expr>,
    names: Arc<[Arc<str>]>,
    roles: Arc<[Role]>,
}

impl Fact {
    fn new(subject: &Subject<'_>, expr: Expr) -> Self {
        let names: IndexSet<Arc<str>> = expr.names().into_iter().map(|(n, _)| n).collect();
        // A name that does not exist changes with everything.
        let roles = names.iter().map(|n| subject.names.get(n).map_or(Role::Turn, |found| found.role.clone())).collect();
        Self { expr: Arc::new(expr), names: names.into_iter().collect(), roles }
    }

    fn speaks_of(&self, names: &IndexSet<Arc<str>>) -> bool {
        self.names.iter().any(|n| names.contains(n))
    }
}

type Facts = Vec<Fact>;

/// What is known at a card.
#[derive(Clone, Debug)]
enum At {
    Never,
    Ways(Vec<Facts>),
    /// Anything can be the case.
    Free,
}

struct Search<'s, 'a> {
    subject: &'s Subject<'a>,
    /// Names that a guard behind a fact could contradict.
    relevant: IndexSet<Arc<str>>,
    at: Vec<At>,
    taken: Vec<bool>,
    fired: Vec<bool>,
    open: VecDeque<(usize, Facts)>,
    /// What each edge tells, worked out when it is first taken.
    told: Vec<Option<Arc<Facts>>>,
    questions: usize,
}

/// The edges that can be taken, by number.
pub(crate) fn edges(subject: &Subject<'_>) -> Vec<bool> {
    let graph = &subject.graph;
    let mut search = Search {
        subject,
        relevant: relevant(subject),
        at: vec![At::Never; graph.len()],
        taken: vec![false; graph.edges.len()],
        fired: vec![false; graph.within.len()],
        open: VecDeque::new(),
        told: vec![None; graph.edges.len()],
        questions: 0,
    };
    if let Some(start) = graph.start {
        search.come(start, Vec::new());
    }
    while let Some((node, facts)) = search.open.pop_front() {
        search.leave(node, &facts);
    }
    search.taken
}

fn relevant(subject: &Subject<'_>) -> IndexSet<Arc<str>> {
    let mut names = IndexSet::new();
    for list in subject.lists().iter().filter(|l| matches!(l.what, What::Branches { .. })) {
        // What a turn changes is asked anew by a `listen`: only a decision behind it could contradict a fact.
        let anew = matches!(subject.graph.node(list.node).map(|n| &n.kind), Some(Kind::Listen(_)));
        let kept = |name: &str| !anew || subject.names.get(name).is_some_and(|n| !proof::by_turn(subject, &n.role));
        for row in &list.rows {
            names.extend(row.guard.expr.names().into_iter().map(|(name, _)| name).filter(|name| kept(name)));
        }
    }
    names
}

impl Search<'_, '_> {
    /// Notes that a run can come to a card with these facts.
    fn come(&mut self, node: usize, mut facts: Facts) {
        facts.retain(|fact| fact.speaks_of(&self.relevant));
        let at = &mut self.at[node];
        match at {
            At::Free => return,
            _ if facts.is_empty() => *at = At::Free,
            At::Ways(ways) if ways.contains(&facts) => return,
            At::Ways(ways) if ways.len() >= MOST_WAYS => {
                *at = At::Free;
                facts.clear();
            }
            At::Ways(ways) => ways.push(facts.clone()),
            At::Never => *at = At::Ways(vec![facts.clone()]),
        }
        self.open.push_back((node, facts));
    }

    fn leave(&mut self, node: usize, facts: &Facts) {
        let subject = self.subject;
        // A later visit that knows nothing covers this one.
        if !facts.is_empty() && matches!(self.at[node], At::Free) {
            return;
        }
        for (number, edge) in subject.graph.leaving(node).filter(|(n, _)| !subject.dead()[*n]) {
            if let Some(facts) = self.after(number, edge, facts) {
                self.taken[number] = true;
                self.come(edge.to, facts);
            }
        }
        for trigger in subject.graph.triggers_at(node) {
            if self.fired[trigger] || subject.triggers()[trigger] != Fate::Fires {
                continue;
            }
            self.fired[trigger] = true;
            if let (Some(to), Some((id, found))) =
                (subject.graph.trigger_to[trigger], subject.flow.triggers.get_index(trigger))
            {
                let guard = triggers::guard(subject, found);
                let mut facts = vec![equals(subject, "trigger.id", Literal::Text(id.as_str().into()))];
                if guard.is_sound() {
                    facts.push(Fact::new(subject, guard.expr.clone()));
                }
                self.come(to, facts);
            }
        }
    }

    /// The facts behind an edge; `None` where they contradict each other.
    fn after(&mut self, number: usize, edge: &Edge<'_>, before: &Facts) -> Option<Facts> {
        let subject = self.subject;
        // Of what was before a customer's turn only slots are remembered: more ways than one would be kept for nothing.
        let waits = matches!(edge.node.kind, Kind::Listen(_) | Kind::Ask(_) | Kind::Handoff(_));
        let stays = |fact: &Fact| {
            fact.roles
                .iter()
                .all(|role| !(waits && !matches!(role, Role::Slot(_))) && !proof::changes(subject, edge, role))
        };
        let mut facts: Facts = before.iter().filter(|f| stays(f)).cloned().collect();
        let new = self.told_by(number, edge);
        if new.is_empty() {
            return Some(facts);
        }
        let own = facts.len();
        facts.extend(new.iter().cloned());
        if own > 0 && self.contradict(&facts, own) { None } else { Some(facts) }
    }

    fn told_by(&mut self, number: usize, edge: &Edge<'_>) -> Arc<Facts> {
        if let Some(told) = &self.told[number] {
            return Arc::clone(told);
        }
        let mut facts = self.told(edge);
        facts.retain(|fact| fact.speaks_of(&self.relevant));
        let told = Arc::new(facts);
        self.told[number] = Some(Arc::clone(&told));
        told
    }

    /// Whether the facts from `own` on contradict those before. Facts about other names cannot: names count as
    /// independent.
    fn contradict(&mut self, facts: &Facts, own: usize) -> bool {
        let names: IndexSet<Arc<str>> = facts.iter().skip(own).flat_map(|f| f.names.iter().cloned()).collect();
        if !facts.iter().take(own).any(|fact| fact.speaks_of(&names)) {
            return false;
        }
        self.questions += 1;
        if self.questions > MOST_QUESTIONS {
            return false;
        }
        let all = Expr::new(E::And(facts.iter().map(|f| (*f.expr).clone()).collect()), Span::default());
        satisfiable(&all, &self.subject.names.scope(Reach::Plain)) == Satisfiable::No
    }

    /// What taking an edge tells.
    fn told(&self, edge: &Edge<'_>) -> Facts {
        match (&edge.node.kind, edge.way) {
            (Kind::Listen(_) | Kind::Decision(_), Way::Branch(_) | Way::Else) => self.guard(edge),
            (Kind::Set(set), _) => {
                set.assign.iter().filter_map(|(slot, source)| self.assigned(slot, source.as_deref())).collect()
            }
            (Kind::Action(_), Way::Ok | Way::Timeout) => vec![unset(self.subject, "error.code")],
            (Kind::Action(_), Way::Error) => match edge.port.strip_prefix("errors.") {
                Some(code) => vec![equals(self.subject, "error.code", Literal::Text(code.into()))],
                None => Vec::new(),
            },
            (Kind::Ask(ask), Way::Filled) => {
                vec![Fact::new(self.subject, Expr::new(E::Has(format!("slots.{}", ask.slot).into()), Span::default()))]
            }
            _ => Vec::new(),
        }
    }

    fn assigned(&self, slot: &str, source: Option<&str>) -> Option<Fact> {
        let name = format!("slots.{slot}");
        let Some(source) = source else { return Some(unset(self.subject, &name)) };
        match &self.subject.book.payload(source).expr.kind {
            E::Literal(value) => Some(equals(self.subject, &name, value.clone())),
            _ => None,
        }
    }

    fn guard(&self, edge: &Edge<'_>) -> Facts {
        let lists = self.subject.lists_of(edge.from);
        let Some(list) = lists.into_iter().find(|l| matches!(l.what, What::Branches { .. })) else { return Vec::new() };
        let place = match edge.way {
            Way::Branch(i) => i,
            _ => list.rows.len(),
        };
        let mut facts = Vec::new();
        if let Some(row) = list.rows.get(place).filter(|row| row.guard.is_sound()) {
            facts.push(Fact::new(self.subject, row.guard.expr.clone()));
        }
        let earlier = list.rows.iter().take(place).filter(|row| row.guard.is_sound()).rev().take(MOST_DENIED);
        facts.extend(
            earlier.map(|row| {
                Fact::new(self.subject, Expr::new(E::Not(Box::new(row.guard.expr.clone())), Span::default()))
            }),
        );
        facts
    }
}

fn unset(subject: &Subject<'_>, name: &str) -> Fact {
    let has = Expr::new(E::Has(name.into()), Span::default());
    Fact::new(subject, Expr::new(E::Not(Box::new(has)), Span::default()))
}

fn equals(subject: &Subject<'_>, name: &str, value: Literal) -> Fact {
    let left = Box::new(Expr::new(E::Name(name.into()), Span::default()));
    let right = Box::new(Expr::new(E::Literal(value), Span::default()));
    Fact::new(subject, Expr::new(E::Compare { op: Comparison::Equal, left, right }, Span::default()))
}
