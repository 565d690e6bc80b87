//! The rules that make a flow good. One file a rule; without its page a rule does not compile.
//!
//! Rules never ask for a proof of validity: people lint half-drawn flows, so a rule that lacks what it needs says nothing.

mod identity;
mod levels;
mod order;
mod repair;
mod subject;

use flow_conditions::said::Said;
use flow_conditions::say;
use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as ExprKind};
use flow_model::diff::Diff;
use flow_model::document::Document;
use flow_model::flow::Handoff;
use flow_model::names::Names;
use flow_model::problem::{Fix, Problem, Severity};
use flow_model::tree::Json;

pub use levels::Levels;
pub(crate) use subject::Subject;

use crate::analysis::book::Book;
use crate::analysis::lists::What;
use crate::analysis::side;
use crate::valid::{self, Open};

/// Declares a rule: its manual page, its name, its code and its severity; `after_ways` where it asks where values lead.
macro_rules! rule {
    ($(#[doc = $page:literal])+ pub(super) struct $name:ident = $code:literal, $severity:ident $(, $late:ident)?;) => {
        $(#[doc = $page])+
        #[derive(Debug)]
        pub(super) struct $name;

        impl $crate::rules::Rule for $name {
            fn page(&self) -> $crate::rules::Page {
                $crate::rules::Page {
                    code: $code,
                    severity: flow_model::problem::Severity::$severity,
                    text: concat!($($page, "\n"),+),
                }
            }

            fn look(&self, subject: &$crate::rules::Subject<'_>, found: &mut $crate::rules::Found<'_>) {
                look(subject, found);
            }
            $(
                fn $late(&self) -> bool {
                    true
                }
            )?
        }
    };
}

// <rules>
mod always_true;
mod assist_silent;
mod because_impossible;
mod branch_gap;
mod branch_impossible;
mod branch_overlap;
mod branch_shadowed;
mod callback_missing;
mod check_without_why;
mod class_in_words;
mod class_leak;
mod closed_while_open;
pub(crate) mod context_incomplete;
mod context_missing_trigger_words;
mod dead_end;
mod double_handoff;
mod duplicate_example;
mod duplicate_guard;
mod else_unreachable;
mod empty_text;
mod endless_loop;
mod environment_missing;
mod error_code_unhandled;
mod handoff_without_closed;
mod handoff_without_failed;
mod handoff_without_timeout;
mod handoffs_unbounded;
mod hours_gap;
mod id_not_filename;
mod intent_unheard;
mod intent_without_examples;
mod intents_too_alike;
mod internal_words_to_customer;
mod no_idle;
mod no_resume_path;
mod no_way_to_a_person;
mod node_unreachable;
mod not_analysed;
mod orphaned_request;
mod overflow_loop;
mod oversize_for_target;
mod path_infeasible;
mod ping_pong;
pub(crate) mod placeholder_unset;
mod prior_actions_missing;
mod promise_without_request;
mod reason_missing;
mod reply_swallowed;
mod request_refused;
pub(crate) mod requirement_unproved;
mod return_without_path;
mod shadowed_name;
mod signal_without_source;
mod silent_handoff;
mod slo_past_patience;
mod slo_unreachable;
mod threshold_never_crossed;
mod tier_skipped;
mod timeout_at_slo;
mod timeout_never;
mod todo_card;
mod too_long_a_step;
mod trigger_impossible;
mod trigger_shadowed;
mod trigger_spent_without_person;
mod unbounded_retry;
mod unmapped_field;
mod unmapped_tier;
mod unsafe_rerun;
mod unset_not_handled;
mod unused_signal;
mod unused_slot;
mod wait_without_word;
// </rules>
mod list;
pub use list::RULES;

/// The manual page of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// How bad it is, unless the flow says otherwise.
    pub severity: Severity,
    /// What it finds, why it matters, what to do instead: Markdown.
    pub text: &'static str,
}

/// A rule.
pub trait Rule: Sync {
    /// Its code, severity and text.
    fn page(&self) -> Page;
    /// Looks at a flow.
    fn look(&self, subject: &Subject<'_>, found: &mut Found<'_>);
    /// Whether it asks where values lead, which takes long to find out: such rules are run last.
    fn after_ways(&self) -> bool {
        false
    }
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Found<'a> {
    page: Page,
    severity: Severity,
    /// Whether the document says how bad it is.
    chosen: bool,
    problems: &'a mut Vec<Problem>,
}

impl Found<'_> {
    /// Reports a problem at a place; more can be added to what comes back.
    pub(crate) fn at(&mut self, path: impl Into<String>, message: Said) -> &mut Problem {
        let place = self.problems.len();
        self.problems.push(Problem::new(self.page.code, self.severity, path, message));
        &mut self.problems[place]
    }

    /// Reports what is less than the rule's own fault: as `info`, unless the document says how bad the code is.
    pub(crate) fn hint(&mut self, path: impl Into<String>, message: Said) -> &mut Problem {
        let chosen = self.chosen;
        let problem = self.at(path, message);
        if !chosen {
            problem.severity = Severity::Info;
        }
        problem
    }
}

/// Adds a safe way out to a problem.
pub(crate) fn fix(problem: &mut Problem, title: Said, diff: Diff) {
    problem.fix = Some(Fix { title, diff });
}

/// What lies around a document.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The name of its file, without `.flow.json`.
    pub file: Option<&'a str>,
    /// The environments beside it, by name: an empty object where there are none, `None` where that is not known.
    pub environments: Option<&'a Json>,
    /// How a called flow is found.
    pub open: &'a Open<'a>,
}

impl std::fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Around").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Everything there is to say about a document: validity and all rules, in the order of the document.
#[must_use]
pub fn check(document: &Document, open: &Open<'_>) -> Vec<Problem> {
    check_file(document, None, open)
}

/// The same for a document from a file with this name (without `.flow.json`).
#[must_use]
pub fn check_file(document: &Document, file: Option<&str>, open: &Open<'_>) -> Vec<Problem> {
    check_in(document, &Around { file, environments: None, open })
}

/// The same for a document among its neighbours.
#[must_use]
pub fn check_in(document: &Document, around: &Around<'_>) -> Vec<Problem> {
    report(document, around).problems
}

/// The same on this many threads: what comes out does not depend on their number.
#[must_use]
pub fn check_on(threads: usize, document: &Document, file: Option<&str>, open: &Open<'_>) -> Vec<Problem> {
    report_on(threads, document, &Around { file, environments: None, open }).problems
}

/// What is wrong with a flow, and which of its edges are drawn for nothing.
#[derive(Debug)]
pub struct Report {
    /// As [`check_in`] gives them.
    pub problems: Vec<Problem>,
    /// Node and port of each edge that no values take, though edges lead to its node; in the order of the document.
    pub infeasible: Vec<(String, String)>,
}

/// The problems of a document among its neighbours, and the edges that no values take.
#[must_use]
pub fn report(document: &Document, around: &Around<'_>) -> Report {
    report_on(side::threads(document.flow.nodes.len()), document, around)
}

fn report_on(threads: usize, document: &Document, around: &Around<'_>) -> Report {
    let (names, book) = (Arc::new(Names::of(&document.flow)), Arc::new(Book::default()));
    let (mut problems, subject) = side::both(
        threads,
        || valid::look(document, &names, &book, around.open),
        || {
            let subject = Subject::new(document, (Arc::clone(&names), Arc::clone(&book)), around, threads);
            subject.lists();
            subject
        },
    );
    let levels = Levels::of(&document.flow);
    problems.retain_mut(|problem| problem.severity == Severity::Error || levels.settle(problem));
    problems.extend(look_all(threads, &levels, &subject));
    subject.show_paths(&mut problems);
    arrange(&document.tree, &mut problems);
    let drawn = subject.graph.edges.iter().enumerate();
    let idle = drawn.filter(|(number, edge)| subject.reach().has(edge.from) && !subject.ways().takes(*number));
    let infeasible = idle.map(|(_, edge)| (subject.graph.id(edge.from).to_owned(), edge.port.to_string())).collect();
    Report { problems, infeasible }
}

/// What all rules have to say, in their order. The ways are found first, beside the rules that do not ask for them.
fn look_all(threads: usize, levels: &Levels<'_>, subject: &Subject<'_>) -> Vec<Problem> {
    let late = |number: &usize| RULES[*number].after_ways();
    let (after, at_once): (Vec<usize>, Vec<usize>) = (0..RULES.len()).partition(late);
    let jobs: Vec<Option<usize>> = std::iter::once(None).chain(at_once.into_iter().chain(after).map(Some)).collect();
    let found = side::each(threads, jobs.len(), |job| match jobs[job] {
        None => {
            subject.ways();
            Vec::new()
        }
        Some(number) => levels.look(RULES[number], subject),
    });
    let mut by_rule: Vec<(Option<usize>, Vec<Problem>)> = jobs.into_iter().zip(found).collect();
    by_rule.sort_unstable_by_key(|(number, _)| *number);
    by_rule.into_iter().flat_map(|(_, problems)| problems).collect()
}

/// Puts problems into the order of the document and gives each its id.
pub fn arrange(tree: &Json, problems: &mut [Problem]) {
    let places = order::Places::new(tree, problems);
    places.sort(problems);
    identity::name(&places, problems);
}

/// All pages: of the rules, of validity, and of checks for a platform.
pub fn pages() -> impl Iterator<Item = Page> {
    let others = valid::PAGES.iter().chain(crate::platforms::PAGES).copied();
    RULES.iter().map(|rule| rule.page()).chain(others)
}

/// The codes of what makes a document no flow at all: they cannot be switched off.
pub fn validity() -> impl Iterator<Item = &'static str> {
    valid::PAGES.iter().filter(|page| page.severity == Severity::Error).map(|page| page.code)
}

/// The page of a code.
#[must_use]
pub fn explain(code: &str) -> Option<Page> {
    pages().find(|page| page.code == code)
}

/// A case as people read it.
pub(crate) fn case_in_words(case: &flow_conditions::regions::Witness) -> Said {
    let one = |(name, value): &(String, Option<flow_conditions::value::Value>)| match value {
        None => say!("{name} unset", name),
        Some(value) => {
            say!("{name} = {value}", name, value = flow_model::tree::compact(&crate::analysis::lists::json(value)))
        }
    };
    Said::joined(case.iter().map(one), comma).unwrap_or_else(|| say!("any case"))
}

/// One and another, in a list.
pub(crate) fn comma(first: Said, more: Said) -> Said {
    say!("{first}, {more}", first, more)
}

/// One or another.
pub(crate) fn or(first: Said, more: Said) -> Said {
    say!("{first} or {more}", first, more)
}

/// One and another that belong together.
pub(crate) fn and(first: Said, more: Said) -> Said {
    say!("{first} and {more}", first, more)
}

/// The tiers that a handoff can go to, each with the place below the node where it is chosen.
pub(crate) fn tiers_of<'h>(subject: &Subject<'_>, node: usize, handoff: &'h Handoff) -> Vec<(String, &'h str)> {
    let mut tiers = Vec::new();
    let list = subject.lists_of(node).find(|l| l.what == What::Routes);
    let analysis = list.map(|list| list.analysis(&subject.names));
    for (i, route) in handoff.routes.iter().enumerate() {
        if !analysis.is_some_and(|a| a.impossible.contains(&i) || a.shadowed.contains(&i)) {
            tiers.push((format!("/routes/{i}/tier"), route.tier.as_str()));
        }
    }
    if !analysis.is_some_and(|a| a.covered) {
        tiers.push(("/tier".to_owned(), handoff.tier.as_str()));
    }
    tiers
}

/// Whether a field of a handoff's context uses one of these names or functions.
pub(crate) fn sends(subject: &Subject<'_>, handoff: &Handoff, wanted: &[&str]) -> bool {
    fn uses(expr: &Expr, wanted: &[&str]) -> bool {
        let named = match &expr.kind {
            ExprKind::Name(name) | ExprKind::Call { function: name, .. } => wanted.contains(&&**name),
            _ => false,
        };
        named || expr.children().into_iter().any(|child| uses(child, wanted))
    }
    let fields = subject.flow.fields_of(&handoff.context);
    fields.values().any(|field| uses(&subject.book.payload(&field.from).expr, wanted))
}
