//! Decides what the project will be, from the flow and the flows that it calls.

use flow_check::Checked;
use flow_conditions::decimal::Decimal;
use flow_conditions::value::Type;
use flow_model::flow::Flow;

use super::names;
use crate::names::Names;
use crate::policy::Policy;
use crate::threshold;

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What it decides.
    pub policy: Policy<'a>,
    /// Rasa's name of each intent of the flow itself: those of called flows count as none.
    pub intents: Names,
    /// Rasa's name of each entity.
    pub entities: Names,
    /// Rasa's name of each call's function.
    pub calls: Names,
    /// Threshold of the `FallbackClassifier`.
    pub fallback: Decimal,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let policy = Policy::of(checked);
        let intents = names::intents(checked.flow().intents.keys().map(String::as_str));
        let entities = names::entities(policy.entities());
        let calls = policy.flows.iter().flat_map(|(_, flow)| flow.calls.keys());
        let calls = names::calls(calls.map(String::as_str));
        let fallback = threshold::below_every_bound(&policy, threshold::USUAL);
        Self { policy, intents, entities, calls, fallback }
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.policy.flow()
    }

    /// What an entity's values are: those of the first slot that it fills.
    pub fn entity_type(&self, entity: &str) -> Option<&'a Type> {
        self.policy.slots.values().find(|slot| slot.entity.as_deref() == Some(entity)).map(|slot| &slot.r#type)
    }
}
