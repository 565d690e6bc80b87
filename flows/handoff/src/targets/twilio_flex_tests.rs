//! Interactions and tasks, against what Twilio describes of them.

use proptest::prelude::*;

use super::super::any::{any_case, assert_holds, banking, json, keys, made, of_form, setup};
use super::*;
use crate::Draft;

const DEV: &str = r#"{"dev":{"workspace_sid":"WS0","workflow_sid":"WW0","q":"WQ0"}}"#;

fn attributes(request: &Request) -> Json {
    let body = &request.body;
    if request.url.ends_with("/Tasks") {
        return json(&of_form(body, "Attributes"));
    }
    json(&of_form(body, "Routing")).at(&["properties", "attributes"]).cloned().unwrap()
}

#[test]
fn the_interaction_of_the_banking_flow_is_exact() {
    let places = [("transaction_id", "attributes.case.transaction"), ("confidence", "conversation.sure")];
    let request = made(&TwilioFlex, &banking("transfer"), &setup(&[("queue_sid", "{{q}}")], &places, &[]), DEV);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://flex-api.twilio.com/v1/Interactions"));
    assert_eq!(request.headers[0].1, "application/x-www-form-urlencoded");
    assert_eq!(
        of_form(&request.body, "Channel"),
        r#"{"type":"web","initiated_by":"customer","properties":{"media_channel_sid":"{{conversation_sid}}"}}"#
    );
    let said = r#"[{"who":"ai","text":"Hi, what can I help with?","at":"2026-11-23T09:00:00Z"},{"who":"customer","text":"Why a $25 fee on ****1234?","at":"2026-11-23T09:00:00Z"}]"#;
    let attributes = format!(
        "{{\"handoff_id\":\"{id}\",\"conversation_id\":\"fee-1\",\"reasons\":[\"low_confidence\"],\"tier\":\"tier1\",\
         \"priority\":2,\"mode\":\"transfer\",\"customer\":\"c-77\",\"locale\":\"en\",\
         \"summary\":\"Disputes a fee on ****1234\",\"told\":\"your last messages\",\"last_messages\":{said},\
         \"case\":{{\"transaction\":\"****1234\"}},\"flags\":[\"a\",\"b\"],\"customerName\":\"c-77\",\
         \"conversations\":{{\"conversation_id\":\"fee-1\"}}}}"
    );
    assert_eq!(
        of_form(&request.body, "Routing"),
        format!(
            "{{\"properties\":{{\"workspace_sid\":\"WS0\",\"workflow_sid\":\"WW0\",\"task_channel_unique_name\":\"chat\",\
             \"priority\":40,\"attributes\":{attributes}}}}}"
        )
    );
    assert_eq!(request.meters[0].used, attributes.chars().count());
    // What only Twilio knows of the conversation.
    assert_eq!((request.fits, &request.missing[..]), (true, &["conversation_sid".to_owned()][..]));
    let conversation = &request.then[0];
    assert_eq!(conversation.url, "https://conversations.twilio.com/v1/Conversations/fee-1");
    assert_eq!(of_form(&conversation.body, "Attributes"), r#"{"sure":0.62}"#);
}

#[test]
fn a_callback_is_a_task_that_waits_two_weeks() {
    let mut draft = banking("callback");
    let request = made(&TwilioFlex, &draft, &setup(&[], &[], &[]), r#"{"dev":{}}"#);
    assert_eq!(request.url, "https://taskrouter.twilio.com/v1/Workspaces/{{workspace_sid}}/Tasks");
    assert_eq!(request.missing, ["workspace_sid", "workflow_sid"]);
    for (name, value) in
        [("WorkflowSid", "{{workflow_sid}}"), ("TaskChannel", "voice"), ("Timeout", "1209600"), ("Priority", "40")]
    {
        assert_eq!(of_form(&request.body, name), value);
    }
    let attributes = attributes(&request);
    assert_eq!(attributes.get("customerAddress").and_then(Json::as_text), Some("+44 20 7946 0000"));
    assert_eq!(attributes.get("deadline").and_then(Json::as_text), Some("2026-11-23T13:00:00Z"));
    draft.mode = "ticket";
    assert_eq!(of_form(&made(&TwilioFlex, &draft, &setup(&[], &[], &[]), DEV).body, "TaskChannel"), "default");
}

#[test]
fn the_conversation_of_twilio_is_named_and_withdrawal_leaves_it_open() {
    let mut draft = banking("transfer");
    draft.conversation = format!("CH{}", "a0".repeat(16));
    let all = setup(&[("queue_sid", "{{q}}")], &[], &[]);
    let request = made(&TwilioFlex, &draft, &all, DEV);
    assert!(of_form(&request.body, "Channel").contains(&draft.conversation));
    let envelope = crate::envelope(&draft, &crate::Keys::default());
    let environment = Environment::read(&json(DEV), "dev").unwrap();
    let Withdrawal::Request(back) = TwilioFlex.withdraw(&envelope, &all, &environment) else { panic!("no way back") };
    assert!(back.url.ends_with("/Interactions/{{interaction_sid}}/Channels/{{channel_sid}}"), "{}", back.url);
    assert_eq!(back.body, "Status=inactive&Routing=%7B%22status%22%3A%22closed%22%7D");
    let wait = TwilioFlex.wait(&envelope, &all, &environment).request.unwrap();
    assert!(wait.url.ends_with("/Workspaces/WS0/TaskQueues/WQ0/RealTimeStatistics?TaskChannel=chat"), "{}", wait.url);
    assert!(wait.missing.is_empty());
}

#[test]
fn a_tier_is_a_filter_and_its_skills_an_expression() {
    let mut flow = Flow::default();
    let tier = |title: &str, skills: &[&str]| flow::Tier {
        title: Some(title.to_owned()),
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        hours: None,
        sees: Vec::new(),
        requires: None,
        agents: None,
        handle_time: None,
        patience: None,
        answer_within: None,
        share: None,
    };
    flow.tiers.insert("tier1".to_owned(), tier("All", &[]));
    flow.tiers.insert("tier2".to_owned(), tier("Cards", &["cards", "say \"hi\""]));
    let environment = Environment::read(&json(DEV), "dev").unwrap();
    let files = TwilioFlex.setup_files(&flow, &setup(&[("queue_sid", "{{q}}")], &[], &[]), &environment);
    let workflow = json(&files[0].text);
    assert_eq!(
        compact(&workflow),
        r#"{"task_routing":{"filters":[{"filter_friendly_name":"All","expression":"tier == \"tier1\"","targets":[{"queue":"WQ0"}]},{"filter_friendly_name":"Cards","expression":"tier == \"tier2\"","targets":[{"queue":"{{tier2_queue_sid}}","expression":"worker.routing.skills HAS \"cards\" AND worker.routing.skills HAS \"say \\\"hi\\\"\""}]}],"default_filter":{"queue":"WQ0"}}}"#
    );
}

/// What Twilio describes, and what it says of attributes beside.
fn assert_shape(request: &Request, draft: &Draft) {
    let attributes = attributes(request);
    if matches!(draft.mode, "ticket" | "callback") {
        for name in ["WorkflowSid", "TaskChannel", "Timeout", "Priority"] {
            assert!(!of_form(&request.body, name).is_empty());
        }
    } else {
        let channel = json(&of_form(&request.body, "Channel"));
        assert_eq!(keys(&channel), ["type", "initiated_by", "properties"]);
        let routing = json(&of_form(&request.body, "Routing"));
        let known = ["workspace_sid", "workflow_sid", "task_channel_unique_name", "priority", "attributes"];
        assert_eq!(keys(routing.get("properties").unwrap()), known);
    }
    assert_eq!(request.fits, compact(&attributes).encode_utf16().count() <= 4096);
    for key in ["handoff_id", "conversation_id", "tier", "mode"] {
        assert!(attributes.get(key).is_some(), "{key}");
    }
    for cut in &request.cut {
        let listed = attributes.get("truncated").map_or(&[][..], Json::items);
        assert!(listed.contains(&Json::text(&cut.field)), "{cut:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, policies) in any_case()) {
        let request = assert_holds(&TwilioFlex, OWN_POLICIES, &draft, &policies, &[]);
        assert_shape(&request, &draft);
    }
}
