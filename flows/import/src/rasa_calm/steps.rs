//! Steps of flows as cards.

use flow_model::tree::Json;

use super::flows::{Build, HANDOFF, Scope};
use crate::draft::legal;
use crate::rasa::domain::literal;
use crate::rasa::say;
use crate::{Card, Code, Kept, Part};

impl<'s> Build<'_, '_, 's> {
    /// Steps one after another; gives the card that the first one is.
    pub(super) fn steps(&mut self, steps: &'s [Part], scope: &Scope<'s>, after: &str) -> String {
        steps.iter().rev().fold(after.to_owned(), |next, step| self.step(step, scope, &next))
    }

    /// The card by which a step is entered: a step with an id is found by it.
    fn entry(&mut self, part: &Part, scope: &Scope<'s>) -> String {
        let kinds = ["action", "collect", "link", "call"];
        let wanted = kinds.iter().find_map(|kind| part.peek(kind)).unwrap_or("step");
        let wanted = if part.get("collect").is_some() { format!("ask_{wanted}") } else { wanted.to_owned() };
        match part.get("id").and_then(Part::plain) {
            Some(id) => self.draft.card_id(&format!("{}/{id}", scope.copy), &wanted),
            None => self.draft.card_id(&format!("{}/{}/{}", scope.copy, part.file, part.at), &wanted),
        }
    }

    fn extra(&mut self, part: &Part, scope: &Scope<'s>, role: &str, wanted: &str) -> String {
        self.draft.card_id(&format!("{}/{}/{}/{role}", scope.copy, part.file, part.at), wanted)
    }

    fn put(&mut self, part: &Part, scope: &Scope<'s>, role: u32, id: &str, card: Card) {
        self.cards.put(scope.copy, part, role, id, card.text("group", legal(&scope.flow)));
        if role == 0 {
            self.source.owner(part, id);
        }
    }

    fn step(&mut self, part: &'s Part, scope: &Scope<'s>, after: &str) -> String {
        let id = self.entry(part, scope);
        if self.cards.is_full() {
            self.tell(part, Code::NotUnderstood, "there are more steps than can be drawn", Kept::Nothing);
            return after.to_owned();
        }
        part.leave(&["metadata"], "settings of flows for the model and for the screen of the other tool");
        let next = self.next(part, scope, after);
        if let Some(name) = part.text("action") {
            self.action(part, scope, &id, name, &next);
        } else if let Some(slot) = part.text("collect") {
            return self.collect(part, scope, &id, slot, &next);
        } else if let Some(name) = part.text("link") {
            // The other flow takes over: this one has ended.
            let over = scope.over.clone();
            let to = self.other(part, scope, name, &over, Self::begin);
            let to = self.forget(part, scope, &to);
            self.put(part, scope, 0, &id, Card::new("decision").text("else", to));
        } else if let Some(name) = part.text("call") {
            let to = self.other(part, scope, name, &next, Self::call);
            self.put(part, scope, 0, &id, Card::new("decision").text("else", to));
        } else if let Some(slots) = part.get("set_slots") {
            self.set(part, scope, &id, slots, &next);
        } else {
            part.seen(&["noop"]);
            self.put(part, scope, 0, &id, Card::new("decision").text("else", next));
        }
        id
    }

    /// Where a step goes on.
    fn next(&mut self, part: &'s Part, scope: &Scope<'s>, after: &str) -> String {
        match part.get("next") {
            None => after.to_owned(),
            Some(next) if next.items().is_empty() => self.target(next, scope, after),
            Some(next) => {
                let id = self.extra(part, scope, "next", "which");
                let (mut rows, mut otherwise) = (Vec::new(), scope.ends.clone());
                for row in next.items() {
                    if let Some(to) = row.get("else") {
                        otherwise = self.target(to, scope, after);
                    } else if let (Some(when), Some(to)) = (row.get("if"), row.get("then")) {
                        let when = self.when(when, Kept::Card(id.clone()));
                        rows.push((when, self.target(to, scope, after)));
                    }
                }
                self.put(part, scope, 4, &id, Card::new("decision").branches(&rows).text("else", otherwise));
                id
            }
        }
    }

    /// A step by its id, the end, or steps of its own.
    fn target(&mut self, to: &'s Part, scope: &Scope<'s>, after: &str) -> String {
        if !to.items().is_empty() {
            return self.steps(to.items(), scope, &scope.ends.clone());
        }
        match to.plain().as_deref() {
            Some("END") => scope.ends.clone(),
            Some(id) => self.draft.card_id(&format!("{}/{id}", scope.copy), id),
            None => after.to_owned(),
        }
    }

    /// Another flow that goes on at `ends`, begun or called.
    fn other(
        &mut self,
        part: &'s Part,
        scope: &Scope<'s>,
        name: &str,
        ends: &str,
        how: impl FnOnce(&mut Self, &str, &str) -> Option<String>,
    ) -> String {
        if let Some(begins) = how(self, name, ends) {
            return begins;
        }
        let id = self.extra(part, scope, "other", name);
        let there = self.flows.contains_key(name);
        if name == HANDOFF && !there {
            let what = "as it is shipped it says that nobody is available; here a person is asked";
            self.tell(part, Code::Approximated, what, Kept::Card(id.clone()));
            let card = say::people(self.draft, self.domain, name, ends);
            self.put(part, scope, 2, &id, card);
            return id;
        }
        if !there && part.entries().iter().any(|(key, _)| matches!(key.as_str(), "mcp_server" | "mapping" | "exit_if"))
        {
            let card = say::call(self.draft, name, ends);
            self.put(part, scope, 2, &id, card);
            return id;
        }
        let what = match there {
            true => format!("{name} is begun here as well: it is drawn too often already"),
            false => format!("there is no flow {name} in the project"),
        };
        let code = if there { Code::NotUnderstood } else { Code::Missing };
        self.tell(part, code, &what, Kept::Card(id.clone()));
        self.draft.undecided.push(id.clone());
        self.put(part, scope, 2, &id, Card::new("todo").text("text", what).text("next", ends));
        id
    }

    /// The slots of this flow are forgotten before another one takes over.
    fn forget(&mut self, part: &Part, scope: &Scope<'s>, to: &str) -> String {
        let Some(assign) = self.forgotten(scope.part).filter(|_| !scope.called) else { return to.to_owned() };
        let id = self.extra(part, scope, "forget", &format!("{}_ends", scope.flow));
        self.put(part, scope, 3, &id, Card::new("set").with("assign", assign).text("next", to));
        id
    }

    fn action(&mut self, part: &'s Part, scope: &Scope<'s>, id: &str, name: &str, next: &str) {
        if let Some(response) = self.domain.responses.get(name).copied() {
            let said = say::response(self.domain, response);
            let card = match (said.handoff, said.text) {
                (true, text) => say::people(self.draft, self.domain, name, next).maybe("say", text),
                (false, Some(text)) => Card::new("message").text("text", text).text("next", next),
                (false, None) => {
                    self.draft.undecided.push(id.to_owned());
                    Card::new("todo")
                        .text("text", format!("{name} says no words: decide what is shown."))
                        .text("next", next)
                }
            };
            self.put(part, scope, 0, id, card);
            said.why.iter().for_each(|why| self.cards.remark(id, why));
            return;
        }
        if name == "action_listen" {
            self.put(
                part,
                scope,
                0,
                id,
                Card::new("listen").with("branches", Json::List(Vec::new())).text("else", next),
            );
            self.asked.push(id.to_owned());
            return;
        }
        if say::is_handoff(name) {
            let card = say::people(self.draft, self.domain, name, next);
            self.put(part, scope, 0, id, card);
            return;
        }
        if name.starts_with("utter_") {
            let text = format!("{name} is not in the domain: decide what is said.");
            self.tell(part, Code::Missing, &text, Kept::Card(id.to_owned()));
            self.draft.undecided.push(id.to_owned());
            self.put(part, scope, 0, id, Card::new("todo").text("text", text).text("next", next));
            return;
        }
        let mut to = next.to_owned();
        if let Some(assign) = say::answers(self.draft, self.domain, name, id) {
            to = self.extra(part, scope, "answers", &format!("{name}_answers"));
            self.put(part, scope, 1, &to, Card::new("set").with("assign", assign).text("next", next));
        }
        let card = say::call(self.draft, name, &to);
        self.put(part, scope, 0, id, card);
    }

    fn collect(&mut self, part: &'s Part, scope: &Scope<'s>, id: &str, name: &str, next: &str) -> String {
        let slot = self.slot(name);
        let filled = self.rejections(part, scope, id, &slot, next);
        let own = part.get("utter").and_then(Part::plain);
        let words = own.map_or_else(|| vec![format!("utter_ask_{name}")], |own| vec![own, format!("utter_ask_{name}")]);
        let response = words.iter().find_map(|name| self.domain.responses.get(name).copied());
        let said = response.map_or_else(say::Said::default, |response| say::response(self.domain, response));
        let prompt = said.text.unwrap_or_else(|| name.replace('_', " "));
        if response.is_none() {
            let what = format!(
                "what is asked for {name} is not in the domain: an action of the project or a model finds the words"
            );
            self.tell(part, Code::Missing, &what, Kept::Card(id.to_owned()));
        }
        let main = self.main.clone();
        let anew = part.flag("ask_before_filling") == Some(true);
        // Whoever leads to this step leads to what comes first of it.
        let ask = if anew { self.extra(part, scope, "ask", &format!("ask_{name}_anew")) } else { id.to_owned() };
        let card =
            Card::new("ask").text("slot", &slot).text("prompt", prompt).text("filled", filled).text("failed", main);
        self.put(part, scope, 1, &ask, card);
        if anew {
            let assign = Json::Map(vec![(slot.clone(), Json::Null)]);
            self.put(part, scope, 0, id, Card::new("set").with("assign", assign).text("next", &ask));
        } else {
            self.source.owner(part, id);
        }
        if let Some(text) = part.text("description") {
            self.cards.remark(&ask, text);
        }
        said.why.iter().for_each(|why| self.cards.remark(&ask, why));
        part.leave(&["reset_after_flow_ends"], "when slots are forgotten, which cards say here");
        part.leave(&["force_slot_filling"], "how the model takes an answer");
        let what = "the model decides when a question is given up; here it is given up after its attempts";
        self.tell(part, Code::Approximated, what, Kept::Card(ask.clone()));
        self.hears(&slot, name);
        self.asked.push(ask);
        id.to_owned()
    }

    /// A slot that is asked for is filled by an entity; where the model fills it, that has the slot's name.
    fn hears(&mut self, slot: &str, name: &str) {
        if let Some(entry) = self.draft.known("slots", slot)
            && entry.get("entity").is_none()
        {
            entry.set("entity", Json::text(name));
        }
    }

    /// An answer that does not fit is forgotten, and the question put again.
    fn rejections(&mut self, part: &'s Part, scope: &Scope<'s>, ask: &str, slot: &str, next: &str) -> String {
        let rejections = part.list("rejections");
        if rejections.is_empty() {
            return next.to_owned();
        }
        let id = self.extra(part, scope, "fits", &format!("{slot}_fits"));
        let clear = self.extra(part, scope, "again", &format!("{slot}_again"));
        let mut rows = Vec::new();
        for (role, row) in (10..).zip(rejections) {
            let Some(when) = row.get("if") else { continue };
            let when = self.when(when, Kept::Card(id.clone()));
            let words = row.text("utter").and_then(|name| self.domain.responses.get(name).copied());
            let said = words.map(|words| say::response(self.domain, words));
            let to = match said.and_then(|said| said.text) {
                Some(text) => {
                    let say = self.extra(row, scope, "say", &format!("{slot}_odd"));
                    self.put(part, scope, role, &say, Card::new("message").text("text", text).text("next", &clear));
                    say
                }
                None => clear.clone(),
            };
            rows.push((when, to));
        }
        let assign = Json::Map(vec![(slot.to_owned(), Json::Null)]);
        self.put(part, scope, 2, &id, Card::new("decision").branches(&rows).text("else", next));
        self.put(part, scope, 3, &clear, Card::new("set").with("assign", assign).text("next", ask));
        id
    }

    fn set(&mut self, part: &'s Part, scope: &Scope<'s>, id: &str, slots: &'s Part, next: &str) {
        let maps: Vec<&Part> = if slots.items().is_empty() { vec![slots] } else { slots.items().iter().collect() };
        let (mut assign, mut why) = (Vec::new(), Vec::new());
        for (name, value) in maps.into_iter().flat_map(Part::entries) {
            let slot = self.slot(name);
            let kind = self.domain.slots.get(name).map_or("text", |(_, kind)| kind);
            assign.retain(|(there, _)| *there != slot);
            match value.plain().filter(|plain| plain != "null") {
                None => assign.push((slot, Json::Null)),
                Some(plain) => match literal(kind, &plain) {
                    Some(written) => assign.push((slot, Json::Text(written))),
                    None => why.push(format!("{name} = {plain}")),
                },
            }
        }
        self.put(part, scope, 0, id, Card::new("set").with("assign", Json::Map(assign)).text("next", next));
        for text in why {
            self.cards.remark(id, &text);
            self.tell(part, Code::Condition, &format!("{text} cannot be said here"), Kept::Note(id.to_owned()));
        }
    }
}
