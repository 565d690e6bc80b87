//! Messages, callbacks and answers of bots, against what the SDK describes of them.

use proptest::prelude::*;

use super::super::any::{all_texts, any_case, assert_holds, banking, field, json, keys, made, setup};
use super::*;
use crate::Draft;

const DEV: &str = r#"{"dev":{"genesys_region":"mypurecloud.ie","genesys_integration_id":"i-1","q":"q-1"}}"#;

#[test]
fn the_message_of_the_banking_flow_is_exact() {
    let places = [("transaction_id", "attributes.transaction"), ("flags", "text")];
    let all = setup(&[("queue_id", "{{q}}")], &places, &[]);
    let request = made(&Genesys, &banking("transfer"), &all, DEV);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    let base = "https://api.mypurecloud.ie/api/v2/conversations";
    assert_eq!(request.url, format!("{base}/messages/i-1/inbound/open/message?prefetchConversationId=true"));
    let attributes = format!(
        "{{\"handoff_id\":\"{id}\",\"conversation_id\":\"fee-1\",\"reasons\":\"low_confidence\",\"tier\":\"tier1\",\
         \"priority\":\"2\",\"mode\":\"transfer\",\"customer\":\"c-77\",\"locale\":\"en\",\
         \"summary\":\"Disputes a fee on ****1234\",\"told\":\"your last messages\",\"transaction\":\"****1234\",\
         \"confidence\":\"0.62\",\"queue_id\":\"q-1\"}}"
    );
    let text = format!(
        "Disputes a fee on ****1234\\n\\nWhy: the bot was unsure\\nFor: General queue, priority 2, transfer\\n\
         Customer: c-77\\nThe customer was told that you see: your last messages\\nFlags: a, b\\n\\nLast messages:\\n\
         Assistant: Hi, what can I help with?\\nCustomer: Why a $25 fee on ****1234?\\n\\n\
         Flow: Banking: fee dispute; conversation: fee-1; request: {id}"
    );
    assert_eq!(
        request.body,
        format!(
            "{{\"channel\":{{\"from\":{{\"id\":\"c-77\",\"idType\":\"Opaque\",\"nickname\":\"c-77\"}},\
             \"time\":\"2026-11-23T09:00:00Z\",\"messageId\":\"{id}\",\
             \"metadata\":{{\"customAttributes\":{attributes}}}}},\"text\":\"{text}\"}}"
        )
    );
    assert_eq!((request.then[0].method, request.then[1].method), ("GET", "PATCH"));
    // Agents and bots are participants, too, and may come first.
    assert_eq!(request.then[0].keeps[0].from, "/participants/[purpose=customer]/id");
    let participant = format!("{base}/{{{{genesys_conversation_id}}}}/participants/{{{{participant_id}}}}/attributes");
    assert_eq!(request.then[1].url, participant);
    assert_eq!(request.then[1].body, format!("{{\"attributes\":{attributes}}}"));
    assert!(request.missing.is_empty() && request.fits);
}

#[test]
fn a_callback_has_its_number_or_is_a_message() {
    let mut draft = banking("callback");
    let all = setup(&[("queue_id", "{{q}}")], &[], &[]);
    let request = made(&Genesys, &draft, &all, DEV);
    assert_eq!(request.url, "https://api.mypurecloud.ie/api/v2/conversations/callbacks");
    let body = json(&request.body);
    assert_eq!(keys(&body), ["queueId", "callbackUserName", "callbackNumbers", "data"]);
    assert_eq!(compact(body.get("callbackNumbers").unwrap()), r#"["+44 20 7946 0000"]"#);
    draft.contact = vec![("email".to_owned(), Json::text("a@b.example"))];
    let message = made(&Genesys, &draft, &all, DEV);
    assert!(message.url.contains("/inbound/open/message"), "{}", message.url);
    assert_eq!(json(&message.body).at(&["channel", "from", "email"]), Some(&Json::text("a@b.example")));
}

#[test]
fn a_bot_of_the_connector_answers_with_intent_entities_and_parameters() {
    let mut draft = banking("transfer");
    draft.fields.push(field("entities", json(r#"{"amount":25,"ids":["a",1],"ok":true,"name":"x"}"#)));
    draft.fields.push(field("error_code", Json::text("E7")));
    let request = made(&Genesys, &draft, &setup(&[("bot_id", "b-1"), ("intent", "to_cards")], &[], &[]), DEV);
    assert_eq!(request.url, "https://api.mypurecloud.ie/api/v2/integrations/botconnectors/outgoing/messages");
    let body = json(&request.body);
    for (key, value) in [
        ("botId", r#""b-1""#),
        ("botState", r#""Complete""#),
        ("intent", r#""to_cards""#),
        ("confidence", "0.62"),
        ("errorInfo", r#"{"code":"E7"}"#),
        (
            "entities",
            r#"[{"name":"amount","type":"Decimal","value":"25"},{"name":"ids","type":"StringCollection","values":["a","1"]},{"name":"ok","type":"Boolean","value":"true"},{"name":"name","type":"String","value":"x"}]"#,
        ),
    ] {
        assert_eq!(compact(body.get(key).unwrap()), value, "{key}");
    }
    let envelope = crate::envelope(&draft, &crate::Keys::default());
    let all = setup(&[("bot_id", "b-1")], &[], &[]);
    assert!(matches!(Genesys.withdraw(&envelope, &all, &Environment::default()), Withdrawal::Impossible(_)));
}

#[test]
fn an_attribute_is_cut_for_its_own_sake() {
    let mut draft = banking("transfer");
    draft.summary = Some("é".repeat(300));
    draft.fields.push(field("long", Json::Text("x".repeat(300))));
    let kept = made(&Genesys, &draft, &setup(&[], &[], &[]), DEV);
    assert!(!kept.fits);
    let policies = [("last_messages".to_owned(), "drop".to_owned()), ("long".to_owned(), "shorten".to_owned())];
    let request = made(&Genesys, &draft, &setup(&[], &[], &policies), DEV);
    let cut: Vec<(&str, &str)> = request.cut.iter().map(|cut| (cut.field.as_str(), cut.how)).collect();
    assert_eq!((request.fits, &cut[..]), (true, &[("long", "shorten"), ("summary", "shorten")][..]));
    let attributes = json(&request.body).at(&["channel", "metadata", "customAttributes"]).cloned().unwrap();
    assert_eq!(attributes.get("truncated"), Some(&Json::text("long,summary")));
    let summary = attributes.get("summary").and_then(Json::as_text).unwrap();
    // Shortening counts bytes, the limit characters: one that takes two leaves half.
    assert!(summary.ends_with("… [shortened]") && summary.chars().count() <= 256, "{summary}");
}

#[test]
fn the_participant_data_of_a_flow_has_a_schema() {
    let files = Genesys.setup_files(&Flow::default(), &setup(&[], &[], &[]), &Environment::default());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["participant-data.schema.json", "interaction-panel.json"]);
    let schema = json(&files[0].text);
    assert_eq!(schema.get("maxProperties"), Some(&Json::int(50)));
    assert!(compact(&json(&files[1].text)).contains("longtext:conversationDetails.participantData.summary"));
}

/// What the SDK describes, and what flows can read.
fn assert_shape(request: &Request) {
    let body = json(&request.body);
    let attributes = if let Some(channel) = body.get("channel") {
        assert_eq!(keys(&body), ["channel", "text"]);
        assert_eq!(keys(channel), ["from", "time", "messageId", "metadata"]);
        let from = channel.get("from").unwrap();
        let known = ["id", "idType", "nickname", "firstName", "lastName", "email"];
        assert!(all_texts(from) && keys(from).iter().all(|key| known.contains(key)));
        assert!(from.get("id").and_then(Json::as_text).is_some_and(|id| !id.is_empty()));
        channel.at(&["metadata", "customAttributes"]).unwrap()
    } else if body.get("callbackNumbers").is_some() {
        assert!(!body.get("callbackNumbers").unwrap().items().is_empty());
        body.get("data").unwrap()
    } else {
        assert_eq!(body.get("botState"), Some(&Json::text("Complete")));
        body.get("parameters").unwrap()
    };
    assert!(all_texts(attributes), "{}", compact(attributes));
    let long = |(_, value): &(String, Json)| value.as_text().unwrap().encode_utf16().count() > 256;
    assert_eq!(request.fits, attributes.entries().len() <= 50 && !attributes.entries().iter().any(long));
    assert_eq!(attributes.get("truncated").is_some(), !request.cut.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, policies) in any_case(), bot in any::<bool>()) {
        let ids: &[(&str, &str)] = if bot { &[("bot_id", "b"), ("queue_id", "q")] } else { &[] };
        let request = assert_holds(&Genesys, OWN, &draft, &policies, ids);
        assert_shape(&request);
    }
}

#[test]
fn modes_are_carried_in_words() {
    let draft = Draft::default();
    assert_eq!(way(&crate::envelope(&draft, &crate::Keys::default()), &flow::Target::default()), Way::Message);
    assert!(Genesys.carries("ticket").contains("waits"));
}
