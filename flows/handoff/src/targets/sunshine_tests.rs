//! The metadata of a control change: exact, flat, and within 4 KB or cut as declared.

use flow_model::tree::compact;
use proptest::prelude::*;

use super::super::tests::{any_draft, assert_honest, draft, json, request, setup};
use super::*;

const IDS: &str = r#"{"subdomain":"acme","sunshine_app":"5f00","bot_integration":"bot","f_transaction":"4417","cards_group":3600123}"#;
const FIELDS: &[(&str, &str)] =
    &[("transaction_id", "dataCapture.ticketField.{{f_transaction}}"), ("due_to", "dataCapture.systemField.tags")];
const TIER: &str = r#"{"group_id":"{{cards_group}}","switchboardIntegration":"zd:agentWorkspace"}"#;

#[test]
fn the_request_of_the_banking_flow_is_exact() {
    let made = request(&Sunshine, &draft(), &setup(TIER, FIELDS, &[]), IDS);
    assert_eq!(made.method, "POST");
    assert_eq!(made.url, "https://acme.zendesk.com/sc/v2/apps/5f00/conversations/fee-1/passControl");
    let names: Vec<&str> = made.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Content-Type", "Accept", "Authorization"]);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    let expected = r#"{"switchboardIntegration":"zd:agentWorkspace","metadata":{"handoff_id":"ID","conversation_id":"fee-1","reasons":"low_confidence","tier":"tier1","priority":3,"mode":"transfer","customer":"c-77","locale":"en","summary":"Disputes a fee on ****1234","told":"your last messages","last_messages":"LINES","dataCapture.ticketField.4417":"****1234","confidence":0.62,"dataCapture.systemField.group_id":3600123,"dataCapture.systemField.priority":"normal","dataCapture.systemField.tags":"low_confidence"}}"#;
    let lines = r#"[{\"who\":\"ai\",\"text\":\"Hi, what can I help with?\",\"at\":\"2026-11-23T09:00:00Z\"},{\"who\":\"customer\",\"text\":\"Why was I charged a $25 fee for ****1234?\",\"at\":\"2026-11-23T09:00:00Z\"}]"#;
    assert_eq!(made.body, expected.replace("ID", &id).replace("LINES", lines));
    assert!(made.fits && made.cut.is_empty() && made.missing.is_empty());
    assert_eq!((made.meters[0].most, made.limit), (4096, 102_400));
}

#[test]
fn a_conversation_id_is_one_segment_of_the_address() {
    let odd = crate::Draft { conversation: "a/b?c".to_owned(), ..draft() };
    assert!(
        request(&Sunshine, &odd, &setup("{}", &[], &[]), IDS).url.ends_with("/conversations/a%2Fb%3Fc/passControl")
    );
}

#[test]
fn what_was_said_gives_way_by_itself_and_is_named() {
    let mut long = draft();
    let lines: Vec<crate::Line> = (0..60)
        .map(|i| crate::Line { who: "customer", name: None, text: format!("line {i} {}", "ü".repeat(90)), at: 0 })
        .collect();
    long.fields[0].value = Some(crate::transcript(&lines));
    let made = request(&Sunshine, &long, &setup(TIER, FIELDS, &[]), IDS);
    assert!(made.fits && made.meters[0].used > 3_800, "{:?}", made.meters);
    assert_eq!((made.cut[0].field.as_str(), made.cut[0].how, made.cut.len()), ("last_messages", "shorten", 1));
    let metadata = json(&made.body).get("metadata").cloned().unwrap();
    assert_eq!(metadata.get("truncated"), Some(&Json::text("last_messages")));
    assert!(compact(&metadata).contains("line 59 ") && !compact(&metadata).contains("line 1 "));
    let kept = request(&Sunshine, &long, &setup(TIER, FIELDS, &[("last_messages", "keep")]), IDS);
    assert!(!kept.fits && kept.cut.iter().all(|cut| cut.field != "last_messages"));
}

#[test]
fn events_mean_what_the_switchboard_says() {
    let event = |kind: &str, payload: &str| {
        json(&format!(
            r#"{{"events":[{{"id":"e","type":"{kind}","createdAt":"2026-11-23T09:05:00.000Z","payload":{payload}}}]}}"#
        ))
    };
    let meaning = |event: &Json| {
        let read = RETURNS.iter().find_map(|back| back.read(event)).unwrap();
        let get = |key: &str| read.iter().find(|(k, _)| *k == key).map_or("-".to_owned(), |(_, v)| words::plain(v));
        format!("{} {} {}", get("state"), get("outcome"), get("handoff_id"))
    };
    let metadata = r#""metadata":{"handoff_id":"h1"}"#;
    for (kind, payload, expected) in [
        ("switchboard:releaseControl", format!("{{{metadata},\"reason\":\"ticketClosed\"}}"), "completed resolved h1"),
        ("switchboard:releaseControl", format!("{{{metadata}}}"), "resumed returned h1"),
        (
            "switchboard:passControl",
            format!(
                r#"{{{metadata},"conversation":{{"id":"c","activeSwitchboardIntegration":{{"integrationType":"custom"}}}}}}"#
            ),
            "resumed returned h1",
        ),
        (
            "switchboard:passControl",
            format!(
                r#"{{{metadata},"conversation":{{"id":"c","activeSwitchboardIntegration":{{"integrationType":"zd:agentWorkspace"}}}}}}"#
            ),
            "accepted - h1",
        ),
        ("switchboard:passControl:failure", format!("{{{metadata}}}"), "failed no_agent h1"),
    ] {
        assert_eq!(meaning(&event(kind, &payload)), expected, "{kind}");
    }
    assert!(RETURNS.iter().all(|back| back.read(&event("conversation:message", "{}")).is_none()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, declared) in any_draft()) {
        let too_big: Vec<(&str, &str)> = declared.iter().map(|(name, policy)| (name.as_str(), *policy)).collect();
        let made = assert_honest(&Sunshine, &draft, &declared, &setup(TIER, FIELDS, &too_big), IDS, carriage::OWN_POLICIES);
        let body = json(&made.body);
        let keys: Vec<&str> = body.entries().iter().map(|(key, _)| key.as_str()).collect();
        prop_assert_eq!(keys, ["switchboardIntegration", "metadata"]);
        let metadata = body.get("metadata").unwrap();
        let flat = |value: &Json| matches!(value, Json::Text(_) | Json::Number(_) | Json::Bool(_));
        prop_assert!(metadata.entries().iter().all(|(_, value)| flat(value)));
        prop_assert_eq!(compact(metadata).len(), made.meters[0].used);
    }
}
