//! A customer's turn: heard, counted, offered to the triggers, then to the card that waits.

use flow_model::flow::{Idle, Node, Once, Trigger};
use serde_json::{Value, json};

use super::cards::{Writer, trail};
use super::conditions::{self, holds, is, set, unset};
use super::json::{Fulfillment, Handler, Page, Route, Target};
use super::texts::{self, Said};
use super::words::{self, HEARD, INTENT, LAST_INTENT, UNWIND, UNWINDS};
use crate::policy::Place;

/// So many events of silence can be told apart (reference of `FormParameter.FillBehavior`, 2026-11-22).
const MOST_SILENCES: usize = crate::uses::IDLE_ROWS;

/// On to where a turn is taken, once there is one.
pub fn heard(page: &str) -> Route {
    Route::when("heard", holds(HEARD), Target::page(page))
}

/// What a card that waits does about a turn without an intent, and about silence.
pub fn handlers(writer: &mut Writer<'_, '_>, id: &str, idle: &[Idle]) -> Vec<Handler> {
    let heard = writer.name(id, "heard");
    let mut handlers = vec![Handler::new("sys.no-match-default", Target::page(heard)).setting(words::unknown())];
    for (i, row) in idle.iter().enumerate().take(MOST_SILENCES) {
        let mut handler = Handler::new(format!("sys.no-input-{}", i + 1), Target::Here);
        if let Some(say) = &row.say {
            handler.doing = silence(writer, id, i, say);
        } else if let Some(to) = &row.to {
            handler.target = writer.target(Some(to));
            handler = handler.setting([trail(&format!("{id}.idle[{i}]"))]);
        }
        handlers.push(handler);
    }
    if !idle.is_empty() {
        let page = silence_page(writer, id, idle);
        let clock = Handler::new("handoff-clock", Target::page(page));
        handlers.push(clock.setting([(words::NEWS.to_owned(), json!("clock"))]));
    }
    handlers
}

/// Where the seconds of silence are counted, for an integration that tells them.
fn silence_page(writer: &mut Writer<'_, '_>, id: &str, idle: &[Idle]) -> String {
    let mut page = Page {
        entry: Fulfillment::calling(words::WEBHOOK, writer.tag("news", id)),
        handlers: vec![words::no_answer()],
        ..Page::default()
    };
    for (i, row) in idle.iter().enumerate() {
        if let Some(to) = &row.to {
            page.routes.push(writer.led(&format!("idle[{i}]"), to));
        }
    }
    page.routes.push(words::on(words::PREVIOUS));
    writer.page(id, "silence", page);
    writer.name(id, "silence")
}

/// What is said into silence; the webhook says what the platform cannot.
fn silence(writer: &Writer<'_, '_>, id: &str, row: usize, say: &str) -> Fulfillment {
    let language = writer.plan.language();
    let parameters = writer.plan.scopes.get(writer.id);
    match parameters.and_then(|parameters| texts::native(say, parameters, &language)) {
        Some(Said::Plain(messages)) => Fulfillment { messages, ..Fulfillment::default() },
        Some(Said::Cases(cases)) => Fulfillment { cases: vec![Value::Array(cases)], ..Fulfillment::default() },
        None => Fulfillment::calling(words::WEBHOOK, writer.tag(&format!("idle[{row}]"), id)),
    }
}

/// The page where a card's turn is taken: counted, then the triggers that look at the card, then the card itself.
pub fn taken(writer: &mut Writer<'_, '_>, id: &str, node: &Node, own: Vec<Route>) {
    let flow = writer.flow;
    let mut groups = Vec::new();
    for (trigger, row) in &flow.triggers {
        if crate::platform::reaches(&row.within, id, node) {
            groups.push(writer.plan.group(writer.id, trigger));
        }
    }
    if writer.called {
        groups.push(UNWINDS.to_owned());
    }
    let turn = writer.name(id, "turn");
    writer.groups.insert(turn.clone(), own);
    groups.push(turn);
    let page = Page {
        entry: Fulfillment::calling(words::WEBHOOK, writer.tag("hear", id)),
        routes: counted(writer),
        groups,
        handlers: vec![words::no_answer()],
        ..Page::default()
    };
    writer.page(id, "heard", page);
}

/// The route groups of the flow's triggers, one each.
pub fn triggers(writer: &mut Writer<'_, '_>) {
    let flow = writer.flow;
    for (id, trigger) in &flow.triggers {
        let route = fires(writer, id, trigger);
        writer.groups.insert(writer.plan.group(writer.id, id), vec![route]);
    }
    if writer.called {
        let route = Route::when("unwind", set(UNWIND), Target::page(words::END_FLOW));
        writer.groups.insert(UNWINDS.to_owned(), vec![route]);
    }
}

fn fires(writer: &mut Writer<'_, '_>, id: &str, trigger: &Trigger) -> Route {
    let plan = writer.plan;
    let mut all = Vec::new();
    if trigger.once != Once::Never {
        let spent = plan.parameter("spent", &format!("{}.{id}", writer.id)).unwrap_or_default();
        all.push(unset(spent));
    }
    all.push(plan.condition(writer.id, &Place::TriggerWhen(id.to_owned())).0);
    let because: Vec<String> = trigger
        .because
        .keys()
        .map(|name| plan.condition(writer.id, &Place::Because(id.to_owned(), name.clone())).0)
        .collect();
    if !because.is_empty() {
        all.push(conditions::any(&because));
    }
    let key = format!("trigger.{id}");
    let target = writer.target(Some(&trigger.to));
    Route::when(&key, conditions::all(&all), target).setting([trail(&key)])
}

/// Counts a turn; only what a condition asks for.
pub fn counted(writer: &Writer<'_, '_>) -> Vec<Route> {
    let plan = writer.plan;
    let asked = |name: &str| plan.counts.contains(name);
    let now = || holds(HEARD);
    let when = |key: &str, more: &[String], sets: (&str, Value)| {
        let all: Vec<String> = [now()].into_iter().chain(more.iter().cloned()).collect();
        Route::when(key, conditions::all(&all), Target::Here).setting([(sets.0.to_owned(), sets.1)])
    };
    let one_more = |name: &str| json!(format!("$sys.func.ADD($session.params.{name}, 1)"));
    let mut routes = Vec::new();
    if asked("turn") {
        routes.push(when("turn", &[], ("turn", one_more("turn"))));
    }
    if asked("no_match") {
        routes.push(when("no_match", &[is(INTENT, "none")], ("no_match", one_more("no_match"))));
        let matched = format!("$session.params.{INTENT} != \"none\"");
        routes.push(when("match", &[matched], ("no_match", json!(0))));
    }
    if asked("repeats") {
        let same = format!("$session.params.{INTENT} = $session.params.{LAST_INTENT}");
        let other = format!("$session.params.{INTENT} != $session.params.{LAST_INTENT}");
        routes.push(when("repeats", &[set(LAST_INTENT), same], ("repeats", one_more("repeats"))));
        let changed = format!("({}) OR ({other})", unset(LAST_INTENT));
        routes.push(when("first", &[changed], ("repeats", json!(1))));
        let kept = json!(format!("$session.params.{INTENT}"));
        routes.push(when("last_intent", &[], (LAST_INTENT, kept)));
    }
    routes.push(when("taken", &[], (HEARD, Value::Null)));
    routes
}

/// Where a conversation rests for good: turns are heard and nothing acts on them.
pub fn at_rest(writer: &mut Writer<'_, '_>) {
    let handler = Handler::new("sys.no-match-default", Target::page(words::AT_REST_HEARD));
    let rest = Page {
        routes: vec![heard(words::AT_REST_HEARD)],
        handlers: vec![handler.setting(words::unknown())],
        ..Page::default()
    };
    writer.pages.insert(words::AT_REST.to_owned(), rest);
    let mut routes = counted(writer);
    routes.push(words::on(words::AT_REST));
    let page = Page {
        entry: Fulfillment::calling(words::WEBHOOK, format!("rest - {}", writer.id)),
        routes,
        handlers: vec![words::no_answer()],
        ..Page::default()
    };
    writer.pages.insert(words::AT_REST_HEARD.to_owned(), page);
}
