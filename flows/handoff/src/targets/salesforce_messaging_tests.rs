//! Messaging sessions, channels of one's own and what an Einstein bot is told: exact, and within the limits or cut.

use proptest::prelude::*;

use super::super::tests::{any_draft, assert_honest, draft, json, request, setup};
use super::*;

const IDS: &str = r#"{"salesforce_domain":"acme","salesforce_org":"00D000000000001","es_developer_name":"Web","channel_definition":"Acme_Channel","einstein_host":"runtime-api-eu-west.prod.chatbots.sfdc.sh","session":"s 1","channel":"9c0f1c5e","flow":"300000000000001","queue":"00G000000000001"}"#;
const FIELDS: &[(&str, &str)] = &[("due_to", "routingAttributes.Reason"), ("confidence", "message")];
const OWN: &str = r#"{"channelAddressIdentifier":"{{channel}}","flowId":"{{flow}}","queueId":"{{queue}}"}"#;

fn urls(request: &Request) -> Vec<String> {
    let host = "https://acme.my.salesforce-scrt.com/";
    request.all().iter().map(|one| format!("{} {}", one.method, one.url.replace(host, ""))).collect()
}

#[test]
fn a_session_is_opened_with_its_attributes_and_its_note() {
    let made = request(&SalesforceMessaging, &draft(), &setup("{}", FIELDS, &[]), IDS);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!(
        urls(&made),
        [
            "POST iamessage/api/v2/authorization/unauthenticated/access-token".to_owned(),
            "POST iamessage/api/v2/conversation".to_owned(),
            format!("POST iamessage/api/v2/conversation/{id}/message"),
        ]
    );
    assert_eq!(
        made.body,
        r#"{"orgId":"00D000000000001","esDeveloperName":"Web","capabilitiesVersion":"1","platform":"Web"}"#
    );
    assert_eq!((made.keeps[0].name, made.keeps[0].from), ("access_token", "/accessToken"));
    let attributes = r#""routingAttributes":{"handoff_id":"ID","conversation_id":"fee-1","reasons":"low_confidence","tier":"tier1","priority":"3","mode":"transfer","customer":"c-77","locale":"en","summary":"Disputes a fee on ****1234","told":"your last messages","transaction_id":"****1234","Reason":"low_confidence"}"#;
    assert_eq!(
        made.then[0].body,
        format!(r#"{{"conversationId":"ID","esDeveloperName":"Web",{attributes}}}"#).replace("ID", &id)
    );
    let message = json(&made.then[1].body);
    assert_eq!(message.get("isNewMessagingSession"), Some(&Json::Bool(true)));
    let note = message.at(&["message", "staticContent", "text"]).and_then(Json::as_text).unwrap();
    assert!(note.contains("Confidence: 0.62\n") && note.contains("Customer: Why was I charged"), "{note}");
    assert!(made.all().iter().all(|one| one.fits && one.missing.is_empty()));
    let secret = made.then[0].headers.iter().find(|(name, _)| name == "Authorization").unwrap();
    assert_eq!(secret.1, "Bearer {{access_token}}");
}

#[test]
fn a_channel_of_ones_own_gets_its_history_the_newest_first() {
    let mut long = draft();
    let lines: Vec<crate::Line> = (0..12)
        .map(|i| crate::Line { who: ["customer", "ai", "agent"][i % 3], name: None, text: format!("line {i}"), at: 0 })
        .collect();
    long.fields[0].value = Some(crate::transcript(&lines));
    let made = request(&SalesforceMessaging, &long, &setup(OWN, &[], &[]), IDS);
    assert_eq!(
        urls(&made),
        [
            "POST api/v1/conversation",
            "POST api/v1/conversationHistory",
            "POST api/v1/conversationHistory",
            "POST api/v1/conversationHistory",
            "POST api/v1/route"
        ]
    );
    let said = |one: &Request| -> Vec<String> {
        let body = json(&one.body);
        let entries = body.get("conversationEntries").unwrap().items();
        let text = |entry: &Json| entry.at(&["entryPayload", "abstractMessage", "staticContent", "text"]).cloned();
        entries.iter().map(|entry| words::plain(&text(entry).unwrap())).collect()
    };
    assert_eq!(said(&made.then[0]), ["line 7", "line 8", "line 9", "line 10", "line 11"]);
    assert_eq!(said(&made.then[2]), ["line 0", "line 1"]);
    assert!(made.then[0].body.contains(r#""role":"Chatbot""#) && made.then[0].body.contains(r#""role":"Agent""#));
    let route = &made.then[3].body;
    assert!(
        route.contains(
            r#""routingType":"Initial","routingInfo":{"flow":{"flowId":"300000000000001","queueId":"00G000000000001"}}"#
        ),
        "{route}"
    );
    let ids: Vec<&str> = made
        .all()
        .iter()
        .flat_map(|one| &one.headers)
        .filter(|(name, _)| name == "RequestId")
        .map(|(_, id)| id.as_str())
        .collect();
    assert!(ids.len() == 5 && ids.iter().enumerate().all(|(i, id)| !ids[..i].contains(id)), "{ids:?}");
}

#[test]
fn an_einstein_bot_is_told_how_its_transfer_went() {
    let tier = r#"{"einstein_session":"{{session}}"}"#;
    let made = request(&SalesforceMessaging, &draft(), &setup(tier, &[], &[]), IDS);
    let last = made.then.last().unwrap();
    assert_eq!(last.url, "https://runtime-api-eu-west.prod.chatbots.sfdc.sh/v5.3.0/sessions/s%201/messages");
    assert_eq!(last.body, r#"{"message":{"type":"transferSucceeded","sequenceId":1795424400}}"#);
    let envelope = crate::envelope(&draft(), &crate::Keys::default());
    let environment = super::super::tests::environment(IDS);
    let Withdrawal::Request(back) = SalesforceMessaging.withdraw(&envelope, &setup(tier, &[], &[]), &environment)
    else {
        panic!("it cannot be withdrawn")
    };
    assert_eq!(back.method, "DELETE");
    assert_eq!(
        back.then[0].body,
        r#"{"message":{"type":"transferFailed","sequenceId":1795424401,"reason":"NoAgentAvailable","description":"The customer no longer waits."}}"#
    );
    for (outcome, reason) in
        [("no_agent", "NoAgentAvailable"), ("timeout", "NoAgentAvailable"), ("abandoned", "Error"), ("odd", "Error")]
    {
        assert_eq!(bot::reason(outcome), reason);
    }
}

#[test]
fn an_attribute_is_cut_to_the_length_of_its_parameter() {
    let mut long = draft();
    long.summary = Some("é".repeat(300));
    long.fields[1].redact = None;
    long.fields[1].value = Some(Json::Text("x".repeat(300)));
    let made = request(&SalesforceMessaging, &long, &setup("{}", &[], &[("transaction_id", "drop")]), IDS);
    let attributes = json(&made.then[0].body).get("routingAttributes").cloned().unwrap();
    assert!(made.then[0].fits, "{:?}", made.then[0].meters);
    assert_eq!(attributes.get("transaction_id"), None);
    assert_eq!(words::plain(attributes.get("summary").unwrap()).chars().count(), 255);
    assert_eq!(attributes.get("truncated"), Some(&Json::text("transaction_id,summary")));
    assert!(!request(&SalesforceMessaging, &long, &setup("{}", &[], &[]), IDS).then[0].fits);
}

#[test]
fn events_mean_what_the_session_says() {
    let event =
        |payload: &str| json(&format!(r#"{{"conversationId":"h1","conversationEntry":{{"entryPayload":{payload}}}}}"#));
    for (payload, expected) in [
        (r#"{"entries":[{"operation":"add","displayName":"Kim","participant":{"role":"Agent"}}]}"#, "accepted"),
        (r#"{"entries":[{"operation":"add","participant":{"role":"Chatbot"}}]}"#, "-"),
        (r#"{"failureType":"ROUTING_ERROR","failureReason":"none"}"#, "failed"),
        (r#"{"failureType":"NO_ERROR"}"#, "-"),
        (r#"{"routingStatus":"NEEDS_ROUTING"}"#, "resumed"),
        (r#"{"sessionStatus":"Ended"}"#, "completed"),
    ] {
        let read = RETURNS.iter().find_map(|back| back.read(&event(payload)));
        let state = read.map_or("-".to_owned(), |found| words::plain(&found[0].1));
        assert_eq!(state, expected, "{payload}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, declared) in any_draft(), own in any::<bool>()) {
        let too_big: Vec<(&str, &str)> = declared.iter().map(|(name, policy)| (name.as_str(), *policy)).collect();
        let setup = setup(if own { OWN } else { "{}" }, FIELDS, &too_big);
        let made = assert_honest(&SalesforceMessaging, &draft, &declared, &setup, IDS, carriage::OWN_POLICIES);
        for one in made.all() {
            let body = json(&one.body);
            if let Some(attributes) = body.get("routingAttributes") {
                for (name, value) in attributes.entries() {
                    let length = value.as_text().map(|text| text.chars().count());
                    prop_assert!(length.is_some_and(|length| length <= MOST || !one.fits), "{}", name);
                }
            }
            if let Some(entries) = body.get("conversationEntries") {
                prop_assert!((1..=5).contains(&entries.items().len()));
                prop_assert!((1..=3).contains(&body.get("conversationParticipants").unwrap().items().len()));
            }
        }
    }
}
