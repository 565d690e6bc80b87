use flow_conditions::said::Said;

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
    Ran { by: "a copy".to_owned(), decisions: cases.expected.iter().map(answer).collect(), played: None }
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

/// What an interpreter that plays an export as the flow means it would answer, with a change.
fn played(cases: &Cases, losses: &[Loss], change: &dyn Fn(usize, &mut Json)) -> Played {
    let answer = |(i, each): (usize, &Json)| {
        let mut made = each.clone();
        let place = each.get("at").and_then(Json::as_text).map(|at| at.rsplit('/').next().unwrap_or(at).to_owned());
        let kind = text(each, &["outcome", "kind"]).to_owned();
        made.set(
            "where",
            Json::text(if kind == "error" {
                "error"
            } else if place.is_none() {
                "end"
            } else {
                "open"
            }),
        );
        made.set("places", Json::List(place.iter().map(Json::text).collect()));
        change(i, &mut made);
        made
    };
    let decisions: Vec<Json> = cases.expected.iter().enumerate().map(answer).collect();
    let mut played = Played::default();
    let cut = super::played::compare(cases, &decisions, losses, &mut played);
    assert!(losses.len() == 1 || cut.is_empty(), "nothing is excused without a loss");
    played
}

#[test]
fn an_export_that_is_played_is_held_to_what_it_was_told() {
    let cases = cases(&banking(), &[], 200);
    let all = played(&cases, &[], &|_, _| {});
    assert_eq!((all.alike, all.differences.len(), all.up_to_a_loss), (200, 0, 0));
    let unheard = played(&cases, &[], &|i, one| {
        if i < 3 {
            *one = Json::Map(vec![entry("unheard", Json::text("silence"))]);
        }
    });
    assert_eq!((unheard.alike, unheard.unheard.get("silence")), (197, Some(&3)));
    let broke = played(&cases, &[], &|i, one| {
        if i == 5 {
            one.set("broke", Json::text("KeyError"));
        }
    });
    assert_eq!((broke.differences.len(), broke.differences[0].what), (1, "the interpreter broke"));
    let elsewhere = played(&cases, &[], &|_, one| one.set("places", Json::List(vec![Json::text("nowhere")])));
    assert!(elsewhere.differences.len() > 100 && elsewhere.differences.iter().all(|one| one.what == "where it waits"));
    let in_one = played(&cases, &[], &|_, one| {
        let requests = one.get("handoffs").map_or(&[][..], Json::items).to_vec();
        let joined = requests.into_iter().map(|mut request| {
            let reasons = request.get("reasons").map_or(&[][..], Json::items).iter().filter_map(Json::as_text);
            let reasons = reasons.collect::<Vec<_>>().join(", ");
            request.set("reasons", Json::text(reasons));
            request
        });
        one.set("handoffs", Json::List(joined.collect()));
    });
    assert_eq!(in_one.alike, 200, "reasons may be one text");
    // What was not heard is not expected either: nobody asked before the first turn.
    let nothing = played(&cases, &[], &|_, one| one.set("heard", Json::int(0)));
    assert!(nothing.differences.iter().all(|one| one.what == "requests" || one.what == "where it waits"));
    assert!(nothing.alike < 200 && !nothing.differences.is_empty());
}

#[test]
fn a_loss_excuses_only_its_own_card_and_what_it_declares() {
    let cases = cases(&banking(), &[], 1000);
    let spoilt = |losses: &[Loss]| {
        let kept = |cases: &Cases, i: usize| {
            let path = cases.expected[i].get("path").map_or(&[][..], Json::items);
            path.iter().any(|card| card.as_text() == Some("please_wait"))
        };
        let made = played(&cases, losses, &|i, one| {
            if kept(&cases, i) {
                one.set("handoffs", Json::List(Vec::new()));
            }
        });
        made.differences.len()
    };
    let loss = |node: &str, meant: Said| {
        [Loss { node: Some(node.to_owned()), meant, written: Said::as_it_is(""), why: Said::as_it_is("") }]
    };
    let overflow = || say!("overflow while waiting, when {when}", when = "queue.wait > 300");
    let all = spoilt(&[]);
    assert!(all > 0);
    assert_eq!(spoilt(&loss("to_vip", overflow())), all);
    assert_eq!(spoilt(&loss("to_tier1", say!("words during the wait"))), all);
    let alike = Said::as_it_is(overflow().text());
    assert_eq!(spoilt(&loss("to_tier1", alike)), all, "it is known by what it is, not by how it reads");
    assert!(spoilt(&loss("to_tier1", overflow())) < all);
}

#[test]
fn losses_that_excuse_are_those_that_a_flow_can_have() {
    let text = r#"{"format":"handoff-flow/1","id":"f","tiers":{"desk":{}},"contexts":{"c":{}},"nodes":{
        "start":{"kind":"start","next":"l"},
        "l":{"kind":"listen","branches":[{"when":"true","to":"h"}],
            "idle":[{"after":5,"say":"Still there?"},{"after":9},{"after":20,"to":"e"}]},
        "h":{"kind":"handoff","mode":"transfer","tier":"desk","context":"c","timeout":"e","failed":"e","closed":"e",
            "waiting":{"turns":[{"when":"turns > 2","to":"e"}]},"overflow":[{"when":"queue.wait > 9","to":"l","keep_place":true}]},
        "e":{"kind":"end","outcome":"contained"}}}"#;
    let document = flow_model::document::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let used: BTreeSet<&str> = flow_export::uses(&document.flow).iter().map(|one| one.meant.words).collect();
    for sentence in super::played::DECLARED.iter().flat_map(|(_, sentences)| *sentences) {
        assert!(used.contains(sentence), "{sentence} in {used:#?}");
    }
}

#[test]
fn exports_without_a_module_are_known_by_their_files() {
    let with = |path: &str| {
        let mut bundle = Bundle::default();
        bundle.files.insert(path.to_owned(), Vec::new());
        super::played::player(&bundle).map(|player| player.what.contains("dialogs"))
    };
    assert_eq!(with("f.botproj"), Some(true));
    assert_eq!(with("settings.mcs.yml"), Some(false));
    assert_eq!(with("actions/policy.py"), None);
}
