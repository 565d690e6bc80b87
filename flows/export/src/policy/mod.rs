//! What a flow decides, as one Python module that needs nothing but Python: Rasa's actions, a webhook and a function in
//! the cloud share it, the same bytes for the same flow.
//!
//! What must stay true: no platform is named here; what is printed is the flow's own conditions and tables, and a machine
//! that is the same in every export; `take` and the pieces of it (`hear`, `fires`, `turn`, `enter`, `told`) are made of
//! the same methods, so that a platform which walks the cards itself decides as one that leaves all of it to the module.
//!
//! | of the flow | in the module |
//! | --- | --- |
//! | a condition, an expression | a function that is named by its card or trigger ([`Place`]), with the original as its docstring |
//! | constants, scores, slots, signals | exact decimals and types, in tables |
//! | cards, triggers, contexts | tables, walked by the machine |
//! | boundaries of the conditions, conversations | `test_policy.py`: every condition up to a bound of cases in all, a set of conversations |

mod boundaries;
pub(crate) mod functions;
mod hours;
mod lower;
pub(crate) mod python;
mod unit_tests;
pub(crate) mod write;

use std::collections::BTreeMap;

use flow_check::Checked;
use flow_model::flow::{Flow, Kind, Slot};
use indexmap::{IndexMap, IndexSet};

pub use lower::{Condition, Expression, Place};

use crate::case::Case;
use crate::platform;

/// A function of the module.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Function {
    /// The condition at this place of the list.
    Condition(usize),
    /// The expression at this place of the list.
    Expression(usize),
}

/// A flow and the flows that it calls, with every condition and expression named.
#[derive(Debug)]
pub struct Policy<'a> {
    /// Revision of the flow.
    pub revision: &'a str,
    /// The flow, then those that it calls.
    pub flows: Vec<(&'a str, &'a Flow)>,
    /// Slots by the name that they have for the whole run.
    pub slots: IndexMap<String, &'a Slot>,
    pub(crate) slot_names: BTreeMap<(String, String), String>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) expressions: Vec<Expression>,
    /// In the order of the document.
    pub(crate) functions: Vec<Function>,
    pub(crate) places: BTreeMap<String, BTreeMap<Place, usize>>,
}

impl<'a> Policy<'a> {
    /// The policy of a flow.
    #[must_use]
    pub fn of(checked: &'a Checked) -> Self {
        let flows = platform::flows(checked);
        let (slots, slot_names) = lower::slots(&flows);
        let mut policy = Self {
            revision: checked.revision(),
            flows,
            slots,
            slot_names,
            conditions: Vec::new(),
            expressions: Vec::new(),
            functions: Vec::new(),
            places: BTreeMap::new(),
        };
        lower::fill(&mut policy);
        policy
    }

    /// The flow itself.
    #[must_use]
    pub fn flow(&self) -> &'a Flow {
        self.flows[0].1
    }

    /// The module's text.
    #[must_use]
    pub fn module(&self) -> String {
        write::module(self)
    }

    /// Unit tests of the module, for Python's own `unittest`: every condition at its boundaries, with what the studio says
    /// of it, and the conversations with what the studio makes of them. `import` is the line that brings in `policy`.
    #[must_use]
    pub fn unit_tests(&self, cases: &[Case], import: &str) -> String {
        unit_tests::module(self, cases, import)
    }

    /// Every condition, of every flow, in the order of the documents.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Every expression, of every flow, in the order of the documents.
    #[must_use]
    pub fn expressions(&self) -> &[Expression] {
        &self.expressions
    }

    /// The condition that stands at a place of a flow.
    #[must_use]
    pub fn condition(&self, flow: &str, place: &Place) -> Option<&Condition> {
        self.places.get(flow)?.get(place).filter(|_| place.is_condition()).and_then(|at| self.conditions.get(*at))
    }

    /// The expression that stands at a place of a flow.
    #[must_use]
    pub fn expression(&self, flow: &str, place: &Place) -> Option<&Expression> {
        self.places.get(flow)?.get(place).filter(|_| !place.is_condition()).and_then(|at| self.expressions.get(*at))
    }

    /// Slots of every flow, as they are declared; those of the same name stand here several times.
    pub fn declared(&self) -> impl Iterator<Item = (&'a str, &'a Slot)> {
        self.flows.iter().flat_map(|(_, flow)| flow.slots.iter().map(|(name, slot)| (name.as_str(), slot)))
    }

    /// The entities that fill them, each as often as it fills one.
    pub fn entities(&self) -> impl Iterator<Item = &'a str> {
        self.declared().filter_map(|(_, slot)| slot.entity.as_deref())
    }

    /// What customers say for an intent, in any of the flows and once each, as a platform writes it: `written` gives nothing
    /// for what it does not take.
    pub fn examples(&self, intent: &str, written: impl Fn(&str) -> Option<String>) -> IndexSet<String> {
        let known = self.flows.iter().filter_map(|(_, flow)| flow.intents.get(intent));
        known.flat_map(|intent| &intent.examples).filter_map(|example| written(example)).collect()
    }

    /// Whether a request may stay while the bot goes on.
    #[must_use]
    pub fn keeps_place(&self) -> bool {
        let keeps = |kind: &Kind| {
            let Kind::Handoff(n) = kind else { return false };
            n.overflow.iter().chain(&n.waiting.turns).any(|row| row.keep_place)
        };
        self.flows.iter().any(|(_, flow)| flow.nodes.values().any(|node| keeps(&node.kind)))
    }

    /// The name that a slot of a flow has for the whole run.
    #[must_use]
    pub fn slot_key<'s>(&'s self, flow: &str, slot: &'s str) -> &'s str {
        self.slot_names.get(&(flow.to_owned(), slot.to_owned())).map_or(slot, String::as_str)
    }
}
