//! Decides what the agent will be: the names of its topics, variables and entities, and which flow is called from where.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use flow_check::Checked;
use flow_conditions::value::Type;
use flow_model::flow::{Flow, Kind, Once};
use flow_model::names;
use flow_model::template::{self, Piece};

use super::fx::Fx;
use crate::names::{Legal, Names};
use crate::policy::Policy;

/// Names of topics, variables, entities and the agent itself: what stands in references and formulas, and so letters,
/// digits and `_`; exported agents have no other ones there.
const NAME: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic(),
    lead: "n_",
    longest: 80,
    bytes: char::len_utf8,
    folds: true,
    single: false,
    taken: &[],
};

/// The topics that every export has.
pub const BEGIN: &str = "Begin";
/// Said or not, the conversation begins.
pub const START: &str = "ConversationStart";
/// Where every turn goes.
pub const TURN: &str = "EveryTurn";
/// No intent was recognised.
pub const FALLBACK: &str = "Fallback";
/// The platform thinks that a person is wanted.
pub const ESCALATE: &str = "Escalate";
/// Where nothing leads on from.
pub const AT_REST: &str = "at rest";

/// What the export itself keeps.
const OWN: &[&str] = &[
    "at",
    "intent",
    "last_intent",
    "text",
    "channel",
    "confidence",
    "sentiment",
    "frustration",
    "sentiment_trend",
    "nlu_ok",
    "turn",
    "repeats",
    "no_match",
    "attempts",
    "handoffs",
    "trigger_id",
    "trigger_key",
    "trigger_reasons",
    "trigger_titles",
    "trigger_text",
    "error_code",
    "error_action",
    "error_message",
    "cause",
    "cause_title",
    "customer_id",
    "silent",
    "outcome",
    "address",
    "handoff_ref",
    "handoff_node",
    "handoff_mode",
    "handoff_tier",
    "handoff_priority",
    "handoff_reasons",
    "handoff_titles",
    "handoff_turn",
    "handoff_summary",
    "handoff_told",
];

/// The figures of a queue.
pub const FIGURES: [&str; 5] = ["open", "wait", "available", "position", "opens_at"];

/// Where a flow is called: by which flow, at which card.
pub type Caller = (usize, String);

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The flows, their slots and what they are called.
    pub policy: Policy<'a>,
    /// The agent's name in references.
    pub schema: String,
    /// Topics by what they are for: `card FLOW.NODE`, `heard FLOW.NODE`, `intent NAME`, `idle FLOW.NODE.ROW`.
    pub topics: Names,
    /// Entities of slots.
    pub entities: Names,
    /// The names of each flow, in the order of the flows.
    pub names: Vec<names::Names>,
    /// Who calls each flow.
    pub callers: Vec<Vec<Caller>>,
    /// The flows, called ones before those that call them.
    pub deepest_first: Vec<usize>,
    vars: Names,
    mentioned: BTreeSet<String>,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let policy = Policy::of(checked);
        let entities = Names::of(policy.entities(), &NAME);
        let callers = callers(&policy);
        let names = policy.flows.iter().map(|(_, flow)| names::Names::of(flow)).collect();
        Self {
            schema: format!("handoff_{}", NAME.shape(&policy.flow().id)),
            topics: topics(&policy),
            entities,
            names,
            deepest_first: deepest_first(&callers),
            callers,
            vars: variables(&policy),
            mentioned: mentioned(&policy),
            used: RefCell::default(),
            policy,
        }
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.policy.flow()
    }

    /// Prints what stands in one of the flows.
    pub fn fx(&self, at: usize) -> Fx<'_, 'a> {
        let (id, flow) = self.policy.flows[at];
        Fx { plan: self, id, flow, names: &self.names[at] }
    }

    /// The variable of a kind of thing, as formulas name it. What is named is written.
    pub fn var(&self, key: &str) -> String {
        let name = self.vars.get(key).unwrap_or(key);
        self.used.borrow_mut().insert(name.to_owned());
        format!("Global.{name}")
    }

    /// Whether a request that arrived may spend what it came of: it is kept then which trigger of which flow that was.
    pub fn spends(&self) -> bool {
        let mut triggers = self.policy.flows.iter().flat_map(|(_, flow)| flow.triggers.values());
        triggers.any(|trigger| trigger.once == Once::Accepted)
    }

    /// Whether anything asks for a variable.
    pub fn asks_for(&self, key: &str) -> bool {
        self.vars.get(key).is_some_and(|name| self.used.borrow().contains(name))
    }

    /// Whether the names of a workspace are what the platform allows, and each one's own.
    pub fn hold(&self) -> bool {
        self.topics.hold(&TOPIC) && self.entities.hold(&NAME) && self.vars.hold(&NAME)
    }

    /// Whether the flow itself speaks of a name.
    pub fn mentions(&self, name: &str) -> bool {
        self.mentioned.contains(name)
    }

    /// The variables that are named, with what each stands for.
    pub fn variables(&self) -> Vec<(String, String)> {
        let used = self.used.borrow();
        let named = self.vars.iter().filter(|(_, name)| used.contains(*name));
        named.map(|(key, name)| (name.to_owned(), key.to_owned())).collect()
    }

    /// Every variable that there is, by what it stands for.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.vars.iter().map(|(key, _)| key)
    }

    /// The variable of a slot of a flow.
    pub fn slot(&self, flow: &str, slot: &str) -> String {
        self.var(&format!("slot {}", self.policy.slot_key(flow, slot)))
    }

    /// The topic for something, as references name it.
    pub fn topic(&self, key: &str) -> String {
        self.own_topic(self.topics.get(key).unwrap_or(key))
    }

    /// A topic that every export has, as references name it.
    pub fn own_topic(&self, name: &str) -> String {
        format!("{}.topic.{name}", self.schema)
    }

    /// Where a card stands, in the words of the variable `at`.
    pub fn place(&self, at: usize, node: &str) -> String {
        if at == 0 { node.to_owned() } else { format!("{}/{node}", self.policy.flows[at].0) }
    }

    /// The index of a flow.
    pub fn index(&self, flow: &str) -> usize {
        self.policy.flows.iter().position(|(id, _)| *id == flow).unwrap_or(0)
    }

    /// Every flow that is called from here, however deep.
    pub fn below(&self, at: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut next = vec![at];
        while let Some(here) = next.pop() {
            for (called, callers) in self.callers.iter().enumerate() {
                if callers.iter().any(|(caller, _)| *caller == here) && !found.contains(&called) {
                    found.push(called);
                    next.push(called);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The intent that the platform's own wish for a person stands for: that of the first trigger that asks for nothing
    /// but an intent and leads to people.
    pub fn wish(&self) -> Option<&'a str> {
        let flow = self.flow();
        flow.triggers.values().find_map(|trigger| {
            let leads = matches!(flow.nodes.get(&trigger.to)?.kind, Kind::Handoff(_));
            let intent = trigger.when.trim().strip_prefix("intent == \"")?.strip_suffix('"')?;
            let (intent, _) = flow.intents.get_key_value(intent)?;
            (leads && trigger.because.is_empty()).then_some(intent.as_str())
        })
    }
}

/// Every name in a condition, an expression or a text.
fn mentioned(policy: &Policy<'_>) -> BTreeSet<String> {
    let written = policy.conditions().iter().chain(policy.expressions());
    let mut names: BTreeSet<String> =
        written.flat_map(|one| one.expr.names()).map(|(name, _)| name.to_string()).collect();
    for (_, flow) in &policy.flows {
        for text in texts(flow) {
            let values = template::parse(text).0.into_iter().filter_map(|piece| match piece {
                Piece::Value(placeholder) => Some(placeholder.name),
                Piece::Text(_) => None,
            });
            names.extend(values);
        }
    }
    names
}

fn texts(flow: &Flow) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for node in flow.nodes.values() {
        match &node.kind {
            Kind::Message(n) => found.push(&n.text),
            Kind::Ask(n) => {
                found.push(&n.prompt);
                found.extend(n.reprompt.as_deref());
                found.extend(n.idle.iter().filter_map(|row| row.say.as_deref()));
            }
            Kind::Listen(n) => found.extend(n.idle.iter().filter_map(|row| row.say.as_deref())),
            Kind::Handoff(n) => found.extend(n.say.as_deref()),
            _ => {}
        }
    }
    let contexts = flow.contexts.values();
    found.extend(contexts.flat_map(|context| [context.summary.as_deref(), context.told.as_deref()]).flatten());
    found
}

fn callers(policy: &Policy<'_>) -> Vec<Vec<Caller>> {
    let mut callers = vec![Vec::new(); policy.flows.len()];
    for (at, (_, flow)) in policy.flows.iter().enumerate() {
        for (node, card) in &flow.nodes {
            let Kind::Subflow(subflow) = &card.kind else { continue };
            if let Some(called) = policy.flows.iter().position(|(id, _)| *id == subflow.flow) {
                callers[called].push((at, node.clone()));
            }
        }
    }
    callers
}

fn deepest_first(callers: &[Vec<Caller>]) -> Vec<usize> {
    fn visit(at: usize, callers: &[Vec<Caller>], done: &mut Vec<usize>) {
        if done.contains(&at) {
            return;
        }
        for (called, from) in callers.iter().enumerate() {
            if from.iter().any(|(caller, _)| *caller == at) {
                visit(called, callers, done);
            }
        }
        done.push(at);
    }
    let mut done = Vec::new();
    visit(0, callers, &mut done);
    done
}

/// Names of topics.
const TOPIC: Legal = Legal { taken: &[BEGIN, START, TURN, FALLBACK, ESCALATE], ..NAME };

fn topics(policy: &Policy<'_>) -> Names {
    let mut wanted: Vec<(String, String)> = Vec::new();
    for (i, (id, flow)) in policy.flows.iter().enumerate() {
        let lead = if i == 0 { String::new() } else { format!("{id}_") };
        for (node, card) in &flow.nodes {
            wanted.push((format!("card {id}.{node}"), format!("{lead}{node}")));
            if let Kind::Listen(_) | Kind::Ask(_) = &card.kind {
                wanted.push((format!("heard {id}.{node}"), format!("{lead}{node}_heard")));
                wanted.push((format!("asks {id}.{node}"), format!("{lead}{node}_asks")));
            }
            let rows = match &card.kind {
                Kind::Listen(n) => n.idle.len(),
                Kind::Ask(n) => n.idle.len(),
                _ => 0,
            };
            let idle = |row: usize| (format!("idle {id}.{node}.{row}"), format!("{lead}{node}_idle_{row}"));
            wanted.extend((0..rows).map(idle));
        }
    }
    for intent in policy.flow().intents.keys() {
        wanted.push((format!("intent {intent}"), format!("intent_{intent}")));
    }
    Names::wanted(wanted.iter().map(|(key, name)| (key.as_str(), name.as_str())), &TOPIC)
}

fn variables(policy: &Policy<'_>) -> Names {
    let mut keys: Vec<String> = OWN.iter().map(|name| format!("own {name}")).collect();
    let mut tiers: Vec<&String> = Vec::new();
    for tier in policy.flows.iter().flat_map(|(_, flow)| flow.tiers.keys()) {
        if !tiers.contains(&tier) {
            tiers.push(tier);
        }
    }
    for tier in tiers {
        keys.push(format!("handoffs {tier}"));
        keys.extend(FIGURES.iter().map(|figure| format!("queue {tier} {figure}")));
    }
    keys.extend(policy.slots.keys().map(|key| format!("slot {key}")));
    for (id, flow) in &policy.flows {
        keys.extend(flow.signals.keys().map(|name| format!("signal {name}")));
        for (node, card) in &flow.nodes {
            let Kind::Action(action) = &card.kind else { continue };
            let outputs = flow.calls.get(&action.call).map(|call| call.outputs.keys());
            keys.extend(outputs.into_iter().flatten().map(|output| format!("output {id}.{node}.{output}")));
        }
        let once = flow.triggers.iter().filter(|(_, trigger)| trigger.once != Once::Never);
        keys.extend(once.map(|(trigger, _)| format!("spent {id}.{trigger}")));
        let fields = flow.contexts.keys().flat_map(|context| flow.fields_of(context).into_keys());
        keys.extend(fields.map(|field| format!("field {field}")));
        keys.extend(["in", "prefix", "caller"].map(|what| format!("{what} {id}")));
    }
    let main = format!(" {}.", policy.flow().id);
    let short = |key: &str| key.strip_prefix("own ").unwrap_or(key).replacen(&main, " ", 1);
    let wanted: Vec<(String, String)> = keys.into_iter().map(|key| (key.clone(), short(&key))).collect();
    Names::wanted(wanted.iter().map(|(key, name)| (key.as_str(), name.as_str())), &NAME)
}

/// The type of what a variable holds, where a client may tell it; `None` for what only the agent itself sets.
pub fn told(plan: &Plan<'_>, key: &str) -> Option<(Type, bool)> {
    let number = |min: i64, max: i64| Type::Number { min: Some(min.into()), max: Some(max.into()) };
    let whole = || Type::Integer { min: None, max: None };
    let (kind, rest) = key.split_once(' ')?;
    Some(match (kind, rest) {
        ("own", "confidence" | "frustration") => (number(0, 1), false),
        ("own", "sentiment") => (number(-1, 1), false),
        ("own", "sentiment_trend") => (number(-2, 2), false),
        ("own", "channel") => (Type::Text, false),
        ("own", "nlu_ok") => (Type::Bool, false),
        ("own", "customer_id") => (Type::Text, true),
        ("signal", name) => {
            (plan.policy.flows.iter().find_map(|(_, flow)| flow.signals.get(name))?.r#type.clone(), true)
        }
        ("slot", name) => {
            let slot = plan.policy.slots.get(name)?;
            slot.entity.as_ref()?;
            (slot.r#type.clone(), true)
        }
        ("queue", rest) => match rest.rsplit_once(' ')?.1 {
            "open" => (Type::Bool, true),
            "wait" => (number(0, 86_400), true),
            "opens_at" => (Type::Text, true),
            _ => (whole(), true),
        },
        _ => return None,
    })
}

/// The entities of the flows that can be told, each with what it is and the slots that it fills.
pub fn entity_types(plan: &Plan<'_>) -> BTreeMap<String, Type> {
    let slots = plan.policy.slots.values();
    let mut types = BTreeMap::new();
    for slot in slots {
        if let Some(entity) = &slot.entity {
            types.entry(entity.clone()).or_insert_with(|| slot.r#type.clone());
        }
    }
    types
}
