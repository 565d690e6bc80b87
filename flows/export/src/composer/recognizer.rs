//! What the customer says: regular expressions in the root dialog, which need no service, and the same examples as `.lu`
//! for the day when one is chosen.

use std::collections::BTreeSet;

use flow_conditions::value::Type;
use flow_model::flow::{Flow, Slot};
use indexmap::IndexSet;

use super::json::{Json, map, text};
use super::lower::Plan;
use crate::case::Case;
use crate::private::is_private;

/// Entities that the platform itself finds, by what they are often called, and what it calls them.
const SYSTEM: [(&str, &str, &str); 6] = [
    ("email", "EmailEntityRecognizer", "email"),
    ("phone", "PhoneNumberEntityRecognizer", "phonenumber"),
    ("phone_number", "PhoneNumberEntityRecognizer", "phonenumber"),
    ("url", "UrlEntityRecognizer", "url"),
    ("guid", "GuidEntityRecognizer", "guid"),
    ("ip", "IpEntityRecognizer", "ip"),
];

/// What an entity is called among those that are recognised.
pub fn entity<'p>(plan: &'p Plan<'_>, entity: &'p str, of: &Type) -> &'p str {
    match of {
        Type::Text => match SYSTEM.iter().find(|(name, _, _)| *name == entity) {
            Some((_, _, there)) => there,
            None => plan.entities.get(entity).unwrap_or(entity),
        },
        _ => plan.entities.get(entity).unwrap_or(entity),
    }
}

/// The recognizer of the root dialog.
pub fn recognizer(plan: &Plan<'_>, cases: &[Case]) -> Json {
    let mut seen = BTreeSet::new();
    let intents = plan.intents.iter().filter_map(|(intent, there)| {
        let own: Vec<String> =
            examples(plan, intent).into_iter().filter(|text| seen.insert(text.to_lowercase())).collect();
        let pattern = whole(&own)?;
        Some(map([("intent", text(there)), ("pattern", text(pattern))]))
    });
    map([
        ("$kind", text("Microsoft.RegexRecognizer")),
        ("intents", intents.collect()),
        ("entities", entities(plan, cases).into_iter().collect()),
    ])
}

/// The whole of what is said, in any case, with any mark at its end.
fn whole(examples: &[String]) -> Option<String> {
    let each: Vec<String> = examples.iter().map(|example| escaped(example)).collect();
    (!each.is_empty()).then(|| format!("(?i)^\\s*(?:{})\\s*[.!?]*\\s*$", each.join("|")))
}

/// A value as a word of its own.
fn word(value: &str) -> String {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let end = |there: bool| if there { "\\b" } else { "" };
    format!("{}{}{}", end(ends(value.chars().next())), escaped(value), end(ends(value.chars().next_back())))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push_str("\\s+"),
            c if "\\^$.|?*+()[]{}/-".contains(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// What customers say for an intent, without the sign at its end.
fn examples(plan: &Plan<'_>, intent: &str) -> IndexSet<String> {
    plan.policy.examples(intent, |example| {
        let line = crate::prose::one_line(example).trim_end_matches(['.', '!', '?', ' ']).to_owned();
        (!line.is_empty()).then_some(line)
    })
}

fn entities(plan: &Plan<'_>, cases: &[Case]) -> Vec<Json> {
    let mut all = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let private = |name: &str| {
        let own =
            |flow: &Flow, (id, slot): (&String, &Slot)| slot.entity.as_deref() == Some(name) && is_private(flow, id);
        plan.policy.flows.iter().any(|(_, flow)| flow.slots.iter().any(|slot| own(flow, slot)))
    };
    for (_, slot) in plan.policy.declared() {
        let Some(name) = slot.entity.as_deref().filter(|name| known.insert(name)) else { continue };
        let there = plan.entities.get(name).unwrap_or(name);
        let system = SYSTEM.iter().find(|(system, _, _)| *system == name).filter(|_| slot.r#type == Type::Text);
        if let Some((_, kind, _)) = system {
            all.push(map([("$kind", text(format!("Microsoft.{kind}")))]));
            continue;
        }
        let values: Vec<String> = match &slot.r#type {
            Type::Enum(values) => values.iter().map(|value| value.to_string()).collect(),
            // Nobody finds out from a pattern who said what.
            Type::Text if !private(name) => {
                let told = cases.iter().flat_map(|case| &case.turns).flat_map(|turn| &turn.entities);
                told.filter(|(entity, _)| entity == name).map(|(_, value)| value.clone()).collect()
            }
            _ => Vec::new(),
        };
        let values: BTreeSet<&str> =
            values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
        // The first that fits is taken: a longer one must not be hidden by its beginning.
        let mut values: Vec<&str> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.chars().count()));
        let each: Vec<String> = values.into_iter().map(word).collect();
        if !each.is_empty() {
            let kind = text("Microsoft.RegexEntityRecognizer");
            let pattern = format!("(?:{})", each.join("|"));
            all.push(map([("$kind", kind), ("name", text(there)), ("pattern", text(pattern))]));
        }
    }
    all
}

/// The examples as `.lu`.
pub fn lu(plan: &Plan<'_>) -> String {
    let mut out = format!("> {}: what customers say, for a recognizer of your choice\n", plan.bot);
    let mut seen = BTreeSet::new();
    for (intent, there) in plan.intents.iter() {
        let own: Vec<String> =
            examples(plan, intent).into_iter().filter(|text| seen.insert(text.to_lowercase())).collect();
        if own.is_empty() {
            continue;
        }
        out += &format!("\n# {there}\n");
        for example in own {
            let mut line = String::new();
            for c in example.chars() {
                if matches!(c, '{' | '}' | '\\' | '@' | '[' | ']' | '(' | ')' | '#' | '`' | '$') {
                    line.push('\\');
                }
                line.push(c);
            }
            out += &format!("- {line}\n");
        }
    }
    out
}
