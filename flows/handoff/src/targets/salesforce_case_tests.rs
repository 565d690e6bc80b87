//! The Case: exact, written by its external id, within Salesforce's limits or cut as declared.

use proptest::prelude::*;

use super::super::tests::{any_draft, assert_honest, draft, json, request, setup};
use super::*;

const IDS: &str = r#"{"salesforce_domain":"acme","queue":"00G5e000001","channel":"0N95e000001","cards":"0C55e000001"}"#;
const FIELDS: &[(&str, &str)] =
    &[("transaction_id", "Transaction_Id__c"), ("due_to", "Due_To__c"), ("confidence", "Confidence__c")];
const TIER: &str = r#"{"OwnerId":"{{queue}}","Origin":"Chat"}"#;

#[test]
fn the_case_of_the_banking_flow_is_exact() {
    let made = request(&SalesforceCase, &draft(), &setup(TIER, FIELDS, &[]), IDS);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!(made.method, "PATCH");
    assert_eq!(
        made.url,
        format!("https://acme.my.salesforce.com/services/data/v65.0/sobjects/Case/Handoff_Id__c/{id}")
    );
    let note = "Disputes a fee on ****1234\\n\\nWhy: the bot was unsure\\nFor: General queue, priority 3, transfer\\n\
        Customer: c-77\\nThe customer was told that you see: your last messages\\n\\nLast messages:\\n\
        Assistant: Hi, what can I help with?\\nCustomer: Why was I charged a $25 fee for ****1234?\\n\\n\
        Flow: Banking: fee dispute; conversation: fee-1; request: ID";
    let body = format!(
        "{{\"Subject\":\"Disputes a fee on ****1234\",\"Description\":\"{note}\",\"Priority\":\"Medium\",\"Status\":\"New\",\
         \"OwnerId\":\"00G5e000001\",\"Origin\":\"Chat\",\"Transaction_Id__c\":\"****1234\",\"Confidence__c\":0.62,\
         \"Due_To__c\":\"low_confidence\"}}"
    );
    assert_eq!(made.body, body.replace("ID", &id));
    assert!(made.fits && made.then.is_empty() && made.missing.is_empty() && made.limit > made.bytes);
}

#[test]
fn a_tier_with_a_service_channel_is_routed_by_its_skills() {
    let tier = r#"{"OwnerId":"{{queue}}","ServiceChannelId":"{{channel}}","skills":["{{cards}}","{{odd}}"]}"#;
    let made = request(&SalesforceCase, &draft(), &setup(tier, &[], &[]), IDS);
    let then: Vec<(&str, &str)> =
        made.then.iter().map(|next| (next.method, next.url.rsplit("/sobjects/").next().unwrap())).collect();
    assert_eq!(
        then,
        [
            ("POST", "PendingServiceRouting"),
            ("POST", "SkillRequirement"),
            ("POST", "SkillRequirement"),
            ("PATCH", "PendingServiceRouting/{{routing_id}}")
        ]
    );
    assert!(made.then[0].body.contains(r#""WorkItemId":"{{case_id}}","ServiceChannelId":"0N95e000001""#));
    assert!(
        made.then[0].body.contains(r#""CustomRequestedDateTime":"2026-11-23T09:00:00Z","IsReadyForRouting":false"#)
    );
    assert_eq!((made.keeps[0].name, made.then[0].keeps[0].name), ("case_id", "routing_id"));
    assert_eq!(made.then[2].missing, ["odd"]);
    let ticket = crate::Draft { mode: "ticket", ..draft() };
    assert!(request(&SalesforceCase, &ticket, &setup(tier, &[], &[]), IDS).then.is_empty());
}

#[test]
fn a_promised_call_is_a_task() {
    let mut call = crate::Draft { mode: "callback", ..draft() };
    call.answer_within = Some("14400".parse().unwrap());
    call.contact = vec![
        ("phone".to_owned(), Json::text("+44 20 7946 0000")),
        ("name".to_owned(), Json::Text("N".repeat(100))),
        ("email".to_owned(), Json::Text(format!("{}@b.example", "e".repeat(90)))),
    ];
    let made = request(&SalesforceCase, &call, &setup(TIER, &[], &[]), IDS);
    assert_eq!(
        made.then[0].body,
        r#"{"WhatId":"{{case_id}}","Subject":"Call back +44 20 7946 0000","TaskSubtype":"Call","Status":"Not Started","Priority":"Normal","ActivityDate":"2026-11-23"}"#
    );
    let case = json(&made.body);
    assert_eq!(case.get("SuppliedName").and_then(Json::as_text).map(|t| t.chars().count()), Some(80));
    assert_eq!((case.get("SuppliedEmail"), case.get("SuppliedPhone")), (None, Some(&Json::text("+44 20 7946 0000"))));
}

#[test]
fn a_field_that_is_too_long_gives_way_alone() {
    let mut long = draft();
    long.fields[1].redact = None;
    long.fields[1].value = Some(Json::Text("x".repeat(300)));
    let made = request(
        &SalesforceCase,
        &long,
        &setup(TIER, FIELDS, &[("last_messages", "drop"), ("transaction_id", "shorten")]),
        IDS,
    );
    assert!(made.fits, "{:?}", made.meters);
    assert_eq!(made.cut.iter().map(|cut| cut.field.as_str()).collect::<Vec<_>>(), ["transaction_id"]);
    let text = json(&made.body).get("Transaction_Id__c").and_then(Json::as_text).unwrap().to_owned();
    assert_eq!(text.chars().count(), 255);
    assert!(!request(&SalesforceCase, &long, &setup(TIER, FIELDS, &[]), IDS).fits);
}

#[test]
fn places_are_fields_of_a_case() {
    for (place, good) in [
        ("Transaction_Id__c", true),
        ("{{f_transaction}}__c", true),
        ("Subject", true),
        ("__c", false),
        ("Case.X__c", false),
        ("tags", false),
    ] {
        assert_eq!(SalesforceCase.has_place(place), good, "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy((draft, declared) in any_draft()) {
        let too_big: Vec<(&str, &str)> = declared.iter().map(|(name, policy)| (name.as_str(), *policy)).collect();
        let made = assert_honest(&SalesforceCase, &draft, &declared, &setup(TIER, FIELDS, &too_big), IDS, carriage::OWN_POLICIES);
        let case = json(&made.body);
        for (name, value) in case.entries() {
            let good = match name.as_str() {
                "Subject" => value.as_text().is_some_and(|t| t.chars().count() <= 255 && !t.contains('\n')),
                "Description" => value.as_text().is_some_and(|t| !made.fits || t.len() <= 32_000),
                "Priority" => matches!(value.as_text(), Some("High" | "Medium" | "Low")),
                "Status" => value.as_text() == Some("New"),
                "OwnerId" | "Origin" | "SuppliedPhone" => value.as_text().is_some(),
                "Confidence__c" | "Transaction_Id__c" | "Due_To__c" => !matches!(value, Json::List(_) | Json::Map(_)),
                _ => false,
            };
            prop_assert!(good, "{}", name);
        }
        prop_assert_eq!(made.then.len(), usize::from(draft.mode == "callback"));
    }
}
