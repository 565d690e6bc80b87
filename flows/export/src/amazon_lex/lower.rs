//! Decides what the bot will be: the names, what stands for each card, and what the function must write for the bot.

use std::collections::BTreeMap;

use flow_conditions::ast::{Expr, Kind as Ast};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Kind};
use flow_model::names::Names as FlowNames;
use indexmap::{IndexMap, IndexSet};

use super::bot::Locale;
use super::conditions::{Printer, apart, is, known};
use super::languages;
use crate::constants::constant;
use crate::names::{Legal, Names};
use crate::policy::{Place, Policy};
use crate::threshold;

/// The threshold of Lex's own fallback where the flow sets no bound on confidence: that of the exported bots.
const THRESHOLD: &str = "0.4";

/// How every attribute begins that the export sets; what begins otherwise is the channel's.
pub const OWN: &str = "handoff_";
/// Whether an attribute is one that the function sets anew at every call, for what the flow compares.
pub fn is_flows(attribute: &str) -> bool {
    attribute.strip_prefix(OWN).is_some_and(|name| ["v_", "has_", "c_"].iter().any(|kind| name.starts_with(kind)))
}

/// The card where the conversation stands.
pub const AT: &str = "handoff_at";
/// The port by which the function left a card.
pub const PORT: &str = "handoff_port";
/// The trigger that takes a turn.
pub const FIRES: &str = "handoff_fired";
/// How the words for triggers begin.
pub const TRIGGER: &str = "trigger_";
/// How often a question was tried.
pub const ATTEMPTS: &str = "handoff_attempts";
/// How it ended.
pub const OUTCOME: &str = "handoff_outcome";
/// What the function says.
pub const SAID: &str = "handoff_said";
/// What it says to ask again.
pub const AGAIN: &str = "handoff_again";

/// Intents that every bot of ours has.
pub const FALLBACK: &str = "FallbackIntent";
/// Finds out which card takes the turn.
pub const TURN: &str = "turn";
/// Finds out where a trigger leads.
pub const FIRED: &str = "fired";
/// Rests for good.
pub const REST: &str = "rest";
/// The channel begins: the bot says its first words.
pub const WELCOME: &str = "welcome";
/// A person hands back, or the contact centre has news.
pub const HANDED_BACK: &str = "handed_back";
/// Where it goes on after that.
pub const GOES_ON: &str = "goes_on";
/// The last way out: a person is asked.
pub const COLLEAGUE: &str = "ask_a_colleague";

/// Names of intents, slots and bots; `-` is kept for the further intents of a long choice.
const LEX: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphanumeric(),
    lead: "x_",
    longest: 88,
    bytes: char::len_utf8,
    folds: true,
    single: true,
    taken: &[FALLBACK, TURN, FIRED, REST, WELCOME, HANDED_BACK, GOES_ON, COLLEAGUE],
};

/// Names of slot types: letters and digits, 25 at the most (`BuiltInOrCustomSlotTypeId` of botocore 1.44.5).
const TYPES: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric(),
    instead: 'x',
    begins: |c| c.is_ascii_alphabetic(),
    lead: "Type",
    longest: 25,
    bytes: char::len_utf8,
    folds: true,
    single: false,
    taken: &[super::write::UNHEARD],
};

/// Names of attributes.
const ATTRIBUTES: Legal = Legal { longest: 90, folds: true, taken: &[], ..LEX };

/// A card: its flow and its id.
pub type Card = (String, String);

/// Who carries out a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Lex.
    Lex,
    /// Lex, after the function has set the flags that it chooses by.
    Flags,
    /// The function; Lex goes on by the port that it names.
    Function,
}

impl By {
    /// As the function's tables name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Lex => "lex",
            Self::Flags => "flags",
            Self::Function => "function",
        }
    }
}

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The policy module.
    pub policy: &'a Policy<'a>,
    /// Names that the flow's conditions use, by flow.
    pub known: BTreeMap<&'a str, FlowNames>,
    /// The bot's name.
    pub bot: String,
    /// Its language.
    pub locale: Locale,
    /// Whether the flow's language is one of Lex's.
    pub spoken: bool,
    /// Intents: the customer's, and those of cards.
    intents: Names,
    /// The customer's intents alone, in document order: the flow's name and Lex's.
    pub customer: Vec<(String, String)>,
    /// Slots, by entity.
    pub entities: Names,
    /// Names of own slot types, by entity.
    pub types: Names,
    /// Attributes of declared signals, by signal.
    pub signals: Names,
    /// Attributes of flags, by condition.
    flags: Names,
    /// Attributes of values and of presences, by flow and name.
    attributes: Names,
    /// Who carries out each card.
    pub cards: IndexMap<Card, By>,
    /// Flags that a card chooses by: attribute, condition.
    pub chooses: IndexMap<Card, Vec<(String, String)>>,
    /// Values that the bot reads, by flow: attribute, name.
    pub values: BTreeMap<String, IndexMap<String, String>>,
    /// Presences that the bot reads, by flow: attribute, name.
    pub present: BTreeMap<String, IndexMap<String, String>>,
    /// Conditions in Lex's words, by place.
    written: BTreeMap<(String, Place), String>,
    /// Whether the bot only listens: Amazon Connect says and compares, numbers too.
    listens: bool,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(policy: &'a Policy<'a>) -> Self {
        Self::comparing(policy, false)
    }

    /// The plan of a flow for Amazon Connect, which says, compares (attributes as numbers, too), and lets the bot listen.
    pub fn listening(policy: &'a Policy<'a>) -> Self {
        Self::comparing(policy, true)
    }

    fn comparing(policy: &'a Policy<'a>, listens: bool) -> Self {
        let flow = policy.flow();
        let known = policy.flows.iter().map(|(id, flow)| (*id, FlowNames::of(flow))).collect();
        let customer: Vec<&str> = flow.intents.keys().map(String::as_str).filter(|name| *name != "none").collect();
        let intents = intents(policy, &customer);
        let pairs = customer.iter().map(|name| ((*name).to_owned(), intents.get(name).unwrap_or(name).to_owned()));
        let customer = pairs.collect();
        let entities: Vec<&str> = policy.entities().collect();
        let signals = policy.flows.iter().flat_map(|(_, flow)| flow.signals.keys().map(String::as_str));
        let flags = policy.conditions().iter().map(|condition| condition.name.as_str());
        let locale = languages::locale(flow.locale.as_deref());
        let mut plan = Self {
            policy,
            known,
            bot: Names::of([flow.id.as_str()], &LEX).get(&flow.id).unwrap_or("bot").to_owned(),
            locale: locale.unwrap_or_default(),
            spoken: locale.is_some(),
            intents,
            customer,
            entities: Names::of(entities.iter().copied(), &LEX),
            types: types(&entities),
            signals: Names::of(signals, &ATTRIBUTES),
            flags: Names::of(flags, &ATTRIBUTES),
            attributes: attributes(policy),
            cards: IndexMap::new(),
            chooses: IndexMap::new(),
            values: BTreeMap::new(),
            present: BTreeMap::new(),
            written: BTreeMap::new(),
            listens,
        };
        plan.conditions();
        plan.carried();
        plan
    }

    /// Lex's name of a card.
    pub fn card(&self, flow: &str, node: &str) -> String {
        self.intent(&key("card", flow, node))
    }

    /// Lex's name of the intent where a waiting card takes a turn.
    pub fn heard(&self, flow: &str, node: &str) -> String {
        self.intent(&key("heard", flow, node))
    }

    /// Lex's name of the intent that goes on from a card which the function carried out.
    pub fn left(&self, flow: &str, node: &str) -> String {
        self.intent(&key("left", flow, node))
    }

    /// Lex's name of the intent that goes back to the callers of a flow.
    pub fn back(&self, flow: &str) -> String {
        self.intent(&key("back", flow, ""))
    }

    fn intent(&self, key: &str) -> String {
        self.intents.get(key).unwrap_or(COLLEAGUE).to_owned()
    }

    /// The word for a trigger.
    pub fn trigger(&self, flow: &str, id: &str) -> String {
        self.intent(&key("trigger", flow, id))
    }

    /// The attribute that is there when a name of a flow has a value.
    pub fn has(&self, flow: &str, name: &str) -> String {
        format!("{OWN}has_{}", self.attribute(flow, name))
    }

    /// The attribute that holds the value of a name of a flow.
    pub fn value(&self, flow: &str, name: &str) -> String {
        format!("{OWN}v_{}", self.attribute(flow, name))
    }

    fn attribute(&self, flow: &str, name: &str) -> &str {
        self.attributes.get(&attribute_key(self.policy, flow, name)).unwrap_or("unknown")
    }

    /// The attribute that a signal is told in.
    pub fn signal(&self, name: &str) -> String {
        format!("signal_{}", self.signals.get(name).unwrap_or("unknown"))
    }

    /// The condition at a place as a branch asks it, in Lex's words or as a flag.
    pub fn asks(&self, flow: &str, place: &Place) -> String {
        if let Some(text) = self.written.get(&(flow.to_owned(), place.clone())) {
            return text.clone();
        }
        let name = self.policy.condition(flow, place).map_or("", |condition| condition.name.as_str());
        is(&self.flag(name), "true")
    }

    /// Whether the condition at a place is compared by the platform itself.
    pub fn says(&self, flow: &str, place: &Place) -> bool {
        self.written.contains_key(&(flow.to_owned(), place.clone()))
    }

    /// The attribute of a flag.
    pub fn flag(&self, condition: &str) -> String {
        format!("{OWN}c_{}", self.flags.get(condition).unwrap_or("unknown"))
    }

    /// The flow with this id.
    pub fn flow(&self, id: &str) -> Option<&'a Flow> {
        self.policy.flows.iter().find(|(known, _)| *known == id).map(|(_, flow)| *flow)
    }

    /// What an entity's values are: those of the first slot that it fills.
    pub fn entity_type(&self, entity: &str) -> Option<&'a Type> {
        let of = |slot: &&&flow_model::flow::Slot| slot.entity.as_deref() == Some(entity);
        self.policy.slots.values().find(of).map(|slot| &slot.r#type)
    }

    /// Prints what Lex can decide of the branches, and notes the flags for the rest.
    fn conditions(&mut self) {
        let (policy, numbers) = (self.policy, self.listens);
        for condition in policy.conditions() {
            let Place::Branch(node, _) = &condition.place else { continue };
            let flow = condition.flow.as_str();
            let Some(names) = self.known.get(flow) else { continue };
            let (value, present) = (|name: &str| self.value(flow, name), |name: &str| self.has(flow, name));
            let printed = Printer { names, value: &value, present: &present, numbers }.print(&condition.expr);
            let printed = printed.filter(|_| !(self.listens && names_a_reference(&condition.expr)));
            match printed {
                Some((text, reads)) => {
                    for name in reads.values {
                        self.reads_value(flow, &name);
                    }
                    for name in reads.present {
                        self.reads_presence(flow, &name);
                    }
                    self.written.insert((flow.to_owned(), condition.place.clone()), text);
                }
                None => {
                    let card = (flow.to_owned(), node.clone());
                    let flag = (self.flag(&condition.name), condition.name.clone());
                    self.chooses.entry(card).or_default().push(flag);
                }
            }
        }
        for (id, flow) in &policy.flows {
            for node in flow.nodes.values() {
                if let Kind::Ask(ask) = &node.kind {
                    self.reads_presence(id, &format!("slots.{}", ask.slot));
                }
            }
        }
    }

    fn reads_value(&mut self, flow: &str, name: &str) {
        let attribute = self.value(flow, name);
        self.values.entry(flow.to_owned()).or_default().insert(attribute, name.to_owned());
    }

    fn reads_presence(&mut self, flow: &str, name: &str) {
        let attribute = self.has(flow, name);
        self.present.entry(flow.to_owned()).or_default().insert(attribute, name.to_owned());
    }

    /// Whether the bot reads this attribute of a flow.
    pub fn is_read(&self, flow: &str, attribute: &str) -> bool {
        let among = |map: &BTreeMap<String, IndexMap<String, String>>| {
            map.get(flow).is_some_and(|names| names.contains_key(attribute))
        };
        among(&self.values) || among(&self.present)
    }

    fn carried(&mut self) {
        let policy = self.policy;
        let kept = policy.keeps_place();
        for (i, (id, flow)) in policy.flows.iter().enumerate() {
            for (node, entry) in &flow.nodes {
                let card = ((*id).to_owned(), node.clone());
                let by = match &entry.kind {
                    Kind::Start(_) | Kind::Note(_) | Kind::Listen(_) => By::Lex,
                    Kind::Message(n) if self.words(&n.text).is_some() => By::Lex,
                    Kind::Ask(n) if self.words(&n.prompt).is_some() => By::Lex,
                    Kind::Decision(_) if self.chooses.contains_key(&card) => By::Flags,
                    Kind::Decision(_) => By::Lex,
                    Kind::Set(n)
                        if n.assign.iter().all(|(slot, from)| self.constant(id, slot, from.as_ref()).is_some()) =>
                    {
                        By::Lex
                    }
                    Kind::End(n) if i == 0 && !kept && self.words(&n.outcome).is_some() => By::Lex,
                    Kind::Todo(_) | Kind::Unknown(_) => continue,
                    _ => By::Function,
                };
                self.cards.insert(card, by);
            }
        }
    }

    /// What Lex notes for an assignment that it can make: a constant that the slot takes.
    pub fn constant(&self, flow: &str, slot: &str, from: Option<&String>) -> Option<Value> {
        let from = flow_conditions::parse::parse_payload(from?).expr;
        let value = constant(&from, &known(self.known.get(flow)?))?;
        let kind = &self.flow(flow)?.slots.get(slot)?.r#type;
        let taken = matches!(&value, Value::Text(text) if self.listens && refers(text));
        (!taken && fits(&value, kind)).then_some(value)
    }

    /// A text as the platform says it by itself; nothing where the function has to.
    pub fn words(&self, text: &str) -> Option<Vec<String>> {
        if self.listens && refers(text) { None } else { words(text) }
    }

    /// Seconds after which the function gives a call up at the latest, so that it can still answer in time: Connect waits
    /// for 8 seconds (the catalogue of the flow language, 2026-09-29), Lex for 30
    /// (docs.aws.amazon.com/lexv2/latest/dg/lambda-input-format.html, 2026-11-22).
    pub const fn patience(&self) -> i64 {
        if self.listens { 7 } else { 28 }
    }

    /// A card as people name it.
    pub fn place(&self, flow: &str, node: &str) -> String {
        if self.policy.flow().id == flow { node.to_owned() } else { format!("{flow}/{node}") }
    }

    /// Entities that are heard alone, with the intent that is nothing but their value: those that a question of the flow asks
    /// for, and those with a list of values.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        // A value of a list is told from other words wherever it is said; what looks like other words, or like any other
        // number, is listened for where it is asked for.
        let listed = |entity: &str| matches!(self.entity_type(entity), Some(Type::Enum(_) | Type::Bool));
        let wanted = move |entity: &str| listed(entity) || asked_for(self.policy, entity);
        self.entities
            .iter()
            .filter(move |(entity, _)| wanted(entity))
            .filter_map(|(entity, _)| Some((entity, self.intents.get(&key("answer", "", entity))?)))
    }

    /// Below it Lex's own fallback takes a turn; no bound of the flow does.
    pub fn threshold(&self) -> String {
        self.below().to_string()
    }

    /// The same as a number.
    pub fn below(&self) -> Decimal {
        threshold::below_every_bound(self.policy, THRESHOLD)
    }
}

/// Whether a slot takes a value, and Lex keeps it as it is.
fn fits(value: &Value, kind: &Type) -> bool {
    let kept = match kind {
        Type::Enum(values) => apart(values.iter().map(AsRef::as_ref)),
        Type::List(_) | Type::Any => false,
        Type::Bool | Type::Text | Type::Number { .. } | Type::Integer { .. } => true,
    };
    kept && flow_run::state::fits(value, kind)
}

/// Whether Connect would take a part of a text for a reference to an attribute, or for a placeholder.
fn refers(text: &str) -> bool {
    text.contains("$.") || text.contains("${")
}

fn names_a_reference(expr: &Expr) -> bool {
    let own = matches!(&expr.kind, Ast::Literal(flow_conditions::ast::Literal::Text(text)) if refers(text));
    own || expr.inside().any(names_a_reference)
}

fn asked_for(policy: &Policy<'_>, entity: &str) -> bool {
    policy.flows.iter().any(|(_, flow)| {
        flow.nodes.values().any(|node| match &node.kind {
            Kind::Ask(ask) => flow.slots.get(&ask.slot).and_then(|slot| slot.entity.as_deref()) == Some(entity),
            _ => false,
        })
    })
}

/// Slot types in camel case: `order_id` is of the type `OrderId`.
fn types(entities: &[&str]) -> Names {
    let camel = |entity: &str| -> String {
        let words = entity.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .map(|word| word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default())
            .collect()
    };
    let wanted: IndexMap<&str, String> = entities.iter().map(|entity| (*entity, camel(entity))).collect();
    Names::wanted(wanted.iter().map(|(entity, name)| (*entity, name.as_str())), &TYPES)
}

/// A key that no name of a document has.
fn key(kind: &str, flow: &str, node: &str) -> String {
    format!("{kind}\u{0}{flow}\u{0}{node}")
}

/// Every intent's name: those of the flow itself are named by their card alone.
fn intents(policy: &Policy<'_>, customer: &[&str]) -> Names {
    let mut wanted: IndexMap<String, String> = IndexMap::new();
    for name in customer {
        wanted.insert((*name).to_owned(), (*name).to_owned());
    }
    for (i, (id, flow)) in policy.flows.iter().enumerate() {
        let named = |kind: &str, own: &str| if i == 0 { format!("{kind}_{own}") } else { format!("{kind}_{id}_{own}") };
        for (node, entry) in &flow.nodes {
            wanted.insert(key("card", id, node), named("card", node));
            if matches!(entry.kind, Kind::Listen(_) | Kind::Ask(_)) {
                wanted.insert(key("heard", id, node), named("heard", node));
            }
            if matches!(entry.kind, Kind::Handoff(_) | Kind::Subflow(_)) {
                wanted.insert(key("left", id, node), named("left", node));
            }
        }
        if i > 0 {
            wanted.insert(key("back", id, ""), format!("back_{id}"));
        }
        for trigger in flow.triggers.keys() {
            wanted.insert(key("trigger", id, trigger), named("trigger", trigger));
        }
    }
    for entity in policy.entities() {
        wanted.insert(key("answer", "", entity), format!("answer_{entity}"));
    }
    named(&wanted)
}

/// Names for keys, made from what each wants to be called.
fn named(wanted: &IndexMap<String, String>) -> Names {
    Names::wanted(wanted.iter().map(|(key, name)| (key.as_str(), name.as_str())), &LEX)
}

fn attribute_key(policy: &Policy<'_>, flow: &str, name: &str) -> String {
    if policy.flow().id == flow { name.to_owned() } else { format!("{flow}\u{0}{name}") }
}

/// Attributes of every name that a branch or an `ask` could read.
fn attributes(policy: &Policy<'_>) -> Names {
    let mut keys: IndexSet<String> = IndexSet::new();
    for condition in policy.conditions() {
        if matches!(condition.place, Place::Branch(..)) {
            names_in(&condition.expr, &mut |name| {
                keys.insert(attribute_key(policy, &condition.flow, name));
            });
        }
    }
    for (id, flow) in &policy.flows {
        for node in flow.nodes.values() {
            match &node.kind {
                Kind::Ask(ask) => {
                    keys.insert(attribute_key(policy, id, &format!("slots.{}", ask.slot)));
                }
                Kind::Set(set) => {
                    for slot in set.assign.keys() {
                        keys.insert(attribute_key(policy, id, &format!("slots.{slot}")));
                    }
                }
                _ => {}
            }
        }
    }
    Names::of(keys.iter().map(String::as_str), &ATTRIBUTES)
}

fn names_in(expr: &Expr, found: &mut dyn FnMut(&str)) {
    if let Ast::Name(name) | Ast::Has(name) = &expr.kind {
        found(name);
    }
    for child in expr.children() {
        names_in(child, found);
    }
}

/// Characters of a text that are there whatever its values are.
pub fn fixed(text: &str) -> usize {
    use flow_model::template::{Piece, parse};
    let of = |piece: Piece| if let Piece::Text(text) = piece { text.encode_utf16().count() } else { 0 };
    parse(text).0.into_iter().map(of).sum()
}

/// A text as Lex says it, in its messages; nothing where the function has to say it: with placeholders, with what Lex
/// would take for one, or too long.
pub fn words(text: &str) -> Option<Vec<String>> {
    use super::bot::{MESSAGE, MESSAGES};
    use flow_model::template::{Piece, parse};
    let mut plain = String::new();
    for piece in parse(text).0 {
        match piece {
            Piece::Text(text) => plain.push_str(&text),
            Piece::Value(_) => return None,
        }
    }
    if plain.contains(['{', '}', '[', ']']) || plain.contains("((") {
        return None;
    }
    if plain.trim().is_empty() {
        return Some(Vec::new());
    }
    let (mut parts, mut part, mut size) = (Vec::new(), String::new(), 0);
    for c in plain.chars() {
        if size + c.len_utf16() > MESSAGE {
            parts.push(std::mem::take(&mut part));
            size = 0;
        }
        part.push(c);
        size += c.len_utf16();
    }
    parts.push(part);
    let blank = parts.iter().any(|part| part.trim().is_empty());
    (parts.len() <= MESSAGES && !blank).then_some(parts)
}
