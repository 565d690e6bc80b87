//! What a bot does: responses, forms, requests for a person, and actions of its own.

use flow_model::tree::Json;

use super::stories::{Build, Step};
use crate::{Card, Code, Kept, Part};

impl Build<'_, '_, '_> {
    /// The card of an action that goes on at `next`.
    pub(super) fn action(&mut self, name: &str, next: &str) -> String {
        self.cards += 1;
        if self.domain.forms.contains_key(name) {
            return self.form(name, next);
        }
        if let Some(response) = self.domain.responses.get(name).copied() {
            return self.message(name, response, next);
        }
        let key = format!("{name}/{next}");
        let id = self.draft.card_id(&key, name);
        if self.draft.has_card(&id) {
            return id;
        }
        match name {
            "action_restart" | "action_session_start" | "action_deactivate_loop" | "action_back" => {
                return self.main.clone();
            }
            _ if is_handoff(name) => self.handoff(&id, name, next),
            _ if name.starts_with("utter_") => {
                let text = format!("{name} is not in the domain: decide what is said.");
                self.draft.todo(&id, &text, Some(next));
                self.source.note_file("", Code::Missing, text, Kept::Card(id.clone()));
            }
            _ => {
                let call = self.draft.call(name);
                let card = Card::new("action").text("call", call);
                self.draft
                    .put(&id, ["ok", "error", "timeout"].into_iter().fold(card, |card, port| card.text(port, next)));
            }
        }
        id
    }

    fn handoff(&mut self, id: &str, name: &str, next: &str) {
        let (tier, context) = (self.draft.tier("people"), self.draft.context(name));
        let slots: Vec<String> = self.domain.slots.values().map(|(slot, _)| slot.clone()).collect();
        if let Some(entry) = self.draft.known("contexts", &context)
            && let Some(fields) = entry.at_mut(&["fields"])
        {
            for slot in slots {
                fields.set(&slot, Json::Map(vec![("from".to_owned(), Json::Text(format!("slots.{slot}")))]));
            }
        }
        let card = Card::new("handoff").text("context", context).text("tier", tier);
        let ports = ["resumed", "resolved", "timeout", "closed", "failed"];
        self.draft.put(id, ports.into_iter().fold(card, |card, port| card.text(port, next)));
    }

    /// What is said: the first of its texts.
    fn message(&mut self, name: &str, response: &Part, next: &str) -> String {
        let id = self.draft.card_id(&format!("{name}/{next}"), name);
        if self.draft.has_card(&id) {
            return id;
        }
        let (text, why, handoff) = self.response(response);
        if handoff {
            // The words that go with a request for a person are said when it goes out.
            self.handoff(&id, name, next);
            if let (Some(entry), Some(text)) = (self.draft.known("nodes", &id), text) {
                entry.set("say", Json::Text(text));
            }
        } else {
            match text {
                Some(text) => self.draft.put(&id, Card::new("message").text("text", text).text("next", next)),
                None => self.draft.todo(&id, &format!("{name} says no words: decide what is shown."), Some(next)),
            }
        }
        self.source.owner(response, &id);
        for why in why {
            self.draft.remark("nodes", &id, &why);
        }
        id
    }

    /// The first text, further texts and buttons in words, and whether it asks for a person.
    fn response(&mut self, response: &Part) -> (Option<String>, Vec<String>, bool) {
        let (mut first, mut why, mut handoff) = (None, Vec::new(), false);
        for variation in response.items() {
            if let Some(text) = variation.text("text").map(|text| self.text(text)) {
                match &first {
                    None => first = Some(text),
                    Some(_) => why.push(format!("Also said: {text}")),
                }
            }
            let titles: Vec<&str> =
                variation.list("buttons").iter().filter_map(|button| button.text("title")).collect();
            if !titles.is_empty() {
                why.push(format!("Buttons: {}", titles.join(" | ")));
            }
            variation.list("buttons").iter().for_each(|button| button.leave(&["payload", "type"], "what buttons send"));
            if let Some(custom) = variation.get("custom") {
                let asks = custom.peek("type") == Some("handoff") || custom.get("handoff").is_some();
                if asks {
                    handoff = true;
                    custom.leave_rest("what is sent to a connector beside the words of a handoff");
                }
            }
        }
        (first, why, handoff)
    }

    /// `{slot}` is ours with its scope; other braces are plain.
    fn text(&mut self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(&before.replace('}', "}}"));
            let close = from.find('}');
            let name = close.and_then(|close| from.get(1..close)).unwrap_or("");
            match (self.domain.slots.get(name), close) {
                (Some((slot, _)), Some(close)) => {
                    out.push_str(&format!("{{slots.{slot}}}"));
                    rest = from.get(close + 1..).unwrap_or("");
                }
                _ => {
                    out.push_str("{{");
                    rest = from.get(1..).unwrap_or("");
                }
            }
        }
        out + &rest.replace('}', "}}")
    }

    /// A form asks for its slots one after another, then goes on with what is done when it is filled.
    fn form(&mut self, name: &str, next: &str) -> String {
        if self.forms.iter().any(|form| form == name) {
            // It is drawn already: its first question.
            return self
                .asked
                .iter()
                .find(|(_, form)| form == name)
                .map_or_else(|| next.to_owned(), |(card, _)| card.clone());
        }
        self.forms.push(name.to_owned());
        let filled: Vec<Step> =
            self.filled.iter().filter(|(form, _)| form == name).flat_map(|(_, steps)| steps.clone()).collect();
        let filled: Vec<Step> = filled.into_iter().filter(|step| matches!(step, Step::Does(_))).collect();
        let main = self.main.clone();
        let mut to = if filled.is_empty() { next.to_owned() } else { self.chain(&filled, next) };
        let slots = self.domain.forms.get(name).cloned().unwrap_or_default();
        let mut made = Vec::new();
        for slot in slots.iter().rev() {
            let id = self.draft.card_id(&format!("\u{1}form/{name}/{slot}"), &format!("ask_{slot}"));
            let known = self.domain.slots.get(slot).map(|(slot, _)| slot.clone());
            let slot_id = known.unwrap_or_else(|| self.draft.slot(slot));
            let asks = [format!("utter_ask_{name}_{slot}"), format!("utter_ask_{slot}")];
            let response = asks.iter().find_map(|ask| self.domain.responses.get(ask).copied());
            let (text, why, _) = response.map_or_else(Default::default, |response| self.response(response));
            let prompt = text.unwrap_or_else(|| slot.replace('_', " "));
            let card = Card::new("ask").text("slot", slot_id).text("prompt", prompt);
            self.draft.put(&id, card.text("filled", &to).text("failed", &main));
            for why in why {
                self.draft.remark("nodes", &id, &why);
            }
            made.push((id.clone(), name.to_owned()));
            to = id;
        }
        let what = format!(
            "the form {name} asks until every slot is filled; here each question is given up after its attempts"
        );
        self.source.note_file(
            "",
            Code::Approximated,
            what,
            made.last().map_or(Kept::Nothing, |(id, _)| Kept::Card(id.clone())),
        );
        self.asked.extend(made.into_iter().rev());
        to
    }
}

/// Whether an action asks for a person, by its name.
fn is_handoff(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["handoff", "hand_off", "handover", "human", "live_agent", "escalat"].iter().any(|word| name.contains(word))
        && !name.starts_with("utter_")
}
