//! The Copilot Studio export: a golden workspace, what stands where, losses.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use common::{TEMPLATES, checked, golden, odd, root, small, template};
use flow_check::Checked;
use flow_export::{Bundle, ExportError, platform};

fn export(flow: &Checked) -> Bundle {
    platform("copilot-studio").unwrap().write(flow, &[]).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(bundle.files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// A variable's file says nothing but its name.
fn shown(path: &str) -> bool {
    !path.starts_with("variables/") || path.ends_with("/address.mcs.yml")
}

#[test]
fn a_golden_workspace_is_exported() {
    let (flow, _) = template("banking_fee_dispute");
    golden("copilot_studio/banking_fee_dispute", &export(&flow), shown);
    golden("copilot_studio/everything", &export(&odd("everything")), |path| path.starts_with("topics/"));
}

#[test]
fn every_template_is_exported_alike_each_time() {
    for name in TEMPLATES {
        let (flow, _) = template(name);
        let first = export(&flow);
        assert_eq!(first, export(&flow), "{name}");
        for file in ["agent.mcs.yml", "settings.mcs.yml", "topics/EveryTurn.mcs.yml", "topics/Escalate.mcs.yml"] {
            assert!(first.files.contains_key(file), "{name}: {file}");
        }
        let transfers =
            |(_, bytes): (&String, &Vec<u8>)| String::from_utf8_lossy(bytes).contains("TransferConversationV2");
        assert!(first.files.iter().any(transfers), "{name}");
    }
}

#[test]
fn what_goes_to_people_is_what_the_payload_says() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow);
    let topic = text(&bundle, "topics/to_tier1.mcs.yml");
    assert!(topic.contains("variables: Topic\n") && !topic.contains("variables: All"));
    assert!(topic.contains("Topic.field_transaction_id") && topic.contains("\"****\""));
    let summary = topic.lines().find(|line| line.contains("=Concatenate(Switch(Global.intent")).unwrap();
    assert!(summary.contains("****"), "a field that is masked is masked in the summary too: {summary}");
}

#[test]
fn what_a_topic_cannot_carry_is_said() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow);
    let has = |node: Option<&str>, words: &str| {
        let said = bundle.losses.iter().any(|loss| loss.node.as_deref() == node && loss.meant.text().contains(words));
        assert!(said, "no loss of {node:?} says {words:?}");
    };
    has(None, "`confidence` of each turn");
    has(None, "`sentiment` of each turn");
    has(None, "the field `bot_tried`");
    has(Some("to_tier1"), "of waiting");
    has(Some("to_tier1"), "place in the queue is kept");
    let readme = text(&bundle, "README.md");
    assert!(bundle.losses.iter().all(|loss| readme.contains(&loss.why.text())));
}

#[test]
fn texts_of_a_flow_are_never_formulas() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","slots":{"x":{"type":"text"}},"nodes":{
            "start":{"kind":"start","next":"m"},"m":{"kind":"message","text":"={{Now()}} {slots.x|say \"{{hi\"} #1: yes","next":"l"},
            "l":{"kind":"listen","branches":[{"when":"slots.x == \"a\\\"b\"","to":"e"}],"else":"e"},
            "e":{"kind":"end","outcome":"x"}}}"#,
    );
    let bundle = export(&flow);
    let begin = text(&bundle, "topics/Begin.mcs.yml");
    let words = begin.lines().find(|line| line.contains("activity:")).unwrap();
    let safe = r#"activity: "{Char(61)}{Char(123)}Now(){Char(125)} {If("#;
    assert!(words.contains(safe), "{words}");
    let heard = text(&bundle, "topics/l_heard.mcs.yml");
    assert!(heard.contains(r#"condition: =Global.slot_x = "a""b""#), "{heard}");
}

const KEPT: &str = r#"{"format":"handoff-flow/1","id":"f","locale":"de","classes":{"a":{"redact":"drop"},"b":{"redact":"mask"}},
    "intents":{"a":{"title":"Frage","examples":["b"]}},"tiers":{"t":{}},
    "slots":{"card":{"type":"text","entity":"card","class":"a"},"n":{"type":"integer","entity":"n","class":"b"},
        "open":{"type":"text","entity":"open","class":"a"}},
    "contexts":{"c":{"summary":"{slots.card} {slots.n} {slots.open} {text}","fields":{"last":{"from":"text"},
        "open":{"from":"slots.open","redact":"none"}}}},
    "nodes":{"start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[{"when":"intent == \"a\"","to":"m"}],"else":"h"},
        "m":{"kind":"message","text":"{intent.title:upper|nichts} {queue.t.wait:minutes}","next":"l"},
        "h":{"kind":"handoff","context":"c","tier":"t","closed":"l"}}}"#;

#[test]
fn what_a_class_keeps_back_stands_in_no_text_that_is_sent() {
    let bundle = export(&small(KEPT));
    let topic = text(&bundle, "topics/h.mcs.yml");
    let of = |variable: &str| {
        let mut lines = topic.lines().skip_while(|line| !line.trim().ends_with(&format!("variable: {variable}")));
        lines.nth(1).unwrap_or_else(|| panic!("nothing is put into {variable}")).to_owned()
    };
    for variable in ["Global.handoff_summary", "Topic.field_last"] {
        let value = of(variable);
        assert!(value.contains("If(Len(Global.slot_card) >= 4, Global.slot_card,"), "{variable}: {value}");
        assert!(value.contains("If(Len(Text(Global.slot_n)) >= 4,"), "{variable}: {value}");
        assert!(!value.contains("If(Len(Global.slot_open)"), "{variable}: {value}");
    }
    assert!(!of("Global.handoff_summary").contains("If(!IsBlank(Global.slot_card), Global.slot_card"));
    assert!(of("Topic.field_open").ends_with("value: =Global.slot_open"));
}

#[test]
fn a_text_says_its_forms_and_what_stands_for_nothing() {
    let bundle = export(&small(KEPT));
    let said = text(&bundle, "topics/l_heard.mcs.yml").replace("\\\"", "\"");
    let title = r#"{Switch(Global.intent, "a", Upper("Frage"), "nichts")}"#;
    assert!(said.contains(title) && said.contains("1 Minute") && said.contains(" Minuten"), "{said}");
}

#[test]
fn triggers_of_one_name_are_spent_each_by_itself() {
    let bundle = export(&checked(&root().join("tests/oracles/platforms/alike/cases/same.flow.json")));
    for (topic, key) in [("desk", "same.asked"), ("same_inner_desk", "same_inner.asked")] {
        let topic = text(&bundle, &format!("topics/{topic}.mcs.yml"));
        assert!(topic.contains(&format!("If(Global.trigger_key = \"{key}\", true,")), "{topic}");
    }
}

#[test]
fn cards_that_are_not_decided_are_refused() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"t"},"t":{"kind":"todo","text":"?"}}}"#,
    );
    let refused = platform("copilot-studio").unwrap().write(&flow, &[]).unwrap_err();
    assert_eq!(refused, ExportError::TodoCards(vec!["t".to_owned()]));
}
