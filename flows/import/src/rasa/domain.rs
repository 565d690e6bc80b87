//! The domain and the examples.

use std::collections::BTreeMap;

use flow_model::tree::Json;

use crate::{Code, Draft, Kept, Part, Source};

/// What stories need of the domain.
#[derive(Default)]
pub(crate) struct Domain<'s> {
    pub(crate) responses: BTreeMap<String, &'s Part>,
    /// The slots that a form asks for.
    pub(crate) forms: BTreeMap<String, Vec<String>>,
    /// The id and the type of each slot.
    pub(crate) slots: BTreeMap<String, (String, &'static str)>,
    /// Slots that have a value from the beginning.
    pub(crate) initial: Vec<(String, String)>,
    /// Actions that set slots on every turn, and those slots.
    pub(crate) every_turn: BTreeMap<String, Vec<String>>,
}

const MODEL: &str = "which slots and entities the trained model looks at";

/// Reads what all files say of the domain, and their examples.
pub(crate) fn read<'s>(source: &Source<'_>, draft: &mut Draft, files: &[&'s Part]) -> Domain<'s> {
    let mut domain = Domain::default();
    for file in files {
        for intent in file.list("intents") {
            names(intent, &mut |name| (name != "nlu_fallback").then(|| draft.intent(name)).map_or((), drop));
        }
        if let Some(slots) = file.get("slots") {
            for (name, slot) in slots.entries() {
                one_slot(draft, &mut domain, name, slot);
            }
        }
        if let Some(forms) = file.get("forms") {
            for (name, form) in forms.entries() {
                let required = form.get("required_slots");
                let listed = required.map_or(&[][..], Part::items).iter().filter_map(Part::as_text).map(str::to_owned);
                let keyed = required.map_or(&[][..], Part::entries).iter().map(|(slot, _)| slot.clone());
                domain.forms.insert(name.clone(), listed.chain(keyed).collect());
            }
        }
        // Older forms ask in code: only their names are here.
        for form in file.list("forms") {
            names(form, &mut |name| {
                domain.forms.entry(name.to_owned()).or_default();
            });
        }
        if let Some(responses) = file.get("responses") {
            domain.responses.extend(responses.entries().iter().map(|(name, part)| (name.clone(), part)));
        }
        for action in file.list("actions") {
            names(action, &mut |_| ());
        }
        for entry in file.list("nlu") {
            examples(source, draft, entry);
        }
    }
    for file in files {
        for entity in file.list("entities") {
            names(entity, &mut |name| {
                // An entity that fills a slot is that slot's.
                if !domain.slots.contains_key(name) {
                    let id = draft.slot(name);
                    if let Some(entry) = draft.known("slots", &id)
                        && entry.get("entity").is_none()
                    {
                        entry.set("entity", Json::text(name));
                    }
                }
            });
        }
    }
    domain
}

/// A name, or a name with settings.
fn names(part: &Part, each: &mut dyn FnMut(&str)) {
    match part.as_text() {
        Some(name) => each(name),
        None => {
            for (name, settings) in part.entries() {
                each(name);
                settings.leave_rest(MODEL);
            }
        }
    }
}

fn one_slot<'s>(draft: &mut Draft, domain: &mut Domain<'s>, name: &str, slot: &'s Part) {
    let id = draft.slot(name);
    let kind = match slot.text("type") {
        Some("bool") => "bool",
        Some("float") => "number",
        Some("categorical") => "enum",
        _ => "text",
    };
    let values: Vec<Json> = slot.list("values").iter().filter_map(Part::plain).map(Json::Text).collect();
    let kind = if kind == "enum" && values.is_empty() { "text" } else { kind };
    slot.leave(&["influence_conversation"], MODEL);
    let limits =
        [("min", "min_value"), ("max", "max_value")].map(|(key, from)| (key, slot.get(from).and_then(Part::plain)));
    let mut entity = None;
    for mapping in slot.list("mappings") {
        match mapping.text("type") {
            Some("from_entity") => entity = entity.or(mapping.text("entity").map(str::to_owned)),
            Some("custom" | "controlled") => {
                if let Some(action) = mapping.text("action").or_else(|| mapping.text("run_action_every_turn")) {
                    domain.every_turn.entry(action.to_owned()).or_default().push(name.to_owned());
                }
            }
            _ => {}
        }
    }
    if let Some(entry) = draft.known("slots", &id) {
        entry.set("type", Json::text(kind));
        if let Some(entity) = entity {
            entry.set("entity", Json::Text(entity));
        }
        if kind == "enum" {
            entry.set("values", Json::List(values));
        }
        for (key, limit) in limits {
            if let Some(limit) = limit.filter(|_| kind == "number").and_then(|limit| crate::conditions::number(&limit))
            {
                entry.set(key, Json::Number(flow_model::tree::Number::from_text(&limit)));
            }
        }
    }
    domain.slots.insert(name.to_owned(), (id.clone(), kind));
    if let Some(value) = slot.get("initial_value").and_then(Part::plain)
        && let Some(written) = literal(kind, &value)
    {
        domain.initial.push((id, written));
    }
}

/// A value as a literal of a type.
pub(crate) fn literal(kind: &str, value: &str) -> Option<String> {
    match kind {
        "bool" => match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some("true".to_owned()),
            "false" | "no" | "off" => Some("false".to_owned()),
            _ => None,
        },
        "number" => crate::conditions::number(value),
        _ => Some(crate::conditions::text(value)),
    }
}

fn examples(source: &Source<'_>, draft: &mut Draft, entry: &Part) {
    let Some(name) = entry.text("intent") else { return };
    if name == "nlu_fallback" {
        return;
    }
    let intent = draft.intent(name);
    let Some(part) = entry.get("examples") else { return };
    let listed: Vec<String> = match part.as_text() {
        Some(text) => {
            text.lines().filter_map(|line| line.trim().strip_prefix('-')).map(|line| plain(line.trim())).collect()
        }
        None => part
            .items()
            .iter()
            .filter_map(|item| item.as_text().or_else(|| item.text("text")))
            .map(|line| plain(line.trim()))
            .collect(),
    };
    if listed.is_empty() {
        source.note(part, Code::NotUnderstood, "examples that are no list", Kept::Document);
    }
    draft.examples(&intent, listed.into_iter().filter(|line| !line.is_empty()));
}

/// An example without the marks of entities: `[words](entity)` and `[words]{…}`.
fn plain(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        let Some(close) = from.find(']') else { break };
        let after = from.get(close + 1..).unwrap_or("");
        let end = match after.chars().next() {
            Some('(') => after.find(')'),
            Some('{') => after.find('}'),
            _ => None,
        };
        out.push_str(before);
        out.push_str(from.get(1..close).unwrap_or(""));
        rest = end.map_or(after, |end| after.get(end + 1..).unwrap_or(""));
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{literal, plain};

    #[test]
    fn examples_lose_their_marks() {
        for (marked, text) in [
            ("dispute the fee on [TX1](transaction_id) now", "dispute the fee on TX1 now"),
            ("to [Rome]{\"entity\": \"city\"}", "to Rome"),
            ("[a] b [open", "a b [open"),
        ] {
            assert_eq!(plain(marked), text);
        }
        assert_eq!(literal("bool", "False"), Some("false".to_owned()));
        assert_eq!(literal("number", "much"), None);
    }
}
