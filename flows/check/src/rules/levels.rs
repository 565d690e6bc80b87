//! How bad a finding is: as its rule says, unless the document says otherwise, unless its node or trigger does.
//!
//! What must stay true: what makes a flow invalid cannot be set aside, anywhere.

use flow_model::flow::{Flow, OwnCheck};
use flow_model::problem::{Problem, Severity};
use indexmap::IndexSet;

use super::{Found, Rule, Subject};

/// The severities that a document chooses.
#[derive(Debug)]
pub struct Levels<'a> {
    flow: &'a Flow,
    /// Codes that some node or trigger has a word on.
    somewhere: IndexSet<&'a str>,
}

/// A choice; `None` is off.
type Choice = Option<Severity>;

impl<'a> Levels<'a> {
    /// What a document says.
    #[must_use]
    pub fn of(flow: &'a Flow) -> Self {
        let nodes = flow.nodes.values().flat_map(|node| &node.checks);
        let triggers = flow.triggers.values().flat_map(|trigger| &trigger.checks);
        Self { flow, somewhere: nodes.chain(triggers).map(|check| check.code.as_str()).collect() }
    }

    /// What a rule has to say of a flow.
    pub(super) fn look(&self, rule: &dyn Rule, subject: &Subject<'_>) -> Vec<Problem> {
        let page = rule.page();
        let (general, somewhere) = (self.general(page.code, page.severity), self.somewhere.contains(page.code));
        let mut problems = Vec::new();
        if general.is_none() && !somewhere {
            return problems;
        }
        let chosen = self.flow.checks.contains_key(page.code);
        let severity = general.unwrap_or(page.severity);
        rule.look(subject, &mut Found { page, severity, chosen, problems: &mut problems });
        if somewhere {
            problems.retain_mut(|problem| self.settle(problem));
        }
        problems
    }

    /// How bad a code is in this document where nothing more is said; `None` is off.
    fn general(&self, code: &str, default: Severity) -> Option<Severity> {
        self.flow.checks.get(code).map_or(Some(default), |level| read(level).unwrap_or(Some(default)))
    }

    /// Gives a problem its severity; whether it is told at all.
    pub fn settle(&self, problem: &mut Problem) -> bool {
        let choice = self.own(problem).unwrap_or_else(|| self.general(problem.code, problem.severity));
        problem.severity = choice.unwrap_or(problem.severity);
        choice.is_some()
    }

    /// What the problem's own node or trigger says.
    fn own(&self, problem: &Problem) -> Option<Choice> {
        if !self.somewhere.contains(problem.code) {
            return None;
        }
        let of = |checks: &[OwnCheck]| checks.iter().find(|c| c.code == problem.code).and_then(|c| read(&c.severity));
        let node = problem.node.as_ref().and_then(|id| self.flow.nodes.get(id)).and_then(|node| of(&node.checks));
        node.or_else(|| problem.trigger.as_ref().and_then(|id| self.flow.triggers.get(id)).and_then(|t| of(&t.checks)))
    }
}

/// A level as written; `None` where it is none.
fn read(level: &str) -> Option<Choice> {
    if level == "off" { Some(None) } else { Severity::from_id(level).map(Some) }
}
