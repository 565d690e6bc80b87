//! Prints what the function knows of the bot (`lambda/names.py`), and the calls to fill in (`lambda/calls.py`).

use flow_conditions::value::Type;
use flow_model::flow::Kind;

use super::cards::{ports, word};
use super::lower::{By, Plan};
use super::{grows, languages};
use crate::names::{Legal, Names};
use crate::policy::python::{Py, quoted};
use crate::prose;

const HEAD: &str =
    "\"\"\"What the function knows of the bot: Lex's names and the flow's, and who carries out which card.\"\"\"\n";

/// `lambda/names.py`
pub fn names(plan: &Plan<'_>) -> String {
    let texts =
        |pairs: Vec<(String, String)>| Py::Map(pairs.into_iter().map(|(key, value)| (key, Py::text(value))).collect());
    let intents = plan.customer.iter().map(|(name, legal)| (legal.clone(), name.clone())).collect();
    let slots = plan.entities.iter().map(|(entity, slot)| (slot.to_owned(), entity.to_owned())).collect();
    let kinds = plan
        .entities
        .iter()
        .filter_map(|(entity, _)| Some((entity.to_owned(), kind(plan.entity_type(entity)?).to_owned())));
    let signals = plan.signals.iter().map(|(name, _)| (plan.signal(name), name.to_owned())).collect();
    let mut triggers = Vec::new();
    for (id, flow) in &plan.policy.flows {
        triggers.extend(flow.triggers.keys().map(|trigger| (format!("{id}.{trigger}"), plan.trigger(id, trigger))));
    }
    let mirrored = |map: &std::collections::BTreeMap<String, indexmap::IndexMap<String, String>>| {
        let flows = plan.policy.flows.iter().filter_map(|(id, _)| {
            let names = map.get(*id)?.iter().map(|(attribute, name)| (attribute.clone(), name.clone())).collect();
            Some(((*id).to_owned(), texts(names)))
        });
        Py::Map(flows.collect())
    };
    let tier = prose::first_tier(plan.policy.flow());
    let parts = [
        ("The customer's intents: Lex's name, the flow's.", "INTENTS", texts(intents)),
        ("Slots: Lex's name, the entity.", "SLOTS", texts(slots)),
        ("What an entity's values are.", "KINDS", texts(kinds.collect())),
        ("Attributes that signals are told in.", "SIGNALS", texts(signals)),
        ("The words for triggers.", "TRIGGERS", texts(triggers)),
        ("Attributes that hold values, by flow.", "VALUES", mirrored(&plan.values)),
        ("Attributes that are there when a name has a value, by flow.", "PRESENT", mirrored(&plan.present)),
        (
            "Fields of a payload that grow with the conversation: where they come from, and how many entries they want.",
            "SOURCES",
            { sources(plan) },
        ),
        ("Where nothing could be decided, this tier is asked.", "FIRST_TIER", Py::optional(tier.as_ref())),
        ("What is said then.", "SORRY", Py::text(languages::colleague(plan.locale))),
        ("The cards, by their intent.", "CARDS", cards(plan)),
    ];
    let mut text = HEAD.to_owned();
    for (about, name, py) in parts {
        text += &format!("\n# {about}\n{name} = {}\n", py.pretty(0, name.len() + 3));
    }
    text
}

/// Where the fields that grow with the conversation come from, by flow and context.
fn sources(plan: &Plan<'_>) -> Py {
    let mut flows = Vec::new();
    for (id, flow) in &plan.policy.flows {
        let of = |(context, _): (&String, _)| {
            let fields = grows::fields(flow, context).map(|(field, grown)| {
                let most = grown.most.map_or(Py::None, |most| Py::Code(most.to_string()));
                (field, Py::List(vec![Py::text(grown.part), most]))
            });
            let fields: Vec<(String, Py)> = fields.collect();
            (!fields.is_empty()).then(|| (context.clone(), Py::Map(fields)))
        };
        let contexts: Vec<(String, Py)> = flow.contexts.iter().filter_map(of).collect();
        if !contexts.is_empty() {
            flows.push(((*id).to_owned(), Py::Map(contexts)));
        }
    }
    Py::Map(flows)
}

fn kind(kind: &Type) -> &'static str {
    match kind {
        Type::Number { .. } | Type::Integer { .. } => "number",
        Type::Bool => "bool",
        Type::Enum(_) | Type::Text | Type::List(_) | Type::Any => "text",
    }
}

fn cards(plan: &Plan<'_>) -> Py {
    let cards = plan.cards.iter().map(|(card, by)| {
        let (flow, node) = card;
        let mut entries = vec![
            ("flow".to_owned(), Py::text(flow)),
            ("card".to_owned(), Py::text(node)),
            ("by".to_owned(), Py::text(by.id())),
        ];
        let flags = plan
            .chooses
            .get(card)
            .map(|flags| flags.iter().map(|(attribute, condition)| (attribute.clone(), Py::text(condition))).collect());
        entries.extend(flags.map(|flags| ("flags".to_owned(), Py::Map(flags))));
        let all = ports(plan, card);
        let all = if *by == By::Function { all } else { Vec::new() };
        let odd = all.iter().map(|(port, _)| (port.clone(), word(&all, port))).filter(|(port, word)| port != word);
        let odd: Vec<(String, Py)> = odd.map(|(port, word)| (port, Py::Text(word))).collect();
        if !odd.is_empty() {
            entries.push(("words".to_owned(), Py::Map(odd)));
        }
        if says_again(plan, card) {
            entries.push(("says_again".to_owned(), Py::Bool(true)));
        }
        (plan.card(flow, node), Py::Map(entries))
    });
    Py::Map(cards.collect())
}

/// Whether the function fills in the words with which the card asks again.
fn says_again(plan: &Plan<'_>, (flow, node): &super::lower::Card) -> bool {
    match plan.flow(flow).and_then(|flow| flow.nodes.get(node)).map(|entry| &entry.kind) {
        Some(Kind::Ask(n)) => plan.words(n.reprompt.as_ref().unwrap_or(&n.prompt)).is_none(),
        _ => false,
    }
}

/// Names of Python functions.
const FUNCTIONS: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic(),
    lead: "call_",
    longest: 80,
    bytes: char::len_utf8,
    folds: false,
    single: false,
    taken: &[
        "call",
        "workers",
        "log",
        "logging",
        "queues",
        "request",
        "CALLS",
        "LIMITS",
        "ThreadPoolExecutor",
        "TimeoutError",
    ],
};

/// `lambda/calls.py`
pub fn calls(plan: &Plan<'_>) -> String {
    let flows = &plan.policy.flows;
    let wanted: Vec<String> =
        flows.iter().flat_map(|(_, flow)| flow.calls.keys()).map(|name| format!("call_{name}")).collect();
    let names = Names::of(wanted.iter().map(String::as_str), &FUNCTIONS);
    let (mut functions, mut table) = (String::new(), Vec::new());
    for (wanted, function) in names.iter() {
        let name = wanted.strip_prefix("call_").unwrap_or(wanted);
        let Some(about) = prose::about_call(flows, name, &prose::one_line(name)) else { continue };
        functions += &format!("\n\ndef {function}(inputs):\n    {}\n    return None\n", quoted(&about));
        table.push((name.to_owned(), Py::Code(function.to_owned())));
    }
    let (table, limits) = (Py::Map(table).pretty(0, 8), prose::call_limits(flows, Some(plan.patience())).pretty(0, 9));
    let texts = [("\n\n# @FUNCTIONS@\n", functions.as_str()), ("@CALLS@", &table), ("@LIMITS@", &limits)];
    prose::placed(include_str!("project/calls.py"), &texts)
}
