//! Intents, entity types and webhooks.

use super::{IDS, Reader, TRAINING, TUNING};
use crate::{Code, Kept, Part};
use flow_model::tree::Json;

impl Reader<'_, '_> {
    pub(super) fn vocabulary(&mut self) {
        let root = self.root.clone();
        for folder in self.folders(&format!("{root}entityTypes/")) {
            for (name, part) in self.named(&folder) {
                self.entity_type(&name, part, &folder);
            }
        }
        for folder in self.folders(&format!("{root}intents/")) {
            for (name, part) in self.named(&folder) {
                self.intent(&name, part, &folder);
            }
        }
        self.webhooks = self.named(&format!("{root}webhooks/"));
        for (name, part) in self.webhooks.clone() {
            self.webhook(&name, part);
        }
    }

    fn intent(&mut self, name: &str, part: &Part, folder: &str) {
        part.leave(&["priority", "numTrainingPhrases", "labels"], TUNING);
        // What nobody understood is `none` here, whatever it is called there.
        let fallback = part.flag("isFallback").unwrap_or(false);
        if fallback {
            self.fallbacks.insert(name.to_owned());
        } else {
            self.draft.intent(name);
            if let Some(about) = part.text("description") {
                self.draft.remark("intents", name, about);
            }
        }
        for parameter in part.list("parameters") {
            let id = parameter.text("id").unwrap_or_default().to_owned();
            let slot = self.draft.slot(&id);
            self.entity_of(&slot, parameter);
            self.draft.remark("intents", name, &format!("It fills {id}."));
        }
        for path in self.source.project().within(&format!("{folder}trainingPhrases/"), ".json") {
            let Some(file) = self.source.json(path) else { continue };
            let language = path.rsplit('/').next().and_then(|file| file.strip_suffix(".json")).unwrap_or("");
            if language != self.language || fallback {
                let what = if fallback { "phrases of what is not understood" } else { "phrases in another language" };
                self.source.note(file, Code::NotRead, what, Kept::Nothing);
                continue;
            }
            let phrases: Vec<String> = file.list("trainingPhrases").iter().map(phrase).collect();
            self.draft.examples(name, phrases.into_iter().filter(|text| !text.trim().is_empty()));
        }
    }

    /// The entity of a slot, and the type that its values have.
    pub(super) fn entity_of(&mut self, slot: &str, part: &Part) {
        let Some(entity) = part.text("entityType") else { return };
        let entity = entity.trim_start_matches('@');
        match entity {
            "sys.number-integer" | "sys.cardinal" | "sys.ordinal" => self.draft.wants(slot, "integer"),
            "sys.number" | "sys.percentage" => self.draft.wants(slot, "number"),
            _ => self.draft.wants(slot, "text"),
        }
        if let Some(entry) = self.draft.known("slots", slot)
            && entry.get("entity").is_none()
        {
            entry.set("entity", Json::text(entity));
        }
        if let Some((words, used)) = self.entities.get_mut(entity) {
            *used = true;
            self.draft.remark("slots", slot, words);
        }
    }

    /// The values of an entity type stand in the words of the slots that it fills.
    fn entity_type(&mut self, name: &str, part: &Part, folder: &str) {
        let mut words = vec![match part.text("kind") {
            Some("KIND_REGEXP") => format!("{name}: a pattern."),
            _ => format!("{name}: one of a list."),
        }];
        part.leave(&["autoExpansionMode", "enableFuzzyExtraction"], TUNING);
        for path in self.source.project().within(&format!("{folder}entities/"), ".json") {
            let Some(file) = self.source.json(path) else { continue };
            for entity in file.list("entities") {
                entity.leave(&["languageCode"], TRAINING);
                let value = entity.text("value").unwrap_or_default();
                let synonyms: Vec<&str> = entity.list("synonyms").iter().filter_map(Part::as_text).collect();
                let others: Vec<&str> = synonyms.into_iter().filter(|synonym| *synonym != value).collect();
                words.push(if others.is_empty() {
                    value.to_owned()
                } else {
                    format!("{value}: {}", others.join(", "))
                });
            }
        }
        for path in self.source.project().within(&format!("{folder}excludedPhrases/"), ".json") {
            let Some(file) = self.source.json(path) else { continue };
            for phrase in file.list("excludedPhrases") {
                phrase.leave(&["languageCode"], TRAINING);
                words.push(format!("not: {}", phrase.text("value").unwrap_or_default()));
            }
        }
        self.entities.insert(name.to_owned(), (words.join("\n"), false));
    }

    /// An entity type that no question asks for is a slot of its own, so that its values are kept.
    pub(super) fn unasked(&mut self) {
        let entities = std::mem::take(&mut self.entities);
        for (name, (words, _)) in entities.iter().filter(|(_, (_, used))| !used) {
            let slot = self.draft.slot_of(&format!("@{name}"), name);
            self.draft.wants(&slot, "text");
            self.draft.remark("slots", &slot, words);
            if let Some(entry) = self.draft.known("slots", &slot) {
                entry.set("entity", Json::text(name));
            }
        }
    }

    fn webhook(&mut self, name: &str, part: &Part) {
        part.leave(&["timeout", "disabled"], TUNING);
        let call = self.draft.call(name);
        let mut words: Vec<String> = Vec::new();
        for service in [part.get("genericWebService"), part.at(&["serviceDirectory", "genericWebService"])] {
            let Some(service) = service else { continue };
            service
                .leave(&["username", "password", "allowedCaCerts", "requestHeaders", "oauthConfig"], "sign-in details");
            let method = service.text("httpMethod").unwrap_or("POST");
            words.push(format!("{method} {}", service.text("uri").unwrap_or("")));
            if let Some(body) = service.text("requestBody") {
                words.push(body.to_owned());
            }
            if let Some(kind) = service.text("webhookType") {
                words.push(format!("webhook type {kind}"));
            }
            for mapped in service.list("parameterMapping") {
                let (key, value) = (mapped.text("key").unwrap_or(""), mapped.text("value").unwrap_or(""));
                words.push(format!("{key} = {value}"));
            }
        }
        for line in words {
            self.draft.remark("calls", &call, &line);
        }
        part.leave(&["name"], IDS);
    }
}

/// A training phrase as one text.
fn phrase(part: &Part) -> String {
    part.leave(&["id", "repeatCount", "languageCode"], TRAINING);
    let mut text = String::new();
    for piece in part.list("parts") {
        piece.leave(&["auto", "parameterId"], TRAINING);
        text.push_str(piece.text("text").unwrap_or(""));
    }
    text
}
