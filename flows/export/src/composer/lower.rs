//! Decides what the project will be: its dialogs, what memory is called, and what is kept for the payloads.

use std::collections::{BTreeMap, BTreeSet};

use flow_check::Checked;
use flow_conditions::ast::{Expr, Kind as Ast};
use flow_model::flow::{Flow, Kind, Node};

use crate::names::{Legal, Names};
use crate::policy::Policy;

/// Names of files, templates and of what stands in memory: it is looked up without regard to upper and lower case.
const KEYS: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic() || c == '_',
    lead: "_",
    longest: 80,
    bytes: char::len_utf8,
    folds: true,
    single: false,
    taken: &["common"],
};

/// Names of intents: a recognizer calls what it does not understand `None`.
const INTENTS: Legal = Legal { taken: &["none"], ..KEYS };

/// Names of what is said, by the card and what it says of it.
const SAID: Legal = Legal { longest: 200, lead: "SendActivity_", ..KEYS };

/// Cards that choose and stand within each other in one dialog, at the most: nobody reads a column that is deeper.
const DEEPEST: usize = 4;

/// Where what is told in front of the dialogs is heard.
pub const TOLD: &str = "told";
/// Where a customer's turn is heard.
pub const HEARD: &str = "heard";

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Conditions and expressions, each with its place.
    pub policy: Policy<'a>,
    /// The bot's name, and that of its root dialog.
    pub bot: String,
    /// Dialogs by `flow/node`, and those of the export's own.
    pub dialogs: Names,
    /// Memory of signals, by their names.
    pub signals: Names,
    /// Memory of slots, by the names that they have for the whole run.
    pub slots: Names,
    /// Memory of outputs, by `flow.node.name`.
    pub outputs: Names,
    /// Memory of where each flow stands.
    pub flows: Names,
    /// Calls in the settings.
    pub calls: Names,
    /// Intents of the recognizer, by those of the flow itself.
    pub intents: Names,
    /// Entities of the recognizer.
    pub entities: Names,
    /// Templates of what the bot says, by the designer's id of the action that says it.
    pub said: Names,
    /// Tiers, by which memory keeps their figures.
    pub tiers: Names,
    /// Fields of payloads.
    pub fields: Names,
    /// Payload functions that the flows ask for.
    pub asked: BTreeSet<String>,
    /// The cards that have a dialog of their own, as `flow/node`.
    own: BTreeSet<String>,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(checked: &'a Checked) -> Self {
        let policy = Policy::of(checked);
        let mut bot = KEYS.shape(&policy.flow().id).to_lowercase();
        if bot == "common" {
            // What every dialog shares has this name.
            bot.push_str("_bot");
        }
        let own = own(&policy);
        let mut wanted: Vec<(String, String)> = [("bot", bot.as_str()), (TOLD, TOLD), (HEARD, HEARD)]
            .map(|(key, name)| (key.to_owned(), name.to_owned()))
            .into();
        for key in &own.1 {
            wanted.push((key.clone(), key.strip_prefix(&format!("{}/", policy.flow().id)).unwrap_or(key).to_owned()));
        }
        let dialogs = Names::wanted(wanted.iter().map(|(key, name)| (key.as_str(), name.as_str())), &KEYS);
        let keys = |names: Vec<String>| Names::of(names.iter().map(String::as_str), &KEYS);
        let mut signals = vec!["customer.id".to_owned()];
        signals.extend(policy.flows.iter().flat_map(|(_, flow)| flow.signals.keys().cloned()));
        let outputs =
            policy.flows.iter().flat_map(|(id, flow)| outputs(flow).map(move |(n, o)| format!("{id}.{n}.{o}")));
        let (outputs, entities) = (keys(outputs.collect()), policy.entities().map(str::to_owned).collect());
        let declared = policy.flow().intents.keys().filter(|intent| *intent != "none").map(String::as_str);
        let intents = Names::of(declared, &INTENTS);
        let tiers = policy.flows.iter().flat_map(|(_, flow)| flow.tiers.keys().cloned()).collect();
        let contexts = policy.flows.iter().flat_map(|(_, flow)| flow.contexts.values());
        let fields = contexts.flat_map(|context| context.fields.keys().cloned()).collect();
        Self {
            bot,
            dialogs,
            signals: keys(signals),
            slots: keys(policy.slots.keys().cloned().collect()),
            outputs,
            flows: keys(policy.flows.iter().map(|(id, _)| (*id).to_owned()).collect()),
            calls: keys(policy.flows.iter().flat_map(|(_, flow)| flow.calls.keys().cloned()).collect()),
            intents,
            entities: keys(entities),
            tiers: keys(tiers),
            fields: keys(fields),
            said: said(&policy),
            asked: asked(&policy),
            own: own.0,
            policy,
        }
    }

    /// The flow itself.
    pub fn flow(&self) -> &'a Flow {
        self.policy.flow()
    }

    /// A flow by its id.
    pub fn flow_of(&self, id: &str) -> &'a Flow {
        self.policy.flows.iter().find(|(known, _)| *known == id).map_or_else(|| self.flow(), |(_, flow)| *flow)
    }

    /// Whether a card has a dialog of its own.
    pub fn is_own(&self, flow: &str, node: &str) -> bool {
        self.own.contains(&format!("{flow}/{node}"))
    }

    /// The dialog of a card.
    pub fn dialog(&self, flow: &str, node: &str) -> String {
        self.dialogs.get(&format!("{flow}/{node}")).unwrap_or(node).to_owned()
    }

    /// A card in the words of the designer: its id, with the flow in front for a called one.
    pub fn card(&self, flow: &str, node: &str) -> String {
        if flow == self.flow().id { node.to_owned() } else { format!("{flow}/{node}") }
    }

    /// Where it is kept where a flow stands; no value while it does not run.
    pub fn at(&self, flow: &str) -> String {
        format!("conversation.at.{}", self.flows.get(flow).unwrap_or(flow))
    }

    /// Where the cards are kept through which a called flow was called.
    pub fn prefix(&self, flow: &str) -> String {
        format!("conversation.within.{}", self.flows.get(flow).unwrap_or(flow))
    }

    /// Where a slot of a flow is kept.
    pub fn slot(&self, flow: &str, slot: &str) -> String {
        let key = self.policy.slot_key(flow, slot);
        format!("conversation.slots.{}", self.slots.get(key).unwrap_or(key))
    }

    /// Where a signal is kept.
    pub fn signal(&self, name: &str) -> Option<String> {
        self.signals.get(name).map(|key| format!("conversation.signals.{key}"))
    }

    /// Where an output of a card is kept.
    pub fn output(&self, flow: &str, node: &str, name: &str) -> Option<String> {
        self.outputs.get(&format!("{flow}.{node}.{name}")).map(|key| format!("conversation.outputs.{key}"))
    }

    /// Where the figures of a tier are kept, of its queue and of what was sent there.
    pub fn tier(&self, of: &str, tier: &str) -> String {
        format!("conversation.{of}.{}", self.tiers.get(tier).unwrap_or(tier))
    }

    /// Where it is kept by which name the figures of the tier of the request are.
    pub fn tier_key(&self) -> &'static str {
        let same = self.tiers.iter().all(|(tier, key)| tier == key);
        if same { "conversation.handoff.tier" } else { "conversation.handoff.tier_key" }
    }

    /// What something is called by whoever tells of it: its own name, unless that differs from another one in upper and
    /// lower case alone, which the runtime does not tell apart.
    pub fn told<'n>(names: &'n Names, name: &'n str) -> &'n str {
        let shared = names.iter().any(|(other, _)| other != name && other.eq_ignore_ascii_case(name));
        names.get(name).filter(|_| shared).unwrap_or(name)
    }

    /// Whether what is said is kept.
    pub fn keeps_transcript(&self) -> bool {
        self.asked.iter().any(|function| function.starts_with("transcript."))
    }

    /// The flows that a flow calls, through others too.
    pub fn below(&self, flow: &str) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        let mut next = vec![flow.to_owned()];
        while let Some(id) = next.pop() {
            for called in calls_of(self.flow_of(&id)) {
                if !found.contains(&called) {
                    found.push(called);
                    next.push(called.to_owned());
                }
            }
        }
        self.policy.flows.iter().map(|(id, _)| *id).filter(|id| found.contains(id)).collect()
    }

    /// The flows, those that are called before those that call them.
    pub fn innermost_first(&self) -> Vec<(&'a str, &'a Flow)> {
        let mut flows = self.policy.flows.clone();
        // What calls more flows comes later: whoever calls a flow calls all that it calls, and the flow itself.
        flows.sort_by_key(|(id, _)| self.below(id).len());
        flows
    }

    /// The cards that call a flow, with their flows.
    pub fn callers(&self, called: &str) -> Vec<(&'a str, &'a str)> {
        let cards = self.policy.flows.iter().flat_map(|(id, flow)| {
            flow.nodes.iter().filter_map(move |(node, card)| match &card.kind {
                Kind::Subflow(subflow) if subflow.flow == called => Some((*id, node.as_str())),
                _ => None,
            })
        });
        cards.collect()
    }

    /// The language of what is said, as Composer writes it.
    pub fn locale(&self) -> String {
        let locale = self.flow().locale.as_deref().unwrap_or("en").to_lowercase();
        // Files are named so; no more than 35 characters are to be expected (RFC 5646, 4.4.1).
        match locale.as_str() {
            "en" => "en-us".to_owned(),
            known @ ("de" | "es" | "fr" | "it" | "nl" | "pl") => format!("{known}-{known}"),
            other
                if (2..=35).contains(&other.len()) && other.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') =>
            {
                other.to_owned()
            }
            _ => "en-us".to_owned(),
        }
    }
}

fn calls_of(flow: &Flow) -> impl Iterator<Item = &str> {
    flow.nodes.values().filter_map(|card| match &card.kind {
        Kind::Subflow(subflow) => Some(subflow.flow.as_str()),
        _ => None,
    })
}

/// The outputs of every action of a flow.
fn outputs(flow: &Flow) -> impl Iterator<Item = (&String, &String)> {
    let actions = flow.nodes.iter().filter_map(|(id, node)| match &node.kind {
        Kind::Action(action) => Some((id, flow.calls.get(&action.call)?)),
        _ => None,
    });
    actions.flat_map(|(id, call)| call.outputs.keys().map(move |name| (id, name)))
}

/// What the bot says, each with its template.
fn said(policy: &Policy<'_>) -> Names {
    let mut wanted: Vec<(String, String)> = Vec::new();
    for (i, (id, flow)) in policy.flows.iter().enumerate() {
        for (node, card) in &flow.nodes {
            let says: &[&str] = match card.kind {
                Kind::Message(_) => &[""],
                Kind::Ask(_) => &[".prompt", ".reprompt"],
                Kind::Handoff(_) => &[".say"],
                _ => &[],
            };
            let card = if i == 0 { node.clone() } else { format!("{id}/{node}") };
            wanted.extend(says.iter().map(|what| {
                let mark = format!("{card}{what}");
                let name = format!("SendActivity_{}", mark.replace(['.', '/'], "_"));
                (mark, name)
            }));
        }
    }
    Names::wanted(wanted.iter().map(|(mark, name)| (mark.as_str(), name.as_str())), &SAID)
}

/// Cards with a dialog of their own, as a set and in order: all that wait, what a trigger leads to, and what is come to
/// from more than one place. Any other stands in the dialog that leads to it, [`DEEPEST`] of those that choose.
fn own(policy: &Policy<'_>) -> (BTreeSet<String>, Vec<String>) {
    let mut own = BTreeSet::new();
    let mut order = Vec::new();
    for (id, flow) in &policy.flows {
        let within = within(flow);
        for (node, card) in &flow.nodes {
            let is_own = match card.kind {
                Kind::Note(_) | Kind::Todo(_) | Kind::Unknown(_) => false,
                _ => within.get(node.as_str()).is_none_or(|depth| chooses(card) && depth % (DEEPEST + 1) == DEEPEST),
            };
            if is_own {
                own.insert(format!("{id}/{node}"));
                order.push(format!("{id}/{node}"));
            }
        }
    }
    (own, order)
}

/// Whether a card has several ways on, and waits for nothing.
fn chooses(card: &Node) -> bool {
    matches!(card.kind, Kind::Decision(_) | Kind::Action(_))
}

/// The cards that may stand in the dialog that leads to them, each with the number of those that choose above it, up to
/// one that may not.
fn within(flow: &Flow) -> BTreeMap<&str, usize> {
    let mut ways: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (node, card) in &flow.nodes {
        card.exits().into_iter().for_each(|exit| ways.entry(exit.to).or_default().push(node));
    }
    for trigger in flow.triggers.values() {
        ways.entry(trigger.to.as_str()).or_default().extend(["", ""]);
    }
    let before = |node: &str, card: &Node| match (&card.kind, ways.get(node).map_or(&[][..], Vec::as_slice)) {
        (Kind::Message(_) | Kind::Set(_) | Kind::End(_), []) => Some(None),
        (Kind::Message(_) | Kind::Set(_) | Kind::End(_) | Kind::Decision(_) | Kind::Action(_), [one]) => {
            Some(Some(*one))
        }
        _ => None,
    };
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, card) in &flow.nodes {
        // From the card up to one whose depth is known, and down again; a circle that nothing leads into ends as well.
        let mut way: Vec<&str> = Vec::new();
        let mut at = Some((node.as_str(), card));
        let mut depth = 0;
        while let Some((node, card)) = at {
            if let Some(known) = depths.get(node) {
                depth = known + usize::from(chooses(card));
                break;
            }
            let Some(from) = before(node, card).filter(|_| way.len() < flow.nodes.len()) else { break };
            way.push(node);
            at = from.and_then(|from| flow.nodes.get_key_value(from)).map(|(id, card)| (id.as_str(), card));
        }
        for node in way.into_iter().rev() {
            depths.insert(node, depth);
            depth += usize::from(flow.nodes.get(node).is_some_and(chooses));
        }
    }
    depths
}

fn asked(policy: &Policy<'_>) -> BTreeSet<String> {
    fn walk(expr: &Expr, found: &mut BTreeSet<String>) {
        if let Ast::Call { function, .. } = &expr.kind {
            found.insert(function.to_string());
        }
        for child in expr.children() {
            walk(child, found);
        }
    }
    let mut found = BTreeSet::new();
    for expression in policy.expressions() {
        walk(&expression.expr, &mut found);
    }
    found
}
