//! What the bot, or the platform that uses it, says and chooses by itself, and what the function does: the plan's own
//! decision, card by card.

use flow_model::flow::Kind;

use super::lower::{By, Plan};
use crate::capabilities::{Carried, Feature};
use crate::policy::Place;
use crate::uses::Use;

/// How the platform names what it does by itself and what the function does.
pub(crate) struct Words {
    /// A condition in the platform's own words.
    pub condition: Carried,
    /// A condition that the function answers.
    pub flag: Carried,
    /// A text that the function puts together.
    pub text: Carried,
    /// Slots that the platform sets, and those that the function sets.
    pub sets: [Carried; 2],
    /// The end, which the function finds.
    pub end: Carried,
}

/// How a use is carried, where that differs from case to case.
pub(crate) fn of(plan: &Plan<'_>, flow: &str, used: &Use, words: &Words) -> Option<Carried> {
    if let Some(place) = Place::at(&used.path) {
        // What is looked at elsewhere than at a branch, the function looks at.
        let alone = matches!(place, Place::Branch(..)) && plan.says(flow, &place);
        return Some(if alone { words.condition } else { words.flag });
    }
    let node = used.node.as_deref()?;
    let by = *plan.cards.get(&(flow.to_owned(), node.to_owned()))?;
    let kind = &plan.flow(flow)?.nodes.get(node)?.kind;
    match (used.feature, kind) {
        (Feature::Say | Feature::Ask, Kind::Message(_) | Kind::Ask(_)) if by == By::Function => Some(words.text),
        (Feature::Assign, _) => Some(words.sets[usize::from(by == By::Function)]),
        (Feature::End, _) if by == By::Function => Some(words.end),
        _ => None,
    }
}
