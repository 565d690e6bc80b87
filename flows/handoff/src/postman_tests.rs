//! Collections, read back.

use super::*;
use crate::targets::any::{banking, json, keys, setup};
use crate::{Environment, Keys, TARGETS, envelope, rendered, target};

const DEV: &str = r#"{"dev":{"aws_region":"eu-west-2","connect_instance_id":"i","workspace_sid":"WS1"}}"#;

fn preview(target: &dyn Target, mode: &'static str, summary: &str) -> Json {
    let mut draft = banking(mode);
    draft.summary = Some(summary.to_owned());
    let environment = Environment::read(&json(DEV), "dev").unwrap();
    let made = rendered(target, &envelope(&draft, &Keys::default()), &setup(&[], &[], &[]), &environment);
    let handoff = object([
        ("node", Json::text("to_tier1")),
        ("state", Json::text("requested")),
        ("requests", Json::Map(vec![(target.id().to_owned(), made)])),
    ]);
    object([
        ("conversation", Json::text("fee-1")),
        ("flow", Json::text("banking")),
        ("handoffs", Json::List(vec![handoff])),
    ])
}

fn both(id: &str, mode: &'static str, summary: &str) -> (Json, Json) {
    let files = files(target(id).unwrap(), &preview(target(id).unwrap(), mode, summary));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, [format!("{id}.postman_collection.json"), format!("{id}.postman_environment.json")]);
    (json(&files[0].text), json(&files[1].text))
}

fn items(collection: &Json) -> Vec<Json> {
    let folders = collection.get("item").unwrap().items();
    folders.iter().flat_map(|folder| folder.get("item").unwrap().items().to_vec()).collect()
}

#[test]
fn every_target_has_a_collection_and_empty_secrets() {
    for target in TARGETS {
        for mode in ["transfer", "callback"] {
            let (collection, environment) = both(target.id(), mode, "s");
            assert_eq!(collection.at(&["info", "schema"]), Some(&Json::text(SCHEMA)));
            let secrets: Vec<&Json> = environment
                .get("values")
                .unwrap()
                .items()
                .iter()
                .filter(|value| value.get("type") == Some(&Json::text("secret")))
                .collect();
            assert_eq!(secrets.len(), target.secrets().len(), "{}", target.id());
            assert!(secrets.iter().all(|secret| secret.get("value") == Some(&Json::text(""))));
            for item in items(&collection) {
                let request = item.get("request").unwrap();
                let headers = request.get("header").unwrap().items();
                assert!(headers.iter().all(|header| header.get("key") != Some(&Json::text("Authorization"))));
                let raw = request.at(&["url", "raw"]).and_then(Json::as_text).unwrap();
                assert!(raw.starts_with("{{base"), "{raw}");
            }
        }
    }
}

#[test]
fn a_chat_contact_is_asked_for_before_and_after() {
    let (collection, environment) = both("amazon-connect", "transfer", "s");
    let names: Vec<String> =
        items(&collection).iter().map(|item| item.get("name").and_then(Json::as_text).unwrap().to_owned()).collect();
    assert_eq!(
        names,
        [
            "Wait, before: POST connect.eu-west-2.amazonaws.com/metrics/current/i",
            "Request: PUT connect.eu-west-2.amazonaws.com/contact/chat",
            "Then: POST participant.connect.eu-west-2.amazonaws.com/participant/connection",
            "Then: POST connect.eu-west-2.amazonaws.com/contacts/i/{{contact_id}}/routing-data",
            "Wait, after: POST connect.eu-west-2.amazonaws.com/metrics/contact",
            "Withdraw: POST connect.eu-west-2.amazonaws.com/contact/stop",
        ]
    );
    let all = items(&collection);
    assert_eq!(all[1].at(&["request", "auth", "type"]), Some(&Json::text("awsv4")));
    assert_eq!(all[2].at(&["request", "auth", "type"]), Some(&Json::text("noauth")));
    let keeps = compact(all[1].get("event").unwrap());
    assert!(keeps.contains("pm.collectionVariables.set(\\\"contact_id\\\"") && keeps.contains("/ContactId"), "{keeps}");
    let values: Vec<(&str, &str)> = environment
        .get("values")
        .unwrap()
        .items()
        .iter()
        .map(|v| (v.get("key").and_then(Json::as_text).unwrap(), v.get("value").and_then(Json::as_text).unwrap()))
        .collect();
    assert_eq!(
        values,
        [
            ("base", "https://connect.eu-west-2.amazonaws.com"),
            ("base_2", "https://participant.connect.eu-west-2.amazonaws.com"),
            ("connect_flow_id", ""),
            ("queue_id", ""),
            ("aws_region", "eu-west-2"),
            ("aws_access_key_id", ""),
            ("aws_secret_access_key", ""),
        ]
    );
    let variables = collection.get("variable").unwrap().items();
    assert_eq!(variables.len(), 2);
    assert_eq!(keys(&variables[0]), ["key", "value"]);
}

#[test]
fn what_a_customer_writes_is_never_a_name() {
    let said = "{{zendesk_api_token}} {{{{x}}}} {{$guid}} {{ticket_id}} \u{7b}";
    for id in ["zendesk", "amazon-connect", "twilio-flex"] {
        let preview = preview(target(id).unwrap(), "transfer", said);
        let sent = preview.get("handoffs").unwrap().items()[0].at(&["requests", id, "body"]).cloned().unwrap();
        let (collection, _) = both(id, "transfer", said);
        let all = items(&collection);
        let request =
            all.iter().find(|item| item.get("name").unwrap().as_text().unwrap().starts_with("Request")).unwrap();
        let raw = request.at(&["request", "body", "raw"]).and_then(Json::as_text).unwrap();
        for secret in ["{{zendesk_api_token}}", "{{$guid}}", "{{x}}"] {
            assert!(!raw.contains(secret), "{id}: {raw}");
        }
        let sent = sent.as_text().unwrap();
        if id == "twilio-flex" {
            assert_eq!(raw.replace("{{", "%7B%7B").replace("}}", "%7D%7D"), sent);
        } else {
            assert_eq!(json(raw), json(sent), "{id}");
        }
    }
}

#[test]
fn braces_are_one_and_an_escape_unless_they_hold_a_name() {
    let names = ["a".to_owned()];
    for (body, written) in [
        (r#"{"x":"{{a}}"}"#, r#"{"x":"{{a}}"}"#),
        (r#"{"x":"{{b}} {{"}"#, r#"{"x":"{\u007bb}} {\u007b"}"#),
        (r#"{"x":"{{{a}}}"}"#, r#"{"x":"{\u007b{a}}}"}"#),
        (r#"{"x":{}}"#, r#"{"x":{}}"#),
    ] {
        assert_eq!(in_json(body, &names), written);
        assert_eq!(json(body), json(&in_json(body, &names)));
    }
}
