use flow_model::tree::compact;
use proptest::prelude::*;

use super::*;
use crate::{DraftField, Environment, Line, TARGETS, transcript};

fn field(name: &str, value: Option<Json>, redact: Option<&str>) -> DraftField {
    DraftField { name: name.to_owned(), value, redact: redact.map(str::to_owned), ..DraftField::default() }
}

fn draft(fields: Vec<DraftField>) -> Draft {
    Draft {
        flow: "f".to_owned(),
        revision: "r".to_owned(),
        conversation: "c".to_owned(),
        node: "n".to_owned(),
        tier: "t".to_owned(),
        priority: 2,
        mode: "transfer",
        fields,
        ..Draft::default()
    }
}

#[test]
fn an_id_is_the_same_for_the_same_request_alone() {
    assert_eq!(id("f", "r", "c", 0), "d5f077d3-32fd-5338-84b9-f1eebf69b6f1");
    let ids = [
        id("f", "r", "c", 0),
        id("f", "r", "c", 1),
        id("f", "rc", "", 0),
        id("f", "r\",\"c", "", 0),
        id("fr", "", "c", 0),
    ];
    assert!(ids.iter().enumerate().all(|(i, a)| ids.iter().skip(i + 1).all(|b| a != b)));
}

#[test]
fn every_key_is_there_in_its_order() {
    let mut draft =
        draft(vec![field("a", Some(Json::int(1)), None), DraftField { required: true, ..field("b", None, None) }]);
    draft.time = 1_795_424_400;
    draft.answer_within = Some("90.5".parse().unwrap());
    draft.reasons = vec![Reason { name: "x".to_owned(), title: None }];
    let made = envelope(&draft, &Keys::default());
    let id = &made.id;
    assert_eq!(
        compact(&made.json),
        format!(
            "{{\"id\":\"{id}\",\"type\":\"handoff.requested.v1\",\"time\":\"2026-11-23T09:00:00Z\",\"flow\":\"f\",\
             \"flow_title\":\"f\",\"revision\":\"r\",\"conversation\":\"c\",\"ordinal\":0,\"at_turn\":0,\"node\":\"n\",\
             \"context\":\"\",\"tier\":\"t\",\"tier_title\":\"t\",\"priority\":2,\"mode\":\"transfer\",\"join\":null,\
             \"trigger\":null,\"trigger_text\":null,\"reasons\":[{{\"name\":\"x\",\"title\":null}}],\"summary\":null,\
             \"told\":null,\"payload\":{{\"a\":1}},\"unset\":[\"b\"],\"redacted\":[],\"contact\":{{}},\"customer\":null,\
             \"locale\":null,\"answer_within\":90.5,\"deadline\":\"2026-11-23T09:01:30Z\",\"people\":[],\"screen\":null,\
             \"channel\":null,\"intent\":null,\"sentiment\":null,\"frustration\":null,\"entities\":null,\"slots\":null,\
             \"about_customer\":null,\"error\":null,\"actions\":null,\"failed_action\":null,\"transcript\":null,\
             \"path\":null,\"skills\":[],\
             \"slo\":{{\"answer_within\":90.5,\"share\":null,\"deadline\":\"2026-11-23T09:01:30Z\"}},\"classes\":{{}},\
             \"resume\":{{\"token\":null,\"expires\":\"2026-11-30T09:00:00Z\",\"returns\":[]}}}}"
        ),
    );
    let event = made.cloud_event();
    let keys: Vec<&str> = event.entries().iter().map(|(key, _)| key.as_str()).collect();
    let header =
        ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "handoffid"];
    assert_eq!(keys[..9], header);
    assert_eq!(keys[9..], ["data"]);
    assert!(keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
    assert_eq!(event.get("source"), Some(&Json::text("/flows/f")));
}

#[test]
fn what_is_redacted_is_listed_with_its_reason() {
    let mut draft = draft(vec![
        DraftField {
            class: Some("health".to_owned()),
            ..field("symptom", Some(Json::text("chest pain")), Some("drop"))
        },
        field("card", Some(Json::text("4111 1111 1111 1111")), Some("block")),
        field("ref", Some(Json::text("REF-123456")), Some("mask")),
        field("member", Some(Json::text("M-7788")), Some("hash")),
        field("odd", Some(Json::text("odd value")), Some("blur")),
        field("own", Some(Json::text("REF-123456")), None),
        field("said", Some(Json::List(vec![Json::text("my chest pain, REF-123456!")])), None),
        field("unset", None, Some("mask")),
    ]);
    draft.summary = Some("chest pain since 4111 1111 1111 1111, M-7788".to_owned());
    let made = envelope(&draft, &Keys::default());
    assert_eq!(
        compact(made.json.get("payload").unwrap()),
        "{\"ref\":\"****3456\",\"member\":\"<REDACTION_FAILED>\",\"odd\":\"<REDACTION_FAILED>\",\
         \"own\":\"REF-123456\",\"said\":[\"my [left out], ****3456!\"]}"
    );
    assert_eq!(made.summary.as_deref(), Some("[left out] since [blocked], <REDACTION_FAILED>"));
    let listed: Vec<(&str, &str, &str)> =
        made.redacted.iter().map(|r| (r.field.as_str(), r.how, r.why.as_str())).collect();
    assert_eq!(
        listed,
        [
            ("symptom", "drop", "it is data of the class health"),
            ("card", "block", "the field says so"),
            ("ref", "mask", "the field says so"),
            ("member", "failed", "it could not be redacted as told, so it is not sent"),
            ("odd", "failed", "it could not be redacted as told, so it is not sent"),
            ("said", "drop", "it holds the value of symptom: it is data of the class health"),
            ("said", "mask", "it holds the value of ref: the field says so"),
            ("summary", "drop", "it holds the value of symptom: it is data of the class health"),
            ("summary", "block", "it holds the value of card: the field says so"),
            ("summary", "failed", "it holds the value of member: it could not be redacted as told, so it is not sent"),
        ],
    );
}

proptest! {
    #[test]
    fn no_request_holds_a_redacted_value(
        secret in "[A-Z]{2}-[0-9]{7,12}",
        rule in proptest::sample::select(vec!["mask", "hash", "drop", "block", "odd"]),
        before in "[a-z ]{0,9} ",
        key in proptest::option::of(Just(b"key".to_vec())),
        nested in any::<bool>(),
    ) {
        let text = format!("{before}{secret}, {secret}.");
        let value = if nested { Json::List(vec![Json::text(&secret)]) } else { Json::text(&secret) };
        let line = Line { who: "customer", name: None, text: text.clone(), at: 0 };
        let mut draft = draft(vec![
            field("secret", Some(value), Some(rule)),
            field("said", Some(transcript(&[line])), None),
            field("all", Some(Json::Map(vec![("x".to_owned(), Json::text(&secret))])), None),
        ]);
        draft.summary = Some(text.clone());
        draft.told = Some(text.clone());
        draft.trigger_text = Some(text.clone());
        draft.people = vec![Json::Map(vec![("note".to_owned(), Json::Text(text))])];
        let made = envelope(&draft, &Keys { hash: key, resume: None });
        prop_assert!(!compact(&made.json).contains(&secret));
        for target in TARGETS {
            let request = target.request(&made, &flow_model::flow::Target::default(), &Environment::default());
            prop_assert!(!request.body.contains(&secret));
        }
    }
}

fn class(name: &str, value: &str, redact: &str) -> DraftField {
    DraftField { class: Some("pii".to_owned()), ..field(name, Some(Json::text(value)), Some(redact)) }
}

fn from(name: &str, from: &str, value: Json) -> DraftField {
    DraftField { from: from.to_owned(), ..field(name, Some(value), None) }
}

#[test]
fn what_has_a_class_stays_where_no_field_sends_it() {
    let said = [Line { who: "customer", name: None, text: "it is qx99 17-alpha, thanks".to_owned(), at: 0 }];
    let mut draft = draft(vec![
        from("said", "transcript.all()", transcript(&said)),
        from("found", "entities()", Json::Map(vec![("acct".to_owned(), Json::text("QX-99-17-ALPHA"))])),
        from("last", "text", Json::text("QX-99-17-ALPHA")),
        from("other", "slots.other", Json::text("open-value-1")),
    ]);
    draft.classed = vec![class("slots.acct", "QX-99-17-ALPHA", "drop"), class("slots.other", "open-value-1", "mask")];
    draft.screen = Some("https://crm.example.com/?acct=QX-99-17-ALPHA".to_owned());
    let made = envelope(&draft, &Keys::default());
    let json = compact(&made.json);
    assert!(!json.to_lowercase().contains("alpha"), "{json}");
    assert_eq!(
        made.field("other"),
        Some(&Json::text("open-value-1")),
        "a field that sends it as it is has the last word"
    );
    assert_eq!(made.screen.as_deref(), Some("https://crm.example.com/?acct=[left%20out]"));
    draft.screen =
        Some("https://crm.example.com/?n=4111%201111%201111%201111&acct=qx%2099%2017%20alpha#a%20b".to_owned());
    let again = envelope(&draft, &Keys::default());
    assert_eq!(again.screen.as_deref(), Some("https://crm.example.com/?n=****1111&acct=[left%20out]#a%20b"));
    let listed: Vec<(&str, Option<&str>)> =
        made.redacted.iter().map(|r| (r.field.as_str(), r.class.as_deref())).collect();
    assert_eq!(listed, [("said", Some("pii")), ("found", Some("pii")), ("last", Some("pii")), ("screen", Some("pii"))]);
    assert_eq!(made.redacted[0].why, "it holds the value of slots.acct: it is data of the class pii");
}

#[test]
fn a_screen_that_is_no_address_of_the_web_is_not_sent() {
    for (screen, sent) in [
        ("https://crm.example.com/c-77", true),
        ("HTTP://crm.example.com/c-77", true),
        ("crm:customer/c-77", false),
        ("httpsx://crm.example.com", false),
        ("crm.example.com/?to=https://x", false),
        (" https://crm.example.com", false),
        ("javascript:alert(1)//https://", false),
        ("ü", false),
        ("", false),
    ] {
        let mut draft = draft(Vec::new());
        draft.screen = Some(screen.to_owned());
        let made = envelope(&draft, &Keys::default());
        assert_eq!(made.screen.as_deref(), sent.then_some(screen));
        assert_eq!(made.json.get("screen").and_then(Json::as_text), sent.then_some(screen));
        let told: Vec<(&str, &str)> = made.redacted.iter().map(|r| (r.field.as_str(), r.how)).collect();
        assert_eq!(told, if sent { vec![] } else { vec![("screen", "drop")] }, "{screen}");
        let body = crate::rendered(TARGETS[0], &made, &flow_model::flow::Target::default(), &Environment::default());
        assert!(sent || screen.is_empty() || !compact(&body).contains(screen), "{screen}");
    }
}

#[test]
fn an_id_that_says_who_somebody_is_does_not_go_out() {
    let environment = Environment::default();
    for id in ["jane@example.com", "wa_+447700900123", "chat 4111 1111 1111 1111", "case-QX-99-17-ALPHA"] {
        let mut draft = draft(vec![from("id", "conversation.id", Json::text(id))]);
        draft.conversation = id.to_owned();
        draft.classed = vec![class("slots.acct", "QX-99-17-ALPHA", "mask")];
        draft.screen = Some(format!("https://crm.example.com/{id}"));
        let keyed = [Keys::default(), Keys::one(b"key")].map(|keys| envelope(&draft, &keys));
        for made in &keyed {
            let all: Vec<String> = TARGETS
                .iter()
                .map(|target| {
                    compact(&crate::rendered(*target, made, &flow_model::flow::Target::default(), &environment))
                })
                .chain([compact(&made.json), compact(&made.cloud_event())])
                .collect();
            for text in all {
                let segment = crate::request::segment(id);
                assert!(!text.contains(id) && !text.contains(&segment), "{id}: {text}");
            }
            let told = &made.redacted[0];
            assert_eq!((told.field.as_str(), told.how), ("conversation", "hash"));
            assert_eq!(made.field("id"), Some(&Json::text(&made.conversation)));
        }
        assert_eq!(keyed[0].conversation.len(), 36);
        assert_eq!(keyed[1].conversation.len(), 64);
        let again = envelope(&Draft { ordinal: 1, revision: "other".to_owned(), ..draft }, &Keys::default());
        assert_eq!(again.conversation, keyed[0].conversation, "the same in every request of the conversation");
    }
    for id in [
        "fee-1",
        "c",
        "d5f077d3-32fd-5338-84b9-f1eebf69b6f1",
        "2026-11-22-0017",
        "ZD-1042",
        "1029384756",
        "banking/7~2",
    ] {
        let made = envelope(&Draft { conversation: id.to_owned(), ..draft(Vec::new()) }, &Keys::default());
        assert_eq!((made.conversation.as_str(), made.redacted.len()), (id, 0));
    }
}
