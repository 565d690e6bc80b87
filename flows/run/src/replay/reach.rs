//! Conversations that reach a node or take an edge, a branch, a route or a reason, named as coverage names them.

use std::sync::Arc;

use flow_conversations::Wants;

use super::counter::Mark;
use super::stream::{Item, Job};
use super::{Fill, Runner, needed};
use crate::program::Program;

/// Finds the conversations that reach something.
pub struct Reaching<'p, 'f> {
    /// The flow.
    pub program: &'p Program,
    /// What prepares a conversation.
    pub fill: Option<&'f Fill<'f>>,
    /// A node, or `node.port`, `trigger.ID`, `node.routes[0]`, `TRIGGER.REASON`.
    pub what: &'f str,
}

impl Reaching<'_, '_> {
    /// Whether the flow itself has what is named; what called flows have is only known by its conversations.
    #[must_use]
    pub fn exists(&self) -> bool {
        if self.what.contains('/') {
            return true;
        }
        let unit = &self.program.units[0];
        let (head, tail) = self.what.split_once('.').unwrap_or((self.what, ""));
        let reason =
            |t: &crate::program::RunTrigger| &*t.id == head && t.because.iter().any(|(name, _)| **name == *tail);
        let triggers = || self.program.units.iter().flat_map(|u| &u.triggers);
        match unit.flow.nodes.get(head) {
            Some(_) if tail.is_empty() || tail.starts_with("routes") => true,
            Some(node) if node.exits().iter().any(|exit| exit.port == tail) => true,
            _ if head == "trigger" => triggers().any(|t| *t.id == *tail),
            _ => triggers().any(reason),
        }
    }

    fn is(&self, mark: &Mark<'_>) -> bool {
        let node = |at: &u32| &*self.program.units[0].nodes[*at as usize].id;
        let after = |id: &str| self.what.strip_prefix(id).and_then(|rest| rest.strip_prefix('.'));
        let triggers = || self.program.units.iter().flat_map(|u| &u.triggers);
        match mark {
            Mark::Node(at) => node(at) == self.what,
            Mark::Edge(at, exit) => after(node(at)).is_some_and(|port| exit.to_string() == port),
            Mark::Route(at, index) => after(node(at)).is_some_and(|port| match index {
                Some(index) => port == format!("routes[{index}]"),
                None => port == "routes.else",
            }),
            Mark::Trigger(number) => {
                let id = self.what.strip_prefix("trigger.");
                id.is_some_and(|id| triggers().any(|t| t.number == *number && &*t.id == id))
            }
            Mark::Because(number, index) => triggers()
                .any(|t| t.number == *number && after(&t.id).is_some_and(|name| *t.because[*index].0 == *name)),
            Mark::Called(name) | Mark::CalledEdge(name) | Mark::CalledRoute(name) => name == self.what,
        }
    }
}

impl<'p> Job for Reaching<'p, '_> {
    type Desk = Runner<'p>;
    type Said = Arc<str>;

    fn wants(&self) -> Wants {
        needed(self.program, self.fill.is_some())
    }

    fn desk(&self) -> Runner<'p> {
        Runner::new(self.program)
    }

    fn take(&self, runner: &mut Runner<'p>, item: Item<'_>) -> Option<Arc<str>> {
        let conversation = item.conversation;
        if let Some(fill) = self.fill {
            fill(conversation);
        }
        let reached = runner.run(conversation, |_, runner| runner.counter.marks.iter().any(|mark| self.is(mark)));
        reached.then(|| conversation.id.clone())
    }
}
