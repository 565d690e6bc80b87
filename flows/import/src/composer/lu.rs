//! Language understanding: intents with their examples, and entities.

use flow_model::tree::Json;

use crate::{Code, Draft, Kept, Part, Source};

const GAP: &str = "examples with a gap for an entity hold the name of the entity in its place";

/// What the lines after this one belong to.
enum Under {
    Nothing,
    Intent(String),
    /// A list entity: its slot and its values so far.
    List(String, Vec<String>),
}

/// Reads a `.lu` file.
pub(super) fn read(source: &Source<'_>, draft: &mut Draft, path: &str, slot_of: &dyn Fn(&mut Draft, &str) -> String) {
    let Some(lines) = source.lines(path) else { return };
    let (mut under, mut gaps) = (Under::Nothing, false);
    for (number, line) in lines.iter() {
        let trimmed = line.trim();
        if trimmed.starts_with('>') || trimmed.starts_with("[import]") {
            lines.leave(number, "remarks and imports of language files");
        } else if let Some(name) = trimmed.strip_prefix('#') {
            close(draft, std::mem::replace(&mut under, Under::Nothing));
            let name = name.trim_start_matches('#').trim();
            // `# ? …` is a question with a ready answer.
            if name.is_empty() || name.starts_with('?') {
                continue;
            }
            under = Under::Intent(draft.intent(name));
            lines.read(number);
        } else if let Some(entity) = trimmed.strip_prefix('@') {
            close(draft, std::mem::replace(&mut under, Under::Nothing));
            if let Some(next) = entity_line(draft, entity, slot_of) {
                under = next;
                lines.read(number);
            }
        } else if let Some(item) = trimmed.strip_prefix(['-', '*', '+']) {
            match &mut under {
                Under::Intent(intent) => {
                    let (text, gap) = example(item.trim());
                    if gap && !gaps {
                        gaps = true;
                        source.note_line(lines, number, Code::Approximated, GAP, Kept::Document);
                    }
                    if !text.is_empty() {
                        draft.examples(intent, [text]);
                    }
                    lines.read(number);
                }
                Under::List(slot, values) => match item.trim().strip_suffix(':') {
                    Some(value) => {
                        values.push(value.trim().to_owned());
                        lines.read(number);
                    }
                    None => {
                        if let (Some(value), true) = (values.last(), !item.trim().is_empty()) {
                            draft.remark("slots", slot, &format!("{value}: also {}", item.trim()));
                            lines.read(number);
                        }
                    }
                },
                Under::Nothing => {}
            }
        }
    }
    close(draft, under);
}

/// A declaration of an entity: its slot, its pattern and what it is made of in words, and what the lines below belong to; none
/// where it is none.
fn entity_line(draft: &mut Draft, line: &str, slot_of: &dyn Fn(&mut Draft, &str) -> String) -> Option<Under> {
    // Lists of words and marks of intents are no entities.
    let (kind, names) = declared(line).filter(|(kind, _)| !["intent", "phraselist"].contains(&kind.as_str()))?;
    let mut first = None;
    for name in names {
        let slot = slot_of(draft, &name);
        if ["regex", "composite"].contains(&kind.as_str()) || line.contains("usesFeature") {
            draft.remark("slots", &slot, line.trim());
        }
        first.get_or_insert(slot);
    }
    Some(match first.filter(|_| kind == "list") {
        Some(slot) => Under::List(slot, Vec::new()),
        None => Under::Nothing,
    })
}

/// The values of a list entity become those of its slot, where nothing else gave it any.
fn close(draft: &mut Draft, under: Under) {
    let Under::List(slot, values) = under else { return };
    let mut own: Vec<Json> = Vec::new();
    for value in values.iter().map(Json::text) {
        if !own.contains(&value) {
            own.push(value);
        }
    }
    let Some(entry) = draft.known("slots", &slot).filter(|_| !own.is_empty()) else { return };
    if entry.get("type").is_none() {
        entry.set("type", Json::text("enum"));
        entry.set("values", Json::List(own));
    } else if entry.get("values").map(Json::items) != Some(&own) {
        draft.remark("slots", &slot, &format!("One of: {}", values.join(", ")));
    }
}

/// `ml name`, `prebuilt personName hasRoles userName, other`, `list listType =`: the kind, and the names under which it is
/// recognised.
fn declared(line: &str) -> Option<(String, Vec<String>)> {
    let line = line.split('=').next().unwrap_or(line).replace(',', " ");
    let mut words = line.split_whitespace();
    let kind = words.next()?.to_owned();
    let name = words.next()?;
    let mut names: Vec<String> = Vec::new();
    let mut roles = false;
    for word in words {
        match word {
            "hasRoles" | "hasRole" => roles = true,
            "usesFeatures" | "usesFeature" => roles = false,
            role if roles => names.push(role.to_owned()),
            // A prebuilt entity may name its roles at once.
            role if kind == "prebuilt" => names.push(role.to_owned()),
            _ => {}
        }
    }
    if names.is_empty() || kind != "prebuilt" {
        names.insert(0, name.to_owned());
    }
    Some((kind, names))
}

/// An example without the marks of entities, and whether one of them has no words of its own.
fn example(text: &str) -> (String, bool) {
    let (mut out, mut gap) = (String::new(), false);
    let mut rest = text;
    while let Some(open) = rest.find(['{', '[', ']']) {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        rest = from.get(1..).unwrap_or("");
        // Optional words stand in brackets.
        if !from.starts_with('{') {
            continue;
        }
        let Some(close) = rest.find('}') else { break };
        let (mark, after) = (rest.get(..close).unwrap_or(""), rest.get(close + 1..).unwrap_or(""));
        match mark.split_once('=') {
            Some((_, words)) => out.push_str(words.trim()),
            None => {
                gap = true;
                let name = mark.trim().trim_start_matches('@');
                out.push_str(name.rsplit(':').next().unwrap_or(name));
            }
        }
        rest = after;
    }
    out.push_str(rest);
    (out.split_whitespace().collect::<Vec<_>>().join(" "), gap)
}

/// Reads the model of Conversational Language Understanding, which lies beside newer bots.
pub(super) fn conversations(root: &Part, draft: &mut Draft) {
    let Some(assets) = root.get("assets") else { return };
    for intent in assets.list("intents") {
        // `None` is what every model has.
        match intent.text("category") {
            Some("None") | None => {}
            Some(name) => drop(draft.intent(name)),
        }
    }
    for entity in assets.list("entities") {
        if let Some(name) = entity.text("category") {
            draft.slot(name);
        }
    }
    for said in assets.list("utterances") {
        if said.peek("intent") == Some("None") {
            said.leave_rest("examples of what no intent is");
            continue;
        }
        let intent = said.text("intent").map(|name| draft.intent(name));
        if let (Some(intent), Some(text)) = (intent, said.text("text")) {
            draft.examples(&intent, [text.to_owned()]);
        }
        said.leave(&["language", "dataset", "entities"], "where words of examples are entities");
    }
    root.leave(&["projectFileVersion", "stringIndexType", "metadata"], "settings of the language model");
    assets.leave(&["projectKind"], "settings of the language model");
}

#[cfg(test)]
mod tests {
    use super::{declared, example};

    #[test]
    fn examples_lose_their_marks() {
        for (marked, plain, gap) in [
            ("refund order {@orderId=123}", "refund order 123", false),
            ("I'm {@a = tom} and {@b=36} years", "I'm tom and 36 years", false),
            ("[Please] add {itemTitle}", "Please add itemTitle", true),
            ("my name is {personName:userName}", "my name is userName", true),
            ("open {brace", "open brace", false),
        ] {
            assert_eq!(example(marked), (plain.to_owned(), gap), "{marked}");
        }
    }

    #[test]
    fn entities_are_known_by_their_roles() {
        let names = |line| declared(line).map(|(_, names)| names).unwrap_or_default();
        assert_eq!(names(" ml orderId"), ["orderId"]);
        assert_eq!(names(" prebuilt personName hasRoles userName"), ["userName"]);
        assert_eq!(names(" prebuilt  age userAge"), ["userAge"]);
        assert_eq!(names(" prebuilt number"), ["number"]);
        assert_eq!(names(" list listType = "), ["listType"]);
        assert!(names("").is_empty());
    }
}
