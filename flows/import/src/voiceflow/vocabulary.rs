//! Intents, entities, variables and what is said, by the ids that other parts of the file have for them.

use std::collections::BTreeMap;

use flow_model::tree::Json;

use super::SETTINGS;
use crate::{Draft, Part, Value};

/// What nodes need of the rest of the file.
pub(super) struct Vocabulary<'s> {
    /// The slot of a variable or entity, by its id and by its name.
    slots: BTreeMap<String, String>,
    /// The intent of an id.
    intents: BTreeMap<String, String>,
    /// What a response says, by its id: each text as the file has it.
    responses: BTreeMap<String, Vec<&'s Part>>,
}

const IDS: [&str; 9] = [
    "id",
    "createdAt",
    "updatedAt",
    "createdByID",
    "updatedByID",
    "assistantID",
    "environmentID",
    "folderID",
    "deletedAt",
];

impl<'s> Vocabulary<'s> {
    pub(super) fn of(draft: &mut Draft, file: &'s Part) -> Self {
        let mut found = Self { slots: BTreeMap::new(), intents: BTreeMap::new(), responses: BTreeMap::new() };
        let data = file.at(&["version", "platformData"]);
        found.entities(draft, data.map_or(&[][..], |data| data.list("slots")));
        found.entities(draft, file.list("entities"));
        found.variables(draft, file);
        found.intents(draft, data.map_or(&[][..], |data| data.list("intents")));
        found.intents(draft, file.list("intents"));
        for utterance in file.list("utterances") {
            let intent = utterance.text("intentID").and_then(|id| found.intents.get(id)).cloned();
            let text = utterance.get("text").map(|text| found.plain(text)).unwrap_or_default();
            utterance.leave(&IDS, SETTINGS);
            utterance.leave(&["language"], SETTINGS);
            if let Some(intent) = intent.filter(|_| !text.is_empty()) {
                draft.examples(&intent, [text]);
            }
        }
        found.responses(file);
        found
    }

    fn entities(&mut self, draft: &mut Draft, list: &'s [Part]) {
        for part in list {
            let Some(name) = part.text("name") else { continue };
            let slot = draft.slot(name);
            self.slots.insert(name.to_owned(), slot.clone());
            self.slots.extend(part.peek("key").or_else(|| part.peek("id")).map(|id| (id.to_owned(), slot.clone())));
            let kind = part.at(&["type", "value"]).and_then(Part::as_text).or_else(|| part.text("classifier"));
            if kind.is_some_and(|kind| kind.to_ascii_uppercase().contains("NUMBER")) {
                draft.wants(&slot, "number");
            }
            part.leave(&IDS, SETTINGS);
            part.leave(&["key", "color", "isArray", "type"], SETTINGS);
            let values: Vec<&str> = part.list("inputs").iter().filter_map(Part::as_text).collect();
            if !values.is_empty() {
                draft.remark("slots", &slot, &format!("Values: {}", values.join(" | ")));
            }
            if let Some(entry) = draft.known("slots", &slot) {
                entry.set("entity", Json::text(name));
            }
        }
    }

    fn variables(&mut self, draft: &mut Draft, file: &'s Part) {
        let named = file.get("version").map_or(&[][..], |version| version.list("variables"));
        for name in named.iter().filter_map(Part::as_text) {
            let slot = draft.slot(name);
            self.slots.entry(name.to_owned()).or_insert(slot);
        }
        for part in file.list("variables") {
            let Some(name) = part.as_text().or_else(|| part.text("name")) else { continue };
            let slot = draft.slot(name);
            self.slots.entry(name.to_owned()).or_insert(slot.clone());
            self.slots.extend(part.peek("id").map(|id| (id.to_owned(), slot.clone())));
            if let Some(text) = part.text("description").filter(|text| !text.is_empty()) {
                draft.remark("slots", &slot, text);
            }
            match part.text("datatype") {
                Some("number") => draft.wants(&slot, "number"),
                Some("boolean") => draft.wants(&slot, "bool"),
                _ => {}
            }
            part.leave(&IDS, SETTINGS);
            part.leave(&["color", "isArray", "isSystem", "defaultValue"], SETTINGS);
        }
    }

    fn intents(&mut self, draft: &mut Draft, list: &'s [Part]) {
        for part in list {
            let Some(name) = part.text("name") else { continue };
            let intent = draft.intent(name);
            self.intents.insert(name.to_owned(), intent.clone());
            self.intents.extend(part.peek("key").or_else(|| part.peek("id")).map(|id| (id.to_owned(), intent.clone())));
            if let Some(text) = part.text("description").filter(|text| !text.is_empty()) {
                draft.remark("intents", &intent, text);
            }
            let inputs = part.list("inputs").iter().filter_map(|input| {
                input.leave(&["slots", "voice"], SETTINGS);
                input.get("text").map(|text| self.plain(text))
            });
            let texts: Vec<String> = inputs.filter(|text| !text.is_empty()).collect();
            draft.examples(&intent, texts);
            part.leave(&IDS, SETTINGS);
            part.leave(&["key", "noteID", "entityOrder", "automaticReprompt", "automaticRepromptSettings"], SETTINGS);
        }
    }

    fn responses(&mut self, file: &'s Part) {
        let mut of_discriminator: BTreeMap<&str, Vec<&'s Part>> = BTreeMap::new();
        for part in ["responseVariants", "responseMessages"].iter().flat_map(|key| file.list(key)) {
            if let (Some(id), Some(text)) = (part.text("discriminatorID"), part.get("text")) {
                of_discriminator.entry(id).or_default().push(text);
            }
            part.leave(&IDS, SETTINGS);
            part.leave(&["type", "speed", "delay", "cardLayout", "attachmentOrder", "conditionID"], SETTINGS);
        }
        for part in file.list("responseDiscriminators") {
            part.leave(&["channel", "language", "variantOrder"], SETTINGS);
            if let (Some(response), Some(id)) = (part.text("responseID"), part.text("id")) {
                self.responses
                    .entry(response.to_owned())
                    .or_default()
                    .extend(of_discriminator.get(id).into_iter().flatten());
                // A message names what it says by either id.
                self.responses.entry(id.to_owned()).or_default().extend(of_discriminator.get(id).into_iter().flatten());
            }
            part.leave(&IDS, SETTINGS);
        }
        for part in file.list("responses") {
            part.leave(&IDS, SETTINGS);
            part.leave(&["type", "draft", "name"], SETTINGS);
        }
    }

    /// The slot of a variable or entity.
    pub(super) fn slot(&self, draft: &mut Draft, name: &str) -> String {
        self.slots.get(name).cloned().unwrap_or_else(|| draft.slot(name))
    }

    /// The intent of an id or a name.
    pub(super) fn intent(&self, draft: &mut Draft, id: &str) -> String {
        self.intents.get(id).cloned().unwrap_or_else(|| draft.intent(id))
    }

    /// The texts of a response.
    pub(super) fn said(&self, id: &str) -> &[&'s Part] {
        self.responses.get(id).map_or(&[], Vec::as_slice)
    }

    /// An example: entities stand in it by their names.
    fn plain(&self, part: &Part) -> String {
        let mut out = String::new();
        self.pieces(part, 0, &mut |piece| match piece {
            Piece::Text(text) => out.push_str(&unmarked(text)),
            Piece::Slot(slot) => out.push_str(&format!("{{{slot}}}")),
        });
        out.trim().to_owned()
    }

    /// A text in whatever form: plain, in paragraphs with children, or in pieces.
    pub(super) fn pieces(&self, part: &Part, depth: usize, each: &mut dyn FnMut(Piece<'_>)) {
        if depth > 24 {
            return;
        }
        match part.value() {
            Value::Scalar(Json::Text(_)) => {
                if let Some(text) = part.as_text() {
                    each(Piece::Text(text));
                }
            }
            Value::Scalar(_) => {}
            Value::List(items) => {
                // Paragraphs follow one another on lines of their own.
                let paragraphs = items.iter().all(|item| item.get("children").is_some() && item.get("name").is_none());
                for (at, item) in items.iter().enumerate() {
                    if paragraphs && at > 0 && depth == 0 {
                        each(Piece::Text("\n"));
                    }
                    self.pieces(item, depth + 1, each);
                }
            }
            Value::Map(_) => {
                let id = ["variableID", "entityID"].iter().find_map(|key| part.text(key));
                let named = part.text("name").filter(|_| part.get("type").is_some() || part.get("isSlot").is_some());
                if let Some(id) = id.or(named) {
                    part.leave_rest("how texts look");
                    match self.slots.get(id) {
                        Some(slot) => each(Piece::Slot(slot)),
                        None => each(Piece::Text(id)),
                    }
                    return;
                }
                part.leave(
                    &["attributes", "type", "bold", "italic", "underline", "fontWeight", "color"],
                    "how texts look",
                );
                for key in ["text", "children", "content"] {
                    if let Some(inner) = part.get(key) {
                        self.pieces(inner, depth + 1, each);
                    }
                }
            }
        }
    }

    /// The slot of a name within `{…}` of a text, where there is one.
    pub(super) fn known(&self, name: &str) -> Option<&str> {
        self.slots.get(name).map(String::as_str)
    }
}

/// A piece of a text.
pub(super) enum Piece<'t> {
    Text(&'t str),
    Slot(&'t str),
}

/// `{{[name].key}}` is the entity of that name.
fn unmarked(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("{{[") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = from.find("}}") else { break };
        let name = from.get(3..end).and_then(|inner| inner.split(']').next()).unwrap_or("");
        out.push_str(&format!("{{{name}}}"));
        rest = from.get(end + 2..).unwrap_or("");
    }
    out + rest.trim_start_matches("{{[")
}
