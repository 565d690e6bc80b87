//! Lists of guards of which the first that holds is taken: branches, routes, overflow and turns, each analysed once.

use std::sync::{Arc, OnceLock};

use flow_conditions::ast::Expr;
use flow_conditions::parse::Parsed;
use flow_conditions::quick::Quick;
use flow_conditions::regions::{Analysis, Witness, analyse};
use flow_conditions::value::Value;
use flow_model::flow::{Flow, Kind};
use flow_model::names::{Names, Reach};
use flow_model::tree::{Json, Number, escape};
use indexmap::IndexMap;

use super::book::Book;
use super::graph::{Graph, Way};
use super::side;

/// What kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// `branches`, with or without an `else`.
    Branches { has_else: bool },
    /// `routes`
    Routes,
    /// `overflow`
    Overflow,
    /// `waiting.turns`
    Turns,
}

/// A row of a list.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Pointer of the row.
    pub(crate) path: String,
    /// Where it leads: a node, or a tier.
    pub(crate) to: &'a str,
    /// Its guard.
    pub(crate) guard: Arc<Parsed>,
    /// The guard as written.
    pub(crate) when: &'a str,
}

/// A list.
#[derive(Debug)]
pub(crate) struct List<'a> {
    /// The node that it belongs to.
    pub(crate) node: usize,
    /// Pointer of that node.
    pub(crate) node_path: String,
    /// What kind of list it is.
    pub(crate) what: What,
    /// Its rows.
    pub(crate) rows: Vec<Row<'a>>,
    analysis: OnceLock<Arc<Analysis>>,
}

impl List<'_> {
    /// Which names its guards may use.
    pub(crate) fn reach(&self) -> Reach {
        match self.what {
            What::Branches { .. } | What::Routes => Reach::Plain,
            What::Overflow | What::Turns => Reach::HandoffRow,
        }
    }

    /// What is known of its guards.
    pub(crate) fn analysis(&self, names: &Names) -> &Analysis {
        self.analysis.get_or_init(|| {
            let guards: Vec<&Expr> = self.rows.iter().map(|r| &r.guard.expr).collect();
            Arc::new(analyse(&guards, &names.scope(self.reach())))
        })
    }

    /// What its analysis depends on: the guards, each parsed once, and the names that they may use.
    fn question(&self) -> (Vec<*const Parsed>, bool) {
        (self.rows.iter().map(|row| Arc::as_ptr(&row.guard)).collect(), self.reach() == Reach::Plain)
    }

    /// Whether all of its guards could be read: about the others of a broken list nothing is said that needs them all.
    pub(crate) fn is_sound(&self) -> bool {
        self.rows.iter().all(|row| row.guard.is_sound())
    }
}

/// All lists of a flow, in the order of the document.
pub(crate) fn lists<'a>(flow: &'a Flow, book: &Book) -> Vec<List<'a>> {
    let mut found = Vec::new();
    for (number, (id, node)) in flow.nodes.iter().enumerate() {
        let mut add = |what: What, place: &str, rows: Vec<(&'a str, &'a str)>| {
            if rows.is_empty() && !matches!(what, What::Branches { .. }) {
                return;
            }
            let node_path = format!("/nodes/{}", escape(id));
            let rows = rows.into_iter().enumerate().map(|(i, (when, to))| Row {
                path: [node_path.as_str(), "/", place, "/", &i.to_string()].concat(),
                to,
                guard: book.condition(when),
                when,
            });
            let rows = rows.collect();
            found.push(List { node: number, node_path, what, rows, analysis: OnceLock::new() });
        };
        match &node.kind {
            Kind::Listen(n) => {
                let what = What::Branches { has_else: n.r#else.is_some() };
                add(what, "branches", n.branches.iter().map(|b| (b.when.as_str(), b.to.as_str())).collect());
            }
            Kind::Decision(n) => {
                let what = What::Branches { has_else: n.r#else.is_some() };
                add(what, "branches", n.branches.iter().map(|b| (b.when.as_str(), b.to.as_str())).collect());
            }
            Kind::Handoff(n) => {
                add(What::Routes, "routes", n.routes.iter().map(|r| (r.when.as_str(), r.tier.as_str())).collect());
                add(What::Overflow, "overflow", n.overflow.iter().map(|r| (r.when.as_str(), r.to.as_str())).collect());
                let turns = n.waiting.turns.iter().map(|r| (r.when.as_str(), r.to.as_str())).collect();
                add(What::Turns, "waiting/turns", turns);
            }
            _ => {}
        }
    }
    found
}

/// How many lists a thread takes at a time.
const PART: usize = 32;

/// Analyses the lists of a large flow side by side, and equal ones once.
pub(crate) fn analyse_all(threads: usize, lists: &[List<'_>], names: &Names) {
    let mut questions: IndexMap<_, usize, Quick> = IndexMap::default();
    let first: Vec<usize> =
        lists.iter().enumerate().map(|(at, list)| *questions.entry(list.question()).or_insert(at)).collect();
    if threads > 1 {
        let asked: Vec<&List<'_>> = questions.values().map(|at| &lists[*at]).collect();
        let parts = asked.len().div_ceil(PART);
        side::each(threads, parts, |part| {
            asked.iter().skip(part * PART).take(PART).for_each(|list| _ = list.analysis(names));
        });
    }
    for (list, first) in lists.iter().zip(&first) {
        lists[*first].analysis(names);
        if let Some(analysis) = lists[*first].analysis.get() {
            let _ = list.analysis.set(Arc::clone(analysis));
        }
    }
}

/// Which edges no values take: guards that nothing satisfies, guards that earlier ones leave nothing, and an `else`
/// behind guards that take everything.
pub(crate) fn dead_edges(graph: &Graph<'_>, lists: &[List<'_>], names: &Names) -> Vec<bool> {
    let mut dead = vec![false; graph.edges.len()];
    for list in lists.iter().filter(|l| !l.rows.is_empty()) {
        let analysis = list.analysis(names);
        let gone = |i: usize| analysis.impossible.contains(&i) || analysis.shadowed.contains(&i);
        for (number, edge) in graph.leaving(list.node) {
            dead[number] |= match (edge.way, list.what) {
                (Way::Branch(i), What::Branches { .. })
                | (Way::Overflow(i), What::Overflow)
                | (Way::Turn(i), What::Turns) => gone(i),
                (Way::Else, What::Branches { .. }) => analysis.covered,
                _ => false,
            };
        }
    }
    dead
}

/// A case as the JSON writes it: `null` is unset.
pub(crate) fn witness(case: &Witness) -> Vec<(String, Json)> {
    case.iter().map(|(name, value)| (name.clone(), value.as_ref().map_or(Json::Null, json))).collect()
}

/// A value as JSON.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Bool(b) => Json::Bool(*b),
        Value::Number(n) => Json::Number(Number::from(*n)),
        Value::Text(t) => Json::Text(t.to_string()),
        Value::List(items) => Json::List(items.iter().map(json).collect()),
    }
}
