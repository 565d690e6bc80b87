//! Chats and tasks, against what botocore describes of them.

use proptest::prelude::*;

use super::super::any::{all_texts, any_case, assert_holds, banking, field, json, keys, made, setup};
use super::*;

const DEV: &str = r#"{"dev":{"aws_region":"eu-west-2","connect_instance_id":"i-1","connect_flow_id":"f-1","q":"q-1"}}"#;

#[test]
fn the_chat_of_the_banking_flow_is_exact() {
    let places = [("transaction_id", "attributes.case.id"), ("flags", "message")];
    let request = made(&AmazonConnect, &banking("transfer"), &setup(&[], &places, &[]), DEV);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!((request.method, request.url.as_str()), ("PUT", "https://connect.eu-west-2.amazonaws.com/contact/chat"));
    let attributes = format!(
        "{{\"handoff_id\":\"{id}\",\"conversation_id\":\"fee-1\",\"reasons\":\"low_confidence\",\"tier\":\"tier1\",\
         \"priority\":\"2\",\"mode\":\"transfer\",\"customer\":\"c-77\",\"locale\":\"en\",\
         \"summary\":\"Disputes a fee on ****1234\",\"told\":\"your last messages\",\"case_id\":\"****1234\",\
         \"confidence\":\"0.62\"}}"
    );
    let message = format!(
        "Disputes a fee on ****1234\\n\\nWhy: the bot was unsure\\nFor: General queue, priority 2, transfer\\n\
         Customer: c-77\\nThe customer was told that you see: your last messages\\nFlags: a, b\\n\\nLast messages:\\n\
         Assistant: Hi, what can I help with?\\nCustomer: Why a $25 fee on ****1234?\\n\\n\
         Flow: Banking: fee dispute; conversation: fee-1; request: {id}"
    );
    assert_eq!(
        request.body,
        format!(
            "{{\"InstanceId\":\"i-1\",\"ContactFlowId\":\"f-1\",\"Attributes\":{attributes},\
             \"ParticipantDetails\":{{\"DisplayName\":\"c-77\"}},\
             \"InitialMessage\":{{\"ContentType\":\"text/plain\",\"Content\":\"{message}\"}},\"ClientToken\":\"{id}\",\
             \"CustomerId\":\"c-77\"}}"
        )
    );
    let then: Vec<(&str, &str)> = request.then.iter().map(|r| (r.url.as_str(), r.body.as_str())).collect();
    assert_eq!(
        then,
        [
            (
                "https://participant.connect.eu-west-2.amazonaws.com/participant/connection",
                r#"{"Type":["WEBSOCKET","CONNECTION_CREDENTIALS"]}"#
            ),
            (
                "https://connect.eu-west-2.amazonaws.com/contacts/i-1/{{contact_id}}/routing-data",
                r#"{"QueuePriority":2}"#
            ),
        ]
    );
    assert!(request.missing.is_empty() && request.fits);
}

#[test]
fn a_callback_is_a_task_with_whom_to_reach() {
    let mut draft = banking("callback");
    draft.screen = Some("https://crm.example.com/c-77".to_owned());
    let request = made(&AmazonConnect, &draft, &setup(&[], &[], &[]), r#"{"dev":{}}"#);
    assert_eq!(request.missing, ["aws_region", "connect_instance_id", "connect_flow_id"]);
    let body = json(&request.body);
    assert_eq!(
        keys(&body),
        ["InstanceId", "ContactFlowId", "Attributes", "Name", "References", "Description", "ClientToken"]
    );
    assert_eq!(
        compact(body.get("References").unwrap()),
        r#"{"Phone":{"Value":"+44 20 7946 0000","Type":"STRING"},"Open":{"Value":"https://crm.example.com/c-77","Type":"URL"}}"#
    );
    assert_eq!(body.get("Name").and_then(Json::as_text), Some("Disputes a fee on ****1234"));
    assert!(body.at(&["Description"]).and_then(Json::as_text).unwrap().contains("Answer by: 2026-11-23T13:00:00Z"));
    assert!(request.then.is_empty());
}

#[test]
fn two_fields_never_share_an_attribute() {
    let mut draft = banking("transfer");
    draft.fields = vec![
        field("a.b", Json::int(1)),
        field("a_b", Json::int(2)),
        field("tier", Json::int(3)),
        field("ü", Json::int(4)),
        field("x", Json::int(5)),
    ];
    let request = made(&AmazonConnect, &draft, &setup(&[], &[("x", "attributes.handoff_id")], &[]), DEV);
    let body = json(&request.body);
    let attributes = body.get("Attributes").unwrap();
    for (key, value) in [("a_b", "1"), ("a_b_2", "2"), ("tier", "3"), ("_", "4"), ("handoff_id_2", "5")] {
        assert_eq!(attributes.get(key).and_then(Json::as_text), Some(value), "{key}");
    }
}

#[test]
fn the_wait_is_read_before_and_after_and_a_chat_is_stopped() {
    let envelope = crate::envelope(&banking("transfer"), &crate::Keys::default());
    let environment = Environment::read(&json(DEV), "dev").unwrap();
    let all = setup(&[("queue_id", "{{q}}")], &[], &[]);
    let wait = AmazonConnect.wait(&envelope, &all, &environment).request.unwrap();
    assert_eq!(wait.url, "https://connect.eu-west-2.amazonaws.com/metrics/current/i-1");
    assert!(wait.body.starts_with(r#"{"Filters":{"Queues":["q-1"],"Channels":["CHAT"]},"#), "{}", wait.body);
    assert!(wait.then[0].body.contains("POSITION_IN_QUEUE"));
    let Withdrawal::Request(stop) = AmazonConnect.withdraw(&envelope, &all, &environment) else {
        panic!("no way back")
    };
    assert_eq!(stop.body, r#"{"ContactId":"{{contact_id}}","InstanceId":"i-1"}"#);
}

#[test]
fn the_attributes_of_a_flow_have_their_names_and_a_view() {
    let files = AmazonConnect.setup_files(&Flow::default(), &setup(&[], &[], &[]), &Environment::default());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["attributes.json", "view.json"]);
    assert!(files[1].text.contains("$.Attributes.summary"));
}

/// What botocore describes, and what it says of attributes beside.
fn assert_shape(request: &Request) {
    let body = json(&request.body);
    let text = |key: &str| body.get(key).and_then(Json::as_text).unwrap_or_default().to_owned();
    let long = |text: &str, most: usize| text.encode_utf16().count() > most;
    let attributes = body.get("Attributes").unwrap();
    let plain =
        |key: &&str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    assert!(all_texts(attributes) && keys(attributes).iter().all(plain), "{:?}", keys(attributes));
    let bytes: usize = attributes.entries().iter().map(|(k, v)| k.len() + v.as_text().unwrap().len()).sum();
    assert_eq!(attributes.get("truncated").is_some(), !request.cut.is_empty());
    if request.url.ends_with("/chat") {
        let name = body.at(&["ParticipantDetails", "DisplayName"]).and_then(Json::as_text).unwrap();
        assert!(!name.is_empty() && !long(name, 256));
        let content = body.at(&["InitialMessage", "Content"]).and_then(Json::as_text).unwrap();
        assert_eq!(request.fits, bytes <= 32_768 && content.len() <= 16_384);
        assert!(!content.is_empty() && !long(&text("CustomerId"), 128));
    } else {
        assert!(!long(&text("Name"), 1024) && !text("Name").is_empty());
        let over = body.get("References").unwrap().entries().iter().any(|(key, reference)| {
            assert!(
                !key.is_empty()
                    && matches!(reference.get("Type").and_then(Json::as_text), Some("STRING" | "EMAIL" | "URL"))
            );
            long(reference.get("Value").and_then(Json::as_text).unwrap(), 4096)
        });
        assert_eq!(request.fits, bytes <= 32_768 && !long(&text("Description"), 4096) && !over);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, policies) in any_case()) {
        let request = assert_holds(&AmazonConnect, OWN, &draft, &policies, &[]);
        assert_shape(&request);
    }
}
