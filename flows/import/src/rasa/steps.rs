//! What a bot does: responses, forms, requests for a person, and actions of its own.

use super::say::{self, Said};
use super::stories::{Build, FORMS, Step};
use crate::{Card, Code, Kept, Part, conditions};

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
            _ if say::is_handoff(name) => {
                let card = say::people(self.draft, self.domain, name, next);
                self.draft.put(&id, card);
            }
            _ if name.starts_with("utter_") => {
                let text = format!("{name} is not in the domain: decide what is said.");
                self.draft.todo(&id, &text, Some(next));
                self.source.note_file("", Code::Missing, text, Kept::Card(id.clone()));
            }
            _ => {
                let card = say::call(self.draft, name, next);
                self.draft.put(&id, card);
            }
        }
        id
    }

    /// What is said: the first of its texts.
    fn message(&mut self, name: &str, response: &Part, next: &str) -> String {
        let id = self.draft.card_id(&format!("{name}/{next}"), name);
        if self.draft.has_card(&id) {
            return id;
        }
        let Said { text, why, handoff } = say::response(self.domain, response);
        if handoff {
            // The words that go with a request for a person are said when it goes out.
            let card = say::people(self.draft, self.domain, name, next).maybe("say", text);
            self.draft.put(&id, card);
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

    /// A form asks for its slots one after another, then goes on with what is done when it is filled.
    fn form(&mut self, name: &str, next: &str) -> String {
        let key = (name.to_owned(), next.to_owned());
        if let Some(first) = self.forms.get(&key) {
            return first.clone();
        }
        let mut drawn = self.forms.iter().filter(|((form, _), _)| form == name).map(|(_, first)| first.clone());
        let (again, count) = (drawn.next(), drawn.count());
        if let Some(again) = again.clone().filter(|_| count + 1 >= FORMS) {
            let what = format!("the form {name} is begun here as well: it is drawn {FORMS} times already");
            self.source.note_file("", Code::NotUnderstood, what, Kept::Card(again.clone()));
            return again;
        }
        let mut slots = self.domain.forms.get(name).cloned().unwrap_or_default();
        let in_code = slots.is_empty();
        if in_code {
            slots.push(name.to_owned());
        }
        let copy = if again.is_some() { next } else { "" };
        let id = |draft: &mut crate::Draft, slot: &String| {
            draft.card_id(&format!("\u{1}form/{name}/{slot}/{copy}"), &format!("ask_{slot}"))
        };
        let ids: Vec<String> = slots.iter().map(|slot| id(self.draft, slot)).collect();
        self.forms.insert(key, ids.first().cloned().unwrap_or_else(|| next.to_owned()));
        let mut to = self.when_filled(name, next);
        for (slot, id) in slots.iter().zip(&ids).rev() {
            self.question(name, slot, id, &to);
            to.clone_from(id);
        }
        if again.is_none() {
            let what = match in_code {
                true => format!("what the form {name} asks for is in code: here it is one question"),
                false => format!(
                    "the form {name} asks until every slot is filled; here each question is given up after its attempts"
                ),
            };
            let kept = ids.first().map_or(Kept::Nothing, |id| Kept::Card(id.clone()));
            self.source.note_file("", Code::Approximated, what, kept);
        }
        self.asked.extend(ids.into_iter().map(|id| (id, name.to_owned())));
        to
    }

    fn question(&mut self, form: &str, slot: &str, id: &str, next: &str) {
        let known = self.domain.slots.get(slot).map(|(slot, _)| slot.clone());
        let slot_id = known.unwrap_or_else(|| self.draft.slot(slot));
        let asks = [format!("utter_ask_{form}_{slot}"), format!("utter_ask_{slot}")];
        let response = asks.iter().find_map(|ask| self.domain.responses.get(ask).copied());
        let Said { text, why, .. } =
            response.map_or_else(Said::default, |response| say::response(self.domain, response));
        let prompt = text.unwrap_or_else(|| slot.replace('_', " "));
        let card = Card::new("ask").text("slot", slot_id).text("prompt", prompt);
        let main = self.main.clone();
        self.draft.put(id, card.text("filled", next).text("failed", main));
        for why in why {
            self.draft.remark("nodes", id, &why);
        }
    }

    /// What is done when a form is filled: by what holds then.
    fn when_filled(&mut self, form: &str, next: &str) -> String {
        let rules: Vec<(Vec<String>, Vec<Step>)> = self
            .filled
            .iter()
            .filter(|(known, ..)| known == form)
            .map(|(_, guard, steps)| (guard.clone(), steps.clone()))
            .collect();
        let (mut rows, mut otherwise) = (Vec::new(), None);
        for (guard, steps) in rules {
            let to = self.chain(&steps, next);
            if !guard.is_empty() {
                rows.push((conditions::all(&guard), to));
            } else if otherwise.is_none() {
                otherwise = Some(to);
            } else {
                let what = format!("several rules say what follows the form {form}: the first one counts here");
                self.source.note_file("", Code::Condition, what, Kept::Card(to));
            }
        }
        let otherwise = otherwise.unwrap_or_else(|| next.to_owned());
        if rows.is_empty() {
            return otherwise;
        }
        self.draft.add(&format!("{form}_filled"), Card::new("decision").branches(&rows).text("else", otherwise))
    }
}
