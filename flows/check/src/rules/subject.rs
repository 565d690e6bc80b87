//! What a rule looks at. Whatever several rules need is worked out once, when the first of them asks.

use std::sync::{Arc, OnceLock};

use flow_conditions::ast::{Expr, Kind as ExprKind};
use flow_conditions::parse::Parsed;
use flow_conditions::quick::Quick;
use flow_model::document::Document;
use flow_model::flow::{Flow, Kind, Node};
use flow_model::names::Names;
use flow_model::problem::{Problem, Severity};
use flow_model::template::Placeholder;
use flow_model::tree::{Json, escape};
use indexmap::{IndexMap, IndexSet};

use crate::analysis::book::Book;
use crate::analysis::callees::{Callee, Callees};
use crate::analysis::cases::{Formula, Formulas, Table};
use crate::analysis::graph::Graph;
use crate::analysis::known::Known;
use crate::analysis::lists::{self, List};
use crate::analysis::reach::Reach;
use crate::analysis::texts::{self, Said, placeholders};
use crate::analysis::triggers::{self, Fate};
use crate::analysis::wants::Ways;
use crate::rules::Around;
use crate::rules::class_leak;
use crate::rules::requirement_unproved::{self, Unproved};

/// How many problems are told with the way to them: the first ones.
const MOST_PATHS: usize = 300;

/// A flow under scrutiny.
pub struct Subject<'a> {
    pub(crate) document: &'a Document,
    pub(crate) flow: &'a Flow,
    pub(crate) file: Option<&'a str>,
    /// The environments beside the flow, where that is known; none is an empty object.
    pub(crate) environments: Option<&'a Json>,
    pub(crate) names: Arc<Names>,
    pub(crate) book: Arc<Book>,
    pub(crate) graph: Graph<'a>,
    pub(crate) callees: Callees,
    threads: usize,
    reach: OnceLock<Reach>,
    lists: OnceLock<Vec<List<'a>>>,
    dead: OnceLock<Vec<bool>>,
    triggers: OnceLock<Vec<Fate>>,
    ways: OnceLock<Ways>,
    unproved: OnceLock<Vec<Unproved>>,
    said: OnceLock<Vec<Said<'a>>>,
    known: OnceLock<Known>,
    used: OnceLock<IndexSet<String, Quick>>,
    slot_classes: OnceLock<IndexMap<String, IndexSet<String>>>,
    classes_sent: OnceLock<IndexMap<usize, IndexSet<String>, Quick>>,
    formulas: Formulas,
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("flow", &self.flow.id).finish_non_exhaustive()
    }
}

impl<'a> Subject<'a> {
    /// A document among its neighbours, with its names and a book of its conditions, looked at on this many threads.
    pub(crate) fn new(
        document: &'a Document,
        (names, book): (Arc<Names>, Arc<Book>),
        around: &Around<'a>,
        threads: usize,
    ) -> Self {
        let flow = &document.flow;
        Self {
            document,
            flow,
            file: around.file,
            environments: around.environments,
            names,
            book,
            threads,
            graph: Graph::of(flow),
            callees: Callees::of(flow, around.open),
            reach: OnceLock::new(),
            lists: OnceLock::new(),
            dead: OnceLock::new(),
            triggers: OnceLock::new(),
            ways: OnceLock::new(),
            unproved: OnceLock::new(),
            said: OnceLock::new(),
            known: OnceLock::new(),
            used: OnceLock::new(),
            slot_classes: OnceLock::new(),
            classes_sent: OnceLock::new(),
            formulas: Formulas::default(),
        }
    }

    /// What edges and triggers lead to.
    pub(crate) fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| Reach::by_edges(&self.graph))
    }

    /// The lists of guards.
    pub(crate) fn lists(&self) -> &[List<'a>] {
        self.lists.get_or_init(|| {
            let lists = lists::lists(self.flow, &self.book);
            lists::analyse_all(self.threads, &lists, &self.names);
            lists
        })
    }

    /// The lists of a node.
    pub(crate) fn lists_of(&self, node: usize) -> impl Iterator<Item = &List<'a>> {
        let from = self.lists().partition_point(|list| list.node < node);
        self.lists().iter().skip(from).take_while(move |list| list.node == node)
    }

    /// Edges that no values take, by number.
    pub(crate) fn dead(&self) -> &[bool] {
        self.dead.get_or_init(|| lists::dead_edges(&self.graph, self.lists(), &self.names))
    }

    /// A guard that can be read, taken apart into tests of single names; equal guards once.
    pub(crate) fn formula(&self, table: &Table<'_>, guard: &Arc<Parsed>) -> Arc<Formula> {
        self.formulas.of(table, guard)
    }

    /// What becomes of each trigger.
    pub(crate) fn triggers(&self) -> &[Fate] {
        self.triggers.get_or_init(|| triggers::fates(self))
    }

    /// Where values can lead, guards and assignments taken together along the way.
    pub(crate) fn ways(&self) -> &Ways {
        self.ways.get_or_init(|| Ways::of(self))
    }

    /// What is required somewhere and what no guard alone proves.
    pub(crate) fn unproved(&self) -> &[Unproved] {
        self.unproved.get_or_init(|| requirement_unproved::open(self))
    }

    /// The classes of what each slot can hold.
    pub(crate) fn slot_classes(&self) -> &IndexMap<String, IndexSet<String>> {
        self.slot_classes.get_or_init(|| class_leak::of_slots(self))
    }

    /// The classes of data that a handoff sends so that people can read them.
    pub(crate) fn classes_sent(&self, node: usize) -> impl Iterator<Item = &String> {
        let sent = self.classes_sent.get_or_init(|| {
            let one = |(number, _, node): (usize, _, &Node)| match &node.kind {
                Kind::Handoff(handoff) => Some((number, class_leak::classes_sent(self, handoff))),
                _ => None,
            };
            self.nodes().filter_map(one).collect()
        });
        sent.get(&node).into_iter().flatten()
    }

    /// What values can lead to.
    pub(crate) fn feasible(&self) -> &Reach {
        self.ways().possible()
    }

    /// Every text of the nodes.
    pub(crate) fn said(&self) -> &[Said<'a>] {
        self.said.get_or_init(|| texts::said(self.flow))
    }

    /// Which names have a value where: those of placeholders without fallback and of required fields.
    pub(crate) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of(self, self.tracked()))
    }

    fn tracked(&self) -> IndexSet<String> {
        let mut names: IndexSet<String> = IndexSet::new();
        let contexts = self.flow.contexts.values().flat_map(|c| c.summary.iter().chain(&c.told).chain(&c.screen));
        let bare = |p: &&Placeholder| p.fallback.is_none();
        names.extend(self.said().iter().flat_map(|s| &s.values).filter(bare).map(|p| p.name.clone()));
        for text in contexts {
            names.extend(placeholders(text).iter().filter(bare).map(|p| p.name.clone()));
        }
        let fields =
            self.flow.contexts.values().flat_map(|c| c.fields.values()).filter(|f| f.required).map(|f| &f.from);
        let assigned = self
            .flow
            .nodes
            .values()
            .filter_map(|n| if let Kind::Set(set) = &n.kind { Some(&set.assign) } else { None });
        for source in fields.chain(assigned.flatten().filter_map(|(_, source)| source.as_ref())) {
            names.extend(self.book.payload(source).expr.names().into_iter().map(|(name, _)| name.to_string()));
        }
        if names.contains("reasons") {
            names.insert("handoff.reasons".to_owned());
        }
        names.retain(|name| self.names.get(name).is_some_and(|n| n.meaning.can_be_unset));
        names
    }

    /// Every name that a condition, an expression or a text of the flow mentions.
    pub(crate) fn used_names(&self) -> &IndexSet<String, Quick> {
        self.used.get_or_init(|| self.all_used())
    }

    fn all_used(&self) -> IndexSet<String, Quick> {
        let mut used = self.book.names();
        let contexts = self.flow.contexts.values().flat_map(|c| c.summary.iter().chain(&c.told).chain(&c.screen));
        for value in self.said().iter().flat_map(|s| &s.values) {
            if !used.contains(&value.name) {
                used.insert(value.name.clone());
            }
        }
        for text in contexts {
            used.extend(placeholders(text).into_iter().map(|p| p.name));
        }
        used
    }

    /// Whether some payload sends everything that was recognised.
    pub(crate) fn sends_entities(&self) -> bool {
        let mut fields = self.flow.contexts.values().flat_map(|c| c.fields.values());
        fields.any(|field| field.from.contains("entities(") && calls(&self.book.payload(&field.from).expr, "entities"))
    }

    /// Whether some called flow answers; one that cannot be read is taken to.
    pub(crate) fn shares(&self, asks: impl Fn(&Callee) -> bool) -> bool {
        let calls =
            self.flow.nodes.values().filter_map(|n| if let Kind::Subflow(call) = &n.kind { Some(call) } else { None });
        calls.into_iter().any(|call| self.callees.get(&call.flow).is_none_or(&asks))
    }

    /// The nodes with their number and their pointer.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (usize, &'a str, &'a Node)> {
        self.flow.nodes.iter().enumerate().map(|(n, (id, node))| (n, id.as_str(), node))
    }

    /// The pointer of a node.
    pub(crate) fn path(&self, node: usize) -> String {
        format!("/nodes/{}", escape(self.graph.id(node)))
    }

    /// What people call a node: its title, else its id.
    pub(crate) fn title(&self, node: usize) -> String {
        let title = self.graph.node(node).and_then(|n| n.title.as_deref()).filter(|t| !t.trim().is_empty());
        format!("\"{}\"", title.unwrap_or_else(|| self.graph.id(node)))
    }

    /// A way in words.
    pub(crate) fn titles(&self, nodes: &[usize]) -> String {
        nodes.iter().map(|n| self.title(*n)).collect::<Vec<_>>().join(" → ")
    }

    /// The ids of nodes.
    pub(crate) fn ids(&self, nodes: &[usize]) -> Vec<String> {
        nodes.iter().map(|n| self.graph.id(*n).to_owned()).collect()
    }

    /// What people read of a node: its title, else its id, in quotes.
    pub(crate) fn named(&self, node: usize) -> String {
        let title = self.flow.nodes.get_index(node).and_then(|(_, node)| node.title.as_deref());
        format!("\"{}\"", title.filter(|title| !title.trim().is_empty()).unwrap_or(self.graph.id(node)))
    }

    /// A way, as people read it.
    pub(crate) fn way(&self, nodes: &[usize]) -> String {
        nodes.iter().map(|n| self.named(*n)).collect::<Vec<_>>().join(" → ")
    }

    /// A cycle, as people read it: its first node stands at its end too.
    pub(crate) fn around(&self, nodes: &[usize]) -> String {
        self.way(&nodes.iter().chain(nodes.first()).copied().collect::<Vec<_>>())
    }

    /// Adds the way from the start to problems of a node that have none.
    pub(crate) fn show_paths(&self, problems: &mut [Problem]) {
        let worth = |p: &&mut Problem| p.severity != Severity::Info && p.path_to_it.is_none() && p.node.is_some();
        for problem in problems.iter_mut().filter(worth).take(MOST_PATHS) {
            let node = problem.node.as_deref().and_then(|id| self.flow.nodes.get_index_of(id));
            let path = node.map(|n| self.ways().shown(self.reach(), n)).unwrap_or_default();
            if !path.is_empty() {
                problem.path_to_it = Some(self.ids(&path));
            }
        }
    }
}

/// Whether an expression calls a function.
fn calls(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Call { function, .. } if **function == *name)
        || expr.children().into_iter().any(|child| calls(child, name))
}
