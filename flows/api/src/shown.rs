//! What a problem says can happen, as a conversation in which it does, or why there is none.

use std::cell::Cell;
use std::collections::BTreeSet;

use flow_check::Checked;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conversations::Conversation;
use flow_model::flow;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;
use flow_run::drive::{Driver, Goal};

/// Conversations that are tried for one problem, and for all problems of a flow that was just imported.
const EACH: usize = 100;
const ALL: usize = 1000;

/// The rule that says of a card that no values lead to it.
pub const NOWHERE: &str = "path-infeasible";

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

/// A conversation in which a problem happens, or why there is none to show.
#[derive(Clone, Debug)]
pub enum Shown {
    /// It was run, and it happens in it.
    In(Box<Conversation>),
    /// No conversation shows it, and why.
    Never(Said),
    /// None was found, which proves nothing.
    NotFound(Said),
}

impl Shown {
    /// The conversation.
    #[must_use]
    pub fn conversation(&self) -> Option<&Conversation> {
        match self {
            Self::In(found) => Some(found),
            Self::Never(_) | Self::NotFound(_) => None,
        }
    }
}

/// A conversation in which what a problem says happens; none where none was found, as for what never happens. `stopped` is asked
/// before each conversation that is tried.
#[must_use]
pub fn conversation(checked: &Checked, about: About<'_>, stopped: &dyn Fn() -> bool) -> Option<Conversation> {
    found(&Driver::new(checked), about, stopped).ok()
}

fn found(driver: &Driver, about: About<'_>, stopped: &dyn Fn() -> bool) -> Result<Conversation, Option<Said>> {
    let case: Vec<_> = about.case.iter().map(|(name, value)| (name.clone(), flow::value(value))).collect();
    let along = Goal { node: about.node, trigger: about.trigger, case: &case, path: about.path };
    if let Some(why) = driver.barred(&along) {
        return Err(Some(why));
    }
    // It can show itself on another way than the one that was named first, which may be none that values take.
    let mut ways: Vec<&[String]> = Vec::new();
    let other = about.node.and_then(|node| driver.other_way(node, about.path));
    ways.extend(Some(about.path).filter(|path| driver.goes(path)));
    ways.extend(other.as_deref());
    ways.extend((!about.path.is_empty()).then_some(&[][..]));
    let found = ways.into_iter().find_map(|path| driver.find(&Goal { path, ..along }, &|| stopped()));
    found.ok_or(None)
}

/// Shows one problem after the other, after a search that is bounded for each and for all: the same on every machine.
pub struct Showing<'a> {
    driver: Option<Driver>,
    /// Cards that no values lead to, as the checks say.
    nowhere: BTreeSet<&'a str>,
    tried: Cell<usize>,
}

impl<'a> Showing<'a> {
    /// Makes a flow ready; none where it is not valid. `nowhere` are the cards that no values lead to.
    #[must_use]
    pub fn new(checked: Option<&Checked>, nowhere: impl IntoIterator<Item = &'a str>) -> Self {
        Self { driver: checked.map(Driver::new), nowhere: nowhere.into_iter().collect(), tried: Cell::new(0) }
    }

    /// Looks for a conversation; `stopped` is asked before each that is tried.
    #[must_use]
    pub fn show(&self, about: About<'_>, stopped: &dyn Fn() -> bool) -> Shown {
        let Some(driver) = &self.driver else {
            return Shown::Never(say!("No conversation can be played before the flow is valid."));
        };
        if about.node.is_none() && about.trigger.is_none() {
            return Shown::Never(say!(
                "It is about the flow as a whole and not about a card: no conversation shows it."
            ));
        }
        let left = ALL.saturating_sub(self.tried.get());
        let until = self.tried.get() + EACH.min(left);
        let stopped = || {
            self.tried.set(self.tried.get() + 1);
            self.tried.get() > until || stopped()
        };
        let nowhere = about.node.filter(|node| self.nowhere.contains(node));
        if let Some(node) = nowhere {
            return Shown::Never(barred(driver, about).unwrap_or_else(|| {
                say!(
                    "No values lead to \"{node}\": what the guards on the way there ask for is never so together.",
                    node
                )
            }));
        }
        match found(driver, about, &stopped) {
            Ok(found) => Shown::In(Box::new(found)),
            Err(Some(why)) => Shown::Never(why),
            Err(None) => Shown::NotFound(say!(
                "A short search found no conversation that gets there, which proves nothing: the cards on the way say how it would go."
            )),
        }
    }
}

fn barred(driver: &Driver, about: About<'_>) -> Option<Said> {
    driver.barred(&Goal { node: about.node, trigger: about.trigger, case: &[], path: about.path })
}

/// Each problem that is an error, with a conversation where a bounded search finds one: the same on every machine.
#[must_use]
pub fn stuck<'p>(checked: Option<&Checked>, problems: &'p [Problem]) -> Vec<(&'p Problem, Shown)> {
    let nowhere =
        problems.iter().filter(|problem| problem.code == NOWHERE).filter_map(|problem| problem.node.as_deref());
    let showing = Showing::new(checked, nowhere);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| (problem, showing.show(About::from(problem), &|| false))).collect()
}
