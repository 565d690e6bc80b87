//! The ticket, checked by hand against what Zendesk describes (custom fields patched to `{id, value}`).

use flow_model::tree::{self, Json, compact};
use proptest::prelude::*;

use super::*;
use crate::{Draft, DraftField, Keys, Line, Reason, envelope, transcript};

fn json(text: &str) -> Json {
    let reading = tree::read(text);
    assert!(reading.is_json(), "{:?}", reading.faults);
    reading.json.unwrap()
}

/// The target of `banking_fee_dispute`.
fn setup(too_big: &[(&str, &str)]) -> flow::Target {
    let mut setup = flow::Target::default();
    for (tier, group) in [("tier1", "{{cards_group}}"), ("tier2", "{{vip_group}}")] {
        setup.tiers.insert(tier.to_owned(), [("group_id".to_owned(), Json::text(group))].into_iter().collect());
    }
    setup.fields.insert("transaction_id".to_owned(), "custom_fields.{{f_transaction}}".to_owned());
    setup.fields.insert("auto_escalated_due_to".to_owned(), "tags".to_owned());
    for (priority, name) in [("1", "urgent"), ("2", "high"), ("3", "normal"), ("4", "low"), ("5", "low")] {
        setup.priority.insert(priority.to_owned(), name.to_owned());
    }
    for (field, policy) in too_big {
        setup.too_big.insert((*field).to_owned(), (*policy).to_owned());
    }
    setup
}

fn field(name: &str, value: Option<Json>) -> DraftField {
    DraftField { name: name.to_owned(), value, ..DraftField::default() }
}

fn draft() -> Draft {
    let line = |who, text: &str| Line { who, name: None, text: text.to_owned(), at: 1_795_424_400 };
    let said =
        [line("ai", "Hi, what can I help with?"), line("customer", "Why was I charged a $25 fee for TX-99881234?")];
    Draft {
        flow: "banking_fee_dispute".to_owned(),
        flow_title: "Banking: fee dispute".to_owned(),
        revision: "r1".to_owned(),
        conversation: "fee-1".to_owned(),
        node: "to_tier1".to_owned(),
        context: "dispute".to_owned(),
        tier: "tier1".to_owned(),
        tier_title: "General queue".to_owned(),
        priority: 3,
        mode: "transfer",
        reasons: vec![
            Reason { name: "low_confidence".to_owned(), title: Some("the bot was unsure".to_owned()) },
            Reason { name: "Negative Sentiment!".to_owned(), title: None },
        ],
        summary: Some("Disputes a fee on TX-99881234: the bot was unsure".to_owned()),
        told: Some("your last messages".to_owned()),
        fields: vec![
            DraftField { required: true, ..field("last_messages", Some(transcript(&said))) },
            DraftField {
                class: Some("financial".to_owned()),
                redact: Some("mask".to_owned()),
                ..field("transaction_id", Some(Json::text("TX-99881234")))
            },
            field("intent", Some(Json::text("fee_dispute"))),
            field("confidence", Some(json("0.62"))),
            field("sentiment", None),
            field("auto_escalated_due_to", Some(json(r#"["low_confidence","negative_sentiment"]"#))),
        ],
        customer: Some("c-77".to_owned()),
        locale: Some("en".to_owned()),
        time: 1_795_424_400,
        at_turn: 1,
        ..Draft::default()
    }
}

fn environment() -> Environment {
    let all = json(r#"{"dev":{"subdomain":"acme","cards_group":3600123,"vip_group":3600124,"f_transaction":"4417"}}"#);
    Environment::read(&all, "dev").unwrap()
}

fn request(draft: &Draft, too_big: &[(&str, &str)]) -> (Request, Json) {
    let made = envelope(draft, &Keys::default());
    let request = (&Zendesk as &dyn crate::Target).request(&made, &setup(too_big), &environment());
    let ticket = json(&request.body).get("ticket").cloned().unwrap();
    (request, ticket)
}

#[test]
fn the_ticket_of_the_banking_flow_is_exact() {
    let (request, _) = request(&draft(), &[("last_messages", "shorten"), ("transaction_id", "keep")]);
    let id = crate::envelope::id("banking_fee_dispute", "r1", "fee-1", 0);
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://acme.zendesk.com/api/v2/tickets"));
    assert_eq!(request.headers[2], ("Authorization".to_owned(), String::new()));
    assert_eq!(request.headers[3], ("Idempotency-Key".to_owned(), id.clone()));
    let note = "Disputes a fee on ****1234: the bot was unsure\\n\\n\
        Why: the bot was unsure, Negative Sentiment!\\nFor: General queue, priority 3, transfer\\nCustomer: c-77\\n\
        The customer was told that you see: your last messages\\nIntent: fee_dispute\\nConfidence: 0.62\\n\\n\
        Last messages:\\nAssistant: Hi, what can I help with?\\nCustomer: Why was I charged a $25 fee for ****1234?\\n\\n\
        Flow: Banking: fee dispute; conversation: fee-1; request: ID";
    let body = format!(
        "{{\"ticket\":{{\"subject\":\"Disputes a fee on ****1234: the bot was unsure\",\
         \"comment\":{{\"body\":\"{note}\",\"public\":false}},\"group_id\":3600123,\"priority\":\"normal\",\
         \"external_id\":\"ID\",\"tags\":[\"low_confidence\",\"negative_sentiment\"],\
         \"custom_fields\":[{{\"id\":4417,\"value\":\"****1234\"}}]}}}}"
    );
    assert_eq!(request.body, body.replace("ID", &id));
    assert_eq!((request.bytes, request.fits), (request.body.len(), true));
    assert!(request.cut.is_empty() && request.missing.is_empty() && request.then.is_empty());
}

#[test]
fn names_that_the_environment_lacks_stay_and_are_listed() {
    let made = envelope(&draft(), &Keys::default());
    let request = (&Zendesk as &dyn crate::Target).request(&made, &setup(&[]), &Environment::default());
    assert_eq!(request.url, "https://{{subdomain}}.zendesk.com/api/v2/tickets");
    assert_eq!(request.missing, ["subdomain", "f_transaction", "cards_group"]);
    assert!(request.body.contains(r#""group_id":"{{cards_group}}""#), "{}", request.body);
    assert!(request.body.contains(r#"{"id":"{{f_transaction}}","#), "{}", request.body);
}

#[test]
fn a_callback_is_a_task_with_its_due_date_and_who_to_reach() {
    let mut draft = draft();
    draft.mode = "callback";
    draft.answer_within = Some("14400".parse().unwrap());
    draft.contact =
        vec![("phone".to_owned(), Json::text("+44 20 7946 0000")), ("email".to_owned(), Json::text("a@b.example"))];
    let (_, ticket) = request(&draft, &[]);
    assert_eq!(ticket.get("type"), Some(&Json::text("task")));
    assert_eq!(ticket.get("due_at"), Some(&Json::text("2026-11-23T13:00:00Z")));
    assert_eq!(compact(ticket.get("requester").unwrap()), r#"{"name":"c-77","email":"a@b.example"}"#);
    let note = ticket.at(&["comment", "body"]).and_then(Json::as_text).unwrap();
    assert!(note.contains("Answer by: 2026-11-23T13:00:00Z\nCustomer: c-77\nPhone: +44 20 7946 0000\n"), "{note}");
}

#[test]
fn each_policy_cuts_as_it_says() {
    let long = |n: usize| {
        let lines: Vec<Line> = (0..n)
            .map(|i| Line { who: "customer", name: None, text: format!("line {i} {}", "ü".repeat(500)), at: 0 })
            .collect();
        Some(transcript(&lines))
    };
    let mut draft = draft();
    draft.fields[0].value = long(100);
    for (policy, mark) in [("shorten", "earlier left out]"), ("drop", ""), ("link", "[too long; left out]")] {
        let (request, ticket) = request(&draft, &[("intent", "keep"), ("last_messages", policy)]);
        assert!(request.fits && request.bytes <= request.limit, "{policy}");
        assert_eq!(
            (request.cut.len(), request.cut[0].field.as_str(), request.cut[0].how),
            (1, "last_messages", policy)
        );
        let note = ticket.at(&["comment", "body"]).and_then(Json::as_text).unwrap();
        assert!(note.contains(mark), "{policy}: {note}");
        assert_eq!(note.contains("line 99 "), policy == "shorten");
        assert!(!note.contains("line 1 "));
    }
    draft.screen = Some("https://crm.example.com/c-77".to_owned());
    let (linked, _) = request(&draft, &[("last_messages", "link")]);
    assert!(linked.body.contains("[too long; see https://crm.example.com/c-77]"));
    for too_big in [&[][..], &[("last_messages", "keep")]] {
        let (kept, _) = request(&draft, too_big);
        assert!(!kept.fits && kept.cut.is_empty());
    }
}

#[test]
fn shortening_takes_no_more_than_it_must() {
    let mut draft = draft();
    draft.fields[2].value = Some(Json::Text("é\"\n".repeat(30_000)));
    let (request, _) = request(&draft, &[("intent", "shorten")]);
    assert!(request.fits && request.bytes > request.limit - 16, "{} of {}", request.bytes, request.limit);
}

#[test]
fn tags_hold_what_zendesk_takes() {
    for (text, made) in [
        ("low_confidence", "low_confidence"),
        (" Über, 10% off! ", "über_10_off"),
        ("a/b:c-d", "a/b:c-d"),
        ("<script>alert('x')</script>", "script_alert_x_/script"),
        ("!!!", ""),
    ] {
        assert_eq!(tag(text), made);
    }
}

/// What Zendesk describes of a new ticket.
fn assert_shape(ticket: &Json) {
    for (key, value) in ticket.entries() {
        let good = match key.as_str() {
            "subject" | "external_id" => value.as_text().is_some(),
            "comment" => {
                let keys: Vec<&str> = value.entries().iter().map(|(k, _)| k.as_str()).collect();
                keys == ["body", "public"]
                    && value.get("body").and_then(Json::as_text).is_some_and(|b| !b.is_empty())
                    && value.get("public") == Some(&Json::Bool(false))
            }
            "group_id" => value.as_decimal().is_some_and(|id| id.is_integer()),
            "priority" => value.as_text().is_some_and(|p| PRIORITIES.contains(&p)),
            "type" => value.as_text() == Some("task"),
            "due_at" => value.as_text().is_some() && ticket.get("type").is_some(),
            "requester" => value.get("name").is_some_and(|n| n.as_text().is_some_and(|n| !n.is_empty())),
            "tags" => value.items().iter().all(|tag| {
                let tag = tag.as_text().unwrap_or_default();
                !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || "_-/:".contains(c))
            }),
            "custom_fields" => value.items().iter().all(|custom| {
                let keys: Vec<&str> = custom.entries().iter().map(|(k, _)| k.as_str()).collect();
                let plain = !matches!(custom.get("value"), Some(Json::List(_) | Json::Map(_) | Json::Null) | None);
                keys == ["id", "value"] && custom.get("id").is_some_and(|id| id.as_decimal().is_some()) && plain
            }),
            _ => false,
        };
        assert!(good, "{key}: {}", compact(value));
    }
    for needed in ["subject", "comment", "external_id", "priority"] {
        assert!(ticket.get(needed).is_some(), "{needed}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Bool(true)),
        any::<i32>().prop_map(|n| Json::int(n.into())),
        "\\PC{0,20}".prop_map(Json::Text),
        ("[a-zü💬\"\\\\\n]{1,8}", 1_usize..20_000).prop_map(|(text, n)| Json::Text(text.repeat(n))),
    ];
    leaf.prop_recursive(2, 12, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            proptest::collection::vec(("[a-z]{1,6}", inner), 0..6).prop_map(Json::Map),
        ]
    })
}

fn any_field() -> impl Strategy<Value = DraftField> {
    let name = prop_oneof![
        Just("transaction_id".to_owned()),
        Just("auto_escalated_due_to".to_owned()),
        "[a-z]{1,8}".prop_map(|name| name),
    ];
    let rule = proptest::option::of(proptest::sample::select(vec!["none", "mask", "hash", "drop", "block", "odd"]));
    (name, proptest::option::of(any_json()), rule).prop_map(|(name, value, rule)| DraftField {
        name,
        value,
        redact: rule.map(str::to_owned),
        ..DraftField::default()
    })
}

#[test]
fn a_subject_that_is_too_long_stands_whole_in_the_note() {
    use super::super::any::{banking, field, made, setup};
    let long = "word ".repeat(60);
    let draft = Draft { fields: vec![field("topic", Json::text(&long))], ..banking("ticket") };
    let request = made(&Zendesk, &draft, &setup(&[], &[("topic", "subject")], &[]), r#"{"dev":{}}"#);
    assert!(request.body.contains(&format!("Topic: {long}")), "{}", request.body);
    let cut: Vec<(&str, &str, usize)> = request.cut.iter().map(|c| (c.field.as_str(), c.how, c.before)).collect();
    assert_eq!((cut, request.fits), (vec![("topic", "shorten", 300)], true));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_fits_or_is_cut_by_its_declared_policy(
        mut fields in proptest::collection::vec(any_field(), 0..6),
        policies in proptest::collection::vec(
            proptest::sample::select(vec!["drop", "shorten", "link", "keep", "none"]), 6),
        mode in proptest::sample::select(vec!["transfer", "callback"]),
        summary in proptest::option::of("\\PC{0,40}"),
    ) {
        let mut seen = Vec::new();
        fields.retain(|field| {
            let new = !seen.contains(&field.name);
            seen.push(field.name.clone());
            new
        });
        let declared: Vec<(&str, &str)> =
            fields.iter().zip(&policies).filter(|(_, p)| **p != "none").map(|(f, p)| (f.name.as_str(), *p)).collect();
        let draft = Draft {
            fields: fields.clone(), mode, summary, answer_within: Some("60".parse().unwrap()), ..draft()
        };
        let (made, ticket) = request(&draft, &declared);
        assert_shape(&ticket);
        prop_assert_eq!(made.bytes, made.body.len());
        prop_assert_eq!(made.fits, made.bytes <= made.limit);
        for cut in &made.cut {
            prop_assert!(declared.contains(&(cut.field.as_str(), cut.how)), "{:?}", cut);
        }
        if !made.fits {
            // Whatever could be cut was cut: what is left too big has no policy, or is to be kept.
            let sent = |name: &str| !matches!(
                fields.iter().find(|f| f.name == name).and_then(|f| f.redact.as_deref()), Some("drop" | "block"));
            let stays = fields.iter().filter(|f| sent(&f.name)).any(|f| {
                f.value.as_ref().is_some_and(|v| compact(v).len() > 1000)
                    && declared.iter().all(|(name, policy)| *name != f.name || *policy == "keep")
            });
            prop_assert!(stays);
        }
        let (again, _) = request(&draft, &declared);
        prop_assert_eq!(made, again);
    }
}
