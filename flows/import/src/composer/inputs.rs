//! Questions.

use flow_model::tree::Json;

use super::dialogs::{Build, Scope, kind};
use super::expr::{self, Expr};
use crate::{Card, Code, Kept, Part};

/// The type of what a question is answered with, where it is one.
pub(super) fn kind_of(part: &Part) -> Option<&'static str> {
    match kind(part) {
        "NumberInput" => Some("number"),
        "ConfirmInput" => Some("bool"),
        "TextInput" | "ChoiceInput" | "DateTimeInput" => Some("text"),
        _ => None,
    }
}

/// The first entity that an expression takes its value from.
pub(super) fn entity_of(raw: &str) -> Option<String> {
    match expr::parse(raw)? {
        Expr::Entity(name) => Some(name.split('.').next().unwrap_or(&name).to_owned()),
        Expr::Call(name, given) if name == "coalesce" => match given.first()? {
            Expr::Entity(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A recogniser that stands in the dialog: patterns that are plain words are examples.
pub(super) fn recognizer(dialog: &Part) {
    let Some(recognizer) = dialog.get("recognizer") else { return };
    if kind(recognizer) == "RegexRecognizer" {
        recognizer.leave(&["$kind", "id"], "where recognisers of language are found");
    } else {
        recognizer.leave_rest("where recognisers of language are found");
    }
}

/// Patterns of a recogniser that stands in the dialog: those of plain words are examples.
pub(super) fn examples(dialog: &Part, draft: &mut crate::Draft) {
    let Some(recognizer) = dialog.get("recognizer").filter(|part| kind(part) == "RegexRecognizer") else { return };
    for row in recognizer.list("intents") {
        let Some(name) = row.text("intent") else { continue };
        let intent = draft.intent(name);
        let Some(pattern) = row.peek("pattern") else { continue };
        let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
        let plain = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '\'' | '-' | ','))
        };
        if pattern.split('|').all(plain) {
            draft.examples(&intent, pattern.split('|').map(str::to_owned));
            let _ = row.text("pattern");
        }
    }
}

const LOOKS: &str = "how choices look and in which language values are read";

impl Build<'_, '_, '_> {
    /// A question, what is done before it, and what is done when it has no answer.
    pub(super) fn ask(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let number = part.get("$designer").and_then(|designer| designer.peek("id")).unwrap_or("answer").to_owned();
        let property = part.text("property").map_or_else(|| format!("dialog.{}_{number}", kind(part)), str::to_owned);
        let slot = self.tongue(scope).slot(&property);
        part.leave(
            &["style", "choiceOptions", "defaultLocale", "recognizerOptions", "confirmChoices", "outputFormat"],
            LOOKS,
        );
        let prompt = self.said(part, "prompt", scope);
        let reprompt = self.said(part, "unrecognizedPrompt", scope).or_else(|| self.said(part, "invalidPrompt", scope));
        part.leave(&["unrecognizedPrompt", "invalidPrompt"], "second words for an answer that does not fit");
        let failed = self.failed(part, scope, &slot, next);
        let mut card = Card::new("ask").text("slot", &slot);
        let mut chosen = Vec::new();
        for (key, said) in [("prompt", &prompt), ("reprompt", &reprompt)] {
            let (text, raw) = said.as_ref().map_or((None, None), |said| self.asked(said, scope));
            chosen.extend(raw);
            if key == "prompt" || text.is_some() {
                card = card.text(key, text.unwrap_or_else(|| property.replace('.', " ")));
            }
        }
        if let Some(count) = part.number("maxTurnCount").filter(|count| (1.0..=100.0).contains(count)) {
            card =
                card.with("attempts", Json::Number(flow_model::tree::Number::from_text(&format!("{}", count.trunc()))));
        }
        self.put(part, scope, 0, &id, card.text("filled", next).text("failed", failed));
        for said in [prompt, reprompt].into_iter().flatten() {
            self.beside(part, &id, &said);
        }
        for raw in chosen {
            self.card_told(part, &id, &raw);
        }
        self.answers_of(part, &id, &slot);
        let open = part.get("allowInterruptions").and_then(Part::plain);
        self.asks(&id, scope, open.as_deref().is_none_or(|open| open.trim_start_matches('=') != "false"));
        self.before(part, scope, &slot, &id)
    }

    /// What is told of how answers are read.
    fn answers_of(&mut self, part: &Part, id: &str, slot: &str) {
        if let Some(raw) = part.get("value").and_then(Part::plain)
            && raw.matches('@').count() > usize::from(entity_of(&raw).is_some())
        {
            self.remark(id, &format!("The answer is {}", raw.trim_start_matches('=')));
            let what = "the answer is taken from several places there; here it is the first entity or the words of the customer";
            self.tell(part, Code::Approximated, what, Kept::Note(id.to_owned()));
        }
        for check in part.list("validations").iter() {
            let Some(raw) = check.plain() else { continue };
            if !self.limit(slot, &raw) {
                self.remark(id, &format!("An answer is taken only where {}", raw.trim_start_matches('=')));
                let what = format!("the check {raw} of the answer cannot be said here");
                self.tell(check, Code::Condition, &what, Kept::Note(id.to_owned()));
            }
        }
        match part.get("choices") {
            Some(choices) if !choices.items().is_empty() => {
                for choice in choices.items() {
                    let value = choice.text("value").unwrap_or("").to_owned();
                    let also: Vec<&str> = choice.list("synonyms").iter().filter_map(Part::as_text).collect();
                    if !also.is_empty() {
                        self.draft.remark("slots", slot, &format!("{value}: also {}", also.join(", ")));
                    }
                }
            }
            Some(choices) => {
                let raw = choices.plain().unwrap_or_default();
                self.remark(id, &format!("To choose from: {raw}"));
            }
            None => {}
        }
    }

    /// `int(this.value) >= 1` is the least value of the slot.
    fn limit(&mut self, slot: &str, raw: &str) -> bool {
        let Some(Expr::Op(operator @ (">=" | "<="), left, right)) = expr::parse(raw) else { return false };
        let value = match left.as_ref() {
            Expr::Call(name, given) if ["int", "float"].contains(&name.as_str()) => given.first().cloned(),
            other => Some(other.clone()),
        };
        let (Some(Expr::Path(path)), Expr::Number(number)) = (value, right.as_ref()) else { return false };
        let key = if operator == ">=" { "min" } else { "max" };
        let Some(entry) = self.draft.known("slots", slot) else { return false };
        if path != "this.value" || entry.get("type").and_then(Json::as_text) != Some("number") {
            return false;
        }
        if entry.get(key).is_none() {
            entry.set(key, Json::Number(flow_model::tree::Number::from_text(number)));
        }
        true
    }

    /// A question that has no answer goes on with its usual value, or without one.
    fn failed(&mut self, part: &Part, scope: &Scope, slot: &str, next: &str) -> String {
        let mut to = next.to_owned();
        if let Some(said) = self.said(part, "defaultValueResponse", scope) {
            let id = self.id(part, scope, "no_answer");
            let (text, raw) = self.asked(&said, scope);
            self.put(
                part,
                scope,
                3,
                &id,
                Card::new("message").text("text", text.unwrap_or_default()).text("next", &to),
            );
            self.beside(part, &id, &said);
            if let Some(raw) = raw {
                self.card_told(part, &id, &raw);
            }
            to = id;
        }
        let Some(raw) = part.get("defaultValue").and_then(Part::plain) else { return to };
        let read = expr::parse(&raw);
        let mut tongue = self.tongue(scope);
        let value = read
            .and_then(|read| tongue.cases(&read))
            .and_then(|mut cases| if cases.len() == 1 { cases.pop() } else { None });
        let kind = tongue.known.kinds.get(slot).copied();
        let written =
            value.map(|(_, value)| tongue.fit(&value, kind)).and_then(|value| value.written().map(str::to_owned));
        let id = self.id(part, scope, "usual");
        let assign = written.as_ref().map(|written| (slot.to_owned(), Json::text(written)));
        let card = Card::new("set").with("assign", Json::Map(assign.into_iter().collect())).text("next", to);
        self.put(part, scope, 2, &id, card);
        if written.is_none() {
            self.remark(&id, &format!("Set {slot} to {raw}"));
            let what = format!("the usual value {raw} cannot be said here");
            self.tell(part, Code::Condition, &what, Kept::Note(id.clone()));
        }
        id
    }

    /// A question that is always asked forgets its answer before.
    fn before(&mut self, part: &Part, scope: &Scope, slot: &str, ask: &str) -> String {
        let always = part.get("alwaysPrompt").and_then(Part::plain);
        if always.as_deref().is_none_or(|always| always.trim_start_matches('=') != "true") {
            return ask.to_owned();
        }
        let id = self.id(part, scope, "anew");
        let assign = Json::Map(vec![(slot.to_owned(), Json::Null)]);
        self.put(part, scope, 1, &id, Card::new("set").with("assign", assign).text("next", ask));
        id
    }
}
