//! What a problem says can happen, as a conversation in which it does.

use std::cell::Cell;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_model::flow;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;
use flow_run::drive::{Goal, drive};

/// Conversations that are tried for one problem, and for all problems of a flow that was just imported.
const EACH: usize = 100;
const ALL: usize = 1000;

/// What a problem is about: its card or trigger, the case that shows it, and the cards from the start to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The card.
    pub node: Option<&'a str>,
    /// The trigger.
    pub trigger: Option<&'a str>,
    /// Names and values, `null` for unset.
    pub case: &'a [(String, Json)],
    /// Cards from the start on.
    pub path: &'a [String],
}

impl<'a> From<&'a Problem> for About<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self {
            node: problem.node.as_deref(),
            trigger: problem.trigger.as_deref(),
            case: problem.witness.as_deref().unwrap_or_default(),
            path: problem.path_to_it.as_deref().unwrap_or_default(),
        }
    }
}

/// A conversation in which what a problem says happens; none where none was found, as for what never happens. `stopped` is asked
/// before each conversation that is tried.
#[must_use]
pub fn conversation(checked: &Checked, about: About<'_>, stopped: &dyn Fn() -> bool) -> Option<Conversation> {
    let case: Vec<_> = about.case.iter().map(|(name, value)| (name.clone(), flow::value(value))).collect();
    let along = Goal { node: about.node, trigger: about.trigger, case: &case, path: about.path };
    // A case can show itself on another way than the one that was named first.
    let anyhow = || (!about.path.is_empty() && !case.is_empty()).then_some(Goal { path: &[], ..along });
    drive(checked, &along, stopped).or_else(|| drive(checked, &anyhow()?, stopped))
}

/// As [`conversation`], after a bounded search: the same on every machine.
#[must_use]
pub fn bounded(checked: &Checked, about: About<'_>) -> Option<Conversation> {
    let tried = Cell::new(0_usize);
    let stopped = || {
        tried.set(tried.get() + 1);
        tried.get() > EACH
    };
    conversation(checked, about, &stopped)
}

/// Each problem that is an error, with a conversation where a bounded search finds one: the same on every machine.
#[must_use]
pub fn stuck<'p>(checked: Option<&Checked>, problems: &'p [Problem]) -> Vec<(&'p Problem, Option<Conversation>)> {
    let tried = Cell::new(0_usize);
    let found = problems.iter().filter(|problem| problem.severity == Severity::Error).map(|problem| {
        let until = (tried.get() + EACH).min(ALL);
        let stopped = || {
            tried.set(tried.get() + 1);
            tried.get() > until
        };
        let search = |checked| conversation(checked, About::from(problem), &stopped);
        (problem, checked.filter(|_| tried.get() < ALL).and_then(search))
    });
    found.collect()
}
