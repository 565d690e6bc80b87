//! What a Salesforce org needs once for messaging: the channel with a custom parameter for each attribute and the queue or
//! flow that answers, and what an Einstein bot is told for each way in which a handoff ends.
//!
//! `messagingChannel-meta.xml` in source form (Metadata API 55 and later, MessagingChannel, read 2026-11-22).

use flow_model::flow::{self, Flow};
use flow_model::tree::Json;

use super::super::SetupFile;
use super::super::salesforce::{Element, api_name, file, package, short, text};
use super::super::sent::sent;
use super::{MOST, bot, parameter};
use crate::environment::Environment;
use crate::request::object;

/// What is sent of every handoff beside its fields.
const OWN: &[&str] = &[
    "handoff_id",
    "conversation_id",
    "reasons",
    "tier",
    "priority",
    "mode",
    "deadline",
    "customer",
    "locale",
    "resume_token",
    "context_url",
    "summary",
    "trigger",
    "trigger_text",
    "told",
    "truncated",
];

/// The files of a flow.
pub(super) fn files(flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
    let name = api_name(&format!("Handoff_{}", flow.id));
    let mut files = vec![
        file(format!("messagingChannels/{name}.messagingChannel-meta.xml"), "MessagingChannel", &channel(flow, setup)),
        package(&[("MessagingChannel", vec![name])]),
    ];
    let bot = setup.tiers.values().any(|ids| ids.contains_key("einstein_session"));
    if bot {
        files.push(SetupFile::json("einstein/transferSucceeded.json", &bot::success(1)));
        for (outcome, words) in [
            ("no_agent", "Nobody is there."),
            ("timeout", "Nobody took it in time."),
            ("abandoned", "The customer left."),
            ("withdrawn", "The conversation went on elsewhere."),
        ] {
            let body = bot::failure(1, bot::reason(outcome), words);
            files.push(SetupFile::json(format!("einstein/transferFailed.{outcome}.json"), &body));
        }
    }
    let mut missing = Vec::new();
    let deployment = object([
        ("esDeveloperName", Json::Text(environment.text("{{es_developer_name}}", &mut missing))),
        ("deploymentType", Json::text("Custom Client")),
        ("orgId", Json::Text(environment.text("{{salesforce_org}}", &mut missing))),
    ]);
    files.push(SetupFile::json("deployment.json", &deployment));
    files
}

fn channel(flow: &Flow, setup: &flow::Target) -> Vec<Element> {
    let mut elements = Vec::new();
    for (name, label) in parameters(flow, setup) {
        elements.push(Element::Inner(
            "customParameters",
            vec![
                text("name", api_name(&name)),
                text("masterLabel", short(&label, 80)),
                text("parameterDataType", "String"),
                text("externalParameterName", name),
                text("maxLength", MOST.to_string()),
            ],
        ));
    }
    elements.push(Element::Inner(
        "embeddedConfig",
        vec![
            text("authMode", "UnAuth"),
            text("isAttachmentUploadEnabled", "false"),
            text("isEstimatedWaitTimeEnabled", "true"),
            text("isSaveTranscriptEnabled", "true"),
        ],
    ));
    elements.push(text("isEstimatedWaitTimeEnabled", "true"));
    elements.push(text("isQueuePositionEnabled", "false"));
    elements.push(text("masterLabel", short(&flow.title.clone().unwrap_or_else(|| flow.id.clone()), 80)));
    elements.push(text("messagingChannelType", "EmbeddedMessaging"));
    elements.extend(handler(flow, setup));
    elements
}

/// Each attribute with its label, in the order in which they are sent.
fn parameters(flow: &Flow, setup: &flow::Target) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        OWN.iter().map(|name| ((*name).to_owned(), crate::words::label(name))).collect();
    for field in sent(flow, "salesforce-messaging", setup) {
        let name = match field.place.as_deref() {
            Some("message") => continue,
            Some(place) => {
                place.strip_prefix("routingAttributes.").map_or_else(|| parameter(&field.name), str::to_owned)
            }
            None => parameter(&field.name),
        };
        let class = field.class_in_words(flow);
        let label = if class.is_empty() { field.title } else { format!("{} ({class})", field.title) };
        if !name.contains("{{") && !all.iter().any(|(known, _)| *known == name) {
            all.push((name, label));
        }
    }
    all
}

/// Who answers: the flow that a tier names, with its queue to fall back on; else the queue of the first tier.
fn handler(flow: &Flow, setup: &flow::Target) -> Vec<Element> {
    let named = |key: &str| {
        let mut ids = setup.tiers.values().filter_map(|ids| ids.get(key));
        ids.find_map(Json::as_text).filter(|name| !name.contains("{{")).map(str::to_owned)
    };
    let first = flow.tiers.keys().next().map_or_else(|| "handoff".to_owned(), |tier| format!("handoff_{tier}"));
    let queue = named("queueName").unwrap_or_else(|| api_name(&first));
    match named("flowName") {
        Some(name) => vec![
            text("sessionHandlerFlow", name),
            text("sessionHandlerQueue", queue),
            text("sessionHandlerType", "Flow"),
        ],
        None => vec![text("sessionHandlerQueue", queue), text("sessionHandlerType", "Queue")],
    }
}
