//! A card as pages: what it says and does on entering, and where it leads.
//!
//! A card that the platform carries out itself writes the way by which it is left at the end of one parameter, so that
//! the webhook, asked the next time, knows what happened meanwhile. Any other card is carried out by the webhook, which
//! answers with the port; which page that is, the platform decides.

use flow_conditions::parse::parse_payload;
use flow_conditions::value::{Type, Value as Worth};
use flow_model::flow::{Action, Ask, Branch, Decision, End, Flow, Kind, Listen, Message, Node, Set, Subflow};
use flow_run::state::fits;
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::conditions::{self, is};
use super::intents::entity_type;
use super::json::{Fulfillment, Handler, Page, Route, Target};
use super::lower::Plan;
use super::texts::{self, Said};
use super::words::{ATTEMPTS, END_FAILED, END_FLOW, END_SESSION, HEARD, INTENT, PORT, TRAIL, UNWIND};
use super::{turns, waiting, words};
use crate::constants::{constant as constant_of, named};
use crate::policy::Place;

/// One flow while it is written.
#[derive(Debug)]
pub struct Writer<'p, 'a> {
    /// The plan.
    pub plan: &'p Plan<'a>,
    /// The flow's id.
    pub id: &'a str,
    /// The flow.
    pub flow: &'a Flow,
    /// Whether it is called by another one.
    pub called: bool,
    /// Whether a place in a queue can be kept while the AI goes on.
    pub keeps_place: bool,
    /// Pages by name.
    pub pages: IndexMap<String, Page>,
    /// Routes of the flow's own route groups, by name.
    pub groups: IndexMap<String, Vec<Route>>,
    /// Whether a port that is not drawn is ever taken.
    pub rests: bool,
}

impl Writer<'_, '_> {
    /// Writes every card.
    pub fn cards(&mut self) {
        let flow = self.flow;
        for (id, node) in &flow.nodes {
            self.card(id, node);
        }
    }

    fn card(&mut self, id: &str, node: &Node) {
        match &node.kind {
            Kind::Start(n) => {
                let route = self.goes(id, "next", n.next.as_deref());
                // What the client tells in its payload is known once the service has read it.
                let begin = if !self.called && self.plan.looks_at_client() {
                    Page {
                        entry: Fulfillment::calling(words::WEBHOOK, self.tag("decide", id)),
                        handlers: vec![words::no_answer()],
                        ..Page::default()
                    }
                } else {
                    Page::default()
                };
                self.page(id, "", Page { routes: vec![route], ..begin });
            }
            Kind::Message(n) => self.message(id, n),
            Kind::Listen(n) => self.listen(id, node, n),
            Kind::Ask(n) => self.ask(id, node, n),
            Kind::Decision(n) => self.decision(id, n),
            Kind::Set(n) => self.set(id, n),
            Kind::Action(n) => self.action(id, n),
            Kind::Handoff(n) => waiting::handoff(self, id, n),
            Kind::Subflow(n) => self.subflow(id, n),
            Kind::End(n) => self.end(id, n),
            // A note is never entered; the others are refused before.
            Kind::Note(_) | Kind::Todo(_) | Kind::Unknown(_) => {}
        }
    }

    /// The page of a card, with what stands after its name.
    pub fn name(&self, id: &str, part: &str) -> String {
        let page = self.plan.page(self.id, id);
        if part.is_empty() { page } else { format!("{page} {part}") }
    }

    /// Adds a page.
    pub fn page(&mut self, id: &str, part: &str, page: Page) {
        let name = self.name(id, part);
        self.pages.insert(name, page);
    }

    /// Where a port leads: a card's page, or where the conversation rests for good.
    pub fn target(&mut self, to: Option<&str>) -> Target {
        match to {
            Some(to) => Target::Page(self.plan.page(self.id, to)),
            None => {
                self.rests = true;
                Target::page(words::AT_REST)
            }
        }
    }

    /// Leaves a card that the platform carried out, whatever holds.
    fn goes(&mut self, id: &str, port: &str, to: Option<&str>) -> Route {
        let target = self.target(to);
        Route::always(port, target).setting([trail(&format!("{id}.{port}"))])
    }

    /// Leaves a card that the webhook carried out: the way is known to it.
    pub fn led(&mut self, port: &str, to: &str) -> Route {
        let target = self.target(Some(to));
        Route::when(port, is(PORT, port), target)
    }

    /// A card that the webhook carries out.
    pub fn entered(&self, id: &str) -> Page {
        Page {
            entry: Fulfillment::calling(words::WEBHOOK, self.tag("enter", id)),
            handlers: vec![words::no_answer()],
            ..Page::default()
        }
    }

    /// What tells the webhook what is wanted.
    pub fn tag(&self, verb: &str, id: &str) -> String {
        format!("{verb} {id} {}", self.id)
    }

    /// A text on entering a page.
    fn speaks(&self, text: &str) -> Option<Fulfillment> {
        let parameters = self.plan.scopes.get(self.id)?;
        let said = texts::native(text, parameters, &self.plan.language())?;
        Some(fulfilled(said))
    }

    fn message(&mut self, id: &str, n: &Message) {
        let page = match self.speaks(&n.text) {
            Some(entry) => {
                let route = self.goes(id, "next", n.next.as_deref());
                Page { entry, routes: vec![route], ..Page::default() }
            }
            None => self.carried(id, &n.next),
        };
        self.page(id, "", page);
    }

    /// A card with one way on that the webhook carries out.
    fn carried(&mut self, id: &str, next: &Option<String>) -> Page {
        let target = self.target(next.as_deref());
        Page { routes: vec![Route::always("next", target)], ..self.entered(id) }
    }

    /// Branches and what else there is, each natively or by the answer of the policy; the names that it must answer.
    pub fn branches(&mut self, id: &str, rows: &[Branch], other: Option<&str>) -> (Vec<Route>, Vec<String>) {
        let (mut routes, mut asked) = (Vec::new(), Vec::new());
        for (i, row) in rows.iter().enumerate() {
            let (condition, name) = self.plan.condition(self.id, &Place::Branch(id.to_owned(), i));
            asked.extend(name);
            let port = format!("branches[{i}]");
            let target = self.target(Some(&row.to));
            routes.push(Route::when(&port, condition, target).setting([trail(&format!("{id}.{port}"))]));
        }
        routes.push(match other {
            Some(_) => self.goes(id, "else", other),
            // The flow itself ends in an error here.
            None => Route::always("else", Target::page(END_FAILED)),
        });
        (routes, asked)
    }

    fn decision(&mut self, id: &str, n: &Decision) {
        let (routes, asked) = self.branches(id, &n.branches, n.r#else.as_deref());
        let page = if asked.is_empty() {
            Page { routes, ..Page::default() }
        } else {
            Page {
                entry: Fulfillment::calling(words::WEBHOOK, self.tag("decide", id)),
                routes,
                handlers: vec![words::no_answer()],
                ..Page::default()
            }
        };
        self.page(id, "", page);
    }

    fn listen(&mut self, id: &str, node: &Node, n: &Listen) {
        let handlers = turns::handlers(self, id, &n.idle);
        let heard = self.name(id, "heard");
        let waits = Page { routes: vec![turns::heard(&heard)], handlers, ..Page::default() };
        self.page(id, "", waits);
        let (routes, _) = self.branches(id, &n.branches, n.r#else.as_deref());
        turns::taken(self, id, node, routes);
    }

    fn ask(&mut self, id: &str, node: &Node, n: &Ask) {
        let plan = self.plan;
        let slot = plan.slot(self.id, &n.slot).to_owned();
        let asks = self.name(id, "asks");
        let again = n.reprompt.as_deref().unwrap_or(&n.prompt);
        let tried = format!("$session.params.{ATTEMPTS} > 0");
        let language = plan.language();
        let native = plan
            .scopes
            .get(self.id)
            .and_then(|parameters| texts::either(&tried, again, &n.prompt, parameters, &language));
        // The door: a slot that has its value already asks nothing.
        let filled = self.target(n.filled.as_deref());
        let mut door = if native.is_some() { Page::default() } else { self.entered(id) };
        let known = Route::when("filled", conditions::set(&slot), filled.clone());
        let begin = Route::always("asks", Target::page(&asks)).setting([(ATTEMPTS.to_owned(), json!(0))]);
        door.routes = if native.is_some() {
            vec![known.setting([trail(&format!("{id}.filled"))]), begin]
        } else {
            vec![known, begin]
        };
        self.page(id, "", door);
        // The question.
        let heard = self.name(id, "heard");
        let prompt = native.clone().map(fulfilled).unwrap_or_default();
        let handlers = turns::handlers(self, id, &n.idle);
        let mut page = Page { routes: vec![turns::heard(&heard)], handlers, ..Page::default() };
        match self.flow.slots.get(&n.slot).and_then(|slot| Some((slot.entity.as_deref()?, &slot.r#type))) {
            Some((entity, of)) => {
                page.form = vec![self.form(id, &slot, &entity_type(plan, entity, of), &prompt, &heard)];
                let said = [(INTENT.to_owned(), json!("none")), (HEARD.to_owned(), json!(true))];
                let full = "$page.params.status = \"FINAL\"";
                page.routes.push(Route::when("full", full, Target::page(&heard)).setting(said));
            }
            // Nothing that is said fills this slot.
            None => page.entry = prompt,
        }
        self.page(id, "asks", page);
        // The answer.
        let more = (ATTEMPTS.to_owned(), json!(format!("$sys.func.ADD($session.params.{ATTEMPTS}, 1)")));
        let failed = self.target(n.failed.as_deref());
        let last = format!("$session.params.{ATTEMPTS} >= {}", n.attempts.saturating_sub(1));
        let repeat = if native.is_some() {
            Route::always("again", Target::page(&asks)).setting([more.clone(), trail(&format!("{id}.again"))])
        } else {
            let page = Page {
                entry: Fulfillment::calling(words::WEBHOOK, self.tag("again", id)),
                routes: vec![Route::always("asks", Target::page(&asks))],
                handlers: vec![words::no_answer()],
                ..Page::default()
            };
            self.page(id, "again", page);
            Route::always("again", Target::Page(self.name(id, "again"))).setting([more.clone()])
        };
        let routes = vec![
            Route::when("filled", conditions::set(&slot), filled).setting([trail(&format!("{id}.filled"))]),
            Route::when("failed", last, failed).setting([more, trail(&format!("{id}.failed"))]),
            repeat,
        ];
        turns::taken(self, id, node, routes);
    }

    /// The form's parameter: asked for once, and whatever else is said is heard like any other turn.
    fn form(&self, id: &str, slot: &str, entity: &str, prompt: &Fulfillment, heard: &str) -> Value {
        let said = [(INTENT.to_owned(), json!("none")), (HEARD.to_owned(), json!(true))];
        let handler = Handler::new("sys.no-match-default", Target::page(heard)).setting(said);
        let place = [self.plan.flow_name(self.id), "form", id];
        json!({
            "displayName": slot,
            "required": true,
            "entityType": entity,
            "fillBehavior": {
                "initialPromptFulfillment": prompt.json(),
                "repromptEventHandlers": [handler.json(&self.plan.flow().id, &place)],
            },
        })
    }

    fn set(&mut self, id: &str, n: &Set) {
        let sets: Option<Vec<(String, Value)>> = n
            .assign
            .iter()
            .map(|(slot, from)| {
                let value = from.as_ref().map_or(Some(Value::Null), |from| constant(self.flow, slot, from))?;
                Some((self.plan.slot(self.id, slot).to_owned(), value))
            })
            .collect();
        let page = match sets {
            Some(sets) => {
                let route = self.goes(id, "next", n.next.as_deref());
                Page { entry: Fulfillment::setting(sets), routes: vec![route], ..Page::default() }
            }
            None => self.carried(id, &n.next),
        };
        self.page(id, "", page);
    }

    fn action(&mut self, id: &str, n: &Action) {
        let webhook = words::webhook_for(n.time_limit);
        let mut page = Page { entry: Fulfillment::calling(&webhook, self.tag("enter", id)), ..Page::default() };
        for (i, to) in n.errors.values().enumerate() {
            page.routes.push(self.led(&format!("errors[{i}]"), to));
        }
        for (port, to) in [("ok", &n.ok), ("error", &n.error), ("timeout", &n.timeout)] {
            if let Some(to) = to {
                page.routes.push(self.led(port, to));
            }
        }
        let rest = self.target(None);
        page.routes.push(Route::always("rest", rest));
        // A service that is too slow or broken is what the flow has ports for.
        for (event, port, to) in
            [("webhook.error.timeout", "timeout", &n.timeout), ("webhook.error", "error", &n.error)]
        {
            if let Some(to) = to.as_deref() {
                let target = self.target(Some(to));
                page.handlers.push(Handler::new(event, target).setting([trail(&format!("{id}.{port}"))]));
            }
        }
        if n.error.is_none() {
            page.handlers.push(words::no_answer());
        }
        self.page(id, "", page);
    }

    fn subflow(&mut self, id: &str, n: &Subflow) {
        let mut page = self.entered(id);
        let called = self.plan.flow_name(&n.flow).to_owned();
        // When the called flow is over, the page on state handlers says, the routes behind the call are looked at; where
        // all of them are, the ones before it come first. Either way the conversation goes on: both lists are the same.
        page.routes = self.back(n, "");
        page.routes.push(Route::always("call", Target::Flow(called)));
        page.routes.extend(self.back(n, "back "));
        if waiting::comes_back(self, &n.flow) {
            // Without entering the call anew: a request of the called flow goes on.
            let entry = Fulfillment::calling(words::WEBHOOK, self.tag("into", id));
            let leads = Page { entry, routes: page.routes.clone(), handlers: page.handlers.clone(), ..Page::default() };
            self.page(id, "leads", leads);
        }
        self.page(id, "", page);
    }

    /// Where a called flow leads when it is over: to a trigger of a calling flow, to a request of one that a person has
    /// taken meanwhile, else by its outcome.
    fn back(&mut self, n: &Subflow, lead: &str) -> Vec<Route> {
        let mut routes = Vec::new();
        for (trigger, row) in &self.flow.triggers {
            let target = self.target(Some(&row.to));
            let cleared = (UNWIND.to_owned(), Value::Null);
            let key = format!("trigger.{trigger}");
            let fired = is(UNWIND, &format!("{}.{trigger}", self.id));
            routes.push(Route::when(&key, fired, target).setting([cleared, trail(&key)]));
        }
        routes.extend(waiting::back(self));
        if self.called {
            routes.push(Route::when("unwind", conditions::set(UNWIND), Target::page(END_FLOW)));
        }
        for (i, to) in n.outcomes.values().enumerate() {
            routes.push(self.led(&format!("outcomes[{i}]"), to));
        }
        routes.push(match n.r#else.as_deref() {
            Some(to) => self.led("else", to),
            None => Route::when("else", is(PORT, "else"), self.target(None)),
        });
        for route in &mut routes {
            route.key = format!("{lead}{}", route.key);
        }
        routes
    }

    fn end(&mut self, id: &str, n: &End) {
        // The agent would evaluate an outcome with a `$`: the service sets it as it stands.
        let plain = plain(&n.outcome);
        let mut page = if self.called || self.keeps_place || !plain { self.entered(id) } else { Page::default() };
        if !self.called && plain {
            page.entry.sets.push((words::OUTCOME.to_owned(), json!(n.outcome)));
        }
        let target = if self.called { END_FLOW } else { END_SESSION };
        page.routes = vec![Route::always("end", Target::page(target))];
        self.page(id, "", page);
    }
}

/// A step at the end of what happened since the webhook was last asked.
pub fn trail(step: &str) -> (String, Value) {
    (TRAIL.to_owned(), json!(format!("$sys.func.CONCATENATE($session.params.{TRAIL}, \";{step}\")")))
}

/// What a slot is set to, where that is known now and fits.
pub fn constant(flow: &Flow, slot: &str, from: &str) -> Option<Value> {
    let worth = constant_of(&parse_payload(from).expr, &|name| named(flow, name))?;
    let of = &flow.slots.get(slot)?.r#type;
    if !fits(&worth, of) {
        return None;
    }
    match worth {
        Worth::Bool(value) => Some(json!(value)),
        Worth::Text(text) if plain(&text) => Some(json!(text.as_ref())),
        // Any other number would be a double there.
        Worth::Number(number) if matches!(of, Type::Integer { .. }) => {
            let whole = number.to_i64()?;
            (whole.to_string() == number.to_string()).then(|| json!(whole))
        }
        _ => None,
    }
}

fn plain(text: &str) -> bool {
    !text.contains('$')
}

fn fulfilled(said: Said) -> Fulfillment {
    match said {
        Said::Plain(messages) => Fulfillment { messages, ..Fulfillment::default() },
        Said::Cases(cases) => Fulfillment { cases: vec![Value::Array(cases)], ..Fulfillment::default() },
    }
}
