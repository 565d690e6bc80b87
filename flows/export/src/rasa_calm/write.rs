//! Prints the project's files. What the action server runs is the same as for Rasa Open Source.

use minijinja::context;

use super::lower::Plan;
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::prose::{self, quoted};
use crate::rasa::write::{Files, call_names, has_patterns, has_requests, language, server, tells_apart};
use crate::uses::is_german;

/// Every file of the project.
pub fn files(plan: &Plan<'_>, losses: &[Loss], cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = server(plan, cases)?;
    for (path, template) in [
        ("README.md", include_str!("project/README.md.j2")),
        ("config.yml", include_str!("project/config.yml.j2")),
        ("domain.yml", include_str!("project/domain.yml.j2")),
        ("endpoints.yml", include_str!("project/endpoints.yml")),
        ("data/flows.yml", include_str!("project/flows.yml.j2")),
        ("data/patterns.yml", include_str!("project/patterns.yml.j2")),
    ] {
        files.insert(path.to_owned(), filled(path, template, plan, losses)?.into_bytes());
    }
    Ok(files)
}

fn filled(file: &str, template: &str, plan: &Plan<'_>, losses: &[Loss]) -> Result<String, ExportError> {
    let flow = plan.flow();
    let signals: Vec<String> = plan.policy.flows.iter().flat_map(|(_, flow)| flow.signals.keys().cloned()).collect();
    let legal = |names: &crate::names::Names| names.iter().map(|(_, legal)| legal.to_owned()).collect::<Vec<String>>();
    let values = context! {
        id => flow.id.clone(),
        title => flow.title.as_ref().unwrap_or(&flow.id),
        description => flow.description.clone(),
        locale => language(flow.locale.as_deref()),
        german => is_german(flow.locale.as_deref()),
        intents => legal(&plan.intents),
        entities => legal(&plan.entities),
        signals => signals,
        first_tier => prose::first_tier(flow),
        classifier => tells_apart(plan),
        patterns => has_patterns(plan),
        fallback => plan.fallback.to_string(),
        has_calls => !call_names(plan).is_empty(),
        has_requests => has_requests(plan),
        losses => prose::rows(losses),
    };
    prose::filled(file, template, values, |environment| environment.add_filter("yaml", |text: String| quoted(&text)))
}
