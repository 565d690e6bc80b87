//! What a workspace says by itself, where that differs from card to card.

use flow_conditions::phrase;
use flow_model::flow::Kind;

use super::lower::Plan;
use crate::capabilities::{Carried, Feature, native};
use crate::policy::Place;
use crate::uses::Use;

/// How a use is carried, where that differs from case to case: a question that no entity answers is no `Question`.
pub fn of(plan: &Plan<'_>, flow: &str, used: &Use) -> Option<Carried> {
    let (_, known) = plan.policy.flows.iter().find(|(id, _)| *id == flow)?;
    match used.feature {
        Feature::Ask => {
            let Kind::Ask(ask) = &known.nodes.get(used.node.as_deref()?)?.kind else { return None };
            let answered = known.slots.get(&ask.slot).is_some_and(|slot| slot.entity.is_some());
            Some(if answered {
                native(phrase!("`Question` with one try, in a topic that counts the tries"))
            } else {
                native(phrase!("a message, and a topic that counts the tries: nothing that is said fills this slot"))
            })
        }
        _ => Place::at(&used.path)
            .filter(|_| used.feature == Feature::Decide)
            .map(|_| native(phrase!("`ConditionGroup`, in order"))),
    }
}
