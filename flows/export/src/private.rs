//! Conversations without what is private: values that a class or a field of a payload masks, hashes, drops or blocks never
//! leave with an export. In its tests stand others instead, made up; what a conversation comes to is then that of the other one.
//!
//! What must stay true: what is made up depends on the form of a value (letters, digits, its range) and on nothing else
//! of it, so that nobody finds the value by trying. Values that the flow itself lists (of an enum, yes and no) stay.

use std::collections::BTreeSet;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};
use flow_conversations::{Conversation, Event, Given, UserTurn, json};
use flow_model::flow::{Flow, Kind};
use flow_model::tree::{Json, Number};
use flow_run::machine::Machine;
use flow_run::program::Program;
use flow_run::state::{Place, State};
use flow_run::watch::{Exit, Watch, Why};

use crate::policy::write::{kept_back, redaction};

/// Where values stand in a conversation, as they are.
const VALUES: [&str; 5] = ["entities", "slots", "data", "signals", "customer"];
/// Where they stand in sentences.
const SENTENCES: [&str; 3] = ["text", "note", "message"];

/// What is known of a conversation that holds private values.
#[derive(Debug)]
pub struct Private {
    told: Json,
    secrets: Vec<Secret>,
}

/// A private value as it may be written.
#[derive(Debug)]
struct Secret {
    text: String,
    of: Type,
}

impl Private {
    /// The private values of a conversation; nothing where it has none.
    pub fn of(program: &Program, conversation: &Conversation) -> Option<Self> {
        let names: Vec<BTreeSet<String>> = program.units.iter().map(|unit| names(&unit.flow)).collect();
        let held: Vec<(u32, &Type)> = program
            .units
            .iter()
            .zip(&names)
            .flat_map(|(unit, names)| names.iter().filter_map(|name| unit.globals.get(name)))
            .filter_map(|at| Some((*at, program.types.get(*at as usize)?)))
            .filter(|(_, of)| !matches!(of, Type::Enum(_) | Type::Bool))
            .collect();
        if held.is_empty() {
            return None;
        }
        let mut machine = Machine::new(program, State::new(program), Seen { held, secrets: Vec::new() });
        machine.run(conversation);
        let mut secrets = machine.watch.secrets;
        // What was told and never came to a name of the flow is private, too.
        for (unit, names) in program.units.iter().zip(&names) {
            for (name, of, value) in told_of(&unit.flow, conversation) {
                if names.contains(&name) && !is_listed(value, of) {
                    note(&mut secrets, value, of);
                }
            }
        }
        // The longest first: one may stand within another.
        secrets.sort_by(|a, b| (b.text.len(), &a.text).cmp(&(a.text.len(), &b.text)));
        (!secrets.is_empty()).then(|| Self { told: json(conversation), secrets })
    }

    /// The conversation with other values; each `attempt` has its own.
    pub fn made_up(&self, attempt: u32) -> Option<Conversation> {
        let known: BTreeSet<&str> = self.secrets.iter().map(|secret| secret.text.as_str()).collect();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        for (at, secret) in (0_u32..).zip(&self.secrets) {
            let mut stream = Stream::new(attempt.wrapping_mul(0x9e37).wrapping_add(at));
            // Never one that is private itself.
            let other = (0..16).map(|_| other(secret, &mut stream)).find(|other| !known.contains(other.as_str()));
            pairs.push((&secret.text, other.unwrap_or_default()));
        }
        let entries = self.told.entries().iter().map(|(key, value)| {
            let value = match key.as_str() {
                "turns" => Json::List(value.items().iter().map(|turn| told(turn, &pairs)).collect()),
                "customer" => replaced(value, &pairs),
                _ => value.clone(),
            };
            (key.clone(), value)
        });
        flow_conversations::value(&Json::Map(entries.collect())).ok().map(|(conversation, _)| conversation)
    }
}

/// Whether what a slot holds is masked, hashed, dropped or blocked where it is sent.
pub fn is_private(flow: &Flow, slot: &str) -> bool {
    names(flow).contains(&format!("slots.{slot}"))
}

/// The names whose values are kept back where they are sent: slots of a class that says so, and what a field that says so
/// takes as it is from a slot, a signal, a call or the customer's id.
fn names(flow: &Flow) -> BTreeSet<String> {
    let slots = kept_back(flow).map(|(slot, _)| format!("slots.{slot}"));
    let fields = flow.contexts.keys().flat_map(|context| flow.fields_of(context).into_values());
    let kept = fields.filter(|field| redaction(flow, field) != "none").map(|field| field.from.trim().to_owned());
    let is_told = |name: &String| {
        let first = name.split('.').next().unwrap_or_default();
        let made = || matches!(flow.nodes.get(first).map(|node| &node.kind), Some(Kind::Action(_)));
        first == "slots" || flow.signals.contains_key(name) || name == "customer.id" || made()
    };
    slots.chain(kept.filter(is_told)).collect()
}

/// What a conversation tells of slots, signals and the customer: the name, its type, the value.
fn told_of<'c>(flow: &'c Flow, conversation: &'c Conversation) -> Vec<(String, &'c Type, &'c Value)> {
    let mut found = Vec::new();
    let mut signal = |name: String, given: &'c Given| {
        let of = flow.signals.get(&name).map_or(&Type::Text, |signal| &signal.r#type);
        found.extend(given.value().map(|value| (name, of, value)));
    };
    for (key, given) in &conversation.customer {
        signal(format!("customer.{key}"), given);
    }
    for turn in &conversation.turns {
        if let Event::User(turn) = &turn.event {
            turn.signals.iter().for_each(|(name, given)| signal(name.clone(), given));
        }
    }
    for turn in &conversation.turns {
        let (named, by_entity) = match &turn.event {
            Event::User(turn) => (&turn.entities, true),
            Event::Agent(agent) => (&agent.slots, false),
            _ => continue,
        };
        for (name, given) in named {
            let fills =
                |id: &str, entity: Option<&str>| if by_entity { entity == Some(name.as_str()) } else { id == name };
            let slots = flow.slots.iter().filter(|(id, slot)| fills(id, slot.entity.as_deref()));
            let value = given.value();
            found.extend(slots.filter_map(|(id, slot)| Some((format!("slots.{id}"), &slot.r#type, value?))));
        }
    }
    found
}

/// Whether the flow itself lists a value: of an enum, yes and no.
fn is_listed(value: &Value, of: &Type) -> bool {
    match (of, value) {
        (Type::Bool, _) => true,
        (Type::Enum(values), Value::Text(text)) => values.contains(text),
        _ => false,
    }
}

fn note(secrets: &mut Vec<Secret>, value: &Value, of: &Type) {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::List(items) => return items.iter().for_each(|item| note(secrets, item, &Type::Text)),
        Value::Bool(_) => return,
    };
    if !text.is_empty() && secrets.iter().all(|known| known.text != text) {
        secrets.push(Secret { text, of: of.clone() });
    }
}

/// Writes down what private names hold.
struct Seen<'p> {
    held: Vec<(u32, &'p Type)>,
    secrets: Vec<Secret>,
}

impl Seen<'_> {
    fn look(&mut self, state: &State) {
        for (at, of) in &self.held {
            if let Some(Some(value)) = state.values.get(*at as usize) {
                note(&mut self.secrets, value, of);
            }
        }
    }
}

impl<'p> Watch<'p> for Seen<'p> {
    fn customer(&mut self, _: &UserTurn, state: &State) {
        self.look(state);
    }

    fn entered(&mut self, _: &'p Program, state: &State) {
        self.look(state);
    }

    fn step(&mut self, _: &'p Program, state: &State, _: Exit<'p>, _: Option<Place>, _: Why) {
        self.look(state);
    }
}

/// One event with other values.
fn told(turn: &Json, pairs: &[(&str, String)]) -> Json {
    let mut entries = Vec::new();
    for (key, value) in turn.entries() {
        let value = match value {
            value if VALUES.contains(&key.as_str()) => replaced(value, pairs),
            Json::Text(text) if SENTENCES.contains(&key.as_str()) => Json::Text(sentence(text, turn, pairs)),
            value => value.clone(),
        };
        entries.push((key.clone(), value));
    }
    Json::Map(entries)
}

/// What was said, with other values. Where a value was found in it that does not stand there as it is (a number in words),
/// the other value is all that is said.
fn sentence(text: &str, turn: &Json, pairs: &[(&str, String)]) -> String {
    let found = turn.get("entities").map_or(&[][..], Json::entries);
    let hidden = found.iter().find_map(|(_, value)| {
        let value = written(value)?;
        let (secret, other) = pairs.iter().find(|(secret, _)| *secret == value)?;
        (place(text, secret, 0).is_none()).then_some(other)
    });
    hidden
        .cloned()
        .unwrap_or_else(|| pairs.iter().fold(text.to_owned(), |text, (secret, other)| swapped(&text, secret, other)))
}

fn written(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.text().to_owned()),
        _ => None,
    }
}

fn replaced(value: &Json, pairs: &[(&str, String)]) -> Json {
    match value {
        Json::Text(text) => {
            Json::Text(pairs.iter().fold(text.clone(), |text, (secret, other)| swapped(&text, secret, other)))
        }
        Json::Number(number) => {
            let other = pairs.iter().find(|(secret, _)| *secret == number.text());
            other.map_or_else(|| value.clone(), |(_, other)| Json::Number(Number::from_text(other)))
        }
        Json::List(items) => Json::List(items.iter().map(|item| replaced(item, pairs)).collect()),
        Json::Map(entries) => {
            Json::Map(entries.iter().map(|(key, value)| (key.clone(), replaced(value, pairs))).collect())
        }
        Json::Null | Json::Bool(_) => value.clone(),
    }
}

/// A text with every mention of a value replaced.
fn swapped(text: &str, secret: &str, other: &str) -> String {
    let (mut out, mut from) = (String::new(), 0);
    while let Some((start, end)) = place(text, secret, from) {
        out.push_str(text.get(from..start).unwrap_or_default());
        out.push_str(other);
        from = end;
    }
    out + text.get(from..).unwrap_or_default()
}

/// Where a value stands as a word of its own, in upper or lower case.
fn place(text: &str, secret: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    rest.char_indices().find_map(|(at, _)| {
        let start = from + at;
        let mut left = text.get(start..)?.chars();
        let mut end = start;
        for wanted in secret.chars() {
            let c = left.next()?;
            if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            end += c.len_utf8();
        }
        let before = text.get(..start)?.chars().next_back().is_some_and(char::is_alphanumeric);
        let after = left.next().is_some_and(char::is_alphanumeric);
        (!before && !after && end > start).then_some((start, end))
    })
}

/// Another value of the same form.
fn other(secret: &Secret, stream: &mut Stream) -> String {
    if let Type::Integer { min: Some(min), max: Some(max) } | Type::Number { min: Some(min), max: Some(max) } =
        &secret.of
        && let Some(number) = between(*min, *max, stream)
    {
        return number.to_string();
    }
    let is_number = !matches!(secret.of, Type::Text | Type::List(_) | Type::Any);
    let mut out = String::with_capacity(secret.text.len());
    for c in secret.text.chars() {
        out.push(match c {
            // No nought at either end of a number: it would be another number of digits.
            c if c.is_ascii_digit() && is_number => stream.of(b"123456789"),
            c if c.is_ascii_digit() => stream.of(b"0123456789"),
            c if c.is_uppercase() => stream.of(b"ABCDEFGHJKLMNPQRSTUVWXYZ"),
            c if c.is_alphanumeric() => stream.of(b"abcdefghijkmnopqrstuvwxyz"),
            c => c,
        });
    }
    out
}

/// A whole number of a range.
fn between(min: Decimal, max: Decimal, stream: &mut Stream) -> Option<Decimal> {
    let (min, max) = (min.ceil().to_i64()?, max.floor().to_i64()?);
    let width = u64::try_from(max.checked_sub(min)?).ok()?.checked_add(1)?;
    let at = i64::try_from(u64::from(stream.next()) % width).ok()?;
    Some(Decimal::from_i64(min.checked_add(at)?))
}

/// Numbers that look drawn, the same on every machine.
struct Stream(u32);

impl Stream {
    fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x85eb_ca6b) ^ 0x9e37_79b9)
    }

    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(0x0019_660d).wrapping_add(0x3c6e_f35f);
        (self.0 ^ (self.0 >> 15)).wrapping_mul(0x2c1b_3c6d) >> 4
    }

    fn of(&mut self, signs: &[u8]) -> char {
        let at = self.next() as usize % signs.len().max(1);
        signs.get(at).map_or('x', |sign| char::from(*sign))
    }
}

#[cfg(test)]
mod tests {
    use super::{place, swapped};

    #[test]
    fn values_are_found_as_words_of_their_own() {
        assert_eq!(swapped("tx-1, TX-1 and TX-12", "TX-1", "AB-9"), "AB-9, AB-9 and TX-12");
        assert_eq!(swapped("Straße 5", "straße", "xx"), "xx 5");
        assert_eq!(place("a1", "1", 0), None);
    }
}
