//! What a Salesforce org needs once for Cases: custom fields with their classes, a queue for each tier, the channel by which
//! changes come back, and the permissions; files of the Metadata API in source form (Metadata API developer guide, read
//! 2026-11-22).

use flow_model::flow::{self, Flow};

use super::super::SetupFile;
use super::super::salesforce::{Element, api_name, field_elements, file, package, short, text};
use super::super::sent::{Sent, sent};
use super::KEY;

const CHANNEL: &str = "Handoff__chn";
/// What the person writes for the assistant.
const NOTE: &str = "Handoff_Note__c";
const MEMBER: &str = "Handoff_chn_CaseChangeEvent";

/// The files of a flow.
pub(super) fn files(flow: &Flow, setup: &flow::Target) -> Vec<SetupFile> {
    let all = sent(flow, "salesforce-case", setup);
    let custom: Vec<(&Sent, String)> = all.iter().filter_map(|field| Some((field, custom_name(field)?))).collect();
    let mut files = vec![key(), back()];
    let mut names = vec![format!("Case.{KEY}"), format!("Case.{NOTE}")];
    for (field, name) in &custom {
        files.push(file(
            format!("objects/Case/fields/{name}.field-meta.xml"),
            "CustomField",
            &field_elements(flow, field, name),
        ));
        names.push(format!("Case.{name}"));
    }
    let queues: Vec<String> = flow.tiers.keys().map(|tier| api_name(&format!("handoff_{tier}"))).collect();
    for ((tier, declared), name) in flow.tiers.iter().zip(&queues) {
        let title = declared.title.as_ref().unwrap_or(tier);
        files.push(queue(name, title));
    }
    files.extend([channel(), member(), permissions(&names)]);
    files.push(package(&[
        ("CustomField", names),
        ("PermissionSet", vec!["Handoff".to_owned()]),
        ("PlatformEventChannel", vec![CHANNEL.to_owned()]),
        ("PlatformEventChannelMember", vec![MEMBER.to_owned()]),
        ("Queue", queues),
    ]));
    files
}

/// The custom field in which a field is placed; one whose name comes from the environment is there already.
fn custom_name(field: &Sent) -> Option<String> {
    let place = field.place.as_deref()?;
    let name = place.strip_suffix("__c").filter(|name| !name.contains("{{"))?;
    Some(format!("{}__c", api_name(name)))
}

fn key() -> SetupFile {
    let elements = [
        text("fullName", KEY),
        text("description", "The id of the handoff that made this Case; it is written by this id."),
        text("externalId", "true"),
        text("label", "Handoff id"),
        text("length", "36"),
        text("required", "false"),
        text("type", "Text"),
        text("unique", "true"),
    ];
    file(format!("objects/Case/fields/{KEY}.field-meta.xml"), "CustomField", &elements)
}

fn back() -> SetupFile {
    let elements = [
        text("fullName", NOTE),
        text("description", "What was done, for the assistant that has the conversation next."),
        text("label", "Note for the assistant"),
        text("length", "255"),
        text("required", "false"),
        text("type", "Text"),
    ];
    file(format!("objects/Case/fields/{NOTE}.field-meta.xml"), "CustomField", &elements)
}

fn queue(name: &str, title: &str) -> SetupFile {
    let elements = [
        text("doesSendEmailToMembers", "false"),
        text("name", short(title, 40)),
        Element::Inner("queueSobject", vec![text("sobjectType", "Case")]),
    ];
    file(format!("queues/{name}.queue-meta.xml"), "Queue", &elements)
}

fn channel() -> SetupFile {
    let elements = [text("channelType", "data"), text("label", "Handoff")];
    file(format!("platformEventChannels/{CHANNEL}.platformEventChannel-meta.xml"), "PlatformEventChannel", &elements)
}

fn member() -> SetupFile {
    let elements = [
        Element::Inner("enrichedFields", vec![text("name", KEY)]),
        Element::Inner("enrichedFields", vec![text("name", NOTE)]),
        text("eventChannel", CHANNEL),
        text("selectedEntity", "CaseChangeEvent"),
    ];
    let path = format!("platformEventChannelMembers/{MEMBER}.platformEventChannelMember-meta.xml");
    file(path, "PlatformEventChannelMember", &elements)
}

fn permissions(fields: &[String]) -> SetupFile {
    let mut elements: Vec<Element> = fields
        .iter()
        .map(|field| {
            Element::Inner(
                "fieldPermissions",
                vec![text("editable", "true"), text("field", field), text("readable", "true")],
            )
        })
        .collect();
    elements.push(text("hasActivationRequired", "false"));
    elements.push(text("label", "Handoff"));
    file("permissionsets/Handoff.permissionset-meta.xml", "PermissionSet", &elements)
}
