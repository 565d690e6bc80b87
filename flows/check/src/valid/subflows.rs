//! Subflows: each is read and proved once, however often it is called; a flow that comes back to itself is refused.

use flow_conditions::said::Said;
use flow_conditions::say;
use std::sync::Arc;

use flow_conditions::fault::FaultCode;
use flow_conditions::parse::parse_payload;
use flow_conditions::types::{Want, check};
use flow_model::document::Document;
use flow_model::flow::{Kind, Subflow};
use flow_model::names::{Names, Reach};
use flow_model::problem::{Problem, Severity};
use flow_model::tree::escape;
use indexmap::IndexMap;

use crate::analysis::book::Book;

use super::{Checked, Open, any_error};

/// How deep calls may nest (`docs/format.md` section 2).
pub(crate) const MAX_CALLS: usize = 25;

/// How many errors of a called flow are told where it is called.
const MAX_TOLD: usize = 10;

/// A proved flow, and how many calls nest below it.
type Proved = (Arc<Checked>, usize);

/// What came of looking at a document.
pub(crate) struct Looked {
    /// Everything found.
    pub(crate) problems: Vec<Problem>,
    callees: IndexMap<String, Arc<Checked>>,
    height: usize,
}

/// Opens and proves the flows that a flow calls.
pub(crate) struct Resolver<'a> {
    open: &'a Open<'a>,
    stack: Vec<String>,
    known: IndexMap<String, Result<Proved, Vec<Problem>>>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(open: &'a Open<'a>) -> Self {
        Self { open, stack: Vec::new(), known: IndexMap::new() }
    }

    /// Proves a document and everything it calls.
    pub(crate) fn root(&mut self, document: &Document) -> Result<Checked, Vec<Problem>> {
        self.prove(document).map(|(checked, _)| checked)
    }

    fn prove(&mut self, document: &Document) -> Result<(Checked, usize), Vec<Problem>> {
        let names = Arc::new(Names::of(&document.flow));
        let looked = self.look(document, &names, &Book::default());
        if any_error(&looked.problems) {
            return Err(looked.problems);
        }
        Ok((Checked::new(document, names, looked.callees), looked.height))
    }

    /// All problems of a document, and the flows that it calls.
    pub(crate) fn look(&mut self, document: &Document, names: &Names, book: &Book) -> Looked {
        let mut problems = super::problems_of(document, names, book);
        let mut callees = IndexMap::new();
        let mut height = 0;
        self.stack.push(document.flow.id.clone());
        for (id, node) in &document.flow.nodes {
            let Kind::Subflow(call) = &node.kind else { continue };
            if call.flow.is_empty() {
                continue;
            }
            let at = format!("/nodes/{}", escape(id));
            match self.callee(&call.flow, &at) {
                Ok((checked, below)) => {
                    height = height.max(below + 1);
                    problems.extend(inputs(names, call, &checked, &at));
                    callees.insert(call.flow.clone(), checked);
                }
                Err(more) => problems.extend(more),
            }
        }
        self.stack.pop();
        Looked { problems, callees, height }
    }

    fn callee(&mut self, id: &str, at: &str) -> Result<Proved, Vec<Problem>> {
        let path = format!("{at}/flow");
        if self.stack.iter().any(|open| open == id) {
            let chain = self.stack.join(" → ");
            let message =
                say!("The flow {id} would call itself ({chain} → {id}): end one of the flows instead.", id, chain);
            return Err(vec![Problem::error("subflow-recursion", path, message)]);
        }
        let result = match self.known.get(id) {
            Some(result) => result.clone(),
            None => {
                let result = self.first(id);
                self.known.insert(id.to_owned(), result.clone());
                result
            }
        };
        match result {
            Ok((_, height)) if self.stack.len() + height > MAX_CALLS => {
                let message =
                    say!("Calls of flows nest deeper than {MAX_CALLS} here: join some of the flows.", MAX_CALLS);
                Err(vec![Problem::error("subflow-recursion", path, message)])
            }
            Ok(proved) => Ok(proved),
            Err(problems) => Err(problems.into_iter().map(|p| moved(p, id, &path)).collect()),
        }
    }

    fn first(&mut self, id: &str) -> Result<Proved, Vec<Problem>> {
        if self.stack.len() > MAX_CALLS {
            let message = say!("calls of flows nest deeper than {MAX_CALLS}", MAX_CALLS);
            return Err(vec![Problem::error("subflow-recursion", "", message)]);
        }
        match (self.open)(id) {
            None => Err(vec![Problem::error(
                "subflow-missing",
                "",
                say!("there is no {id}.flow.json beside this flow: create it or choose another flow", id),
            )]),
            Some(Err(problems)) => {
                let why = problems.first().map_or_else(|| Said::as_it_is(""), |p| p.said.clone());
                Err(vec![Problem::error("subflow-missing", "", say!("the file cannot be read. {why}", why))])
            }
            Some(Ok(document)) => match self.prove(&document) {
                Ok((checked, height)) => Ok((Arc::new(checked), height)),
                // Cut, since what is wrong at the bottom would be told once for every way down to it.
                Err(problems) => {
                    Err(problems.into_iter().filter(|p| any_error(std::slice::from_ref(p))).take(MAX_TOLD).collect())
                }
            },
        }
    }
}

/// The inputs of a call set slots of the called flow, with values of their types.
fn inputs(names: &Names, call: &Subflow, callee: &Checked, at: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (slot, source) in &call.inputs {
        let path = format!("{at}/inputs/{}", escape(slot));
        let Some(wanted) = callee.flow().slots.get(slot) else {
            let message =
                say!("The flow {flow} has no slot \"{slot}\": add it there, or set another.", flow = call.flow, slot);
            problems.push(Problem::error("unknown-name", path, message));
            continue;
        };
        let want = Want::Value(wanted.r#type.clone());
        let faults = check(&parse_payload(source).expr, &names.scope(Reach::Plain), &want);
        // What does not exist is told by the walk.
        let misfits =
            faults.into_iter().filter(|f| matches!(f.code, FaultCode::TypeMismatch | FaultCode::ValueOutOfRange));
        problems.extend(misfits.map(|f| {
            let severity = if f.is_warning() { Severity::Warning } else { Severity::Error };
            Problem::new(f.code(), severity, path.clone(), f.said.clone()).spanning(f.span)
        }));
    }
    problems
}

/// A problem of a called flow, told where it is called.
fn moved(problem: Problem, id: &str, path: &str) -> Problem {
    let message = match problem.path.as_str() {
        "" => say!("In the flow {id}: {message}", id, message = problem.said),
        place => say!("In the flow {id} at {place}: {message}", id, place, message = problem.said),
    };
    Problem::error(problem.code, path, message)
}
