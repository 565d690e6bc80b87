//! Intents with what customers say, entity types with their values, webhooks, and the group of routes that hears it all.

use std::collections::BTreeMap;

use flow_conditions::value::Type;
use flow_model::flow::Kind;
use indexmap::IndexSet;
use serde_json::{Value, json};

use super::json::{Fulfillment, Route, Target, file, id, routes, text};
use super::lower::Plan;
use super::words::{self, HEAR, HEARD, INTENT};
use crate::uses::is_german;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The intents that every agent has; their ids are the same in all of them.
const WELCOME: &str = "Default Welcome Intent";
const NEGATIVE: &str = "Default Negative Intent";
const WELCOME_ID: &str = "00000000-0000-0000-0000-000000000000";
const NEGATIVE_ID: &str = "00000000-0000-0000-0000-000000000001";
/// What a customer may open a conversation with; no turn of the flow.
const GREETINGS: [&str; 6] = ["hello", "hi", "hi there", "hey", "good morning", "hallo"];
const GREETINGS_DE: [&str; 6] = ["hallo", "hi", "guten Tag", "guten Morgen", "guten Abend", "moin"];

/// The platform's own entities for texts that everybody writes alike.
const SYSTEM: [(&str, &str); 4] = [
    ("phone", "@sys.phone-number"),
    ("phone_number", "@sys.phone-number"),
    ("email", "@sys.email"),
    ("url", "@sys.url"),
];

/// Whatever is said and matches no intent (agents that were exported ask in their forms for it).
pub const FREE: &str = "@sys.any";

/// The entity type of a slot's values.
pub fn entity_type(plan: &Plan<'_>, entity: &str, of: &Type) -> String {
    match of {
        Type::Number { .. } | Type::Integer { .. } => "@sys.number".to_owned(),
        Type::Text => system(entity).unwrap_or(FREE).to_owned(),
        Type::Enum(_) | Type::Bool | Type::List(_) | Type::Any => own(plan, entity),
    }
}

fn system(entity: &str) -> Option<&'static str> {
    SYSTEM.iter().find(|(name, _)| *name == entity).map(|(_, known)| *known)
}

fn own(plan: &Plan<'_>, entity: &str) -> String {
    format!("@{}", plan.entities.get(entity).unwrap_or(entity))
}

/// Every entity that fills slots: what it holds, and the parameter of the first slot that it fills.
fn entities<'p>(plan: &'p Plan<'_>) -> Vec<(&'p str, &'p Type, &'p str)> {
    let mut found: Vec<(&str, &Type, &str)> = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for (name, slot) in &flow.slots {
            if let Some(entity) = &slot.entity
                && found.iter().all(|(known, _, _)| known != entity)
            {
                found.push((entity.as_str(), &slot.r#type, plan.slot(id, name)));
            }
        }
    }
    found
}

/// The values of an entity, as far as the flow lists them: what was said in conversations is no matter for an agent.
fn values(of: &Type) -> Vec<String> {
    match of {
        Type::Enum(values) => values.iter().map(|value| value.to_string()).collect(),
        Type::Bool => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    }
}

/// The entities of free text, which at a question are all that is said.
pub fn free<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = &'p str> {
    let free = |(entity, of, _): &(&str, &Type, &str)| entity_type(plan, entity, of) == FREE;
    entities(plan).into_iter().filter(free).map(|(entity, _, _)| entity)
}

/// Intents and their phrases.
pub fn intents(plan: &Plan<'_>, files: &mut Files) {
    let agent = plan.flow().id.as_str();
    let language = plan.language();
    let mut seen: Vec<String> = Vec::new();
    let mut put = |name: &str, mut intent: Value, phrases: Vec<String>, marks: &[Mark<'_>]| {
        let fresh: Vec<String> = phrases.into_iter().filter(|phrase| !seen.contains(phrase)).collect();
        seen.extend(fresh.iter().cloned());
        let folder = format!("intents/{0}", file(name));
        let mut used: Vec<&Mark<'_>> = Vec::new();
        let phrases: Vec<Value> = fresh
            .iter()
            .map(|phrase| {
                let parts = parts(phrase, marks, &mut used);
                json!({
                    "id": id(agent, &["phrase", name, phrase]),
                    "parts": parts,
                    "repeatCount": 1,
                    "languageCode": language,
                })
            })
            .collect();
        if let Value::Object(intent) = &mut intent {
            if !used.is_empty() {
                let parameters: Vec<Value> =
                    used.iter().map(|mark| json!({"id": mark.parameter, "entityType": mark.entity})).collect();
                intent.insert("parameters".into(), Value::Array(parameters));
            }
            if !phrases.is_empty() {
                intent.insert("numTrainingPhrases".into(), json!(phrases.len()));
            }
        }
        files.insert(format!("{folder}/{}.json", file(name)), text(&intent));
        if !phrases.is_empty() {
            let path = format!("{folder}/trainingPhrases/{language}.json");
            files.insert(path, text(&json!({"trainingPhrases": phrases})));
        }
    };
    let marks = marks(plan);
    for (intent, name) in plan.intents.iter() {
        let known = plan.flow().intents.get(intent);
        let mut out = json!({"name": id(agent, &["intent", name]), "displayName": name, "priority": 500_000});
        if let (Some(title), Value::Object(out)) = (known.and_then(|known| known.title.as_ref()), &mut out) {
            out.insert("description".into(), json!(title.chars().take(500).collect::<String>()));
        }
        put(name, out, examples(plan, intent).into_iter().collect(), &marks);
    }
    let welcome = json!({"name": WELCOME_ID, "displayName": WELCOME, "priority": 500_000});
    let greetings = if is_german(plan.flow().locale.as_deref()) { GREETINGS_DE } else { GREETINGS };
    put(WELCOME, welcome, greetings.iter().map(|text| (*text).to_owned()).collect(), &[]);
    let negative = json!({"name": NEGATIVE_ID, "displayName": NEGATIVE, "priority": 500_000, "isFallback": true});
    put(NEGATIVE, negative, examples(plan, "none").into_iter().collect(), &[]);
}

/// What customers say for an intent.
pub fn examples(plan: &Plan<'_>, intent: &str) -> IndexSet<String> {
    plan.policy.examples(intent, |example| {
        let line = crate::prose::joined(example);
        (!line.is_empty()).then_some(line)
    })
}

/// A value that is found inside of a phrase.
struct Mark<'p> {
    value: String,
    parameter: &'p str,
    entity: String,
}

/// The values that the flows list.
fn marks<'p>(plan: &'p Plan<'_>) -> Vec<Mark<'p>> {
    let mut marks = Vec::new();
    for (entity, of, parameter) in entities(plan) {
        if let Type::Enum(values) = of {
            marks.extend(values.iter().filter(|value| !value.is_empty()).map(|value| Mark {
                value: value.to_string(),
                parameter,
                entity: entity_type(plan, entity, of),
            }));
        }
    }
    marks
}

/// A phrase in parts, the first value that stands in it as a whole word marked.
fn parts<'m, 'p>(phrase: &str, marks: &'m [Mark<'p>], used: &mut Vec<&'m Mark<'p>>) -> Vec<Value> {
    for mark in marks {
        let Some(at) = word(phrase, &mark.value) else { continue };
        if used.iter().all(|known| known.parameter != mark.parameter) {
            used.push(mark);
        }
        let (before, rest) = phrase.split_at(at);
        let (value, after) = rest.split_at(mark.value.len());
        let plain = |text: &str| (!text.is_empty()).then(|| json!({"text": text, "auto": true}));
        let marked = json!({"text": value, "auto": true, "parameterId": mark.parameter});
        return plain(before).into_iter().chain([marked]).chain(plain(after)).collect();
    }
    vec![json!({"text": phrase, "auto": true})]
}

/// Where a value stands as a whole word.
fn word(phrase: &str, value: &str) -> Option<usize> {
    phrase.match_indices(value).map(|(at, _)| at).find(|at| {
        let before = phrase[..*at].chars().next_back();
        let after = phrase[at + value.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Entity types and their values.
pub fn entity_types(plan: &Plan<'_>, files: &mut Files) {
    let agent = plan.flow().id.as_str();
    let language = plan.language();
    for (entity, of, _) in entities(plan) {
        if entity_type(plan, entity, of).starts_with("@sys.") {
            continue;
        }
        let name = plan.entities.get(entity).unwrap_or(entity);
        let folder = format!("entityTypes/{}", file(name));
        let mut kind = json!({"name": id(agent, &["entity", name]), "displayName": name, "kind": "KIND_MAP"});
        let mut known = values(of);
        if known.is_empty() {
            known.push(name.to_owned());
            kind["autoExpansionMode"] = json!("AUTO_EXPANSION_MODE_DEFAULT");
        }
        files.insert(format!("{folder}/{}.json", file(name)), text(&kind));
        let one = |value: &String| json!({"value": value, "synonyms": [value], "languageCode": language});
        let known: Vec<Value> = known.iter().map(one).collect();
        files.insert(format!("{folder}/entities/{language}.json"), text(&json!({"entities": known})));
    }
}

/// The webhooks: one service, and for calls with another time limit the same service with that limit.
pub fn webhooks(plan: &Plan<'_>, files: &mut Files) {
    let mut limits = BTreeMap::from([(words::WEBHOOK.to_owned(), words::SECONDS)]);
    for (_, flow) in &plan.policy.flows {
        for node in flow.nodes.values() {
            if let Kind::Action(action) = &node.kind {
                limits.insert(words::webhook_for(action.time_limit), words::seconds(action.time_limit));
            }
        }
    }
    for (name, seconds) in limits {
        let webhook = json!({
            "name": id(&plan.flow().id, &["webhook", &name]),
            "displayName": name,
            "genericWebService": {
                "uri": "https://policy.example.invalid/cx",
                "requestHeaders": [{"key": "X-Handoff-Token", "value": ""}],
            },
            "timeout": {"seconds": seconds},
        });
        files.insert(format!("webhooks/{}.json", file(&name)), text(&webhook));
    }
}

/// The agent's route group that hears every intent. It leads nowhere, so that the page where the customer is decides.
pub fn hear(plan: &Plan<'_>, files: &mut Files) {
    let agent = plan.flow().id.as_str();
    let route = |intent: &str, name: &str| Route {
        key: intent.to_owned(),
        intent: Some(name.to_owned()),
        doing: Fulfillment::setting([(INTENT.to_owned(), json!(intent)), (HEARD.to_owned(), json!(true))]),
        target: Target::Here,
        ..Route::default()
    };
    let mut all: Vec<Route> = plan.intents.iter().map(|(intent, name)| route(intent, name)).collect();
    all.push(Route { key: "none".to_owned(), ..route("none", WELCOME) });
    let group = json!({
        "name": id(agent, &["group", HEAR]),
        "displayName": HEAR,
        "transitionRoutes": routes(&all, agent, &["group", HEAR]),
    });
    files.insert(format!("agentTransitionRouteGroups/{}.json", file(HEAR)), text(&group));
}

/// The route that a greeting takes before the conversation has begun.
pub fn welcome(condition: &str, target: Target) -> Route {
    Route {
        key: "welcome".to_owned(),
        intent: Some(WELCOME.to_owned()),
        condition: Some(condition.to_owned()),
        target,
        ..Route::default()
    }
}
