//! A handoff: the request, the wait, the person, and the way back.
//!
//! The platform has no queue. The request is a message for the integration (`liveAgentHandoff`, after the words), and the
//! customer waits on a page of its own, where the integration's events are heard: accepted, failed, closed, over time,
//! handed back. A handoff that leads nowhere afterwards ends the flow, and leaves the customer to people.

use flow_model::flow::{Handoff, Kind, Row};
use serde_json::{Value, json};

use super::cards::Writer;
use super::conditions::{is, set};
use super::json::{Fulfillment, Handler, Page, Route, Target};
use super::texts::{self, Said};
use super::turns::{counted, heard};
use super::words::{self, BACK_AT, END_FLOW, NEWS_PAGE, PORT, UNWIND};

/// Writes a handoff card.
pub fn handoff(writer: &mut Writer<'_, '_>, id: &str, n: &Handoff) {
    if n.mode.waits() { waits(writer, id, n) } else { files(writer, id, n) }
}

/// A ticket or a callback: the request goes out and the conversation goes on.
fn files(writer: &mut Writer<'_, '_>, id: &str, n: &Handoff) {
    let mut page = writer.entered(id);
    for (port, to) in [("sent", &n.sent), ("failed", &n.failed)] {
        if let Some(to) = to {
            page.routes.push(writer.led(port, to));
        }
    }
    let rest = writer.target(None);
    page.routes.push(Route::always("rest", rest));
    writer.page(id, "", page);
}

fn waits(writer: &mut Writer<'_, '_>, id: &str, n: &Handoff) {
    let say = words_native(writer, n);
    let (requested, waiting, news) = (writer.name(id, "requested"), writer.name(id, "waits"), writer.name(id, "news"));
    let mut page = writer.entered(id);
    if say.is_some() {
        page.entry.webhook = Some((words::WEBHOOK.to_owned(), writer.tag("request", id)));
    }
    page.routes.extend(n.closed.as_ref().map(|to| writer.led("closed", to)));
    rows(writer, &mut page, "overflow", &n.overflow);
    for (route, row) in page.routes.iter_mut().rev().zip(n.overflow.iter().rev()) {
        // The bot goes on, and a place is kept: the request is out.
        if row.keep_place {
            route.doing.messages.push(request(writer, id, n));
        }
    }
    page.routes.push(Route::when("requested", is(PORT, "requested"), Target::page(&requested)));
    page.routes.push(Route::when("waits", is(PORT, "waits"), Target::page(&waiting)));
    let rest = writer.target(None);
    page.routes.push(Route::always("rest", rest));
    writer.page(id, "", page);

    // The words, then the request: said together, in this order.
    let mut entry = say.unwrap_or_default();
    entry.messages.push(request(writer, id, n));
    let after = if leads_on(n) { waiting.as_str() } else { words::END_PEOPLE };
    writer.page(id, "requested", Page { entry, routes: vec![words::on(after)], ..Page::default() });

    let mut handlers = vec![Handler::new("sys.no-match-default", Target::page(&news)).setting(words::unknown())];
    handlers.extend(words::news(&news));
    writer.page(id, "waits", Page { routes: vec![heard(&news)], handlers, ..Page::default() });

    let entry = Fulfillment::calling(words::WEBHOOK, writer.tag("news", id));
    let mut page = Page { entry, routes: counted(writer), handlers: vec![words::no_answer()], ..Page::default() };
    ways(writer, &mut page, n);
    page.routes.push(words::on(&waiting));
    writer.page(id, "news", page);
    if writer.keeps_place {
        let mut page = Page::default();
        ways(writer, &mut page, n);
        page.routes.push(words::on(&waiting));
        writer.page(id, "leads", page);
    }
}

/// Whether anything of the flow comes after the request.
fn leads_on(n: &Handoff) -> bool {
    let ports = [&n.resumed, &n.resolved, &n.escalated, &n.timeout, &n.failed];
    ports.into_iter().any(Option::is_some)
        || !n.returns.is_empty()
        || !n.waiting.turns.is_empty()
        || n.waiting.else_say.is_some()
        || !n.waiting.say.is_empty()
}

/// The words that go with the request, where the platform can say them by itself and before the message.
fn words_native(writer: &Writer<'_, '_>, n: &Handoff) -> Option<Fulfillment> {
    let parameters = writer.plan.scopes.get(writer.id)?;
    let said = texts::native(n.say.as_deref().unwrap_or(""), parameters, &writer.plan.language())?;
    match said {
        Said::Plain(messages) => Some(Fulfillment { messages, ..Fulfillment::default() }),
        // Cases are said after the messages of their fulfillment.
        Said::Cases(_) => None,
    }
}

/// What tells the integration that a person is asked.
fn request(writer: &Writer<'_, '_>, id: &str, n: &Handoff) -> Value {
    let node = if writer.called { format!("{}/{id}", writer.id) } else { id.to_owned() };
    json!({
        "liveAgentHandoff": {
            "metadata": {
                "flow": writer.plan.flow().id,
                "node": node,
                "mode": n.mode.id(),
                "tier": "$session.params.handoff_tier",
                "priority": "$session.params.handoff_priority",
                "reasons": "$session.params.handoff_reasons",
                "request": "$session.params.handoff_request",
            }
        },
        "languageCode": writer.plan.language(),
    })
}

fn rows(writer: &mut Writer<'_, '_>, page: &mut Page, list: &str, rows: &[Row]) {
    for (i, row) in rows.iter().enumerate() {
        let route = writer.led(&format!("{list}[{i}]"), &row.to);
        page.routes.push(route);
    }
}

/// Where news may lead.
fn ways(writer: &mut Writer<'_, '_>, page: &mut Page, n: &Handoff) {
    rows(writer, page, "turns", &n.waiting.turns);
    rows(writer, page, "overflow", &n.overflow);
    for (i, row) in n.returns.values().enumerate() {
        let route = writer.led(&format!("returns[{i}]"), &row.to);
        page.routes.push(route);
    }
    let ports = [
        ("closed", &n.closed),
        ("timeout", &n.timeout),
        ("failed", &n.failed),
        ("resumed", &n.resumed),
        ("resolved", &n.resolved),
        ("escalated", &n.escalated),
    ];
    for (port, to) in ports {
        if let Some(to) = to {
            let route = writer.led(port, to);
            page.routes.push(route);
        }
    }
    let rest = writer.target(None);
    page.routes.push(Route::when("rest", is(PORT, "rest"), rest));
}

/// Where news are heard while the bot goes on, with a place kept in the queue or before anybody is asked; gives the flow's
/// handlers.
pub fn elsewhere(writer: &mut Writer<'_, '_>) -> Vec<Handler> {
    let mut page = Page {
        entry: Fulfillment::calling(words::WEBHOOK, format!("news - {}", writer.id)),
        handlers: vec![words::no_answer()],
        ..Page::default()
    };
    page.routes.extend(leads(writer));
    if writer.called && writer.keeps_place {
        page.routes.push(Route::when("unwind", set(UNWIND), Target::page(END_FLOW)));
    }
    page.routes.push(words::on(words::PREVIOUS));
    writer.pages.insert(NEWS_PAGE.to_owned(), page);
    words::news(NEWS_PAGE)
}

/// From the end of a called flow to the request of this one that news have come of.
pub fn back(writer: &Writer<'_, '_>) -> Vec<Route> {
    let kept = |id: String| {
        let here = format!("{}.at.{id}", writer.id);
        let route = Route::when(&here, is(UNWIND, &here), Target::page(writer.name(&id, "leads")));
        route.setting([(UNWIND.to_owned(), Value::Null)])
    };
    kept_cards(writer).map(kept).collect()
}

/// To the request of this flow that news are of, or of one that it calls.
pub fn leads(writer: &Writer<'_, '_>) -> Vec<Route> {
    let to = |id: String| Route::when(id.as_str(), is(BACK_AT, &id), Target::page(writer.name(&id, "leads")));
    kept_cards(writer).map(to).collect()
}

/// The cards of this flow at which a request may be that is still out: handoffs, and calls of flows with such.
fn kept_cards(writer: &Writer<'_, '_>) -> impl Iterator<Item = String> {
    let kept = |kind: &Kind| match kind {
        Kind::Handoff(n) => writer.keeps_place && n.mode.waits(),
        Kind::Subflow(n) => comes_back(writer, &n.flow),
        _ => false,
    };
    writer.flow.nodes.iter().filter(move |(_, node)| kept(&node.kind)).map(|(id, _)| id.clone())
}

/// Whether a request of this flow, or of one that it calls, may still be out when the flow is over.
pub fn comes_back(writer: &Writer<'_, '_>, flow: &str) -> bool {
    let called = writer.plan.policy.flows.iter().find(|(id, _)| *id == flow);
    let waits = |kind: &Kind| match kind {
        Kind::Handoff(n) => n.mode.waits(),
        Kind::Subflow(n) => comes_back(writer, &n.flow),
        _ => false,
    };
    writer.keeps_place && called.is_some_and(|(_, flow)| flow.nodes.values().any(|node| waits(&node.kind)))
}
