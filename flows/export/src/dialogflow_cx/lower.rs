//! Decides what the agent will be: its names, its parameters, and for each condition who looks at it.

use std::collections::{BTreeMap, BTreeSet};

use flow_check::Checked;
use flow_conditions::decimal::Decimal;
use flow_conditions::value::Type;
use flow_model::flow::{Flow, Kind, Node, Ordered};
use flow_model::template::Piece;

use super::conditions::{self, Parameter, Scope};
use super::json::in_file;
use super::languages::language;
use crate::names::{Legal, Names};
use crate::policy::{Place, Policy};
use crate::threshold;

/// The flow that every agent begins with; its id is the same in all of them.
pub const START_FLOW: &str = "Default Start Flow";

/// Names of intents, flows and pages. No list of forbidden characters was found, nor a length; the longest names in
/// exported agents have 40 to 81 characters.
pub const SHOWN: Legal = Legal {
    allows: |c| !c.is_control(),
    instead: ' ',
    begins: |c| !c.is_whitespace() && c != '.',
    lead: "_",
    longest: 64,
    bytes: in_file,
    folds: true,
    single: false,
    taken: &["Default Welcome Intent", "Default Negative Intent", START_FLOW],
};

/// The pages that every flow has: a card of such a name gets another page.
const PAGES: Legal = Legal {
    taken: &[
        "START_PAGE",
        "CURRENT_PAGE",
        "PREVIOUS_PAGE",
        "END_FLOW",
        "END_SESSION",
        "END_FLOW_WITH_FAILURE",
        "END_FLOW_WITH_CANCELLATION",
        "END_FLOW_WITH_HUMAN_ESCALATION",
    ],
    ..SHOWN
};

/// Route groups are named after nothing else of the platform's.
const TRIGGERS: Legal = Legal { taken: &[], ..SHOWN };

const ENTITIES: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_' || c == '-',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic(),
    lead: "e_",
    longest: 64,
    taken: &["sys"],
    ..SHOWN
};

/// Session parameters, whose upper and lower case Dialogflow CX does not tell apart (docs/concept/parameter, 2026-11-22).
const PARAMETERS: Legal = Legal {
    begins: |c| c.is_ascii_alphabetic() || c == '_',
    lead: "_",
    taken: super::words::OWN_PARAMETERS,
    ..ENTITIES
};

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Conditions by name, and the module that knows them all.
    pub policy: Policy<'a>,
    /// The agent's intents, by those of the flow itself: those of called flows count as none.
    pub intents: Names,
    /// The agent's entity types.
    pub entities: Names,
    /// The agent's flows.
    pub flows: Names,
    /// The pages of cards, by flow.
    pub pages: BTreeMap<String, Names>,
    /// What the route groups of triggers begin with, by flow.
    pub triggers: BTreeMap<String, Names>,
    /// Session parameters: `slot KEY`, `signal NAME`, `output FLOW.NODE.NAME`, `error KEY`, `spent FLOW.TRIGGER` and
    /// `holds CONDITION` by their names in the agent.
    pub parameters: BTreeMap<String, String>,
    /// What the names of each flow are called.
    pub scopes: BTreeMap<String, Ordered<Parameter>>,
    /// The counters that conditions ask for.
    pub counts: BTreeSet<&'static str>,
}

/// What the agent itself counts from turn to turn.
const COUNTERS: [&str; 3] = ["turn", "no_match", "repeats"];

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let policy = Policy::of(checked);
        let declared = policy.flow().intents.keys().map(String::as_str).filter(|intent| *intent != "none");
        let intents = Names::of(declared, &SHOWN);
        let entities = Names::of(policy.entities(), &ENTITIES);
        let flows = flow_names(&policy);
        let pages = |flow: &'a Flow| Names::of(flow.nodes.keys().map(String::as_str), &PAGES);
        let pages = policy.flows.iter().map(|(id, flow)| ((*id).to_owned(), pages(flow))).collect();
        let triggers = |flow: &'a Flow| Names::of(flow.triggers.keys().map(String::as_str), &TRIGGERS);
        let triggers = policy.flows.iter().map(|(id, flow)| ((*id).to_owned(), triggers(flow))).collect();
        let keys = parameter_keys(&policy);
        let parameters = parameter_names(&keys);
        let counts = counts(&policy);
        let scopes = BTreeMap::new();
        let mut plan = Self { intents, entities, flows, pages, triggers, parameters, scopes, counts, policy };
        plan.scopes = plan.policy.flows.iter().map(|(id, flow)| ((*id).to_owned(), scope(&plan, id, flow))).collect();
        plan
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.policy.flow()
    }

    /// Whether all names are what the agent may have, and each one's own.
    pub fn names_hold(&self) -> bool {
        let parameters: BTreeSet<String> = self.parameters.values().map(|name| name.to_lowercase()).collect();
        self.intents.hold(&SHOWN)
            && self.flows.hold(&SHOWN)
            && self.entities.hold(&ENTITIES)
            && self.pages.values().all(|pages| pages.hold(&PAGES))
            && self.triggers.values().all(|triggers| triggers.hold(&TRIGGERS))
            && self.parameters.values().all(|name| PARAMETERS.admits(name))
            && parameters.len() == self.parameters.len()
    }

    /// The confidence below which no intent is heard.
    pub fn threshold(&self) -> Decimal {
        let below = threshold::below_every_bound(&self.policy, threshold::USUAL);
        // Dialogflow CX takes nought for its own default.
        below.max(Decimal::new(1, 6).unwrap_or(Decimal::ZERO))
    }

    /// The language of what is said.
    pub fn language(&self) -> String {
        language(self.flow().locale.as_deref()).tag
    }

    /// Whether the agent itself looks at what a client tells in its payload (signals, the customer's id), in a condition
    /// or a text.
    pub fn looks_at_client(&self) -> bool {
        let told = |flow: &Flow, name: &str| name == "customer.id" || flow.signals.contains_key(name);
        let in_text = |flow: &Flow, text: &str| {
            let values = flow_model::template::parse(text).0.into_iter();
            values
                .filter_map(|piece| match piece {
                    Piece::Value(placeholder) => Some(placeholder.name),
                    Piece::Text(_) => None,
                })
                .any(|name| told(flow, &name))
        };
        let of = |(id, flow): &(&str, &Flow)| {
            let conditions = self.policy.conditions().iter().filter(|condition| condition.flow == **id);
            let looks = conditions.into_iter().any(|one| one.expr.names().iter().any(|(name, _)| told(flow, name)));
            let says = |node: &Node| match &node.kind {
                Kind::Message(n) => in_text(flow, &n.text),
                Kind::Ask(n) => in_text(flow, &n.prompt) || in_text(flow, n.reprompt.as_deref().unwrap_or_default()),
                Kind::Handoff(n) => in_text(flow, n.say.as_deref().unwrap_or_default()),
                _ => false,
            };
            looks || flow.nodes.values().any(says)
        };
        self.policy.flows.iter().any(of)
    }

    /// The session parameter of a kind of thing.
    pub fn parameter(&self, kind: &str, key: &str) -> Option<&str> {
        self.parameters.get(&format!("{kind} {key}")).map(String::as_str)
    }

    /// The session parameter of a slot of a flow.
    pub fn slot(&self, flow: &str, slot: &str) -> &str {
        self.parameter("slot", self.policy.slot_key(flow, slot)).unwrap_or_default()
    }

    /// The page of a card.
    pub fn page(&self, flow: &str, node: &str) -> String {
        self.pages.get(flow).and_then(|pages| pages.get(node)).unwrap_or(node).to_owned()
    }

    /// The route group of a trigger.
    pub fn group(&self, flow: &str, trigger: &str) -> String {
        let name = self.triggers.get(flow).and_then(|triggers| triggers.get(trigger)).unwrap_or(trigger);
        // Not the other way round: those of cards are `CARD turn`, and a trigger may be called that.
        format!("{name} trigger")
    }

    /// A flow's name in the agent.
    pub fn flow_name<'s>(&'s self, flow: &'s str) -> &'s str {
        if flow == self.flow().id { START_FLOW } else { self.flows.get(flow).unwrap_or(flow) }
    }

    /// The condition at a place as the platform looks at it, and the name under which the policy answers it where the
    /// platform has no words for it.
    pub fn condition(&self, flow: &str, place: &Place) -> (String, Option<String>) {
        let Some(lowered) = self.policy.condition(flow, place) else { return ("false".to_owned(), None) };
        let known = self.policy.flows.iter().find(|(id, _)| *id == flow).map_or_else(|| self.flow(), |(_, flow)| *flow);
        let in_turn = match place {
            Place::TriggerWhen(_) | Place::Because(..) => true,
            Place::Branch(node, _) => known.nodes.get(node).is_some_and(|node| matches!(node.kind, Kind::Listen(_))),
            _ => false,
        };
        let scope = self.scopes.get(flow).map(|parameters| Scope { flow: known, parameters, in_turn });
        if let Some(native) = scope.and_then(|scope| conditions::native(&lowered.expr, scope)) {
            return (native, None);
        }
        let parameter = self.parameter("holds", &lowered.name).unwrap_or_default();
        (conditions::holds(parameter), Some(lowered.name.clone()))
    }
}

fn counts(policy: &Policy<'_>) -> BTreeSet<&'static str> {
    let names = policy.conditions().iter().flat_map(|condition| condition.expr.names());
    names.filter_map(|(name, _)| COUNTERS.into_iter().find(|counter| **counter == *name)).collect()
}

fn flow_names(policy: &Policy<'_>) -> Names {
    Names::of(policy.flows.iter().skip(1).map(|(id, _)| *id), &SHOWN)
}

/// Everything that becomes a session parameter.
fn parameter_keys(policy: &Policy<'_>) -> Vec<String> {
    let mut keys: Vec<String> = policy.slots.keys().map(|key| format!("slot {key}")).collect();
    for (_, flow) in &policy.flows {
        keys.extend(flow.signals.keys().map(|name| format!("signal {name}")));
    }
    keys.push("signal customer.id".to_owned());
    for (id, flow) in &policy.flows {
        for (node, name) in outputs(flow) {
            keys.push(format!("output {id}.{node}.{name}"));
        }
        keys.extend(flow.triggers.keys().map(|trigger| format!("spent {id}.{trigger}")));
    }
    keys.extend(["code", "action", "message"].map(|key| format!("error {key}")));
    keys.extend(policy.conditions().iter().map(|condition| format!("holds {}", condition.name)));
    keys
}

/// The outputs of every action of a flow.
pub fn outputs(flow: &Flow) -> impl Iterator<Item = (&String, &String)> {
    let actions = flow.nodes.iter().filter_map(|(id, node)| match &node.kind {
        Kind::Action(action) => Some((id, flow.calls.get(&action.call)?)),
        _ => None,
    });
    actions.flat_map(|(id, call)| call.outputs.keys().map(move |name| (id, name)))
}

/// `slot kind` becomes `slot_kind`; a signal keeps its own name, since clients set it.
fn parameter_names(keys: &[String]) -> BTreeMap<String, String> {
    let own = |key: &str| key.strip_prefix("signal ").unwrap_or(key).to_owned();
    let short: Vec<String> = keys.iter().map(|key| own(key)).collect();
    let shaped = Names::of(short.iter().map(String::as_str), &PARAMETERS);
    let legal = short.iter().map(|short| shaped.get(short).unwrap_or(short).to_owned());
    keys.iter().cloned().zip(legal).collect()
}

fn scope(plan: &Plan<'_>, id: &str, flow: &Flow) -> Ordered<Parameter> {
    let whole = || Type::Integer { min: None, max: None };
    let mut all: Ordered<Parameter> = Ordered::default();
    let mut add = |name: String, parameter: Option<&str>, of: &Type, always: bool| {
        if let Some(parameter) = parameter {
            all.insert(name, Parameter { name: parameter.to_owned(), of: of.clone(), always });
        }
    };
    add("intent".to_owned(), Some("intent"), &Type::Text, true);
    for counter in ["turn", "repeats", "no_match", "attempts"] {
        add(counter.to_owned(), Some(counter), &whole(), true);
    }
    for (name, slot) in &flow.slots {
        add(format!("slots.{name}"), Some(plan.slot(id, name)), &slot.r#type, false);
    }
    add("customer.id".to_owned(), plan.parameter("signal", "customer.id"), &Type::Text, false);
    for (name, signal) in &flow.signals {
        add(name.clone(), plan.parameter("signal", name), &signal.r#type, false);
    }
    for (node, name) in outputs(flow) {
        let of = match flow.nodes.get(node).map(|node| &node.kind) {
            Some(Kind::Action(action)) => flow.calls.get(&action.call).and_then(|call| call.outputs.get(name)),
            _ => None,
        };
        let key = format!("{id}.{node}.{name}");
        add(format!("{node}.{name}"), plan.parameter("output", &key), of.unwrap_or(&Type::Text), false);
    }
    for key in ["code", "action", "message"] {
        add(format!("error.{key}"), plan.parameter("error", key), &Type::Text, false);
    }
    all
}
