use super::*;

fn banking() -> Checked {
    let text = include_str!("../../../templates/banking_fee_dispute.flow.json");
    let document = flow_model::document::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    flow_check::valid(&document, &|_| None).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn text<'j>(json: &'j Json, path: &[&str]) -> &'j str {
    json.at(path).and_then(Json::as_text).unwrap_or("")
}

/// What a module that decides as the flow does would answer.
fn echoed(cases: &Cases) -> Ran {
    let answer = |each: &Json| {
        let kind = each.at(&["outcome", "kind"]).and_then(Json::as_text).unwrap_or("").to_owned();
        let mut made = each.clone();
        made.set("where", Json::text(kind));
        made
    };
    Ran { by: "a copy".to_owned(), decisions: cases.expected.iter().map(answer).collect() }
}

#[test]
fn a_certificate_says_what_was_run_and_on_what() {
    let checked = banking();
    let real = flow_conversations::line(
        r#"{"id": "one", "start": "2026-11-23T09:00:00Z", "turns": [{"who": "user", "text": "hello"}]}"#,
    );
    let cases = cases(&checked, &[real.unwrap().0], 120);
    assert_eq!(cases.lines().lines().count(), 121);
    let bundle = Bundle::default();
    let (made, alike) = certificate(&cases, "banking_fee_dispute", "rasa", &bundle, Ok(&echoed(&cases)));
    assert!(alike);
    assert_eq!((text(&made, &["result"]), text(&made, &["compared", "0", "by"])), ("alike", "a copy"));
    for (path, count) in
        [(["cases", "total"], 121), (["cases", "conversations"], 1), (["cases", "without_calendar"], 1)]
    {
        assert_eq!(made.at(&path).and_then(Json::as_decimal).and_then(|n| n.to_i64()), Some(count), "{path:?}");
    }
    let (made, alike) = certificate(&cases, "banking_fee_dispute", "rasa", &bundle, Err("there is no Python"));
    assert_eq!((alike, text(&made, &["result"])), (true, "not compared"));
    assert_eq!(text(&made, &["not_compared", "0", "why"]), "there is no Python");
    assert!(made.get("compared").is_some_and(|list| list.items().is_empty()));
}

#[test]
fn a_difference_stands_there_with_its_shortest_conversation() {
    let cases = cases(&banking(), &[], 300);
    let bundle = Bundle::default();
    let told = |change: &dyn Fn(&mut Json)| {
        let mut ran = echoed(&cases);
        ran.decisions.iter_mut().for_each(change);
        let (made, alike) = certificate(&cases, "banking_fee_dispute", "rasa", &bundle, Ok(&ran));
        assert_eq!((alike, text(&made, &["result"])), (false, "different"));
        let turns = |one: &Json| one.at(&["conversation", "turns"]).map_or(0, |turns| turns.items().len());
        let lengths: Vec<usize> = made.get("differences").map_or(&[][..], Json::items).iter().map(turns).collect();
        assert!(lengths.is_sorted() && !lengths.is_empty(), "{lengths:?}");
        text(&made, &["differences", "0", "what"]).to_owned()
    };
    let requests = |one: &mut Json| one.set("handoffs", Json::List(Vec::new()));
    let paths = |one: &mut Json| one.set("path", Json::List(vec![Json::text("start")]));
    let places = |one: &mut Json| one.set("at", Json::text("elsewhere"));
    let breaks = |one: &mut Json| one.set("broke", Json::text("ValueError: no"));
    assert_eq!(told(&requests), "requests");
    assert_eq!(told(&paths), "path");
    assert_eq!(told(&places), "where it waits");
    assert_eq!(told(&breaks), "the module broke");
    let errors = |one: &mut Json| {
        one.set("where", Json::text("error"));
        one.set("at", Json::Null);
    };
    assert_eq!(told(&errors), "where it waits", "no run of this flow breaks");
    let mut ran = echoed(&cases);
    ran.decisions.pop();
    assert!(!certificate(&cases, "f", "rasa", &bundle, Ok(&ran)).1);
}

#[test]
fn a_conversation_that_cannot_go_on_after_a_request_is_no_difference() {
    let text = r#"{"format":"handoff-flow/1","id":"f","tiers":{"desk":{}},"contexts":{"c":{}},"nodes":{
        "start":{"kind":"start","next":"t"},
        "t":{"kind":"handoff","mode":"ticket","tier":"desk","context":"c","sent":"l","failed":"l"},
        "l":{"kind":"listen","branches":[]}}}"#;
    let document = flow_model::document::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let checked = flow_check::valid(&document, &|_| None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let real = flow_conversations::line(r#"{"id": "one", "turns": [{"who": "user", "text": "hello"}]}"#);
    let cases = cases(&checked, &[real.unwrap().0], 0);
    let ran = |place: Option<&str>, to: &str| {
        let mut ran = echoed(&cases);
        for one in &mut ran.decisions {
            one.set("where", Json::text(to));
            one.set("at", place.map_or(Json::Null, Json::text));
        }
        ran
    };
    let alike = |ran: &Ran| certificate(&cases, "f", "rasa", &Bundle::default(), Ok(ran)).1;
    assert!(alike(&ran(None, "error")));
    assert!(!alike(&ran(Some("l"), "listen")));
}
