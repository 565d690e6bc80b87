//! Properties of documents, over generated ones: what is read is written, the canonical form is a fixed point, and a diff
//! does what it says and can be taken back.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, Number, compact, read};
use flow_model::{canonical, diff, document};
use proptest::prelude::*;

/// Keys that the format knows, at some place or another, and keys that it does not.
fn key() -> impl Strategy<Value = String> {
    let known = [
        "format",
        "id",
        "title",
        "nodes",
        "start",
        "main",
        "kind",
        "branches",
        "when",
        "to",
        "else",
        "next",
        "text",
        "targets",
        "zendesk",
        "tiers",
        "fields",
        "layout",
        "constants",
        "value",
        "min",
        "1",
        "0",
        "x_note",
        "why",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => text()]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,8}",
        prop::sample::select(vec![
            "listen",
            "handoff",
            "\u{0}\u{1f}\u{7f}",
            "😀\u{202e}</script>",
            "\"\\/\u{8}\u{c}\n\r\t",
            "\u{2028}"
        ])
        .prop_map(str::to_owned),
    ]
}

fn number() -> impl Strategy<Value = Json> {
    (-1_000_000_000_000_000_i64..1_000_000_000_000_000, 0_u32..10).prop_map(|(units, scale)| {
        Json::Number(Number::from(Decimal::new(units.into(), scale).unwrap_or(Decimal::ZERO)))
    })
}

fn json() -> impl Strategy<Value = Json> {
    let leaf =
        prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::Bool), number(), text().prop_map(Json::Text),];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            prop::collection::vec((key(), inner), 0..6).prop_map(map),
        ]
    })
}

/// An object without the later of two equal keys.
fn map(entries: Vec<(String, Json)>) -> Json {
    let mut map: Vec<(String, Json)> = Vec::new();
    for (key, value) in entries {
        if map.iter().all(|(known, _)| *known != key) {
            map.push((key, value));
        }
    }
    Json::Map(map)
}

/// An object with the head of a document, its keys in any order.
fn flow() -> impl Strategy<Value = Json> {
    prop::collection::vec((key(), json()), 0..8).prop_flat_map(|mut entries| {
        entries.retain(|(key, _)| key != "format" && key != "needs");
        entries.push(("format".to_owned(), Json::text("handoff-flow/1")));
        Just(entries).prop_shuffle().prop_map(map)
    })
}

fn reread(text: &str) -> Json {
    let reading = read(text);
    assert!(reading.faults.is_empty(), "{:?}\n{text}", reading.faults);
    reading.json.unwrap()
}

/// Sorted by key, so that two trees can be compared without the order of their keys.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Map(entries)
        }
        Json::List(items) => Json::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(json in json()) {
        prop_assert_eq!(&reread(&compact(&json)), &json);
    }

    #[test]
    fn the_canonical_form_is_a_fixed_point_and_loses_nothing(flow in flow()) {
        let once = canonical::text(&flow);
        let tree = reread(&once);
        prop_assert_eq!(canonical::text(&tree), once.clone());
        prop_assert_eq!(sorted(&tree), sorted(&flow));
        prop_assert!(once.ends_with('\n') && !once.ends_with("\n\n"));
    }

    #[test]
    fn one_line_is_at_most_100_columns(flow in flow()) {
        for line in canonical::text(&flow).lines() {
            let inside = line.trim_start();
            let holds_more = inside.ends_with("],") || inside.ends_with("},") || inside.ends_with(']') || inside.ends_with('}');
            let opened_here = inside.contains(['{', '[']) && !inside.ends_with(['{', '[']);
            // A text has no place to be broken; only what holds entries is bound to the width.
            if holds_more && opened_here && !inside.contains('"') {
                prop_assert!(line.chars().count() <= 101, "{}", line);
            }
        }
    }

    #[test]
    fn reading_never_panics_and_tells_the_same_twice(flow in flow()) {
        let text = canonical::text(&flow);
        let one = document::read(&text);
        let two = document::read(&text);
        match (one, two) {
            (Ok(one), Ok(two)) => prop_assert_eq!(one.tree, two.tree),
            (Err(one), Err(two)) => prop_assert_eq!(one.len(), two.len()),
            _ => prop_assert!(false, "read once and refused once"),
        }
    }

    #[test]
    fn a_diff_leads_from_one_document_to_the_other_and_back(old in flow(), new in flow()) {
        let changes = diff::between(&old, &new);
        let mut tree = old.clone();
        let back = diff::apply(&mut tree, &changes).unwrap();
        prop_assert_eq!(&tree, &new);
        diff::apply(&mut tree, &back).unwrap();
        prop_assert_eq!(tree, old);
    }

    #[test]
    fn a_small_change_is_a_small_diff(old in flow(), key in "[a-z]{3,9}", value in json()) {
        let mut new = old.clone();
        new.set(&key, value);
        let most = if old.get(&key).is_some() { 60 } else { 1 };
        prop_assert!(diff::between(&old, &new).len() <= most);
    }

    #[test]
    fn a_refused_diff_changes_nothing(old in flow(), missing in "[a-z]{10,12}") {
        let mut tree = old.clone();
        let good = diff::Op::Set { path: vec!["title".to_owned()], value: Json::text("other"), at: Some(0) };
        let bad = diff::Op::Remove { path: vec![missing] };
        prop_assert!(diff::apply(&mut tree, &[good, bad]).is_err());
        prop_assert_eq!(tree, old);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[\\[\\]{}\",:0-9eE+.\\-tfn\\\\u \n😀]{0,60}") {
        let reading = read(&text);
        for fault in &reading.faults {
            prop_assert!(fault.line >= 1 && fault.column >= 1 && fault.line <= text.lines().count().max(1) + 1);
        }
        let _ = document::read_bytes(text.as_bytes());
    }
}
