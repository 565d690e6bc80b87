//! Events, against what the protocol describes of them.

use proptest::prelude::*;

use super::super::any::{any_case, assert_holds, banking, json, keys, made, setup};
use super::*;

const DEV: &str = r#"{"dev":{"bot_service_url":"https://smba.example.com/emea/","bot_id":"bot-1","skill":"cards"}}"#;

#[test]
fn the_event_of_the_banking_flow_is_exact() {
    let places = [("transaction_id", "value.case.id"), ("flags", "Context.flags")];
    let request = made(&BotFramework, &banking("transfer"), &setup(&[("Skill", "{{skill}}")], &places, &[]), DEV);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!(request.url, "https://smba.example.com/emea/v3/conversations/fee-1/activities");
    let value = format!(
        "{{\"handoff_id\":\"{id}\",\"conversation_id\":\"fee-1\",\"reasons\":[\"low_confidence\"],\"tier\":\"tier1\",\
         \"priority\":2,\"mode\":\"transfer\",\"customer\":\"c-77\",\"locale\":\"en\",\
         \"summary\":\"Disputes a fee on ****1234\",\"told\":\"your last messages\",\"case\":{{\"id\":\"****1234\"}},\
         \"confidence\":0.62,\"Context\":{{\"flags\":[\"a\",\"b\"]}},\"Skill\":\"cards\"}}"
    );
    let said = |id: &str, role: &str, text: &str| {
        format!(
            "{{\"type\":\"message\",\"timestamp\":\"2026-11-23T09:00:00Z\",\"from\":{{\"id\":\"{id}\",\"role\":\"{role}\"}},\
             \"conversation\":{{\"id\":\"fee-1\"}},\"text\":\"{text}\"}}"
        )
    };
    let activities =
        [said("bot-1", "bot", "Hi, what can I help with?"), said("c-77", "user", "Why a $25 fee on ****1234?")]
            .join(",");
    assert_eq!(
        request.body,
        format!(
            "{{\"type\":\"event\",\"name\":\"handoff.initiate\",\"timestamp\":\"2026-11-23T09:00:00Z\",\
             \"from\":{{\"id\":\"bot-1\",\"role\":\"bot\"}},\"conversation\":{{\"id\":\"fee-1\"}},\"locale\":\"en\",\
             \"value\":{value},\"attachments\":[{{\"name\":\"Transcript\",\"contentType\":\"application/json\",\
             \"content\":{{\"activities\":[{activities}]}}}}]}}"
        )
    );
    assert!(request.missing.is_empty() && request.fits);
}

#[test]
fn each_status_of_the_hub_means_a_state() {
    for (state, outcome) in [("accepted", None), ("failed", Some("no_agent")), ("completed", Some("returned"))] {
        let event = format!(
            r#"{{"type":"event","name":"handoff.status","conversation":{{"id":"c"}},"value":{{"state":"{state}","message":"m"}}}}"#
        );
        let meant: Vec<_> = BotFramework.returns().iter().filter_map(|back| back.read(&json(&event))).collect();
        assert_eq!(meant.len(), 1);
        let is = |key: &str| meant[0].iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone());
        assert_eq!(is("state"), Some(Json::text(state)));
        assert_eq!(is("outcome"), outcome.map(Json::text));
        assert_eq!(is("note"), Some(Json::text("m")));
    }
    let other = json(r#"{"name":"handoff.status","value":{"state":"odd"}}"#);
    assert!(BotFramework.returns().iter().all(|back| back.read(&other).is_none()));
}

#[test]
fn a_shortened_transcript_says_what_is_gone() {
    let mut draft = banking("transfer");
    let line = |n: usize| crate::Line { who: "customer", name: None, text: format!("{n} {}", "x".repeat(2000)), at: 0 };
    draft.fields[0].value = Some(crate::transcript(&(0..60).map(line).collect::<Vec<_>>()));
    let policies = [("last_messages".to_owned(), "shorten".to_owned())];
    let request = made(&BotFramework, &draft, &setup(&[], &[], &policies), DEV);
    assert!(request.fits && request.body.contains("earlier left out]"));
    assert!(request.body.contains("\"59 xx") && !request.body.contains("\"1 xx"));
}

#[test]
fn the_value_of_a_flow_has_a_schema_and_variables() {
    let files = BotFramework.setup_files(&Flow::default(), &setup(&[], &[], &[]), &Environment::default());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["handoff-value.schema.json", "context-variables.json"]);
    assert_eq!(json(&files[0].text).at(&["properties", "priority", "type"]), Some(&json(r#"["integer","string"]"#)));
}

/// What the protocol describes.
fn assert_shape(request: &Request) {
    let body = json(&request.body);
    let known = ["type", "name", "timestamp", "from", "conversation", "locale", "value", "attachments"];
    assert!(keys(&body).iter().all(|key| known.contains(key)));
    assert_eq!(body.get("name"), Some(&Json::text("handoff.initiate")));
    assert!(matches!(body.get("value"), Some(Json::Map(_))));
    for attachment in body.get("attachments").map_or(&[][..], Json::items) {
        assert_eq!(attachment.get("name"), Some(&Json::text("Transcript")));
        for activity in attachment.at(&["content", "activities"]).unwrap().items() {
            assert!(activity.get("text").and_then(Json::as_text).is_some());
            assert!(activity.at(&["from", "id"]).is_some());
        }
    }
    assert_eq!(request.fits, request.bytes <= 65_536);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, policies) in any_case()) {
        let request = assert_holds(&BotFramework, OWN_POLICIES, &draft, &policies, &[]);
        assert_shape(&request);
    }
}
