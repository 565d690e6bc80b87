//! `environment-missing`

use flow_conditions::say;
use flow_handoff::target;
use flow_model::tree::{Json, escape};
use indexmap::IndexMap;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A `{{name}}` in `targets` that an environment of `environments.json` does not have, or no such file beside the flow.
    /// ## Why it matters
    /// The request goes out with the name in place of the id, and the contact centre refuses it or loses it.
    /// ## Instead
    /// Give the name an id in each environment. Ids only: secrets do not belong there.
    /// ## Example
    /// `"group_id": "{{cards_group}}"`, and `{ "dev": {} }`.
    pub(super) struct EnvironmentMissing = "environment-missing", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let Some(environments) = subject.environments else { return };
    let Some(targets) = subject.document.tree.get("targets") else { return };
    for (id, setup) in targets.entries() {
        let path = format!("/targets/{}", escape(id));
        let mut names: IndexMap<String, String> = IndexMap::new();
        collect(setup, &path, &mut names);
        if environments.entries().is_empty() {
            if let Some((first, place)) = names.first() {
                let message = if names.len() > 1 {
                    say!(
                        "{{{{{first}}}}} and others have no ids: there is no environments.json beside the flow.",
                        first
                    )
                } else {
                    say!("{{{{{first}}}}} have no ids: there is no environments.json beside the flow.", first)
                };
                found.at(place.clone(), message);
            }
            continue;
        }
        for own in target(id).map_or(&[][..], |t| t.environment()) {
            names.entry((*own).to_owned()).or_insert_with(|| path.clone());
        }
        for (name, place) in &names {
            let without: Vec<&str> = environments
                .entries()
                .iter()
                .filter(|(_, values)| values.get(name).is_none_or(|v| *v == Json::Null))
                .map(|(environment, _)| environment.as_str())
                .collect();
            if !without.is_empty() {
                let message = say!(
                    "{id} needs {{{{{name}}}}}, and {without} has no id for it: add it.",
                    id,
                    name,
                    without = without.join(", ")
                );
                found.at(place.clone(), message);
            }
        }
    }
}

/// The names in the texts of a value, each with its first place.
fn collect(json: &Json, path: &str, names: &mut IndexMap<String, String>) {
    match json {
        Json::Text(text) => {
            for part in text.split("{{").skip(1) {
                if let Some((name, _)) = part.split_once("}}") {
                    names.entry(name.trim().to_owned()).or_insert_with(|| path.to_owned());
                }
            }
        }
        Json::List(items) => {
            items.iter().enumerate().for_each(|(i, item)| collect(item, &format!("{path}/{i}"), names));
        }
        Json::Map(entries) => {
            entries.iter().for_each(|(key, value)| collect(value, &format!("{path}/{}", escape(key)), names));
        }
        _ => {}
    }
}
