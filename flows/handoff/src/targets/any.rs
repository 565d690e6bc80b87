//! Any envelope, and what holds of the request of every target for it.

use flow_model::flow;
use flow_model::tree::{Json, compact, read};
use proptest::prelude::*;

use super::Target;
use crate::{Draft, DraftField, Environment, Keys, Line, Reason, Request, envelope, transcript};

pub(crate) fn json(text: &str) -> Json {
    let reading = read(text);
    assert!(reading.is_json(), "{:?} in {text}", reading.faults);
    reading.json.unwrap()
}

pub(crate) fn field(name: &str, value: Json) -> DraftField {
    DraftField { name: name.to_owned(), value: Some(value), ..DraftField::default() }
}

/// A handoff of a bank's assistant.
pub(crate) fn banking(mode: &'static str) -> Draft {
    let line = |who, text: &str| Line { who, name: None, text: text.to_owned(), at: 1_795_424_400 };
    let said = [line("ai", "Hi, what can I help with?"), line("customer", "Why a $25 fee on TX-99881234?")];
    let transaction = DraftField {
        class: Some("financial".to_owned()),
        redact: Some("mask".to_owned()),
        ..field("transaction_id", Json::text("TX-99881234"))
    };
    Draft {
        flow: "banking_fee_dispute".to_owned(),
        flow_title: "Banking: fee dispute".to_owned(),
        revision: "r1".to_owned(),
        conversation: "fee-1".to_owned(),
        node: "to_tier1".to_owned(),
        context: "dispute".to_owned(),
        tier: "tier1".to_owned(),
        tier_title: "General queue".to_owned(),
        priority: 2,
        mode,
        reasons: vec![Reason { name: "low_confidence".to_owned(), title: Some("the bot was unsure".to_owned()) }],
        summary: Some("Disputes a fee on TX-99881234".to_owned()),
        told: Some("your last messages".to_owned()),
        fields: vec![
            field("last_messages", transcript(&said)),
            transaction,
            field("confidence", json("0.62")),
            field("flags", json(r#"["a","b"]"#)),
        ],
        contact: if mode == "callback" {
            vec![("phone".to_owned(), Json::text("+44 20 7946 0000"))]
        } else {
            Vec::new()
        },
        customer: Some("c-77".to_owned()),
        locale: Some("en".to_owned()),
        time: 1_795_424_400,
        at_turn: 1,
        answer_within: (mode != "transfer").then(|| "14400".parse().unwrap()),
        ..Draft::default()
    }
}

/// What a flow says of a target: ids of `tier1`, places, what gives way.
pub(crate) fn setup(ids: &[(&str, &str)], places: &[(&str, &str)], too_big: &[(String, String)]) -> flow::Target {
    let mut setup = flow::Target::default();
    let ids = ids.iter().map(|(key, value)| ((*key).to_owned(), Json::text(*value))).collect();
    setup.tiers.insert("tier1".to_owned(), ids);
    setup.fields.extend(places.iter().map(|(field, place)| ((*field).to_owned(), (*place).to_owned())));
    setup.too_big.extend(too_big.iter().cloned());
    setup
}

pub(crate) fn made(target: &dyn Target, draft: &Draft, setup: &flow::Target, environment: &str) -> Request {
    let environment = Environment::read(&json(environment), "dev").unwrap();
    target.request(&envelope(draft, &Keys::default()), setup, &environment)
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        Just(Json::Bool(true)),
        any::<i32>().prop_map(|n| Json::int(n.into())),
        "\\PC{0,20}".prop_map(Json::Text),
        ("[a-zü💬\"\\\\\n%&+ ]{1,8}", 1_usize..1_200).prop_map(|(text, n)| Json::Text(text.repeat(n))),
    ];
    let line = ("\\PC{0,300}", any::<bool>()).prop_map(|(text, agent)| Line {
        who: if agent { "agent" } else { "customer" },
        name: agent.then(|| text.chars().take(3).collect()),
        text,
        at: 1_795_424_400,
    });
    let said = proptest::collection::vec(line, 1..30).prop_map(|lines| transcript(&lines));
    let any = leaf.prop_recursive(2, 12, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            proptest::collection::vec(("\\PC{1,6}", inner), 0..6).prop_map(Json::Map),
        ]
    });
    prop_oneof![3 => any, 1 => said]
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    let long = ("[a-zü💬\"\n]{1,8}", 1_usize..1_200).prop_map(|(text, n)| text.repeat(n));
    proptest::option::of(prop_oneof!["\\PC{0,40}", long])
}

/// A draft with anything in it, and what gives way of its fields.
pub(crate) fn any_case() -> impl Strategy<Value = (Draft, Vec<(String, String)>)> {
    let name =
        prop_oneof!["[a-z]{1,8}", "[a-z.ü -]{1,12}", Just("summary".to_owned()), Just("last_messages".to_owned())];
    let field = (name, any_json()).prop_map(|(name, value)| field(&name, value));
    let policy = proptest::sample::select(vec!["drop", "shorten", "link", "keep", "none"]);
    let fields = prop_oneof![
        4 => proptest::collection::vec((field, policy.clone()), 0..7),
        1 => proptest::collection::vec(("[a-z]{6}", "\\PC{0,20}", policy), 40..70).prop_map(|all| {
            all.into_iter().map(|(name, text, policy)| (self::field(&name, Json::Text(text)), policy)).collect::<Vec<_>>()
        }),
    ];
    let contact = proptest::collection::vec(
        (proptest::sample::select(vec!["phone", "email", "name", "best time"]), any_json()),
        0..4,
    );
    let mode = proptest::sample::select(vec!["transfer", "copilot", "ticket", "callback"]);
    let people = proptest::collection::vec(any_json(), 0..3);
    let screen = proptest::option::of(proptest::sample::select(vec!["https://crm.example.com/c/1", "odd:éé"]));
    let head = (mode, any_text(), any_text(), any_text(), screen, 1_u8..=5, proptest::option::of("\\PC{0,30}"));
    (fields, contact, people, head).prop_map(|(fields, contact, people, head)| {
        let (mode, summary, told, trigger_text, screen, priority, customer) = head;
        let mut seen: Vec<String> = Vec::new();
        let mut draft =
            Draft { fields: Vec::new(), contact: Vec::new(), people, summary, told, trigger_text, ..banking(mode) };
        draft.screen = screen.map(str::to_owned);
        draft.priority = priority;
        draft.customer = customer;
        let mut policies = Vec::new();
        for (field, policy) in fields {
            if !seen.contains(&field.name) {
                seen.push(field.name.clone());
                if policy != "none" {
                    policies.push((field.name.clone(), policy.to_owned()));
                }
                draft.fields.push(field);
            }
        }
        for (name, value) in contact {
            if draft.contact.iter().all(|(known, _)| known != name) {
                draft.contact.push((name.to_owned(), value));
            }
        }
        (draft, policies)
    })
}

/// What holds of any envelope at a target: it fits, or is cut by the policies that the flow and the target declare and
/// no other; what is not needed is not cut; where every field may be dropped it always fits; nothing secret stands in it.
pub(crate) fn assert_holds(
    target: &dyn Target,
    own: &[(&str, &str)],
    draft: &Draft,
    policies: &[(String, String)],
    ids: &[(&str, &str)],
) -> Request {
    let request = made(target, draft, &setup(ids, &[], policies), r#"{"dev":{}}"#);
    for one in request.all() {
        assert_eq!(one.bytes, one.body.len());
        assert_eq!(one.fits, one.bytes <= one.limit && one.meters.iter().all(crate::Meter::fits));
        assert_eq!(one.fits, one.bytes <= one.limit, "bytes and limit say what the meters say");
        for (name, value) in &one.headers {
            assert!(name != "Authorization" || value.is_empty());
        }
        let declared = |cut: &crate::Cut| {
            let is = |(name, how): (&str, &str)| cut.field == name && cut.how == how;
            // Two names may be one key.
            cut.how == "moved"
                || policies.iter().any(|(name, how)| is((name, how)))
                || own.iter().any(|policy| is(*policy))
        };
        assert!(one.cut.iter().all(declared), "{:?} by {policies:?}", one.cut);
    }
    let whole = made(target, draft, &setup(ids, &[], &[]), r#"{"dev":{}}"#);
    assert!(request.cut == whole.cut || !whole.fits || !whole.cut.is_empty(), "cut without need: {:?}", request.cut);
    if !request.fits {
        let all = draft.fields.iter().map(|field| (field.name.clone(), "drop".to_owned())).collect::<Vec<_>>();
        let dropped = made(target, draft, &setup(ids, &[], &all), r#"{"dev":{}}"#);
        assert!(dropped.fits, "{:?} {:?}", dropped.cut, over(&dropped));
    }
    assert_eq!(request, made(target, draft, &setup(ids, &[], policies), r#"{"dev":{}}"#));
    request
}

fn over(request: &Request) -> Vec<&crate::Meter> {
    request.meters.iter().filter(|meter| !meter.fits()).collect()
}

/// A form, decoded.
pub(crate) fn form(body: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut left = text.bytes();
        while let Some(byte) = left.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits = [left.next().unwrap(), left.next().unwrap()];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    body.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (decode(key), decode(value))).collect()
}

/// The value of a name of a form.
pub(crate) fn of_form(body: &str, name: &str) -> String {
    let found = form(body).into_iter().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("no {name} in {body}")).1
}

pub(crate) fn keys(json: &Json) -> Vec<&str> {
    json.entries().iter().map(|(key, _)| key.as_str()).collect()
}

/// Whether every value of a map is a text.
pub(crate) fn all_texts(json: &Json) -> bool {
    json.entries().iter().all(|(_, value)| value.as_text().is_some())
}

#[test]
fn forms_are_read_back() {
    let body = crate::request::form(&[("a&b", "ü + %"), ("c", "")]);
    assert_eq!(form(&body), [("a&b".to_owned(), "ü + %".to_owned()), ("c".to_owned(), String::new())]);
    assert_eq!(compact(&json("[1]")), "[1]");
}
