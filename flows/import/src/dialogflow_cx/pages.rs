//! Flows and their pages.

use super::conditions::slot;
use super::places::is_bare;
use super::{Here, IDS, Reader, TRAINING};
use crate::{Card, Code, Kept, Part};
use flow_model::tree::Json;

/// The last of the numbered events of silence and of words that are not understood.
const TRIES: usize = 6;
/// How often a question is asked that has no way out.
const PATIENT: i32 = 10;

impl<'s> Reader<'s, '_> {
    pub(super) fn flow(&mut self, name: &str) {
        let Some((part, pages)) = self.flows.get(name).map(|flow| (flow.part, flow.pages.clone())) else { return };
        part.leave(
            &["nluSettings", "advancedSettings", "knowledgeConnectorSettings", "inputParameterDefinitions"],
            super::TUNING,
        );
        let here = self.here(name, None, part);
        self.leads_to.insert(here.wait.clone());
        self.source.owner(part, &here.entry);
        let routes = self.routes_of(name, part);
        self.failing = self.failing(&here, part);
        self.decided(&here, &routes);
        self.waits(&here, part, &[]);
        let mut own: Vec<(String, String)> = Vec::new();
        for (page, part) in &pages {
            let wait = self.here(name, Some(page), part).wait;
            for (route, _) in self.routes_of(name, part) {
                own.extend(route.peek("intent").map(|intent| (intent.to_owned(), wait.clone())));
            }
        }
        let except = |intent: &str| -> Vec<String> {
            let mut cards: Vec<String> =
                own.iter().filter(|(own, _)| own == intent).map(|(_, card)| card.clone()).collect();
            cards.dedup();
            cards
        };
        self.triggers(&here, &routes, &except);
        if let Some(about) = part.text("description").map(str::to_owned) {
            self.draft.remark("nodes", &here.entry, &about);
        }
        for (page, part) in &pages {
            self.page(name, page, part);
        }
        self.rest(&here, part);
    }

    fn page(&mut self, flow: &str, page: &str, part: &'s Part) {
        let here = self.here(flow, Some(page), part);
        self.source.owner(part, &here.entry);
        let routes = self.routes_of(flow, part);
        self.failing = self.failing(&here, part);
        self.decided(&here, &routes);
        let rows = self.listened(&here, &routes);
        let asks = part.at(&["form", "parameters"]).map_or(&[][..], Part::items);
        let mut to = here.after.clone();
        let entry = part.get("entryFulfillment");
        let bare = entry.is_none_or(is_bare);
        for (at, parameter) in asks.iter().enumerate().rev() {
            let first = (bare && at == 0).then_some(here.entry.as_str());
            to = self.asked(&here, parameter, first, &to);
        }
        let first = self.chain(&here, entry, &format!("{}:entry", here.key), Some(&here.entry), &to);
        if first != here.entry && !self.draft.has_card(&here.entry) {
            // Nothing is said or set on entry, and the questions begin elsewhere.
            self.grouped(&here, &here.entry.clone(), Card::new("decision").branches(&[]).text("else", first));
        }
        if let Some(about) = part.text("description").map(str::to_owned) {
            self.draft.remark("nodes", &here.entry, &about);
        }
        self.titled(&here, page);
        self.rest(&here, part);
        // A page that leaves at once awaits nothing.
        if !rows.is_empty() || self.leads_to.contains(&here.wait) || here.after == here.wait {
            self.waits(&here, part, &rows);
            self.kept_wordings();
        }
    }

    /// The card is called what the page is called.
    fn titled(&mut self, here: &Here, page: &str) {
        if here.entry != page
            && let Some(entry) = self.draft.known("nodes", &here.entry)
            && entry.get("title").is_none()
        {
            entry.set("title", Json::text(page));
        }
    }

    /// The card where a page awaits a turn.
    fn waits(&mut self, here: &Here, part: &'s Part, rows: &[(String, String)]) {
        let mut otherwise = here.wait.clone();
        if let Some(handler) = self.handler(&here.flow, part, "sys.no-match-default") {
            let key = format!("{}:no match", here.key);
            otherwise = self.handled(here, handler, &key, &here.wait).unwrap_or(otherwise);
        }
        let mut rows = rows.to_vec();
        rows.extend(self.ladder(here, part));
        let mut card = Card::new("listen");
        let mut idle = Vec::new();
        for (times, event) in silences() {
            if let Some(handler) = self.handler(&here.flow, part, &event) {
                idle.extend(self.silent(here, handler, times, &here.wait));
            }
        }
        if !idle.is_empty() {
            card = card.with("idle", Json::List(idle));
        }
        let card = card.branches(&rows).text("else", otherwise);
        self.grouped(here, &here.wait.clone(), card);
    }

    /// What happens the first, the second, the third time that nothing is understood.
    fn ladder(&mut self, here: &Here, part: &'s Part) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for time in 1..=TRIES {
            let Some(handler) = self.handler(&here.flow, part, &format!("sys.no-match-{time}")) else { continue };
            let key = format!("{}:no match {time}", here.key);
            if let Some(first) = self.handled(here, handler, &key, &here.wait) {
                rows.push((format!("no_match == {time}"), first));
            }
        }
        if let Some((when, _)) = rows.last_mut() {
            *when = when.replace("==", ">=");
        }
        rows
    }

    /// What happens in silence for the time of so many prompts.
    fn silent(&mut self, here: &Here, handler: &Part, times: usize, stay: &str) -> Option<Json> {
        let after = crate::conditions::number(&format!("{}", self.silence * times as f64))?;
        let after = flow_model::tree::Number::from_text(&after);
        let row = |key: &str, text: String| {
            Some(Json::Map(vec![("after".to_owned(), Json::Number(after.clone())), (key.to_owned(), Json::Text(text))]))
        };
        handler.seen(&["event"]);
        handler.leave(&["name"], IDS);
        let fulfillment = handler.get("triggerFulfillment");
        let only_says = fulfillment.is_some_and(|part| part.entries().iter().all(|(key, _)| key == "messages"));
        let leads = handler.get("targetPage").is_some() || handler.get("targetFlow").is_some();
        if !leads && only_says {
            let texts = self.spoken(here, fulfillment?);
            return if texts.is_empty() { None } else { row("say", texts) };
        }
        let to = self.handled(here, handler, &format!("{}:silence {times} {stay}", here.key), stay)?;
        if to == stay { None } else { row("to", to) }
    }

    /// The texts of a fulfilment as one.
    fn spoken(&mut self, here: &Here, fulfillment: &Part) -> String {
        let mut texts = Vec::new();
        for message in fulfillment.list("messages") {
            message.leave(&["languageCode"], TRAINING);
            if let Some((text, why)) = self.said(here, message) {
                texts.push(text);
                if let Some(why) = why {
                    self.wordings.push((here.wait.clone(), why));
                }
            }
        }
        texts.join("\n")
    }

    /// Where a webhook of a page that fails leads.
    fn failing(&mut self, here: &Here, part: &'s Part) -> Option<String> {
        let events =
            ["webhook.error", "webhook.error.timeout", "webhook.error.unavailable", "webhook.error.bad-request"];
        let handler = events.iter().find_map(|event| self.handler(&here.flow, part, event))?;
        let own = part.list("eventHandlers").iter().any(|one| std::ptr::eq(one, handler));
        let key = if own { format!("{}:webhook fails", here.key) } else { format!("{}:webhook fails", here.flow) };
        self.handled(here, handler, &key, &here.wait)
    }

    /// A parameter of a form: a question, unless it is only filled by the way.
    fn asked(&mut self, here: &Here, part: &'s Part, first: Option<&str>, next: &str) -> String {
        let name = part.text("displayName").unwrap_or("").to_owned();
        let Some(slot) = slot(self.draft, &here.flow, &name) else {
            self.source.note(part, Code::NotUnderstood, format!("the parameter {name}"), Kept::Document);
            return next.to_owned();
        };
        self.entity_of(&slot, part);
        let fill = part.at(&["fillBehavior", "initialPromptFulfillment"]);
        if !part.flag("required").unwrap_or(false) && fill.is_none_or(is_bare) {
            self.source.owner(part, next);
            return next.to_owned();
        }
        let key = format!("{}:ask {name}", here.key);
        let sets = fill.is_some_and(|fill| fill.entries().iter().any(|(key, _)| key != "messages"));
        let id = match first.filter(|_| !sets) {
            Some(first) => first.to_owned(),
            None => self.draft.card_id(&key, &format!("ask {}", name.trim_start_matches("$flow."))),
        };
        self.source.owner(part, &id);
        let mut prompt = fill.map_or_else(String::new, |fill| self.spoken(here, fill));
        if prompt.is_empty() {
            // The page said it on entry, or a custom payload does.
            let words = name.trim_start_matches("$flow.").replace(['_', '-', '.'], " ");
            prompt = format!("Please tell me: {words}");
        }
        let mut card = Card::new("ask").text("slot", slot).text("prompt", prompt);
        card = self.reprompted(here, part, card, &id);
        let card = card.text("filled", next);
        self.grouped(here, &id, card);
        for (_, why) in std::mem::take(&mut self.wordings) {
            self.draft.remark("nodes", &id, &why);
        }
        match fill.filter(|_| sets) {
            // What is set before the question, set before it.
            Some(fill) => self.prepared(here, fill, &format!("{key} sets"), first, &id),
            None => id,
        }
    }

    fn prepared(&mut self, here: &Here, fill: &'s Part, key: &str, first: Option<&str>, ask: &str) -> String {
        let set = self.sets_alone(here, fill, key, first, ask);
        self.source.owner(fill, ask);
        set
    }

    /// Reprompts, how often they come, and where it leads when nothing helps.
    fn reprompted(&mut self, here: &Here, part: &'s Part, mut card: Card, id: &str) -> Card {
        let handlers = part.at(&["fillBehavior", "repromptEventHandlers"]).map_or(&[][..], Part::items);
        let of = |event: &str| handlers.iter().find(|handler| handler.peek("event") == Some(event));
        let (mut attempts, mut failed, mut again) = (0, None, Vec::new());
        let named = (1..=TRIES)
            .map(|try_| format!("sys.no-match-{try_}"))
            .chain(["sys.no-match-default".to_owned(), "sys.invalid-parameter".to_owned()]);
        for event in named {
            let Some(handler) = of(&event) else { continue };
            attempts += 1;
            let leads = handler.get("targetPage").is_some() || handler.get("targetFlow").is_some();
            if leads {
                failed = failed.or(self.handled(here, handler, &format!("{id}:{event}"), id));
                continue;
            }
            handler.seen(&["event"]);
            handler.leave(&["name"], IDS);
            self.source.owner(handler, id);
            again.extend(
                handler.get("triggerFulfillment").map(|part| self.spoken(here, part)).filter(|text| !text.is_empty()),
            );
        }
        let mut idle = Vec::new();
        for (times, event) in silences() {
            if let Some(handler) = of(&event) {
                idle.extend(self.silent(here, handler, times, id));
            }
        }
        if !idle.is_empty() {
            card = card.with("idle", Json::List(idle));
        }
        let mut again = again.into_iter();
        card = card.maybe("reprompt", again.next());
        for other in again {
            self.wordings.push((id.to_owned(), format!("Then: {other}")));
        }
        // Without a way out it is asked again and again.
        let attempts = if failed.is_some() { attempts } else { PATIENT };
        card.with("attempts", Json::int(i64::from(attempts))).text("failed", failed.unwrap_or_else(|| id.to_owned()))
    }

    /// Other wordings of what is said stand with the card that says it.
    fn kept_wordings(&mut self) {
        for (card, why) in std::mem::take(&mut self.wordings) {
            self.draft.remark("nodes", &card, &why);
        }
    }

    /// Handlers of other events, and what else nobody has looked at.
    fn rest(&mut self, here: &Here, part: &'s Part) {
        self.kept_wordings();
        for handler in part.list("eventHandlers").iter().filter(|handler| handler.has_unread()) {
            let event = handler.peek("event").unwrap_or("").to_owned();
            let key = format!("{}:event {event}", here.key);
            handler.leave(&["name"], IDS);
            if !event.is_empty() && !event.starts_with("sys.") && !event.starts_with("webhook.") {
                self.event(here, handler, &event, &key);
            }
        }
    }

    /// Where the handler of an event acts: on its page, or on all pages of its flow that have none of their own.
    fn heard_on(&mut self, here: &Here, event: &str) -> Vec<String> {
        let Some(flow) = self.flows.get(&here.flow).filter(|_| here.key == format!("flow:{}", here.flow)) else {
            return vec![here.wait.clone()];
        };
        let own = |part: &Part| part.list("eventHandlers").iter().any(|one| one.peek("event") == Some(event));
        let pages: Vec<(String, &'s Part)> = flow.pages.iter().map(|(page, part)| (page.clone(), *part)).collect();
        let mut within = vec![format!("group:{}", super::places::group(&here.flow))];
        for (page, part) in pages.into_iter().filter(|(_, part)| own(part)) {
            within.push(format!("!{}", self.here(&here.flow.clone(), Some(&page), part).wait));
        }
        within
    }

    /// An event of the integration's own: a signal that it happened, and a trigger.
    fn event(&mut self, here: &Here, handler: &Part, event: &str, key: &str) {
        let Some(first) = self.handled(here, handler, key, &here.wait) else { return };
        let name = self.draft.undecided(&format!("event {event}"), "dialogflow-cx");
        let value = Json::Map(vec![
            ("title".to_owned(), Json::Text(format!("Event {event}"))),
            ("when".to_owned(), Json::Text(name.clone())),
            ("to".to_owned(), Json::Text(first.clone())),
            ("within".to_owned(), Json::List(self.heard_on(here, event).into_iter().map(Json::Text).collect())),
        ]);
        self.draft.declare_new("triggers", &format!("{} {event}", here.name), value);
        let what = format!("the event {event} is the signal {name} here, which the integration sets");
        self.source.note(handler, Code::Approximated, what, Kept::Card(first));
    }
}

/// The events of silence, and after how many times the time of a prompt they come.
fn silences() -> impl Iterator<Item = (usize, String)> {
    (1..=TRIES).map(|n| (n, format!("sys.no-input-{n}"))).chain([(1, "sys.no-input-default".to_owned())])
}
