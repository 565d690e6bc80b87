//! Questions.

use flow_model::tree::{Json, Number};

use super::topics::{Build, Scope};
use super::words::Said;
use super::{Topic, assign};
use crate::{Card, Code, Kept, Part};

/// The type of what an entity of the platform finds.
fn type_of(entity: &str) -> &'static str {
    match entity {
        "NumberPrebuiltEntity"
        | "AgePrebuiltEntity"
        | "PercentagePrebuiltEntity"
        | "TemperaturePrebuiltEntity"
        | "MoneyPrebuiltEntity"
        | "WeightPrebuiltEntity"
        | "SpeedPrebuiltEntity" => "number",
        "BooleanPrebuiltEntity" => "bool",
        _ => "text",
    }
}

const ENTITIES: &str = "where entities of the platform are found";

impl<'s> Build<'_, '_, 's> {
    /// What a question says of the variable that it fills.
    pub(super) fn declare(&mut self, topic: &Topic<'s>, part: &'s Part) {
        let Some(variable) = part.peek("variable") else { return };
        let Some(slot) = self.slot(variable, &topic.name) else { return };
        let own = assign::path(variable).rsplit('.').next().unwrap_or("answer").to_owned();
        let (mut kind, mut named, mut values) = ("text", own, Vec::new());
        let mut also = Vec::new();
        if let Some(entity) = part.get("entity") {
            if let Some(prebuilt) = entity.as_text() {
                kind = type_of(prebuilt);
            }
            if let Some(id) = entity.text("entityId") {
                named = id.rsplit('.').next().unwrap_or(id).to_owned();
            }
            entity.leave(&["kind", "id", "entityTypeId"], ENTITIES);
            if let Some(definition) = entity.get("definition") {
                definition.leave(&["kind", "smartMatchingEnabled"], ENTITIES);
                for item in definition.list("items") {
                    let id = item.text("id").map(str::to_owned);
                    let shown = item.get("displayName").and_then(Part::plain);
                    let value = id.clone().or_else(|| shown.clone()).unwrap_or_default();
                    also.extend(shown.filter(|shown| *shown != value).map(|shown| format!("{value}: {shown}")));
                    let more: Vec<&str> = item.list("synonyms").iter().filter_map(Part::as_text).collect();
                    also.extend((!more.is_empty()).then(|| format!("{value}: also {}", more.join(", "))));
                    values.push(value);
                }
            }
        }
        values.retain(|value| !value.is_empty());
        values.dedup();
        self.known.kinds.entry(slot.clone()).or_insert(kind);
        let Some(entry) = self.draft.known("slots", &slot) else { return };
        if entry.get("type").is_some() {
            return;
        }
        entry.set("type", Json::text(if values.is_empty() { kind } else { "enum" }));
        if !values.is_empty() {
            let mut seen = std::collections::BTreeSet::new();
            values.retain(|value| seen.insert(value.clone()));
            entry.set("values", Json::List(values.iter().map(Json::text).collect()));
        }
        entry.set("entity", Json::text(named));
        for text in also {
            self.draft.remark("slots", &slot, &text);
        }
    }

    /// A question, what is done before it, and what is done when it has no answer.
    pub(super) fn ask(&mut self, part: &'s Part, scope: &Scope, next: &str) -> String {
        let (id, topic) = (self.id(part, scope, ""), self.topic(scope));
        let variable = part.text("variable").unwrap_or("Topic.answer").to_owned();
        let slot = self.slot(&variable, topic).unwrap_or_else(|| self.draft.slot(&variable));
        part.leave(
            &["conversationOutcome", "voiceInputSettings", "skipQuestionMode", "holdSettings"],
            "settings of questions",
        );
        let prompt = part.get("prompt").map_or_else(Said::default, |prompt| self.said(prompt, scope));
        let again = ["unrecognizedPrompt", "invalidPrompt"].iter().find_map(|key| part.get(key));
        let again = again.map_or_else(Said::default, |again| self.said(again, scope));
        let failed = self.failed(part, scope, &slot, next);
        let always = part
            .get("alwaysPrompt")
            .and_then(Part::plain)
            .is_some_and(|always| always.trim_start_matches('=') == "true");
        // Whoever leads to this question leads to what comes first of it.
        let ask = if always { self.id(part, scope, "ask") } else { id.clone() };
        let words = || assign::path(&variable).rsplit('.').next().unwrap_or("answer").replace('_', " ");
        let card = Card::new("ask").text("slot", &slot);
        let card = card.text("prompt", prompt.texts.first().cloned().unwrap_or_else(words));
        let card = card.maybe("reprompt", again.texts.first().cloned());
        // As often as the question is repeated, and once before.
        let count = part
            .number("repeatCount")
            .filter(|count| (0.0..100.0).contains(count))
            .map_or(3.0, |count| count.trunc() + 1.0);
        let card = card.with("attempts", Json::Number(Number::from_text(&format!("{count:.0}"))));
        self.put(part, scope, u32::from(always), &ask, card.text("filled", next).text("failed", failed));
        if always {
            let assign = Json::Map(vec![(slot, Json::Null)]);
            self.put(part, scope, 0, &id, Card::new("set").with("assign", assign).text("next", &ask));
        }
        self.beside(part, &ask, &prompt);
        let open = part.at(&["interruptionPolicy", "allowInterruption"]).and_then(Part::plain);
        if open.as_deref() != Some("false") {
            self.asked.push(ask);
        }
        id
    }

    /// A question that has no answer goes on with its usual value, or with the transfer to people.
    fn failed(&mut self, part: &'s Part, scope: &Scope, slot: &str, next: &str) -> String {
        let mut to = next.to_owned();
        if let Some(said) = part.get("defaultValueResponse") {
            let said = self.said(said, scope);
            if let Some(text) = said.texts.first() {
                let id = self.id(part, scope, "no_answer");
                self.put(part, scope, 8, &id, Card::new("message").text("text", text).text("next", &to));
                to = id;
            }
        }
        if let Some(value) = part.get("defaultValue").and_then(Part::plain) {
            if value.trim_start_matches('=') == "Blank()" {
                return to;
            }
            return self.bind(part, scope, &[(slot.to_owned(), value)], &to);
        }
        let wanted = part.text("fallbackDialogOnInvalidEntity").unwrap_or("Escalate").to_owned();
        match self.other(&wanted, &scope.ends) {
            Ok((_, escalates)) => {
                let what = "a question without an answer goes to the topic that escalates, as the platform does unless it is told otherwise";
                self.tell(part, Code::Approximated, what, Kept::Nothing);
                escalates
            }
            Err(_) => self.main.clone(),
        }
    }
}
