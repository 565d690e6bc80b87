//! Rasa 3 projects: rules and stories as branches, responses as texts, forms as questions, actions as calls.
//!
//! What must stay true: a rule is tried before a story; what Rasa decides by a trained model is told as such.

pub(crate) mod domain;
pub(crate) mod say;
mod steps;
mod stories;

use crate::yaml::{has_line, is_yaml, parse};
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
        let begins = |path: &str, word: &str| has_line(project.bytes(path).unwrap_or_default(), word);
        let known =
            |path: &str| ["rules:", "stories:", "intents:", "nlu:", "responses:"].iter().any(|word| begins(path, word));
        let mut files = project.paths().filter(|path| is_yaml(path));
        if files.any(|path| known(path) && (begins(path, "version:") || path.ends_with("domain.yml"))) { 85 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let files = files(source, draft)?;
        let domain = domain::read(source, draft, &files);
        stories::Build::new(source, draft, &domain).all(&files);
        Ok(())
    }
}

/// The files of a project, but for its tests and what may hold secrets; settings are read.
pub(crate) fn files<'s>(source: &'s Source<'_>, draft: &mut Draft) -> Result<Vec<&'s Part>, ImportError> {
    let mut files: Vec<&Part> = Vec::new();
    for path in source.project().paths().filter(|path| is_yaml(path)) {
        let file = path.rsplit('/').next().unwrap_or(path);
        let tests = ["tests/", "e2e_tests/"].iter().any(|folder| path.split_inclusive('/').any(|part| part == *folder));
        if tests || file.starts_with("test_") {
            source.leave(path, "tests of the other tool");
        } else if ["endpoints.yml", "credentials.yml", "endpoints.yaml", "credentials.yaml"].contains(&file) {
            source.leave(path, "connections, which may hold what is secret");
        } else {
            files.extend(source.parsed(path, parse));
        }
    }
    if files.is_empty()
        && let Some(fault) = source.unreadable()
    {
        return Err(fault);
    }
    if files.is_empty() {
        let way = "choose the folder of the project, with its domain and its training data";
        return Err(ImportError::Missing { file: "domain.yml".to_owned(), way: way.to_owned() });
    }
    for file in &files {
        config(source, draft, file);
    }
    Ok(files)
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
        if policies.items().iter().all(|policy| policy.peek("name") == Some("FlowPolicy")) {
            policies.leave_rest(reason);
            return;
        }
        let what =
            "policies are learned from the stories there; here rules come first, then the stories as they are written";
        source.note(policies, Code::Approximated, what, Kept::Nothing);
        policies.leave_rest(reason);
    }
}
