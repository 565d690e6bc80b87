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
const MOST_QUESTIONS: usize = 400;
/// How many earlier rows that did not hold are kept as facts.
const MOST_DENIED: usize = 6;

/// Something that holds.
#[derive(Debug)]
struct Fact {
    expr: Expr,
    names: Vec<Arc<str>>,
    roles: Vec<Role>,
}

/// Facts by their places in the search's list: a fact is made once, so that sets of them are cheap to keep and compare.
type Facts = Vec<u32>;

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
    facts: Vec<Fact>,
    /// Names that a guard behind a fact could contradict.
    relevant: IndexSet<Arc<str>>,
    at: Vec<At>,
    taken: Vec<bool>,
    fired: Vec<bool>,
    open: VecDeque<(usize, Facts)>,
    /// What each edge tells, worked out when it is first taken.
    told: Vec<Option<Facts>>,
    questions: usize,
}

/// The edges that can be taken, by number.
pub(crate) fn edges(subject: &Subject<'_>) -> Vec<bool> {
    let graph = &subject.graph;
    let mut search = Search {
        subject,
        facts: Vec::new(),
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
    /// Keeps a fact, if some guard could contradict it.
    fn fact(&mut self, expr: Expr) -> Option<u32> {
        if !mentions(&expr, &self.relevant) {
            return None;
        }
        let names: IndexSet<Arc<str>> = expr.names().into_iter().map(|(n, _)| n).collect();
        // A name that does not exist changes with everything.
        let role = |n: &Arc<str>| self.subject.names.get(n).map_or(Role::Turn, |found| found.role.clone());
        let roles = names.iter().map(role).collect();
        self.facts.push(Fact { expr, names: names.into_iter().collect(), roles });
        u32::try_from(self.facts.len() - 1).ok()
    }

    /// Notes that a run can come to a card with these facts.
    fn come(&mut self, node: usize, mut facts: Facts) {
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
                let mut facts = Vec::new();
                facts.extend(self.fact(equals("trigger.id", Literal::Text(id.as_str().into()))));
                if guard.is_sound() {
                    facts.extend(self.fact(guard.expr.clone()));
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
        let stays = |fact: &&u32| {
            let kept = |role: &Role| (!waits || matches!(role, Role::Slot(_))) && !proof::changes(subject, edge, role);
            self.facts[**fact as usize].roles.iter().all(kept)
        };
        let mut facts: Facts = before.iter().filter(stays).copied().collect();
        let own = facts.len();
        if self.told[number].is_none() {
            let told = self.told(edge).into_iter().filter_map(|expr| self.fact(expr)).collect();
            self.told[number] = Some(told);
        }
        for fact in self.told[number].iter().flatten() {
            if !facts.contains(fact) {
                facts.push(*fact);
            }
        }
        if own > 0 && facts.len() > own && self.contradict(&facts, own) { None } else { Some(facts) }
    }

    /// Whether the facts from `own` on contradict those before. Facts about other names cannot: names count as
    /// independent.
    fn contradict(&mut self, facts: &Facts, own: usize) -> bool {
        let fact = |number: &u32| &self.facts[*number as usize];
        let (before, new) = facts.split_at(own);
        let meets = |old: &u32| new.iter().any(|n| fact(n).names.iter().any(|name| fact(old).names.contains(name)));
        if !before.iter().any(meets) {
            return false;
        }
        self.questions += 1;
        if self.questions > MOST_QUESTIONS {
            return false;
        }
        let all = Expr::new(E::And(facts.iter().map(|f| fact(f).expr.clone()).collect()), Span::default());
        satisfiable(&all, &self.subject.names.scope(Reach::Plain)) == Satisfiable::No
    }

    /// What taking an edge tells.
    fn told(&self, edge: &Edge<'_>) -> Vec<Expr> {
        match (&edge.node.kind, edge.way) {
            (Kind::Listen(_) | Kind::Decision(_), Way::Branch(_) | Way::Else) => self.guard(edge),
            (Kind::Set(set), _) => {
                set.assign.iter().filter_map(|(slot, source)| self.assigned(slot, source.as_deref())).collect()
            }
            (Kind::Action(_), Way::Ok | Way::Timeout) => vec![unset("error.code")],
            (Kind::Action(_), Way::Error) => match edge.port.strip_prefix("errors.") {
                Some(code) => vec![equals("error.code", Literal::Text(code.into()))],
                None => Vec::new(),
            },
            (Kind::Ask(ask), Way::Filled) => {
                vec![Expr::new(E::Has(format!("slots.{}", ask.slot).into()), Span::default())]
            }
            _ => Vec::new(),
        }
    }

    fn assigned(&self, slot: &str, source: Option<&str>) -> Option<Expr> {
        let name = format!("slots.{slot}");
        let Some(source) = source else { return Some(unset(&name)) };
        match &self.subject.book.payload(source).expr.kind {
            E::Literal(value) => Some(equals(&name, value.clone())),
            _ => None,
        }
    }

    fn guard(&self, edge: &Edge<'_>) -> Vec<Expr> {
        let mut lists = self.subject.lists_of(edge.from);
        let Some(list) = lists.find(|l| matches!(l.what, What::Branches { .. })) else { return Vec::new() };
        let place = match edge.way {
            Way::Branch(i) => i,
            _ => list.rows.len(),
        };
        let known = |at: usize| {
            let row = list.rows.get(at).filter(|row| row.guard.is_sound())?;
            mentions(&row.guard.expr, &self.relevant).then_some(&row.guard.expr)
        };
        let mut told: Vec<Expr> = known(place).cloned().into_iter().collect();
        let earlier = (0..place).rev().filter_map(known).take(MOST_DENIED);
        told.extend(earlier.map(|guard| Expr::new(E::Not(Box::new(guard.clone())), Span::default())));
        told
    }
}

/// Whether an expression uses one of these names.
fn mentions(expr: &Expr, names: &IndexSet<Arc<str>>) -> bool {
    match &expr.kind {
        E::Name(name) | E::Has(name) => names.contains(name),
        E::And(parts) | E::Or(parts) | E::List(parts) => parts.iter().any(|part| mentions(part, names)),
        E::Not(inner) | E::Negate(inner) => mentions(inner, names),
        E::Compare { left, right, .. } | E::Arithmetic { left, right, .. } => {
            mentions(left, names) || mentions(right, names)
        }
        E::In { item, list } => mentions(item, names) || mentions(list, names),
        E::Test { subject, argument, .. } => mentions(subject, names) || mentions(argument, names),
        E::Literal(_) | E::Call { .. } | E::Broken => false,
    }
}

fn unset(name: &str) -> Expr {
    let has = Expr::new(E::Has(name.into()), Span::default());
    Expr::new(E::Not(Box::new(has)), Span::default())
}

fn equals(name: &str, value: Literal) -> Expr {
    let left = Box::new(Expr::new(E::Name(name.into()), Span::default()));
    let right = Box::new(Expr::new(E::Literal(value), Span::default()));
    Expr::new(E::Compare { op: Comparison::Equal, left, right }, Span::default())
}
