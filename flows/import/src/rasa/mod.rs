//! Rasa 3 projects: rules and stories as branches, responses as texts, forms as questions, actions as calls.
//!
//! What must stay true: a rule is tried before a story; what Rasa decides by a trained model is told as such.

mod domain;
mod steps;
mod stories;

use flow_conversations::import::yaml::{self, Node};
use flow_model::tree::Json;

use crate::source::Parsed;
use crate::{Code, Draft, Format, ImportError, Kept, Part, Project, Score, Source};

/// Rasa.
pub struct Rasa;

impl Format for Rasa {
    fn id(&self) -> &'static str {
        "rasa"
    }

    fn title(&self) -> &'static str {
        "Rasa"
    }

    fn about(&self) -> &'static str {
        "The folder of a Rasa 3 project: domain, training data, rules, stories and forms; the code of actions is not read."
    }

    fn recognises(&self, project: &Project) -> Score {
        let begins = |path: &str, word: &str| {
            let bytes = project.bytes(path).unwrap_or_default();
            bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(word.as_bytes()))
        };
        let known =
            |path: &str| ["rules:", "stories:", "intents:", "nlu:", "responses:"].iter().any(|word| begins(path, word));
        let mut files = project.paths().filter(|path| is_yaml(path));
        if files.any(|path| known(path) && (begins(path, "version:") || path.ends_with("domain.yml"))) { 85 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let mut files: Vec<&Part> = Vec::new();
        for path in source.project().paths().filter(|path| is_yaml(path)) {
            let file = path.rsplit('/').next().unwrap_or(path);
            if path.starts_with("tests/") || path.contains("/tests/") || file.starts_with("test_") {
                source.leave(path, "tests of the other tool");
            } else if ["endpoints.yml", "credentials.yml", "endpoints.yaml", "credentials.yaml"].contains(&file) {
                source.leave(path, "connections, which may hold what is secret");
            } else {
                files.extend(source.parsed(path, parse));
            }
        }
        if files.is_empty() {
            let way = "choose the folder of the project, with its domain and its training data";
            return Err(ImportError::Missing { file: "domain.yml".to_owned(), way: way.to_owned() });
        }
        for file in &files {
            config(source, draft, file);
        }
        let domain = domain::read(source, draft, &files);
        stories::Build::new(source, draft, &domain).all(&files);
        Ok(())
    }
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yml") || path.ends_with(".yaml")
}

/// A file as a tree; an empty one is an empty tree.
fn parse(text: &str) -> Result<Parsed, (u32, String)> {
    let (documents, fault) = yaml::read(text);
    if let Some((line, why)) = fault {
        return Err((u32::try_from(line).unwrap_or(u32::MAX), why));
    }
    let Some(first) = documents.first() else { return Ok(Parsed { json: Json::map(), lines: vec![1] }) };
    let mut lines = Vec::new();
    begins(first, &mut lines);
    Ok(Parsed { json: first.json(), lines })
}

fn begins(node: &Node, lines: &mut Vec<u32>) {
    lines.push(u32::try_from(node.line).unwrap_or(u32::MAX));
    node.items().iter().chain(node.entries().iter().map(|(_, node)| node)).for_each(|node| begins(node, lines));
}

/// Settings of the language and of what decides.
fn config(source: &Source<'_>, draft: &mut Draft, file: &Part) {
    let reason = "settings of the project and its pipeline";
    if file.get("pipeline").is_some() || file.get("policies").is_some() {
        draft.locale = file.text("language").map(str::to_owned).or_else(|| draft.locale.take());
    }
    file.leave(&["version", "recipe", "assistant_id", "language", "session_config"], reason);
    for part in file.list("pipeline") {
        if let Some(threshold) = part.get("threshold") {
            let name = part.peek("name").unwrap_or("the pipeline");
            let limit = threshold.plain().unwrap_or_default();
            let what = format!("{name}: below {limit} no intent is heard; here the bot that listens decides that");
            source.note(part, Code::Approximated, what, Kept::Nothing);
        }
        part.leave_rest(reason);
    }
    if let Some(policies) = file.get("policies") {
        let what =
            "policies are learned from the stories there; here rules come first, then the stories as they are written";
        source.note(policies, Code::Approximated, what, Kept::Nothing);
    }
}
