//! Steps that wait for the customer: choices, buttons, prompts, captures.

use flow_model::tree::{Json, Number};

use super::Ports;
use super::nodes::{Build, Node, Scope, Waits};
use crate::{Card, Code, Kept, Part, conditions};

impl<'s> Build<'_, '_, 's> {
    /// A choice between intents or buttons, or a wait for whatever comes.
    pub(super) fn choice(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports, next: &str) -> String {
        let data = node.data;
        let (mut rows, mut own, mut buttons) = (Vec::new(), Vec::new(), Vec::new());
        let listed = ["choices", "buttons", "items"].iter().flat_map(|key| data.list(key));
        for (at, choice) in listed.enumerate() {
            choice.leave(
                &["id", "action", "actions", "mappings", "url", "diagramID", "layout", "type"],
                "looks of choices",
            );
            let key = choice.peek("id").or_else(|| choice.peek("key")).unwrap_or("").to_owned();
            let label = ["name", "label", "button"].iter().find_map(|key| {
                let part = choice.get(key)?;
                Some(self.words(part.get("label").unwrap_or(part)))
            });
            let label = label.filter(|label| !label.is_empty());
            let intent = choice.get("intent").or_else(|| choice.get("intentID")).and_then(Part::plain);
            let when = match (&intent, &label) {
                (Some(id), _) => {
                    let intent = self.vocabulary.intent(self.draft, id);
                    own.push(intent.clone());
                    format!("intent == {}", conditions::text(&intent))
                }
                (None, Some(label)) => format!("text == {}", conditions::text(label)),
                (None, None) => continue,
            };
            buttons.extend(label);
            let to = match ports.of_choice(at, &key) {
                Some(to) => self.target(scope, &to),
                None => self.main.clone(),
            };
            rows.push((when, to));
        }
        let otherwise = self.no_match(node, scope, ports, next);
        let card = Card::new("listen").branches(&rows).text("else", otherwise);
        let idle = self.no_reply(node, scope, ports);
        let card = if idle.is_empty() { card } else { card.with("idle", Json::List(idle)) };
        self.put(node, scope, 0, &node.id, card);
        self.waits.push(Waits { card: node.id.clone(), own });
        self.chips(data, &mut buttons);
        if !buttons.is_empty() {
            self.cards.remark(&node.id, &format!("Buttons: {}", buttons.join(" | ")));
        }
        let scopes = "where other intents are heard";
        data.leave(
            &["intentScope", "listenForOtherTriggers", "buttonsLayout", "layout", "name", "automaticReprompt"],
            scopes,
        );
        node.id.clone()
    }

    fn chips(&mut self, data: &'s Part, buttons: &mut Vec<String>) {
        for chip in data.list("chips") {
            chip.leave(&["id", "intent", "type", "actions"], "looks of choices");
            let label = chip.get("label").or_else(|| chip.get("name"));
            buttons.extend(label.map(|label| self.words(label)).filter(|label| !label.is_empty()));
        }
    }

    /// What happens when nothing matched: words and the same question again, or a way of its own.
    fn no_match(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports, next: &str) -> String {
        let part = node.data.get("noMatch").or_else(|| node.data.get("else"));
        let texts = part.map(|part| self.reprompts(part)).unwrap_or_default();
        let way = ports.no_match.as_ref().map(|to| self.target(scope, to));
        let to = match (way, texts.is_empty()) {
            (Some(to), _) => to,
            (None, false) => node.id.clone(),
            (None, true) if next == scope.ends => self.main.clone(),
            (None, true) => next.to_owned(),
        };
        let Some(text) = texts.first() else { return to };
        let id = self.role(node, scope, "no_match");
        self.put(node, scope, 2, &id, Card::new("message").text("text", text).text("next", to));
        for other in texts.iter().skip(1) {
            self.cards.remark(&id, &format!("The next time: {other}"));
        }
        if texts.len() > 1 {
            let what = "other words are said each time there; here they are the first ones each time";
            self.tell(node.part, Code::Approximated, what, Kept::Note(id.clone()));
        }
        id
    }

    fn reprompts(&mut self, part: &'s Part) -> Vec<String> {
        part.leave(&["types", "type", "pathName", "path", "pathLabel", "randomize"], "names of ways");
        let mut texts = self.prompts(part.list("reprompts"));
        if let Some(id) = part.text("repromptID") {
            let said: Vec<&Part> = self.vocabulary.said(id).to_vec();
            texts.extend(said.into_iter().map(|text| self.words(text)).filter(|text| !text.is_empty()));
        }
        texts
    }

    /// What happens when the customer is silent.
    fn no_reply(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports) -> Vec<Json> {
        let Some(part) = node.data.get("noReply") else { return Vec::new() };
        let texts = self.reprompts(part);
        let after =
            part.number("timeout").or_else(|| part.number("inactivityTime")).unwrap_or(10.0).clamp(1.0, 86_400.0);
        let after = Number::from_text(&format!("{after:.0}"));
        let row = |key: &str, text: String| {
            Json::Map(vec![("after".to_owned(), Json::Number(after.clone())), (key.to_owned(), Json::Text(text))])
        };
        match (&ports.no_reply, texts.into_iter().next()) {
            (Some(to), _) => vec![row("to", self.target(scope, to))],
            (None, Some(text)) => vec![row("say", text)],
            (None, None) => Vec::new(),
        }
    }

    /// A capture: of the customer's words, or of entities.
    pub(super) fn capture(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports, next: &str) -> String {
        let data = node.data;
        data.leave(
            &["intentScope", "listenForOtherTriggers", "slotInputs", "automaticReprompt"],
            "where other intents are heard",
        );
        let mut entities: Vec<(String, Vec<String>)> = Vec::new();
        let variable;
        if let Some(capture) = data.get("capture") {
            let _ = capture.text("type");
            variable = capture.text("variable").or_else(|| capture.text("variableID")).map(str::to_owned);
            for slot in capture.at(&["intent", "slots"]).map_or(&[][..], Part::items) {
                let Some(id) = slot.text("id").map(str::to_owned) else { continue };
                let prompts = slot.get("dialog").map_or_else(Vec::new, |dialog| self.prompts(dialog.list("prompt")));
                slot.leave(&["required", "dialog"], "examples of answers, which the bot that listens knows");
                entities.push((id, prompts));
            }
            if let Some(intent) = capture.get("intent") {
                intent.leave(&["key", "name", "inputs"], "the intent that a capture has by itself");
            }
            for item in capture.list("items") {
                let Some(id) = item.text("entityID").map(str::to_owned) else { continue };
                let again = item.text("repromptID").map(|id| self.vocabulary.said(id).to_vec()).unwrap_or_default();
                let prompts = again.into_iter().map(|text| self.words(text)).collect();
                item.leave(&["id", "path", "pathLabel", "placeholder", "variableID"], "looks of captures");
                entities.push((id, prompts));
            }
            capture.leave(&["automaticReprompt"], "what a model asks by itself");
        } else {
            // Captures of the first form.
            variable = data.text("variable").map(str::to_owned);
            if variable.is_none() {
                entities.extend(data.text("slot").map(|slot| (slot.to_owned(), Vec::new())));
            }
            data.leave(&["slot"], "where other intents are heard");
        }
        match (entities.is_empty(), variable) {
            (true, variable) => self.keeps_words(node, scope, ports, variable.as_deref(), next),
            (false, _) => self.asks(node, scope, ports, &entities, next),
        }
    }

    /// The customer's words as they are.
    fn keeps_words(
        &mut self,
        node: &Node<'s>,
        scope: &Scope,
        ports: &Ports,
        variable: Option<&str>,
        next: &str,
    ) -> String {
        let mut to = next.to_owned();
        if let Some(variable) = variable.filter(|variable| !variable.is_empty()) {
            let slot = self.vocabulary.slot(self.draft, variable);
            self.draft.wants(&slot, "text");
            to = self.role(node, scope, "keeps");
            let assign = Json::Map(vec![(slot, Json::text("text"))]);
            self.put(node, scope, 1, &to, Card::new("set").with("assign", assign).text("next", next));
        }
        let card = Card::new("listen").with("branches", Json::List(Vec::new())).text("else", to);
        let idle = self.no_reply(node, scope, ports);
        let card = if idle.is_empty() { card } else { card.with("idle", Json::List(idle)) };
        self.put(node, scope, 0, &node.id, card);
        self.waits.push(Waits { card: node.id.clone(), own: Vec::new() });
        node.id.clone()
    }

    /// A question for each entity, one after another.
    fn asks(
        &mut self,
        node: &Node<'s>,
        scope: &Scope,
        ports: &Ports,
        entities: &[(String, Vec<String>)],
        next: &str,
    ) -> String {
        let failed = self.no_match(node, scope, ports, next);
        let failed = if failed == node.id { self.main.clone() } else { failed };
        let idle = self.no_reply(node, scope, ports);
        let (mut to, mut slots) = (next.to_owned(), Vec::new());
        for (at, (entity, prompts)) in entities.iter().enumerate().rev() {
            let slot = self.vocabulary.slot(self.draft, entity);
            let id = self.role(node, scope, &format!("ask_{}", at + 1));
            // What was said before it is what is asked.
            let before = if at == 0 { scope.said.clone() } else { None };
            let own = prompts.first().cloned();
            let prompt = before.or_else(|| own.clone()).unwrap_or_else(|| slot.replace('_', " "));
            let card = Card::new("ask").text("slot", &slot).text("prompt", prompt).maybe("reprompt", own);
            let card = if idle.is_empty() { card } else { card.with("idle", Json::List(idle.clone())) };
            self.put(
                node,
                scope,
                4 + u32::try_from(at).unwrap_or(0),
                &id,
                card.text("filled", to).text("failed", &failed),
            );
            self.waits.push(Waits { card: id.clone(), own: Vec::new() });
            slots.push((slot, Json::Null));
            to = id;
        }
        slots.dedup();
        slots.sort_by(|one, other| one.0.cmp(&other.0));
        slots.dedup_by(|one, other| one.0 == other.0);
        // It asks anew each time.
        self.put(node, scope, 0, &node.id, Card::new("set").with("assign", Json::Map(slots)).text("next", to));
        node.id.clone()
    }
}
