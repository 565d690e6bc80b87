//! Routes and handlers: where a page leads to.

use super::places::is_bare;
use super::{Here, IDS, Reader};
use crate::{Card, Code, Kept, Part};

/// A route with the key of its cards.
pub(super) type Route<'s> = (&'s Part, String);

impl<'s> Reader<'s, '_> {
    /// The routes of a page, or of a flow's start page: its own, then those of its groups.
    pub(super) fn routes_of(&self, flow: &str, part: &'s Part) -> Vec<Route<'s>> {
        let own = format!("{flow}/{}", part.peek("displayName").unwrap_or(""));
        let mut routes: Vec<Route<'s>> = Vec::new();
        for (at, route) in part.list("transitionRoutes").iter().enumerate() {
            routes.push((route, format!("route:{own}/{at}")));
        }
        for name in part.list("transitionRouteGroups") {
            let Some(name) = name.as_text() else { continue };
            let known = self.flows.get(flow).and_then(|flow| flow.groups.get(name)).or_else(|| self.groups.get(name));
            for (at, route) in known.map_or(&[][..], |group| group.list("transitionRoutes")).iter().enumerate() {
                // Routes of a group that depend on the page that they are taken on are cards of each page.
                let own_cards = match route.peek("targetPage") {
                    None | Some("Current Page" | "Previous Page") => true,
                    Some(_) => route.get("targetFlow").is_some(),
                };
                let key =
                    if own_cards { format!("route:{own}/{name}/{at}") } else { format!("group:{flow}/{name}/{at}") };
                routes.push((route, key));
            }
        }
        routes
    }

    /// The first card of a route, and whether it leaves the page.
    fn way(&mut self, here: &Here, route: &Part, key: &str, stay: &str) -> (String, bool) {
        route.leave(&["name"], IDS);
        let fulfillment = route.get("triggerFulfillment");
        let card = here.entry.clone();
        let target = self.target(here, route, &card);
        let leaves = target.is_some();
        let next = target.unwrap_or_else(|| stay.to_owned());
        let first = self.chain(here, fulfillment, key, None, &next);
        self.source.owner(route, &first);
        if let Some(about) = route.text("description").map(str::to_owned) {
            self.draft.remark("nodes", &first, &about);
        }
        (first, leaves)
    }

    /// The condition of a route and its intent together.
    fn guard(&mut self, here: &Here, route: &Part, card: &str) -> String {
        let mut parts = Vec::new();
        if let Some(intent) = route.text("intent") {
            parts.push(format!("intent == {}", crate::conditions::text(&self.heard(intent))));
        }
        if let Some(condition) = route.text("condition").map(str::to_owned) {
            let said = self.condition(here, &condition, route, card);
            if said != "true" || parts.is_empty() {
                parts.push(said);
            }
        }
        let all = crate::conditions::all(&parts);
        crate::conditions::canonical(&all).unwrap_or(all)
    }

    /// What an intent is called here: what is not understood is `none`.
    pub(super) fn heard(&mut self, intent: &str) -> String {
        if self.fallbacks.contains(intent) { "none".to_owned() } else { self.draft.intent(intent) }
    }

    /// The routes that need no intent: decisions, one after the other where a route says something and stays.
    pub(super) fn decided(&mut self, here: &Here, routes: &[Route<'s>]) {
        let plain: Vec<&Route<'s>> = routes.iter().filter(|(route, _)| route.get("intent").is_none()).collect();
        if plain.is_empty() {
            return;
        }
        let mut otherwise = here.wait.clone();
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut flushed = 0;
        for (route, key) in plain.iter().rev() {
            let stays = route.get("targetPage").is_none() && route.get("targetFlow").is_none();
            if stays && !rows.is_empty() {
                flushed += 1;
                let id = self.draft.card_id(&format!("{}:then{flushed}", here.key), &format!("{} then", here.name));
                self.decision(here, &id, std::mem::take(&mut rows), &otherwise);
                otherwise = id;
            }
            let (first, _) = self.way(here, route, key, &otherwise);
            let when = self.guard(here, route, &here.after);
            rows.insert(0, (when, first));
        }
        self.decision(here, &here.after.clone(), rows, &otherwise);
    }

    fn decision(&mut self, here: &Here, id: &str, mut rows: Vec<(String, String)>, otherwise: &str) {
        let mut otherwise = otherwise.to_owned();
        // What always holds is what happens otherwise.
        if let Some((_, to)) = rows.pop_if(|(when, _)| when == "true") {
            otherwise = to;
        }
        self.leads_to.insert(otherwise.clone());
        self.grouped(here, id, Card::new("decision").branches(&rows).text("else", otherwise));
    }

    /// The routes that an intent takes, as branches of a card that listens.
    pub(super) fn listened(&mut self, here: &Here, routes: &[Route<'s>]) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for (route, key) in routes.iter().filter(|(route, _)| route.get("intent").is_some()) {
            let (first, _) = self.way(here, route, key, &here.wait);
            rows.push((self.guard(here, route, &here.wait), first));
        }
        rows
    }

    /// Routes of a flow that are heard on each of its pages: triggers within its group.
    pub(super) fn triggers(&mut self, here: &Here, routes: &[Route<'s>], except: &dyn Fn(&str) -> Vec<String>) {
        for (at, (route, key)) in routes.iter().enumerate() {
            let Some(intent) = route.peek("intent").map(str::to_owned) else { continue };
            let (first, leaves) = self.way(here, route, key, &here.wait);
            let pages = self.flows.get(&here.flow).is_some_and(|flow| !flow.pages.is_empty());
            if !leaves && pages {
                let what =
                    format!("after \"{intent}\" the conversation stays on its page; here it goes on at {}", here.wait);
                self.source.note(route, Code::Approximated, what, Kept::Card(first.clone()));
            }
            let when = self.guard(here, route, &here.wait);
            let mut within = vec![flow_model::tree::Json::Text(format!("group:{}", super::places::group(&here.flow)))];
            within.extend(except(&intent).into_iter().map(|card| flow_model::tree::Json::Text(format!("!{card}"))));
            let name = format!("{} {intent}", here.flow);
            let value = flow_model::tree::Json::Map(vec![
                ("title".to_owned(), flow_model::tree::Json::Text(intent)),
                ("when".to_owned(), flow_model::tree::Json::Text(when)),
                ("to".to_owned(), flow_model::tree::Json::Text(first)),
                ("within".to_owned(), flow_model::tree::Json::List(within)),
            ]);
            self.draft.declare("triggers", &format!("{name} {at}"), value);
        }
    }

    /// The handler of an event, of a page or else of its flow.
    pub(super) fn handler(&self, flow: &str, part: &'s Part, event: &str) -> Option<&'s Part> {
        let of =
            |part: &'s Part| part.list("eventHandlers").iter().find(|handler| handler.peek("event") == Some(event));
        of(part).or_else(|| of(self.flows.get(flow)?.part))
    }

    /// What a handler does, as a chain that comes back to `stay` where it leads nowhere; `None` where it does nothing.
    pub(super) fn handled(&mut self, here: &Here, handler: &Part, key: &str, stay: &str) -> Option<String> {
        handler.leave(&["name"], IDS);
        handler.seen(&["event"]);
        let fulfillment = handler.get("triggerFulfillment");
        let target = self.target(here, handler, stay);
        if target.is_none() && fulfillment.is_none_or(is_bare) {
            return None;
        }
        let next = target.unwrap_or_else(|| stay.to_owned());
        Some(self.chain(here, fulfillment, key, None, &next))
    }
}
