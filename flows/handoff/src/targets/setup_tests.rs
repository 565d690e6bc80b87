//! Files that set contact centres up, for a flow with fields of every type, two tiers and a class.

use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, read};

use super::tests::{environment, json};
use super::{SetupFile, TARGETS, target};
use crate::Environment;

const FLOW: &str = r#"{
  "format": "handoff-flow/1", "id": "fees", "title": "Fees & <charges>",
  "classes": {"financial": {"title": "Account data", "redact": "mask", "retain_days": 90}},
  "signals": {"customer.tier": {"type": "enum", "values": ["gold", "VIP <1>"], "source": "crm"},
              "customer.ltv": {"type": "number", "source": "crm"}, "visits": {"type": "integer", "source": "crm"}},
  "slots": {"transaction_id": {"type": "text", "entity": "t", "class": "financial"}, "ok": {"type": "bool"}},
  "tiers": {"tier1": {"title": "General \"queue\""}, "tier2": {"title": "VIP desk"}},
  "contexts": {"c": {"fields": {
    "transaction": {"from": "slots.transaction_id"}, "secret": {"from": "slots.ok", "redact": "drop"},
    "verified": {"from": "slots.ok", "title": "Is verified & safe"}, "worth": {"from": "customer.ltv"},
    "visits": {"from": "visits"}, "group": {"from": "customer.tier"}, "said": {"from": "transcript.all()"}}}},
  "targets": TARGETS,
  "nodes": {"s": {"kind": "start", "next": "h"}, "h": {"kind": "handoff", "context": "c", "tier": "tier1"}}
}"#;

fn flow(targets: &str) -> Flow {
    flow::read(&json(&FLOW.replace("TARGETS", targets)))
}

fn files(id: &str, setup: &str, environment: &Environment) -> Vec<SetupFile> {
    let flow = flow(&format!("{{\"{id}\": {setup}}}"));
    target(id).unwrap().setup_files(&flow, &flow.targets[id], environment)
}

fn named<'a>(files: &'a [SetupFile], name: &str) -> &'a str {
    let found = files.iter().find(|file| file.name == name);
    &found.unwrap_or_else(|| panic!("{name} is none of {:?}", names(files))).text
}

fn names(files: &[SetupFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

/// Names of open elements fit those that are closed, nothing else stands between, and `&` begins a reference.
fn assert_xml(file: &SetupFile) {
    let text = file.text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let mut open: Vec<String> = Vec::new();
    for piece in text.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').expect("a tag that ends");
        let references = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
        let bare = references.iter().fold(content.to_owned(), |text, reference| text.replace(reference, ""));
        assert!(!bare.contains(['&', '>']), "{}: {content}", file.name);
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{}", file.name),
            None => open.push(tag.split(' ').next().unwrap().to_owned()),
        }
    }
    assert!(open.is_empty(), "{}: {open:?} are open", file.name);
}

#[test]
fn every_file_of_every_target_is_what_its_name_says() {
    for target in TARGETS {
        let flow = flow("{}");
        let files = target.setup_files(&flow, &flow::Target::default(), &Environment::default());
        assert!(!files.is_empty(), "{}", target.id());
        for file in &files {
            match file.name.rsplit('.').next() {
                Some("json") => assert!(read(&file.text).is_json(), "{} {}", target.id(), file.name),
                Some("xml") => assert_xml(file),
                _ => panic!("{} {}: another kind of file", target.id(), file.name),
            }
            assert!(!file.name.contains("..") && !file.name.starts_with('/'), "{}", file.name);
            assert!(file.text.ends_with('\n'), "{}", file.name);
        }
        let again = target.setup_files(&flow, &flow::Target::default(), &Environment::default());
        assert_eq!(files, again, "{}", target.id());
        let mut seen = names(&files);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), files.len(), "{}: a name stands twice", target.id());
    }
}

const ZENDESK: &str = r#"{"fields": {"transaction": "custom_fields.{{f_t}}", "verified": "custom_fields.11",
    "group": "custom_fields.12", "visits": "custom_fields.13", "worth": "custom_fields.14", "said": "custom_fields.15",
    "secret": "custom_fields.16"}}"#;

#[test]
fn zendesk_gets_a_field_of_the_right_kind_for_each_place_and_a_form_of_them() {
    let files = files("zendesk", ZENDESK, &environment(r#"{"f_t": 10}"#));
    for (field, kind) in [
        ("transaction", "text"),
        ("verified", "checkbox"),
        ("group", "tagger"),
        ("visits", "integer"),
        ("worth", "decimal"),
        ("said", "textarea"),
    ] {
        let made = json(named(&files, &format!("ticket_fields/{field}.json")));
        assert_eq!(made.at(&["ticket_field", "type"]), Some(&Json::text(kind)), "{field}");
    }
    let of = |field: &str, key: &str| {
        json(named(&files, &format!("ticket_fields/{field}.json"))).at(&["ticket_field", key]).cloned()
    };
    assert_eq!(
        of("transaction", "agent_description"),
        Some(Json::text("Account data, kept 90 days, sent with \"mask\""))
    );
    assert_eq!(
        of("group", "custom_field_options"),
        Some(json(r#"[{"name":"gold","value":"gold"},{"name":"VIP <1>","value":"vip_1"}]"#))
    );
    assert!(!names(&files).contains(&"ticket_fields/secret.json"));
    let form = json(named(&files, "ticket_form.json"));
    assert_eq!(form.at(&["ticket_form", "ticket_field_ids"]), Some(&json("[10,11,14,13,12,15]")));
    assert!(named(&files, "triggers/ticket.solved.json").contains("{{ticket.external_id}}"));
}

#[test]
fn sunshine_gets_ticket_fields_and_the_webhook_of_the_switchboard() {
    let setup = r#"{"fields": {"transaction": "dataCapture.ticketField.{{f_t}}", "group": "metadata.group"}}"#;
    let files = files("sunshine", setup, &Environment::default());
    assert_eq!(names(&files), ["ticket_fields/transaction.json", "switchboard_integration.json", "webhook.json"]);
    let webhook = json(named(&files, "webhook.json"));
    assert_eq!(webhook.get("target"), Some(&Json::text("{{resume_url}}")));
    assert_eq!(
        json(named(&files, "switchboard_integration.json")).get("deliverStandbyEvents"),
        Some(&Json::Bool(false))
    );
}

#[test]
fn a_case_gets_its_fields_queues_and_the_channel_of_its_changes() {
    let setup = r#"{"fields": {"transaction": "Transaction__c", "verified": "Is_Verified__c", "group": "Group__c",
        "worth": "Worth__c", "visits": "Visits__c", "said": "Said__c", "secret": "Secret__c"}}"#;
    let files = files("salesforce-case", setup, &Environment::default());
    files.iter().for_each(assert_xml);
    for (field, has) in [
        ("Transaction__c", "<description>Account data, kept 90 days, sent with &quot;mask&quot;</description>"),
        ("Transaction__c", "<securityClassification>Confidential</securityClassification>"),
        ("Is_Verified__c", "<label>Is verified &amp; safe</label>"),
        ("Is_Verified__c", "<type>Checkbox</type>"),
        ("Group__c", "<fullName>VIP &lt;1&gt;</fullName>"),
        ("Worth__c", "<scale>9</scale>"),
        ("Visits__c", "<scale>0</scale>"),
        ("Said__c", "<type>LongTextArea</type>"),
        ("Handoff_Id__c", "<externalId>true</externalId>"),
    ] {
        let text = named(&files, &format!("objects/Case/fields/{field}.field-meta.xml"));
        assert!(text.contains(has), "{field}: {text}");
    }
    assert!(named(&files, "queues/handoff_tier1.queue-meta.xml").contains("<name>General &quot;queue&quot;</name>"));
    assert!(!names(&files).iter().any(|name| name.contains("Secret")));
    let package = named(&files, "package.xml");
    for member in ["Case.Transaction__c", "handoff_tier2", "Handoff__chn", "Handoff_chn_CaseChangeEvent"] {
        assert!(package.contains(&format!("<members>{member}</members>")), "{member}: {package}");
    }
}

#[test]
fn a_messaging_channel_has_a_parameter_for_each_attribute() {
    let setup = r#"{"tiers": {"tier1": {"flowName": "Route_Fees", "queueName": "General", "einstein_session": "{{s}}"}},
        "fields": {"said": "message", "group": "routingAttributes.Group"}}"#;
    let files = files("salesforce-messaging", setup, &Environment::default());
    let channel = named(&files, "messagingChannels/Handoff_fees.messagingChannel-meta.xml");
    let parameter = |name: &str| {
        format!("<externalParameterName>{name}</externalParameterName>\n        <maxLength>255</maxLength>")
    };
    for name in ["handoff_id", "summary", "truncated", "transaction", "Group", "worth"] {
        assert!(channel.contains(&parameter(name)), "{name}: {channel}");
    }
    assert!(!channel.contains("<name>said</name>") && !channel.contains("<name>secret</name>"));
    assert!(channel.contains("<masterLabel>Fees &amp; &lt;charges&gt;</masterLabel>"));
    assert!(channel.contains("<sessionHandlerFlow>Route_Fees</sessionHandlerFlow>\n    <sessionHandlerQueue>General</sessionHandlerQueue>\n    <sessionHandlerType>Flow</sessionHandlerType>"));
    let failed = json(named(&files, "einstein/transferFailed.timeout.json"));
    assert_eq!(failed.at(&["message", "reason"]), Some(&Json::text("NoAgentAvailable")));
    let failed = json(named(&files, "einstein/transferFailed.abandoned.json"));
    assert_eq!(failed.at(&["message", "reason"]), Some(&Json::text("Error")));
}
