//! What the tests of targets share: drafts, any envelope, and what must hold of every request.

use flow_model::flow;
use flow_model::tree::{self, Json, compact};
use proptest::prelude::*;

use super::Target;
use crate::{Draft, DraftField, Environment, Keys, Line, Reason, Request, envelope, transcript};

/// JSON from a text.
pub(crate) fn json(text: &str) -> Json {
    let reading = tree::read(text);
    assert!(reading.is_json(), "{text}: {:?}", reading.faults);
    reading.json.unwrap()
}

/// A field from an expression.
pub(crate) fn field(name: &str, from: &str, value: Option<Json>) -> DraftField {
    DraftField { name: name.to_owned(), from: from.to_owned(), value, ..DraftField::default() }
}

/// The fee dispute of the banking flow.
pub(crate) fn draft() -> Draft {
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
        reasons: vec![Reason { name: "low_confidence".to_owned(), title: Some("the bot was unsure".to_owned()) }],
        summary: Some("Disputes a fee on TX-99881234".to_owned()),
        told: Some("your last messages".to_owned()),
        fields: vec![
            field("last_messages", "transcript.last(5)", Some(transcript(&said))),
            DraftField {
                class: Some("financial".to_owned()),
                redact: Some("mask".to_owned()),
                ..field("transaction_id", "slots.transaction_id", Some(Json::text("TX-99881234")))
            },
            field("confidence", "confidence", Some(json("0.62"))),
            field("due_to", "handoff.reasons", Some(json(r#"["low_confidence"]"#))),
        ],
        customer: Some("c-77".to_owned()),
        locale: Some("en".to_owned()),
        time: 1_795_424_400,
        at_turn: 1,
        ..Draft::default()
    }
}

/// An environment of these ids.
pub(crate) fn environment(ids: &str) -> Environment {
    Environment::read(&json(&format!("{{\"dev\":{ids}}}")), "dev").unwrap()
}

/// A target of a flow: ids of `tier1`, places and policies.
pub(crate) fn setup(tier: &str, fields: &[(&str, &str)], too_big: &[(&str, &str)]) -> flow::Target {
    let mut setup = flow::Target::default();
    let ids = json(tier).entries().iter().cloned().collect();
    setup.tiers.insert("tier1".to_owned(), ids);
    for (field, place) in fields {
        setup.fields.insert((*field).to_owned(), (*place).to_owned());
    }
    for (field, policy) in too_big {
        setup.too_big.insert((*field).to_owned(), (*policy).to_owned());
    }
    setup
}

/// The first request of a draft.
pub(crate) fn request(target: &dyn Target, draft: &Draft, setup: &flow::Target, ids: &str) -> Request {
    target.request(&envelope(draft, &Keys::default()), setup, &environment(ids))
}

pub(crate) fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Bool(true)),
        any::<i32>().prop_map(|n| Json::int(n.into())),
        "\\PC{0,20}".prop_map(Json::Text),
        ("[a-zü💬\"\\\\\n]{1,8}", 1_usize..9_000).prop_map(|(text, n)| Json::Text(text.repeat(n))),
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
        Just("due_to".to_owned()),
        Just("summary".to_owned()),
        "[a-z]{1,8}".prop_map(|name| name),
    ];
    let from = proptest::sample::select(vec!["slots.x", "transcript.all()", "intent"]);
    let rule = proptest::option::of(proptest::sample::select(vec!["none", "mask", "hash", "drop", "block", "odd"]));
    (name, from, proptest::option::of(any_json()), rule).prop_map(|(name, from, value, rule)| DraftField {
        redact: rule.map(str::to_owned),
        ..field(&name, from, value)
    })
}

/// Any draft, and a policy for some of its fields.
pub(crate) fn any_draft() -> impl Strategy<Value = (Draft, Vec<(String, &'static str)>)> {
    (
        proptest::collection::vec(any_field(), 0..6),
        proptest::collection::vec(proptest::sample::select(vec!["drop", "shorten", "link", "keep", "none"]), 6),
        proptest::sample::select(vec!["transfer", "copilot", "ticket", "callback"]),
        proptest::option::of("\\PC{0,400}"),
        proptest::option::of(("[a-zé ]{1,9}", 1_usize..3_000)),
        1_u8..6,
    )
        .prop_map(|(mut fields, policies, mode, summary, said, priority)| {
            let mut seen = Vec::new();
            fields.retain(|field| {
                let new = !seen.contains(&field.name);
                seen.push(field.name.clone());
                new
            });
            let declared = fields.iter().zip(&policies).filter(|(_, policy)| **policy != "none");
            let declared = declared.map(|(field, policy)| (field.name.clone(), *policy)).collect();
            let draft = Draft {
                fields,
                mode,
                summary,
                priority,
                trigger_text: said.map(|(word, times)| word.repeat(times)),
                contact: vec![("phone".to_owned(), Json::text("+44 20 7946 0000"))],
                answer_within: Some("60".parse().unwrap()),
                ..draft()
            };
            (draft, declared)
        })
}

/// What holds of every request of every target: lengths and limits are what the bytes say, nothing is cut without a
/// policy, and the same envelope gives the same bytes.
pub(crate) fn assert_honest(
    target: &dyn Target,
    draft: &Draft,
    declared: &[(String, &'static str)],
    setup: &flow::Target,
    ids: &str,
    own: &[(&str, &str)],
) -> Request {
    let made = request(target, draft, setup, ids);
    for one in made.all() {
        assert_eq!(one.bytes, one.body.len());
        assert_eq!(one.fits, one.meters.iter().all(crate::Meter::fits) && one.bytes <= one.limit, "{:?}", one.meters);
        for cut in &one.cut {
            let by_flow = declared.iter().any(|(name, policy)| *name == cut.field && *policy == cut.how);
            let by_target = own.contains(&(cut.field.as_str(), cut.how));
            let native = draft.fields.iter().any(|f| f.name == cut.field && f.from.starts_with("transcript."));
            assert!(by_flow || by_target || (native && cut.how == "shorten"), "{cut:?}");
        }
        if one.content == crate::Content::Json {
            assert!(tree::read(&one.body).is_json(), "{}", one.body);
        }
    }
    if made.all().iter().any(|one| !one.fits) {
        // What is too big still has no policy, or is to be kept, or is itself what every request must hold.
        let stays = draft.fields.iter().any(|f| {
            f.value.as_ref().is_some_and(|v| compact(v).len() > 200)
                && declared.iter().all(|(name, policy)| *name != f.name || *policy == "keep")
        });
        let kept = declared.iter().any(|(name, policy)| *policy == "keep" && own.iter().any(|(part, _)| part == name));
        let many = draft.fields.len() > 2 || kept;
        let over = made.all().into_iter().flat_map(|one| &one.meters).find(|meter| !meter.fits());
        assert!(stays || many, "{over:?}");
    }
    assert_eq!(made, request(target, draft, setup, ids));
    made
}
