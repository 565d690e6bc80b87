//! The page: one file, well-formed, the same bytes each time, with everything that it promises.

use flow_model::document::read;
use flow_publish::page::{Wanted, page};
use flow_publish::register::{html, rows};

use super::markup::stands_alone;
use super::{CALLER, TEMPLATES, checked, conversations, open};

#[test]
fn f97_pages_of_the_shipped_flows_stand_alone() {
    for (name, text, lines) in TEMPLATES {
        let document = read(text).unwrap();
        let wanted = Wanted { conversations: conversations(lines), ..Wanted::default() };
        let flow = checked(&document);
        let made = page(&flow, &wanted);
        let seen = stands_alone(&made);
        assert!(seen.text.contains(flow.revision()), "{name}");
        let has = |name: &str, value: &str| seen.attributes.iter().any(|(n, v)| n == name && v == value);
        for (id, node) in &document.flow.nodes {
            assert!(has("data-node", id) && has("id", &format!("card-{id}")), "{name}: {id}");
            for exit in node.exits() {
                assert!(has("data-edge", &format!("{id}.{}", exit.port)), "{name}: {id}.{}", exit.port);
            }
        }
        for conversation in &wanted.conversations {
            assert!(seen.text.contains(&*conversation.id), "{name}: {}", conversation.id);
        }
        assert_eq!(made, page(&flow, &wanted), "{name}: the same bytes");
    }
}

#[test]
fn as_many_conversations_are_played_as_one_wants() {
    let flow = checked(&read(TEMPLATES[0].1).unwrap());
    let all = conversations(TEMPLATES[0].2);
    let played = |most: Option<usize>| {
        let seen = stands_alone(&page(&flow, &Wanted { conversations: all.clone(), most, ..Wanted::default() }));
        seen.attributes.iter().filter(|(name, value)| name == "class" && value == "played").count()
    };
    assert_eq!((played(None), played(Some(2)), played(Some(0))), (all.len(), 2, 0));
    assert_eq!(played(Some(10_000)), all.len());
    let line = |i: usize| format!(r#"{{"id":"c{i}","turns":[]}}"#);
    let many: Vec<String> = (0..250).map(line).collect();
    let wanted = Wanted { conversations: conversations(&many.join("\n")), ..Wanted::default() };
    assert!(stands_alone(&page(&flow, &wanted)).text.contains("50 further conversations are not shown."));
    let made = page(&flow, &Wanted { most: Some(250), ..wanted });
    assert!(!made.contains("further conversations are not shown"));
}

#[test]
fn tiers_can_be_seen_as_lanes() {
    for (name, text, _) in TEMPLATES {
        let document = read(text).unwrap();
        let seen = stands_alone(&page(&checked(&document), &Wanted::default()));
        let count = |name: &str| seen.attributes.iter().filter(|(n, _)| n == name).count();
        let lanes = seen.attributes.iter().filter(|(n, v)| n == "class" && v.starts_with("lane lane-")).count();
        assert_eq!(lanes, document.flow.tiers.len() + 1, "{name}");
        assert_eq!(count("data-y"), document.flow.nodes.len() + document.flow.triggers.len(), "{name}");
        assert_eq!(count("data-d"), count("data-edge"), "{name}");
        assert_eq!(count("data-view"), 1, "{name}");
    }
    let bare = r#"{"format": "handoff-flow/1", "id": "bare", "nodes": {"start": {"kind": "start", "next": "end"}, "end": {"kind": "end", "outcome": "x"}}}"#;
    let seen = stands_alone(&page(&checked(&read(bare).unwrap()), &Wanted::default()));
    assert!(!seen.attributes.iter().any(|(name, value)| name == "data-y" || value == "lanes-on"), "no tiers, no lanes");
}

#[test]
fn every_reason_of_the_document_is_on_the_page() {
    for (name, text, _) in TEMPLATES {
        let document = read(text).unwrap();
        let seen = stands_alone(&page(&checked(&document), &Wanted::default()));
        let mut whys = Vec::new();
        collect(&document.tree, &mut whys);
        for why in whys {
            assert!(seen.text.contains(&why), "{name}: {why}");
        }
    }
}

fn collect(json: &flow_model::tree::Json, whys: &mut Vec<String>) {
    for (key, value) in json.entries() {
        match value.as_text() {
            Some(why) if key == "why" => whys.push(why.to_owned()),
            _ => collect(value, whys),
        }
    }
    json.items().iter().for_each(|item| collect(item, whys));
}

#[test]
fn registers_are_pages_of_their_own() {
    for text in TEMPLATES.map(|t| t.1).into_iter().chain([CALLER]) {
        let seen = stands_alone(&html(&rows(&read(text).unwrap(), &open, &[])));
        assert!(!seen.elements.iter().any(|name| name == "script"));
    }
}

#[test]
fn flows_that_call_others_have_their_page() {
    stands_alone(&page(&checked(&read(CALLER).unwrap()), &Wanted::default()));
}

#[test]
fn the_date_comes_from_the_flow_or_the_caller() {
    let text = TEMPLATES[0].1.replacen("\"locale\"", "\"x_date\": \"2026-11-22\", \"locale\"", 1);
    let flow = checked(&read(&text).unwrap());
    assert!(page(&flow, &Wanted::default()).contains("2026-11-22"));
    let told = Wanted { date: Some("Draft of spring".to_owned()), ..Wanted::default() };
    let made = page(&flow, &told);
    assert!(made.contains("Draft of spring") && !made.contains("2026-11-22 "));
}

#[test]
fn a_thousand_cards_fit_on_a_page() {
    let mut nodes = String::from(r#""start": {"kind": "start", "next": "n0"}"#);
    for i in 0..1000 {
        let next = if i == 999 { "person".to_owned() } else { format!("n{}", i + 1) };
        nodes.push_str(&format!(r#", "n{i}": {{"kind": "message", "text": "Text {i}", "next": "{next}"}}"#));
    }
    let text = format!(
        r#"{{"format": "handoff-flow/1", "id": "long", "tiers": {{"t": {{}}}}, "contexts": {{"c": {{"fields": {{}}}}}},
        "nodes": {{{nodes}, "person": {{"kind": "handoff", "context": "c", "tier": "t"}}}}}}"#
    );
    let seen = stands_alone(&page(&checked(&read(&text).unwrap()), &Wanted::default()));
    assert!(seen.text.contains("Text 999"));
}

#[test]
fn what_is_recognised_in_conversations_is_masked() {
    let line = r#"{"id": "a", "turns": [{"who": "user", "text": "My card is 4111 1111 1111 1111, write to ann@example.com"}]}"#;
    let wanted = Wanted { conversations: conversations(line), ..Wanted::default() };
    let seen = stands_alone(&page(&checked(&read(TEMPLATES[0].1).unwrap()), &wanted));
    assert!(seen.text.contains("My card is ****"), "{}", seen.text);
    assert!(!seen.text.contains("4111 1111") && !seen.text.contains("ann@"));
}
