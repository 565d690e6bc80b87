//! Prints the workspace: the agent, its settings, topics, entities and variables, and what people read about them.

use std::collections::BTreeMap;

use flow_conditions::value::Type;
use minijinja::context;

use super::cards::Writer;
use super::lower::{Plan, entity_types, told};
use super::turns;
use super::yaml::Yaml;
use crate::bundle::{ExportError, Loss};
use crate::names;
use crate::prose;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Every file of the workspace, and how many topics there are.
pub fn files(plan: &Plan<'_>, losses: &[Loss]) -> Result<Files, ExportError> {
    let mut writer = Writer::new(plan);
    turns::topics(&mut writer);
    let mut files = Files::new();
    let mut put = |path: String, yaml: &Yaml| files.insert(path, yaml.document().into_bytes());
    for (name, topic) in &writer.topics {
        put(format!("topics/{name}.mcs.yml"), topic);
    }
    put("agent.mcs.yml".to_owned(), &agent(plan));
    put("settings.mcs.yml".to_owned(), &settings(plan));
    for (entity, of) in entity_types(plan) {
        if let Some(yaml) = self::entity(&entity, &of) {
            put(format!("entities/{}.mcs.yml", plan.entities.get(&entity).unwrap_or(&entity)), &yaml);
        }
    }
    for (name, key) in plan.variables() {
        put(format!("variables/{name}.mcs.yml"), &variable(&name, &key));
    }
    let text = readme(plan, losses, &writer)?;
    files.insert("README.md".to_owned(), text.into_bytes());
    files.insert("names.json".to_owned(), back(plan).into_bytes());
    Ok(files)
}

fn metadata(name: &str, about: &str) -> (&'static str, Yaml) {
    let entries = [("componentName", Yaml::text(prose::one_line(name))), ("description", Yaml::text(about))];
    ("mcs.metadata", Yaml::map(entries.into_iter().filter(|(_, text)| *text != Yaml::text(""))))
}

fn title(plan: &Plan<'_>) -> String {
    let flow = plan.flow();
    prose::one_line(flow.title.as_ref().unwrap_or(&flow.id))
}

fn agent(plan: &Plan<'_>) -> Yaml {
    let about = plan.flow().description.as_deref().map(prose::one_line).unwrap_or_default();
    let said = if about.is_empty() { title(plan) } else { about };
    Yaml::map([("instructions", Yaml::text(said))])
}

/// The numbers by which Windows knows languages, for those that an agent can have as its first one.
const LANGUAGES: [(&str, i64); 13] = [
    ("en", 1033),
    ("de", 1031),
    ("fr", 1036),
    ("es", 3082),
    ("it", 1040),
    ("nl", 1043),
    ("pt", 1046),
    ("pl", 1045),
    ("sv", 1053),
    ("da", 1030),
    ("ja", 1041),
    ("ko", 1042),
    ("zh", 2052),
];

fn settings(plan: &Plan<'_>) -> Yaml {
    let locale = plan.flow().locale.as_deref().unwrap_or("en").to_lowercase();
    let language = LANGUAGES.iter().find(|(short, _)| locale.starts_with(short)).map_or(1033, |(_, number)| *number);
    let own = Yaml::map([("GenerativeActionsEnabled", Yaml::Bool(false))]);
    Yaml::map([
        ("schemaName", Yaml::text(plan.schema.clone())),
        ("accessControlPolicy", Yaml::text("Any")),
        ("authenticationMode", Yaml::text("None")),
        ("authenticationTrigger", Yaml::text("AsNeeded")),
        ("configuration", Yaml::map([("settings", own), ("publishOnCreate", Yaml::Bool(false))])),
        ("language", Yaml::Int(language)),
        ("name", Yaml::text(title(plan))),
    ])
}

fn entity(name: &str, of: &Type) -> Option<Yaml> {
    let (kind, more) = match of {
        Type::Enum(values) => {
            let item = |(i, value): (usize, &std::sync::Arc<str>)| {
                Yaml::map([("id", Yaml::text(format!("item_{}", i + 1))), ("displayName", Yaml::text(value.as_ref()))])
            };
            ("ClosedListEntity", ("items", Yaml::List(values.iter().enumerate().map(item).collect())))
        }
        Type::Text | Type::List(_) | Type::Any => ("RegexEntity", ("pattern", Yaml::text(".+"))),
        Type::Bool | Type::Integer { .. } | Type::Number { .. } => return None,
    };
    let about = if kind == "RegexEntity" { "Takes every answer until it has a pattern." } else { "" };
    Some(Yaml::map([metadata(name, about), ("kind", Yaml::text(kind)), more]))
}

fn variable(name: &str, key: &str) -> Yaml {
    let about = match key.split_once(' ') {
        Some(("own", _)) | None => String::new(),
        Some((kind, of)) => format!("{kind} {of}"),
    };
    let mut entries = vec![
        metadata(name, &about),
        ("kind", Yaml::text("Variable")),
        ("name", Yaml::text(name)),
        ("scope", Yaml::text("Conversation")),
        ("aIVisibility", Yaml::text("Hidden")),
    ];
    if key == "own address" {
        entries.push(("defaultValue", Yaml::text("https://systems.example.com")));
    }
    Yaml::map(entries)
}

fn readme(plan: &Plan<'_>, losses: &[Loss], writer: &Writer<'_, '_>) -> Result<String, ExportError> {
    let calls: Vec<String> = {
        let mut names: Vec<&String> = Vec::new();
        for name in plan.policy.flows.iter().flat_map(|(_, flow)| flow.calls.keys()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.into_iter().filter_map(|name| prose::about_call(&plan.policy.flows, name, &format!("`{name}`"))).collect()
    };
    let heard: Vec<String> =
        plan.variables().into_iter().filter(|(_, key)| told(plan, key).is_some()).map(|(name, _)| name).collect();
    let values = context! {
        title => title(plan),
        schema => plan.schema.clone(),
        topics => writer.topics.len(),
        calls => calls,
        heard => heard,
        asks_for_address => plan.asks_for("own address"),
        losses => prose::rows(losses),
    };
    prose::filled("README.md", include_str!("project/README.md.j2"), values, |_| {})
}

/// `names.json`: the agent's names and the flow's.
fn back(plan: &Plan<'_>) -> String {
    let variables: Vec<(String, String)> = plan.variables().into_iter().map(|(name, key)| (key, name)).collect();
    let legal = |name: &str| variables.iter().find(|(_, own)| own == name).map(|(key, _)| key.clone());
    let map = |pairs: Vec<(String, String)>| {
        flow_model::tree::Json::Map(pairs.into_iter().map(|(k, v)| (k, flow_model::tree::Json::text(&v))).collect())
    };
    let of = |names: &names::Names| names.iter().map(|(key, own)| (own.to_owned(), key.to_owned())).collect::<Vec<_>>();
    let named = variables.iter().filter_map(|(_, name)| Some((name.clone(), legal(name)?))).collect();
    let json = flow_model::tree::Json::Map(vec![
        ("topics".to_owned(), map(of(&plan.topics))),
        ("entities".to_owned(), map(of(&plan.entities))),
        ("variables".to_owned(), map(named)),
    ]);
    flow_model::tree::canonical(&json)
}
