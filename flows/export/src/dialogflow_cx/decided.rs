//! What the agent says and chooses by itself, and what its service answers: the plan's own decision, card by card.

use flow_conditions::phrase;
use flow_model::flow::{Kind, Node};

use super::cards::constant;
use super::lower::Plan;
use super::texts;
use crate::capabilities::{Carried, Feature, code, native};
use crate::policy::Place;
use crate::uses::Use;

const CONDITION: Carried = native(phrase!("a route with the condition in the words of Dialogflow CX"));
const ANSWER: Carried = code(
    phrase!("the service's answer, in a session parameter"),
    phrase!("its conditions have no words for all of this one"),
);
const SAID: Carried = code(
    phrase!("the service says it"),
    phrase!("what a page says is fixed when the agent is written, but for values put in as they are"),
);

/// How a use is carried, where that differs from case to case.
pub fn of(plan: &Plan<'_>, flow: &str, used: &Use) -> Option<Carried> {
    if used.feature == Feature::Trigger {
        let when = Place::TriggerWhen(flow_model::tree::steps(&used.path).get(1)?.clone());
        let why = phrase!("its conditions have no words for all of what fires it");
        return Some(match plan.condition(flow, &when).1 {
            Some(_) => {
                code(phrase!("a route group that asks the service's answer, on every page where a turn is taken"), why)
            }
            None => native(phrase!("a route group, linked on every page where a turn is taken")),
        });
    }
    if let Some(place) = Place::at(&used.path) {
        let looked_at = matches!(place, Place::Branch(..) | Place::TriggerWhen(_) | Place::Because(..));
        return Some(if looked_at && plan.condition(flow, &place).1.is_none() { CONDITION } else { ANSWER });
    }
    let (_, known) = plan.policy.flows.iter().find(|(id, _)| *id == flow)?;
    let node = known.nodes.get(used.node.as_deref()?)?;
    match used.feature {
        Feature::Say | Feature::Ask | Feature::TextForm => {
            Some(if says(plan, flow, node)? { said(used.feature) } else { SAID })
        }
        Feature::Assign => {
            let Kind::Set(set) = &node.kind else { return None };
            let fixed = |(slot, from): (&String, &Option<String>)| {
                from.as_ref().is_none_or(|from| constant(known, slot, from).is_some())
            };
            Some(if set.assign.iter().all(fixed) {
                native(phrase!("`setParameterActions`"))
            } else {
                code(
                    phrase!("the service sets it"),
                    phrase!("its functions know no exact decimals and no unset values"),
                )
            })
        }
        _ => None,
    }
}

fn said(feature: Feature) -> Carried {
    match feature {
        Feature::Ask => {
            native(phrase!("a form parameter with its prompt and a handler for other answers, and a count of tries"))
        }
        Feature::TextForm => native(phrase!("cases of the text, by whether there is a value")),
        _ => native(phrase!("a text of the page")),
    }
}

/// Whether the agent says by itself what a card says; nothing where the card says nothing of its own.
fn says(plan: &Plan<'_>, flow: &str, node: &Node) -> Option<bool> {
    let (parameters, language) = (plan.scopes.get(flow)?, plan.language());
    match &node.kind {
        Kind::Message(n) => Some(texts::native(&n.text, parameters, &language).is_some()),
        Kind::Ask(n) => {
            let again = n.reprompt.as_deref().unwrap_or(&n.prompt);
            Some(texts::either("true", again, &n.prompt, parameters, &language).is_some())
        }
        _ => None,
    }
}
