//! Prints the agent's files.

use std::collections::BTreeSet;

use flow_model::flow::{Flow, Handoff, Kind};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::cards::Writer;
use super::conditions::{holds, unset};
use super::intents::{self, Files};
use super::json::{Fulfillment, Handler, Page, Route, Target, file, id, message, routes, text};
use super::lower::{Plan, START_FLOW};
use super::words::{self, END_FAILED, END_PEOPLE, HEAR, HEARD, NO_ANSWER, TRAIL};
use super::{cases, turns, webhook};
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::uses::is_german;

/// The start flow's id, in every agent.
const START_FLOW_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Every file of the project.
pub fn files(plan: &Plan<'_>, losses: &[Loss], told: &[Case]) -> Result<Files, ExportError> {
    let mut files = Files::new();
    files.insert("agent.json".to_owned(), text(&agent(plan)));
    let keeps_place = plan.policy.keeps_place();
    for (i, (id, flow)) in plan.policy.flows.iter().enumerate() {
        let mut writer = Writer {
            plan,
            id,
            flow,
            called: i > 0,
            keeps_place,
            pages: IndexMap::new(),
            groups: IndexMap::new(),
            rests: false,
        };
        written(&mut writer, &mut files);
    }
    intents::hear(plan, &mut files);
    intents::intents(plan, &mut files);
    intents::entity_types(plan, &mut files);
    intents::webhooks(plan, &mut files);
    cases::tests(plan, told, &mut files);
    webhook::service(plan, losses, told, &mut files)?;
    Ok(files)
}

/// Only what is certain to be taken: Restore refuses keys that it does not know.
fn agent(plan: &Plan<'_>) -> Value {
    // Where nothing is said of it, hours are those of UTC; so are they to the service.
    let zone = plan.flow().hours.values().next().map(|hours| hours.zone.as_str());
    let zone = zone.filter(|zone| !zone.is_empty()).unwrap_or("Etc/UTC");
    json!({
        "defaultLanguageCode": plan.language(),
        "timeZone": zone,
        "startFlow": START_FLOW,
        "advancedSettings": {"loggingSettings": {"enableInteractionLogging": true}},
    })
}

fn handoffs(flow: &Flow) -> impl Iterator<Item = &Handoff> {
    flow.nodes.values().filter_map(|node| match &node.kind {
        Kind::Handoff(handoff) => Some(&**handoff),
        _ => None,
    })
}

fn written(writer: &mut Writer<'_, '_>, files: &mut Files) {
    let plan = writer.plan;
    writer.cards();
    turns::triggers(writer);
    if writer.rests {
        turns::at_rest(writer);
    }
    no_answer(writer);
    let start = started(writer);
    let (name, agent) = (plan.flow_name(writer.id).to_owned(), plan.flow().id.as_str());
    let folder = format!("flows/{}", file(&name));
    let mut out = Map::new();
    out.insert("name".into(), if writer.called { json!(id(agent, &[&name])) } else { json!(START_FLOW_ID) });
    out.insert("displayName".into(), json!(name));
    if let Some(title) = &writer.flow.title {
        out.insert("description".into(), json!(title.chars().take(500).collect::<String>()));
    }
    start.ways(agent, &[&name], &mut out);
    let threshold: Value = serde_json::from_str(&plan.threshold().to_string()).unwrap_or(json!(0));
    out.insert("nluSettings".into(), json!({"modelType": "MODEL_TYPE_ADVANCED", "classificationThreshold": threshold}));
    files.insert(format!("{folder}/{}.json", file(&name)), text(&Value::Object(out)));
    for (page, content) in &writer.pages {
        let path = format!("{folder}/pages/{}.json", file(page));
        files.insert(path, text(&content.json(agent, &name, page)));
    }
    let linked: BTreeSet<&String> = writer.pages.values().flat_map(|page| &page.groups).collect();
    for (group, list) in writer.groups.iter().filter(|(group, _)| linked.contains(group)) {
        let place = [name.as_str(), "group", group.as_str()];
        let out = json!({
            "name": id(agent, &place),
            "displayName": group,
            "transitionRoutes": routes(list, agent, &place),
        });
        files.insert(format!("{folder}/transitionRouteGroups/{}.json", file(group)), text(&out));
    }
}

/// The start page of a flow: nothing is said and nothing waits there.
fn started(writer: &mut Writer<'_, '_>) -> Page {
    let start = writer.flow.nodes.iter().find(|(_, node)| matches!(node.kind, Kind::Start(_)));
    let begin = Target::Page(start.map_or_else(String::new, |(id, _)| writer.name(id, "")));
    let mut page = Page { groups: vec![HEAR.to_owned()], ..Page::default() };
    if writer.called {
        page.routes.extend(super::waiting::leads(writer));
        page.routes.push(Route::always("begin", begin));
        page.handlers.push(Handler::new("sys.no-match-default", Target::Here));
    } else {
        let mut sets = vec![(TRAIL.to_owned(), json!(";begin"))];
        sets.extend(["turn", "repeats", "no_match", "attempts"].map(|counter| (counter.to_owned(), json!(0))));
        let welcome = intents::welcome(&unset(TRAIL), begin.clone());
        page.routes.push(welcome.setting(sets.clone()));
        page.routes.push(Route::when("begin", holds(HEARD), begin.clone()).setting(sets.clone()));
        let unknown = Handler::new("sys.no-match-default", begin.clone()).setting(words::unknown());
        page.handlers.push(unknown.setting(sets.clone()));
        page.handlers.push(Handler::new(words::BEGIN, begin).setting(sets));
    }
    page.handlers.push(Handler::new("sys.no-input-default", Target::Here));
    page.handlers.push(words::no_answer());
    page.handlers.push(Handler::new("flow.failed.human-escalation", Target::page(END_PEOPLE)));
    page.handlers.push(Handler::new("flow.failed", Target::page(END_FAILED)));
    page.handlers.extend(super::waiting::elsewhere(writer));
    page
}

/// The service is down: the customer is told so and a person is asked, with what the platform knows by itself.
fn no_answer(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    let language = plan.language();
    let words = if is_german(plan.flow().locale.as_deref()) {
        "Ich verbinde Sie mit einem Menschen."
    } else {
        "Let me connect you with a person."
    };
    let tier = handoffs(writer.flow).map(|n| &n.tier).chain(plan.flow().tiers.keys()).next();
    let request = json!({
        "liveAgentHandoff": {
            "metadata": {"flow": plan.flow().id, "node": null, "tier": tier, "reasons": ["service_unavailable"]}
        },
        "languageCode": language,
    });
    let entry = Fulfillment { messages: vec![message(words, &language), request], ..Fulfillment::default() };
    let page = Page { entry, routes: vec![words::on(END_PEOPLE)], ..Page::default() };
    writer.pages.insert(NO_ANSWER.to_owned(), page);
}
