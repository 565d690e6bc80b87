//! What holds for every platform: nothing private leaves, and what vanishes is told.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use common::{TEMPLATES, odd, small, template};
use flow_conversations::line;
use flow_export::{Bundle, Case, Feature, How, PLATFORMS, cases};

const PRIVATE: &str = r#"{"format":"handoff-flow/1","id":"f",
    "classes":{"a":{"redact":"mask"},"b":{"redact":"block"},"c":{"redact":"drop"},"d":{"redact":"hash"},"e":{"redact":"none"}},
    "intents":{"pay":{"examples":["I want to pay"]}},
    "signals":{"account":{"type":"text"},"customer.ssn":{"type":"text"}},
    "slots":{"a":{"type":"text","entity":"card","class":"a"},"b":{"type":"text","entity":"iban","class":"b"},
        "c":{"type":"integer","min":0,"max":99999,"entity":"amount","class":"c"},"d":{"type":"text","class":"d"},
        "e":{"type":"text","entity":"city","class":"e"},"f":{"type":"text","class":"a"},
        "g":{"type":"text","entity":"plate"}},
    "contexts":{"c":{"fields":{"ssn":{"from":"customer.ssn","class":"a"},"g":{"from":"slots.g","redact":"drop"}}}},
    "calls":{"look":{"outputs":{"owner":"text"}}},
    "nodes":{"start":{"kind":"start","next":"l"},
        "l":{"kind":"listen","branches":[{"when":"slots.c > 40000","to":"s"}],"else":"q"},
        "q":{"kind":"ask","slot":"a","prompt":"Which card?","attempts":2,"filled":"l","failed":"x"},
        "s":{"kind":"set","assign":{"d":"account"},"next":"k"},
        "k":{"kind":"action","call":"look","ok":"t","error":"x","timeout":"x"},
        "t":{"kind":"set","assign":{"f":"k.owner"},"next":"x"},
        "x":{"kind":"end","outcome":"done"}}}"#;

const TOLD: &str = concat!(
    r#"{"id":"one","customer":{"id":"c-1","ssn":"123-45-6789"},"turns":[{"who":"user","text":"It is 4929-Zq, from QX88 yesterday, for HH-QR 812","intent":"pay","#,
    r#""entities":{"card":"4929-ZQ","iban":"QX88","city":"Ulm","plate":"HH-QR 812"},"signals":{"account":"acct-77123"}},"#,
    r#"{"who":"bot","text":"4929-ZQ it is"},{"who":"user","text":"for forty-one thousand","intent":"pay","entities":{"amount":41234}},"#,
    r#"{"action":"look","status":"ok","data":{"owner":"Jo Rasmussen-Vale"}}]}"#
);

fn exported(flow: &str, told: &[&str]) -> Vec<(&'static str, Bundle, Vec<Case>)> {
    let flow = small(flow);
    let told: Vec<_> = told.iter().map(|text| line(text).unwrap().0).collect();
    let all = PLATFORMS.iter().map(|platform| {
        let cases = cases(&flow, &told);
        (platform.id(), platform.write(&flow, &cases).unwrap(), cases)
    });
    all.collect()
}

#[test]
fn nothing_private_leaves_with_an_export() {
    for (platform, bundle, cases) in exported(PRIVATE, &[TOLD]) {
        let whole = cases[0].whole.as_ref().unwrap();
        assert_eq!(whole.path, ["start", "l", "q", "l", "s", "k", "t", "x"], "it comes to the same");
        for (path, bytes) in &bundle.files {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            for secret in ["4929-zq", "qx88", "acct-77123", "rasmussen", "41234", "forty-one", "123-45-6789", "hh-qr"] {
                assert!(!text.contains(secret), "{platform}: {path} has {secret}");
            }
        }
        let told = bundle.files.iter().filter(|(path, _)| path.ends_with("test_policy.py"));
        for (path, bytes) in told {
            assert!(String::from_utf8_lossy(bytes).contains("\"Ulm\""), "{platform}: {path} keeps what is not private");
        }
    }
}

#[test]
fn what_vanishes_is_told() {
    let long = "x".repeat(141);
    let flow = format!(
        r#"{{"format":"handoff-flow/1","id":"f","locale":"fr-FR",
        "intents":{{"a":{{"examples":["my  order"]}},"b":{{"examples":["other","my order"]}}}},
        "slots":{{"k":{{"type":"enum","values":["short","{long}"],"entity":"kind"}}}},
        "nodes":{{"start":{{"kind":"start","next":"l"}},"l":{{"kind":"listen","branches":[],"else":"x","idle":[{}]}},
        "x":{{"kind":"end","outcome":"done"}}}}}}"#,
        (1..=8).map(|i| format!(r#"{{"after":{},"say":"Hm {i}?"}}"#, i * 10)).collect::<Vec<_>>().join(",")
    );
    for (platform, bundle, _) in exported(&flow, &[]) {
        let told = |words: &str| bundle.losses.iter().filter(|loss| loss.meant.text().contains(words)).count();
        let carries = flow_export::capabilities(platform).unwrap().carries;
        for (feature, words) in [
            (Feature::SharedExample, "\"my order\" means `b`, and `a` too"),
            (Feature::OwnWords, "what the export itself says, in `fr-FR`"),
            (Feature::IdleOver6, "s of silence: \"Hm 8?\""),
            (Feature::LongValue, "of the entity `kind` (141 characters)"),
        ] {
            let lost = matches!(carries(feature).how, How::Hand | How::Lost);
            assert_eq!(told(words), usize::from(lost), "{platform}: {words}");
        }
    }
}

#[test]
fn every_name_is_one_that_a_file_can_have() {
    let (said, same, locale) = ("日".repeat(120), format!("{}!", "日".repeat(120)), "x".repeat(300));
    // Ids have up to 64 letters, and none but those of ASCII.
    let (a, b) = ("A".repeat(64), "a".repeat(64));
    let flow = format!(
        r#"{{"format":"handoff-flow/1","id":"{a}","locale":"{locale}","tiers":{{"{a}":{{}}}},"contexts":{{"c":{{"fields":{{}}}}}},
        "intents":{{"{said}":{{"examples":["my order"]}},"{same}":{{"examples":["my bill"]}}}},"calls":{{"{said}":{{}}}},
        "slots":{{"{a}":{{"type":"enum","values":["x","y"],"entity":"{said}"}},"{b}":{{"type":"enum","values":["x"],"entity":"{same}"}}}},
        "triggers":{{"{a}":{{"when":"intent == \"{said}\"","to":"h"}},"{b}":{{"when":"intent == \"{same}\"","to":"h"}}}},
        "nodes":{{"start":{{"kind":"start","next":"{a}"}},
            "{a}":{{"kind":"ask","slot":"{a}","prompt":"Which?","attempts":2,"filled":"{b}","failed":"h","idle":[{{"after":10,"to":"h"}}]}},
            "{b}":{{"kind":"ask","slot":"{b}","prompt":"And?","attempts":2,"filled":"act","failed":"h"}},
            "act":{{"kind":"action","call":"{said}","ok":"h","error":"h","timeout":"h"}},
            "h":{{"kind":"handoff","context":"c","tier":"{a}","resumed":"{a}"}}}}}}"#
    );
    let told = |id| format!(r#"{{"id":"{id}","turns":[{{"who":"user","text":"my order","intent":"{said}"}}]}}"#);
    let told = [told(&said), told(&same)];
    for (platform, bundle, _) in exported(&flow, &told.each_ref().map(String::as_str)) {
        let folded: std::collections::BTreeSet<String> = bundle.files.keys().map(|path| path.to_lowercase()).collect();
        assert_eq!(folded.len(), bundle.files.len(), "{platform}");
        for name in bundle.files.keys().flat_map(|path| path.split('/')) {
            assert!(name.len() <= 255, "{platform}: {} bytes of {name}", name.len());
        }
        let names = bundle.files.iter().find(|(path, _)| *path == "names.json");
        if let ("dialogflow-cx", Some((_, names))) = (platform, names) {
            let names: serde_json::Value = serde_json::from_slice(names).unwrap();
            for (own, ids) in [
                (&names["pages"]["Default Start Flow"], [&a, &b]),
                (&names["triggers"]["Default Start Flow"], [&a, &b]),
                (&names["intents"], [&said, &same]),
            ] {
                assert!(ids.iter().all(|id| own.as_object().unwrap().values().any(|known| known == *id)), "{own:?}");
            }
            assert_eq!(bundle.checked.len(), 6, "{:#?}", bundle.checked);
        }
    }
}

#[test]
fn every_module_knows_what_a_class_keeps_back() {
    let mut modules = 0;
    for (platform, bundle, _) in exported(PRIVATE, &[]) {
        for (path, bytes) in bundle.files.iter().filter(|(path, _)| path.ends_with("/policy.py")) {
            let text = String::from_utf8_lossy(bytes);
            let kept = r#"KEPT_BACK = ["a", "b", "c", "d", "f"]"#;
            assert!(text.contains(kept) && text.contains(r#""a": "mask""#), "{platform}: {path}");
            modules += 1;
        }
    }
    assert_eq!(modules, 5);
}

#[test]
fn german_is_said_in_german() {
    let flow = r#"{"format":"handoff-flow/1","id":"f","locale":"de-DE","nodes":{
        "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"x"},
        "x":{"kind":"end","outcome":"done"}}}"#;
    for (platform, bundle, _) in exported(flow, &[]) {
        assert!(!bundle.losses.iter().any(|loss| loss.meant.text().contains("the export itself says")), "{platform}");
        for (path, bytes) in &bundle.files {
            let text = String::from_utf8_lossy(bytes);
            for english in ["Let me connect you", "good morning", "I am asking a colleague", "A colleague can help"] {
                assert!(!text.contains(english), "{platform}: {path} says {english}");
            }
        }
    }
}

#[test]
fn what_is_made_sure_of_is_told_where_it_holds() {
    let whole = [
        ("amazon-connect", 5),
        ("amazon-lex", 5),
        ("copilot-studio", 4),
        ("dialogflow-cx", 6),
        ("rasa", 4),
        ("rasa-calm", 6),
    ];
    let told = TEMPLATES.iter().map(|name| template(name));
    for (flow, cases) in told.chain(["everything", "queues"].map(|name| (odd(name), Vec::new()))) {
        for (id, lines) in whole {
            let checked = flow_export::platform(id).unwrap().write(&flow, &cases).unwrap().checked;
            assert_eq!(checked.len(), lines, "{id}, {}: {checked:#?}", flow.flow().id);
        }
    }
}

#[test]
fn a_threshold_that_no_bound_is_known_for_is_the_lowest() {
    let flow = r#"{"format":"handoff-flow/1","id":"f","slots":{"t":{"type":"number"}},"nodes":{
        "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[{"when":"confidence < slots.t","to":"x"}],
        "else":"l"},"x":{"kind":"end","outcome":"done"}}}"#;
    for (platform, bundle, _) in exported(flow, &[]) {
        let told = |words: &str| bundle.checked.iter().any(|line| line.text().contains(words));
        assert!(!told("below every bound"), "{platform}");
        let has = ["amazon-lex", "dialogflow-cx", "rasa", "rasa-calm"].contains(&platform);
        assert_eq!(told("depends on something else"), has, "{platform}");
    }
}

#[test]
fn whatever_is_carried_is_said_in_sentences_that_have_another_language() {
    let listed = include_str!("../../../ui/src/bindings/sentences.ts");
    let of_pages = include_str!("../../../ui/src/text/de/platforms.ts");
    let known = |words: &str| {
        let code = words.starts_with('`') && words.matches('`').count() == 2 && words.ends_with('`');
        let quoted = serde_json::Value::from(words);
        let found = listed.contains(&format!("\n  {quoted},\n")) || of_pages.contains(&format!("\n  {quoted}: "));
        words.is_empty() || code || found
    };
    for name in TEMPLATES {
        let (flow, _) = template(name);
        for platform in PLATFORMS {
            for used in platform.carries(&flow) {
                let all = [used.meant.words, used.feature.about(), used.carried.written, used.carried.why];
                assert!(all.into_iter().all(known), "{}: {all:?}", platform.id());
            }
            let bundle = platform.write(&flow, &[]).unwrap();
            let losses = bundle.losses.iter().flat_map(|loss| [&loss.meant, &loss.written, &loss.why]);
            for said in losses.chain(&bundle.checked) {
                assert!(known(said.words), "{}: {said:?}", platform.id());
            }
        }
    }
}
