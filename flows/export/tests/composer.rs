//! The Composer export: golden projects, the same bytes every time, losses, what stands in expressions.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use common::{TEMPLATES, checked, golden, odd, root, small, template};
use flow_check::Checked;
use flow_export::{Bundle, Case, ExportError, platform};
use serde_json::Value;

fn export(flow: &Checked, cases: &[Case]) -> Bundle {
    platform("composer").unwrap().write(flow, cases).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(&bundle.files[path]).unwrap()
}

fn dialog(bundle: &Bundle, name: &str) -> Value {
    let end = format!("/{name}.dialog");
    let path = bundle.files.keys().find(|path| path.starts_with("dialogs/") && path.ends_with(&end));
    serde_json::from_str(text(bundle, path.unwrap_or_else(|| panic!("no dialog {name}")))).unwrap()
}

/// Every object of a kind below a value.
fn of_kind<'v>(value: &'v Value, kind: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| of_kind(item, kind, found)),
        Value::Object(entries) => {
            if entries.get("$kind").and_then(Value::as_str) == Some(kind) {
                found.push(value);
            }
            entries.values().for_each(|item| of_kind(item, kind, found));
        }
        _ => {}
    }
}

#[test]
fn golden_projects_are_exported() {
    let (flow, cases) = template("banking_fee_dispute");
    let few: Vec<Case> = cases.into_iter().take(3).collect();
    golden("composer/banking_fee_dispute", &export(&flow, &few), |_| true);
    let odd_names = checked(&root().join("tests/golden/rasa/odd_names.flow.json"));
    golden("composer/odd_names", &export(&odd_names, &[]), |path| path.ends_with(".dialog") || path == "names.json");
    golden("composer/everything", &export(&odd("everything"), &[]), |path| path.ends_with(".dialog"));
}

#[test]
fn every_template_is_exported_alike_each_time() {
    for name in TEMPLATES {
        let (flow, cases) = template(name);
        let first = export(&flow, &cases);
        assert_eq!(first, export(&flow, &cases), "{name}");
        assert!(!first.losses.is_empty() && !first.checked.is_empty(), "{name}");
        let root: Value = serde_json::from_str(text(&first, &format!("{name}.dialog"))).unwrap();
        assert_eq!(root["selector"]["$kind"], "Microsoft.FirstSelector", "{name}");
        for (at, trigger) in root["triggers"].as_array().unwrap().iter().enumerate() {
            assert_eq!(trigger["priority"], at, "{name}: {trigger}");
        }
        let readme = text(&first, "README.md");
        assert!(first.losses.iter().all(|loss| readme.contains(&loss.why.text())), "{name}");
    }
}

#[test]
fn the_context_of_a_handoff_is_one_expression() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow, &[]);
    let handoff = dialog(&bundle, "to_tier1");
    let mut events = Vec::new();
    of_kind(&handoff, "Microsoft.SendHandoffActivity", &mut events);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["context"], "=dialog.handoff");
    assert_eq!(events[0].get("id"), None, "the schema has no id for it");
}

#[test]
fn what_is_masked_stands_in_no_other_text() {
    let (flow, _) = template("banking_fee_dispute");
    let handoff = dialog(&export(&flow, &[]), "to_tier1");
    let mut sets = Vec::new();
    of_kind(&handoff, "Microsoft.SetProperties", &mut sets);
    let assigned = sets.iter().flat_map(|set| set["assignments"].as_array().unwrap());
    let of = |name: &str| {
        let found = assigned.clone().find(|one| one["property"] == format!("dialog.handoff.{name}"));
        found.unwrap_or_else(|| panic!("nothing is assigned to {name}"))["value"].as_str().unwrap().to_owned()
    };
    let slot = "conversation.slots.transaction_id";
    assert!(of("fields.transaction_id").contains("'****'"));
    let kept = assigned.clone().find(|one| one["property"] == "turn.kept.values").unwrap()["value"].as_str().unwrap();
    assert!(kept.contains(slot), "{kept}");
    for name in ["summary", "screen", "fields.last_messages", "fields.bot_tried"] {
        assert!(of(name).contains("turn.kept.find[0]"), "{name}: {}", of(name));
    }
}

/// What is assigned in a dialog, by property.
fn assigned(dialog: &Value) -> std::collections::BTreeMap<String, String> {
    let mut sets = Vec::new();
    of_kind(dialog, "Microsoft.SetProperties", &mut sets);
    let all = sets.iter().flat_map(|set| set["assignments"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.map(|one| (text(&one["property"]), text(&one["value"]))).collect()
}

const TOLD: &str = r#"{"format":"handoff-flow/1","id":"f","locale":"de","intents":{"a":{"examples":["b"]}},"tiers":{"t":{}},CLASSES
    "slots":{"card":{"type":"text","entity":"card"CLASS},"n":{"type":"integer","entity":"n"}},
    "contexts":{"c":{"summary":"{slots.n}","fields":{"lines":{"from":"transcript.last(3)"}},"screen":{"open":"SCREEN"}}},
    "nodes":{"start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[{"when":"intent == \"a\"","to":"m"}],"else":"h"},
        "m":{"kind":"message","text":"{reasons|nichts} {handoff.reasons|nichts} {slots.card|keine} {queue.t.wait:minutes}","next":"l"},
        "h":{"kind":"handoff","context":"c","tier":"t","closed":"l"}}}"#;

fn told(classes: &str, class: &str, screen: &str) -> Bundle {
    let text = TOLD.replace("CLASSES", classes).replace("CLASS", class).replace("SCREEN", screen);
    export(&small(&text), &[])
}

#[test]
fn the_conversation_goes_along_where_nothing_of_it_is_kept_back() {
    let sent = |bundle: &Bundle| {
        let handoff = dialog(bundle, "h");
        let mut events = Vec::new();
        of_kind(&handoff, "Microsoft.SendHandoffActivity", &mut events);
        events[0].get("transcript").is_some()
    };
    assert!(sent(&told("", "", "https://a.example")));
    assert!(!sent(&told(r#""classes":{"s":{"redact":"drop"}},"#, r#","class":"s""#, "https://a.example")));
}

#[test]
fn a_number_is_written_without_signs_between_its_digits() {
    let told = assigned(&dialog(&told("", "", "https://a.example/{slots.n}"), "h"));
    let summary = "=replaceIgnoreCase(concat('', if(exists(conversation.slots.n), conversation.slots.n, '')), turn.kept.numbers, '****')";
    assert_eq!(told["dialog.handoff.summary"], summary);
    assert!(!told["dialog.handoff.screen"].contains("string("), "{}", told["dialog.handoff.screen"]);
}

#[test]
fn what_is_no_address_of_the_web_does_not_open() {
    let screen = |open: &str| assigned(&dialog(&told("", "", open), "h"))["dialog.handoff.screen"].clone();
    assert!(screen("{slots.card}").starts_with("=if(startsWith(toLower("));
    assert!(screen("https://a.example").starts_with("='https://a.example"));
}

#[test]
fn a_text_says_what_it_says_for_nothing_before_there_is_anything() {
    let bundle = told("", "", "https://a.example");
    let lg = text(&bundle, "language-generation/de-de/f.de-de.lg");
    for part in [
        "if(count(coalesce(conversation.handoff.reasons, createArray())) > 0, join(foreach(",
        "if(count(coalesce(conversation.handoff.reasons, createArray())) > 0, join(coalesce(",
        "if(exists(conversation.slots.card) && (length(conversation.slots.card) > 0), conversation.slots.card, 'keine')",
        "' Minute', ' Minuten'",
    ] {
        assert!(lg.contains(part), "{part} in {lg}");
    }
}

#[test]
fn lists_and_records_are_masked_item_by_item() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","classes":{"own":{"redact":"mask"}},"tiers":{"t":{}},
            "slots":{"a":{"type":"text"},"n":{"type":"integer"}},"calls":{"c":{"outputs":{"o":"text"}}},
            "contexts":{"c":{"summary":"{slots.a} {text}","fields":{
                "both":{"from":"[slots.a, slots.n]","class":"own"},"said":{"from":"transcript.all()","class":"own"},
                "known":{"from":"entities()","redact":"mask"},"did":{"from":"actions()","redact":"mask"},
                "who":{"from":"people()","redact":"mask"},"why":{"from":"handoff.reasons","redact":"mask"}}}},
            "nodes":{"start":{"kind":"start","next":"x"},"x":{"kind":"action","call":"c","ok":"h","error":"h","timeout":"h"},
                "h":{"kind":"handoff","tier":"t","context":"c","failed":"e","timeout":"e","closed":"e","resolved":"e"},
                "e":{"kind":"end","outcome":"x"}}}"#,
    );
    let bundle = export(&flow, &[]);
    let handoff = dialog(&bundle, "h").to_string();
    for list in [
        "foreach(where(createArray(conversation.slots.a, conversation.slots.n), item, exists(item)), one, if(length(concat('', one)) > 8",
        "foreach(subArray(conversation.transcript, 0), line, setProperty(",
        "foreach(subArray(conversation.tried, 0), tried, setProperty(",
        "foreach(",
        "'a', if(exists(conversation.slots.a), if(length(concat('', conversation.slots.a)) > 8",
    ] {
        assert!(handoff.contains(list), "{list} in {handoff}");
    }
    let summary = handoff.split("dialog.handoff.summary").nth(1).unwrap().split("property").next().unwrap();
    assert!(!handoff.contains("activities"), "what was said is masked, so that it does not go beside it either");
    let kept = assigned(&dialog(&bundle, "h"))["turn.kept.values"].clone();
    for (at, hidden) in ["conversation.slots.a", "conversation.slots.n", "conversation.heard.text"].iter().enumerate() {
        assert!(kept.contains(&format!("createArray(concat('', {hidden}))")), "{hidden} in {kept}");
        assert!(summary.contains(&format!("turn.kept.find[{at}], turn.kept.instead[{at}]")), "{hidden} in {summary}");
    }
    assert!(kept.contains("conversation.outputs.f_x_o"), "{kept}");
}

#[test]
fn names_that_differ_in_case_alone_are_kept_apart() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"common","intents":{"None":{"examples":["zip"]},"a":{"examples":["hi"]}},
            "tiers":{"t":{},"T":{}},"slots":{"N":{"type":"text","entity":"E"},"n":{"type":"text","entity":"e"}},
            "contexts":{"c":{"fields":{"Name":{"from":"slots.N"},"name":{"from":"slots.n"}}}},
            "nodes":{"start":{"kind":"start","next":"l"},
                "l":{"kind":"listen","branches":[{"when":"queue.T.wait > queue.t.wait","to":"h"}],"else":"l"},
                "h":{"kind":"handoff","tier":"T","context":"c","closed":"l"}}}"#,
    );
    let bundle = export(&flow, &[]);
    let handoff = assigned(&dialog(&bundle, "h"));
    assert!(handoff.contains_key("dialog.handoff.fields.Name") && handoff.contains_key("dialog.handoff.fields.name_2"));
    assert!(handoff.contains_key("conversation.count.sent.${conversation.handoff.tier_key}"));
    let told = dialog(&bundle, "told").to_string();
    assert!(told.contains("conversation.queue.T_2.wait") && told.contains("turn.told.queue['T_2']"), "{told}");
    let heard = dialog(&bundle, "heard").to_string();
    assert!(heard.contains("turn.told.entities['E']") && heard.contains("turn.told.entities['e_2']"), "{heard}");
    let root: Value = serde_json::from_str(text(&bundle, "common_bot.dialog")).unwrap();
    assert_eq!(root["recognizer"]["intents"][0]["intent"], "None_2");
    assert!(bundle.files.contains_key("language-generation/en-us/common_bot.en-us.lg"));
}

#[test]
fn what_is_small_or_true_is_said_as_the_studio_says_it() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","slots":{"x":{"type":"number"},"b":{"type":"bool"}},
            "nodes":{"start":{"kind":"start","next":"m"},"m":{"kind":"message","text":"{slots.x} {slots.b:upper}","next":"e"},
            "e":{"kind":"end","outcome":"x"}}}"#,
    );
    let bundle = export(&flow, &[]);
    let lg = text(&bundle, "language-generation/en-us/f.en-us.lg");
    assert!(lg.contains("formatNumber(conversation.slots.x, 15, 'en-GB'), '0+$', '')"), "{lg}");
    assert!(lg.contains("'TRUE', 'FALSE'"), "{lg}");
}

#[test]
fn the_longest_value_of_an_entity_is_found_and_whole() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","slots":{"k":{"type":"enum","values":["card","card_lost","loan (new)"],"entity":"k"}},
            "nodes":{"start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"l"}}}"#,
    );
    let root: Value = serde_json::from_str(text(&export(&flow, &[]), "f.dialog")).unwrap();
    let pattern = r"(?:\bloan\s+\(new\)|\bcard_lost\b|\bcard\b)";
    assert_eq!(root["recognizer"]["entities"][0]["pattern"], pattern);
}

fn of_condition(when: &str) -> String {
    let flow = small(&format!(
        r#"{{"format":"handoff-flow/1","id":"f","constants":{{"low":{{"value":0.8}},"kinds":{{"value":["a","b"]}}}},
            "intents":{{"a":{{"examples":["hi"]}}}},
            "slots":{{"kind":{{"type":"text","entity":"kind"}},"n":{{"type":"integer"}},"x":{{"type":"number"}},"sure":{{"type":"bool"}}}},
            "nodes":{{"start":{{"kind":"start","next":"l"}},"e":{{"kind":"end","outcome":"x"}},
            "l":{{"kind":"listen","branches":[{{"when":{when:?},"to":"e"}}],"else":"e"}}}}}}"#
    ));
    let listen = dialog(&export(&flow, &[]), "l");
    let mut conditions = Vec::new();
    of_kind(&listen, "Microsoft.IfCondition", &mut conditions);
    conditions[1]["condition"].as_str().unwrap().to_owned()
}

#[test]
fn names_without_a_value_are_guarded() {
    let is = |when: &str, wanted: &str| assert_eq!(of_condition(when), wanted, "{when}");
    is("intent == \"a\"", "=conversation.heard.intent == 'a'");
    is("confidence < const.low", "=exists(conversation.heard.confidence) && (conversation.heard.confidence < 0.8)");
    is("!(turn > 3)", "=!(conversation.count.turn > 3)");
    is("slots.kind != \"it's\"", "=exists(conversation.slots.kind) && (conversation.slots.kind != 'it\\'s')");
    is("slots.sure", "=conversation.slots.sure == true");
    is("has(slots.kind) || has(intent)", "=exists(conversation.slots.kind) || true");
    is(
        "slots.kind in const.kinds",
        "=exists(conversation.slots.kind) && contains(createArray('a', 'b'), conversation.slots.kind)",
    );
    is("slots.kind.startsWith(\"a\")", "=exists(conversation.slots.kind) && startsWith(conversation.slots.kind, 'a')");
    is("slots.n + 1 > turn", "=exists(conversation.slots.n) && ((conversation.slots.n + 1) > conversation.count.turn)");
    is("slots.x * 0.5 > 1", "=exists(conversation.slots.x) && (round(conversation.slots.x * 0.5, 9) > 1)");
}

#[test]
fn what_binary_numbers_do_not_do_exactly_is_told() {
    let flow = |when: &str| {
        small(&format!(
            r#"{{"format":"handoff-flow/1","id":"f","slots":{{"n":{{"type":"integer"}},"x":{{"type":"number"}}}},
            "nodes":{{"start":{{"kind":"start","next":"l"}},"e":{{"kind":"end","outcome":"x"}},
            "l":{{"kind":"listen","branches":[{{"when":{when:?},"to":"e"}}],"else":"e"}}}}}}"#
        ))
    };
    let told =
        |when: &str| export(&flow(when), &[]).losses.iter().any(|loss| loss.why.text().contains("exact decimals"));
    assert!(told("slots.x + 0.1 > 1"));
    assert!(!told("slots.n + 1 > 1"));
    assert!(!told("slots.x > 0.1"));
}

#[test]
fn texts_are_no_code() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"a"},
            "a":{"kind":"message","text":"[Activity] ${{{{user.name}}}} `x` {{braces}} \\","next":"b"},
            "b":{"kind":"message","text":"else: # - fine","next":"e"},"e":{"kind":"end","outcome":"x"}}}"#,
    );
    let bundle = export(&flow, &[]);
    let lg = text(&bundle, "language-generation/en-us/f.en-us.lg");
    assert!(lg.contains("\n- ${'[Activity] ${{user.name}} `x` {braces} \\\\'}\n"), "{lg}");
    assert!(lg.contains("\n- ${'else: # - fine'}\n"), "{lg}");
}

#[test]
fn cards_that_are_not_decided_are_refused() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"t"},"t":{"kind":"todo","text":"?"}}}"#,
    );
    let refused = platform("composer").unwrap().write(&flow, &[]).unwrap_err();
    assert_eq!(refused, ExportError::TodoCards(vec!["t".to_owned()]));
}
